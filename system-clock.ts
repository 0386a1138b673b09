import type { Clock } from './domain/clock.ts';

/** The real time. The one place that reads it: everything else is handed a {@link Clock} by its process entry. */
export const systemClock: Clock = { now: () => new Date() };

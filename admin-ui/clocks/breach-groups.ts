/** When promises break, as the desk plans its day by it. Pure: now and the reader's zone are handed in. */
import { instantOfWallClock, wallClockOf } from '../time/spell-time.ts';
import { readClocksNow, type ShownClock } from './clock-reading.ts';

/** The page of what breaks next, in the console. */
export const breachingAddress = '/breaching';

export const breachGroups = ['overdue', 'hour', 'today', 'later', 'held'] as const;
export type BreachGroup = (typeof breachGroups)[number];

const hourMilliseconds = 3_600_000;

/** In which group a ticket stands: by its most urgent clock. What a hold keeps from breaking presses nobody. */
export function breachGroupOf({ clocks }: { readonly clocks: readonly ShownClock[] }, now: Date, timeZone: string): BreachGroup {
  const [first] = readClocksNow(clocks, now);
  if (!first || !('at' in first.reading)) return 'later';
  const { is, at } = first.reading;
  if (is === 'overdue') return 'overdue';
  if (is === 'held') return 'held';
  if (at.getTime() - now.getTime() < hourMilliseconds) return 'hour';
  return at < endOfDay(now, timeZone) ? 'today' : 'later';
}

/** Until when what breaks is today's business: the end of the reader's day, or an hour from now where that is later. */
export function pressesUntil(now: Date, timeZone: string): Date {
  return new Date(Math.max(endOfDay(now, timeZone).getTime(), now.getTime() + hourMilliseconds));
}

function endOfDay(now: Date, timeZone: string): Date {
  const today = new Date(`${wallClockOf(now, timeZone).slice(0, 10)}T00:00:00Z`);
  const tomorrow = new Date(today.getTime() + 24 * hourMilliseconds).toISOString().slice(0, 10);
  return instantOfWallClock(`${tomorrow}T00:00`, timeZone)!;
}

/** Rows by the group that each stands in, in the groups' order; groups without rows are left out. */
export function groupedRows<Row>(rows: readonly Row[], groups: readonly string[]): { group: BreachGroup; rows: Row[] }[] {
  return breachGroups
    .map((group) => ({ group, rows: rows.filter((_row, at) => groups[at] === group) }))
    .filter((grouped) => grouped.rows.length > 0);
}

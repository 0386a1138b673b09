import type { Clock } from '../../domain/clock.ts';

/** The machine's time, moved by as much as a test has moved it. It runs on unless it is stopped, and it may be set back. */
export class MovableClock implements Clock {
  private movedMs = 0;
  private stoppedAt: number | undefined;

  now(): Date {
    return new Date((this.stoppedAt ?? Date.now()) + this.movedMs);
  }

  move(seconds: number): void {
    this.movedMs += seconds * 1000;
  }

  /** From now on time passes by {@link move} alone. */
  stop(): void {
    this.stoppedAt = Date.now();
  }
}

import type { Clock } from '../../domain/clock.ts';

/** The machine's time, moved by as much as a test has moved it. It runs on unless it is stopped, and it may be set back. */
export class MovableClock implements Clock {
  private movedMs = 0;
  private stoppedAt: number | undefined;

  now(): Date {
    return new Date((this.stoppedAt ?? Date.now()) + this.movedMs);
  }

  move(seconds: number): void {
    this.movedMs += Math.round(seconds * 1000);
  }

  /** On to where a half minute begins: there an authenticator app has three codes to give. */
  moveToHalfMinute(): void {
    this.movedMs += 30_000 - (this.now().getTime() % 30_000);
  }

  /** From now on time passes by {@link move} alone. */
  stop(): void {
    this.stoppedAt = Date.now();
  }
}

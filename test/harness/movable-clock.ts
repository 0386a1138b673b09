import type { Clock } from '../../domain/clock.ts';

/** The machine's time, moved by as much as a test has moved it: it runs on, and it may be set back. */
export class MovableClock implements Clock {
  private movedMs = 0;

  now(): Date {
    return new Date(Date.now() + this.movedMs);
  }

  move(seconds: number): void {
    this.movedMs += seconds * 1000;
  }
}

/** What a fault checks: each line counts, and the first that does not hold ends the round with what was seen. */
import { isDeepStrictEqual } from 'node:util';

export class Checks {
  made = 0;

  equal(what: string, seen: unknown, wanted: unknown): void {
    this.made += 1;
    if (!isDeepStrictEqual(seen, wanted)) throw new CheckFailed(`${what}: ${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}`);
  }

  holds(what: string, condition: boolean, seen?: unknown): void {
    this.made += 1;
    if (!condition) throw new CheckFailed(`${what} does not hold${seen === undefined ? '' : `: ${JSON.stringify(seen)}`}`);
  }
}

export class CheckFailed extends Error {}

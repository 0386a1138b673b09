/** The clocks of a place: which instant they show a local time at. Zones are those of the IANA database, by their names. */

const day = 86_400_000;

/** A stretch of time through which the clocks of a zone are this far ahead of UTC. */
export interface OffsetStretch {
  readonly from: number;
  readonly offsetMs: number;
}

/** Tells how far the clocks of a zone are ahead of UTC at an instant, to the second. Each question costs microseconds. */
export function offsetReader(zone: string): (instant: number) => number {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', {
    ...numeric,
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
  });
  return (instant) => {
    // 12/31/2026, 23:59:59
    const [month = 0, dayOfMonth = 0, year = 0, hour = 0, minute = 0, second = 0] = format.format(instant).match(/\d+/g)!.map(Number);
    return Date.UTC(year, month - 1, dayOfMonth, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  };
}

/**
 * The offsets of a zone between two instants, in order. No zone changes its clocks twice within a day, so each day is looked at
 * once, and the second of a change is searched for where there is one.
 */
export function offsetsBetween(offsetAt: (instant: number) => number, from: number, to: number): readonly OffsetStretch[] {
  let offsetMs = offsetAt(from);
  const stretches: OffsetStretch[] = [{ from, offsetMs }];
  for (let looked = from; looked < to; looked += day) {
    const next = offsetAt(looked + day);
    if (next === offsetMs) continue;
    stretches.push({ from: changeBetween(offsetAt, looked, looked + day), offsetMs: next });
    offsetMs = next;
  }
  return stretches;
}

function changeBetween(offsetAt: (instant: number) => number, before: number, after: number): number {
  const offsetBefore = offsetAt(before);
  let [low, high] = [Math.floor(before / 1000), Math.ceil(after / 1000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000) === offsetBefore) low = middle;
    else high = middle;
  }
  return high * 1000;
}

/**
 * The first instant at which the clocks show this local time or a later one: of a time that exists twice the first, and for one
 * that is skipped the moment of the change.
 * @param local the local time, counted in milliseconds as though it were UTC; within what the stretches cover
 */
export function instantOf(stretches: readonly OffsetStretch[], local: number): number {
  for (const [index, { from, offsetMs }] of stretches.entries()) {
    const instant = Math.max(from, local - offsetMs);
    if (instant < (stretches[index + 1]?.from ?? Number.POSITIVE_INFINITY)) return instant;
  }
  throw new RangeError('No stretch of offsets was given.');
}

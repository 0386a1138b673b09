/** The scale of a plot: round numbers that hold the greatest value. Pure. */

/** Where lines are drawn, from 0 up: at most five, whole, and the last is no less than the greatest value. */
export function ticksUpTo(greatest: number): number[] {
  const most = Math.max(1, Math.ceil(greatest));
  const step = roundedUp(most / 4);
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

/** 1, 2, 5, 10, 20 …: what people count in. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= value) ?? 10 * power;
}

/** Which of so many columns have a word below: the first, and evenly on, so many at most. */
export function labelledColumns(columns: number, most: number): ReadonlySet<number> {
  const every = Math.max(1, Math.ceil(columns / most));
  return new Set(Array.from({ length: Math.ceil(columns / every) }, (_, at) => at * every));
}

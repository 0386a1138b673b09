/**
 * The year that a calendar lacks (SPEC S2). Without its days off a year is counted by plain weeks, so the coming year is asked
 * for from 1 November on: three times while it is missing, the last time as it begins.
 */
import type { CalendarDefinition } from './business-calendar.ts';
import { instantOf, offsetReader, offsetsBetween } from './local-time.ts';

/** Days of a year, local to the calendar, on which it is looked whether a year is missing: as `11-01`. */
const lookDays = ['01-01', '11-01', '12-01'] as const;
const asksForNextFrom = '11-01';

const day = 86_400_000;

/** The local date of an instant, such as `2026-11-01`. */
export function localDate(zone: string, at: Date): string {
  return new Date(at.getTime() + offsetReader(zone)(at.getTime())).toISOString().slice(0, 10);
}

/** The first instant of a local day; where a change of clocks swallows midnight, the moment of the change. */
export function startOfDay(zone: string, date: string): Date {
  const midnight = Date.parse(date);
  return new Date(instantOf(offsetsBetween(offsetReader(zone), midnight - 2 * day, midnight + 2 * day), midnight));
}

/** The year that a calendar ought to know on this date: the present one, from 1 November on the coming one. */
function yearAskedFor(date: string): number {
  return Number(date.slice(0, 4)) + (date.slice(5) >= asksForNextFrom ? 1 : 0);
}

type Known = Pick<CalendarDefinition, 'zone' | 'years'>;

/** The year that is missing now; null when the calendar knows what it ought to. */
export function missingYear(calendar: Known, at: Date): number | null {
  const year = yearAskedFor(localDate(calendar.zone, at));
  return Object.hasOwn(calendar.years, year) ? null : year;
}

/** When it is looked again whether a year is missing: which one, on which local date, which begins at which instant. */
export interface YearLook {
  readonly year: number;
  readonly date: string;
  readonly dueAt: Date;
}

/**
 * The first look, on this local date or later, at which as far as is known now a year will be missing: looks at which nothing
 * would be found are no next steps.
 */
export function lookFrom(calendar: Known, from: string): YearLook {
  return firstLook(calendar, from, (date) => date >= from);
}

/** The same after the day of an instant. */
export function lookAfter(calendar: Known, at: Date): YearLook {
  const today = localDate(calendar.zone, at);
  return firstLook(calendar, today, (date) => date > today);
}

function firstLook(calendar: Known, around: string, isWanted: (date: string) => boolean): YearLook {
  // A calendar knows so many years and no more, so there is one.
  for (let year = Number(around.slice(0, 4)); ; year += 1)
    for (const day of lookDays) {
      const date = `${String(year).padStart(4, '0')}-${day}`;
      const asked = yearAskedFor(date);
      if (isWanted(date) && !Object.hasOwn(calendar.years, asked)) return { year: asked, date, dueAt: startOfDay(calendar.zone, date) };
    }
}

/** As the next step names what gave its instant: `missingYear 2028, 2027-11-01`. */
export function spellYearLook({ year, date }: Pick<YearLook, 'year' | 'date'>): string {
  return `missingYear ${year}, ${date}`;
}

/** The local date of a look that was spelled so; undefined for what is none. */
export function readYearLook(rule: string | null): string | undefined {
  return /^missingYear \d{1,6}, (\d{4}-\d\d-\d\d)$/.exec(rule ?? '')?.[1];
}

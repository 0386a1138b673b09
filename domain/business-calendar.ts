/**
 * The business calendar (SPEC S2, S3): which time is working time, and how deadlines in working time are counted. Pure; zones
 * are those of the IANA database, by their names.
 */
import { instantOf, offsetReader, offsetsBetween } from './local-time.ts';

/** Minutes since local midnight; closes is at most 1,440, the end of the day. */
export interface WorkingHours {
  readonly opens: number;
  readonly closes: number;
}

/** What an official calendar says of one year; dates as `2026-01-09`. */
export interface CalendarYear {
  /** The official document it follows, if any. */
  readonly decree: string | null;
  /** Never worked, whatever the day of the week. */
  readonly daysOff: readonly string[];
  /** Worked although the week says otherwise, such as a Saturday that a holiday was moved to. */
  readonly workingWeekends: readonly string[];
  /** End an hour early, where the calendar honours that. */
  readonly shortDays: readonly string[];
}

/** A calendar as it stood at one version. */
export interface CalendarDefinition extends WorkingHours {
  /** IANA name, such as `Europe/Moscow`. */
  readonly zone: string;
  /** ISO days of the week that are worked, 1 for Monday to 7. */
  readonly weekdays: readonly number[];
  readonly honourShortDays: boolean;
  /** By year, such as `2026`. A year that is not there is counted by its days of the week alone. */
  readonly years: Readonly<Record<string, CalendarYear>>;
}

/** Which version of which calendar gave an instant, such as `cal_…@3`. */
export interface CalendarRef {
  readonly id: string;
  readonly version: number;
}

/** A definition made ready to count with: each question costs microseconds. */
export interface BusinessCalendar {
  readonly zone: string;
  /** Working time between two instants in milliseconds; 0 when the second is not later. */
  workingMs(from: Date, to: Date): number;
  /** The earliest instant by which so much working time has passed since then; `from` itself for 0. */
  after(from: Date, ms: number): Date;
  /** Closing time of the Nth working day after the local day of this instant (SPEC S3). */
  endOfWorkingDay(from: Date, days: number): Date;
  /** Years that the stretch touches and the calendar does not know, in order: counted by plain weeks. */
  unknownYears(from: Date, to: Date): number[];
}

/** One local day by its date, and how it is worked. */
export interface PlannedDay {
  /** Such as `2026-01-09`. */
  readonly date: string;
  readonly isWorked: boolean;
  readonly endsEarly: boolean;
}

const day = 86_400_000;
const minute = 60_000;
/** A short day ends an hour early (Labour Code, article 95). */
export const earlyByMinutes = 60;
/** Years between which instants are counted; what is asked of others is a mistake. */
const [firstYear, lastYear] = [1900, 2400];
/** How many years ahead working time is looked for: with an hour a week, all that a target may promise. */
const horizonYears = 150;

/**
 * Makes a calendar ready to count with. What a year says is worked out when it is first asked of, and kept.
 * @param hours replace the calendar's own, as an agreement may have it (SPEC S6)
 * @throws RangeError for a zone that is not known; later, for an instant before 1900 or after 2400
 */
export function compileCalendar(definition: CalendarDefinition, hours?: WorkingHours | null): BusinessCalendar {
  const { opens, closes } = hours ?? definition;
  return new CompiledCalendar({ ...definition, opens, closes });
}

/**
 * The days of a year, in order. A day is worked by its day of the week or because the year says so, and never when it is a day
 * off; it ends early where the year says so and the calendar honours that (SPEC S2).
 */
export function plannedDays(definition: Pick<CalendarDefinition, 'weekdays' | 'honourShortDays' | 'years'>, year: number): PlannedDay[] {
  const said = Object.hasOwn(definition.years, year) ? definition.years[year] : undefined;
  const [daysOff, workingWeekends, shortDays] = [said?.daysOff, said?.workingWeekends, said?.shortDays].map((dates) => new Set(dates));
  const planned: PlannedDay[] = [];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += day) {
    const date = new Date(at).toISOString().slice(0, 10);
    const isWorked = !daysOff!.has(date) && (workingWeekends!.has(date) || definition.weekdays.includes(isoWeekday(at)));
    planned.push({ date, isWorked, endsEarly: isWorked && definition.honourShortDays && shortDays!.has(date) });
  }
  return planned;
}

/** 1 for Monday to 7. */
function isoWeekday(at: number): number {
  return new Date(at).getUTCDay() || 7;
}

/** A year by its instants, each list in order. */
interface YearTable {
  readonly year: number;
  /** When each day begins, and at last when the next year does. */
  readonly dayStarts: Float64Array;
  /** When working time begins and ends; days without any are left out. */
  readonly openings: Float64Array;
  readonly closings: Float64Array;
  /** Working time of the year before each opening, and at last all of it; milliseconds. */
  readonly workedBefore: Float64Array;
}

class CompiledCalendar implements BusinessCalendar {
  readonly zone: string;
  private readonly definition: CalendarDefinition;
  private readonly offsetAt: (instant: number) => number;
  private readonly tables = new Map<number, YearTable>();

  constructor(definition: CalendarDefinition) {
    this.zone = definition.zone;
    this.definition = definition;
    this.offsetAt = offsetReader(definition.zone);
  }

  workingMs(from: Date, to: Date): number {
    if (to <= from) return 0;
    const [first, last] = [this.tableAt(from), this.tableAt(to)];
    let worked = workedUntil(last, to.getTime()) - workedUntil(first, from.getTime());
    for (let { year } = first; year < last.year; year += 1) worked += allWorked(this.tableOf(year));
    return worked;
  }

  after(from: Date, ms: number): Date {
    if (!Number.isFinite(ms)) throw new RangeError(`There is no instant after ${ms} ms.`);
    if (ms <= 0) return from;
    let table = this.tableAt(from);
    const start = table.year;
    let left = workedUntil(table, from.getTime()) + Math.ceil(ms);
    while (left > allWorked(table)) {
      left -= allWorked(table);
      table = this.tableWithin(start, table.year + 1);
    }
    const stretch = countBelow(table.workedBefore, left) - 1;
    return new Date(table.openings[stretch]! + left - table.workedBefore[stretch]!);
  }

  endOfWorkingDay(from: Date, days: number): Date {
    if (!Number.isInteger(days) || days < 1) throw new RangeError(`There is no working day number ${days}.`);
    let table = this.tableAt(from);
    const start = table.year;
    const nextDay = table.dayStarts[countUpTo(table.dayStarts, from.getTime())]!;
    let index = countBelow(table.openings, nextDay) + days - 1;
    while (index >= table.closings.length) {
      index -= table.closings.length;
      table = this.tableWithin(start, table.year + 1);
    }
    return new Date(table.closings[index]!);
  }

  unknownYears(from: Date, to: Date): number[] {
    if (to < from) return [];
    const first = this.tableAt(from).year;
    // A stretch that ends as a year begins does not touch it.
    const last = Math.max(first, this.tableAt(new Date(to.getTime() - 1)).year);
    const years = Array.from({ length: last - first + 1 }, (_year, index) => first + index);
    return years.filter((year) => !Object.hasOwn(this.definition.years, year));
  }

  /** The year that an instant lies in, by the clocks of the zone. */
  private tableAt(at: Date): YearTable {
    const instant = at.getTime();
    const table = this.tableOf(at.getUTCFullYear());
    if (instant < table.dayStarts[0]!) return this.tableOf(table.year - 1);
    return instant < table.dayStarts.at(-1)! ? table : this.tableOf(table.year + 1);
  }

  private tableWithin(start: number, year: number): YearTable {
    if (year > start + horizonYears) throw new RangeError(`The calendar has not so much working time in ${horizonYears} years.`);
    return this.tableOf(year);
  }

  private tableOf(year: number): YearTable {
    const known = this.tables.get(year);
    if (known) return known;
    // Also what an invalid date comes to.
    if (!(year >= firstYear && year <= lastYear)) throw new RangeError(`Kontor does not count in the year ${year}.`);
    const table = makeTable(this.definition, year, this.offsetAt);
    this.tables.set(year, table);
    return table;
  }
}

function makeTable(definition: CalendarDefinition, year: number, offsetAt: (instant: number) => number): YearTable {
  const [begins, ends] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  // Local days are up to 15 hours away from those of UTC, and a whole day was skipped once: a margin of two covers it.
  const offsets = offsetsBetween(offsetAt, begins - 2 * day, ends + 2 * day);
  const dayStarts: number[] = [];
  const openings: number[] = [];
  const closings: number[] = [];
  const workedBefore = [0];
  for (const { date, isWorked, endsEarly } of plannedDays(definition, year)) {
    const midnight = Date.parse(date);
    dayStarts.push(instantOf(offsets, midnight));
    if (!isWorked) continue;
    const opening = instantOf(offsets, midnight + definition.opens * minute);
    const closing = instantOf(offsets, midnight + (definition.closes - (endsEarly ? earlyByMinutes : 0)) * minute);
    if (closing <= opening) continue;
    openings.push(opening);
    closings.push(closing);
    workedBefore.push(workedBefore.at(-1)! + closing - opening);
  }
  dayStarts.push(instantOf(offsets, ends));
  const [starts, opened, closed, worked] = [dayStarts, openings, closings, workedBefore].map((list) => Float64Array.from(list));
  return { year, dayStarts: starts!, openings: opened!, closings: closed!, workedBefore: worked! };
}

function allWorked({ workedBefore }: YearTable): number {
  return workedBefore.at(-1)!;
}

/** Working time of the year until an instant of it, milliseconds. */
function workedUntil({ openings, closings, workedBefore }: YearTable, instant: number): number {
  const stretch = countUpTo(openings, instant) - 1;
  return stretch < 0 ? 0 : workedBefore[stretch]! + Math.min(instant, closings[stretch]!) - openings[stretch]!;
}

/** How many of an ascending list are less. */
function countBelow(list: Float64Array, value: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of an ascending list of whole numbers are less or equal. */
function countUpTo(list: Float64Array, value: number): number {
  return countBelow(list, value + 1);
}

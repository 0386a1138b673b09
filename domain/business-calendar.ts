/**
 * The business calendar (SPEC S2, S3): which time is working time, and how deadlines in working time are counted. Pure; zones
 * are those of the IANA database, by their names.
 */

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

/** Makes a definition ready to count with, in these hours instead of its own where they are given. */
export function compileCalendar(definition: CalendarDefinition, hours: WorkingHours | null = null): BusinessCalendar {
  return new CompiledCalendar({ ...definition, ...hours });
}

/** How many years without any working time are looked through before something must be wrong. */
const horizonYears = 20;

/** The working days of a year, in order: when each opens and closes, and how much was worked in the year before it. */
interface YearTable {
  readonly opens: number[];
  readonly closes: number[];
  readonly before: number[];
  readonly total: number;
}

class CompiledCalendar implements BusinessCalendar {
  readonly zone: string;
  private readonly definition: CalendarDefinition;
  private readonly offsets: Intl.DateTimeFormat;
  private readonly tables = new Map<number, YearTable>();

  constructor(definition: CalendarDefinition) {
    this.definition = definition;
    this.zone = definition.zone;
    this.offsets = new Intl.DateTimeFormat('en-US', {
      timeZone: definition.zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  workingMs(from: Date, to: Date): number {
    if (to <= from) return 0;
    const [first, last] = [this.yearOf(from), this.yearOf(to)];
    let total = this.workedUntil(last, to.getTime()) - this.workedUntil(first, from.getTime());
    for (let year = first; year < last; year += 1) total += this.table(year).total;
    return total;
  }

  after(from: Date, ms: number): Date {
    if (ms <= 0) return from;
    const first = this.yearOf(from);
    let wanted = ms + this.workedUntil(first, from.getTime());
    for (let year = first; year < first + horizonYears; year += 1) {
      const table = this.table(year);
      if (wanted <= table.total) {
        const day = lastBelow(table.before, wanted);
        return new Date(table.opens[day]! + wanted - table.before[day]!);
      }
      wanted -= table.total;
    }
    throw new RangeError(`no working time is found within ${horizonYears} years`);
  }

  endOfWorkingDay(from: Date, days: number): Date {
    const first = this.yearOf(from);
    const nextDay = this.startOfNextDay(from);
    let wanted = days;
    for (let year = first; year < first + horizonYears; year += 1) {
      const { opens, closes } = this.table(year);
      const passed = year === first ? lastBelow(opens, nextDay) + 1 : 0;
      if (passed + wanted <= closes.length) return new Date(closes[passed + wanted - 1]!);
      wanted -= closes.length - passed;
    }
    throw new RangeError(`no working day is found within ${horizonYears} years`);
  }

  unknownYears(from: Date, to: Date): number[] {
    const years: number[] = [];
    for (let year = this.yearOf(from); year <= this.yearOf(to); year += 1) if (!this.definition.years[year]) years.push(year);
    return years;
  }

  /** Working time of the year that has passed by this instant. */
  private workedUntil(year: number, at: number): number {
    const { opens, closes, before } = this.table(year);
    const day = lastBelow(opens, at);
    return day < 0 ? 0 : before[day]! + Math.min(at, closes[day]!) - opens[day]!;
  }

  private table(year: number): YearTable {
    const known = this.tables.get(year);
    if (known) return known;
    const [opens, closes, before]: [number[], number[], number[]] = [[], [], []];
    let total = 0;
    for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 86_400_000) {
      const hours = this.hoursOf(year, day);
      if (!hours) continue;
      const [start, end] = [this.instantOf(day + hours.opens * 60_000), this.instantOf(day + hours.closes * 60_000)];
      if (end <= start) continue;
      opens.push(start);
      closes.push(end);
      before.push(total);
      total += end - start;
    }
    const table = { opens, closes, before, total };
    this.tables.set(year, table);
    return table;
  }

  private hoursOf(year: number, day: number): WorkingHours | undefined {
    const { weekdays, honourShortDays, opens, closes, years } = this.definition;
    const date = new Date(day).toISOString().slice(0, 10);
    const known = years[year];
    if (known?.daysOff.includes(date)) return undefined;
    const weekday = new Date(day).getUTCDay() || 7;
    if (!weekdays.includes(weekday) && !known?.workingWeekends.includes(date)) return undefined;
    return { opens, closes: honourShortDays && known?.shortDays.includes(date) ? closes - 60 : closes };
  }

  /** The instant of a local time, given as if it were UTC: one that is skipped moves on, of two the first is meant. */
  private instantOf(local: number): number {
    const offsets = [local - 86_400_000, local + 86_400_000].map((around) => this.offsetAt(around));
    const found = offsets.map((offset) => local - offset).filter((at) => at + this.offsetAt(at) === local);
    return found.length ? Math.min(...found) : local - Math.min(...offsets);
  }

  private offsetAt(at: number): number {
    return this.localOf(at) - Math.floor(at / 1000) * 1000;
  }

  /** Local time at this instant, to the second, as if it were UTC. */
  private localOf(at: number): number {
    const part = Object.fromEntries(this.offsets.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute'], part['second']);
  }

  private yearOf(at: Date): number {
    return new Date(this.localOf(at.getTime())).getUTCFullYear();
  }

  private startOfNextDay(at: Date): number {
    const day = Math.floor(this.localOf(at.getTime()) / 86_400_000) + 1;
    return this.instantOf(day * 86_400_000);
  }
}

/** Index of the last of these rising numbers that is less than the bound; -1 when none is. */
function lastBelow(numbers: readonly number[], bound: number): number {
  let [low, high] = [-1, numbers.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < bound) low = middle;
    else high = middle;
  }
  return low;
}

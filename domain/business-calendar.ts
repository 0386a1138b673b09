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

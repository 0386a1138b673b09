/**
 * One clock of a service level (SPEC S3–S5): how long something may take, what is left of it, when staff are warned and when
 * the promise is broken. What is left is kept in working time, so that pauses and the warning are exact. Pure: a calendar is
 * handed in, and who starts and stops a clock is in `ticket-clocks`.
 */
import type { BusinessCalendar, CalendarRef, WorkingHours } from './business-calendar.ts';
import type { ServiceTerms, Target } from './service-level.ts';

/**
 * Until the first answer of a person · until an answer to the oldest unanswered message, later on · until a critical fault is
 * fixed.
 */
export const clockKinds = ['first_response', 'next_response', 'fix'] as const;
export type ClockKind = (typeof clockKinds)[number];

export interface ServiceClock {
  readonly kind: ClockKind;
  /** The receipt it counts from. */
  readonly since: Date;
  readonly target: Target;
  /** The terms that promise it. */
  readonly termsId: string;
  /** What gave its instants. */
  readonly calendar: CalendarRef;
  /** Hours in place of the calendar's own. */
  readonly hours: WorkingHours | null;
  /** All of the working time it has. */
  readonly allowanceMs: number;
  /** When it was started, paused, resumed or moved last. */
  readonly from: Date;
  /** Working time that was left then; below nothing where more had been used than other terms allow since. */
  readonly leftMs: number;
  /** When the promise is broken; null while the clock is paused. */
  readonly dueAt: Date | null;
  /** When staff are warned; null while it is paused, and once they were. */
  readonly warnsAt: Date | null;
  readonly warned: boolean;
  /** When time said that the promise was broken. */
  readonly breachedAt: Date | null;
  /** False while staff refuse that the ticket is critical: it goes on counting, should they change their minds, and does nothing. */
  readonly counts: boolean;
}

/** What promises something to a ticket, with the calendars that count it. */
export interface ServiceLevel {
  readonly terms: ServiceTerms;
  /** The calendar of the terms at its present version, which gives new deadlines. */
  readonly calendar: CalendarRef;
  /** Other calendars of the ticket's clocks, each at its present version; left out where there are none. */
  readonly others?: readonly CalendarRef[];
  /** A calendar ready to count with, for the terms and for every clock of the ticket. */
  readonly calendarOf: (ref: CalendarRef, hours: WorkingHours | null) => BusinessCalendar;
  /** Working time for which holds that stand have kept a clock still by now; left out where none does (SPEC M3). */
  readonly stoodStillMs?: (clock: ServiceClock, at: Date) => number;
}

/** A level of a ticket that nothing is promised to, or of which only its calendars are asked. */
export const nothingPromised: Omit<ServiceLevel, 'calendarOf'> = {
  terms: { id: '', response: null, criticalFix: null, calendarId: '', hours: null },
  calendar: { id: '', version: 0 },
};

/** What part of its allowance is left when staff are warned (SPEC S5: at 75 % of it). */
export const warningLeftShare = 0.25;

/** From here on a step that is taken after its time is told to be late: the engine was away. */
export const lateAfterMs = 60_000;

/** Working time that a target gives to what was received at this instant (SPEC S3). */
export function allowanceOf(target: Target, since: Date, calendar: BusinessCalendar): number {
  switch (target.unit) {
    case 'minutes':
      return target.amount * 60_000;
    case 'hours':
      return target.amount * 3_600_000;
    case 'days':
      return calendar.workingMs(since, calendar.endOfWorkingDay(since, target.amount));
  }
}

/** A clock that runs since the receipt; undefined when the terms promise nothing of the kind. Its fields come in one order. */
export function startClock(kind: ClockKind, since: Date, level: ServiceLevel): ServiceClock | undefined {
  const target = kind === 'fix' ? level.terms.criticalFix : level.terms.response;
  if (!target) return undefined;
  const { hours, id: termsId } = level.terms;
  const calendar = level.calendarOf(level.calendar, hours);
  const allowanceMs = allowanceOf(target, since, calendar);
  return running(
    {
      kind,
      since,
      target: { amount: target.amount, unit: target.unit },
      termsId,
      calendar: { id: level.calendar.id, version: level.calendar.version },
      hours: hours && { opens: hours.opens, closes: hours.closes },
      allowanceMs,
      from: since,
      leftMs: allowanceMs,
      dueAt: null,
      warnsAt: null,
      warned: false,
      breachedAt: null,
      counts: true,
    },
    calendar,
  );
}

/** The clock with the instants that what is left gives it. */
function running(clock: ServiceClock, calendar: BusinessCalendar): ServiceClock {
  const untilWarning = Math.max(0, clock.leftMs - Math.round(clock.allowanceMs * warningLeftShare));
  return {
    ...clock,
    dueAt: calendar.after(clock.from, clock.leftMs),
    warnsAt: clock.warned || clock.breachedAt ? null : calendar.after(clock.from, untilWarning),
  };
}

/**
 * Stops the clock for a while. One that has run out meanwhile is not paused: that it did must still be told.
 */
export function pauseClock(clock: ServiceClock, level: Counting, at: Date): ServiceClock {
  const { dueAt } = withoutHeldTime(clock, level, at);
  if (!dueAt || at >= dueAt) return clock;
  const leftMs = level.calendarOf(clock.calendar, clock.hours).workingMs(at, dueAt);
  return { ...clock, from: at, leftMs, dueAt: null, warnsAt: null };
}

/** What counting a clock takes. */
export type Counting = Pick<ServiceLevel, 'calendarOf' | 'stoodStillMs'>;

/** The clock as the lifting of the holds that stand would move it now. */
export function withoutHeldTime(clock: ServiceClock, level: Counting, at: Date): ServiceClock {
  return shiftedClock(clock, level, level.stoodStillMs?.(clock, at) ?? 0);
}

/** Lets a paused clock run on; what is left is counted by the calendar as it is now. */
export function resumeClock(clock: ServiceClock, level: ServiceLevel, at: Date): ServiceClock {
  if (clock.dueAt) return clock;
  const present = [level.calendar, ...(level.others ?? [])].find(({ id }) => id === clock.calendar.id) ?? clock.calendar;
  const calendar = { id: present.id, version: present.version };
  return running({ ...clock, calendar, from: at }, level.calendarOf(calendar, clock.hours));
}

/** Working time that the clock has run by now. */
export function takenMs(clock: ServiceClock, level: Pick<ServiceLevel, 'calendarOf'>, at: Date): number {
  const before = clock.allowanceMs - clock.leftMs;
  return Math.max(0, before + (clock.dueAt ? level.calendarOf(clock.calendar, clock.hours).workingMs(clock.from, at) : 0));
}

/** Working time that is left now; 0 once it ran out. */
export function leftMs(clock: ServiceClock, level: Pick<ServiceLevel, 'calendarOf'>, at: Date): number {
  if (!clock.dueAt) return Math.max(0, clock.leftMs);
  return level.calendarOf(clock.calendar, clock.hours).workingMs(at, clock.dueAt);
}

/**
 * The clock as these terms and their calendar would have it, from the same receipt (SPEC S7): what was used stays used. No
 * deadline that was to come lies in the past: at the earliest it is now. A warning that was given is not given again; a breach
 * is taken back where the promise can still be kept. Doing it twice is doing it once.
 * @returns undefined when the terms promise nothing of the kind
 */
export function retimedClock(clock: ServiceClock, level: ServiceLevel, at: Date): ServiceClock | undefined {
  const fresh = startClock(clock.kind, clock.since, level);
  if (!fresh) return undefined;
  const { warned, counts } = clock;
  const untouched = clock.leftMs === clock.allowanceMs && clock.from.getTime() === clock.since.getTime();
  // More may have been used than there is now: it stays known, should there be more again.
  const left = fresh.allowanceMs - (clock.allowanceMs - clock.leftMs);
  const counted = untouched ? fresh : { ...fresh, from: clock.from, leftMs: left };
  const marked = { ...counted, warned, counts, breachedAt: null };
  if (!clock.dueAt) return { ...marked, breachedAt: left > 0 ? null : clock.breachedAt, dueAt: null, warnsAt: null };
  const moved = running(marked, level.calendarOf(fresh.calendar, fresh.hours));
  if (clock.breachedAt && moved.dueAt! <= at) return { ...moved, breachedAt: clock.breachedAt, dueAt: clock.dueAt, warnsAt: null };
  return {
    ...moved,
    dueAt: notInPast(moved.dueAt!, clock.dueAt, at),
    warnsAt: moved.warnsAt && notInPast(moved.warnsAt, clock.warnsAt, at),
  };
}

/** What was overdue already stays overdue since the same instant. */
function notInPast(moved: Date, before: Date | null, at: Date): Date {
  if (moved > at) return moved;
  return before && before <= at ? before : at;
}

/** A clock that begins although its receipt lies back (SPEC S7): none of its deadlines lies in the past. */
export function begunClock(clock: ServiceClock, at: Date): ServiceClock {
  return { ...clock, dueAt: clock.dueAt && latest(clock.dueAt, at), warnsAt: clock.warnsAt && latest(clock.warnsAt, at) };
}

/** The clock, later by working time in which it stood still (SPEC M3). */
export function shiftedClock(clock: ServiceClock, level: Pick<ServiceLevel, 'calendarOf'>, workingMs: number): ServiceClock {
  if (!clock.dueAt || clock.breachedAt || workingMs === 0) return clock;
  const calendar = level.calendarOf(clock.calendar, clock.hours);
  return {
    ...clock,
    leftMs: clock.leftMs + workingMs,
    dueAt: calendar.after(clock.dueAt, workingMs),
    warnsAt: clock.warnsAt && calendar.after(clock.warnsAt, workingMs),
  };
}

/** The rule as next steps name it, such as `first_response 16 hours (trm_…, cal_…@3)`. */
export function spellClockRule({ kind, target, termsId, calendar }: ServiceClock): string {
  return `${kind} ${target.amount} ${target.unit} (${termsId}, ${calendar.id}@${calendar.version})`;
}

/** A clock as JSON has it. */
type StoredClock = {
  readonly [field in keyof ServiceClock]: ServiceClock[field] extends Date | null ? string | null : ServiceClock[field];
};

/** Reads a clock as it was stored; its fields come in one order, so that two can be compared as texts. */
export function readClock(stored: unknown): ServiceClock | null {
  if (!stored) return null;
  const clock = stored as StoredClock;
  const instant = (at: string | null) => (at ? new Date(at) : null);
  return {
    kind: clock.kind,
    since: new Date(clock.since as unknown as string),
    target: { amount: clock.target.amount, unit: clock.target.unit },
    termsId: clock.termsId,
    calendar: { id: clock.calendar.id, version: clock.calendar.version },
    hours: clock.hours && { opens: clock.hours.opens, closes: clock.hours.closes },
    allowanceMs: clock.allowanceMs,
    from: new Date(clock.from as unknown as string),
    leftMs: clock.leftMs,
    dueAt: instant(clock.dueAt),
    warnsAt: instant(clock.warnsAt),
    warned: clock.warned,
    breachedAt: instant(clock.breachedAt),
    counts: clock.counts,
  };
}

function latest(a: Date, b: Date): Date {
  return a < b ? b : a;
}

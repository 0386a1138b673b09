/**
 * How a clock of a service level stands now, as people read it (SPEC S4, S5). Pure: now and the calendar are handed in.
 *
 * What is left is working time, and is called so unless the stretch is worked from end to end: then it is plain time as well.
 */
import type { BusinessCalendar } from '../../domain/business-calendar.ts';
import type { ClockKind } from '../../domain/service-clock.ts';
import type { Target } from '../../domain/service-level.ts';

/** What is read of a clock; ids and instants as the API tells them. */
export interface ShownClock {
  readonly what: ClockKind;
  readonly state: 'running' | 'paused' | 'breached' | 'fixed' | 'not_counted';
  readonly target: Target;
  readonly dueAt: string | null;
  /** Null once staff were warned. */
  readonly warnsAt: string | null;
  readonly breachedAt: string | null;
  /** Working time left when it was read; told on the ticket's own page only. */
  readonly leftMinutes?: number | null | undefined;
  readonly hold: { readonly until: string | null } | null;
}

/** So much time, and whether all of it is working time, so that nobody is misled by the plain words for it. */
export interface Stretch {
  readonly milliseconds: number;
  readonly plain: boolean;
  /**
   * Where days were promised: how many working days after today are left whole, and how much of the one after them. So it is
   * counted as it was promised (SPEC S3): what is left of today is not a day.
   */
  readonly days?: { readonly whole: number; readonly restMs: number };
}

export type ClockReading =
  | { readonly is: 'running' | 'near'; readonly at: Date; readonly left: Stretch }
  | { readonly is: 'overdue'; readonly at: Date; readonly over: Stretch }
  | { readonly is: 'held'; readonly at: Date; readonly until: Date | null }
  | { readonly is: 'paused' | 'fixed'; readonly left: Stretch | undefined; readonly missed: boolean }
  | { readonly is: 'not_counted' };

/**
 * @param calendar what the clock counts by. Until it was read, what is left is what the server told; in lists, which are not
 * told that, it is plain time
 */
export function readClockNow(clock: ShownClock, now: Date, calendar?: BusinessCalendar): ClockReading {
  const { state, leftMinutes } = clock;
  if (state === 'not_counted') return { is: 'not_counted' };
  const due = clock.dueAt ?? (state === 'breached' ? clock.breachedAt : null);
  if (state === 'fixed' || state === 'paused' || due === null) {
    const left = typeof leftMinutes === 'number' ? { milliseconds: leftMinutes * 60_000, plain: false } : undefined;
    return { is: state === 'fixed' ? 'fixed' : 'paused', left, missed: clock.breachedAt !== null };
  }
  const at = new Date(due);
  if (state === 'breached') return { is: 'overdue', at, over: stretch(at, now, calendar) };
  if (clock.hold) return { is: 'held', at, until: clock.hold.until === null ? null : new Date(clock.hold.until) };
  // The promise is broken when its time is over, whether or not the engine is there to say so.
  if (at <= now) return { is: 'overdue', at, over: stretch(at, now, calendar) };
  const near = clock.warnsAt === null || new Date(clock.warnsAt) <= now;
  if (!calendar && typeof leftMinutes === 'number') return { is: near ? 'near' : 'running', at, left: toldStretch(leftMinutes, now, at) };
  const left = stretch(now, at, calendar);
  const days = calendar && clock.target.unit === 'days' ? wholeDays(now, at, calendar) : undefined;
  return { is: near ? 'near' : 'running', at, left: days ? { ...left, days } : left };
}

/** Working days after today that end by then; undefined when none does. */
function wholeDays(now: Date, at: Date, calendar: BusinessCalendar): Stretch['days'] {
  let whole = 0;
  let end = now;
  for (;;) {
    const next = endOfWorkingDay(now, whole + 1, calendar);
    if (!next || next > at) break;
    whole += 1;
    end = next;
  }
  return whole === 0 ? undefined : { whole, restMs: calendar.workingMs(end, at) };
}

/** Undefined where the calendar, wrong as it is, has no working day any more: that is no reason to break the page. */
function endOfWorkingDay(from: Date, days: number, calendar: BusinessCalendar): Date | undefined {
  try {
    return calendar.endOfWorkingDay(from, days);
  } catch {
    return undefined;
  }
}

/** What was left when the clock was read: good enough until the calendar is there to count by. */
function toldStretch(leftMinutes: number, now: Date, at: Date): Stretch {
  const told = leftMinutes * 60_000;
  return { milliseconds: told, plain: Math.abs(at.getTime() - now.getTime() - told) <= 60_000 };
}

function stretch(from: Date, to: Date, calendar: BusinessCalendar | undefined): Stretch {
  const plain = Math.max(0, to.getTime() - from.getTime());
  const worked = calendar?.workingMs(from, to);
  return worked === undefined || worked === plain ? { milliseconds: plain, plain: true } : { milliseconds: worked, plain: false };
}

/** When working time begins again, for a clock that runs while nobody works; undefined while it runs down. */
export function standsUntil(reading: ClockReading, now: Date, calendar: BusinessCalendar | undefined): Date | undefined {
  if (!calendar || (reading.is !== 'running' && reading.is !== 'near') || reading.left.milliseconds === 0) return undefined;
  const begins = new Date(calendar.after(now, 1).getTime() - 1);
  return begins > now ? begins : undefined;
}

/** What stands first: the promise that was broken first, then the one that is next to be. */
const order: Readonly<Record<ClockReading['is'], number>> = {
  overdue: 0,
  near: 1,
  running: 1,
  held: 2,
  paused: 3,
  fixed: 4,
  not_counted: 5,
};

/** The clocks of a ticket with how they stand, the most urgent first. */
export function readClocksNow<Clock extends ShownClock>(
  clocks: readonly Clock[],
  now: Date,
  calendarOf: (clock: Clock) => BusinessCalendar | undefined = () => undefined,
): { readonly clock: Clock; readonly reading: ClockReading }[] {
  const instant = (reading: ClockReading) => ('at' in reading ? reading.at.getTime() : Infinity);
  return clocks
    .map((clock) => ({ clock, reading: readClockNow(clock, now, calendarOf(clock)) }))
    .toSorted((a, b) => order[a.reading.is] - order[b.reading.is] || Math.sign(instant(a.reading) - instant(b.reading)) || 0);
}

/** The promise that is due first before an instant and not broken yet, as its clock stands now; one that waits or is held is due at no instant. */
export function promiseBefore<Clock extends ShownClock>(
  clocks: readonly Clock[],
  until: Date,
  now: Date,
): { readonly what: Clock['what']; readonly at: Date } | undefined {
  const due = readClocksNow(clocks, now).flatMap(({ clock, reading }) =>
    (reading.is === 'running' || reading.is === 'near') && reading.at < until ? [{ what: clock.what, at: reading.at }] : [],
  );
  return due[0];
}

/** Parts of working time as people say them: hours and minutes, or working days of so many hours where days were promised. */
export function workingTimeParts(milliseconds: number, dayMs?: number): { unit: 'days' | 'h' | 'min'; value: number }[] {
  const minutes = Math.floor(milliseconds / 60_000);
  const day = dayMs === undefined || dayMs <= 0 ? Infinity : Math.floor(dayMs / 60_000);
  const days = Number.isFinite(day) ? Math.floor(minutes / day) : 0;
  const rest = minutes - (days > 0 ? days * day : 0);
  const parts = [
    { unit: 'days' as const, value: days },
    { unit: 'h' as const, value: Math.floor(rest / 60) },
    // Beside days nobody counts minutes.
    { unit: 'min' as const, value: days > 0 ? 0 : rest % 60 },
  ];
  return parts.filter(({ value }) => value > 0);
}

/**
 * A hold stops what would happen by itself (SPEC M3): for everything, a queue, one account or one entity, for some kinds of
 * steps or all. People go on working; a step that falls due meanwhile waits until the hold is lifted. A hold that shifts
 * keeps the clocks of what it stops still: when it is lifted, each deadline moves by as long.
 */
import type { BusinessCalendar } from './business-calendar.ts';
import { countedSince, readDeadlineRule } from './deadline-rule.ts';
import type { Deadlines, Shift } from './moved-deadlines.ts';
import type { ServiceClock, ServiceLevel } from './service-clock.ts';
import { clockStepKinds, type ClockShift, type ServiceClocks } from './ticket-clocks.ts';

export const holdScopes = ['all', 'queue', 'account', 'entity'] as const;
export type HoldScope = (typeof holdScopes)[number];

/** Kinds a hold may name, each with the steps it stops. */
export const holdKinds = ['auto_close', 'archive', 'reminders', 'clocks'] as const;
export type HoldKind = (typeof holdKinds)[number];

export interface Hold {
  readonly id: string;
  readonly scope: HoldScope;
  /** Id of a queue or an account, or an entity such as `ticket:CS-000123`; null for everything. */
  readonly scopeId: string | null;
  /** Null stops every kind. */
  readonly kinds: readonly HoldKind[] | null;
  readonly from: Date;
  readonly until: Date | null;
  /** Whether the clocks of what it stops stand still. */
  readonly shifts: boolean;
  /** Since when it is being lifted; null while nobody lifts it. It goes on holding until that is done. */
  readonly liftingAt: Date | null;
}

/** The kind of hold that stops a step of this kind. */
export const holdKindOfStep: Readonly<Record<string, HoldKind>> = {
  auto_close: 'auto_close',
  archive: 'archive',
  warn: 'reminders',
  wake: 'reminders',
  ...Object.fromEntries(clockStepKinds.map((kind) => [kind, 'clocks' as const])),
};

/**
 * Steps that no hold keeps waiting, whatever it stops: a secret is destroyed on time, a hold does not hold itself, that a
 * calendar lacks a year is told in any case, and what a provider knows of our money is asked for.
 */
export const unstoppableSteps: readonly string[] = [
  'purge',
  'destroy_secret',
  'lift',
  'work',
  'flag_year',
  'audit_books',
  'create',
  'find',
  'ask',
  'look',
  'send',
];

/** A step as a hold sees it: of what, whose, and in which queue. */
export interface HeldStep {
  readonly kind: string;
  readonly entity: string;
  readonly accountId: string | null;
  /** Null for what lies in no queue. */
  readonly queueId: string | null;
}

/** Whether the hold rules over this step, whenever. */
export function covers(hold: Pick<Hold, 'scope' | 'scopeId' | 'kinds'>, step: HeldStep): boolean {
  if (unstoppableSteps.includes(step.kind)) return false;
  if (hold.scope === 'queue' && hold.scopeId !== step.queueId) return false;
  if (hold.scope === 'account' && hold.scopeId !== step.accountId) return false;
  if (hold.scope === 'entity' && hold.scopeId !== step.entity) return false;
  const kind = holdKindOfStep[step.kind];
  return hold.kinds === null || (kind !== undefined && hold.kinds.includes(kind));
}

/**
 * Whether the hold, which nobody has lifted yet, stops this step at this instant. Past its end it goes on until the
 * lifting is done, so that nothing happens in between that the lifting would have shifted.
 */
export function stops(hold: Hold, step: HeldStep, at: Date): boolean {
  return at >= hold.from && covers(hold, step);
}

/** A stretch of time; it has no end yet where `to` is null. */
export interface Stretch {
  readonly from: Date;
  readonly to: Date | null;
}

/** How the time of what is held passes, and where an instant lies that is later by so much of it. */
export interface Measure {
  readonly between: (from: Date, to: Date) => number;
  readonly later: (at: Date, ms: number) => Date;
}

/** By the clock on the wall, as closings and archivings count. */
export const wallTime: Measure = {
  between: (from, to) => Math.max(0, to.getTime() - from.getTime()),
  later: (at, ms) => new Date(at.getTime() + ms),
};

/** By working time alone, as the clocks of a service level count: a hold over a weekend takes none of theirs. */
export function workingTime(calendar: BusinessCalendar): Measure {
  return { between: (from, to) => calendar.workingMs(from, to), later: (at, ms) => calendar.after(at, ms) };
}

/**
 * For how long a hold alone kept a clock still, in milliseconds: what others account for is not counted again, so that
 * several at once count once, in whichever order they are lifted.
 * @param since when the clock began to run; null when that is not known, which counts as always
 */
export function stoodStillMs(
  since: Date | null,
  hold: { from: Date; to: Date },
  others: readonly Stretch[],
  { between }: Measure = wallTime,
): number {
  const { to } = hold;
  const covered = others.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  let reached = since ? latest(since, hold.from) : hold.from;
  let total = 0;
  for (const other of covered) {
    if (reached >= to) break;
    if (other.from > reached) total += between(reached, other.from < to ? other.from : to);
    reached = latest(reached, other.to ?? to);
  }
  return reached < to ? total + between(reached, to) : total;
}

/**
 * Whether another hold accounts for the time that both stand: of two, the one that is lifted last does. One that does not
 * shift accounts for nothing.
 */
export function accountsInstead(other: Hold, hold: Pick<Hold, 'id' | 'liftingAt'>): boolean {
  if (other.id === hold.id || !other.shifts) return false;
  if (other.liftingAt === null) return true;
  if (hold.liftingAt === null) return false;
  const [a, b] = [other.liftingAt.getTime(), hold.liftingAt.getTime()];
  return a === b ? other.id > hold.id : a > b;
}

/** The end of a hold as its lifting counts it: its own end, or the instant somebody lifts it before. */
export function endOf(hold: Pick<Hold, 'until'>, liftedAt: Date): Date {
  return hold.until && hold.until < liftedAt ? hold.until : liftedAt;
}

/** A step whose clock may have stood still. */
export interface ClockedStep extends HeldStep {
  readonly dueAt: Date;
  /** When its clock began to run; null when that is not known, which counts as always. */
  readonly since: Date | null;
  /** How its clock counts; by the wall, if left out. */
  readonly measure?: Measure;
}

/** Another hold that is over, or being lifted, with what it counted. */
export interface PastHold extends Hold {
  readonly to: Date;
}

/**
 * By how many milliseconds lifting a hold moves one step (SPEC M3): by the time that it stood while the clock ran. What had
 * been due before it stood, and what it does not stop, is not moved.
 * @param to where the hold ends
 * @param countedTo up to where an earlier lifting that was broken off has counted; null when there was none
 * @param standing the other holds that nobody has lifted
 * @param left set when the hold was to shift and is lifted without: of its time only that of these counts, which left it to this one
 */
export function movedByMs(
  step: ClockedStep,
  hold: Hold,
  to: Date,
  countedTo: Date | null,
  standing: readonly Hold[],
  left?: readonly PastHold[],
): number {
  if (step.dueAt < hold.from || !covers(hold, step)) return 0;
  const from = countedTo && countedTo > hold.from ? countedTo : hold.from;
  const others: Stretch[] = standing
    .filter((other) => accountsInstead(other, hold) && covers(other, step))
    .map((other) => ({ from: other.from, to: null }));
  if (!left) return stoodStillMs(step.since, { from, to }, others, step.measure);
  return unionMs(
    step,
    left.map((other) => ({ ...other, from: latest(other.from, from), to: other.to < to ? other.to : to })),
    others,
  );
}

/** For how long any of these kept the clock still, each counted where it reached the step before it was due. */
function unionMs(step: ClockedStep, holds: readonly PastHold[], others: readonly Stretch[]): number {
  const { since, dueAt, measure = wallTime } = step;
  const counted = [...others];
  let moved = 0;
  for (const hold of holds.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    if (!covers(hold, step) || hold.to <= hold.from || measure.later(dueAt, moved) < hold.from) continue;
    moved += stoodStillMs(since, hold, counted, measure);
    counted.push(hold);
  }
  return moved;
}

function latest(a: Date, b: Date): Date {
  return a < b ? b : a;
}

/** The deadlines of a ticket that a hold may keep waiting, each with a clock of its own. */
type HeldDeadline = 'closing' | 'archiving' | 'response' | 'fix';

/** Up to where liftings that were broken off have counted each of them, or the end of an offer; left out where they moved none. */
export type CountedTo = { readonly [deadline in HeldDeadline | 'expiry']?: Date };

/**
 * By how much lifting a hold moves each of a ticket's deadlines (SPEC M3), as {@link movedByMs} says of each. A warning has
 * no clock of its own: it goes with its closing, or with its breach.
 */
export function shiftOf(
  ticket: HeldTicket,
  hold: Hold,
  to: Date,
  countedTo: CountedTo | undefined,
  standing: readonly Hold[],
  left?: readonly PastHold[],
): Shift & Required<ClockShift> {
  return shiftBy(ticket, (step, deadline) => movedByMs(step, hold, to, countedTo?.[deadline] ?? null, standing, left));
}

/**
 * By how much deadlines move that were laid aside while holds were lifted, by a customer's message or a merge, and are given
 * back now (SPEC M3, T4, T13): as if they had never been laid aside.
 * @param past holds that moved deadlines meanwhile
 * @param standing holds that nobody lifts yet: what these account for is theirs to move
 */
export function shiftMissed(ticket: HeldTicket, past: readonly PastHold[], standing: readonly Hold[]): Shift & Required<ClockShift> {
  return shiftBy(ticket, (step) =>
    unionMs(
      step,
      past,
      standing
        .filter((other) => other.shifts && other.liftingAt === null && covers(other, step))
        .map((other) => ({ from: other.from, to: null })),
    ),
  );
}

/**
 * For how much working time holds that nobody has lifted yet have kept a clock still (SPEC M3). Their lifting moves what runs
 * then; what ends or is paused before has to be counted without that time now.
 * @param holds each up to where it counts
 */
export function stillMs(
  clock: ServiceClock,
  of: Omit<HeldStep, 'kind'>,
  holds: readonly PastHold[],
  calendarOf: ServiceLevel['calendarOf'],
): number {
  if (!clock.dueAt || clock.breachedAt) return 0;
  const measure = workingTime(calendarOf(clock.calendar, clock.hours));
  return unionMs({ ...of, kind: `${clock.kind}_breach`, dueAt: clock.dueAt, since: clock.from, measure }, holds, []);
}

/** A ticket with its deadlines, and the clocks of its service level where it has any, as holds see it. */
export type HeldTicket = {
  readonly life: Deadlines & { readonly clocks?: ServiceClocks };
  /** Calendars for these clocks; may be left out where there are none. */
  readonly calendarOf?: ServiceLevel['calendarOf'] | undefined;
} & Omit<HeldStep, 'kind'>;

function shiftBy(ticket: HeldTicket, moved: (step: ClockedStep, deadline: HeldDeadline) => number): Shift & Required<ClockShift> {
  const { life, entity, accountId, queueId, calendarOf } = ticket;
  const rule = readDeadlineRule(life.timing);
  const held = { entity, accountId, queueId };
  const of = (deadline: HeldDeadline, kind: 'auto_close' | 'archive', dueAt: Date | null): number =>
    dueAt ? moved({ ...held, kind, dueAt, since: rule ? countedSince(dueAt, rule) : null }, deadline) : 0;
  // A clock that waits stands still by itself, and a promise that is broken stays broken.
  const ofClock = (deadline: HeldDeadline, clock: ServiceClock | null | undefined): number => {
    if (!clock?.dueAt || clock.breachedAt || !calendarOf) return 0;
    const measure = workingTime(calendarOf(clock.calendar, clock.hours));
    return moved({ ...held, kind: `${clock.kind}_breach`, dueAt: clock.dueAt, since: clock.from, measure }, deadline);
  };
  return {
    closingMs: of('closing', 'auto_close', life.closesAt),
    archivingMs: of('archiving', 'archive', life.archivesAt),
    responseMs: ofClock('response', life.clocks?.response),
    fixMs: ofClock('fix', life.clocks?.fix),
  };
}

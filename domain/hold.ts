/**
 * A hold stops what would happen by itself (SPEC M3): for everything, a queue, one account or one entity, for some kinds of
 * steps or all. People go on working; a step that falls due meanwhile waits until the hold is lifted. A hold that shifts
 * keeps the clocks of what it stops still: when it is lifted, each deadline moves by as long.
 */
import { clockStepKinds } from './ticket-clocks.ts';
import { countedSince, readDeadlineRule } from './deadline-rule.ts';
import type { Deadlines, Shift } from './moved-deadlines.ts';

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
 * Steps that no hold keeps waiting, whatever it stops: a secret is destroyed on time, a hold does not hold itself, and that a
 * calendar lacks a year is told in any case.
 */
export const unstoppableSteps: readonly string[] = ['purge', 'destroy_secret', 'lift', 'work', 'flag_year'];

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

/**
 * For how long a hold alone kept a clock still, in milliseconds: what others account for is not counted again, so that
 * several at once count once, in whichever order they are lifted.
 * @param since when the clock began to run; null when that is not known, which counts as always
 */
export function stoodStillMs(since: Date | null, hold: { from: Date; to: Date }, others: readonly Stretch[]): number {
  const from = Math.max(hold.from.getTime(), since?.getTime() ?? Number.NEGATIVE_INFINITY);
  const to = hold.to.getTime();
  const covered = others
    .map((other) => ({ from: Math.max(other.from.getTime(), from), to: Math.min(other.to?.getTime() ?? to, to) }))
    .filter((other) => other.from < other.to)
    .toSorted((a, b) => a.from - b.from);
  let total = Math.max(0, to - from);
  let reached = from;
  for (const other of covered) {
    total -= Math.max(0, other.to - Math.max(other.from, reached));
    reached = Math.max(reached, other.to);
  }
  return total;
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
  if (!left) return stoodStillMs(step.since, { from, to }, others);
  return unionMs(
    step,
    left.map((other) => ({ ...other, from: latest(other.from, from), to: other.to < to ? other.to : to })),
    others,
  );
}

/** For how long any of these kept the clock still, each counted where it reached the step before it was due. */
function unionMs(step: ClockedStep, holds: readonly PastHold[], others: readonly Stretch[]): number {
  const counted = [...others];
  let moved = 0;
  for (const hold of holds.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    if (!covers(hold, step) || hold.to <= hold.from || step.dueAt.getTime() + moved < hold.from.getTime()) continue;
    moved += stoodStillMs(step.since, hold, counted);
    counted.push(hold);
  }
  return moved;
}

function latest(a: Date, b: Date): Date {
  return a < b ? b : a;
}

/**
 * By how much lifting a hold moves each of a ticket's deadlines (SPEC M3), as {@link movedByMs} says of each. A warning has
 * no clock of its own: it goes with its closing.
 */
export function shiftOf(
  ticket: HeldTicket,
  hold: Hold,
  to: Date,
  countedTo: Date | null,
  standing: readonly Hold[],
  left?: readonly PastHold[],
): Shift {
  return shiftBy(ticket, (step) => movedByMs(step, hold, to, countedTo, standing, left));
}

/**
 * By how much deadlines move that were laid aside while holds were lifted, by a customer's message or a merge, and are given
 * back now (SPEC M3, T4, T13): as if they had never been laid aside.
 * @param past holds that moved deadlines meanwhile
 * @param standing holds that nobody lifts yet: what these account for is theirs to move
 */
export function shiftMissed(ticket: HeldTicket, past: readonly PastHold[], standing: readonly Hold[]): Shift {
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

/** A ticket with its deadlines, as holds see it. */
export type HeldTicket = { readonly life: Deadlines } & Omit<HeldStep, 'kind'>;

function shiftBy(ticket: HeldTicket, moved: (step: ClockedStep) => number): Shift {
  const { life, entity, accountId, queueId } = ticket;
  const rule = readDeadlineRule(life.timing);
  const of = (kind: 'auto_close' | 'archive', dueAt: Date | null): number =>
    dueAt ? moved({ kind, entity, accountId, queueId, dueAt, since: rule ? countedSince(dueAt, rule) : null }) : 0;
  return { closingMs: of('auto_close', life.closesAt), archivingMs: of('archive', life.archivesAt) };
}

/**
 * The life of a change that does not happen at once (SPEC I5, I10, M6).
 *
 * A change of address must be confirmed from the new one. One that staff began, and a reset of a second factor, also wait
 * until the cooling-off time is over, in which the person concerned may veto; a second member of staff may end that time
 * early. A change that was not confirmed in time lapses.
 */
import { refuse, type Refusal } from './errors.ts';
import { changeLapsesSeconds, coolingOffSeconds, linkSeconds } from './letter.ts';
import type { Plan } from './planned-step.ts';
import { spellInstant } from './ticket-story.ts';

export const pendingActionKinds = ['email_change', 'factor_reset'] as const;
export type PendingActionKind = (typeof pendingActionKinds)[number];

export const pendingActionStates = ['pending', 'done', 'vetoed', 'withdrawn', 'lapsed'] as const;
export type PendingActionState = (typeof pendingActionStates)[number];

export interface PendingActionLife {
  readonly kind: PendingActionKind;
  readonly state: PendingActionState;
  /** Null when nobody but its owner began it: then it waits for the confirmation alone. */
  readonly coolsUntil: Date | null;
  readonly lapsesAt: Date;
  readonly confirmedAt: Date | null;
  readonly approvedAt: Date | null;
}

/**
 * The life of a change that begins now.
 * @param begunBy who began it: its owner waits for nothing but the confirmation; what staff began cools off first
 */
export function newPendingLife(kind: PendingActionKind, begunBy: 'self' | 'staff', at: Date): PendingActionLife {
  return {
    kind,
    state: 'pending',
    coolsUntil: begunBy === 'staff' ? later(at, coolingOffSeconds) : null,
    lapsesAt: later(at, begunBy === 'staff' ? changeLapsesSeconds : linkSeconds),
    confirmedAt: null,
    approvedAt: null,
  };
}

export const pendingStepKinds = ['take_effect', 'lapse'] as const;
export type PendingStepKind = (typeof pendingStepKinds)[number];

export interface PendingStep {
  readonly kind: PendingStepKind;
  readonly dueAt: Date;
  /** What gave the instant. */
  readonly rule: string;
}

/** What happens next by itself; null when it is over. */
export function nextPendingStep(life: PendingActionLife): PendingStep | null {
  if (life.state !== 'pending') return null;
  if (!isConfirmed(life))
    return { kind: 'lapse', dueAt: life.lapsesAt, rule: `lapseAfter ${life.coolsUntil ? changeLapsesSeconds : linkSeconds} s` };
  const dueAt = latest(life.confirmedAt, life.coolsUntil);
  return { kind: 'take_effect', dueAt, rule: life.approvedAt ? 'approved' : `coolingOff ${coolingOffSeconds} s` };
}

/** A factor's reset needs no confirmation: there is no new address that could fail to be the person's. */
function isConfirmed(life: PendingActionLife): boolean {
  return life.kind === 'factor_reset' || life.confirmedAt !== null;
}

/** Whether its time has come at this instant, without waiting for anything more. */
export function takesEffectNow(life: PendingActionLife, at: Date): boolean {
  const next = nextPendingStep(life);
  return next?.kind === 'take_effect' && next.dueAt <= at;
}

/** Who wishes something of a change that waits. */
export type PendingHand =
  | { readonly side: 'concerned' }
  | { readonly side: 'staff'; readonly userId: string; readonly mayApprove: boolean; readonly mayWithdraw: boolean };

export const pendingWishes = ['veto', 'approve', 'withdraw'] as const;
export type PendingWish = (typeof pendingWishes)[number];

/** The new address was confirmed. */
export function confirmPending(life: PendingActionLife, at: Date): PendingActionLife | Refusal {
  if (life.state !== 'pending' || isConfirmed(life) || at >= life.lapsesAt) return refuse('pending_action.settled');
  return { ...life, confirmedAt: at };
}

/**
 * The person concerned says no. He may for as long as it waits, unless a second member of staff has decided: who took a
 * mailbox over must not be able to keep its owner out for ever.
 */
export function vetoPending(life: PendingActionLife): PendingActionLife | Refusal {
  if (life.state !== 'pending' || life.approvedAt) return refuse('pending_action.settled');
  // What he began himself he takes back; only what others began can be vetoed.
  return { ...life, state: life.coolsUntil ? 'vetoed' : 'withdrawn' };
}

/**
 * A second member of staff ends the cooling-off time. Where nothing cools off any more, nothing changes.
 * @param second whether he is another than the one who began it
 */
export function approvePending(life: PendingActionLife, second: boolean, at: Date): PendingActionLife | Refusal {
  if (life.state !== 'pending') return refuse('pending_action.settled');
  if (!second) return refuse('pending_action.second_person');
  if (!cools(life, at)) return life;
  return { ...life, approvedAt: at, coolsUntil: at };
}

/** Whoever began it, or staff, take it back. */
export function withdrawPending(life: PendingActionLife): PendingActionLife | Refusal {
  if (life.state !== 'pending') return refuse('pending_action.settled');
  return { ...life, state: 'withdrawn' };
}

/** What this reader may do with it now; pages show nothing else. */
export function allowedPendingWishes(life: PendingActionLife, begunById: string, reader: PendingHand, at: Date): PendingWish[] {
  if (life.state !== 'pending') return [];
  if (reader.side === 'concerned') return life.approvedAt ? [] : ['veto'];
  const approves = reader.mayApprove && cools(life, at) && reader.userId !== begunById;
  return [...(approves ? (['approve'] as const) : []), ...(reader.mayWithdraw ? (['withdraw'] as const) : [])];
}

function cools(life: PendingActionLife, at: Date): boolean {
  return life.coolsUntil !== null && life.approvedAt === null && at < life.coolsUntil;
}

/** What its workflow is told: a reason to look again, like a ticket's happenings. */
export const pendingActionHappenings = [
  'changeConfirmed',
  'changeApproved',
  'changeVetoed',
  'changeWithdrawn',
  'changeOverdue',
  'holdLifted',
] as const;
export type PendingActionHappening = (typeof pendingActionHappenings)[number];

/** The entity's name in outbox, workflow ids and next steps. */
export function pendingActionEntity(id: string): string {
  return `pending-action:${id}`;
}

/** What its workflow needs to know to wait: there is one step, or none when it is settled. */
export interface PendingActionPlan extends Plan<PendingStepKind> {
  readonly kind: PendingActionKind;
  readonly state: PendingActionState;
  /** RFC 3339, UTC; null when it waits for the confirmation alone. */
  readonly coolsUntil: string | null;
}

const kindWords: Readonly<Record<PendingActionKind, string>> = {
  email_change: 'A change of address',
  factor_reset: 'A reset of second factors',
};

const endWords: Readonly<Record<Exclude<PendingActionState, 'pending'>, string>> = {
  done: 'has taken effect',
  vetoed: 'was vetoed by the person concerned',
  withdrawn: 'was taken back',
  lapsed: 'came to nothing',
};

/** What an operator reads in Temporal UI: one sentence, in English and UTC, without names or addresses. */
export function pendingActionStory({ kind, state, coolsUntil, steps }: PendingActionPlan): string {
  if (state !== 'pending') return `${kindWords[kind]} ${endWords[state]}; the story ends here.`;
  const clauses = steps.map((step) => {
    const when = spellInstant(new Date(step.dueAt));
    const held =
      step.heldUntil === undefined
        ? ''
        : step.heldUntil === null
          ? ' (held until somebody lifts the hold)'
          : ` (held until ${spellInstant(new Date(step.heldUntil))})`;
    if (step.kind === 'take_effect') return `takes effect on ${when} unless it is vetoed${held}`;
    const cooling = coolsUntil === null ? '' : `; may be vetoed until ${spellInstant(new Date(coolsUntil))}`;
    return `waits to be confirmed from the new address${cooling}; lapses on ${when}${held}`;
  });
  return `${[kindWords[kind], ...clauses].join(' ')}.`;
}

function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}

function latest(...instants: readonly (Date | null)[]): Date {
  return new Date(Math.max(...instants.map((instant) => instant?.getTime() ?? Number.NEGATIVE_INFINITY)));
}

/**
 * The life of a change that does not happen at once (SPEC I5, I10, M6).
 *
 * A change of address must be confirmed from the new one. One that staff began, and a reset of a second factor, also wait
 * until the cooling-off time is over, in which the person concerned may veto; a second member of staff may end that time
 * early. A change that was not confirmed in time lapses.
 */
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
}

export type PendingStep = { readonly kind: 'take_effect' | 'lapse'; readonly dueAt: Date };

/** What happens next by itself; null when it is over, or at once when its instant has passed. */
export function nextPendingStep(life: PendingActionLife): PendingStep | null {
  if (life.state !== 'pending') return null;
  const confirmed = life.kind === 'factor_reset' || life.confirmedAt !== null;
  if (!confirmed) return { kind: 'lapse', dueAt: life.lapsesAt };
  // A confirmation that has nothing more to wait for takes effect in the transaction that brought it.
  return { kind: 'take_effect', dueAt: life.coolsUntil ?? life.confirmedAt! };
}

/** What its workflow is told: a reason to look again, like a ticket's happenings. */
export const pendingActionHappenings = ['changeConfirmed', 'changeApproved', 'changeVetoed', 'changeWithdrawn', 'changeOverdue'] as const;
export type PendingActionHappening = (typeof pendingActionHappenings)[number];

/** The entity's name in outbox, workflow ids and next steps. */
export function pendingActionEntity(id: string): string {
  return `pending-action:${id}`;
}

/**
 * Money that waits for a second person (SPEC B7, I10): refunds and adjustments above a set sum. Another member of staff
 * approves it, whoever may take it back does, and after a week it lapses.
 */
import { refuse, type Refusal } from './errors.ts';
import { spellInstant } from './ticket-story.ts';

export const approvalStates = ['waiting', 'approved', 'withdrawn', 'lapsed'] as const;
export type ApprovalState = (typeof approvalStates)[number];

export const approvalKinds = ['refund', 'adjustment'] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

/** How long it waits for somebody to approve it. */
export const approvalLapsesSeconds = 7 * 24 * 3600;

/** What moved on one account without a second person counts together for so long: a large sum does not go in small parts. */
export const partsCountForSeconds = 24 * 3600;

/**
 * Whether a sum needs a second person; of one that is taken away its size counts.
 * @param aloneMinor what moved the same way without a second person lately, as a size
 */
export function needsApproval(amountMinor: number, aboveMinor: number, aloneMinor = 0): boolean {
  return Math.abs(amountMinor) + aloneMinor > aboveMinor;
}

/** Why this person may not approve it; undefined where he may. While it waits it can be decided, also when its end is late. */
export function faultInApproving(
  approval: { readonly state: ApprovalState; readonly askedById: string },
  userId: string,
): Refusal<'approval.settled' | 'approval.second_person'> | undefined {
  if (approval.state !== 'waiting') return refuse('approval.settled');
  return approval.askedById === userId ? refuse('approval.second_person') : undefined;
}

/** What this person may do with it; his role is asked elsewhere. */
export function allowedApprovalActions(
  approval: { readonly state: ApprovalState; readonly askedById: string },
  userId: string,
): ('approve' | 'withdraw')[] {
  if (approval.state !== 'waiting') return [];
  return faultInApproving(approval, userId) ? ['withdraw'] : ['approve', 'withdraw'];
}

/** What operators read of it. */
export function approvalStory(state: ApprovalState, about: string, lapsesAt: Date): string {
  switch (state) {
    case 'waiting':
      return `${about} waits for a second person until ${spellInstant(lapsesAt)}.`;
    case 'approved':
      return `${about} was approved.`;
    case 'withdrawn':
      return `${about} was taken back.`;
    case 'lapsed':
      return `${about} lapsed: nobody approved it.`;
  }
}

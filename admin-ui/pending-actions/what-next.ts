/** What happens next to a change that waits, as one sentence with its time. Pure: the words are the page's. */
import type { WaitingChange } from '../server/answers.ts';

export type ChangeNext =
  | {
      readonly is: 'takesEffect' | 'takesEffectAnyway' | 'overdue' | 'confirm' | 'overdueLapse';
      readonly at: Date;
      /** Until when the person concerned may still say no, beside what is told already. */
      readonly vetoUntil?: Date;
      /** Nothing more is waited for than the confirmation. */
      readonly atOnce?: true;
      /** Set while a hold keeps it from happening; null when that hold has no end. */
      readonly heldUntil?: Date | null;
    }
  | { readonly is: 'done' | 'vetoed' | 'withdrawn' | 'lapsed'; readonly at: Date };

export function whatNext(change: WaitingChange, now: Date): ChangeNext {
  if (change.state !== 'pending') return { is: change.state, at: new Date(change.settledAt ?? change.begunAt) };
  const at = new Date(change.next?.at ?? change.lapsesAt);
  const hold = change.next?.hold;
  const held = hold ? { heldUntil: hold.until === null ? null : new Date(hold.until) } : {};
  const overdue = !hold && at <= now;
  if (change.next?.what === 'take_effect') {
    if (overdue) return { is: 'overdue', at };
    return { is: change.approvedBy ? 'takesEffectAnyway' : 'takesEffect', at, ...held };
  }
  if (overdue) return { is: 'overdueLapse', at };
  const cools = isCooling(change, now);
  return { is: 'confirm', at, ...(cools ? { vetoUntil: new Date(change.coolsUntil!) } : { atOnce: true }), ...held };
}

/** Whether the time in which the person concerned may say no is running, and nobody has ended it. */
export function isCooling({ state, coolsUntil, approvedBy }: WaitingChange, now: Date): boolean {
  return state === 'pending' && approvedBy === null && coolsUntil !== null && new Date(coolsUntil) > now;
}

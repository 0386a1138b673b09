/**
 * The second person's side of money that waits (SPEC B7, I10), and time's. Each decision is one transaction, and the first one
 * stands. Locks: payment → refund (or adjustment) → approval → account.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { approvalStory, faultInApproving, type ApprovalState } from '../../domain/money-approval.ts';
import { spellMoney } from '../../domain/money.ts';
import { auditWish } from '../audit.ts';
import type { Wish } from '../wish.ts';
import { dropAdjustment, lockAdjustment, postAdjustment, type AdjustmentView } from './adjustments.ts';
import { lockApproval, readApproval, settleApproval, type ApprovalView } from './approval-row.ts';
import { lockRefund, type RefundView } from './refund-row.ts';
import { approveRefund, dropRefund } from './refunds.ts';
import type { TimedRule } from './timed-entities.ts';

/** Another member of staff lets it happen. What cannot happen any more is refused, and goes on waiting. */
export async function approveMoney(wish: Wish<StaffActor>, id: string): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const held = await holdApproval(em, id);
  if (!held) return refuse('approval.not_found');
  const { approval } = held;
  const fault = faultInApproving({ state: approval.state, askedById: approval.askedBy.id }, actor.userId);
  if (fault) return fault;
  const at = wish.clock.now();
  const by = `staff:${actor.userId}`;
  const refused = await ('refund' in held ? approveRefund(em, at, by, held.refund) : postAdjustment(em, at, by, held.adjustment));
  if (refused) return refused;
  await settleApproval(em, at, id, 'approved', actor.userId);
  await note(wish, at, 'money.approve', approval);
  return { id };
}

/** Whoever may, also the one who wished it, takes it back: a no of the second person is the same. */
export async function withdrawMoney(wish: Wish<StaffActor>, id: string): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const held = await holdApproval(em, id);
  if (!held) return refuse('approval.not_found');
  if (held.approval.state !== 'waiting') return refuse('approval.settled');
  const at = wish.clock.now();
  await drop(em, at, `staff:${actor.userId}`, held, 'withdrawn');
  await settleApproval(em, at, id, 'withdrawn', actor.userId);
  await note(wish, at, 'money.withdraw', held.approval);
  return { id };
}

/** Nobody approved it within its week. */
export const approvalRule: TimedRule = {
  describe: async (em, id) => {
    const [row] = await em.execute<{ state: ApprovalState; kind: string; about: string; lapses_at: string }[]>(
      'select state, kind, about, lapses_at from money_approval where id = ?',
      [id],
    );
    if (!row) return undefined;
    return {
      state: row.state,
      story: approvalStory(row.state, `The ${row.kind} ${row.about}`, new Date(row.lapses_at)),
      over: row.state !== 'waiting',
    };
  },
  take: async (em, id, at) => {
    const held = await holdApproval(em, id);
    if (!held || held.approval.state !== 'waiting') return;
    await drop(em, at, 'time', held, 'lapsed');
    await settleApproval(em, at, id, 'lapsed', null);
  },
};

type HeldApproval = { readonly approval: ApprovalView } & ({ readonly refund: RefundView } | { readonly adjustment: AdjustmentView });

async function holdApproval(em: EntityManager, id: string): Promise<HeldApproval | undefined> {
  const known = await readApproval(em, id);
  if (!known) return undefined;
  const about =
    known.kind === 'refund' ? { refund: (await lockRefund(em, known.about))! } : { adjustment: (await lockAdjustment(em, known.about))! };
  return { approval: (await lockApproval(em, id))!, ...about };
}

async function drop(em: EntityManager, at: Date, by: string, held: HeldApproval, why: 'withdrawn' | 'lapsed'): Promise<void> {
  if ('refund' in held) await dropRefund(em, at, by, held.refund, why);
  else await dropAdjustment(em, at, held.adjustment);
}

async function note(wish: Wish<StaffActor>, at: Date, action: string, approval: ApprovalView): Promise<void> {
  const { id, about, account } = approval;
  await auditWish(wish, action, `approval:${id}`, at, {
    after: { about, account: account.id, amount: spellMoney(approval) },
  });
}

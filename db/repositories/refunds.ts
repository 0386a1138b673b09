/**
 * Refunds as people wish them (SPEC B7): the money is set aside at once, so that it cannot be spent meanwhile; what is above
 * the policy's sum waits for a second person. Locks: payment → refund → approval → account.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { needsApproval, partsCountForSeconds } from '../../domain/money-approval.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import { spellMoney } from '../../domain/money.ts';
import { faultInRefund, refundableMinor, standingRefundStates, type RefundState } from '../../domain/refund-life.ts';
import { auditWish } from '../audit.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import type { Wish } from '../wish.ts';
import { askApproval } from './approval-row.ts';
import { readFinancePolicy } from './finance-policy.ts';
import { lockFunds, returnReserved, takeBackMoney } from './money.ts';
import {
  lockPaymentRow,
  noteRefund,
  planRefundStep,
  readRefund,
  readRefundable,
  showRefund,
  type RefundablePayment,
  type RefundView,
} from './refund-row.ts';

export interface WishedRefund {
  /** Left out: all that can go back. */
  readonly amountMinor?: number | undefined;
  readonly currency?: string | undefined;
  readonly reason: string;
}

/** Pays back of a payment what is unspent of it, whole or in part. */
export async function makeRefund(wish: Wish<StaffActor>, paymentId: string, wanted: WishedRefund): Promise<{ id: string } | Refusal> {
  const { em } = wish;
  await lockPaymentRow(em, paymentId);
  const known = await readRefundable(em, paymentId);
  if (!known) return refuse('payment.not_found');
  const at = wish.clock.now();
  await lockFunds(em, known.accountId, at);
  const payment = (await readRefundable(em, paymentId))!;
  if (wanted.currency !== undefined && wanted.currency !== payment.currency)
    return refuse('money.currency_wrong', { currency: payment.currency });
  const amountMinor = wanted.amountMinor ?? refundableMinor(payment, at);
  const fault = faultInRefund(payment, amountMinor, at);
  if (fault) return fault;
  return { id: await beginRefund(wish, at, payment, amountMinor, wanted.reason) };
}

async function beginRefund(
  wish: Wish<StaffActor>,
  at: Date,
  payment: RefundablePayment,
  amountMinor: number,
  reason: string,
): Promise<string> {
  const { em, actor } = wish;
  const { currency, accountId } = payment;
  const id = newId('refund', at);
  const by = `staff:${actor.userId}`;
  const waits = needsApproval(amountMinor, (await readFinancePolicy(em)).approvalAboveMinor, await refundedAlone(em, at, accountId));
  const { transferId: reserveId } = await takeBackMoney(em, {
    key: `refund:${id}`,
    accountId,
    amountMinor,
    at,
    by,
    about: { payment: payment.id, refund: id },
    kind: 'refund',
    against: 'refunds_payable',
    of: payment.transferId!,
  });
  const approvalId = waits
    ? await askApproval(em, at, { accountId, kind: 'refund', about: id, amountMinor, currency, reason, askedById: actor.userId })
    : null;
  const state: RefundState = waits ? 'awaiting_approval' : 'requested';
  await em.execute(
    `insert into refund (id, account_id, payment_id, amount_minor, currency, origin, state, reason, asked_by_id, asked_for_at, reserve_id, approval_id)
      values (?, ?, ?, ?, ?, 'staff', ?, ?, ?, ?, ?, ?)`,
    [id, accountId, payment.id, amountMinor, currency, state, reason, actor.userId, at, reserveId, approvalId],
  );
  const refund = (await readRefund(em, id))!;
  if (!waits) await planSending(em, at, refund);
  await noteRefund(em, at, id, 'asked_for', by, waits ? { approval: approvalId! } : {});
  await tellEngine(em, at, { kind: 'money.begun', entity: moneyEntity('refund', id) });
  await auditWish(wish, 'refund.make', `refund:${id}`, at, {
    after: { payment: payment.id, amount: spellMoney({ amountMinor, currency }), waits: String(waits) },
  });
  await showRefund(em, at, refund);
  return id;
}

/** What went back to this account's payers lately without a second person, in minor units. The account is held. */
async function refundedAlone(em: EntityManager, at: Date, accountId: string): Promise<number> {
  const [row] = await em.execute<{ minor: string }[]>(
    `select coalesce(sum(amount_minor), 0) as minor from refund
      where account_id = ? and asked_for_at > ? and origin = 'staff' and approval_id is null and state = any(?::text[])`,
    [accountId, new Date(at.getTime() - partsCountForSeconds * 1000), `{${standingRefundStates.join(',')}}`],
  );
  return Number(row!.minor);
}

async function planSending(em: EntityManager, at: Date, refund: RefundView): Promise<void> {
  await planRefundStep(em, at, refund, { kind: 'send', dueAt: at, rule: 'at once' });
}

/**
 * A second person approved it: now it is handed to the provider.
 * @param refund locked, with its payment, and waiting
 */
export async function approveRefund(
  em: EntityManager,
  at: Date,
  by: string,
  refund: RefundView,
): Promise<Refusal<'payment.charged_back'> | undefined> {
  const payment = (await readRefundable(em, refund.paymentId))!;
  if (payment.chargedBackAt) return refuse('payment.charged_back');
  await em.execute(`update refund set state = 'requested', revision = revision + 1 where id = ?`, [refund.id]);
  await planSending(em, at, refund);
  await noteRefund(em, at, refund.id, 'approved', by);
  await tellEngine(em, at, { kind: 'money.happening', entity: moneyEntity('refund', refund.id), happening: 'approved' });
  await showRefund(em, at, refund);
  return undefined;
}

/**
 * It never goes to the provider: taken back, or nobody approved it in time. Its money is on the balance again.
 * @param refund locked, with its payment, and waiting
 */
export async function dropRefund(em: EntityManager, at: Date, by: string, refund: RefundView, why: 'withdrawn' | 'lapsed'): Promise<void> {
  await giveBackReserved(em, at, by, refund);
  await em.execute(`update refund set state = 'withdrawn', settled_at = ?, revision = revision + 1 where id = ?`, [at, refund.id]);
  await noteRefund(em, at, refund.id, why, by);
  await tellEngine(em, at, { kind: 'money.happening', entity: moneyEntity('refund', refund.id), happening: 'withdrawn' });
  await showRefund(em, at, refund);
}

/** What was set aside for it goes back to the balance, to the payment it was of; once, however often it is asked. */
export async function giveBackReserved(em: EntityManager, at: Date, by: string, refund: RefundView): Promise<void> {
  await returnReserved(em, refund.reserveId!, {
    key: `refund_returned:${refund.id}`,
    accountId: refund.account.id,
    amountMinor: refund.amountMinor,
    at,
    by,
    about: { payment: refund.paymentId, refund: refund.id },
  });
}

/**
 * What the provider tells of refunds (SPEC B7; reference: yookassa, traps 5 and 6): of those that we made, and of those that
 * somebody made in his cabinet. Each of these is done once, however often and by whomever it is told.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal } from '../../domain/errors.ts';
import { ownAccount } from '../../domain/ledger.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import { askAgainSeconds, type RefundAtProvider } from '../../domain/refund-life.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import { openCase } from './cases.ts';
import { tellFinance } from './finance-notices.ts';
import { postTransfer } from './ledger.ts';
import { lockFunds, takeBackMoney } from './money.ts';
import {
  lockPaymentRow,
  lockRefund,
  noteRefund,
  planRefundStep,
  readRefund,
  readRefundable,
  showRefund,
  type RefundablePayment,
  type RefundView,
} from './refund-row.ts';
import { giveBackReserved } from './refunds.ts';
import { freezeSpending } from './spending-freeze.ts';

/**
 * `taken`: done now · `known`: it was done before, or nothing is to be done yet · `payment_unknown`: not of a payment of ours;
 * a case tells of it · `payment_not_settled`: its payment has not come in here yet; settle that first, and tell this again
 */
export type RecordedRefund = 'taken' | 'known' | 'payment_unknown' | 'payment_not_settled';

/**
 * Takes what the provider tells of a refund, from a notification or from his list. One that we sent is brought forward; one
 * whose id we never saw was made in the cabinet: its money is gone, so it leaves the balance too, which may go below the limit;
 * then spending is frozen until staff have looked.
 */
export async function recordCabinetRefund(em: EntityManager, at: Date, told: RefundAtProvider): Promise<RecordedRefund> {
  const [paid] = await em.execute<{ id: string }[]>('select id from payment where provider_id = ?', [told.paymentId]);
  if (!paid) {
    await openCase(em, at, {
      kind: 'refund.payment_unknown',
      about: `provider-refund:${bounded(told.id)}`,
      detail: { payment: bounded(told.paymentId) },
    });
    return 'payment_unknown';
  }
  await lockPaymentRow(em, paid.id);
  const [ours] = await em.execute<{ id: string }[]>(
    `select id from refund where payment_id = ? and (provider_id = ? or (id = ? and provider_id is null and state in ('requested', 'pending')))
      order by provider_id is null limit 1`,
    [paid.id, told.id, told.refundId ?? ''],
  );
  if (ours) return takeProviderRefund(em, at, ours.id, told);
  if (told.state !== 'succeeded') return 'known';
  const payment = (await readRefundable(em, paid.id))!;
  if (payment.state !== 'succeeded') return 'payment_not_settled';
  if (told.currency !== payment.currency) {
    // So many of another currency's units are no sum of ours: nothing is moved, a person looks.
    await openCase(em, at, {
      kind: 'refund.differs',
      about: `provider-refund:${bounded(told.id)}`,
      detail: { payment: paid.id, thereMinor: String(told.amountMinor), thereCurrency: bounded(told.currency) },
    });
    return 'known';
  }
  await recordForeign(em, at, payment, told);
  return 'taken';
}

/** Money that left without us: in the cabinet, or by a refund that we had given up as never made. */
async function recordForeign(em: EntityManager, at: Date, payment: RefundablePayment, told: RefundAtProvider): Promise<void> {
  const { accountId, currency } = payment;
  const { amountMinor } = told;
  const id = newId('refund', at);
  const { transferId } = await takeBackMoney(em, {
    key: `cabinet_refund:${told.id}`,
    accountId,
    amountMinor,
    at,
    by: 'provider',
    about: { payment: payment.id, refund: id },
    kind: 'cabinet_refund',
    against: 'clearing',
    of: payment.transferId!,
  });
  await em.execute(
    `insert into refund (id, account_id, payment_id, amount_minor, currency, origin, state, provider_id, asked_for_at, reserve_id, settled_at)
      values (?, ?, ?, ?, ?, 'cabinet', 'succeeded', ?, ?, ?, ?)`,
    [id, accountId, payment.id, amountMinor, currency, told.id, at, transferId, at],
  );
  await countRefunded(em, payment.id, amountMinor);
  await noteRefund(em, at, id, 'made_in_cabinet', 'provider', { provider: bounded(told.id) });
  await openCase(em, at, { kind: 'refund.from_cabinet', about: `refund:${id}`, detail: { payment: payment.id, account: accountId } });
  await tellRefunded(em, at, { id, accountId, amountMinor, currency, paymentId: payment.id });
  const funds = await lockFunds(em, accountId, at);
  if (funds.paidMinor < -funds.creditLimitMinor) await freezeSpending(em, at, accountId, 'clawback', `refund:${id}`);
  await showRefund(em, at, (await readRefund(em, id))!);
}

/**
 * Brings one of our own refunds forward to where the provider has it.
 * @returns `taken` where that changed something
 */
export async function takeProviderRefund(em: EntityManager, at: Date, id: string, told: RefundAtProvider): Promise<'taken' | 'known'> {
  const refund = await lockRefund(em, id);
  if (!refund || (refund.state !== 'requested' && refund.state !== 'pending')) return 'known';
  if (told.amountMinor !== refund.amountMinor || told.currency !== refund.currency) {
    await holdDiffering(em, at, refund, told);
    return 'known';
  }
  const moved = await bringForward(em, at, refund, told);
  if (moved) {
    // Its workflow may wait for a later step: whoever told this may be another.
    await tellEngine(em, at, { kind: 'money.happening', entity: moneyEntity('refund', id), happening: 'notified' });
    await showRefund(em, at, refund);
  }
  return moved ? 'taken' : 'known';
}

/** He has it with another sum than we asked for: nothing is guessed, a person looks, and he is asked again each day. */
async function holdDiffering(em: EntityManager, at: Date, refund: RefundView, told: RefundAtProvider): Promise<void> {
  await em.execute(`update refund set state = 'pending', provider_id = ?, revision = revision + 1 where id = ?`, [told.id, refund.id]);
  await openCase(em, at, {
    kind: 'refund.differs',
    about: `refund:${refund.id}`,
    detail: { payment: refund.paymentId, provider: bounded(told.id) },
  });
  await planRefundStep(em, at, refund, { kind: 'ask', dueAt: new Date(at.getTime() + 86_400_000), rule: 'askAfter 86400 s' });
}

async function bringForward(em: EntityManager, at: Date, refund: RefundView, told: RefundAtProvider): Promise<boolean> {
  if (told.state === 'succeeded') await settleRefund(em, at, refund, told.id);
  else if (told.state === 'canceled')
    await cancelRefund(em, at, refund, { providerId: told.id, by: told.cancelledBy, why: told.cancelledFor ?? 'unknown' });
  else if (refund.state === 'pending') return false;
  else {
    await em.execute(
      `update refund set state = 'pending', provider_id = ?, asks = 0, cancelled_for = null, revision = revision + 1 where id = ?`,
      [told.id, refund.id],
    );
    await noteRefund(em, at, refund.id, 'pending', 'provider');
    const seconds = askAgainSeconds(0);
    await planRefundStep(em, at, refund, { kind: 'ask', dueAt: new Date(at.getTime() + seconds * 1000), rule: `askAfter ${seconds} s` });
  }
  return true;
}

/** The money is with the payer again. */
async function settleRefund(em: EntityManager, at: Date, refund: RefundView, providerId: string): Promise<void> {
  const { id, amountMinor, currency, paymentId } = refund;
  const accountId = refund.account.id;
  await lockFunds(em, accountId, at);
  const posted = await postTransfer(em, {
    key: `refund_settled:${id}`,
    request: `refund_settled ${accountId} ${amountMinor}`,
    kind: 'refund_settled',
    currency,
    at,
    by: 'provider',
    about: { payment: paymentId, refund: id },
    entries: [
      { account: ownAccount('refunds_payable', currency, accountId), amountMinor: -amountMinor },
      { account: ownAccount('clearing', currency, accountId), amountMinor },
    ],
  });
  if (isRefusal(posted)) throw new Error(`settling a refund was refused: ${posted.refused}`);
  await em.execute(
    `update refund set state = 'succeeded', provider_id = ?, settled_at = ?, cancelled_for = null, revision = revision + 1 where id = ?`,
    [providerId, at, id],
  );
  await countRefunded(em, paymentId, amountMinor);
  await planRefundStep(em, at, refund, null);
  await noteRefund(em, at, id, 'succeeded', 'provider');
  await tellRefunded(em, at, { id, accountId, amountMinor, currency, paymentId });
}

/**
 * The provider did not do it: the money is on the balance again, and staff are told with his own reason.
 * @param refund locked, with its payment
 */
export async function cancelRefund(
  em: EntityManager,
  at: Date,
  refund: RefundView,
  { providerId, by, why }: { readonly providerId: string | null; readonly by: string | null; readonly why: string },
): Promise<void> {
  await giveBackReserved(em, at, 'provider', refund);
  const [party, reason] = [by === null ? null : bounded(by), bounded(why)];
  await em.execute(
    `update refund set state = 'canceled', provider_id = coalesce(?, provider_id), cancelled_by = ?, cancelled_for = ?, settled_at = ?, revision = revision + 1
      where id = ?`,
    [providerId, party, reason, at, refund.id],
  );
  await planRefundStep(em, at, refund, null);
  await noteRefund(em, at, refund.id, 'canceled', 'provider', { why: reason, ...(party === null ? {} : { party }) });
  await openCase(em, at, {
    kind: 'refund.canceled',
    about: `refund:${refund.id}`,
    detail: { payment: refund.paymentId, why: reason, ...(party === null ? {} : { party }) },
  });
}

/** The provider's total can pass the payment only by his own mistake, and then a difference of the audit says so. */
async function countRefunded(em: EntityManager, paymentId: string, amountMinor: number): Promise<void> {
  await em.execute('update payment set refunded_minor = least(amount_minor, refunded_minor + ?), revision = revision + 1 where id = ?', [
    amountMinor,
    paymentId,
  ]);
}

async function tellRefunded(
  em: EntityManager,
  at: Date,
  refund: {
    readonly id: string;
    readonly accountId: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly paymentId: string;
  },
): Promise<void> {
  const { id, accountId, amountMinor, currency, paymentId } = refund;
  await tellFinance(em, at, 'payment.refunded', `payment.refunded:${id}`, accountId, {
    amount: { amountMinor, currency },
    payment: paymentId,
  });
}

/** A word of the provider's, short enough for any place. */
function bounded(word: string): string {
  return word.slice(0, 100);
}

/** A payer took a payment back through his bank (SPEC B7): the money is gone, and spending stops until staff have looked. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { spellMoney } from '../../domain/money.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import type { Wish } from '../wish.ts';
import { openCase } from './cases.ts';
import { lockFunds, takeBackMoney } from './money.ts';
import { lockPaymentRow, readRefundable } from './refund-row.ts';
import { freezeSpending } from './spending-freeze.ts';

/**
 * Staff record what the provider wrote of: once for each payment, whole or in part. Nothing is asked of the provider. No limit
 * stops it: what was spent already is owed now.
 * @param wanted.amountMinor left out: all that has not gone back by refunds
 */
export async function recordChargeback(
  wish: Wish<StaffActor>,
  paymentId: string,
  wanted: { readonly amountMinor?: number | undefined; readonly currency?: string | undefined; readonly reason: string },
): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  await lockPaymentRow(em, paymentId);
  const known = await readRefundable(em, paymentId);
  if (!known) return refuse('payment.not_found');
  const at = wish.clock.now();
  const { accountId, currency, transferId } = known;
  if (known.state !== 'succeeded') return refuse('payment.not_settled');
  if (known.chargedBackAt) return refuse('payment.charged_back');
  if (wanted.currency !== undefined && wanted.currency !== currency) return refuse('money.currency_wrong', { currency });
  await lockFunds(em, accountId, at);
  const leftMinor = known.amountMinor - (await sentBackMinor(em, paymentId));
  const amountMinor = wanted.amountMinor ?? leftMinor;
  if (leftMinor <= 0 || amountMinor > leftMinor)
    return refuse('money.exceeds_rest', { rest: spellMoney({ amountMinor: Math.max(0, leftMinor), currency }) });
  const by = `staff:${actor.userId}`;
  await takeBackMoney(em, {
    key: `chargeback:${paymentId}`,
    accountId,
    amountMinor,
    at,
    by,
    about: { payment: paymentId },
    kind: 'chargeback',
    against: 'clearing',
    of: transferId!,
  });
  const told = { amount: spellMoney({ amountMinor, currency }) };
  await em.execute('update payment set charged_back_at = ?, revision = revision + 1 where id = ?', [at, paymentId]);
  await em.execute(`insert into money_event (payment_id, at, kind, by, data) values (?, ?, 'charged_back', ?, ?::jsonb)`, [
    paymentId,
    at,
    by,
    JSON.stringify({ ...told, reason: wanted.reason }),
  ]);
  await freezeSpending(em, at, accountId, 'chargeback', `chargeback:${paymentId}`);
  await openCase(em, at, { kind: 'payment.charged_back', about: `payment:${paymentId}`, detail: { account: accountId, ...told } });
  await auditWish(wish, 'payment.chargeback', `payment:${paymentId}`, at, { after: { account: accountId, ...told } });
  await tellPages(em, at, { accountId, staff: true }, { what: 'payment', id: paymentId });
  return { id: paymentId };
}

/** What the payer has, or may have: a refund that the provider never heard of leaves the payment whole. */
async function sentBackMinor(em: EntityManager, paymentId: string): Promise<number> {
  const [row] = await em.execute<{ sent: string }[]>(
    `select coalesce(sum(amount_minor), 0) as sent from refund
      where payment_id = ? and (state in ('pending', 'succeeded') or (state = 'requested' and sent_at is not null))`,
    [paymentId],
  );
  return Number(row!.sent);
}

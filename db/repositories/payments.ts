/** Payments as people wish them (SPEC B2): the intent is stored, and everything else is its workflow's. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CustomerActor, StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import { spellMoney } from '../../domain/money.ts';
import { isReturnUrl, maxOpenPayments, openPaymentStates, paymentProviderName, topUpMinor } from '../../domain/payment-life.ts';
import { auditWish } from '../audit.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import type { Wish } from '../wish.ts';
import { lockFunds } from './money.ts';
import { lockPayment, notePayment, planPaymentStep, showPayment } from './payment-row.ts';

export interface WishedPayment {
  readonly accountId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Set where it pays an order: then it is for exactly the sum due. */
  readonly orderId?: string;
  /** Where the payer comes back to; it proves nothing. */
  readonly returnUrl: string;
}

/** Somebody wishes to pay: it is written down, and prepared by its workflow (trap 2: before the provider hears of it). */
export async function beginPayment(wish: Wish<CustomerActor>, wanted: WishedPayment): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const { accountId, amountMinor, currency, orderId } = wanted;
  // Held, as what is open is counted: of many at once each counts those before it.
  const funds = await lockFunds(em, accountId, at);
  if (currency !== funds.currency) return refuse('money.currency_wrong', { currency: funds.currency });
  const least = { amountMinor: topUpMinor.min, currency };
  const most = { amountMinor: topUpMinor.max, currency };
  if (amountMinor < least.amountMinor)
    return orderId === undefined
      ? refuse('payment.amount_too_small', { least: spellMoney(least) })
      : refuse('order.payment_by_provider_too_small');
  if (amountMinor > most.amountMinor) return refuse('payment.amount_too_large', { most: spellMoney(most) });
  if (!isReturnUrl(wanted.returnUrl)) return refuse('payment.return_url_invalid');
  if ((await countOpen(em, accountId)) >= maxOpenPayments) return refuse('payment.too_many_open');
  const id = newId('payment', at);
  await em.execute(
    `insert into payment (id, account_id, order_id, amount_minor, currency, state, provider, return_url, begun_by_id, begun_at)
      values (?, ?, ?, ?, ?, 'preparing', ?, ?, ?, ?)`,
    [id, accountId, orderId ?? null, amountMinor, currency, paymentProviderName, wanted.returnUrl, actor.userId, at],
  );
  await planPaymentStep(em, at, { id, accountId, amountMinor }, { kind: 'create', dueAt: at, rule: 'at once' });
  await notePayment(em, at, id, 'begun', `customer:${actor.userId}`, orderId === undefined ? {} : { order: orderId });
  await tellEngine(em, at, { kind: 'money.begun', entity: moneyEntity('payment', id) });
  await auditWish(wish, 'payment.make', `payment:${id}`, at, {
    after: { amount: spellMoney({ amountMinor, currency }), ...(orderId === undefined ? {} : { order: orderId }) },
  });
  await showPayment(em, at, { id, account: { id: accountId, name: '' } });
  return { id };
}

async function countOpen(em: EntityManager, accountId: string): Promise<number> {
  const [row] = await em.execute<{ count: string }[]>('select count(*) from payment where account_id = ? and state = any(?::text[])', [
    accountId,
    `{${openPaymentStates.join(',')}}`,
  ]);
  return Number(row?.count);
}

/** Staff have the provider asked now, rather than when the schedule says; nothing changes where nothing is asked any more. */
export async function askNow(wish: Wish<StaffActor>, id: string): Promise<{ id: string } | Refusal> {
  const { em } = wish;
  const payment = await lockPayment(em, id);
  if (!payment) return refuse('payment.not_found');
  const at = wish.clock.now();
  if (await hurry(em, at, id)) await notePayment(em, at, id, 'asked', `staff:${wish.actor.userId}`);
  await auditWish(wish, 'payment.ask', `payment:${id}`, at);
  return { id };
}

/**
 * The next step of a payment, whatever it is, is due now.
 * @returns false where it has none
 */
export async function hurry(em: EntityManager, at: Date, id: string, happening: 'asked' | 'notified' = 'asked'): Promise<boolean> {
  const entity = moneyEntity('payment', id);
  const hurried = await em.execute<unknown[]>(
    'update obligation set due_at = least(due_at, ?::timestamptz), rule = ? where entity = ? returning 1',
    [at, happening, entity],
  );
  if (hurried.length === 0) return false;
  await tellEngine(em, at, { kind: 'money.happening', entity, happening });
  return true;
}

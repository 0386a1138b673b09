/**
 * What the provider says of a payment becomes ours (SPEC B2), in one transaction: the credit, the order that it pays, the letter.
 * Told ten times, in any order, it is done once: the payment's row is held, and the ledger knows its key `payment:<id>`.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { ownAccount } from '../../domain/ledger.ts';
import { faultInPayment, type FoundPayment, type Shop } from '../../domain/payment-life.ts';
import { openCase } from './cases.ts';
import { tellFinance } from './finance-notices.ts';
import { postTransfer } from './ledger.ts';
import { creditMoney, lockFunds } from './money.ts';
import { lockForSettling, type SettlingOrder } from './order-settling.ts';
import { lockPayment, notePayment, planPaymentStep, readPayment, showPayment, type PaymentView } from './payment-row.ts';

const by = 'provider';

/**
 * Takes the payment as the provider has it now. Locks: what its order delivers → order → payment → account.
 * @returns whether that changed anything
 */
export async function takeProviderPayment(em: EntityManager, at: Date, id: string, found: FoundPayment, shop: Shop): Promise<boolean> {
  const known = await readPayment(em, id);
  if (!known) return false;
  const order = found.state === 'succeeded' && known.orderId !== null ? await lockForSettling(em, known.orderId, at) : undefined;
  const payment = (await lockPayment(em, id))!;
  if (payment.state === 'succeeded' || payment.state === 'review') return false;
  if (payment.providerId !== null && payment.providerId !== found.id) return noteSecond(em, at, payment, found);
  const changed = await adopt(em, at, payment, found);
  switch (found.state) {
    case 'succeeded':
      await settle(em, at, payment, found, shop, order);
      return true;
    case 'canceled':
      return payment.state === 'canceled' ? changed : cancel(em, at, payment, found);
    default:
      return changed;
  }
}

/** The provider has it: under which number, and where the payer goes. */
async function adopt(em: EntityManager, at: Date, payment: PaymentView, found: FoundPayment): Promise<boolean> {
  const isOpen = found.state === 'pending' || found.state === 'waiting_for_capture';
  const news =
    payment.providerId === null || (isOpen && payment.confirmationUrl !== found.confirmationUrl && found.confirmationUrl !== null);
  if (!news) return false;
  const state = payment.state === 'preparing' || payment.state === 'lapsed' ? 'pending' : payment.state;
  await em.execute(
    `update payment set provider_id = ?, confirmation_url = coalesce(?, confirmation_url), state = ?, asks = 0,
        settled_at = case when state = 'lapsed' then null else settled_at end, revision = revision + 1 where id = ?`,
    [found.id, found.confirmationUrl, state, payment.id],
  );
  if (payment.providerId === null) await notePayment(em, at, payment.id, 'accepted', by, { provider: found.id });
  await showPayment(em, at, payment);
  return true;
}

/** The provider has two of one of ours. The second is not credited: a person must look, where it was paid. */
async function noteSecond(em: EntityManager, at: Date, payment: PaymentView, found: FoundPayment): Promise<boolean> {
  if (found.state !== 'succeeded') return false;
  await notePayment(em, at, payment.id, 'twice', by, { provider: found.id });
  await openCase(em, at, {
    kind: 'books.payment_doubled',
    about: `provider-payment:${found.id}`,
    detail: { payment: payment.id, account: payment.account.id, provider: found.id, thereMinor: String(found.amountMinor) },
  });
  return true;
}

async function settle(
  em: EntityManager,
  at: Date,
  payment: PaymentView,
  found: FoundPayment,
  shop: Shop,
  order: SettlingOrder | undefined,
): Promise<void> {
  const { id, account, amountMinor, currency } = payment;
  const fault = faultInPayment(payment, found, shop);
  if (fault) {
    await em.execute(`update payment set state = 'review', settled_at = ?, method = ?, revision = revision + 1 where id = ?`, [
      at,
      found.method,
      id,
    ]);
    await planStep(em, at, payment, null);
    await notePayment(em, at, id, 'review', by, { fault, provider: found.id });
    const detail = { account: account.id, fault, provider: found.id, thereMinor: String(found.amountMinor), thereCurrency: found.currency };
    await openCase(em, at, { kind: 'payment.review', about: `payment:${id}`, detail });
    await showPayment(em, at, payment);
    return;
  }
  const { paidMinor: paidBeforeMinor } = await lockFunds(em, account.id, at);
  const pays = order !== undefined && order.refusal === null;
  const { transferId } = await creditMoney(em, {
    key: `payment:${id}`,
    accountId: account.id,
    amountMinor,
    at,
    by,
    about: { payment: id, ...(payment.orderId === null ? {} : { order: payment.orderId }) },
    kind: 'top_up',
    against: 'clearing',
    paymentId: id,
    keepFor: pays,
  });
  await em.execute(
    `update payment set state = 'succeeded', transfer_id = ?, settled_at = ?, method = ?, confirmation_url = null, revision = revision + 1 where id = ?`,
    [transferId, at, found.method, id],
  );
  await notePayment(em, at, id, 'credited', by, { transfer: transferId });
  await planStep(em, at, payment, null);
  await keepFee(em, at, payment, found.incomeMinor);
  await payOrder(em, at, payment, pays ? order : undefined, order, { transferId, paidBeforeMinor });
  const { paidMinor, bonusMinor } = await lockFunds(em, account.id, at);
  const facts = { amount: { amountMinor, currency }, balance: { amountMinor: paidMinor + bonusMinor, currency }, payment: id };
  if (order && order.refusal !== null)
    await tellFinance(em, at, 'order.not_paid', `order.not_paid:${id}`, account.id, {
      ...facts,
      order: payment.orderId!,
      why: order.refusal,
    });
  else
    await tellFinance(
      em,
      at,
      'payment.credited',
      `payment.credited:${id}`,
      account.id,
      payment.orderId ? { ...facts, order: payment.orderId } : facts,
    );
  await showPayment(em, at, payment);
}

async function payOrder(
  em: EntityManager,
  at: Date,
  { id, orderId }: PaymentView,
  payable: SettlingOrder | undefined,
  order: SettlingOrder | undefined,
  money: { readonly transferId: string; readonly paidBeforeMinor: number },
): Promise<void> {
  if (payable) {
    await payable.pay({ ...money, by });
    await notePayment(em, at, id, 'order_paid', by, { order: orderId! });
  } else if (order) await notePayment(em, at, id, 'order_not_paid', by, { order: orderId!, why: order.refusal! });
}

/** What the provider keeps for himself, where he says it. */
async function keepFee(
  em: EntityManager,
  at: Date,
  { id, account, amountMinor, currency }: PaymentView,
  incomeMinor: number | null,
): Promise<void> {
  if (incomeMinor === null || incomeMinor > amountMinor || incomeMinor < 0) return;
  const feeMinor = amountMinor - incomeMinor;
  await em.execute('update payment set fee_minor = ? where id = ?', [feeMinor, id]);
  if (feeMinor === 0) return;
  await postTransfer(em, {
    key: `fee:${id}`,
    request: `fee ${id} ${feeMinor}`,
    kind: 'fee',
    currency,
    at,
    by,
    about: { payment: id },
    entries: [
      { account: ownAccount('clearing', currency, account.id), amountMinor: feeMinor },
      { account: ownAccount('fees', currency, account.id), amountMinor: -feeMinor },
    ],
  });
  await notePayment(em, at, id, 'fee', by, { feeMinor: String(feeMinor) });
}

/** It will never be paid. An order stays open: it may be paid again until it is given up. */
async function cancel(em: EntityManager, at: Date, payment: PaymentView, found: FoundPayment): Promise<boolean> {
  const why = (found.cancelledFor ?? 'unknown').slice(0, 100);
  await em.execute(
    `update payment set state = 'canceled', cancelled_by = ?, cancelled_for = ?, settled_at = ?, method = ?, confirmation_url = null, revision = revision + 1
      where id = ?`,
    [found.cancelledBy?.slice(0, 100) ?? null, why, at, found.method, payment.id],
  );
  await planStep(em, at, payment, null);
  await notePayment(em, at, payment.id, 'canceled', by, { why });
  await tellFailed(em, at, payment, why);
  await showPayment(em, at, payment);
  return true;
}

/** The provider refused it for good: it was never made. */
export async function refusePayment(em: EntityManager, at: Date, payment: PaymentView, code: string): Promise<void> {
  const why = code.slice(0, 100);
  await em.execute(
    `update payment set state = 'canceled', cancelled_by = 'provider', cancelled_for = ?, settled_at = ?, revision = revision + 1 where id = ?`,
    [why, at, payment.id],
  );
  await planStep(em, at, payment, null);
  await notePayment(em, at, payment.id, 'refused', by, { why });
  await openCase(em, at, { kind: 'payment.refused', about: `payment:${payment.id}`, detail: { account: payment.account.id, why } });
  await tellFailed(em, at, payment, why);
  await showPayment(em, at, payment);
}

export async function tellFailed(
  em: EntityManager,
  at: Date,
  { id, account, amountMinor, currency, orderId }: PaymentView,
  why: string,
): Promise<void> {
  await tellFinance(em, at, 'payment.failed', `payment.failed:${id}`, account.id, {
    amount: { amountMinor, currency },
    payment: id,
    ...(orderId === null ? {} : { order: orderId }),
    why,
  });
}

async function planStep(em: EntityManager, at: Date, payment: PaymentView, step: Parameters<typeof planPaymentStep>[3]): Promise<void> {
  await planPaymentStep(em, at, { id: payment.id, accountId: payment.account.id, amountMinor: payment.amountMinor }, step);
}

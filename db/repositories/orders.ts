/** Orders as customers wish them, one verb each (SPEC B4). */
import type { CustomerActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { openPaymentStates } from '../../domain/payment-life.ts';
import { auditWish } from '../audit.ts';
import type { Wish } from '../wish.ts';
import { closeUnpaid } from './order-closing.ts';
import { fulfilmentOf } from './order-fulfilments.ts';
import { faultInPaying, holdOrder } from './order-paying.ts';
import { allOrNothing, payHeld, placeHeld, type Paying } from './order-placing.ts';
import { lockOrder, readOrder } from './order-row.ts';

export interface WishedOrder {
  /** Id of the quote that is accepted by paying for it. */
  readonly quote: string;
  readonly promoCode?: string | undefined;
  readonly paying: Paying;
}

/** Orders what a quote offers. */
export async function placeOrder(wish: Wish<CustomerActor>, { quote, promoCode, paying }: WishedOrder): Promise<{ id: string } | Refusal> {
  const held = await fulfilmentOf('quote').hold(wish.em, quote, wish.actor.accountId);
  if (!held) return refuse('quote.not_found');
  // The clock is read with the rows in hand: whoever waited for them is judged by when he came to them.
  const at = wish.clock.now();
  return placeHeld(wish, at, { fulfilment: 'quote', about: quote, held }, { typedCode: promoCode, paying });
}

/** Pays an order that waits: from the balance, whatever is under way at the provider, or there, by one payment at a time. */
export async function payOrder(wish: Wish<CustomerActor>, id: string, paying: Paying): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const held = await holdOrder(em, id, actor.accountId);
  if (!held) return refuse('order.not_found');
  const at = wish.clock.now();
  const fault = await faultInPaying(held, at);
  if (fault) return fault;
  const { payment } = held.order;
  if (paying.by === 'provider' && payment && openPaymentStates.some((state) => state === payment.state)) return refuse('order.being_paid');
  const paid = await allOrNothing(em, async () => payHeld(wish, at, held, paying));
  if (isRefusal(paid)) return paid;
  await auditWish(wish, 'order.pay', `order:${id}`, at, { after: { by: paying.by } });
  return { id };
}

/** Gives up an order that waits. A payment that is under way for it stays: its money comes to the balance. */
export async function cancelOrder(wish: Wish<CustomerActor>, id: string): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  if (!(await readOrder(em, id, actor.accountId))) return refuse('order.not_found');
  const order = (await lockOrder(em, id))!;
  const at = wish.clock.now();
  if (order.state === 'paid') return refuse('order.already_paid');
  if (order.state !== 'open') return refuse('order.settled');
  await closeUnpaid(em, at, { id, accountId: actor.accountId }, 'cancelled');
  await auditWish(wish, 'order.cancel', `order:${id}`, at);
  return { id };
}

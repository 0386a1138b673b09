/** What paying for an order does beside its money (SPEC B4): it is delivered, its promo code is used, its timer ends. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { PayingWay } from '../../domain/order.ts';
import { cancelOrdersOf } from './order-closing.ts';
import { holdLines, type Held } from './order-fulfilments.ts';
import { lockOrder, readOrder, showOrder, writeOrderOver, type OrderLineView, type OrderView } from './order-row.ts';
import { settleUse } from './promo-codes.ts';
import type { Deed } from './ticket-deed.ts';
import { endTimed } from './timed-entities.ts';

/** An order with what it delivers, all held until the transaction ends. */
export interface HeldOrder {
  readonly order: OrderView;
  readonly lines: readonly { readonly line: OrderLineView; readonly held: Held }[];
}

/**
 * Holds an order, and before it what it delivers: ticket → what hangs on it → order. Undefined when there is none.
 * @param accountId when given, another account's is as unknown as one that does not exist
 */
export async function holdOrder(em: EntityManager, id: string, accountId?: string): Promise<HeldOrder | undefined> {
  const known = await readOrder(em, id, accountId);
  if (!known) return undefined;
  const lines = await holdLines(em, known.lines);
  return { order: (await lockOrder(em, id))!, lines };
}

/** Why an order cannot be paid now, whatever money there is: it is over, or what it delivers is not to be had at its price. */
export async function faultInPaying({ order, lines }: HeldOrder, at: Date): Promise<Refusal | undefined> {
  if (order.state === 'paid') return refuse('order.already_paid');
  // One whose time is over may wait for a hold to be lifted: it is to be had until time takes it.
  if (order.state !== 'open') return refuse('order.settled');
  for (const { line, held } of lines) {
    const offer = await held.offer(at);
    if (isRefusal(offer)) return refuse('order.offer_gone');
    if (offer.listMinor !== line.listMinor || offer.currency !== order.currency) return refuse('order.price_changed');
  }
  return undefined;
}

/**
 * Completes an order whose money is taken, in the same transaction: marked paid, promo code used, delivered. Other orders that
 * wait for the same are over.
 */
export async function completeOrder(
  em: EntityManager,
  deed: Deed,
  { order, lines }: HeldOrder,
  paid: { readonly by: PayingWay; readonly transferId: string | null },
): Promise<void> {
  const { at } = deed;
  const { id, totalMinor, currency } = order;
  const accountId = order.account.id;
  await writeOrderOver(em, at, id, { state: 'paid', paidBy: paid.by, transferId: paid.transferId });
  await settleUse(em, at, id, 'used');
  if (order.expiresAt !== null) await endTimed(em, at, 'order', id);
  for (const { line, held } of lines) {
    await cancelOrdersOf(em, at, accountId, line.fulfilment, line.about);
    await held.deliver(deed, { amountMinor: totalMinor, currency });
  }
  await showOrder(em, at, { id, accountId });
}

/** How an order that nobody paid ends: its promo code is given back, and its timer with it (SPEC B5). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FulfilmentKind } from '../../domain/order.ts';
import { lockOpenOrdersOf, showOrder, writeOrderOver } from './order-row.ts';
import { settleUse } from './promo-codes.ts';
import { endTimed } from './timed-entities.ts';

/** Ends an open order unpaid. Its row is held. A payment that is under way for it stays: its money comes to the balance. */
export async function closeUnpaid(
  em: EntityManager,
  at: Date,
  order: { readonly id: string; readonly accountId: string },
  state: 'cancelled' | 'abandoned',
): Promise<void> {
  await writeOrderOver(em, at, order.id, { state });
  await settleUse(em, at, order.id, 'released');
  // Time ends its own step.
  if (state === 'cancelled') await endTimed(em, at, 'order', order.id);
  await showOrder(em, at, order);
}

/** What was ordered is not to be had any more: the orders that wait for it are over. What is delivered is held before. */
export async function cancelOrdersOf(
  em: EntityManager,
  at: Date,
  accountId: string,
  fulfilment: FulfilmentKind,
  about: string,
): Promise<void> {
  for (const id of await lockOpenOrdersOf(em, fulfilment, about)) await closeUnpaid(em, at, { id, accountId }, 'cancelled');
}

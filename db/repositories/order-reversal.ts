/**
 * What an order cost goes back to the balance, whole or in part (SPEC B7). Whole, what was bought ends with it; in part, it
 * stays. Locks: ticket → quote → order → account.
 */
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { spellMoney } from '../../domain/money.ts';
import { auditWish } from '../audit.ts';
import type { Wish } from '../wish.ts';
import { reverseSpend } from './money.ts';
import { holdOrder } from './order-paying.ts';
import { showOrder } from './order-row.ts';
import { deedOf } from './ticket-deed.ts';

export interface ReversedOrder {
  readonly id: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Then what was bought has ended. */
  readonly isWhole: boolean;
}

/**
 * Gives back what was paid for an order, to the payments it came from, once. To the payer it goes by a refund of these.
 * @param wanted.amountMinor left out: the whole price
 */
export async function reverseOrder(
  wish: Wish<StaffActor>,
  id: string,
  wanted: { readonly amountMinor?: number | undefined; readonly currency?: string | undefined; readonly reason: string },
): Promise<ReversedOrder | Refusal> {
  const { em, actor } = wish;
  const held = await holdOrder(em, id);
  if (!held) return refuse('order.not_found');
  const { order, lines } = held;
  if (order.state !== 'paid') return refuse('order.not_paid');
  const at = wish.clock.now();
  const { currency, totalMinor, transferId } = order;
  if (order.reversal) return refuse('order.reversed');
  if (wanted.currency !== undefined && wanted.currency !== currency) return refuse('money.currency_wrong', { currency });
  const amountMinor = wanted.amountMinor ?? totalMinor;
  // What cost nothing has nothing to give back.
  if (transferId === null || amountMinor > totalMinor)
    return refuse('money.exceeds_rest', { rest: spellMoney({ amountMinor: transferId === null ? 0 : totalMinor, currency }) });
  const accountId = order.account.id;
  const isWhole = amountMinor === totalMinor;
  // Only now, as nothing refuses any more: what the transaction wrote by then stays.
  if (isWhole) for (const { held } of lines) await held.end(deedOf(wish, at));
  await reverseSpend(em, transferId, {
    key: `reversal:${id}`,
    accountId,
    amountMinor,
    at,
    by: `staff:${actor.userId}`,
    about: { order: id },
  });
  await em.execute('update sales_order set reversal_reason = ?, revision = revision + 1 where id = ?', [wanted.reason, id]);
  await auditWish(wish, 'refund.reverse_order', `order:${id}`, at, {
    after: { account: accountId, amount: spellMoney({ amountMinor, currency }) },
  });
  await showOrder(em, at, { id, accountId });
  return { id, amountMinor, currency, isWhole };
}

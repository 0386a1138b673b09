/** An order that was paid for at the provider (SPEC B4): its money came, and buys what it came for, if that is still to be had. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal, type ErrorCode } from '../../domain/errors.ts';
import { readFunds, spendMoney } from './money.ts';
import { completeOrder, faultInPaying, holdOrder, type HeldOrder } from './order-paying.ts';
import type { Deed } from './ticket-deed.ts';

export interface SettlingOrder {
  /** Why it cannot be paid: then the money stays on the balance, and the customer is told. Null: it can be. */
  readonly refusal: ErrorCode | null;
  /**
   * Spends the money that came in for it, whole, and delivers. Throws where {@link refusal} is set, or the ledger refuses.
   * @param money.paidBeforeMinor the paid balance before that money was credited
   */
  pay(money: { readonly transferId: string; readonly paidBeforeMinor: number; readonly by: string }): Promise<void>;
}

/**
 * Holds an order for the settling of its payment, before the payment's row and the account: ticket → what hangs on it → order.
 * A payment for an order is for exactly its total, and a total never changes. Throws when there is no such order.
 */
export async function lockForSettling(em: EntityManager, orderId: string, at: Date): Promise<SettlingOrder> {
  const held = await holdOrder(em, orderId);
  if (!held) throw new Error(`${orderId} is not there`);
  const refusal = await refusalNow(em, held, at);
  return {
    refusal,
    pay: async ({ transferId, paidBeforeMinor, by }) => {
      const { id, account, totalMinor, placedBy } = held.order;
      if (refusal !== null) throw new Error(`${id} cannot be paid: ${refusal}`);
      const spent = await spendMoney(em, {
        key: `order:${id}`,
        accountId: account.id,
        amountMinor: totalMinor,
        at,
        by,
        about: { order: id },
        paidFor: { transferId, paidBeforeMinor },
      });
      // Frozen since it was looked at: all is taken back, and settled anew.
      if (isRefusal(spent)) throw new Error(`${id} was refused by the ledger: ${spent.refused}`);
      await completeOrder(em, deedOfPayer(placedBy?.id ?? null, at), held, { by: 'provider', transferId: spent.transferId });
    },
  };
}

async function refusalNow(em: EntityManager, held: HeldOrder, at: Date): Promise<ErrorCode | null> {
  const fault = await faultInPaying(held, at);
  if (fault) return fault.refused;
  const funds = (await readFunds(em, held.order.account.id, at))!;
  return funds.isFrozen ? 'balance.frozen' : null;
}

/** Whoever ordered it has now paid for it; the request in which he did is long over. */
function deedOfPayer(userId: string | null, at: Date): Deed {
  const by = userId === null ? ({ side: 'time', id: null } as const) : ({ side: 'customer', id: userId } as const);
  return { at, by, channel: 'engine', requestId: null, address: null };
}

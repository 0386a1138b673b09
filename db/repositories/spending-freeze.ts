/** When nothing may be spent from a balance until staff have looked (SPEC B7): money was claimed back that was spent already. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { tellPages } from '../change-feed.ts';
import { tellFinance } from './finance-notices.ts';
import { lockFunds } from './money.ts';

/**
 * Stops spending, and tells those who pay. What is frozen stays as it is, and is told once for each cause.
 * @param cause names what it is for, such as `chargeback:pay_…`
 */
export async function freezeSpending(
  em: EntityManager,
  at: Date,
  accountId: string,
  why: 'chargeback' | 'clawback' | 'staff',
  cause: string,
): Promise<void> {
  const funds = await lockFunds(em, accountId, at);
  await em.execute('update billing set frozen_at = ?, frozen_for = ?, revision = revision + 1 where account_id = ? and frozen_at is null', [
    at,
    why,
    accountId,
  ]);
  const balance = { amountMinor: funds.paidMinor + funds.bonusMinor, currency: funds.currency };
  await tellFinance(em, at, 'spending.frozen', `spending.frozen:${cause}`, accountId, { balance });
  await tellPages(em, at, { accountId, staff: true }, { what: 'balance', id: accountId });
}

/** The rules of money that an installation keeps (SPEC B4, B6, B7): one row of settings. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { spellMoney } from '../../domain/money.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import type { Wish } from '../wish.ts';

export interface FinancePolicy {
  /** Refunds and adjustments above it wait for a second person. */
  readonly approvalAboveMinor: number;
  /** How long an order that is not paid keeps its price and its promo code. */
  readonly orderStandsSeconds: number;
  /** Day of the month on which the statements of the month before are sent. */
  readonly statementDay: number;
}

export interface FinancePolicyView extends FinancePolicy {
  readonly revision: number;
}

export async function readFinancePolicy(em: EntityManager): Promise<FinancePolicyView> {
  const [row] = await em.execute<{ above: string; stands: number; day: number; revision: number }[]>(
    `select approval_above_minor as above, order_stands_seconds as stands, statement_day as day, revision from finance_policy where id = 'main'`,
  );
  return { approvalAboveMinor: Number(row!.above), orderStandsSeconds: row!.stands, statementDay: row!.day, revision: row!.revision };
}

/**
 * Changes them, for what begins afterwards: what waits for a second person already goes on waiting.
 * @param known the revision that the caller has seen; undefined when he does not mind
 */
export async function changeFinancePolicy(
  wish: Wish<StaffActor>,
  known: number | undefined,
  wanted: FinancePolicy,
): Promise<FinancePolicyView | Refusal> {
  const { em } = wish;
  await em.execute(`select 1 from finance_policy where id = 'main' for update`);
  const before = await readFinancePolicy(em);
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  const at = wish.clock.now();
  await em.execute(
    `update finance_policy set approval_above_minor = ?, order_stands_seconds = ?, statement_day = ?, revision = revision + 1 where id = 'main'`,
    [wanted.approvalAboveMinor, wanted.orderStandsSeconds, wanted.statementDay],
  );
  await auditWish(wish, 'finance_policy.change', 'finance-policy:main', at, { before: audited(before), after: audited(wanted) });
  await tellPages(em, at, { staff: true }, { what: 'setting', id: 'finance_policy' });
  return readFinancePolicy(em);
}

function audited({ approvalAboveMinor, orderStandsSeconds, statementDay }: FinancePolicy): Record<string, string> {
  return {
    approvalAbove: spellMoney({ amountMinor: approvalAboveMinor, currency: 'RUB' }),
    orderStandsSeconds: String(orderStandsSeconds),
    statementDay: String(statementDay),
  };
}

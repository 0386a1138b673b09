/**
 * Reports of money (SPEC A3, B2, B7). Revenue is read from the ledger, where it is earned when something is bought and taken back
 * with a reversal; payments and refunds count in the part of time in which they were begun, so that their shares are of the same.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  moneyCasePrefixes,
  refundStatesOfOutcome,
  statesOfOutcome,
  type PaymentOutcome,
  type RefundOutcome,
  type Taken,
} from '../../domain/finance-report.ts';
import type { ReportPeriod } from '../../domain/service-report.ts';

export interface FinanceFilter {
  /** ISO 4217: sums of two currencies are no sum. */
  readonly currency: string;
  readonly accountId?: string | undefined;
}

type Span = Pick<ReportPeriod, 'startsAt' | 'endsAt'>;

/** The number, from 0, of the part in which an instant lies; the bounds are one value. */
const partOf = (column: string) =>
  `width_bucket(${column}, array(select b::timestamptz from jsonb_array_elements_text(?::jsonb) with ordinality as x (b, at) order by at)) - 1`;
const boundsOf = (spans: readonly Span[]) => JSON.stringify(spans.map(({ startsAt }) => startsAt.toISOString()));
const whole = (spans: readonly Span[]): [Date, Date] => [spans[0]!.startsAt, spans.at(-1)!.endsAt];

/** What was earned, or taken back, in a part of time. */
export interface RevenuePart {
  readonly part: number;
  readonly kind: 'sold' | 'taken_back';
  readonly transfers: number;
  /** Not below zero. */
  readonly amountMinor: number;
}

/** Revenue by parts of time. */
export async function revenueByPart(em: EntityManager, spans: readonly Span[], filter: FinanceFilter): Promise<RevenuePart[]> {
  const { currency, accountId } = filter;
  // Of one account it is read from the account's own side, which is as large and the other way round.
  const source =
    accountId === undefined
      ? `(select e.at, e.amount_minor as amount, e.amount_minor > 0 as sold, e.transfer_id from ledger_account a join ledger_entry e on e.ledger_account_id = a.id
          where a.kind = 'revenue' and a.currency = ? and e.at >= ? and e.at < ?)`
      : `(select e.at, -e.amount_minor as amount, t.kind = 'purchase' as sold, e.transfer_id from ledger_account a join ledger_entry e on e.ledger_account_id = a.id
            join ledger_transfer t on t.id = e.transfer_id
          where a.account_id = ? and t.kind in ('purchase', 'reversal') and a.currency = ? and e.at >= ? and e.at < ?)`;
  const rows = await em.execute<{ part: number; sold: boolean; transfers: number; amount: string }[]>(
    `select ${partOf('r.at')} as part, r.sold, count(${accountId === undefined ? '*' : 'distinct r.transfer_id'})::integer as transfers, abs(sum(r.amount)) as amount
      from ${source} r group by 1, 2`,
    [boundsOf(spans), ...(accountId === undefined ? [] : [accountId]), currency, ...whole(spans)],
  );
  return rows.map(({ part, sold, transfers, amount }) => ({
    part,
    kind: sold ? 'sold' : 'taken_back',
    transfers,
    amountMinor: Number(amount),
  }));
}

/** What was sold, by what it was. */
export async function soldByKind(
  em: EntityManager,
  period: Span,
  { currency, accountId }: FinanceFilter,
): Promise<{ kind: string; lines: number; amountMinor: number }[]> {
  const rows = await em.execute<{ kind: string; lines: number; amount: string }[]>(
    `select l.fulfilment as kind, count(*)::integer as lines, sum(l.price_minor) as amount from sales_order o join order_line l on l.order_id = o.id
      where o.state = 'paid' and o.currency = ? and o.settled_at >= ? and o.settled_at < ? ${accountId === undefined ? '' : 'and o.account_id = ?'}
      group by 1 order by 3 desc, 1`,
    [currency, period.startsAt, period.endsAt, ...(accountId === undefined ? [] : [accountId])],
  );
  return rows.map(({ kind, lines, amount }) => ({ kind, lines, amountMinor: Number(amount) }));
}

export interface OutcomePart<Outcome extends string> {
  readonly part: number;
  readonly outcome: Outcome;
  readonly count: number;
  readonly amountMinor: number;
  readonly feesMinor: number;
}

const outcomeSql = (column: string, outcomes: Readonly<Record<string, readonly string[]>>) =>
  `case ${Object.entries(outcomes)
    .map(([outcome, states]) => `when ${column} in (${states.map((state) => `'${state}'`).join(', ')}) then '${outcome}'`)
    .join(' ')} end`;

/** Payments begun in parts of time, by how they have come out until now. */
export async function paymentsByPart(
  em: EntityManager,
  spans: readonly Span[],
  { currency, accountId }: FinanceFilter,
): Promise<OutcomePart<PaymentOutcome>[]> {
  return outcomesOf(
    await em.execute<OutcomeRow<PaymentOutcome>[]>(
      `select ${partOf('p.begun_at')} as part, ${outcomeSql('p.state', statesOfOutcome)} as outcome, count(*)::integer as count,
          sum(p.amount_minor) as amount, coalesce(sum(p.fee_minor), 0) as fees
        from payment p where p.begun_at >= ? and p.begun_at < ? and p.currency = ? ${accountId === undefined ? '' : 'and p.account_id = ?'} group by 1, 2`,
      [boundsOf(spans), ...whole(spans), currency, ...(accountId === undefined ? [] : [accountId])],
    ),
  );
}

interface OutcomeRow<Outcome> {
  part: number;
  outcome: Outcome;
  count: number;
  amount: string;
  fees: string;
}

function outcomesOf<Outcome extends string>(rows: readonly OutcomeRow<Outcome>[]): OutcomePart<Outcome>[] {
  return rows.map(({ part, outcome, count, amount, fees }) => ({
    part,
    outcome,
    count,
    amountMinor: Number(amount),
    feesMinor: Number(fees),
  }));
}

export interface FailureReason {
  /** The provider's own words; null where he gave none. */
  readonly reason: string | null;
  readonly party: string | null;
  readonly count: number;
  readonly amountMinor: number;
}

/** Why payments failed, the most frequent first. */
export async function failuresByReason(em: EntityManager, period: Span, { currency, accountId }: FinanceFilter): Promise<FailureReason[]> {
  const rows = await em.execute<{ reason: string | null; party: string | null; count: number; amount: string }[]>(
    `select p.cancelled_for as reason, p.cancelled_by as party, count(*)::integer as count, sum(p.amount_minor) as amount from payment p
      where p.state = 'canceled' and p.begun_at >= ? and p.begun_at < ? and p.currency = ? ${accountId === undefined ? '' : 'and p.account_id = ?'}
      group by 1, 2 order by 3 desc, 1, 2 limit 50`,
    [period.startsAt, period.endsAt, currency, ...(accountId === undefined ? [] : [accountId])],
  );
  return rows.map(({ reason, party, count, amount }) => ({ reason, party, count, amountMinor: Number(amount) }));
}

/** How long payments took from their beginning until the money was there. */
export async function settlingTimes(em: EntityManager, period: Span, { currency, accountId }: FinanceFilter): Promise<Taken[]> {
  return em.execute<{ seconds: number; count: number }[]>(
    `select ceil(extract(epoch from p.settled_at - p.begun_at))::integer as seconds, count(*)::integer as count from payment p
      where p.state = 'succeeded' and p.begun_at >= ? and p.begun_at < ? and p.currency = ? ${accountId === undefined ? '' : 'and p.account_id = ?'} group by 1`,
    [period.startsAt, period.endsAt, currency, ...(accountId === undefined ? [] : [accountId])],
  );
}

/** Refunds asked for in parts of time, by how they have come out until now. */
export async function refundsByPart(
  em: EntityManager,
  spans: readonly Span[],
  { currency, accountId }: FinanceFilter,
): Promise<OutcomePart<RefundOutcome>[]> {
  return outcomesOf(
    await em.execute<OutcomeRow<RefundOutcome>[]>(
      `select ${partOf('r.asked_for_at')} as part, ${outcomeSql('r.state', refundStatesOfOutcome)} as outcome, count(*)::integer as count,
          sum(r.amount_minor) as amount, 0 as fees
        from refund r where r.asked_for_at >= ? and r.asked_for_at < ? and r.currency = ? ${accountId === undefined ? '' : 'and r.account_id = ?'} group by 1, 2`,
      [boundsOf(spans), ...whole(spans), currency, ...(accountId === undefined ? [] : [accountId])],
    ),
  );
}

/** By whom refunds were made. */
export async function refundsByOrigin(
  em: EntityManager,
  period: Span,
  { currency, accountId }: FinanceFilter,
): Promise<{ origin: 'staff' | 'cabinet'; count: number; amountMinor: number }[]> {
  const rows = await em.execute<{ origin: 'staff' | 'cabinet'; count: number; amount: string }[]>(
    `select r.origin, count(*)::integer as count, sum(r.amount_minor) as amount from refund r
      where r.asked_for_at >= ? and r.asked_for_at < ? and r.currency = ? ${accountId === undefined ? '' : 'and r.account_id = ?'} group by 1 order by 1`,
    [period.startsAt, period.endsAt, currency, ...(accountId === undefined ? [] : [accountId])],
  );
  return rows.map(({ origin, count, amount }) => ({ origin, count, amountMinor: Number(amount) }));
}

/** Money that needs a person now. */
export interface MoneyNeeds {
  /** Open cases about money. */
  readonly cases: number;
  /** Refunds and corrections that wait for a second person. */
  readonly approvals: number;
  readonly approvalsMinor: number;
  readonly frozenAccounts: number;
  /** Audits that failed since the last one that was done. */
  readonly failedAudits: number;
  /** Accounts whose use of credit is overdue. */
  readonly overdueAccounts: number;
  readonly overdueMinor: number;
}

export async function moneyNeeds(em: EntityManager, now: Date): Promise<MoneyNeeds> {
  const [row] = await em.execute<
    Record<'approvalsMinor' | 'overdueMinor' | 'cases' | 'approvals' | 'frozenAccounts' | 'failedAudits' | 'overdueAccounts', string>[]
  >(
    `select (select count(*) from staff_case where settled_at is null and (${moneyCasePrefixes.map((prefix) => `kind like '${prefix}%'`).join(' or ')})) as cases,
        w.approvals, w.sum as "approvalsMinor", u.accounts as "overdueAccounts", u.sum as "overdueMinor",
        (select count(*) from billing where frozen_at is not null) as "frozenAccounts",
        (select count(*) from books_audit b where b.state = 'failed'
          and b.ended_at > coalesce((select max(d.ended_at) from books_audit d where d.state = 'done'), '-infinity')) as "failedAudits"
      from (select count(*) as approvals, coalesce(sum(amount_minor), 0) as sum from money_approval where state = 'waiting') w,
        (select count(distinct account_id) as accounts, coalesce(sum(on_credit_minor), 0) as sum from money_out where on_credit_minor > 0 and due_at <= ?) u`,
    [now],
  );
  return Object.fromEntries(Object.entries(row!).map(([name, value]) => [name, Number(value)])) as unknown as MoneyNeeds;
}

/** Who owes what, and since when (SPEC B3): credit that is used, by how long it is past its day. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** Not past its day or without one · past it by so many days. */
export const ageingBuckets = ['notDue', 'days1to30', 'days31to60', 'days61to90', 'daysOver90'] as const;
export type AgeingBucket = (typeof ageingBuckets)[number];
export type AgeingSums = Readonly<Record<AgeingBucket, number>>;

export interface AgeingRow extends AgeingSums {
  readonly account: { readonly id: string; readonly name: string };
  readonly currency: string;
  readonly totalMinor: number;
  readonly creditLimitMinor: number;
  readonly creditTermDays: number | null;
  /** The earliest day of a use that is not repaid; null where none has one. */
  readonly earliestDueAt: Date | null;
}

interface Row extends Record<AgeingBucket, string> {
  id: string;
  name: string;
  currency: string;
  total: string;
  credit_limit_minor: string;
  credit_term_days: number | null;
  earliest: string | null;
}

const day = (days: number) => `interval '${days} days'`;
const bucket = (condition: string, name: AgeingBucket) => `coalesce(sum(o.on_credit_minor) filter (where ${condition}), 0) as "${name}"`;
/** Each `i.now` is the instant that is asked about; a use is overdue from its day on, as `ledger_post` has it. */
const sums = [
  bucket('o.due_at is null or o.due_at > i.now', 'notDue'),
  bucket(`o.due_at <= i.now and o.due_at > i.now - ${day(30)}`, 'days1to30'),
  bucket(`o.due_at <= i.now - ${day(30)} and o.due_at > i.now - ${day(60)}`, 'days31to60'),
  bucket(`o.due_at <= i.now - ${day(60)} and o.due_at > i.now - ${day(90)}`, 'days61to90'),
  bucket(`o.due_at <= i.now - ${day(90)}`, 'daysOver90'),
].join(', ');
const never = `'infinity'::timestamptz`;

/** Accounts that use credit: whose is due the earliest comes first, those without a day last. */
export async function listCreditAgeing(
  em: EntityManager,
  at: Date,
  { limit, after }: { readonly limit: number; readonly after?: { readonly at: string | null; readonly id: string } | undefined },
): Promise<{ items: AgeingRow[]; more: boolean }> {
  const rows = await em.execute<Row[]>(
    `with owed as (
        select o.account_id as id, sum(o.on_credit_minor) as total, min(o.due_at) as earliest, ${sums}
          from money_out o cross join (select ?::timestamptz as now) i where o.on_credit_minor > 0 group by o.account_id)
      select owed.*, a.name, a.currency, b.credit_limit_minor, b.credit_term_days
        from owed join account a on a.id = owed.id join billing b on b.account_id = owed.id
        ${after ? `where (coalesce(owed.earliest, ${never}), owed.id) > (coalesce(?::timestamptz, ${never}), ?)` : ''}
        order by coalesce(owed.earliest, ${never}), owed.id limit ?`,
    [at, ...(after ? [after.at, after.id] : []), limit + 1],
  );
  return { items: rows.slice(0, limit).map(viewOf), more: rows.length > limit };
}

/** The same of all accounts together, one sum for each currency. */
export async function sumCreditAgeing(em: EntityManager, at: Date): Promise<(AgeingSums & { currency: string; totalMinor: number })[]> {
  const rows = await em.execute<(Record<AgeingBucket, string> & { currency: string; total: string })[]>(
    `select a.currency, sum(o.on_credit_minor) as total, ${sums}
      from money_out o join account a on a.id = o.account_id cross join (select ?::timestamptz as now) i
      where o.on_credit_minor > 0 group by a.currency order by a.currency`,
    [at],
  );
  return rows.map((row) => ({ currency: row.currency, totalMinor: Number(row.total), ...sumsOf(row) }));
}

function viewOf(row: Row): AgeingRow {
  return {
    account: { id: row.id, name: row.name },
    currency: row.currency,
    totalMinor: Number(row.total),
    ...sumsOf(row),
    creditLimitMinor: Number(row.credit_limit_minor),
    creditTermDays: row.credit_term_days,
    earliestDueAt: row.earliest === null ? null : new Date(row.earliest),
  };
}

function sumsOf(row: Record<AgeingBucket, string>): AgeingSums {
  return Object.fromEntries(ageingBuckets.map((name) => [name, Number(row[name])])) as Record<AgeingBucket, number>;
}

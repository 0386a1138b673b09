/**
 * What will or may happen with money, as rows and as a forecast (SPEC M4). Both read the same: next steps with their sums, and
 * each use of credit on the day on which it is due, of which an account has one step only.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isCertain, moneyMatters, type FlowSum, type MoneyFlow, type MoneyMatter } from '../../domain/money-outlook.ts';
import type { ReportPeriod } from '../../domain/service-report.ts';
import type { Window } from '../window.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';

export interface OutlookFilter {
  readonly accountId?: string | undefined;
  /** Of these alone; of everything that ever happens by itself when left out. */
  readonly matters?: readonly MoneyMatter[] | undefined;
  readonly flow?: MoneyFlow | undefined;
  /** Due from this instant on, and before the other. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface OutlookStep {
  readonly id: string;
  /** Such as `payment`; of what moves no money the first part of its entity's name. */
  readonly matter: string;
  /** Such as `payment:pay_…`. */
  readonly entity: string;
  readonly kind: string;
  readonly account: { readonly id: string; readonly name: string } | null;
  readonly flow: MoneyFlow;
  readonly certain: boolean;
  /** Not below zero; null where it is about no sum. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly dueAt: Date;
  readonly rule: string;
  /** Set while a hold stops it: until when; null when the hold has no end. */
  readonly heldUntil?: Date | null;
}

const listed = (matters: readonly string[]) => matters.map((matter) => `'${matter}'`).join(', ');
const matterOf = `split_part(o.entity, ':', 1)`;
const stepMatters = moneyMatters.filter((matter) => matter !== 'credit');

/** Next steps and uses of credit as rows of one shape. The condition on matters is spelled as its index has it. */
function steps(matters: readonly MoneyMatter[] | undefined): string {
  const wanted = matters?.filter((matter) => matter !== 'credit');
  const of =
    wanted === undefined
      ? `${matterOf} <> 'credit'`
      : `${matterOf} in (${listed(moneyMatters)}) and ${matterOf} = any(array[${listed(wanted)}]::text[])`;
  const all = `select o.id, o.entity, ${matterOf} as matter, o.kind, o.account_id, o.due_at, o.rule, abs(o.amount_minor) as amount_minor from obligation o where ${of}`;
  if (matters !== undefined && !matters.includes('credit')) return all;
  return `${all} union all select u.transfer_id, 'credit:' || u.account_id, 'credit', 'credit_due', u.account_id, u.due_at, 'creditTermDays', u.on_credit_minor
    from money_out u where u.on_credit_minor > 0 and u.due_at is not null`;
}

/** Which way the money of a step `s` would go. An order whose payment is under way is no second sum, nor a quote that is ordered. */
const flowOf = `case when s.amount_minor is null then 'none' else case s.matter when 'payment' then 'in' when 'refund' then 'out' when 'credit' then 'in'
    when 'quote' then case when exists (select 1 from order_line l join sales_order so on so.id = l.order_id
      where l.about = substr(s.entity, 7) and so.state = 'open') then 'none' else 'in' end
    when 'order' then case when exists (select 1 from payment p where p.order_id = substr(s.entity, 7) and p.state in ('preparing', 'pending')) then 'none' else 'in' end
    when 'approval' then case when (select m.kind from money_approval m where m.id = substr(s.entity, 10)) = 'refund' then 'out' else 'none' end
    else 'none' end end`;

interface StepRow {
  id: string;
  entity: string;
  matter: string;
  kind: string;
  account_id: string | null;
  account_name: string | null;
  currency: string | null;
  due_at: string;
  rule: string;
  amount_minor: string | null;
  flow: MoneyFlow;
}

/** What happens next first. */
export async function listOutlook(
  em: EntityManager,
  filter: OutlookFilter,
  window: Window,
  now: Date,
): Promise<{ items: OutlookStep[]; more: boolean }> {
  const { after, limit } = window;
  const conditions: [string, unknown][] = [
    ['s.account_id = ?', filter.accountId],
    ['s.due_at >= ?::timestamptz', filter.from],
    ['s.due_at < ?::timestamptz', filter.to],
    [`${flowOf} = ?`, filter.flow],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  const rows = await em.execute<StepRow[]>(
    `select f.*, a.name as account_name, a.currency from (
        select s.*, ${flowOf} as flow from (${steps(filter.matters)}) s
          where true ${asked.map(([sql]) => `and ${sql}`).join(' ')} ${after ? 'and (s.due_at, s.id) > (?::timestamptz, ?)' : ''}
          order by s.due_at, s.id limit ?) f
      left join account a on a.id = f.account_id order by f.due_at, f.id`,
    [...asked.map(([, value]) => value), ...(after ? [after.at, after.id] : []), limit + 1],
  );
  const [stored] = await em.execute<{ holds: StoredHolds }[]>(`select ${openHolds} as holds`);
  const holds = readHolds(stored!.holds);
  const items = rows.slice(0, limit).map((row): OutlookStep => {
    const held = heldUntil(holds, { kind: row.kind, entity: row.entity, accountId: row.account_id, queueId: null }, now);
    return {
      id: row.id,
      matter: row.matter,
      entity: row.entity,
      kind: row.kind,
      account: row.account_id === null ? null : { id: row.account_id, name: row.account_name ?? '' },
      flow: row.flow,
      certain: isCertain(row.matter),
      amountMinor: row.amount_minor === null ? null : Number(row.amount_minor),
      currency: row.amount_minor === null ? null : (row.currency ?? 'RUB'),
      dueAt: new Date(row.due_at),
      rule: row.rule,
      ...(held === undefined ? {} : { heldUntil: held }),
    };
  });
  return { items, more: rows.length > limit };
}

/** Sums of one part of a forecast in one currency; part 0 is what was due before it began, the one after the last what comes later. */
export interface ForecastSum extends FlowSum {
  readonly part: number;
  readonly currency: string;
}

/** Sums by the days of a period, by currency and flow. */
export async function forecastSums(em: EntityManager, days: readonly Pick<ReportPeriod, 'startsAt' | 'endsAt'>[]): Promise<ForecastSum[]> {
  const bounds = [...days.map(({ startsAt }) => startsAt), days.at(-1)!.endsAt].map((at) => at.toISOString());
  const rows = await em.execute<{ part: number; currency: string; flow: MoneyFlow; matter: string; amount_minor: string }[]>(
    `select width_bucket(s.due_at, array(select b::timestamptz from jsonb_array_elements_text(?::jsonb) with ordinality as x (b, at) order by at)) as part,
        coalesce(a.currency, 'RUB') as currency, ${flowOf} as flow, s.matter, sum(s.amount_minor) as amount_minor
      from (${steps([...stepMatters, 'credit'])}) s left join account a on a.id = s.account_id
      where s.amount_minor is not null group by 1, 2, 3, 4`,
    [JSON.stringify(bounds)],
  );
  return rows
    .filter(({ flow }) => flow !== 'none')
    .map(({ part, currency, flow, matter, amount_minor: amount }) => ({
      part,
      currency,
      flow,
      certain: isCertain(matter),
      amountMinor: Number(amount),
    }));
}

/**
 * Reports of what became of clocks (SPEC S8). Sums are made of the runs themselves: a sum kept for each hour and tally would
 * have nearly as many rows as there are runs, and one that each answer has to add to would let answers wait for each other.
 *
 * A run counts at the instant at which its outcome was certain. A clock that has broken its promise and still stands has no run
 * yet; it is read from its ticket, and counts from its deadline on.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CalendarRef, WorkingHours } from '../../domain/business-calendar.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { clockKinds, type ClockKind } from '../../domain/service-clock.ts';
import {
  agePartsAt,
  hoursAhead,
  maxHoursAhead,
  minuteBounds,
  quantiles,
  shareBounds,
  spreadSql,
  type OutcomeCount,
  type QuantileName,
  type ReportPeriod,
} from '../../domain/service-report.ts';
import { clockOutcomes, type ClockOutcome } from '../../domain/ticket-clocks.ts';
import { calendarsOf } from '../service-calendars.ts';

/** What a report is narrowed to; whatever is left out is not asked about. */
export interface ReportFilter {
  readonly planId?: string | undefined;
  readonly queueId?: string | undefined;
  /** Who answered or fixed, else who has the ticket; null for nobody. */
  readonly agentId?: string | null | undefined;
  readonly kind?: ClockKind | undefined;
  readonly accountId?: string | undefined;
}

/** SQL with the values of its question marks, in order. */
export interface SqlPart {
  readonly sql: string;
  readonly values: readonly unknown[];
}

type Period = Pick<ReportPeriod, 'startsAt' | 'endsAt'>;

/**
 * Clocks that stand, as columns: those whose promise is broken (`breached`), or is still to be kept (`running`). One that is
 * fixed, and could only be contradicted, has its run.
 */
export function standingClocks(which: 'breached' | 'running'): string {
  return `(select t.number as ticket_number, t.account_id, t.queue_id, t.assignee_id as agent_id, st.plan_id, c ->> 'kind' as kind,
      (c ->> 'since')::timestamptz as since, (c ->> 'allowanceMs')::bigint as allowance_ms, c -> 'target' as target,
      (c ->> 'dueAt')::timestamptz as due_at, coalesce(c ->> 'dueAt', c ->> 'breachedAt')::timestamptz as decided_at,
      c -> 'calendar' as calendar, nullif(c -> 'hours', 'null') as hours
    from ticket t cross join lateral (values (t.clocks -> 'response'), (t.clocks -> 'fix')) as each (c) join service_terms st on st.id = c ->> 'termsId'
    where ${which === 'breached' ? 't.breached_at is not null' : 't.breaches_at is not null'} and (c ->> 'counts')::boolean
      and (t.fixed_at is null or c ->> 'kind' <> 'fix') and ${which === 'breached' ? `c ->> 'breachedAt' is not null` : `c ->> 'breachedAt' is null and c ->> 'dueAt' is not null`}
      ${which === 'breached' ? hasNoRun : ''})`;
}

const hasNoRun = `and not exists (select 1 from clock_run r where r.ticket_number = t.number and r.kind = c ->> 'kind' and r.since = (c ->> 'since')::timestamptz)`;

/** What narrows standing clocks, `o` in the SQL. */
export function standingConditions({ planId, queueId, agentId, kind, accountId }: ReportFilter): SqlPart {
  return conditionsOf([
    ['o.plan_id = ?', planId],
    ['o.queue_id = ?', queueId],
    [agentId === null ? 'o.agent_id is null' : 'o.agent_id = ?', agentId],
    ['o.kind = ?', kind],
    ['o.account_id = ?', accountId],
  ]);
}

/** What narrows runs, by their tally `y`. */
export function tallyConditions({ planId, queueId, agentId, kind }: ReportFilter): SqlPart {
  return conditionsOf([
    ['y.terms_id in (select promised.id from service_terms promised where promised.plan_id = ?)', planId],
    ['y.queue_id = ?', queueId],
    [agentId === null ? 'y.agent_id is null' : 'y.agent_id = ?', agentId],
    ['y.kind = ?', kind],
  ]);
}

/** What narrows runs `r` by themselves: the period if there is one, and whose tickets. */
export function runConditions({ startsAt, endsAt }: Partial<Period>, { accountId }: ReportFilter): SqlPart {
  return conditionsOf([
    ['r.decided_at >= ?', startsAt],
    ['r.decided_at < ?', endsAt],
    ['r.ticket_number in (select t.number from ticket t where t.account_id = ?)', accountId],
  ]);
}

/** A condition whose value is undefined is not asked; one with null has no question mark. */
export function conditionsOf(parts: readonly (readonly [condition: string, value: unknown])[]): SqlPart {
  const asked = parts.filter(([, value]) => value !== undefined);
  return {
    sql: ['true', ...asked.map(([condition]) => condition)].join(' and '),
    values: asked.flatMap(([condition, value]) => (condition.includes('?') ? [value] : [])),
  };
}

/**
 * Asks a question about very many runs. Where there are idle processors it may use two more of them, which a desk of one small
 * machine grants to nothing else; the sums of a question need some memory.
 */
async function ask<Row>(em: EntityManager, sql: string, values: readonly unknown[]): Promise<Row[]> {
  return em.transactional(async (tx) => {
    await tx.execute(`select set_config('max_parallel_workers_per_gather', '2', true), set_config('work_mem', '16MB', true)`);
    return tx.execute<Row[]>(sql, [...values]);
  });
}

/** How many clocks of a plan, queue, agent and kind ended so. */
export interface CubeRow extends OutcomeCount {
  readonly planId: string;
  readonly queueId: string;
  readonly agentId: string | null;
  readonly kind: ClockKind;
}

/** Outcomes by plan, queue, agent and kind: all that tables of compliance are summed from. */
export async function outcomeCube(em: EntityManager, period: Period, filter: ReportFilter): Promise<CubeRow[]> {
  const [runs, tally, standing] = [runConditions(period, filter), tallyConditions(filter), standingConditions(filter)];
  return ask<CubeRow>(
    em,
    `with counted as (select r.tally_id, count(*) as runs from clock_run r where ${runs.sql} group by r.tally_id)
      select st.plan_id as "planId", y.queue_id as "queueId", y.agent_id as "agentId", y.kind, y.outcome, false as open, sum(c.runs)::integer as runs
        from counted c join clock_tally y on y.id = c.tally_id join service_terms st on st.id = y.terms_id where ${tally.sql} group by 1, 2, 3, 4, 5
      union all
      select o.plan_id, o.queue_id, o.agent_id, o.kind, 'breached', true, count(*)::integer from ${standingClocks('breached')} o
        where o.decided_at >= ? and o.decided_at < ? and ${standing.sql} group by 1, 2, 3, 4`,
    [...runs.values, ...tally.values, period.startsAt, period.endsAt, ...standing.values],
  );
}

/** Outcomes in each part of a period; parts without any are left out. */
export async function outcomesByPart(
  em: EntityManager,
  parts: readonly Period[],
  filter: ReportFilter,
): Promise<(OutcomeCount & { readonly part: number })[]> {
  const whole = { startsAt: parts[0]!.startsAt, endsAt: parts.at(-1)!.endsAt };
  const [runs, tally, standing] = [runConditions(whole, filter), tallyConditions(filter), standingConditions(filter)];
  const begins = `{${parts.map(({ startsAt }) => startsAt.toISOString()).join(',')}}`;
  const countOf = (outcome: ClockOutcome) => `count(*) filter (where y.outcome = '${outcome}')::integer as ${outcome}`;
  // Grouped by one value and parted by the outcome, which takes less than to group by both.
  const rows = await ask<{ part: number; open: boolean } & Record<ClockOutcome, number>>(
    em,
    `select width_bucket(r.decided_at, ?::timestamptz[]) - 1 as part, false as open, ${clockOutcomes.map(countOf).join(', ')}
        from clock_run r join clock_tally y on y.id = r.tally_id where ${runs.sql} and ${tally.sql} group by 1
      union all
      select width_bucket(o.decided_at, ?::timestamptz[]) - 1, true, 0, count(*)::integer, 0 from ${standingClocks('breached')} o
        where o.decided_at >= ? and o.decided_at < ? and ${standing.sql} group by 1`,
    [begins, ...runs.values, ...tally.values, begins, whole.startsAt, whole.endsAt, ...standing.values],
  );
  return rows.flatMap(({ part, open, ...counts }) => clockOutcomes.map((outcome) => ({ part, open, outcome, runs: counts[outcome] })));
}

/** How long clocks of one kind took that ended with their promise kept or broken. */
export interface Spread {
  readonly kind: ClockKind;
  readonly runs: number;
  /** Working minutes, a begun one counted as whole; null where there are too few clocks to tell it. */
  readonly quantiles: Readonly<Record<QuantileName, number | null>>;
  /** By the parts that {@link shareBounds} end, and the last that has no end. */
  readonly shares: readonly number[];
  /** By the parts that {@link minuteBounds} end, and the last that has no end. */
  readonly minutes: readonly number[];
}

/** How long clocks took, by kind; kinds without any are left out. */
export async function responseSpread(em: EntityManager, period: Period, filter: ReportFilter): Promise<Spread[]> {
  const [runs, tally] = [runConditions(period, filter), tallyConditions(filter)];
  const rows = await ask<{ kind: number; what: 'share' | 'minutes' | 'quantile'; at: number; value: number }>(
    em,
    `with spread as materialized (
        select r.spread, count(*) as runs from clock_run r where r.spread is not null and ${runs.sql} and ${ofTallies(tally)} group by 1),
      lined as (select ${spreadSql.kind('spread')} as kind, ${spreadSql.minutes('spread')} as minutes, sum(runs)::integer as runs from spread group by 1, 2),
      ranked as (select kind, minutes, sum(runs) over (partition by kind order by minutes) as upto, sum(runs) over (partition by kind) as whole from lined)
      select ${spreadSql.kind('spread')} as kind, 'share' as what, ${spreadSql.part('spread')} as at, sum(runs)::integer as value from spread group by 1, 3
      union all
      select kind, 'minutes', width_bucket(minutes - 1, '{${minuteBounds.join(',')}}'::integer[]), sum(runs)::integer from lined group by 1, 3
      union all
      select l.kind, 'quantile', q.at, min(l.minutes) from ranked l
          join (values ${quantileNames.map((name, at) => `(${at}, ${quantiles[name].share}, ${quantiles[name].from})`).join(', ')}) as q (at, share, least)
            on l.upto >= q.share * l.whole and l.whole >= q.least
        group by l.kind, q.at`,
    [...runs.values, ...tally.values],
  );
  return [...Map.groupBy(rows, ({ kind }) => kind)].map(([kind, told]): Spread => {
    const valueAt = (what: string, at: number) => told.find((row) => row.what === what && row.at === at)?.value;
    const countsOf = (what: string, parts: number) => Array.from({ length: parts }, (_, at) => valueAt(what, at) ?? 0);
    const shares = countsOf('share', shareBounds.length + 1);
    const found = quantileNames.map((name, at) => [name, valueAt('quantile', at) ?? null]);
    return {
      kind: clockKinds[kind]!,
      runs: shares.reduce((sum, count) => sum + count, 0),
      quantiles: Object.fromEntries(found) as Spread['quantiles'],
      shares,
      minutes: countsOf('minutes', minuteBounds.length + 1),
    };
  });
}

/** Runs of the tallies that are asked for; of all of them without a question. */
function ofTallies({ sql, values }: SqlPart): string {
  return values.length || sql !== 'true' ? `r.tally_id in (select y.id from clock_tally y where ${sql})` : 'true';
}

const quantileNames = Object.keys(quantiles) as QuantileName[];

/** Until when, by each calendar that clocks run by, so many working hours last from now. */
export interface Horizon {
  readonly calendar: CalendarRef;
  readonly hours: WorkingHours | null;
  readonly within: number;
  readonly until: string;
}

/**
 * The ends of so many working hours from now, each by its own calendar: a clock is about to breach by the time it is counted in.
 */
export async function horizonsOf(em: EntityManager, now: Date, withins: readonly number[]): Promise<Horizon[]> {
  const counted = await em.execute<{ calendar: CalendarRef; hours: WorkingHours | null }[]>(
    `select distinct o.calendar, o.hours from ${standingClocks('running')} o`,
  );
  const calendarOf = await calendarsOf(
    em,
    counted.map(({ calendar, hours }) => ({ ref: calendar, hours })),
  );
  return counted.flatMap(({ calendar, hours }) =>
    withins.map((within) => {
      const until = calendarOf(calendar, hours).after(now, within * 3_600_000);
      return { calendar, hours, within, until: until.toISOString() };
    }),
  );
}

/** SQL that joins standing clocks `o` with the horizons that a JSON text gives, as `h`: those that are due until then. */
export const dueWithin = `join jsonb_to_recordset(?::jsonb) as h (calendar jsonb, hours jsonb, within integer, until timestamptz)
  on h.calendar = o.calendar and h.hours is not distinct from o.hours and o.due_at <= h.until`;

/** What is about to breach in a queue, and what has. */
export interface QueuePressure {
  readonly queueId: string;
  /** Clocks whose promise is broken, and which still stand. */
  readonly breached: number;
  /** Clocks that are due within {@link hoursAhead}, each with those before. */
  readonly within: readonly number[];
}

/** What is about to breach within the next working hours, by queue; queues without any are left out. */
export async function pressureByQueue(em: EntityManager, filter: ReportFilter, now: Date): Promise<QueuePressure[]> {
  const standing = standingConditions(filter);
  const horizons = await horizonsOf(em, now, hoursAhead);
  const rows = await em.execute<{ queueId: string; within: number; clocks: number }[]>(
    `select o.queue_id as "queueId", h.within, count(*)::integer as clocks from ${standingClocks('running')} o ${dueWithin}
        where ${standing.sql} group by 1, 2
      union all
      select o.queue_id, 0, count(*)::integer from ${standingClocks('breached')} o where ${standing.sql} group by 1`,
    [JSON.stringify(horizons), ...standing.values, ...standing.values],
  );
  return [...Map.groupBy(rows, ({ queueId }) => queueId)].map(([queueId, told]) => {
    const clocksAt = (within: number) => told.find((row) => row.within === within)?.clocks ?? 0;
    return { queueId, breached: clocksAt(0), within: hoursAhead.map(clocksAt) };
  });
}

/** The one horizon of a list of what is due within so many working hours. */
export function horizonWithin(em: EntityManager, now: Date, within = maxHoursAhead): Promise<Horizon[]> {
  return horizonsOf(em, now, [within]);
}

/** States in which a ticket is open. */
export const openStatuses = ['awaiting_staff', 'in_progress', 'awaiting_customer'] as const;
export type OpenStatus = (typeof openStatuses)[number];

/** How many tickets are open, by state and by the part of {@link agePartsAt} in which they were opened; pairs without any are left out. */
export async function openTicketsByAge(em: EntityManager, now: Date): Promise<{ status: OpenStatus; part: number; tickets: number }[]> {
  const ends = agePartsAt(now).flatMap(({ createdFrom }) => createdFrom?.toISOString() ?? []);
  return em.execute(
    `select t.status, ${ends.length} - width_bucket(t.created_at, ?::timestamptz[]) as part, count(*)::integer as tickets
      from ticket t where t.status <> 'archived' and t.status in (${openStatuses.map((status) => `'${status}'`).join(', ')}) group by 1, 2`,
    [`{${ends.toReversed().join(',')}}`],
  );
}

/** Names of what reports tell by, for every id there is. */
export interface ReportNames {
  readonly plans: ReadonlyMap<string, LocalisedText>;
  readonly queues: ReadonlyMap<string, LocalisedText>;
  /** People by name, and whether they have left. */
  readonly agents: ReadonlyMap<string, { readonly name: string; readonly left: boolean }>;
}

/** The plans and queues in their order, and everybody who ever was on the staff, by name. */
export async function reportNames(em: EntityManager): Promise<ReportNames> {
  const plans = await em.execute<{ id: string; name: LocalisedText }[]>('select id, name from sla_plan order by rank desc, id');
  const queues = await em.execute<{ id: string; name: LocalisedText }[]>('select id, name from queue order by position, id');
  const agents = await em.execute<{ id: string; name: string; left: boolean }[]>(
    `select id, name, disabled_at is not null as left from app_user where kind = 'staff' order by disabled_at is not null, name, id`,
  );
  return {
    plans: new Map(plans.map(({ id, name }) => [id, name])),
    queues: new Map(queues.map(({ id, name }) => [id, name])),
    agents: new Map(agents.map(({ id, name, left }) => [id, { name, left }])),
  };
}

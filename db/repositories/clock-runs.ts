/**
 * The clocks that a number of a report is made of (SPEC S8): those that ended, those that have broken their promise and still
 * stand, and those that are about to. What narrows a report narrows the list alike, so that the two agree.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import type { ClockKind } from '../../domain/service-clock.ts';
import type { Target } from '../../domain/service-level.ts';
import type { ReportPeriod } from '../../domain/service-report.ts';
import type { ClockOutcome } from '../../domain/ticket-clocks.ts';
import {
  conditionsOf,
  dueWithin,
  horizonWithin,
  runConditions,
  standingClocks,
  standingConditions,
  tallyConditions,
  type ReportFilter,
  type SqlPart,
} from './service-reports.ts';

/** What of a report's clocks is listed; whatever is left out is not asked about. */
export interface ClockRunChoice {
  /**
   * `overdue`: the promise is broken and the clock still stands; `running`: it may still be kept. These are in no period: they are
   * listed as they stand now.
   */
  readonly outcome?: ClockOutcome | 'overdue' | 'running' | undefined;
  /** Of one ticket, in whatever period. */
  readonly ticketNumber?: number | undefined;
  /** Whether the clock has ended; one that has not may have broken its promise. */
  readonly ended?: boolean | undefined;
  /** Of running ones, those that are due within so many working hours. */
  readonly withinHours?: number | undefined;
  /** Bounds of the time taken, as parts of a distribution have them: longer than the one, no longer than the other. */
  readonly minutesOver?: number | undefined;
  readonly minutesUpTo?: number | undefined;
  readonly perCentOver?: number | undefined;
  readonly perCentUpTo?: number | undefined;
}

/** Where a row stands in the list. */
export interface ClockRunPlace {
  /** When its outcome was certain; of a running one, when it is due. */
  readonly at: Date;
  readonly number: number;
  readonly kind: ClockKind;
  readonly since: Date;
}

/** A clock as the list shows it. */
export interface ClockRunView extends ClockRunPlace {
  readonly ticket: string;
  readonly subject: string;
  readonly account: { readonly id: string; readonly name: string };
  readonly planId: string;
  readonly queueId: string;
  readonly agentId: string | null;
  readonly outcome: ClockOutcome | 'running';
  readonly dueAt: Date | null;
  readonly endedAt: Date | null;
  readonly allowanceMs: number;
  /** Null while it has not ended. */
  readonly takenMs: number | null;
  readonly target: Target;
}

export interface ClockRunQuestion {
  readonly period: ReportPeriod;
  readonly filter: ReportFilter;
  readonly choice: ClockRunChoice;
  readonly now: Date;
}

/** One page: of running clocks the one that is due first comes first, of others the one that was decided last. */
export async function listClockRuns(
  em: EntityManager,
  question: ClockRunQuestion,
  page: { readonly limit: number; readonly after?: ClockRunPlace | undefined },
): Promise<{ items: ClockRunView[]; more: boolean }> {
  const [sign, direction] = question.choice.outcome === 'running' ? ['>', 'asc'] : ['<', 'desc'];
  const inOrder = (row: string) => places.map((column) => `${row}.${column} ${direction}`).join(', ');
  const { after } = page;
  const read = (await sourcesOf(em, question)).map(({ sql, values }) => ({
    sql: `(select * from (${sql}) found ${after ? `where found.at ${sign}= ? and (${places.map((column) => `found.${column}`).join(', ')}) ${sign} (?, ?, ?, ?)` : ''} order by ${inOrder('found')} limit ?)`,
    values: [...values, ...(after ? [after.at, after.at, after.number, after.kind, after.since] : []), page.limit + 1],
  }));
  if (read.length === 0) return { items: [], more: false };
  const rows = await em.execute<Row[]>(
    `select f.*, t.subject, t.account_id as "accountId", a.name as "accountName"
      from (select * from (${read.map(({ sql }) => sql).join(' union all ')}) each_source order by ${inOrder('each_source')} limit ?) f
        join ticket t on t.number = f.ticket_number join account a on a.id = t.account_id order by ${inOrder('f')}`,
    [...read.flatMap(({ values }) => values), page.limit + 1],
  );
  return { items: rows.slice(0, page.limit).map(viewOf), more: rows.length > page.limit };
}

/** What rows are ordered by; no two agree in all of it. */
const places = ['at', 'ticket_number', 'kind', 'since'] as const;

/** How many there are, counted no further than the bound. */
export async function countClockRuns(em: EntityManager, question: ClockRunQuestion, bound: number): Promise<number> {
  const sources = await sourcesOf(em, question);
  if (sources.length === 0) return 0;
  const [row] = await em.execute<{ total: number }[]>(
    `select count(*)::integer as total from (${sources.map(({ sql }) => `(select 1 from (${sql}) found limit ?)`).join(' union all ')}) bounded`,
    sources.flatMap(({ values }) => [...values, bound]),
  );
  return Math.min(row?.total ?? 0, bound);
}

/** Where rows come from: runs, and tickets whose clocks still stand. */
async function sourcesOf(em: EntityManager, question: ClockRunQuestion): Promise<SqlPart[]> {
  const { outcome, ended, withinHours } = question.choice;
  // A time that was taken is known of what has ended alone; hours ahead are those of what runs.
  const asksTime = timeConditions(question.choice).values.length > 0;
  const mayStand = ended !== true && !asksTime;
  if (outcome === 'running') return mayStand ? [await runningClocks(em, question)] : [];
  if (withinHours !== undefined) return [];
  if (outcome === 'overdue') return mayStand ? [brokenPromises(question)] : [];
  const stands = mayStand && (outcome === undefined || outcome === 'breached');
  return [...(ended === false ? [] : [endedRuns(question)]), ...(stands ? [brokenPromises(question)] : [])];
}

function endedRuns({ period, filter, choice }: ClockRunQuestion): SqlPart {
  const parts = [
    runConditions(choice.ticketNumber === undefined ? period : {}, filter),
    conditionsOf([['r.ticket_number = ?', choice.ticketNumber]]),
    tallyConditions(filter),
    conditionsOf([['y.outcome = ?', choice.outcome]]),
    timeConditions(choice),
  ];
  return {
    sql: `select r.decided_at as at, r.ticket_number, r.kind, r.since, st.plan_id as "planId", y.queue_id as "queueId", y.agent_id as "agentId", y.outcome,
        r.due_at as "dueAt", r.ended_at as "endedAt", r.allowance_ms as "allowanceMs", r.taken_ms as "takenMs",
        case y.kind when 'fix' then st.critical_fix else st.response end as target
      from clock_run r join clock_tally y on y.id = r.tally_id join service_terms st on st.id = y.terms_id
      where ${parts.map(({ sql }) => sql).join(' and ')}`,
    values: parts.flatMap(({ values }) => values),
  };
}

/** Multiplied, not divided: what lies on a bound lies on it exactly. */
function timeConditions({ minutesOver, minutesUpTo, perCentOver, perCentUpTo }: ClockRunChoice): SqlPart {
  return conditionsOf([
    ['r.taken_ms > ? * 60000::bigint', minutesOver],
    ['r.taken_ms <= ? * 60000::bigint', minutesUpTo],
    ['r.taken_ms * 100 > ? * r.allowance_ms', perCentOver],
    ['r.taken_ms * 100 <= ? * r.allowance_ms', perCentUpTo],
    [`y.outcome <> 'void'`, [minutesOver, minutesUpTo, perCentOver, perCentUpTo].some((bound) => bound !== undefined) || undefined],
  ]);
}

const standingColumns = (
  at: string,
  outcome: string,
) => `o.${at} as at, o.ticket_number, o.kind, o.since, o.plan_id as "planId", o.queue_id as "queueId",
  o.agent_id as "agentId", '${outcome}' as outcome, o.due_at as "dueAt", null::timestamptz as "endedAt", o.allowance_ms as "allowanceMs", null::bigint as "takenMs", o.target`;

function standingOf(filter: ReportFilter, { ticketNumber }: ClockRunChoice): SqlPart {
  const [standing, ofTicket] = [standingConditions(filter), conditionsOf([['o.ticket_number = ?', ticketNumber]])];
  return { sql: `${standing.sql} and ${ofTicket.sql}`, values: [...standing.values, ...ofTicket.values] };
}

function brokenPromises({ period, filter, choice }: ClockRunQuestion): SqlPart {
  const standing = standingOf(filter, choice);
  const within = conditionsOf(
    choice.outcome === 'overdue' || choice.ticketNumber !== undefined
      ? []
      : [
          ['o.decided_at >= ?', period.startsAt],
          ['o.decided_at < ?', period.endsAt],
        ],
  );
  return {
    sql: `select ${standingColumns('decided_at', 'breached')} from ${standingClocks('breached')} o where ${within.sql} and ${standing.sql}`,
    values: [...within.values, ...standing.values],
  };
}

async function runningClocks(em: EntityManager, { filter, choice, now }: ClockRunQuestion): Promise<SqlPart> {
  const standing = standingOf(filter, choice);
  const within = choice.withinHours !== undefined;
  const horizons = within ? [JSON.stringify(await horizonWithin(em, now, choice.withinHours))] : [];
  return {
    sql: `select ${standingColumns('due_at', 'running')} from ${standingClocks('running')} o ${within ? dueWithin : ''} where ${standing.sql}`,
    values: [...horizons, ...standing.values],
  };
}

type Row = Omit<ClockRunView, 'at' | 'since' | 'dueAt' | 'endedAt' | 'ticket' | 'account' | 'number' | 'allowanceMs' | 'takenMs'> & {
  ticket_number: number;
  at: string;
  since: string;
  dueAt: string | null;
  endedAt: string | null;
  allowanceMs: string;
  takenMs: string | null;
  accountId: string;
  accountName: string;
};

function viewOf({ ticket_number, accountId, accountName, ...row }: Row): ClockRunView {
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...row,
    number: ticket_number,
    ticket: spellTicketNumber(ticket_number),
    account: { id: accountId, name: accountName },
    at: new Date(row.at),
    since: new Date(row.since),
    dueAt: instant(row.dueAt),
    endedAt: instant(row.endedAt),
    allowanceMs: Number(row.allowanceMs),
    takenMs: row.takenMs === null ? null : Number(row.takenMs),
  };
}

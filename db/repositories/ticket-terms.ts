/** What is promised to a ticket: the terms that apply at its opening (SPEC S1), and the rules a locked ticket goes by. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CalendarRef, WorkingHours } from '../../domain/business-calendar.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { nothingPromised, type ServiceLevel } from '../../domain/service-clock.ts';
import { chooseTerms, type ServiceTerms, type Target, type TermsCandidate, type TermsSource } from '../../domain/service-level.ts';
import { noClocks, type ServiceClocks } from '../../domain/ticket-clocks.ts';
import { calendarsOf } from '../service-calendars.ts';

/** Terms as a row has them, with the present version of their calendar. */
export interface TermsRow {
  readonly id: string;
  readonly response: Target | null;
  readonly critical_fix: Target | null;
  readonly calendar_id: string;
  readonly hours: WorkingHours | null;
  readonly calendar_version: number;
}

/** SQL for a column with such a row, of the terms `st` and their calendar `sc`; null without terms. */
export const termsColumn = `case when st.id is not null then jsonb_build_object('id', st.id, 'response', st.response, 'critical_fix', st.critical_fix,
    'calendar_id', st.calendar_id, 'hours', st.hours, 'calendar_version', sc.version) end`;

/** What is promised to a ticket and by what, as people are told it. */
export interface TicketPromise {
  readonly plan: { readonly id: string; readonly name: LocalisedText };
  /** Set where the terms are an agreement's own. */
  readonly agreementId: string | null;
  readonly source: TermsSource;
  /** Whether the plan is what the ticket's present queue promises by default. */
  readonly ofQueue: boolean;
  readonly calendar: { readonly id: string; readonly version: number; readonly name: LocalisedText };
  readonly response: Target | null;
  readonly criticalFix: Target | null;
  readonly hours: WorkingHours | null;
}

/** SQL for a column with it, of a ticket `t` in the queue `q`; null without terms. Its rows come by {@link promiseJoins}. */
export const promiseColumn = `case when st.id is not null then jsonb_build_object('plan', jsonb_build_object('id', sp.id, 'name', sp.name),
    'agreementId', st.agreement_id, 'source', t.terms_source, 'ofQueue', q.sla_plan_id is not distinct from sp.id,
    'calendar', jsonb_build_object('id', sc.id, 'version', sc.version, 'name', sc.name),
    'response', st.response, 'criticalFix', st.critical_fix, 'hours', st.hours) end`;
export const promiseJoins = `left join service_terms st on st.id = t.terms_id left join sla_plan sp on sp.id = st.plan_id left join calendar sc on sc.id = st.calendar_id`;

/**
 * What the terms promise, with every calendar that the terms and these clocks need.
 * @param row null for a ticket that nothing is promised but by the clocks which a merge brought
 */
export async function serviceLevelOf(em: EntityManager, row: TermsRow | null, clocks: ServiceClocks = noClocks): Promise<ServiceLevel> {
  if (!row) return (await alsoCounting(em, null, clocks)) ?? { ...nothingPromised, calendarOf: await calendarsOf(em, []) };
  const calendar = { id: row.calendar_id, version: row.calendar_version };
  const calendarOf = await calendarsOf(em, [{ ref: calendar, hours: row.hours }]);
  const level = { terms: termsOf(row), calendar, calendarOf };
  return (await alsoCounting(em, level, clocks)) ?? level;
}

/** The same level, ready to count other clocks too: those that a merge brings, or gives back. */
export async function alsoCounting(
  em: EntityManager,
  level: ServiceLevel | null | undefined,
  { response, fix }: ServiceClocks,
): Promise<ServiceLevel | null> {
  const clocks = [response, fix].filter((clock) => clock !== null);
  if (clocks.length === 0) return level ?? null;
  const base = level ?? nothingPromised;
  const known = [base.calendar, ...(base.others ?? [])];
  const unknown = clocks.map(({ calendar }) => calendar.id).filter((id) => known.every((each) => each.id !== id));
  const present = [...known, ...(await presentVersions(em, unknown))];
  // One that waits runs on by the present version of its calendar, in the hours it began with.
  const wanted = clocks.flatMap(({ calendar, hours }) => [
    { ref: calendar, hours },
    ...present.filter(({ id }) => id === calendar.id).map((ref) => ({ ref, hours })),
  ]);
  return { ...base, others: present.slice(1), calendarOf: await calendarsOf(em, wanted, level?.calendarOf) };
}

async function presentVersions(em: EntityManager, ids: readonly string[]): Promise<CalendarRef[]> {
  if (ids.length === 0) return [];
  return em.execute<CalendarRef[]>('select id, version from calendar where id = any(?::text[])', [`{${[...new Set(ids)].join(',')}}`]);
}

function termsOf({ id, response, critical_fix, calendar_id, hours }: TermsRow): ServiceTerms {
  return { id, response, criticalFix: critical_fix, calendarId: calendar_id, hours };
}

export interface AppliedTerms {
  readonly source: TermsSource;
  readonly row: TermsRow;
}

/**
 * Which terms apply to a ticket of this account in this queue, received at this instant, and why (SPEC S1). Licences are
 * candidates as soon as there are any.
 * @returns undefined when nothing is promised
 */
export async function termsFor(em: EntityManager, ticket: TermsAsked, at: Date): Promise<AppliedTerms | undefined> {
  return (await termsForEach(em, [ticket], at))(ticket);
}

/** Whose ticket it is, and where. */
export interface TermsAsked {
  readonly accountId: string;
  readonly queueId: string;
}

/** The same for tickets of many accounts and queues at once. */
export async function termsForEach(
  em: EntityManager,
  asked: readonly TermsAsked[],
  at: Date,
): Promise<(ticket: TermsAsked) => AppliedTerms | undefined> {
  const rows = await em.execute<(TermsAsked & TermsCandidate & { terms: TermsRow })[]>(
    `select found."accountId", found."queueId", found.source, found.rank, st.id as "termsId", ${termsColumn} as terms
      from unnest(?::text[], ?::text[]) asked ("accountId", "queueId") cross join lateral (
        select asked.*, 'agreement' as source, p.rank, a.terms_id from service_agreement a
            join service_terms s on s.id = a.terms_id join sla_plan p on p.id = s.plan_id
          where a.account_id = asked."accountId" and a.starts_at <= ? and (a.ends_at is null or a.ends_at > ?)
        union all
        select asked.*, 'queue', p.rank, p.terms_id from queue q join sla_plan p on p.id = q.sla_plan_id where q.id = asked."queueId") found
        join service_terms st on st.id = found.terms_id join calendar sc on sc.id = st.calendar_id`,
    [`{${asked.map(({ accountId }) => accountId).join(',')}}`, `{${asked.map(({ queueId }) => queueId).join(',')}}`, at, at],
  );
  const candidates = Map.groupBy(rows, keyOf);
  const applied = new Map(
    [...candidates].map(([key, found]): [string, AppliedTerms] => {
      const { source, termsId } = chooseTerms(found)!;
      return [key, { source, row: found.find((each) => each.source === source && each.termsId === termsId)!.terms }];
    }),
  );
  return (ticket) => applied.get(keyOf(ticket));
}

function keyOf({ accountId, queueId }: TermsAsked): string {
  return `${accountId} ${queueId}`;
}

/**
 * Applying a calendar, a plan, an agreement or a queue's default plan to tickets that are open already (SPEC S7): what it
 * would do, and the job that does it. A ticket that was merged into another and may still come back keeps what the merge's
 * record says; so does whatever is closed.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import type { CalendarRef } from '../../domain/business-calendar.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { movedClocks, sameClocks, summaryOfMoves, type MoveSummary } from '../../domain/moved-steps.ts';
import { nothingPromised, type ServiceLevel } from '../../domain/service-clock.ts';
import type { TermsSource } from '../../domain/service-level.ts';
import { retimingScopes, type RetimingScope, type ServiceRetiming } from '../../domain/service-retiming.ts';
import { retimedClocks, type ClockRetiming } from '../../domain/ticket-clocks.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import type { Wish } from '../wish.ts';
import { beginJob, type JobFacts, type JobRule } from './job-row.ts';
import {
  calendarsOfClocks,
  criticalSince,
  moveDeadlines,
  numberOfEntity,
  previewMoves,
  timedTickets,
  type MovedPage,
  type TermsColumns,
  type TimedTicket,
  type Told,
  type Where,
} from './moved-tickets.ts';
import { lockTicket } from './ticket-row.ts';
import { serviceLevelOf, termsColumn, termsForEach, type TermsAsked, type TermsRow } from './ticket-terms.ts';

/** Terms as people are told them. */
export interface PromiseName {
  readonly plan: { readonly id: string; readonly name: LocalisedText };
  /** Set where they are an agreement's own. */
  readonly agreementId: string | null;
}

export interface RetimedPage extends MovedPage {
  /** Names for the terms that tickets of this page go by, until now or then. */
  readonly promises: ReadonlyMap<string, PromiseName>;
  /** Of all tickets; told on the first page only. */
  readonly summary: MoveSummary | undefined;
}

/** What applying it to open tickets would do, old beside new. */
export async function previewServiceRetiming(
  em: EntityManager,
  wanted: ServiceRetiming,
  at: Date,
  page: { readonly after: number | undefined; readonly limit: number },
): Promise<RetimedPage | Refusal> {
  const retiming = await prepare(em, wanted, at);
  if (isRefusal(retiming)) return retiming;
  const moves = summaryOfMoves(at);
  const tell = (ticket: TimedTicket) => {
    const told = toldOf(ticket, retiming, at);
    if (told) moves.count(told.steps);
    return told;
  };
  const moved = await previewMoves(em, retiming.where, tell, page);
  return { ...moved, promises: await promiseNames(em, moved.items), summary: page.after === undefined ? moves.summary : undefined };
}

/**
 * Applies it: a job of exactly those tickets that it would change now.
 * @param most tickets that are done at once; more than these are refused
 */
export async function retimeServiceLevels(
  wish: Wish<StaffActor>,
  wanted: ServiceRetiming,
  most: number,
): Promise<{ id: string; total: number } | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const retiming = await prepare(em, wanted, at);
  if (isRefusal(retiming)) return retiming;
  const entities: string[] = [];
  for await (const ticket of timedTickets(em, retiming.where)) if (toldOf(ticket, retiming, at)) entities.push(ticket.entity);
  if (entities.length > most) return refuse('job.too_large');
  const { scope, id: about } = wanted;
  const id = await beginJob(em, at, { kind: 'retime_service', params: { scope, id: about }, startedById: actor.userId, entities });
  await auditWish(wish, 'service_level.retime', `${objects[scope]}:${about}`, at, { after: { job: id, tickets: String(entities.length) } });
  await tellPages(em, at, { staff: true }, { what: 'job', id });
  return { id, total: entities.length };
}

/** How the audit names each. */
const objects: Readonly<Record<RetimingScope, string>> = { calendar: 'calendar', plan: 'sla-plan', account: 'account', queue: 'queue' };

/** Each ticket by what it is when its turn comes, and by what is promised then. */
export const serviceRetimingRule: JobRule = {
  async take(em, job, entity, at) {
    const locked = await lockTicket(em, numberOfEntity(entity));
    if (!locked || locked.life.status === 'closed' || locked.life.status === 'archived') return { state: 'skipped', why: 'not_applicable' };
    const { ticket, life, policy } = locked;
    const retiming = await prepare(em, wantedBy(job), at, ticket.number);
    const { termsId, termsSource, accountId, queueId } = ticket;
    const terms = termsId && termsSource ? { id: termsId, source: termsSource } : null;
    const meant = isRefusal(retiming) ? undefined : await whatIsMeant(em, retiming.where);
    if (isRefusal(retiming) || !meant) return { state: 'skipped', why: 'moved_on' };
    const calendarOf = await calendarsOfClocks(em, [life.clocks], retiming.where.recountedBy);
    const found = retiming.of({ accountId, queueId, terms, ...meant, calendarOf });
    if (!found) return { state: 'skipped', why: 'moved_on' };
    const { how, level } = found;
    return moveDeadlines(em, job, locked, { kind: 'retime_clocks', ...how }, { ...policy, service: level }, at, found.terms);
  },
};

/** The ticket of these, as the transaction that has locked it sees it; undefined where there is none. */
async function whatIsMeant(em: EntityManager, { sql, values }: Where): Promise<Pick<TimedTicket, 'criticalSince'> | undefined> {
  const [row] = await em.execute<{ at: string | null }[]>(`select ${criticalSince} as at from ticket t where ${sql}`, [...values]);
  return row && { criticalSince: row.at ? new Date(row.at) : null };
}

function wantedBy({ params }: JobFacts): ServiceRetiming {
  const scope = retimingScopes.find((known) => known === params['scope']);
  if (!scope) throw new Error(`nobody knows how to re-time ${params['scope']}`);
  return { scope, id: params['id'] ?? '' };
}

type Asked = TermsAsked & Pick<TimedTicket, 'terms' | 'criticalSince' | 'calendarOf'>;

/** What becomes of a ticket that is meant. */
interface Retimed {
  readonly how: ClockRetiming;
  readonly level: ServiceLevel | null;
  readonly terms: TermsColumns;
}

interface Retiming {
  /** The open tickets that are meant. */
  readonly where: Where;
  /** Undefined for one that is not meant after all. */
  of(ticket: Asked): Retimed | undefined;
}

function toldOf(ticket: TimedTicket, retiming: Retiming, at: Date): Told | undefined {
  const retimed = retiming.of(ticket);
  if (!retimed) return undefined;
  const { clocks } = ticket.life;
  const after = retimedClocks(ticket.life, retimed.how, retimed.level, at);
  const { termsId, termsSource } = retimed.terms;
  const old = ticket.terms?.id ?? null;
  if (old === termsId && (ticket.terms?.source ?? null) === termsSource && sameClocks(clocks, after)) return undefined;
  return { steps: movedClocks(clocks, after), ...(old === termsId ? {} : { terms: { old, new: termsId } }) };
}

const isOpen = `t.status not in ('closed', 'archived')`;

/**
 * @param number when given, of this ticket only
 */
async function prepare(em: EntityManager, { scope, id }: ServiceRetiming, at: Date, number?: number): Promise<Retiming | Refusal> {
  const where = (sql: string, ...values: unknown[]): Where => ({
    sql: `${isOpen} and (${sql}) ${number === undefined ? '' : 'and t.number = ?'}`,
    values: [...values, ...(number === undefined ? [] : [number])],
    untimed: true,
  });
  switch (scope) {
    case 'calendar': {
      const [calendar] = await em.execute<CalendarRef[]>('select id, version from calendar where id = ?', [id]);
      return calendar ? byCalendar(calendar, where(countedBy, id, id)) : refuse('calendar.not_found');
    }
    case 'plan': {
      const row = await termsOfPlan(em, id);
      return row ? byPlan(em, row, where(`t.terms_id in (${termsOf})`, id)) : refuse('sla_plan.not_found');
    }
    case 'account': {
      const [account] = await em.execute<unknown[]>('select 1 from account where id = ?', [id]);
      return account ? byChoice(em, where('t.account_id = ?', id), at) : refuse('customer.not_found');
    }
    case 'queue': {
      const [queue] = await em.execute<unknown[]>('select 1 from queue where id = ?', [id]);
      return queue ? byChoice(em, where(`t.queue_id = ? and ${withoutOthers}`, id), at) : refuse('queue.not_found');
    }
  }
}

const countedBy = `t.clocks is not null and (t.clocks #>> '{response,calendar,id}' = ? or t.clocks #>> '{fix,calendar,id}' = ?)`;
const termsOf = 'select s.id from service_terms s where s.plan_id = ? and s.agreement_id is null';
const withoutOthers = `(t.terms_source is null or t.terms_source = 'queue')`;

/** Another version of a calendar: terms stay, and each clock keeps its promise. */
function byCalendar(calendar: CalendarRef, where: Where): Retiming {
  return {
    where: { ...where, recountedBy: calendar },
    of: ({ terms, calendarOf }) => ({ how: { calendar }, level: { ...nothingPromised, calendarOf }, terms: columnsOf(terms) }),
  };
}

async function termsOfPlan(em: EntityManager, id: string): Promise<TermsRow | undefined> {
  const [row] = await em.execute<{ terms: TermsRow }[]>(
    `select ${termsColumn} as terms from sla_plan p join service_terms st on st.id = p.terms_id join calendar sc on sc.id = st.calendar_id where p.id = ?`,
    [id],
  );
  return row?.terms;
}

/** The present terms of a plan, wherever it came from. */
async function byPlan(em: EntityManager, row: TermsRow, where: Where): Promise<Retiming> {
  const level = await serviceLevelOf(em, row);
  return {
    where,
    of: ({ terms, criticalSince }) =>
      terms ? { how: { criticalSince, ownTerms: terms.id }, level, terms: { termsId: row.id, termsSource: terms.source } } : undefined,
  };
}

/** Chosen anew: what would be promised to the ticket if it were opened now. */
async function byChoice(em: EntityManager, where: Where, at: Date): Promise<Retiming> {
  const asked = await em.execute<TermsAsked[]>(
    `select distinct t.account_id as "accountId", t.queue_id as "queueId" from ticket t where ${where.sql}`,
    [...where.values],
  );
  const appliedTo = await termsForEach(em, asked, at);
  const levels = new Map<string, ServiceLevel>();
  for (const { row } of asked.flatMap((each) => appliedTo(each) ?? []))
    if (!levels.has(row.id)) levels.set(row.id, await serviceLevelOf(em, row));
  const known = new Set(asked.map(spellAsked));
  return {
    where,
    of: (ticket) => {
      if (!known.has(spellAsked(ticket))) return undefined;
      const { terms, criticalSince } = ticket;
      const applied = appliedTo(ticket);
      return {
        how: { criticalSince, ownTerms: terms?.id ?? null },
        level: applied ? levels.get(applied.row.id)! : null,
        terms: columnsOf(applied ? { id: applied.row.id, source: applied.source } : null),
      };
    },
  };
}

function spellAsked({ accountId, queueId }: TermsAsked): string {
  return `${accountId} ${queueId}`;
}

function columnsOf(terms: { readonly id: string; readonly source: TermsSource } | null): TermsColumns {
  return { termsId: terms?.id ?? null, termsSource: terms?.source ?? null };
}

async function promiseNames(em: EntityManager, items: MovedPage['items']): Promise<ReadonlyMap<string, PromiseName>> {
  const ids = [...new Set(items.flatMap(({ terms }) => [terms?.old, terms?.new]).filter(Boolean))];
  const rows = await em.execute<(PromiseName & { id: string })[]>(
    `select s.id, jsonb_build_object('id', p.id, 'name', p.name) as plan, s.agreement_id as "agreementId"
      from service_terms s join sla_plan p on p.id = s.plan_id where s.id = any(?::text[])`,
    [`{${ids.join(',')}}`],
  );
  return new Map(rows.map(({ id, ...name }) => [id, name]));
}

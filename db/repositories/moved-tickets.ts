/** Tickets whose deadlines move although nobody wrote: found for a preview or a job, and moved one by one (SPEC T8, S7, M3). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CalendarRef, WorkingHours } from '../../domain/business-calendar.ts';
import { isRefusal } from '../../domain/errors.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { sameInstants, type Deadlines } from '../../domain/moved-deadlines.ts';
import { movedClocks, sameClocks, type MovedStep } from '../../domain/moved-steps.ts';
import type { ServiceClock, ServiceLevel } from '../../domain/service-clock.ts';
import type { TermsSource } from '../../domain/service-level.ts';
import { pressureOf, type ClockedLife, type ServiceClocks } from '../../domain/ticket-clocks.ts';
import { happeningOfMove, ticketEntity } from '../../domain/ticket.ts';
import { moveTicket, type Move, type TicketLife, type TicketStatus, type TimingPolicy } from '../../domain/ticket-life.ts';
import type { Ticket } from '../entities/ticket.entity.ts';
import type { Instants, ItemOutcome, JobFacts } from './job-row.ts';
import { calendarsOf } from '../service-calendars.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { changeTicket, entitySql, readClocks, type LockedTicket } from './ticket-row.ts';

/** A ticket as far as moving its deadlines asks. */
export interface TimedTicket {
  readonly number: number;
  readonly entity: string;
  readonly accountId: string;
  readonly queueId: string;
  readonly life: Deadlines & ClockedLife;
  readonly snoozedUntil: Date | null;
  /** When it was claimed that the ticket is critical, where that stands and its fix has not come to an end. */
  readonly criticalSince: Date | null;
  readonly terms: { readonly id: string; readonly source: TermsSource } | null;
  /** The calendars of its clocks, ready to count with. */
  readonly calendarOf: ServiceLevel['calendarOf'];
}

/** What would become of a ticket, as people are told it. */
export interface MovedTicket {
  readonly number: number;
  readonly subject: string;
  readonly steps: readonly MovedStep[];
  /** By their ids, the terms that promise it something until now and from then on; left out where these stay. */
  readonly terms?: { readonly old: string | null; readonly new: string | null };
}

export interface MovedPage {
  readonly items: MovedTicket[];
  readonly more: boolean;
  /** How many tickets there are in all; told on the first page only, as counting looks at each. */
  readonly total: number | undefined;
  /** Tickets beside them that keep every instant, and only go by another rule. */
  readonly unmoved: number | undefined;
}

/** Which tickets to look at, as a condition on `t`. */
export interface Where {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** Also those that have nothing to happen by itself. */
  readonly untimed?: boolean;
  /** A version of a calendar that clocks are to be counted by instead of their own, made ready too. */
  readonly recountedBy?: CalendarRef;
}

const chunk = 2_000;
const timed = '(t.closes_at is not null or t.archives_at is not null or t.snoozed_until is not null or t.clocks is not null)';

/** SQL for when it was claimed that a ticket `t` is critical, where that stands and its fix has not come to an end. */
export const criticalSince = `case when t.severity in ('claimed', 'confirmed')
    and not exists (select 1 from clock_run r where r.ticket_number = t.number and r.kind = 'fix' and r.since = t.severity_claimed_at)
  then t.severity_claimed_at end`;

/** Every ticket there that is not in the archive, by number, in chunks; as a rule those that have something to happen by itself. */
export async function* timedTickets(em: EntityManager, where: Where, afterNumber = 0): AsyncGenerator<TimedTicket> {
  for (let after = afterNumber; ;) {
    const rows = await em.execute<TimedRow[]>(
      `select t.number, ${entitySql('t.number')} as entity, t.account_id, t.queue_id, t.status, t.waiting_since, t.first_responded_at, t.fixed_at, t.warns_at, t.closes_at,
          t.archives_at, t.timing, t.snoozed_until, t.clocks, t.terms_id, t.terms_source,
          ${criticalSince} as critical_since from ticket t
        where t.status <> 'archived' ${where.untimed ? '' : `and ${timed}`} and t.number > ? and ${where.sql}
        order by t.number limit ${chunk}`,
      [after, ...where.values],
    );
    const read = rows.map((row) => ({ row, clocks: readClocks(row.clocks) }));
    const calendarOf = await calendarsOfClocks(
      em,
      read.map(({ clocks }) => clocks),
      where.recountedBy,
    );
    for (const { row, clocks } of read) yield timedTicketOf(row, clocks, calendarOf);
    if (rows.length < chunk) return;
    after = rows.at(-1)!.number;
  }
}

/**
 * The calendars that these clocks are counted by.
 * @param version of one of them, in the hours of each of its clocks too
 */
export async function calendarsOfClocks(
  em: EntityManager,
  of: readonly ServiceClocks[],
  version?: CalendarRef,
): Promise<ServiceLevel['calendarOf']> {
  const wanted = new Map<string, { ref: CalendarRef; hours: WorkingHours | null }>();
  const want = (ref: CalendarRef, hours: WorkingHours | null) =>
    wanted.set(`${ref.id} ${ref.version} ${hours?.opens} ${hours?.closes}`, { ref, hours });
  for (const clock of of.flatMap(({ response, fix }) => [response, fix])) {
    if (!clock) continue;
    want(clock.calendar, clock.hours);
    if (clock.calendar.id === version?.id) want(version, clock.hours);
  }
  return calendarsOf(em, [...wanted.values()]);
}

interface TimedRow {
  readonly number: number;
  readonly entity: string;
  readonly account_id: string;
  readonly queue_id: string;
  readonly status: TicketStatus;
  readonly waiting_since: string | null;
  readonly first_responded_at: string | null;
  readonly fixed_at: string | null;
  readonly warns_at: string | null;
  readonly closes_at: string | null;
  readonly archives_at: string | null;
  readonly timing: string | null;
  readonly snoozed_until: string | null;
  readonly clocks: unknown;
  readonly terms_id: string | null;
  readonly terms_source: TermsSource | null;
  readonly critical_since: string | null;
}

function timedTicketOf(row: TimedRow, clocks: ServiceClocks, calendarOf: ServiceLevel['calendarOf']): TimedTicket {
  const instant = (at: string | null) => (at ? new Date(at) : null);
  return {
    number: row.number,
    entity: row.entity,
    accountId: row.account_id,
    queueId: row.queue_id,
    life: {
      status: row.status,
      waitingSince: instant(row.waiting_since),
      firstRespondedAt: instant(row.first_responded_at),
      fixedAt: instant(row.fixed_at),
      warnsAt: instant(row.warns_at),
      closesAt: instant(row.closes_at),
      archivesAt: instant(row.archives_at),
      timing: row.timing,
      clocks,
    },
    snoozedUntil: instant(row.snoozed_until),
    criticalSince: instant(row.critical_since),
    terms: row.terms_id && row.terms_source ? { id: row.terms_id, source: row.terms_source } : null,
    calendarOf,
  };
}

/** What a preview tells of a ticket; without steps and terms it is counted, and not shown. */
export type Told = Pick<MovedTicket, 'steps' | 'terms'>;

/** A page of the tickets of which something would move, by number; the first page tells how many there are. */
export async function previewMoves(
  em: EntityManager,
  where: Where,
  tell: (ticket: TimedTicket) => Told | undefined,
  page: { readonly after: number | undefined; readonly limit: number },
): Promise<MovedPage> {
  const found: (Told & { number: number })[] = [];
  const isFirst = page.after === undefined;
  let [total, unmoved] = [0, 0];
  for await (const ticket of timedTickets(em, where, page.after)) {
    const told = tell(ticket);
    if (!told) continue;
    if (told.steps.length === 0 && !told.terms) {
      unmoved += 1;
      continue;
    }
    total += 1;
    if (found.length <= page.limit) found.push({ number: ticket.number, ...told });
    else if (!isFirst) break;
  }
  const items = await withSubjects(em, found.slice(0, page.limit));
  return { items, more: found.length > page.limit, total: isFirst ? total : undefined, unmoved: isFirst ? unmoved : undefined };
}

async function withSubjects(em: EntityManager, found: readonly Omit<MovedTicket, 'subject'>[]): Promise<MovedTicket[]> {
  const numbers = found.map((each) => each.number);
  const rows = await em.execute<{ number: number; subject: string }[]>(
    'select number, subject from ticket where number = any(?::integer[])',
    [`{${numbers.join(',')}}`],
  );
  const subjects = new Map(rows.map((row) => [row.number, row.subject]));
  return found.map((each) => ({ ...each, subject: subjects.get(each.number) ?? '' }));
}

/** A ticket is told of by its steps, where any moves. */
export function toldBy(steps: readonly MovedStep[]): Told | undefined {
  return steps.length === 0 ? undefined : { steps };
}

/** The terms that a ticket goes by from now on, as its row keeps them. */
export type TermsColumns = Pick<Ticket, 'termsId' | 'termsSource'>;

/**
 * Moves a locked ticket's deadlines as the rule says, with its line of history and the word to its workflow. A step that
 * falls due at another instant is another row, so that a workflow that waits for the old one looks again.
 */
export async function moveDeadlines(
  em: EntityManager,
  job: JobFacts,
  locked: LockedTicket,
  move: Extract<Move, { kind: 'retime' | 'shift' | 'retime_clocks' }>,
  policy: TimingPolicy,
  at: Date,
  terms: TermsColumns = locked.ticket,
): Promise<ItemOutcome> {
  const life = moveTicket(locked.life, move, policy, at);
  if (isRefusal(life)) return { state: 'skipped', why: 'not_applicable' };
  const { termsId, termsSource } = terms;
  const keepsTerms = locked.ticket.termsId === termsId && locked.ticket.termsSource === termsSource;
  if (keepsTerms && sameInstants(life, locked.life) && sameClocks(life.clocks, locked.life.clocks))
    return { state: 'skipped', why: 'unchanged' };
  const change = changeTicket(locked, move.kind, life, at, { termsId, termsSource });
  const { number, revision } = change.ticket;
  const [before, after] = [recordOf(move, locked.life, locked.ticket), recordOf(move, life, terms)];
  // That only the rule is another one is the staff's own business.
  const isSeen = move.kind !== 'retime_clocks' || !keepsTerms || movedClocks(locked.life.clocks, life.clocks).length > 0;
  const spelled = spellTicketNumber(number);
  await recordTicketFact(em, {
    number,
    kind: move.kind,
    at,
    revision,
    change,
    by: job.startedById === null ? { side: 'time', id: null } : { side: 'staff', id: job.startedById },
    channel: 'engine',
    visibility: isSeen ? 'public' : 'internal',
    data: { job: job.id, before: nextDeadline(locked.life), after: nextDeadline(life), ...(isSeen ? {} : { unmoved: 'true' }) },
    audit: { before, after: { ...after, job: job.id }, requestId: null, address: null },
    outbox: [{ kind: 'ticket.happening', number: spelled, happening: happeningOfMove[move.kind]!, revision }],
  });
  return { state: 'done', before, after };
}

/** The deadline that a line of history shows old beside new. */
function nextDeadline({ closesAt, archivesAt, clocks }: TicketLife): string | null {
  return (closesAt ?? archivesAt ?? pressureOf(clocks).breachesAt)?.toISOString() ?? null;
}

/** What a job's record keeps of a ticket. */
function recordOf({ kind }: Move, life: TicketLife, { termsId }: TermsColumns): Instants {
  const clocks = { ...spellClock('response', life.clocks.response), ...spellClock('fix', life.clocks.fix) };
  return kind === 'retime_clocks' ? { ...clocks, terms: termsId } : { ...spellInstants(life), ...clocks };
}

function spellInstants({ warnsAt, closesAt, archivesAt }: Deadlines): Record<'warnsAt' | 'closesAt' | 'archivesAt', string | null> {
  return {
    warnsAt: warnsAt?.toISOString() ?? null,
    closesAt: closesAt?.toISOString() ?? null,
    archivesAt: archivesAt?.toISOString() ?? null,
  };
}

/** A clock as the record keeps it: its instants, or what it has left while it waits, and what counts it. */
function spellClock(name: 'response' | 'fix', clock: ServiceClock | null): Instants {
  if (!clock) return {};
  const { warnsAt, dueAt, breachedAt, leftMs, calendar } = clock;
  return {
    [`${name}WarnsAt`]: warnsAt?.toISOString() ?? null,
    [`${name}DueAt`]: dueAt?.toISOString() ?? null,
    ...(breachedAt ? { [`${name}BreachedAt`]: breachedAt.toISOString() } : {}),
    ...(dueAt ? {} : { [`${name}LeftMinutes`]: String(Math.max(0, Math.floor(leftMs / 60_000))) }),
    [`${name}Calendar`]: `${calendar.id}@${calendar.version}`,
  };
}

/** The number in such an entity's name. */
export function numberOfEntity(entity: string): number {
  return Number(entity.slice(ticketEntity('CS-').length));
}

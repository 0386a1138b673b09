/** Tickets whose deadlines move although nobody wrote: found for a preview or a job, and moved one by one (SPEC T8, M3). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal } from '../../domain/errors.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { sameInstants, type Deadlines } from '../../domain/moved-deadlines.ts';
import { happeningOfMove, ticketEntity } from '../../domain/ticket.ts';
import { moveTicket, type Move, type TimingPolicy } from '../../domain/ticket-life.ts';
import type { ItemOutcome, JobFacts } from './job-row.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { changeTicket, entitySql, type LockedTicket } from './ticket-row.ts';

/** A ticket with something that will happen by itself, as far as moving it asks. */
export interface TimedTicket {
  readonly number: number;
  readonly entity: string;
  readonly accountId: string;
  readonly queueId: string;
  readonly life: Deadlines;
  readonly snoozedUntil: Date | null;
}

/** What would become of one step; `new` is null where nobody can say yet. */
export interface MovedStep {
  readonly what: 'warn' | 'auto_close' | 'archive' | 'wake';
  readonly old: Date;
  readonly new: Date | null;
}

export interface MovedTicket {
  readonly number: number;
  readonly subject: string;
  readonly steps: readonly MovedStep[];
}

export interface MovedPage {
  readonly items: MovedTicket[];
  readonly more: boolean;
  /** How many tickets there are in all; told on the first page only, as counting looks at each. */
  readonly total: number | undefined;
}

/** Which tickets to look at, as a condition on `t`. */
export interface Where {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const chunk = 2_000;

/** Every ticket there that has something to happen by itself, by number, in chunks. */
export async function* timedTickets(em: EntityManager, where: Where, afterNumber = 0): AsyncGenerator<TimedTicket> {
  for (let after = afterNumber; ;) {
    const rows = await em.execute<Record<string, string | null>[]>(
      `select t.number, ${entitySql('t.number')} as entity, t.account_id, t.queue_id, t.warns_at, t.closes_at, t.archives_at, t.timing, t.snoozed_until from ticket t
        where t.status <> 'archived' and (t.closes_at is not null or t.archives_at is not null or t.snoozed_until is not null) and t.number > ? and ${where.sql}
        order by t.number limit ${chunk}`,
      [after, ...where.values],
    );
    for (const row of rows) yield timedTicketOf(row);
    if (rows.length < chunk) return;
    after = Number(rows.at(-1)!['number']);
  }
}

function timedTicketOf(row: Record<string, string | null>): TimedTicket {
  const instant = (column: string) => (row[column] ? new Date(row[column]) : null);
  return {
    number: Number(row['number']),
    entity: row['entity']!,
    accountId: row['account_id']!,
    queueId: row['queue_id']!,
    life: {
      warnsAt: instant('warns_at'),
      closesAt: instant('closes_at'),
      archivesAt: instant('archives_at'),
      timing: row['timing'] ?? null,
    },
    snoozedUntil: instant('snoozed_until'),
  };
}

/** A page of the tickets of which something would move, by number; the first page tells how many there are. */
export async function previewMoves(
  em: EntityManager,
  where: Where,
  stepsOf: (ticket: TimedTicket) => readonly MovedStep[],
  page: { readonly after: number | undefined; readonly limit: number },
): Promise<MovedPage> {
  const found: { number: number; steps: readonly MovedStep[] }[] = [];
  let total = 0;
  for await (const ticket of timedTickets(em, where, page.after)) {
    const steps = stepsOf(ticket);
    if (steps.length === 0) continue;
    total += 1;
    if (found.length <= page.limit) found.push({ number: ticket.number, steps });
    else if (page.after !== undefined) break;
  }
  const items = await withSubjects(em, found.slice(0, page.limit));
  return { items, more: found.length > page.limit, total: page.after === undefined ? total : undefined };
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

/** The steps that differ, old beside new; a warning that goes is told as a step without a new instant. */
export function differences(before: Deadlines, after: Deadlines): MovedStep[] {
  const steps: MovedStep[] = [];
  const add = (what: MovedStep['what'], old: Date | null, then: Date | null) => {
    if (old && old.getTime() !== then?.getTime()) steps.push({ what, old, new: then });
  };
  add('warn', before.warnsAt, after.warnsAt);
  add('auto_close', before.closesAt, after.closesAt);
  add('archive', before.archivesAt, after.archivesAt);
  return steps;
}

/**
 * Moves a locked ticket's deadlines as the rule says, with its line of history and the word to its workflow. A step that
 * falls due at another instant is another row, so that a workflow that waits for the old one looks again.
 */
export async function moveDeadlines(
  em: EntityManager,
  job: JobFacts,
  locked: LockedTicket,
  move: Extract<Move, { kind: 'retime' | 'shift' }>,
  policy: TimingPolicy,
  at: Date,
): Promise<ItemOutcome> {
  const life = moveTicket(locked.life, move, policy, at);
  if (isRefusal(life)) return { state: 'skipped', why: 'not_applicable' };
  if (sameInstants(life, locked.life)) return { state: 'skipped', why: 'unchanged' };
  const change = changeTicket(locked, move.kind, life, at);
  const { number, revision } = change.ticket;
  const [before, after] = [spellInstants(locked.life), spellInstants(life)];
  const spelled = spellTicketNumber(number);
  await recordTicketFact(em, {
    number,
    kind: move.kind,
    at,
    revision,
    change,
    by: job.startedById === null ? { side: 'time', id: null } : { side: 'staff', id: job.startedById },
    channel: 'engine',
    visibility: 'public',
    data: { job: job.id, before: before.closesAt ?? before.archivesAt, after: after.closesAt ?? after.archivesAt },
    audit: { before, after: { ...after, job: job.id }, requestId: null, address: null },
    outbox: [{ kind: 'ticket.happening', number: spelled, happening: happeningOfMove[move.kind]!, revision }],
  });
  return { state: 'done', before, after };
}

function spellInstants({ warnsAt, closesAt, archivesAt }: Deadlines): Record<'warnsAt' | 'closesAt' | 'archivesAt', string | null> {
  return {
    warnsAt: warnsAt?.toISOString() ?? null,
    closesAt: closesAt?.toISOString() ?? null,
    archivesAt: archivesAt?.toISOString() ?? null,
  };
}

/** The number in such an entity's name. */
export function numberOfEntity(entity: string): number {
  return Number(entity.slice(ticketEntity('CS-').length));
}

/** The dispatcher's side of the outbox: what waits, in order per entity, and what became of it. */
import type { Clock } from '../../domain/clock.ts';
import { readTicketNumber, spellTicketNumber } from '../../domain/ids.ts';
import { pendingActionEntity, type PendingActionKind, type PendingActionState } from '../../domain/pending-action.ts';
import { ticketEntity } from '../../domain/ticket.ts';
import { readMoneyEntity } from '../../domain/money-entity.ts';
import { readTimedEntity } from '../../domain/timed-entity.ts';
import { readJobEntity } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import type { OutboxMessage } from '../outbox.ts';
import { openCase } from './cases.ts';
import { holdCovers } from './open-holds.ts';
import { stateOfJob } from './jobs.ts';
import { stateOfMoneyEntity } from './money-entities.ts';
import { mergeCanBeUndone } from './ticket-row.ts';
import { stateOfTimedEntity } from './timed-steps.ts';

export interface WaitingMessage {
  readonly id: string;
  readonly entity: string;
  readonly message: OutboxMessage;
  readonly attempts: number;
}

/** After so many refusals a message is set aside for staff, so that the others are not delayed (QUALITY R11). */
export const maxAttempts = 5;

/** The oldest messages that may be delivered now. An entity whose earlier message is being retried waits with it. */
export async function readWaiting(database: Database, clock: Clock, limit: number): Promise<WaitingMessage[]> {
  return database.fork().execute<WaitingMessage[]>(
    `select o.id::text, o.entity, o.message, o.attempts from outbox o
      where o.parked_at is null and not exists (
        select 1 from outbox earlier where earlier.entity = o.entity and earlier.id <= o.id and earlier.parked_at is null and earlier.next_attempt_at > ?)
      order by o.id limit ?`,
    [clock.now(), limit],
  );
}

export async function removeDelivered(database: Database, ids: readonly string[]): Promise<void> {
  if (ids.length) await database.fork().execute('delete from outbox where id = any(?::bigint[])', [`{${ids.join(',')}}`]);
}

/** Counts a refusal and says when to try again; the fifth parks the message and opens a case. */
export async function postpone(database: Database, clock: Clock, refused: WaitingMessage, why: string): Promise<void> {
  const attempts = refused.attempts + 1;
  const at = clock.now();
  const next = new Date(at.getTime() + 1000 * 2 ** attempts);
  await database.fork().transactional(async (em) => {
    const parked = attempts >= maxAttempts;
    await em.execute('update outbox set attempts = ?, next_attempt_at = ?, parked_at = ?, last_error = ? where id = ?', [
      attempts,
      parked ? null : next,
      parked ? at : null,
      why,
      refused.id,
    ]);
    if (parked) await openCase(em, at, { kind: 'outbox.parked', about: refused.entity, detail: { message: refused.message.kind, why } });
  });
}

/** What starts an entity's workflow. */
export type Opening = Extract<
  OutboxMessage,
  { kind: 'ticket.opened' | 'pending_action.begun' | 'timed.begun' | 'money.begun' | 'job.begun' }
>;

/**
 * An entity whose workflow the engine does not know: whether it is over, and what would start it again. Undefined when it
 * never was.
 */
export async function stateOfEntity(database: Database, entity: string): Promise<{ over: boolean; opening: Opening } | undefined> {
  if (entity.startsWith(pendingActionEntity(''))) return stateOfPendingAction(database, entity.slice(pendingActionEntity('').length));
  if (readTimedEntity(entity)) return stateOfTimedEntity(database, entity);
  if (readMoneyEntity(entity)) return stateOfMoneyEntity(database, entity);
  const job = readJobEntity(entity);
  if (job !== undefined) return stateOfJob(database, job);
  const number = entity.startsWith(ticketEntity('')) ? entity.slice(ticketEntity('').length) : '';
  const [row] = await database
    .fork()
    .execute<{ over: boolean; category: string }[]>(
      `select (t.status = 'archived' and not ${mergeCanBeUndone('t.number')}) as over, q.category from ticket t join queue q on q.id = t.queue_id where t.number = ?`,
      [readTicketNumber(number) ?? 0],
    );
  return row && { over: row.over, opening: { kind: 'ticket.opened', number, category: row.category } };
}

async function stateOfPendingAction(database: Database, id: string): Promise<{ over: boolean; opening: Opening } | undefined> {
  const [row] = await database
    .fork()
    .execute<{ state: PendingActionState; kind: PendingActionKind }[]>('select state, kind from pending_action where id = ?', [id]);
  return row && { over: row.state !== 'pending', opening: { kind: 'pending_action.begun', id, action: row.kind } };
}

/** Opens a case about an entity in a transaction of its own. */
export async function reportCase(
  database: Database,
  clock: Clock,
  matter: { kind: string; about: string; detail: Record<string, string> },
): Promise<void> {
  await database.fork().transactional((em) => openCase(em, clock.now(), matter));
}

/** Something that should have happened by itself and has not: since when, and its id. */
export interface Late {
  readonly at: Date;
  readonly id: string;
}

/**
 * Entities with a step that is overdue although no hold stops it at this instant (as `stops` of domain/hold rules): their
 * workflow must have lost its timer, for example with a restored engine. At most `limit`, the longest overdue first,
 * those after `after`.
 */
export async function readOverdueSteps(
  database: Database,
  now: Date,
  overdueSince: Date,
  after: Pick<Late, 'at' | 'id'>,
  limit: number,
): Promise<(Late & { entity: string })[]> {
  const rows = await database.fork().execute<(Late & { entity: string })[]>(
    `select o.due_at as at, o.id, o.entity from obligation o
      where o.due_at < ? and (o.due_at, o.id) > (?, ?) and not exists (
        select 1 from hold h where h.lifted_at is null and h.from_at <= ? and ${holdCovers})
      order by o.due_at, o.id limit ?`,
    [overdueSince, after.at, after.id, now, limit],
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

/**
 * Deliveries that the engine was told of and that are still to be made: their channel is away, or the engine forgot
 * them. At most `limit`, the oldest first, those after `after`.
 */
export async function readLateDeliveries(
  database: Database,
  wantedBefore: Date,
  after: Pick<Late, 'at' | 'id'>,
  limit: number,
): Promise<(Late & { event: string; number: string | undefined })[]> {
  const rows = await database.fork().execute<{ at: string; id: string; event: string; ticket_number: number | null }[]>(
    `select late.* from (
        select coalesce(l.created_at, n.created_at, m.created_at) as at, d.id, coalesce('letter.' || l.kind, n.event, 'ticket.copied') as event,
            coalesce(n.ticket_number, m.ticket_number) as ticket_number
          from delivery d left join letter l on l.delivery_id = d.id left join notification n on n.id = d.notification_id
            left join outside_copy c on c.delivery_id = d.id left join message m on m.id = c.message_id
          where d.state = 'pending') late
      where late.at < ? and (late.at, late.id) > (?, ?)
        and not exists (select 1 from outbox o where o.entity = 'notification:' || late.id and o.parked_at is null)
      order by late.at, late.id limit ?`,
    [wantedBefore, after.at, after.id, limit],
  );
  return rows.map(({ at, id, event, ticket_number }) => ({
    at: new Date(at),
    id,
    event,
    number: ticket_number === null ? undefined : spellTicketNumber(ticket_number),
  }));
}

const forgottenAtOnce = 5_000;

/** Forgets idempotency records older than this instant (api.md promises at least 24 h). */
export async function forgetOldAnswers(database: Database, before: Date): Promise<void> {
  for (let forgotten = forgottenAtOnce; forgotten === forgottenAtOnce;) {
    const gone = await database
      .fork()
      .execute<unknown[]>(
        'delete from idempotency_record where ctid in (select ctid from idempotency_record where created_at < ? limit ?) returning 1',
        [before, forgottenAtOnce],
      );
    forgotten = gone.length;
  }
}

/**
 * How a hold ends (SPEC M3), by a person or by itself: a job moves the deadlines whose clocks stood still, and only then is it
 * gone, so that nothing falls due in between that the lifting would have moved. What only waited happens then.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { endOf, shiftOf, type Hold, type PastHold } from '../../domain/hold.ts';
import { shifted } from '../../domain/moved-deadlines.ts';
import { movedClocks, movedDeadlines, type MovedStep } from '../../domain/moved-steps.ts';
import { shiftedClocks } from '../../domain/ticket-clocks.ts';
import { spellInstant } from '../../domain/ticket-story.ts';
import { AuditLine } from '../entities/audit-line.entity.ts';
import { HoldRow } from '../entities/hold.entity.ts';
import { countedTo } from './counted-liftings.ts';
import { moveHeldQuote, quotesMovedBy, type Counting } from './held-quotes.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import { readTicketNumber } from '../../domain/ids.ts';
import { readTimedEntity } from '../../domain/timed-entity.ts';
import { beginJob, type JobRule } from './job-row.ts';
import { moveDeadlines, numberOfEntity, timedTickets, type TimedTicket, type Where } from './moved-tickets.ts';
import { holdCovers, openHolds, readHolds, type StoredHolds } from './open-holds.ts';
import { lockTicket } from './ticket-row.ts';
import { endTimed, type TimedRule } from './timed-entities.ts';

/** A hold as rules see it. */
export function holdOf({ id, scope, scopeId, kinds, fromAt, untilAt, shifts, liftingAt }: HoldRow): Hold {
  return { id, scope, scopeId, kinds, from: fromAt, until: untilAt, shifts, liftingAt };
}

/** Locks a hold's row; undefined when there is no such hold. After tickets in the order of locks. */
export async function lockHold(em: EntityManager, id: string): Promise<HoldRow | undefined> {
  const [row] = await em.execute<Record<string, never>[]>('select * from hold where id = ? for no key update', [id]);
  return row && em.map(HoldRow, row);
}

/** The tickets a hold may rule over, as a condition on `t`. */
export function ticketsUnder({ scope, scopeId }: Pick<Hold, 'scope' | 'scopeId'>): Where {
  switch (scope) {
    case 'all':
      return { sql: 'true', values: [] };
    case 'queue':
      return { sql: 't.queue_id = ?', values: [scopeId] };
    case 'account':
      return { sql: 't.account_id = ?', values: [scopeId] };
    case 'entity':
      return { sql: 't.number = ?', values: [readTicketNumber((scopeId ?? '').replace('ticket:', '')) ?? 0] };
  }
}

export async function standingHolds(em: EntityManager): Promise<Hold[]> {
  const [row] = await em.execute<{ holds: StoredHolds }[]>(`select ${openHolds} as holds`);
  return readHolds(row?.holds ?? null);
}

/**
 * How lifting this hold at this instant counts. One that was to shift and is lifted without still moves what others, which were
 * lifted while it stood, left to it; else what they promised would be broken.
 * @param placedToShift whether it was placed, and stood, as one that shifts
 * @returns undefined when it moves nothing
 */
export async function countingOf(em: EntityManager, hold: Hold, placedToShift: boolean, at: Date): Promise<Counting | undefined> {
  const left = placedToShift && !hold.shifts ? await leftTo(em, hold, at) : undefined;
  if (!hold.shifts && !left?.length) return undefined;
  const [counted, standing] = [await countedTo(em, hold.id), await standingHolds(em)];
  return { to: endOf(hold, at), counted, standing, left };
}

/** Holds that shifted and were lifted while this one stood: the time that both stood is this one's to account for. */
async function leftTo(em: EntityManager, { id, from }: Pick<Hold, 'id' | 'from'>, at: Date): Promise<PastHold[]> {
  const rows = await em.execute<Record<string, never>[]>(
    'select * from hold where id <> ? and shifts and lifting_at >= ? and lifting_at <= ?',
    [id, from, at],
  );
  return rows.map((row) => holdOf(em.map(HoldRow, row))).map((hold) => ({ ...hold, to: endOf(hold, hold.liftingAt!) }));
}

/** What lifting the hold would move of a ticket, old beside new. */
export function movedByLifting(ticket: TimedTicket, hold: Hold, { to, counted, standing, left }: Counting): MovedStep[] {
  const { life, entity, calendarOf } = ticket;
  const shift = shiftOf(ticket, hold, to, counted.get(entity), standing, left);
  return [...movedDeadlines(life, shifted(life, shift)), ...movedClocks(life.clocks, shiftedClocks(life.clocks, { calendarOf }, shift))];
}

/**
 * Begins to lift a locked hold, in the transaction of who asks. Where nothing is to be moved it is lifted at once.
 * @param by who asks; null when its time is over
 * @returns the job that moves deadlines first; null when there is none
 */
export async function beginLifting(em: EntityManager, row: HoldRow, shifts: boolean, by: string | null, at: Date): Promise<string | null> {
  const hold: Hold = { ...holdOf(row), shifts, liftingAt: at };
  const counting = await countingOf(em, hold, row.shifts, at);
  const entities = counting ? await quotesMovedBy(em, hold, counting) : [];
  if (counting)
    for await (const ticket of timedTickets(em, ticketsUnder(hold)))
      if (movedByLifting(ticket, hold, counting).length) entities.push(ticket.entity);
  await em.nativeUpdate(HoldRow, { id: hold.id }, { shifts, liftingAt: at, liftedById: by });
  const params = { hold: hold.id, to: endOf(hold, at).toISOString(), placedToShift: String(row.shifts) };
  const job = entities.length ? await beginJob(em, at, { kind: 'lift_hold', params, startedById: by, entities }) : null;
  if (job) {
    await em.nativeUpdate(HoldRow, { id: hold.id }, { liftingJobId: job });
    await tellPages(em, at, { staff: true }, { what: 'job', id: job });
  } else await endHold(em, row, at);
  await tellPages(em, at, { staff: true }, { what: 'hold', id: hold.id });
  return job;
}

/**
 * The hold is gone: every entity whose step fell due under it is told, so that the step is taken now. One that falls due within
 * the minute is told too: its workflow may ask just before this commits, and would then wait for a hold that is gone.
 */
async function endHold(em: EntityManager, { id, untilAt }: Pick<HoldRow, 'id' | 'untilAt'>, at: Date): Promise<void> {
  await em.nativeUpdate(HoldRow, { id }, { liftedAt: at });
  if (untilAt) await endTimed(em, at, 'hold', id);
  await em.execute(
    `insert into outbox (entity, message, created_at)
      select distinct o.entity, case when o.entity like 'ticket:%'
          then jsonb_build_object('kind', 'ticket.happening', 'number', substr(o.entity, 8), 'happening', 'holdLifted', 'revision', 0)
          when o.entity like 'pending-action:%'
          then jsonb_build_object('kind', 'pending_action.happening', 'id', substr(o.entity, 16), 'happening', 'holdLifted')
          else jsonb_build_object('kind', 'timed.happening', 'entity', o.entity, 'happening', 'holdLifted') end, ?::timestamptz
      from hold h, obligation o where h.id = ? and o.due_at <= ? and ${holdCovers}`,
    [at, id, new Date(at.getTime() + 60_000)],
  );
}

/** The job that lifts: each ticket by what it is now; then the hold is gone. */
export const liftingRule: JobRule = {
  async take(em, job, entity, at) {
    const isQuote = readTimedEntity(entity) !== undefined;
    const locked = isQuote ? undefined : await lockTicket(em, numberOfEntity(entity));
    const holdId = job.params['hold'] ?? '';
    const standing = await standingHolds(em);
    const hold = standing.find((each) => each.id === holdId);
    if (!hold || (!isQuote && !locked)) return { state: 'skipped', why: 'not_applicable' };
    const owes = !hold.shifts && job.params['placedToShift'] === 'true';
    const counting: Counting = {
      to: new Date(job.params['to'] ?? at),
      counted: await countedTo(em, holdId, { entity }),
      standing,
      left: owes ? await leftTo(em, hold, hold.liftingAt ?? at) : undefined,
    };
    if (!locked) return moveHeldQuote(em, job, entity, hold, counting, at);
    const { ticket, life, policy } = locked;
    const of = { life, entity, accountId: ticket.accountId, queueId: ticket.queueId, calendarOf: policy.service?.calendarOf };
    const by = shiftOf(of, hold, counting.to, counting.counted.get(entity), standing, counting.left);
    return moveDeadlines(em, job, locked, { kind: 'shift', by }, policy, at);
  },
  async finish(em, job, at) {
    const row = await lockHold(em, job.params['hold'] ?? '');
    if (!row || row.liftedAt) return;
    await endHold(em, row, at);
    await tellPages(em, at, { staff: true }, { what: 'hold', id: row.id });
  },
  // It stands as before; what was moved stays moved, and is not moved again by the next lifting.
  async cancelled(em, job, at) {
    const id = job.params['hold'] ?? '';
    const shifts = job.params['placedToShift'] === 'true';
    await em.nativeUpdate(HoldRow, { id, liftedAt: null }, { shifts, liftingAt: null, liftingJobId: null, liftedById: null });
    await tellPages(em, at, { staff: true }, { what: 'hold', id });
  },
};

/** A hold that has an end begins to be lifted there. */
export const holdRule: TimedRule = {
  async describe(em, id) {
    const row = await em.findOne(HoldRow, { id }, { refresh: true });
    if (!row) return undefined;
    const until = row.untilAt ? ` Ends on ${spellInstant(row.untilAt)}.` : '';
    if (row.liftedAt) return { state: 'lifted', story: 'Lifted; the story ends here.', over: true };
    return row.liftingAt
      ? { state: 'being_lifted', story: 'Being lifted: deadlines are moved first.', over: false }
      : { state: 'stands', story: `Stands.${until}`, over: false };
  },
  async take(em, id, at) {
    const row = await lockHold(em, id);
    if (!row || row.liftedAt || row.liftingAt || !row.untilAt || row.untilAt > at) return;
    await beginLifting(em, row, row.shifts, null, at);
    await em.insert(AuditLine, {
      id: newId('auditLine', at),
      at,
      actorKind: 'time',
      actorId: null,
      action: 'hold.lift',
      object: `hold:${id}`,
      whom: null,
      address: null,
      before: null,
      after: null,
      requestId: null,
    });
  },
};

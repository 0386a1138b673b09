/** Holds as staff place, look over and lift them (SPEC M3). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { StaffActor } from '../../domain/actor.ts';
import { covers, shiftOf, type Hold, type HoldKind, type HoldScope } from '../../domain/hold.ts';
import { readTicketNumber } from '../../domain/ids.ts';
import { shifted } from '../../domain/moved-deadlines.ts';
import type { MovedStep } from '../../domain/moved-steps.ts';
import { clockSteps, shiftedClocks, standingClocks } from '../../domain/ticket-clocks.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import { Account } from '../entities/account.entity.ts';
import { HoldRow } from '../entities/hold.entity.ts';
import { Queue } from '../entities/queue.entity.ts';
import { Ticket } from '../entities/ticket.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { beginLifting, countingOf, holdOf, lockHold, movedByLifting, ticketsUnder } from './hold-lifting.ts';
import { quotesAtLifting, quotesKeptWaiting, type MovedQuote } from './held-quotes.ts';
import { previewMoves, toldBy, type MovedPage, type TimedTicket } from './moved-tickets.ts';
import { beginTimed, planTimedStep } from './timed-entities.ts';

export interface PlaceHold {
  readonly scope: HoldScope;
  /** Id of a queue or an account, or entity such as `ticket:CS-000123`; null for everything. */
  readonly scopeId: string | null;
  readonly kinds: readonly HoldKind[] | null;
  readonly reason: string;
  readonly until: Date | null;
  /** Whether the clocks of what it stops stand still. */
  readonly shifts: boolean;
}

/** Places a hold from now on. Workflows ask before they act, so nobody needs to be told; one with an end has a workflow of its own. */
export async function placeHold(wish: Wish<StaffActor>, wanted: PlaceHold): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const refusal = await objectionTo(em, wanted, at);
  if (refusal) return refusal;
  const id = newId('hold', at);
  await em.insert(HoldRow, {
    id,
    scope: wanted.scope,
    scopeId: wanted.scopeId,
    kinds: wanted.kinds ? [...wanted.kinds] : null,
    reason: wanted.reason,
    fromAt: at,
    untilAt: wanted.until,
    shifts: wanted.shifts,
    placedById: actor.userId,
  });
  if (wanted.until) {
    await planTimedStep(em, at, { entity: timedEntity('hold', id), accountId: null, kind: 'lift', dueAt: wanted.until, rule: 'until' });
    await beginTimed(em, at, 'hold', id, wanted.scope);
  }
  await auditWish(wish, 'hold.place', `hold:${id}`, at);
  await tellPages(em, at, { staff: true }, { what: 'hold', id });
  return { id };
}

/** What a hold does to tickets, page by page, and on the first page to open offers. */
export interface HeldPage extends MovedPage {
  readonly quotes: readonly MovedQuote[] | undefined;
}

/**
 * What the hold would keep waiting if it were placed now: each step that it stops, and, where it has an end, when the step
 * would happen then. Other holds are left out of account.
 */
export async function previewHold(
  em: EntityManager,
  wanted: Omit<PlaceHold, 'reason'>,
  at: Date,
  page: { readonly after: number | undefined; readonly limit: number },
): Promise<HeldPage | Refusal> {
  const refusal = await objectionTo(em, wanted, at);
  if (refusal) return refusal;
  const hold: Hold = { ...wanted, id: '', from: at, liftingAt: null };
  const tickets = await previewMoves(em, ticketsUnder(hold), (ticket) => toldBy(keptWaiting(ticket, hold)), page);
  return { ...tickets, quotes: page.after === undefined ? await quotesKeptWaiting(em, hold) : undefined };
}

function keptWaiting(ticket: TimedTicket, hold: Hold): MovedStep[] {
  const { life, snoozedUntil, calendarOf } = ticket;
  const { until, shifts } = hold;
  const by = until && shifts ? shiftOf(ticket, hold, until, undefined, []) : undefined;
  const moved = by ? { ...life, ...shifted(life, by), clocks: shiftedClocks(life.clocks, { calendarOf }, by) } : life;
  const later = stepsOf(moved, snoozedUntil);
  return stepsOf(life, snoozedUntil).flatMap(({ what, at: old }, index): MovedStep[] => {
    const shiftedTo = later[index]!.at;
    if (!covers(hold, { ...ticket, kind: what })) return [];
    if (!until) return [{ what, old, new: null }];
    // What does not move falls due under the hold, or it does not matter to it.
    const then = shiftedTo < until ? until : shiftedTo;
    return then > old ? [{ what, old, new: then }] : [];
  });
}

/** What will happen to the ticket by itself, each kind once. A shift takes no step away and adds none. */
function stepsOf(life: TimedTicket['life'], snoozedUntil: Date | null): { readonly what: MovedStep['what']; readonly at: Date }[] {
  const { warnsAt, closesAt, archivesAt } = life;
  const own = { warn: warnsAt, auto_close: closesAt, archive: archivesAt, wake: snoozedUntil };
  return [
    ...(Object.entries(own) as [keyof typeof own, Date | null][]).flatMap(([what, at]) => (at ? [{ what, at }] : [])),
    ...clockSteps(standingClocks(life)).map(({ kind: what, dueAt }) => ({ what, at: dueAt })),
  ];
}

/**
 * Begins to lift a hold; it holds until the deadlines that it moves are moved.
 * @param shifts whether they are; left out, as it was placed
 * @returns the job that moves them, null when there was nothing to move and the hold is gone
 */
export async function liftHold(
  wish: Wish<StaffActor>,
  id: string,
  shifts: boolean | undefined,
): Promise<{ id: string; job: string | null } | Refusal> {
  const { em, actor } = wish;
  const row = await lockHold(em, id);
  if (!row) return refuse('hold.not_found');
  if (row.liftedAt) return refuse('hold.already_lifted');
  if (row.liftingAt) return refuse('hold.being_lifted');
  const at = wish.clock.now();
  const shift = shifts ?? row.shifts;
  const job = await beginLifting(em, row, shift, actor.userId, at);
  await auditWish(wish, 'hold.lift', `hold:${id}`, at, { after: { shifts: String(shift), job } });
  return { id, job };
}

/** What lifting the hold now would do, old beside new. What fell due under it and is not moved happens at once. */
export async function previewLifting(
  em: EntityManager,
  id: string,
  shifts: boolean | undefined,
  at: Date,
  page: { readonly after: number | undefined; readonly limit: number },
): Promise<HeldPage | Refusal> {
  const row = await em.findOne(HoldRow, { id });
  if (!row) return refuse('hold.not_found');
  if (row.liftedAt) return refuse('hold.already_lifted');
  const hold: Hold = { ...holdOf(row), shifts: shifts ?? row.shifts, liftingAt: row.liftingAt ?? at };
  const counting = await countingOf(em, hold, row.shifts, at);
  const stepsAfter = (ticket: TimedTicket) => {
    const moved = counting ? movedByLifting(ticket, hold, counting) : [];
    const overdue = stepsOf(ticket.life, ticket.snoozedUntil)
      .filter((step) => step.at <= at && covers(hold, { ...ticket, kind: step.what }))
      .filter((step) => !moved.some((each) => each.what === step.what));
    return [...moved, ...overdue.map(({ what, at: old }) => ({ what, old, new: at }))];
  };
  const tickets = await previewMoves(em, ticketsUnder(hold), (ticket) => toldBy(stepsAfter(ticket)), page);
  return { ...tickets, quotes: page.after === undefined ? await quotesAtLifting(em, hold, counting, at) : undefined };
}

export interface HoldView {
  readonly row: HoldRow;
  readonly placedBy: { readonly id: string; readonly name: string };
  readonly liftedBy: { readonly id: string; readonly name: string } | null;
  /** What a queue or an account is called; null for what needs no name. */
  readonly scopeName: unknown;
}

/** Holds, the newest first, no more than 200; lifted ones included when asked for. */
export async function listHolds(em: EntityManager, withLifted: boolean): Promise<HoldView[]> {
  const rows = await em.execute<(Record<string, never> & { placed_by_name: string; lifted_by_name: string | null; scope_name: unknown })[]>(
    `select h.*, p.name as placed_by_name, l.name as lifted_by_name,
        case h.scope when 'queue' then (select q.name from queue q where q.id = h.scope_id)
          when 'account' then (select to_jsonb(a.name) from account a where a.id = h.scope_id) end as scope_name
      from hold h join app_user p on p.id = h.placed_by_id left join app_user l on l.id = h.lifted_by_id
      ${withLifted ? '' : 'where h.lifted_at is null'} order by h.from_at desc, h.id desc limit 200`,
  );
  return rows.map(({ placed_by_name, lifted_by_name, scope_name, ...columns }) => {
    const row = em.map(HoldRow, columns);
    return {
      row,
      placedBy: { id: row.placedById, name: placed_by_name },
      liftedBy: row.liftedById === null ? null : { id: row.liftedById, name: lifted_by_name ?? '' },
      scopeName: scope_name,
    };
  });
}

async function objectionTo(em: EntityManager, wanted: Omit<PlaceHold, 'reason'>, at: Date): Promise<Refusal | undefined> {
  if (wanted.until && wanted.until <= at) return refuse('hold.until_in_past');
  return (await scopeExists(em, wanted)) ? undefined : refuse('hold.scope_unknown');
}

async function scopeExists(em: EntityManager, { scope, scopeId }: Pick<PlaceHold, 'scope' | 'scopeId'>): Promise<boolean> {
  if (scope === 'all') return scopeId === null;
  if (scopeId === null) return false;
  if (scope === 'account') return (await em.count(Account, { id: scopeId })) > 0;
  if (scope === 'queue') return (await em.count(Queue, { id: scopeId })) > 0;
  const number = scopeId.startsWith('ticket:') ? readTicketNumber(scopeId.slice('ticket:'.length)) : undefined;
  return number !== undefined && (await em.count(Ticket, { number })) > 0;
}

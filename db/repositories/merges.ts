/**
 * Merging a duplicate into another ticket, and its undo (SPEC T3, T13). Both tickets are locked in the order of their
 * numbers, so that two merges of the same two never wait for each other; who comes second is refused by what he finds.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import type { BroughtClocks } from '../../domain/ticket-clocks.ts';
import { moveTicket, type Move, type TicketLife } from '../../domain/ticket-life.ts';
import { Ticket } from '../entities/ticket.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { conversationOf, moveBelongings, moveBelongingsBack, type Moved } from './belongings.ts';
import { goesBack, moveSeverity, moveSeverityBack, pressesMore } from './merged-severity.ts';
import { deedOf } from './ticket-deed.ts';
import { endDependents } from './ticket-dependents.ts';
import { givenBack } from './given-back.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { aboutTicket } from './ticket-refusals.ts';
import { changeTicket, lockTicket, readClocks, type LockedTicket } from './ticket-row.ts';
import { alsoCounting } from './ticket-terms.ts';
import { about, happening } from './ticket-wishes.ts';

type Done = { number: number } | Refusal;

/** Merges a ticket into another of the same account. Until the next public message there, it can be undone. */
export async function mergeTicket(wish: Wish<StaffActor>, number: number, into: number): Promise<Done> {
  const { em, actor } = wish;
  if (number === into) return refuse('ticket.merge_itself');
  const { source, target } = await lockBoth(em, number, into);
  if (!source) return refuse('ticket.not_found');
  if (!target) return refuse('ticket.related_unknown');
  if (source.ticket.accountId !== target.ticket.accountId) return refuse('ticket.merge_other_account');
  const at = wish.clock.now();
  const merged = moveTicket(source.life, { kind: 'absorbed' }, source.policy, at);
  if (isRefusal(merged)) return aboutTicket(merged, source.ticket);
  const presses = pressesMore(source.ticket, target.ticket);
  const absorb: Move = { kind: 'absorb', waitingSince: source.life.waitingSince, clocks: broughtBy(source, presses) };
  const service = await alsoCounting(em, target.policy.service, source.life.clocks);
  const absorbing = moveTicket(target.life, absorb, { ...target.policy, service }, at);
  if (isRefusal(absorbing)) {
    const circle = await leadsTo(em, target.ticket, number);
    return refuse(circle ? 'ticket.merge_circle' : absorbing.refused, { number: spellTicketNumber(into) });
  }
  const severity = presses ? await moveSeverity(em, source.ticket, target.ticket) : undefined;
  const moved: Moved = { ...(await moveBelongings(em, number, into)), severity };
  await em.execute(
    `insert into ticket_merge (id, from_number, into_number, merged_by_id, merged_at, source_before, target_before, target_after, moved)
      values (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb)`,
    [
      newId('merge', at),
      number,
      into,
      actor.userId,
      at,
      ...[source.life, target.life, absorbing, moved].map((value) => JSON.stringify(value)),
    ],
  );
  await record(wish, source, 'absorbed', merged, { mergedInto: into }, { into: spellTicketNumber(into) });
  // What came along ends with the target, should that be closed.
  const hasDependents = source.ticket.hasDependents || target.ticket.hasDependents;
  await record(
    wish,
    target,
    'absorb',
    absorbing,
    { ...(await conversationOf(em, into)), hasDependents },
    { from: spellTicketNumber(number) },
  );
  await tellSearch(em, [number, into]);
  return { number };
}

function broughtBy({ life, ticket }: LockedTicket, presses: boolean): BroughtClocks {
  const { response, fix } = life.clocks;
  return presses ? { response, fix: fix && { ...fix, counts: ticket.severity !== 'refused' }, fixedAt: life.fixedAt } : { response };
}

/**
 * Takes a merge back, as if it had not been: everything that moved goes back, the source has its former life, its deadlines
 * included, and so has the target, where nothing else changed it. A deadline that passed meanwhile acts at once.
 */
export async function undoMerge(wish: Wish<StaffActor>, number: number): Promise<Done> {
  const { em, actor } = wish;
  const into = (await em.findOne(Ticket, { number }, { fields: ['number', 'mergedInto'] }))?.mergedInto;
  if (into === undefined) return refuse('ticket.not_found');
  const { source, target } = into === null ? { source: undefined, target: undefined } : await lockBoth(em, number, into);
  const merge = target && (await readMerge(em, number, target.ticket.number));
  if (!source || !target || !merge) return refuse('ticket.not_merged', { number: spellTicketNumber(number) });
  if (merge.settled) return refuse('ticket.merge_settled', { number: spellTicketNumber(number) });
  const at = wish.clock.now();
  const unmerge: Move = { kind: 'unmerge', former: merge.sourceBefore, told: target.life.clocks };
  const unmerged = moveTicket(source.life, unmerge, source.policy, at);
  if (isRefusal(unmerged)) return aboutTicket(unmerged, source.ticket);
  const { targetBefore: own, targetAfter: after } = merge;
  const severityGoesBack = goesBack(target.ticket, merge.moved.severity);
  const release: Move = { kind: 'release', own, merged: after, severityGoesBack };
  const service = await alsoCounting(em, target.policy.service, own.clocks);
  const freed = moveTicket(target.life, release, { ...target.policy, service }, at);
  if (isRefusal(freed)) return refuse('ticket.merge_settled', { number: spellTicketNumber(number) });
  const former = await givenBack(em, source, unmerged, merge.mergedAt);
  const released = await givenBack(em, target, freed, merge.mergedAt);
  const { number: targetNumber } = target.ticket;
  await moveBelongingsBack(em, number, targetNumber, merge.moved);
  await moveSeverityBack(em, target.ticket, merge.moved.severity);
  await em.execute('update ticket_merge set undone_at = ?, undone_by_id = ? where id = ?', [at, actor.userId, merge.id]);
  const into_ = spellTicketNumber(targetNumber);
  await record(wish, source, 'unmerge', former, { ...(await conversationOf(em, number)), mergedInto: null }, { into: into_ });
  await record(wish, target, 'release', released, await conversationOf(em, targetNumber), { from: spellTicketNumber(number) });
  await tellSearch(em, [number, targetNumber]);
  return { number };
}

/** Both tickets, locked in the order of their numbers. */
async function lockBoth(
  em: EntityManager,
  from: number,
  into: number,
): Promise<{ source: LockedTicket | undefined; target: LockedTicket | undefined }> {
  const first = await lockTicket(em, Math.min(from, into));
  const second = await lockTicket(em, Math.max(from, into));
  return from < into ? { source: first, target: second } : { source: second, target: first };
}

/** Whether this ticket was merged into that one, itself or by way of others. */
async function leadsTo(em: EntityManager, { mergedInto }: Ticket, number: number): Promise<boolean> {
  const [row] = await em.execute<{ circle: boolean }[]>(
    `with recursive way as (
        select ?::integer as number union select t.merged_into from way join ticket t on t.number = way.number where t.merged_into is not null)
      select exists (select 1 from way where number = ?) as circle`,
    [mergedInto, number],
  );
  return row!.circle;
}

async function record(
  wish: Wish<StaffActor>,
  locked: LockedTicket,
  kind: 'absorbed' | 'absorb' | 'unmerge' | 'release',
  life: TicketLife,
  columns: Partial<Ticket>,
  data: Record<string, string>,
): Promise<void> {
  const at = wish.clock.now();
  const change = changeTicket(locked, kind, life, at, columns);
  const { number, revision } = change.ticket;
  await recordTicketFact(wish.em, {
    ...about(wish, number, at),
    kind,
    revision,
    change,
    data,
    audit: {
      before: { status: locked.life.status },
      after: { status: life.status, ...data },
      requestId: wish.requestId,
      address: wish.address,
    },
    outbox: happening(number, kind, revision),
  });
  await endDependents(wish.em, deedOf(wish, at), change.ticket);
}

interface StoredMerge {
  readonly id: string;
  readonly settled: boolean;
  readonly mergedAt: Date;
  readonly sourceBefore: TicketLife;
  readonly targetBefore: TicketLife;
  readonly targetAfter: TicketLife;
  readonly moved: Moved;
}

async function readMerge(em: EntityManager, from: number, into: number): Promise<StoredMerge | undefined> {
  const [row] = await em.execute<
    {
      id: string;
      settled: boolean;
      merged_at: string;
      source_before: StoredLife;
      target_before: StoredLife;
      target_after: StoredLife;
      moved: Moved;
    }[]
  >(
    `select id, settled_at is not null as settled, merged_at, source_before, target_before, target_after, moved from ticket_merge
      where from_number = ? and into_number = ? and undone_at is null`,
    [from, into],
  );
  return (
    row && {
      id: row.id,
      settled: row.settled,
      mergedAt: new Date(row.merged_at),
      sourceBefore: readLife(row.source_before),
      targetBefore: readLife(row.target_before),
      targetAfter: readLife(row.target_after),
      moved: row.moved,
    }
  );
}

type StoredLife = { readonly [field in keyof TicketLife]: unknown };
const instants = ['waitingSince', 'warnsAt', 'closesAt', 'archivesAt', 'snoozedUntil', 'closedAt'] as const;

/** A life as it was stored, its instants being instants again. */
function readLife(stored: StoredLife): TicketLife {
  const read = (fields: Record<string, unknown>, its: readonly string[]) => ({
    ...fields,
    ...Object.fromEntries(its.map((field) => [field, fields[field] ? new Date(fields[field] as string) : null])),
  });
  const interrupted = stored.interrupted ? read(stored.interrupted as Record<string, unknown>, [...instants, 'fixSince']) : null;
  return {
    ...read(stored, [...instants, 'firstRespondedAt', 'fixedAt']),
    clocks: readClocks(stored.clocks),
    interrupted,
  } as unknown as TicketLife;
}

/** What is found in each of these tickets is another than before. */
export async function tellSearch(em: EntityManager, numbers: readonly number[]): Promise<void> {
  await em.execute('insert into search_due (ticket_number, whole) select n, true from unnest(?::integer[]) as n', [
    `{${numbers.join(',')}}`,
  ]);
}

/**
 * Merging a duplicate into another ticket, and its undo (SPEC T3, T13). Both tickets are locked in the order of their
 * numbers, so that two merges of the same two never wait for each other; who comes second is refused by what he finds.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { absorbing, releasing, withMerged, type MergedTicket } from '../../domain/merged-tickets.ts';
import { pressesMore } from '../../domain/severity.ts';
import { moveTicket, type Move, type TicketLife } from '../../domain/ticket-life.ts';
import { Ticket } from '../entities/ticket.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { conversationOf, moveBelongings, moveBelongingsBack, type Moved } from './belongings.ts';
import { changeSeverity, readSeverity, severityIn, type DecidedSeverity, type StoredSeverity } from './merged-severity.ts';
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
  const [from, to] = [asMerged(source), asMerged(target)];
  const service = await alsoCounting(em, target.policy.service, source.life.clocks);
  const absorbed = moveTicket(target.life, absorbing(from, to), { ...target.policy, service }, at);
  if (isRefusal(absorbed)) {
    const circle = await leadsTo(em, target.ticket, number);
    return refuse(circle ? 'ticket.merge_circle' : absorbed.refused, { number: spellTicketNumber(into) });
  }
  const presses = pressesMore(from.severity, to.severity);
  const severity = presses ? await changeSeverity(em, into, to.severity, from.severity) : undefined;
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
      ...[source.life, target.life, absorbed, moved].map((value) => JSON.stringify(value)),
    ],
  );
  await record(wish, source, 'absorbed', merged, { mergedInto: into }, { into: spellTicketNumber(into) });
  // What came along ends with the target, should that be closed.
  const hasDependents = source.ticket.hasDependents || target.ticket.hasDependents;
  await record(
    wish,
    target,
    'absorb',
    absorbed,
    { ...(await conversationOf(em, into)), hasDependents },
    { from: spellTicketNumber(number) },
  );
  await tellSearch(em, [number, into]);
  return { number };
}

function asMerged({ life, ticket }: LockedTicket): MergedTicket<DecidedSeverity> {
  return { life, severity: severityIn(ticket) };
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
  const merges = target ? await mergesInto(em, target.ticket.number) : [];
  const merge = merges.find(({ from, undoneAt }) => from === number && !undoneAt);
  if (!source || !target || !merge) return refuse('ticket.not_merged', { number: spellTicketNumber(number) });
  if (merge.settled) return refuse('ticket.merge_settled', { number: spellTicketNumber(number) });
  const at = wish.clock.now();
  const unmerge: Move = { kind: 'unmerge', former: merge.source.life, told: target.life.clocks };
  const unmerged = moveTicket(source.life, unmerge, source.policy, at);
  if (isRefusal(unmerged)) return aboutTicket(unmerged, source.ticket);
  const { own, merged, policy } = await withoutOne(em, target, merge, merges);
  const present = severityIn(target.ticket);
  const release = releasing(own, merged, present);
  const freed = moveTicket(target.life, release, policy, at);
  if (isRefusal(freed)) return refuse('ticket.merge_settled', { number: spellTicketNumber(number) });
  const former = await givenBack(em, source, unmerged, merge.at);
  const released = await givenBack(em, target, freed, merge.at);
  const { number: targetNumber } = target.ticket;
  await moveBelongingsBack(em, number, targetNumber, merge.moved);
  if (release.severity === 'goes_back') await changeSeverity(em, targetNumber, present, own.severity);
  await em.execute('update ticket_merge set undone_at = ?, undone_by_id = ? where id = ?', [at, actor.userId, merge.id]);
  const into_ = spellTicketNumber(targetNumber);
  await record(wish, source, 'unmerge', former, { ...(await conversationOf(em, number)), mergedInto: null }, { into: into_ });
  await record(wish, target, 'release', released, await conversationOf(em, targetNumber), { from: spellTicketNumber(number) });
  await tellSearch(em, [number, targetNumber]);
  return { number };
}

/**
 * The target with all that is merged into it, and as it would be without one of them; with calendars for the clocks of each. Where
 * no other is or was merged into it at the same time, that is what the merge's record says.
 */
async function withoutOne(em: EntityManager, target: LockedTicket, merge: StoredMerge, merges: readonly StoredMerge[]) {
  const together = mergedTogether(merges);
  const first = together[0]!;
  let service = await alsoCounting(em, target.policy.service, first.targetBefore.clocks);
  for (const { source } of together) service = await alsoCounting(em, service, source.life.clocks);
  const policy = { ...target.policy, service };
  const severity = together.find(({ moved }) => moved.severity)?.moved.severity;
  const before = { life: first.targetBefore, severity: severity ? readSeverity(severity.before) : severityIn(target.ticket) };
  if (together.length === 1) {
    const after = severity ? readSeverity(severity.after) : before.severity;
    return { own: before, merged: { life: merge.targetAfter, severity: after }, policy };
  }
  // By what it is promised now: what it was promised at each merge no record says.
  const standing = together.filter(({ undoneAt }) => !undoneAt).map(({ id, source, at }) => ({ id, ticket: source, at, policy }));
  const others = standing.filter(({ id }) => id !== merge.id);
  return { own: withMerged(before, others), merged: withMerged(before, standing), policy };
}

/** The last of them that were in the target at the same time, some of which may have been taken back by now. */
function mergedTogether(merges: readonly StoredMerge[]): StoredMerge[] {
  let together: StoredMerge[] = [];
  for (const merge of merges.filter(({ settled }) => !settled)) {
    const isAlone = together.every(({ undoneAt }) => undoneAt && undoneAt <= merge.at);
    together = isAlone ? [merge] : [...together, merge];
  }
  return together;
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
  readonly from: number;
  readonly settled: boolean;
  readonly at: Date;
  readonly undoneAt: Date | null;
  /** The ticket that was merged, as it was. */
  readonly source: MergedTicket<DecidedSeverity>;
  readonly targetBefore: TicketLife;
  readonly targetAfter: TicketLife;
  readonly moved: Moved;
}

interface MergeRow {
  readonly id: string;
  readonly from: number;
  readonly settled: boolean;
  readonly merged_at: string;
  readonly undone_at: string | null;
  readonly source_before: StoredLife;
  readonly target_before: StoredLife;
  readonly target_after: StoredLife;
  readonly moved: Moved;
  readonly severity: StoredSeverity;
}

/** Every merge into a ticket, in order. How critical a ticket is does not change once it is merged. */
async function mergesInto(em: EntityManager, into: number): Promise<StoredMerge[]> {
  const rows = await em.execute<MergeRow[]>(
    `select g.id, g.from_number as "from", g.settled_at is not null as settled, g.merged_at, g.undone_at, g.source_before, g.target_before, g.target_after, g.moved,
        jsonb_build_object('severity', s.severity, 'severityClaimedAt', s.severity_claimed_at, 'severityDecidedAt', s.severity_decided_at,
          'severityDecidedById', s.severity_decided_by_id) as severity
      from ticket_merge g join ticket s on s.number = g.from_number where g.into_number = ? order by g.merged_at, g.id`,
    [into],
  );
  return rows.map((row) => ({
    id: row.id,
    from: row.from,
    settled: row.settled,
    at: new Date(row.merged_at),
    undoneAt: row.undone_at ? new Date(row.undone_at) : null,
    source: { life: readLife(row.source_before), severity: readSeverity(row.severity) },
    targetBefore: readLife(row.target_before),
    targetAfter: readLife(row.target_after),
    moved: row.moved,
  }));
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

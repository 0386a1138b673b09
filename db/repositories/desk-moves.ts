/** What staff arrange among themselves: who works on a ticket, in which queue it lies, how it is marked (SPEC T13). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { staffMay, type StaffRole } from '../../domain/permissions.ts';
import type { Priority, TicketEventKind } from '../../domain/ticket.ts';
import { moveTicket, type Move } from '../../domain/ticket-life.ts';
import type { Ticket } from '../entities/ticket.entity.ts';
import type { Wish } from '../wish.ts';
import { notifyStaff } from './staff-notifications.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { refusalTo } from './ticket-refusals.ts';
import { changeTicket, lockTicket, type ChangedTicket, type LockedTicket } from './ticket-row.ts';
import { about, happening, moveTicketByStaff, queueOfCategory } from './ticket-wishes.ts';

type Moved = { number: number } | Refusal;

/**
 * Takes a ticket, if it still is with whom the taker saw it: whoever comes second is told who has it, and may then take it
 * over knowingly (SPEC T3, T13).
 * @param seenAssignee whom he saw it assigned to, null for nobody; left out, he takes it over from anybody
 */
export async function takeTicket(wish: Wish<StaffActor>, number: number, seenAssignee: string | null | undefined): Promise<Moved> {
  if (seenAssignee !== undefined) {
    const locked = await lockTicket(wish.em, number);
    if (!locked) return refuse('ticket.not_found');
    const taken = await takenMeanwhile(wish.em, locked, seenAssignee, wish.actor.userId);
    if (taken) return taken;
  }
  return moveTicketByStaff(wish, number, { kind: 'take', staffId: wish.actor.userId });
}

/** Gives a ticket to a colleague, or to oneself; the colleague is told (SPEC T13). */
export async function assignTicket(
  wish: Wish<StaffActor>,
  number: number,
  assignee: string,
  seenAssignee: string | null | undefined,
): Promise<Moved> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number);
  if (!locked) return refuse('ticket.not_found');
  if (!(await answersCustomers(em, assignee))) return refuse('ticket.assignee_unknown');
  const taken = seenAssignee === undefined ? undefined : await takenMeanwhile(em, locked, seenAssignee, assignee);
  if (taken) return taken;
  const at = wish.clock.now();
  const move = { kind: 'assign', staffId: assignee } as const;
  const life = moveTicket(locked.life, move, locked.policy, at);
  if (isRefusal(life)) return refusalTo(em, actor, life, locked);
  const change = changeTicket(locked, 'assign', life, at);
  await record(wish, move, locked, change, { assignee }, life.status === locked.life.status ? 'internal' : 'public');
  if (assignee !== actor.userId)
    await notifyStaff(em, {
      event: 'staff.assigned',
      eventKey: `staff.assigned:${spellTicketNumber(number)}:${change.ticket.revision}`,
      recipients: [assignee],
      number,
      at,
    });
  return { number };
}

/**
 * Moves a ticket to another queue. What runs keeps running; the new queue's policy starts with the next deadline. Its
 * assignee stays only if he belongs to the new queue (SPEC T3).
 * @param seenCategory the queue that the mover saw it in; another now means that somebody else moved it meanwhile
 */
export async function transferTicket(
  wish: Wish<StaffActor>,
  number: number,
  category: string,
  seenCategory: string | undefined,
): Promise<Moved> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number);
  if (!locked) return refuse('ticket.not_found');
  const queue = await queueOfCategory(wish, category);
  if (!queue) return refuse('ticket.category_unknown', { category });
  const { life: before } = locked;
  if (before.status !== 'archived' && seenCategory !== undefined && seenCategory !== locked.category)
    return refuse('ticket.transferred', {
      number: spellTicketNumber(number),
      category: locked.category,
      who: await lastActor(em, number, 'transfer'),
    });
  if (before.status !== 'archived' && locked.category === category)
    return refuse('ticket.already_there', { number: spellTicketNumber(number), category });
  const at = wish.clock.now();
  const keepsAssignee = before.assigneeId === null || (await belongsTo(em, before.assigneeId, queue.id));
  const move = { kind: 'transfer', keepsAssignee } as const;
  const life = moveTicket(before, move, locked.policy, at);
  if (isRefusal(life)) return refusalTo(em, actor, life, locked);
  const change = changeTicket({ ...locked, category }, 'transfer', life, at, { queueId: queue.id });
  await record(wish, move, locked, change, { from: locked.category, to: category }, 'public');
  return { number };
}

/** What staff mark a ticket with; what is left out stays. */
export interface Marks {
  readonly priority?: Priority | undefined;
  /** As `readTags` of domain/tag gives them. */
  readonly tags?: readonly string[] | undefined;
}

/**
 * Sets a ticket's priority and tags; each that changes is a line of history that staff read, and moves no deadline.
 * @param revision the ticket's, as the writer saw it; left out, the last to write wins
 */
export async function markTicket(wish: Wish<StaffActor>, number: number, marks: Marks, revision: number | undefined): Promise<Moved> {
  const { em, actor } = wish;
  let locked = await lockTicket(em, number);
  if (!locked) return refuse('ticket.not_found');
  if (revision !== undefined && locked.ticket.revision !== revision) return refuse('request.stale');
  const { priority, tags } = locked.ticket;
  if (marks.priority !== undefined && marks.priority !== priority) {
    const marked = await mark(wish, locked, 'prioritise', { priority: marks.priority }, { from: priority, to: marks.priority });
    if (isRefusal(marked)) return refusalTo(em, actor, marked, locked);
    locked = marked;
  }
  const added = marks.tags?.filter((tag) => !tags.includes(tag)) ?? [];
  const removed = marks.tags ? tags.filter((tag) => !marks.tags?.includes(tag)) : [];
  if (added.length + removed.length > 0) {
    const data = { added: added.join(', ') || null, removed: removed.join(', ') || null };
    const marked = await mark(wish, locked, 'tag', { tags: [...marks.tags!] }, data);
    if (isRefusal(marked)) return refusalTo(em, actor, marked, locked);
    await countTags(wish, added, removed);
  }
  return { number };
}

async function mark(
  wish: Wish<StaffActor>,
  locked: LockedTicket,
  kind: 'prioritise' | 'tag',
  columns: Partial<Ticket>,
  data: Record<string, string | null>,
): Promise<LockedTicket | Refusal> {
  const at = wish.clock.now();
  const life = moveTicket(locked.life, { kind }, locked.policy, at);
  if (isRefusal(life)) return life;
  const change = changeTicket(locked, kind, life, at, columns);
  // Tags are texts of people: the audit says that they changed, the ticket's own history says to what.
  await record(wish, { kind }, locked, change, data, 'internal', kind === 'tag' ? { tags: String(change.ticket.tags.length) } : data);
  return change;
}

/** Keeps the list that tags are suggested from. */
async function countTags(wish: Wish, added: readonly string[], removed: readonly string[]): Promise<void> {
  const at = wish.clock.now();
  // In one order, so that two who tag at once never wait for each other.
  await wish.em.execute(
    `insert into ticket_tag (tag, uses, last_used_at) select w.tag, w.uses, ? from jsonb_to_recordset(?::jsonb) as w (tag text, uses integer)
      order by w.tag on conflict (tag) do update set uses = greatest(ticket_tag.uses + excluded.uses, 0), last_used_at = excluded.last_used_at`,
    [at, JSON.stringify([...added.map((tag) => ({ tag, uses: 1 })), ...removed.map((tag) => ({ tag, uses: -1 }))].toSorted(byTag))],
  );
}

function byTag(a: { tag: string }, b: { tag: string }): number {
  return a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0;
}

/** Tags in use that begin with this, the most used first. */
export async function suggestTags(em: EntityManager, beginning: string, limit: number): Promise<{ tag: string; uses: number }[]> {
  return em.execute('select tag, uses from ticket_tag where uses > 0 and starts_with(tag, ?) order by uses desc, tag limit ?', [
    beginning,
    limit,
  ]);
}

/** Writes what a move of staff makes of a ticket. */
async function record(
  wish: Wish<StaffActor>,
  { kind }: Pick<Move, 'kind'>,
  locked: LockedTicket,
  change: ChangedTicket,
  data: Record<string, string | null>,
  visibility: 'public' | 'internal',
  audited: Record<string, string | null> = data,
): Promise<void> {
  const { number, revision } = change.ticket;
  await recordTicketFact(wish.em, {
    ...about(wish, number, wish.clock.now()),
    kind,
    revision,
    change,
    visibility,
    data,
    audit: {
      before: { status: locked.life.status },
      after: { status: change.life.status, ...audited },
      requestId: wish.requestId,
      address: wish.address,
    },
    outbox: happening(number, kind, revision),
  });
}

async function takenMeanwhile(em: EntityManager, locked: LockedTicket, seen: string | null, wanted: string): Promise<Refusal | undefined> {
  const { assigneeId, status } = locked.life;
  if (status === 'archived' || status === 'closed' || assigneeId === null || assigneeId === seen || assigneeId === wanted) return undefined;
  const [row] = await em.execute<{ name: string }[]>('select name from app_user where id = ?', [assigneeId]);
  return refuse('ticket.taken', { number: spellTicketNumber(locked.ticket.number), who: row?.name ?? '' });
}

async function lastActor(em: EntityManager, number: number, kind: TicketEventKind): Promise<string> {
  const [row] = await em.execute<{ name: string }[]>(
    'select u.name from ticket_event e join app_user u on u.id = e.actor_id where e.ticket_number = ? and e.kind = ? order by e.at desc, e.id desc limit 1',
    [number, kind],
  );
  return row?.name ?? '';
}

/** Whether a ticket may be given to this person: a colleague who answers customers and has not left. */
async function answersCustomers(em: EntityManager, id: string): Promise<boolean> {
  const [row] = await em.execute<{ role: StaffRole }[]>(
    `select staff_role as role from app_user where id = ? and kind = 'staff' and disabled_at is null`,
    [id],
  );
  return row !== undefined && staffMay(row.role, 'ticket.answer');
}

/** A queue whose staff nobody has named is everybody's. */
async function belongsTo(em: EntityManager, userId: string, queueId: string): Promise<boolean> {
  const [row] = await em.execute<{ belongs: boolean }[]>(
    `select not exists (select 1 from queue_staff where queue_id = ?) or exists (select 1 from queue_staff where queue_id = ? and user_id = ?) as belongs`,
    [queueId, queueId, userId],
  );
  return row!.belongs;
}

/** Splitting messages about another problem off into a ticket of their own (SPEC T13). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { moveTicket, newTicketLife, type TicketLife, type TimingPolicy } from '../../domain/ticket-life.ts';
import { Ticket } from '../entities/ticket.entity.ts';
import type { Wish } from '../wish.ts';
import { conversationOf } from './belongings.ts';
import { tellSearch } from './merges.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { notifyParticipants } from './ticket-notifications.ts';
import { refusalTo } from './ticket-refusals.ts';
import { serviceLevelOf, termsFor, type AppliedTerms } from './ticket-terms.ts';
import { changeTicket, columnsOf, lockTicket, type LockedTicket } from './ticket-row.ts';
import { about, queueOfCategory } from './ticket-wishes.ts';

export interface Split {
  /** Ids of messages and notes; neither all of them nor the opening one. */
  readonly messages: readonly string[];
  readonly subject: string;
  readonly category: string;
}

interface SplitMessage {
  readonly id: string;
  readonly authorId: string;
  readonly side: 'customer' | 'staff';
  readonly visibility: 'public' | 'internal';
  readonly createdAt: Date;
}

/** Moves messages into a new ticket of the same customer, which cites the old one. Both histories tell. */
export async function splitTicket(wish: Wish<StaffActor>, number: number, wanted: Split): Promise<{ number: number } | Refusal> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number);
  if (!locked) return refuse('ticket.not_found');
  const at = wish.clock.now();
  const life = moveTicket(locked.life, { kind: 'split' }, locked.policy, at);
  if (isRefusal(life)) return refusalTo(em, actor, life, locked);
  const queue = await queueOfCategory(wish, wanted.category);
  if (!queue) return refuse('ticket.category_unknown', { category: wanted.category });
  const messages = await chosenMessages(em, number, wanted.messages);
  if (isRefusal(messages)) return messages;

  const spoken = messages.filter((message) => message.visibility === 'public');
  const customers = spoken.filter((message) => message.side === 'customer');
  const members = await membersAmong(em, locked.ticket.accountId, [...customers.map(({ authorId }) => authorId), locked.ticket.openedById]);
  const openedById = members[0] ?? locked.ticket.openedById;
  const begins = beginningOf(spoken, at) ?? at;
  const terms = await termsFor(em, { accountId: locked.ticket.accountId, queueId: queue.id }, begins);
  const policy = { ...queue.policy, service: terms ? await serviceLevelOf(em, terms.row) : null };
  const into = await insertTicket(wish, locked, { ...wanted, queue, openedById, terms, life: lifeOfSplit(spoken, policy, at) });
  await em.execute(
    'update message set ticket_number = ?, from_number = coalesce(from_number, ticket_number) where id = any(?::text[]) and ticket_number = ?',
    [into.number, `{${messages.map(({ id }) => id).join(',')}}`, number],
  );
  await em.execute(
    `insert into ticket_participant (ticket_number, user_id) select ?, u from unnest(?::text[]) as u on conflict do nothing`,
    [into.number, `{${[...new Set([openedById, ...customers.map(({ authorId }) => authorId)])].join(',')}}`],
  );
  await em.execute(`insert into ticket_link (from_number, to_number, kind) values (?, ?, 'cites')`, [into.number, number]);
  await tellBoth(wish, locked, life, { into: into.number, category: wanted.category, life: into.life });
  await notifyParticipants(em, {
    event: 'ticket.created',
    eventKey: `ticket.created:${spellTicketNumber(into.number)}`,
    number: into.number,
    messageId: customers[0]?.id ?? null,
    participants: members.slice(0, 1),
    causedBy: null,
    at,
  });
  await tellSearch(em, [number, into.number]);
  return { number: into.number };
}

/** Those of them who are members of the account, in their order: who has left hears nothing of what becomes of his words. */
async function membersAmong(em: EntityManager, accountId: string, userIds: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select u.id from unnest(?::text[]) with ordinality as u (id, place) join membership m on m.user_id = u.id and m.account_id = ? order by u.place`,
    [`{${userIds.join(',')}}`, accountId],
  );
  return rows.map(({ id }) => id);
}

/** The messages, oldest first, or why they cannot be split off. */
async function chosenMessages(em: EntityManager, number: number, ids: readonly string[]): Promise<SplitMessage[] | Refusal> {
  const rows = await em.execute<(Omit<SplitMessage, 'createdAt'> & { createdAt: string; opens: boolean })[]>(
    `select m.id, m.author_id as "authorId", m.author_side as side, m.visibility, m.created_at as "createdAt",
        m.id = (select o.id from message o where o.ticket_number = m.ticket_number and o.visibility = 'public' order by o.created_at, o.id limit 1) as opens
      from message m where m.ticket_number = ? and m.id = any(?::text[]) order by m.created_at, m.id`,
    [number, `{${[...new Set(ids)].join(',')}}`],
  );
  if (rows.length !== new Set(ids).size) return refuse('ticket.message_unknown');
  if (rows.some((row) => row.opens)) return refuse('ticket.split_everything');
  if (rows.every((row) => row.visibility === 'internal')) return refuse('ticket.split_notes_only');
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
}

/**
 * The new ticket waits for staff as soon as a customer's message came along, since the oldest that none of the answers that
 * came along followed, or from now on when they were all answered; else for the customer, from now on.
 */
function lifeOfSplit(spoken: readonly SplitMessage[], policy: TimingPolicy, at: Date): TicketLife {
  const begins = beginningOf(spoken, at);
  const firstRespondedAt = spoken.find((message) => message.side === 'staff')?.createdAt ?? null;
  if (begins) return newTicketLife(begins, policy.service, { at, firstRespondedAt });
  const staffId = spoken.at(-1)!.authorId;
  const life = moveTicket(newTicketLife(at), { kind: 'staff_message', staffId, nextStepBy: 'customer' }, policy, at);
  if (isRefusal(life)) throw new Error(`a new ticket refuses an answer: ${life.refused}`);
  return life;
}

/** Since when a customer waits for an answer; undefined where none wrote. */
function beginningOf(spoken: readonly SplitMessage[], at: Date): Date | undefined {
  const asked = spoken.filter((message) => message.side === 'customer');
  const answered = spoken.findLast((message) => message.side === 'staff')?.createdAt;
  const unanswered = asked.find((message) => !answered || message.createdAt > answered);
  return unanswered?.createdAt ?? (asked.length > 0 ? at : undefined);
}

async function insertTicket(
  wish: Wish<StaffActor>,
  { ticket }: LockedTicket,
  wanted: Split & { queue: { id: string }; openedById: string; terms: AppliedTerms | undefined; life: TicketLife },
): Promise<{ number: number; life: TicketLife }> {
  const at = wish.clock.now();
  const number = await wish.em.insert(Ticket, {
    ...columnsOf(wanted.life),
    termsId: wanted.terms?.row.id ?? null,
    termsSource: wanted.terms?.source ?? null,
    accountId: ticket.accountId,
    queueId: wanted.queue.id,
    openedById: wanted.openedById,
    channel: ticket.channel,
    subject: wanted.subject,
    priority: ticket.priority,
    replyCount: 0,
    lastMessageAt: at,
    lastMessageBy: 'customer',
    tags: [],
    mergedInto: null,
    splitFrom: ticket.number,
    severity: null,
    severityClaimedAt: null,
    severityDecidedAt: null,
    severityDecidedById: null,
    revision: 0,
    createdAt: at,
    updatedAt: at,
  });
  return { number, life: wanted.life };
}

/** Both lines of history, and what each ticket's lists tell of the conversation that is left in it. */
async function tellBoth(
  wish: Wish<StaffActor>,
  locked: LockedTicket,
  life: TicketLife,
  created: { into: number; category: string; life: TicketLife },
): Promise<void> {
  const { em, requestId, address } = wish;
  const at = wish.clock.now();
  const [from, into] = [spellTicketNumber(locked.ticket.number), spellTicketNumber(created.into)];
  const left = changeTicket(locked, 'split', life, at, await conversationOf(em, locked.ticket.number));
  await recordTicketFact(em, {
    ...about(wish, locked.ticket.number, at),
    kind: 'split',
    revision: left.ticket.revision,
    change: left,
    data: { into },
    audit: { before: null, after: { into }, requestId, address },
    outbox: [],
  });
  const fresh = (await lockTicket(em, created.into))!;
  const opened = changeTicket(fresh, 'split', created.life, at, await conversationOf(em, created.into));
  await recordTicketFact(em, {
    ...about(wish, created.into, at),
    kind: 'opened',
    revision: opened.ticket.revision,
    change: { ...opened, stepsChanged: true },
    data: { splitFrom: from },
    audit: { before: null, after: { status: created.life.status, category: created.category, from }, requestId, address },
    outbox: [{ kind: 'ticket.opened', number: into, category: created.category }],
  });
}

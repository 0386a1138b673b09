/**
 * What people may wish of a ticket, one verb each (DESIGN, "A wish"). Every wish locks the ticket's row, asks
 * `domain/ticket-life` whether it may be, and writes the fact with all that follows from it. A refusal is returned
 * before anything is written.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { CustomerActor, StaffActor } from '../../domain/actor.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { happeningOfMove, type Channel, type HeardChannel, type Priority } from '../../domain/ticket.ts';
import { claimedFix } from '../../domain/ticket-clocks.ts';
import { moveTicket, newTicketLife, nextSteps, type Move, type TimingPolicy } from '../../domain/ticket-life.ts';
import { Membership } from '../entities/membership.entity.ts';
import { Ticket } from '../entities/ticket.entity.ts';
import { newId } from '../new-id.ts';
import type { OutboxMessage } from '../outbox.ts';
import type { Wish, WishInTicket } from '../wish.ts';
import { countUses } from './canned-replies.ts';
import { enclose, type Enclosures } from './enclosures.ts';
import { aboutTicket, refusalTo } from './ticket-refusals.ts';
import { deedOf } from './ticket-deed.ts';
import { endDependents } from './ticket-dependents.ts';
import { recordTicketFact, type TicketFact } from './ticket-facts.ts';
import { givenBack } from './given-back.ts';
import { serviceLevelOf, termsFor } from './ticket-terms.ts';
import { closedKey, notifyParticipants } from './ticket-notifications.ts';
import { claimAtOpening } from './ticket-severity.ts';
import { changeTicket, columnsOf, lockTicket, type ChangedTicket } from './ticket-row.ts';

/** A message that was written, and the ticket as it left it. */
export interface WrittenMessage {
  readonly messageId: string;
  readonly ticket: ChangedTicket;
}

export interface OpenTicket extends Enclosures {
  readonly category: string;
  readonly subject: string;
  readonly body: string;
  readonly priority: Priority;
  /** Number of an earlier ticket this one cites; both show the link (SPEC T7). */
  readonly relatedTo?: number;
  /** Set when the customer claims from the beginning that it is critical (SPEC T14). */
  readonly critical?: { readonly sentence: string | null };
}

/** Opens a ticket with its first message (SPEC T1, T2) and tells the opener its number. */
export async function openTicket(wish: Wish<CustomerActor>, wanted: OpenTicket): Promise<{ number: number } | Refusal> {
  return openFor(wish, { id: wish.actor.userId, accountId: wish.actor.accountId }, wish.channel, wanted);
}

/**
 * Staff open a ticket for a customer who called, wrote or came (SPEC T13, C6): its first message is the customer's, written
 * down by staff; he is told its number by mail as if he had opened it himself.
 */
export async function openTicketOnBehalf(
  wish: Wish<StaffActor>,
  customer: { readonly id: string; readonly accountId: string },
  channel: HeardChannel,
  wanted: OpenTicket,
): Promise<{ number: number } | Refusal> {
  const member = await wish.em.count(Membership, { accountId: customer.accountId, userId: customer.id });
  return member ? openFor(wish, customer, channel, wanted) : refuse('ticket.customer_unknown');
}

async function openFor(
  wish: Wish,
  customer: { readonly id: string; readonly accountId: string },
  channel: Channel,
  wanted: OpenTicket,
): Promise<{ number: number } | Refusal> {
  const { em, actor } = wish;
  const onBehalf = actor.userId !== customer.id;
  const at = wish.clock.now();
  const queue = await queueOfCategory(wish, wanted.category);
  if (!queue) return refuse('ticket.category_unknown', { category: wanted.category });
  const related =
    wanted.relatedTo === undefined ? undefined : await em.findOne(Ticket, { number: wanted.relatedTo, accountId: customer.accountId });
  if (related === null) return refuse('ticket.related_unknown');

  const messageId = newId('message', at);
  const refusal = await enclose(wish, messageId, wanted);
  if (refusal) return refusal;

  const terms = await termsFor(em, { accountId: customer.accountId, queueId: queue.id }, at);
  const service = terms ? await serviceLevelOf(em, terms.row) : null;
  const opened = newTicketLife(at, service);
  const life = wanted.critical ? { ...opened, clocks: { ...opened.clocks, fix: claimedFix(opened, service, at) } } : opened;
  const number = await em.insert(Ticket, {
    ...columnsOf(life),
    termsId: terms?.row.id ?? null,
    termsSource: terms?.source ?? null,
    accountId: customer.accountId,
    queueId: queue.id,
    openedById: customer.id,
    channel,
    subject: wanted.subject,
    priority: wanted.priority,
    replyCount: 0,
    tags: [],
    mergedInto: null,
    splitFrom: null,
    lastMessageAt: at,
    lastMessageBy: 'customer',
    revision: 1,
    createdAt: at,
    updatedAt: at,
  });
  await recordTicketFact(em, {
    ...about(wish, number, at, channel),
    kind: 'opened',
    revision: 1,
    opens: { accountId: customer.accountId, steps: nextSteps(life) },
    data: { messageId },
    message: { id: messageId, body: wanted.body, nextStepBy: null, ...(onBehalf ? { onBehalfOf: customer.id } : {}) },
    joins: customer.id,
    audit: { before: null, after: { status: life.status, category: wanted.category }, requestId: wish.requestId, address: wish.address },
    outbox: [{ kind: 'ticket.opened', number: spellTicketNumber(number), category: wanted.category }],
  });
  if (wanted.critical) await claimAtOpening(wish, { number, queueId: queue.id }, wanted.critical.sentence, at, channel);
  if (related) await citeTicket(wish, number, related, at);
  await notifyParticipants(em, {
    event: 'ticket.created',
    eventKey: `ticket.created:${spellTicketNumber(number)}`,
    number,
    messageId,
    participants: [],
    causedBy: customer.id,
    at,
  });
  return { number };
}

/**
 * The customer writes; an open or closed ticket waits for staff again, an archived one refuses (SPEC T3, T5, T7).
 * @param notFixed he contradicts staff who said that the critical fault is fixed: its clock runs on (S4)
 */
export async function replyAsCustomer(
  wish: Wish<CustomerActor>,
  number: number,
  body: string,
  enclosures: Enclosures = {},
  notFixed = false,
): Promise<WrittenMessage | Refusal> {
  return writeInTicket(
    wish,
    number,
    { kind: 'customer_message', ...(notFixed ? { notFixed } : {}) },
    { body, visibility: 'public', ...enclosures },
    wish.actor.accountId,
  );
}

/** What staff may say about what they write. */
export interface StaffWriting extends Pick<Enclosures, 'files'> {
  /** By which way they spoke, when they log a call (SPEC C6). */
  readonly channel?: HeardChannel | undefined;
  /** The newest public message that the writer saw: what was written since stops him once (SPEC T13). */
  readonly seenMessage?: string | undefined;
  /** The canned replies that he inserted, which are counted. */
  readonly cannedReplies?: readonly string[] | undefined;
  /** One answer to many tickets makes nobody responsible for those that nobody had. */
  readonly toMany?: true;
}

/**
 * Staff answer. `nextStepBy` says who is next: the customer, and silence starts to count; or staff ("we are looking
 * into it"), and nothing closes by itself (SPEC T4).
 */
export async function replyAsStaff(
  wish: WishInTicket<StaffActor>,
  number: number,
  body: string,
  nextStepBy: 'customer' | 'staff',
  writing: StaffWriting = {},
): Promise<WrittenMessage | Refusal> {
  const { toMany, ...written } = writing;
  // Where staff owe the next step somebody must: who promised it.
  const staffId = toMany && nextStepBy === 'customer' ? null : wish.actor.userId;
  return writeInTicket(wish, number, { kind: 'staff_message', staffId, nextStepBy }, { body, visibility: 'public', ...written });
}

/** Staff write for staff: no timer moves, no state changes, the customer never sees it (SPEC T4, T13). */
export async function writeNote(
  wish: Wish<StaffActor>,
  number: number,
  body: string,
  writing: StaffWriting = {},
): Promise<WrittenMessage | Refusal> {
  return writeInTicket(wish, number, { kind: 'internal_note' }, { body, visibility: 'internal', ...writing });
}

/** The customer presses "Resolved" (SPEC T6). */
export async function resolveTicket(wish: Wish<CustomerActor>, number: number): Promise<{ number: number } | Refusal> {
  return moveByHand(wish, number, { kind: 'resolve' }, {}, wish.actor.accountId);
}

/** Staff close, with a reason that only staff read (SPEC T6). */
export async function closeTicket(wish: Wish<StaffActor>, number: number, reason: string | null): Promise<{ number: number } | Refusal> {
  return moveByHand(wish, number, { kind: 'close' }, { reason });
}

/**
 * Staff take, give back, snooze, wake or reopen a ticket, say that a customer's thanks need no answer (SPEC T3, T4), or that its
 * critical fault is fixed, or is not after all (S4).
 */
export async function moveTicketByStaff(
  wish: Wish<StaffActor>,
  number: number,
  move: Extract<Move, { kind: 'take' | 'return' | 'snooze' | 'wake' | 'dismiss' | 'reopen' | 'mark_fixed' | 'resume_fix' }>,
): Promise<{ number: number } | Refusal> {
  return moveByHand(wish, number, move, move.kind === 'snooze' ? { until: move.until.toISOString() } : {});
}

async function writeInTicket(
  wish: WishInTicket,
  number: number,
  move: Extract<Move, { kind: 'customer_message' | 'staff_message' | 'internal_note' }>,
  text: { body: string; visibility: 'public' | 'internal' } & StaffWriting & Enclosures,
  accountId?: string,
): Promise<WrittenMessage | Refusal> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number, accountId);
  if (!locked) return refuse('ticket.not_found');
  const at = wish.clock.now();
  const life = moveTicket(locked.life, move, locked.policy, at);
  if (isRefusal(life)) return refusalTo(em, actor, life, locked);
  if (text.seenMessage !== undefined && (await hasMovedOn(em, number, text.seenMessage)))
    return aboutTicket(refuse('ticket.moved_on'), locked.ticket);
  const messageId = newId('message', at);
  const refusal = await enclose(wish, messageId, text);
  if (refusal) return refusal;
  if (text.cannedReplies?.length) await countUses(em, text.cannedReplies);

  const nextStepBy = move.kind === 'staff_message' ? move.nextStepBy : null;
  const counted =
    text.visibility === 'public' ? { replyCount: locked.ticket.replyCount + 1, lastMessageAt: at, lastMessageBy: actor.kind } : {};
  const change = changeTicket(locked, move.kind, life, at, counted);
  const { revision } = change.ticket;
  const participants = await recordTicketFact(em, {
    ...about(wish, number, at, text.channel),
    kind: move.kind,
    revision,
    change,
    visibility: text.visibility,
    data: { messageId, nextStepBy, ...(move.kind === 'customer_message' && move.notFixed ? { notFixed: 'true' } : {}) },
    message: { id: messageId, body: text.body, nextStepBy },
    joins: actor.kind === 'customer',
    audit: {
      before: { status: locked.life.status },
      after: { status: life.status, messageId },
      requestId: wish.requestId,
      address: wish.address,
    },
    outbox: happening(number, move.kind, revision, messageId),
  });
  if (move.kind === 'staff_message')
    await notifyParticipants(em, {
      event: 'ticket.answered',
      eventKey: `ticket.answered:${messageId}`,
      number,
      messageId,
      participants,
      causedBy: actor.userId,
      at,
    });
  return { messageId, ticket: change };
}

/** Whether a public message was written after the one that the writer saw. One that has left the ticket says nothing. */
async function hasMovedOn(em: EntityManager, number: number, seen: string): Promise<boolean> {
  const [row] = await em.execute<{ moved: boolean }[]>(
    `select not exists (select 1 from message s where s.id = ? and s.ticket_number = ?) or exists (
        select 1 from message m join message s on s.id = ? where m.ticket_number = ? and m.visibility = 'public' and (m.created_at, m.id) > (s.created_at, s.id)) as moved`,
    [seen, number, seen, number],
  );
  return row?.moved ?? true;
}

async function moveByHand(
  wish: Wish,
  number: number,
  move: Move,
  data: Record<string, string | null>,
  accountId?: string,
): Promise<{ number: number } | Refusal> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number, accountId);
  if (!locked) return refuse('ticket.not_found');
  const at = wish.clock.now();
  const moved = moveTicket(locked.life, move, locked.policy, at);
  if (isRefusal(moved)) return refusalTo(em, actor, moved, locked);
  const life = move.kind === 'dismiss' ? await givenBack(em, locked, moved, locked.life.waitingSince ?? at) : moved;

  const change = changeTicket(locked, move.kind, life, at);
  const { revision } = change.ticket;
  const participants = await recordTicketFact(em, {
    ...about(wish, number, at),
    kind: move.kind,
    revision,
    change,
    visibility: toldToCustomers.has(move.kind) ? 'public' : 'internal',
    data,
    audit: { before: { status: locked.life.status }, after: { status: life.status }, requestId: wish.requestId, address: wish.address },
    outbox: happening(number, move.kind, revision),
  });
  await endDependents(em, deedOf(wish, at), change.ticket);
  if (move.kind === 'close' || move.kind === 'resolve')
    await notifyParticipants(em, {
      event: 'ticket.closed',
      eventKey: closedKey(number, revision),
      number,
      messageId: null,
      participants,
      causedBy: actor.userId,
      at,
    });
  return { number };
}

/** Moves by hand that a customer's history tells; snoozes and dismissals are the staff's own business. */
const toldToCustomers: ReadonlySet<Move['kind']> = new Set<Move['kind']>([
  'take',
  'close',
  'resolve',
  'reopen',
  'mark_fixed',
  'resume_fix',
]);

export function happening(number: number, kind: Move['kind'], revision: number, messageId?: string): OutboxMessage[] {
  const name = happeningOfMove[kind];
  if (!name) return [];
  return [{ kind: 'ticket.happening', number: spellTicketNumber(number), happening: name, revision, ...(messageId ? { messageId } : {}) }];
}

/** Who, when, by which way: the part that every fact of this wish shares. */
export function about(
  wish: WishInTicket,
  number: number,
  at: Date,
  channel: Channel = wish.channel,
): Pick<TicketFact, 'number' | 'at' | 'by' | 'channel' | 'visibility'> {
  return { number, at, by: { side: wish.actor.kind, id: wish.actor.userId }, channel, visibility: 'public' };
}

async function citeTicket(wish: Wish, number: number, related: Ticket, at: Date): Promise<void> {
  await wish.em.execute(`insert into ticket_link (from_number, to_number, kind) values (?, ?, 'cites')`, [number, related.number]);
  await recordTicketFact(wish.em, {
    ...about(wish, related.number, at),
    kind: 'cited',
    revision: related.revision,
    data: { by: spellTicketNumber(number) },
    audit: { before: null, after: { by: spellTicketNumber(number) }, requestId: wish.requestId, address: wish.address },
    outbox: [],
  });
}

/** The queue of a category. One that takes no new tickets is there for staff only, who may still move tickets into it. */
export async function queueOfCategory(wish: Wish, category: string): Promise<{ id: string; policy: TimingPolicy } | undefined> {
  const [row] = await wish.em.execute<Record<string, never>[]>(
    `select q.id as queue_id, q.reopen_after_manual_close, p.* from queue q join timing_policy p on p.id = q.timing_policy_id where q.category = ? and (q.accepts_new or ?)`,
    [category, wish.actor.kind === 'staff'],
  );
  if (!row) return undefined;
  return {
    id: row['queue_id']!,
    policy: {
      id: row['id']!,
      autoCloseAfterSeconds: row['auto_close_after_seconds']!,
      archiveAfterSeconds: row['archive_after_seconds']!,
      warnBeforeSeconds: row['warn_before_seconds']!,
      reopenAfterManualClose: row['reopen_after_manual_close']!,
    },
  };
}

/** Paid work on a ticket, one verb each (SPEC T16). Each locks the ticket's row first and the quote's after it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { customerRule, type CustomerRole } from '../../domain/permissions.ts';
import type { CustomerActor, StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { moveTicket } from '../../domain/ticket-life.ts';
import { faultInValidity, maxOpenQuotes, moveQuote, type QuoteMove } from '../../domain/quote.ts';
import { Account } from '../entities/account.entity.ts';
import { Quote } from '../entities/quote.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { lockQuote, quoteLine, settleQuote, showQuote, writeSettled, type QuoteView } from './quote-row.ts';
import { notifyStaff } from './staff-notifications.ts';
import { whomItConcerns } from './ticket-audience.ts';
import { deedOf, spelled, tellHistory } from './ticket-deed.ts';
import { noteDependents } from './ticket-dependents.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { notifyParticipants } from './ticket-notifications.ts';
import { refusalTo } from './ticket-refusals.ts';
import { changeTicket, lockTicket, type LockedTicket } from './ticket-row.ts';
import { beginTimed, endTimed, planTimedStep } from './timed-entities.ts';

/** Who may answer a quote, and must therefore hear of it. */
export const answeringRoles: readonly CustomerRole[] = customerRule('quote.answer').roles;

export interface OfferQuote {
  /** Markdown. */
  readonly description: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly validUntil: Date;
}

/** What an account is quoted in. */
export async function currencyOf(em: EntityManager, accountId: string): Promise<string> {
  const { currency } = await em.findOneOrFail(Account, accountId);
  return currency;
}

/** Staff offer paid work on a ticket that is open, in the account's currency. The customer is told, by mail too. */
export async function offerQuote(wish: Wish<StaffActor>, number: number, wanted: OfferQuote): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number);
  if (!locked) return refuse('ticket.not_found');
  const at = wish.clock.now();
  const { ticket } = locked;
  if (ticket.status === 'archived' || ticket.status === 'closed') return refusalTo(em, actor, refuse(`ticket.${ticket.status}`), locked);
  const currency = await currencyOf(em, ticket.accountId);
  if (currency !== wanted.currency) return refuse('quote.currency_wrong', { currency });
  const fault = faultInValidity(wanted.validUntil, at);
  if (fault) return refuse(fault);
  if ((await em.count(Quote, { ticketNumber: number, state: 'offered' })) >= maxOpenQuotes) return refuse('quote.too_many');

  const id = newId('quote', at);
  await em.insert(Quote, {
    ...wanted,
    id,
    ticketNumber: number,
    accountId: ticket.accountId,
    offeredById: actor.userId,
    offeredAt: at,
    state: 'offered',
  });
  await noteDependents(em, ticket);
  const seconds = Math.round((wanted.validUntil.getTime() - at.getTime()) / 1000);
  await planTimedStep(em, at, {
    entity: timedEntity('quote', id),
    accountId: ticket.accountId,
    kind: 'expire',
    dueAt: wanted.validUntil,
    rule: `validFor ${seconds} s`,
    amountMinor: wanted.amountMinor,
  });
  await beginTimed(em, at, 'quote', id, `on ${spelled(ticket)}`);
  const line = quoteLine({ ...wanted, id }, 'offered');
  const validUntil = wanted.validUntil.toISOString();
  await tellHistory(em, deedOf(wish, at), ticket, { kind: 'quote_offered', ...line, data: { ...line.data, validUntil } });
  await showQuote(em, at, { id, ticketNumber: number, accountId: ticket.accountId });
  await notifyParticipants(em, {
    event: 'quote.offered',
    eventKey: `quote.offered:${id}`,
    number,
    messageId: null,
    about: id,
    participants: await whomItConcerns(em, ticket, answeringRoles),
    causedBy: actor.userId,
    at,
  });
  return { id };
}

/**
 * The customer accepts or declines, once. It is his answer in the conversation too: the ticket waits for staff again, and
 * does not close by itself over work that was just agreed.
 */
export async function answerQuote(
  wish: Wish<CustomerActor>,
  number: number,
  id: string,
  answer: Extract<QuoteMove, 'accept' | 'decline'>,
): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const found = await lockBoth(wish, number, id, actor.accountId);
  if (isRefusal(found)) return found;
  const { locked, quote, at } = found;
  const state = moveQuote(quote.life, answer, at);
  if (isRefusal(state)) return state;
  const life = moveTicket(locked.life, { kind: 'customer_message' }, locked.policy, at);
  if (isRefusal(life)) return refusalTo(em, actor, life, locked);

  // The ledger's charge is posted here, in this transaction and before the state is written, under the key `quote:<id>`:
  // what the money does not suffice for is a refusal, and the quote stays as it is (SPEC T16, B4).
  const deed = deedOf(wish, at);
  await writeSettled(em, deed, quote, state);
  await endTimed(em, at, 'quote', id);
  const change = changeTicket(locked, 'customer_message', life, at);
  const { revision } = change.ticket;
  const { data, audited } = quoteLine(quote, state);
  await recordTicketFact(em, {
    number,
    at,
    by: deed.by,
    channel: deed.channel,
    kind: state === 'accepted' ? 'quote_accepted' : 'quote_declined',
    visibility: 'public',
    revision,
    change,
    data,
    audit: {
      before: { status: locked.life.status },
      after: { ...audited, status: life.status },
      requestId: wish.requestId,
      address: wish.address,
    },
    outbox: [{ kind: 'ticket.happening', number: spelled(locked.ticket), happening: 'quoteAnswered', revision }],
  });
  await showQuote(em, at, { id, ticketNumber: number, accountId: quote.account.id });
  await notifyStaff(em, {
    event: 'staff.quote_answered',
    eventKey: `staff.quote_answered:${id}`,
    recipients: [quote.offeredBy.id, ...(locked.ticket.assigneeId === null ? [] : [locked.ticket.assigneeId])],
    number,
    at,
  });
  return { id };
}

/** Staff take an open offer back. */
export async function withdrawQuote(wish: Wish<StaffActor>, number: number, id: string): Promise<{ id: string } | Refusal> {
  const found = await lockBoth(wish, number, id);
  if (isRefusal(found)) return found;
  const { locked, quote, at } = found;
  const state = moveQuote(quote.life, 'withdraw', at);
  if (isRefusal(state)) return state;
  await settleQuote(wish.em, deedOf(wish, at), locked.ticket, quote, 'withdrawn');
  await endTimed(wish.em, at, 'quote', id);
  return { id };
}

/**
 * Staff say that accepted work is done. On an archived ticket too: the work may outlive the conversation, and the ticket
 * itself stays as it is.
 */
export async function completeQuote(wish: Wish<StaffActor>, number: number, id: string): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const found = await lockBoth(wish, number, id);
  if (isRefusal(found)) return found;
  const { locked, quote, at } = found;
  const state = moveQuote(quote.life, 'complete', at);
  if (isRefusal(state)) return state;
  await em.execute('update quote set state = ?, done_at = ?, done_by_id = ? where id = ?', [state, at, actor.userId, id]);
  await tellHistory(em, deedOf(wish, at), locked.ticket, { kind: 'quote_done', ...quoteLine(quote, 'done') });
  await showQuote(em, at, { id, ticketNumber: number, accountId: quote.account.id });
  return { id };
}

async function lockBoth(
  wish: Wish,
  number: number,
  id: string,
  accountId?: string,
): Promise<{ locked: LockedTicket; quote: QuoteView; at: Date } | Refusal> {
  const locked = await lockTicket(wish.em, number, accountId);
  if (!locked) return refuse('ticket.not_found');
  // The clock is read with both rows in hand: whoever waited for them is judged by when he came to them.
  const at = wish.clock.now();
  const quote = await lockQuote(wish.em, number, id, at);
  return quote ? { locked, quote, at } : refuse('quote.not_found');
}

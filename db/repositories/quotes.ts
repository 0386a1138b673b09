/** Paid work on a ticket, one verb each (SPEC T16). Each locks the ticket's row first and the quote's after it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { customerRule, type CustomerRole } from '../../domain/permissions.ts';
import type { CustomerActor, StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { faultInValidity, maxOpenQuotes, moveQuote, type QuoteMove } from '../../domain/quote.ts';
import { Account } from '../entities/account.entity.ts';
import { Quote } from '../entities/quote.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { cancelOrdersOf } from './order-closing.ts';
import { placeHeld } from './order-placing.ts';
import { moveByAnswer, recordAnswer } from './quote-answers.ts';
import { heldQuote } from './quote-fulfilment.ts';
import { lockQuote, quoteLine, settleQuote, showQuote, type QuoteView } from './quote-row.ts';
import { whomItConcerns } from './ticket-audience.ts';
import { deedOf, spelled, tellHistory } from './ticket-deed.ts';
import { noteDependents } from './ticket-dependents.ts';
import { notifyParticipants } from './ticket-notifications.ts';
import { aboutTicket, refusalTo } from './ticket-refusals.ts';
import { lockTicket, type LockedTicket } from './ticket-row.ts';
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
 * The customer accepts or declines, once. Accepting is paying for it from the balance, then credit, in this transaction (SPEC
 * B4): where that does not suffice, the quote stays as it is. It is his answer in the conversation too: the ticket waits for
 * staff again, and does not close by itself over work that was just agreed.
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
  if (answer === 'accept') {
    const held = await heldQuote(em, locked, id);
    const placed = await placeHeld(wish, at, { fulfilment: 'quote', about: id, held }, { paying: { by: 'balance' } });
    return isRefusal(placed) ? placed : { id };
  }
  const state = moveQuote(quote.life, 'decline', at);
  if (isRefusal(state)) return state;
  const life = moveByAnswer(locked, at);
  if (isRefusal(life)) return aboutTicket(life, locked.ticket);
  await recordAnswer(em, deedOf(wish, at), locked, quote, { state: 'declined', life });
  await cancelOrdersOf(em, at, actor.accountId, 'quote', id);
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
  await cancelOrdersOf(wish.em, at, quote.account.id, 'quote', id);
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

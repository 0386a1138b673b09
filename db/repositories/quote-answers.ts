/** The customer's answer to a quote, as the ticket takes it (SPEC T16). */
import { type Refusal } from '../../domain/errors.ts';
import { moveTicket, type TicketLife } from '../../domain/ticket-life.ts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { quoteLine, showQuote, writeSettled, type QuoteView } from './quote-row.ts';
import { notifyStaff } from './staff-notifications.ts';
import { spelled, type Deed } from './ticket-deed.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { changeTicket, type LockedTicket } from './ticket-row.ts';
import { endTimed } from './timed-entities.ts';

/** How the ticket takes an answer of its customer; a refusal where it takes none. */
export function moveByAnswer(locked: LockedTicket, at: Date): TicketLife | Refusal {
  return moveTicket(locked.life, { kind: 'customer_message' }, locked.policy, at);
}

/**
 * Writes the answer: the quote, and the customer's word in the conversation. The ticket waits for staff again, and does not
 * close by itself over work that was just agreed.
 * @param life as {@link moveByAnswer} gave it
 * @param charged what was taken for it, as it is told; left out where nothing was
 */
export async function recordAnswer(
  em: EntityManager,
  deed: Deed,
  locked: LockedTicket,
  quote: QuoteView,
  {
    state,
    life,
    told = {},
  }: { readonly state: 'accepted' | 'declined'; readonly life: TicketLife; readonly told?: Readonly<Record<string, string>> },
): Promise<void> {
  const { at } = deed;
  const { id, ticketNumber: number } = quote;
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
    data: { ...data, ...told },
    audit: {
      before: { status: locked.life.status },
      after: { ...audited, ...told, status: life.status },
      requestId: deed.requestId,
      address: deed.address,
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
}

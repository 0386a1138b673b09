/** Time's side of a quote: nobody answered it (SPEC T16). */
import { isRefusal } from '../../domain/errors.ts';
import { moveQuote, quoteStory, type QuoteState } from '../../domain/quote.ts';
import { customerRule } from '../../domain/permissions.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { cancelOrdersOf } from './order-closing.ts';
import { lockQuote, readQuote, settleQuote } from './quote-row.ts';
import { whomItConcerns } from './ticket-audience.ts';
import { deedOfTime } from './ticket-deed.ts';
import { notifyParticipants } from './ticket-notifications.ts';
import { lockTicket } from './ticket-row.ts';
import type { TimedRule } from './timed-entities.ts';

/** An offer that nobody answered expires, and the customer is told. */
export const quoteRule: TimedRule = {
  describe: async (em, id) => {
    const [row] = await em.execute<{ state: QuoteState; ticket_number: number; offered_at: string; ends_at: string }[]>(
      `select q.state, q.ticket_number, q.offered_at, coalesce(o.due_at, q.valid_until) as ends_at
        from quote q left join obligation o on o.entity = 'quote:' || q.id where q.id = ?`,
      [id],
    );
    if (!row) return undefined;
    const when = { offeredAt: new Date(row.offered_at), validUntil: new Date(row.ends_at) };
    return { state: row.state, story: quoteStory(row.state, spellTicketNumber(row.ticket_number), when), over: row.state !== 'offered' };
  },
  take: async (em, id, at) => {
    const known = await readQuote(em, id, at);
    if (!known) return;
    const locked = await lockTicket(em, known.ticketNumber);
    const quote = locked && (await lockQuote(em, known.ticketNumber, id, at));
    // The step stays, and is taken on the ticket that this one was merged into.
    if (!quote) throw new Error(`${id} has moved to another ticket meanwhile`);
    const expired = moveQuote(quote.life, 'expire', at);
    // Held or moved since the step was looked at: it stays too, and is asked for again when the hold is gone.
    if (isRefusal(expired) && quote.state === 'offered') throw new Error(`${id} is held meanwhile`);
    if (isRefusal(expired)) return;
    const { ticket } = locked;
    await settleQuote(em, deedOfTime(at), ticket, quote, 'expired');
    await cancelOrdersOf(em, at, quote.account.id, 'quote', id);
    await notifyParticipants(em, {
      event: 'quote.expired',
      eventKey: `quote.expired:${id}`,
      number: ticket.number,
      messageId: null,
      about: id,
      participants: await whomItConcerns(em, ticket, customerRule('quote.answer').roles),
      causedBy: null,
      at,
    });
  },
};

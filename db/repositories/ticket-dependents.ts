/** What hangs on a ticket and ends with it: access to servers when it closes, open quotes when it goes to the archive (SPEC T16, T17). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Ticket } from '../entities/ticket.entity.ts';
import { cancelOrdersOf } from './order-closing.ts';
import { settleQuote, readQuote } from './quote-row.ts';
import { endAccess } from './server-access-row.ts';
import type { Deed } from './ticket-deed.ts';
import { endTimed } from './timed-entities.ts';

/** Notes, under the ticket's lock, that something hangs on it now; tickets without it close without a question more. */
export async function noteDependents(em: EntityManager, ticket: Pick<Ticket, 'number' | 'hasDependents'>): Promise<void> {
  if (!ticket.hasDependents) await em.execute('update ticket set has_dependents = true where number = ?', [ticket.number]);
}

/**
 * Ends what ends with the ticket, in the transaction of the fact that closed or archived it and after that fact. A closed
 * ticket may open again, so its quotes stand: answering one is an answer in it. What was ended stays ended.
 * @param ticket as the fact left it
 */
export async function endDependents(
  em: EntityManager,
  deed: Deed,
  ticket: Pick<Ticket, 'number' | 'revision' | 'status' | 'hasDependents'>,
): Promise<void> {
  if (!ticket.hasDependents || (ticket.status !== 'closed' && ticket.status !== 'archived')) return;
  const accesses = await em.execute<{ id: string; address: string }[]>(
    'select id, address from server_access where ticket_number = ? and ended_at is null order by id for no key update',
    [ticket.number],
  );
  for (const access of accesses) {
    await endAccess(em, deed, ticket, access, 'closing');
    await endTimed(em, deed.at, 'server-access', access.id);
  }
  if (ticket.status === 'archived') await withdrawQuotes(em, deed, ticket);
}

async function withdrawQuotes(em: EntityManager, deed: Deed, ticket: Pick<Ticket, 'number' | 'revision'>): Promise<void> {
  const quotes = await em.execute<{ id: string }[]>(
    `select id from quote where ticket_number = ? and state = 'offered' order by id for no key update`,
    [ticket.number],
  );
  for (const { id } of quotes) {
    const quote = await readQuote(em, id, deed.at);
    if (!quote) continue;
    await settleQuote(em, deed, ticket, quote, 'withdrawn');
    await endTimed(em, deed.at, 'quote', id);
    await cancelOrdersOf(em, deed.at, quote.account.id, 'quote', id);
  }
}

/** What is added to a refusal, so that whoever hears it knows where to go on and who was first. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import type { Ticket } from '../entities/ticket.entity.ts';
import type { LockedTicket } from './ticket-row.ts';

/** A refusal that tells which number to cite in a new ticket, or where the conversation went on (SPEC T7, T13). */
export function aboutTicket(refusal: Refusal, { number, mergedInto }: Pick<Ticket, 'number' | 'mergedInto'>): Refusal {
  const spelled = spellTicketNumber(number);
  if (refusal.refused === 'ticket.archived' && mergedInto !== null)
    return refuse('ticket.merged', { number: spelled, into: spellTicketNumber(mergedInto) });
  return { ...refusal, about: { ...refusal.about, number: spelled } };
}

/** The same; staff are also told which colleague closed the ticket before they could do what they wished (SPEC T13). */
export async function refusalTo(em: EntityManager, actor: Actor, refusal: Refusal, { ticket, life }: LockedTicket): Promise<Refusal> {
  if (actor.kind !== 'staff' || life.status !== 'closed' || life.closedBy !== 'staff') return aboutTicket(refusal, ticket);
  const [closer] = await em.execute<{ id: string; name: string }[]>(
    `select u.id, u.name from ticket_event e join app_user u on u.id = e.actor_id where e.ticket_number = ? and e.kind = 'close' order by e.at desc, e.id desc limit 1`,
    [ticket.number],
  );
  if (!closer || closer.id === actor.userId) return aboutTicket(refusal, ticket);
  return refuse('ticket.closed_by_colleague', { number: spellTicketNumber(ticket.number), who: closer.name });
}

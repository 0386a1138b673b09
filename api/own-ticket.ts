import type { Context } from 'hono';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Ticket } from '../db/entities/ticket.entity.ts';
import type { ApiEnvironment } from './context.ts';
import { ApiError } from './errors.ts';
import { ticketNumberOf } from './ticket-number.ts';

/** A ticket in a path of what hangs on it. For a customer, one of another account is as unknown as one that does not exist. */
export async function ownTicket(
  c: Context<ApiEnvironment>,
  em: EntityManager,
  text: string,
): Promise<{ number: number; accountId: string }> {
  const number = ticketNumberOf(text);
  const { actor } = c.var.caller;
  const ticket = await em.findOne(Ticket, actor.kind === 'customer' ? { number, accountId: actor.accountId } : { number }, {
    fields: ['number', 'accountId'],
  });
  if (!ticket) throw new ApiError('ticket.not_found');
  return { number, accountId: ticket.accountId };
}

/**
 * Who takes part in a ticket (SPEC T1): users of the account, who are told and may write, and outside addresses, which get
 * a copy of each answer from then on and access to nothing. An address is in no history, outbox or log.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { TicketEventKind } from '../../domain/ticket.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { aboutTicket } from './ticket-refusals.ts';
import { lockTicket } from './ticket-row.ts';
import { about } from './ticket-wishes.ts';

export interface OutsideAddress {
  readonly id: string;
  readonly address: string;
  readonly name: string | null;
  readonly addedBy: { readonly id: string; readonly name: string };
  readonly addedAt: Date;
}

export const maxOutsideAddresses = 10;

type Done = { number: number } | Refusal;

/** Adds a member of the ticket's account. */
export async function addParticipant(wish: Wish, number: number, userId: string): Promise<Done> {
  const ticket = await lockOwn(wish, number);
  if ('refused' in ticket) return ticket;
  const { em } = wish;
  const [member] = await em.execute<unknown[]>('select 1 from membership where account_id = ? and user_id = ?', [ticket.accountId, userId]);
  if (!member) return refuse('ticket.customer_unknown');
  const added = await em.execute<unknown[]>(
    'insert into ticket_participant (ticket_number, user_id) values (?, ?) on conflict do nothing returning 1',
    [number, userId],
  );
  if (added.length === 0) return refuse('participant.already');
  await tell(wish, ticket, 'participant_added', { user: userId });
  return { number };
}

/** Adds an address of somebody who is neither a member of the account nor staff: those are users, and take part as such. */
export async function addOutsideAddress(wish: Wish, number: number, address: string, name: string | null): Promise<Done> {
  const ticket = await lockOwn(wish, number);
  if ('refused' in ticket) return ticket;
  const { em, actor } = wish;
  const at = wish.clock.now();
  const [inside] = await em.execute<unknown[]>(
    `select 1 from app_user u left join membership m on m.user_id = u.id and m.account_id = ? where u.email = ? and (u.kind = 'staff' or m.user_id is not null)`,
    [ticket.accountId, address],
  );
  if (inside) return refuse('participant.not_outside');
  const addresses = await em.execute<{ address: string }[]>(
    'select address from ticket_outside_address where ticket_number = ? and removed_at is null',
    [number],
  );
  if (addresses.some((other) => other.address === address)) return refuse('participant.already');
  if (addresses.length >= maxOutsideAddresses) return refuse('participant.too_many');
  const id = newId('outsideAddress', at);
  await em.execute(
    'insert into ticket_outside_address (id, ticket_number, address, name, added_by_id, added_at) values (?, ?, ?, ?, ?, ?)',
    [id, number, address, name, actor.userId, at],
  );
  await tell(wish, ticket, 'outside_address_added', { outsideAddress: id });
  return { number };
}

/** Removes a user or an outside address; a copy that is still on its way is not sent any more. */
export async function removeParticipant(wish: Wish, number: number, id: string): Promise<Done> {
  const ticket = await lockOwn(wish, number);
  if ('refused' in ticket) return ticket;
  const { em, actor } = wish;
  const outside = await em.execute<unknown[]>(
    'update ticket_outside_address set removed_at = ?, removed_by_id = ? where id = ? and ticket_number = ? and removed_at is null returning 1',
    [wish.clock.now(), actor.userId, id, number],
  );
  if (outside.length > 0) {
    await tell(wish, ticket, 'outside_address_removed', { outsideAddress: id });
    return { number };
  }
  const user = await em.execute<unknown[]>('delete from ticket_participant where ticket_number = ? and user_id = ? returning 1', [
    number,
    id,
  ]);
  if (user.length === 0) return refuse('participant.not_found');
  await tell(wish, ticket, 'participant_removed', { user: id });
  return { number };
}

/** The outside addresses that read along, in the order they were added. */
export async function listOutsideAddresses(em: EntityManager, number: number): Promise<OutsideAddress[]> {
  const rows = await em.execute<(Omit<OutsideAddress, 'addedAt'> & { addedAt: string })[]>(
    `select o.id, o.address, o.name, jsonb_build_object('id', u.id, 'name', u.name) as "addedBy", o.added_at as "addedAt"
      from ticket_outside_address o join app_user u on u.id = o.added_by_id where o.ticket_number = ? and o.removed_at is null order by o.added_at, o.id`,
    [number],
  );
  return rows.map((row) => ({ ...row, addedAt: new Date(row.addedAt) }));
}

interface OwnTicket {
  readonly number: number;
  readonly revision: number;
  readonly accountId: string;
}

/** The ticket, if it is the actor's to change; in the archive nothing changes any more. */
async function lockOwn(wish: Wish, number: number): Promise<OwnTicket | Refusal> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number, accountOf(actor));
  if (!locked) return refuse('ticket.not_found');
  return locked.life.status === 'archived' ? aboutTicket(refuse('ticket.archived'), locked.ticket) : locked.ticket;
}

function accountOf(actor: Actor): string | undefined {
  return actor.kind === 'customer' ? actor.accountId : undefined;
}

/** Everybody who reads the ticket is told in its history; the address itself is not. */
async function tell(wish: Wish, ticket: OwnTicket, kind: TicketEventKind, data: Record<string, string>): Promise<void> {
  const { number, revision } = ticket;
  await recordTicketFact(wish.em, {
    ...about(wish, number, wish.clock.now()),
    kind,
    revision,
    data,
    audit: { before: null, after: data, requestId: wish.requestId, address: wish.address },
    outbox: [],
  });
}

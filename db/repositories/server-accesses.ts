/**
 * Access to a customer's server, one verb each (SPEC T17). Each locks the ticket's row first and the access's after it.
 * A secret comes in through {@link grantAccess} and goes out through {@link viewSecret}, and by no other way.
 */
import type { CustomerActor, StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { accessSeconds, extendAccess, faultInViewing, isAccessOpen, maxOpenAccesses, type AccessWay } from '../../domain/server-access.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { ServerAccess } from '../entities/server-access.entity.ts';
import { ServerAccessView } from '../entities/server-access-view.entity.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import type { Vault } from '../vault.ts';
import type { Wish } from '../wish.ts';
import { endAccess, grantingRoles, lockAccess, sealedSecret, type AccessView } from './server-access-row.ts';
import { whomItConcerns } from './ticket-audience.ts';
import { deedOf, spelled, tellHistory } from './ticket-deed.ts';
import { noteDependents } from './ticket-dependents.ts';
import { notifyParticipants } from './ticket-notifications.ts';
import { refusalTo } from './ticket-refusals.ts';
import { lockTicket, type LockedTicket } from './ticket-row.ts';
import { beginTimed, endTimed, planTimedStep } from './timed-entities.ts';

export interface GrantAccess {
  /** As `readServerAddress` gives it. */
  readonly address: string;
  readonly sshPort: number;
  readonly way: AccessWay;
  readonly login: string;
  /** Set when the way is `secret`. */
  readonly secret?: string | undefined;
}

/** The customer lends access for 72 hours. Who lends takes part in the conversation, so that he hears who looks. */
export async function grantAccess(wish: Wish<CustomerActor>, number: number, wanted: GrantAccess): Promise<{ id: string } | Refusal> {
  const { em, actor, vault } = wish;
  const locked = await lockTicket(em, number, actor.accountId);
  if (!locked) return refuse('ticket.not_found');
  const at = wish.clock.now();
  const { ticket } = locked;
  if (ticket.status === 'archived' || ticket.status === 'closed') return refusalTo(em, actor, refuse(`ticket.${ticket.status}`), locked);
  if ((await em.count(ServerAccess, { ticketNumber: number, endedAt: null })) >= maxOpenAccesses) return refuse('server_access.too_many');

  const id = newId('serverAccess', at);
  const { secret, ...known } = wanted;
  const endsAt = new Date(at.getTime() + accessSeconds * 1000);
  await em.insert(ServerAccess, {
    ...known,
    id,
    ticketNumber: number,
    accountId: ticket.accountId,
    secret: secret === undefined ? null : vault.seal(sealedSecret(id), secret),
    grantedById: actor.userId,
    grantedAt: at,
    endsAt,
  });
  await noteDependents(em, ticket);
  await planEnd(wish, ticket.accountId, id, endsAt);
  await beginTimed(em, at, 'server-access', id, `for ${spelled(ticket)}`);
  await tellHistory(em, deedOf(wish, at), ticket, {
    kind: 'access_granted',
    data: { access: id, server: wanted.address, way: wanted.way, endsAt: endsAt.toISOString() },
    audited: { access: id, way: wanted.way, endsAt: endsAt.toISOString() },
    joins: actor.userId,
  });
  return { id };
}

/** The customer extends it to 72 hours from now, up to 30 days in all. */
export async function prolongAccess(wish: Wish<CustomerActor>, number: number, id: string): Promise<{ id: string } | Refusal> {
  const { em } = wish;
  const found = await lockBoth(wish, number, id, wish.actor.accountId);
  if (isRefusal(found)) return found;
  const { locked, access, at } = found;
  const endsAt = extendAccess(access.life, at);
  if (isRefusal(endsAt)) return endsAt;
  await em.execute('update server_access set ends_at = ? where id = ?', [endsAt, id]);
  await planEnd(wish, access.accountId, id, endsAt);
  await tellEngine(em, at, { kind: 'timed.happening', entity: timedEntity('server-access', id), happening: 'extended' });
  await tellHistory(em, deedOf(wish, at), locked.ticket, {
    kind: 'access_extended',
    data: { access: id, server: access.address, endsAt: endsAt.toISOString() },
    audited: { access: id, endsAt: endsAt.toISOString() },
  });
  return { id };
}

/** Either side ends it; the customer hears when staff do. */
export async function endAccessByHand(wish: Wish, number: number, id: string): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const found = await lockBoth(wish, number, id, actor.kind === 'customer' ? actor.accountId : undefined);
  if (isRefusal(found)) return found;
  const { locked, access, at } = found;
  if (!isAccessOpen(access.life, at)) return refuse('server_access.ended');
  await endAccess(em, deedOf(wish, at), locked.ticket, access, actor.kind);
  await endTimed(em, at, 'server-access', id);
  if (actor.kind === 'staff')
    await notifyParticipants(em, {
      event: 'server_access.ended',
      eventKey: `server_access.ended:${id}`,
      number,
      messageId: null,
      about: id,
      participants: await whomItConcerns(em, locked.ticket, grantingRoles, access.grantedBy.id),
      causedBy: null,
      at,
    });
  return { id };
}

/** A secret, opened for the one who gave a reason. It must not be kept, logged or answered a second time. */
export interface SeenSecret {
  readonly viewId: string;
  readonly access: AccessView;
  readonly secret: string;
  readonly at: Date;
}

/**
 * Staff look at a secret, one at a time and for a reason. The look is recorded, audited and told to the customer in the
 * transaction that reads it: nobody sees a secret without it.
 */
export async function viewSecret(wish: Wish<StaffActor>, number: number, id: string, reason: string): Promise<SeenSecret | Refusal> {
  const { em, actor } = wish;
  const found = await lockBoth(wish, number, id);
  if (isRefusal(found)) return found;
  const { locked, access, at } = found;
  // Closing ended it; should a way to close ever forget to, nobody looks all the same.
  if (locked.ticket.status === 'closed' || locked.ticket.status === 'archived') return refuse('server_access.ended');
  const fault = faultInViewing(access.life, at);
  if (fault) return fault;
  const secret = openSecret(wish.vault, id, await readSealed(wish, id));
  if (secret === undefined) return refuse('server_access.unreadable');

  const viewId = newId('serverAccessView', at);
  await em.insert(ServerAccessView, { id: viewId, serverAccessId: id, staffId: actor.userId, reason, at });
  await tellHistory(em, deedOf(wish, at), locked.ticket, {
    kind: 'access_viewed',
    data: { access: id, server: access.address, viewReason: reason },
    audited: { access: id, view: viewId },
  });
  await notifyParticipants(em, {
    event: 'server_access.viewed',
    eventKey: `server_access.viewed:${viewId}`,
    number,
    messageId: null,
    about: viewId,
    participants: await whomItConcerns(em, locked.ticket, grantingRoles, access.grantedBy.id),
    causedBy: null,
    at,
  });
  return { viewId, access, secret, at };
}

async function readSealed({ em }: Wish, id: string): Promise<string | null> {
  const [row] = await em.execute<{ secret: string | null }[]>('select secret from server_access where id = ?', [id]);
  return row?.secret ?? null;
}

/** Undefined when no key of today opens it: a new access is then the way on. */
function openSecret(vault: Vault, id: string, sealed: string | null): string | undefined {
  if (sealed === null) return undefined;
  try {
    return vault.open(sealedSecret(id), sealed);
  } catch {
    return undefined;
  }
}

async function planEnd({ em, clock }: Wish, accountId: string, id: string, dueAt: Date): Promise<void> {
  await planTimedStep(em, clock.now(), {
    entity: timedEntity('server-access', id),
    accountId,
    kind: 'destroy_secret',
    dueAt,
    rule: `accessFor ${accessSeconds} s`,
  });
}

async function lockBoth(
  wish: Wish,
  number: number,
  id: string,
  accountId?: string,
): Promise<{ locked: LockedTicket; access: AccessView; at: Date } | Refusal> {
  const locked = await lockTicket(wish.em, number, accountId);
  if (!locked) return refuse('ticket.not_found');
  const access = await lockAccess(wish.em, number, id);
  // The clock is read with both rows in hand: whoever waited for them is judged by when he came to them.
  return access ? { locked, access, at: wish.clock.now() } : refuse('server_access.not_found');
}

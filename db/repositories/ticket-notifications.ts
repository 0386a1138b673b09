import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { deliverWithinSeconds, recipientsOf, type TicketNotificationEvent } from '../../domain/notification.ts';
import { newId } from '../new-id.ts';
import { entityOf, type OutboxMessage } from '../outbox.ts';
import { copyToOutside, isOutside } from './outside-copies.ts';

/**
 * Tells the participants of a ticket what happened: a row each, seen in the product and on open pages at once, and a
 * delivery by mail with the outbox row that starts it. The event key makes it once per event and recipient (SPEC N3).
 */
export async function notifyParticipants(
  em: EntityManager,
  happened: {
    event: TicketNotificationEvent;
    eventKey: string;
    number: number;
    messageId: string | null;
    /** The thing it tells of, when that is no message: the id of a quote, an access, or a look at a secret. */
    about?: string;
    /** Users, and the ids of outside addresses that read along. */
    participants: readonly string[];
    causedBy: string | null;
    at: Date;
  },
): Promise<void> {
  const { event, number, at } = happened;
  const deliverBefore = new Date(at.getTime() + deliverWithinSeconds[event] * 1000);
  const { messageId } = happened;
  const addresses = happened.participants.filter(isOutside);
  if (addresses.length > 0 && messageId !== null) await copyToOutside(em, { number, messageId, addresses, deliverBefore, at });
  const users = happened.participants.filter((id) => !isOutside(id));
  const recipients = recipientsOf(event, users, happened.causedBy);
  if (recipients.length === 0) return;
  const rows = recipients.map((recipient) => {
    const delivery = newId('delivery', at);
    const wanted: OutboxMessage = { kind: 'delivery.wanted', deliveryId: delivery, event, number: spellTicketNumber(number) };
    return { recipient, notification: newId('notification', at), delivery, entity: entityOf(wanted), wanted };
  });
  const topic = JSON.stringify({ what: 'notification', ticket: spellTicketNumber(number) });
  await em.execute(notify, [
    JSON.stringify(rows),
    event,
    happened.eventKey,
    number,
    messageId,
    happened.about ?? null,
    at,
    deliverBefore,
    at,
    topic,
    at,
  ]);
}

const notify = `
with told as (
  select * from jsonb_to_recordset(?::jsonb) as t (recipient text, notification text, delivery text, entity text, wanted jsonb)),
noted as (
  insert into notification (id, recipient_id, category, event, event_key, ticket_number, message_id, about, created_at)
    select notification, recipient, 'support', ?::text, ?::text, ?::integer, ?::text, ?::text, ?::timestamptz from told),
sent as (
  insert into delivery (id, notification_id, channel, state, deliver_before, attempts)
    select delivery, notification, 'email', 'pending', ?::timestamptz, 0 from told),
fed as (
  insert into change_feed (at, topic, staff, user_id) select ?::timestamptz, ?::jsonb, false, recipient from told)
insert into outbox (entity, message, created_at) select entity, wanted, ?::timestamptz from told`;

/** The key that makes one closing one notification. A reopened ticket that closes again is another closing. */
export function closedKey(number: number, revision: number): string {
  return `ticket.closed:${spellTicketNumber(number)}:${revision}`;
}

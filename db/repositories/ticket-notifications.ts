import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { deliverWithinSeconds, recipientsOf, type NotificationEvent } from '../../domain/notification.ts';
import { Delivery } from '../entities/delivery.entity.ts';
import { NotificationRow } from '../entities/notification.entity.ts';
import type { OutboxMessage } from '../outbox.ts';
import { newId } from '../new-id.ts';

/**
 * Tells the participants of a ticket what happened: a row each, seen in the product at once, and a delivery by mail.
 * The event key makes it once per event and recipient, however often it is asked (SPEC N3).
 * @returns what the outbox must say so that the mails are sent
 */
export async function notifyParticipants(
  em: EntityManager,
  happened: { event: NotificationEvent; eventKey: string; number: number; messageId: string | null; causedBy: string | null; at: Date },
): Promise<OutboxMessage[]> {
  const participants = await em.execute<{ user_id: string }[]>('select user_id from ticket_participant where ticket_number = ?', [
    happened.number,
  ]);
  const recipients = recipientsOf(
    happened.event,
    participants.map((row) => row.user_id),
    happened.causedBy,
  );
  if (recipients.length === 0) return [];
  const notifications = recipients.map((recipientId) => ({
    id: newId('notification', happened.at),
    recipientId,
    category: 'support' as const,
    event: happened.event,
    eventKey: happened.eventKey,
    ticketNumber: happened.number,
    messageId: happened.messageId,
    createdAt: happened.at,
  }));
  const deliverBefore = new Date(happened.at.getTime() + deliverWithinSeconds[happened.event] * 1000);
  const deliveries = notifications.map((notification) => ({
    id: newId('delivery', happened.at),
    notificationId: notification.id,
    channel: 'email' as const,
    state: 'pending' as const,
    deliverBefore,
    attempts: 0,
  }));
  await em.insertMany(NotificationRow, notifications);
  await em.insertMany(Delivery, deliveries);
  return deliveries.map((delivery) => ({
    kind: 'delivery.wanted',
    deliveryId: delivery.id,
    event: happened.event,
    number: spellTicketNumber(happened.number),
  }));
}

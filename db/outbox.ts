import type { TicketHappening } from '../domain/ticket.ts';

/**
 * What the engine must hear, by name and ids. `worker/dispatcher` turns it into a start or a signal; saying it twice
 * is harmless.
 */
export type OutboxMessage =
  | { kind: 'ticket.opened'; number: string; category: string }
  | { kind: 'ticket.happening'; number: string; happening: TicketHappening; revision: number; messageId?: string }
  | { kind: 'delivery.wanted'; deliveryId: string; event: string; number: string };

/** The entity a message is about: messages about one entity are delivered in the order of their facts. */
export function entityOf(message: OutboxMessage): string {
  return message.kind === 'delivery.wanted' ? `notification:${message.deliveryId}` : `ticket:${message.number}`;
}

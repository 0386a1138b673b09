import { pendingActionEntity, type PendingActionHappening, type PendingActionKind } from '../domain/pending-action.ts';
import type { TicketHappening } from '../domain/ticket.ts';

/**
 * What the engine must hear, by name and ids. `worker/dispatcher` turns it into a start or a signal; saying it twice
 * is harmless.
 */
export type OutboxMessage =
  | { kind: 'ticket.opened'; number: string; category: string }
  | { kind: 'ticket.happening'; number: string; happening: TicketHappening; revision: number; messageId?: string }
  | { kind: 'delivery.wanted'; deliveryId: string; event: string; number?: string }
  | { kind: 'pending_action.begun'; id: string; action: PendingActionKind }
  | { kind: 'pending_action.happening'; id: string; happening: PendingActionHappening };

/** The entity a message is about: messages about one entity are delivered in the order of their facts. */
export function entityOf(message: OutboxMessage): string {
  switch (message.kind) {
    case 'delivery.wanted':
      return `notification:${message.deliveryId}`;
    case 'pending_action.begun':
    case 'pending_action.happening':
      return pendingActionEntity(message.id);
    default:
      return `ticket:${message.number}`;
  }
}

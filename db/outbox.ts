import type { EntityManager } from '@mikro-orm/postgresql';
import type { TicketHappening } from '../domain/ticket.ts';
import { OutboxRow } from './entities/outbox-row.entity.ts';

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

/** Writes what the engine must hear, in the transaction of the fact that causes it. */
export async function putInOutbox(em: EntityManager, at: Date, messages: readonly OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await em.insertMany(
    OutboxRow,
    messages.map((message) => ({ entity: entityOf(message), message, createdAt: at, attempts: 0 })),
  );
}

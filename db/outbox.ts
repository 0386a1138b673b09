import type { EntityManager } from '@mikro-orm/postgresql';
import { jobEntity, type JobKind } from '../domain/job.ts';
import type { MoneyHappening } from '../domain/money-entity.ts';
import { pendingActionEntity, type PendingActionHappening, type PendingActionKind } from '../domain/pending-action.ts';
import type { TicketHappening } from '../domain/ticket.ts';
import type { TimedHappening } from '../domain/timed-entity.ts';
import { OutboxRow } from './entities/outbox-row.entity.ts';

/**
 * What the engine must hear, by name and ids. `worker/dispatcher` turns it into a start or a signal; saying it twice
 * is harmless.
 */
export type OutboxMessage =
  | { kind: 'ticket.opened'; number: string; category: string }
  | { kind: 'ticket.happening'; number: string; happening: TicketHappening; revision: number; messageId?: string }
  | { kind: 'delivery.wanted'; deliveryId: string; event: string; number?: string }
  | { kind: 'pending_action.begun'; id: string; action: PendingActionKind }
  | { kind: 'pending_action.happening'; id: string; happening: PendingActionHappening }
  | { kind: 'job.begun'; id: string; job: JobKind }
  | { kind: 'timed.begun'; entity: string; about: string }
  | { kind: 'timed.happening'; entity: string; happening: TimedHappening }
  | { kind: 'money.begun'; entity: string }
  | { kind: 'money.happening'; entity: string; happening: MoneyHappening };

/** The entity a message is about: messages about one entity are delivered in the order of their facts. */
export function entityOf(message: OutboxMessage): string {
  switch (message.kind) {
    case 'delivery.wanted':
      return `notification:${message.deliveryId}`;
    case 'pending_action.begun':
    case 'pending_action.happening':
      return pendingActionEntity(message.id);
    case 'job.begun':
      return jobEntity(message.id);
    case 'timed.begun':
    case 'timed.happening':
    case 'money.begun':
    case 'money.happening':
      return message.entity;
    default:
      return `ticket:${message.number}`;
  }
}

/** Adds to the outbox what the engine must hear of this transaction. */
export async function tellEngine(em: EntityManager, at: Date, message: OutboxMessage): Promise<void> {
  await em.insert(OutboxRow, {
    entity: entityOf(message),
    message,
    createdAt: at,
    attempts: 0,
    nextAttemptAt: null,
    parkedAt: null,
    lastError: null,
  });
}

/** How the outbox's words reach Temporal: a start or a signal, each harmless to repeat. */
import { isGrpcServiceError, WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { NamespaceNotFoundError, WorkflowNotFoundError, TypedSearchAttributes } from '@temporalio/common';
import type { OutboxMessage } from '../db/outbox.ts';
import type { TicketHappening } from '../domain/ticket.ts';
import { notificationWorkflowId, notificationWorkflowType, type NotificationInput } from '../workflows/notification/contract.ts';
import { queueAttribute, statusAttribute } from '../workflows/search-attributes.ts';
import { ticketWorkflowId, ticketWorkflowType, type TicketInput, type TicketNews } from '../workflows/ticket/contract.ts';

/** Milliseconds the engine has for one call. Without a bound a call hangs for as long as the engine is away. */
const callTimeoutMs = 5_000;

/** What came of telling the engine: it knows now, it has ended with the entity, or it never knew. */
export type Told = 'told' | 'not_found' | 'ended';

export class Engine {
  private readonly client: Client;
  private readonly taskQueue: string;
  private readonly continueAfterEvents: number | undefined;

  /** @param continueAfterEvents tests set it low, to see a run hand over to the next */
  constructor(client: Client, taskQueue: string, continueAfterEvents?: number) {
    this.client = client;
    this.taskQueue = taskQueue;
    this.continueAfterEvents = continueAfterEvents;
  }

  /** Starts a ticket's workflow. Already running is success; already ended, within the engine's memory, is `ended`. */
  async startTicket(number: string, category: string): Promise<Told> {
    const input: TicketInput =
      this.continueAfterEvents === undefined ? { number } : { number, continueAfterEvents: this.continueAfterEvents };
    return this.start(ticketWorkflowType, ticketWorkflowId(number), input, {
      staticSummary: `${number} · ${category}`,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: statusAttribute, value: 'awaiting_staff' },
        { key: queueAttribute, value: category },
      ]),
    });
  }

  async startNotification(input: NotificationInput, number: string): Promise<Told> {
    return this.start(notificationWorkflowType, notificationWorkflowId(input.deliveryId), input, {
      staticSummary: `${input.event} · ${number}`,
    });
  }

  /** Tells a ticket's workflow that something happened. */
  async signalTicket(number: string, happening: TicketHappening, news: TicketNews): Promise<Told> {
    return this.withinTime(async () => {
      try {
        await this.client.workflow.getHandle(ticketWorkflowId(number)).signal<[TicketNews]>(happening, news);
        return 'told';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'not_found';
        throw error;
      }
    });
  }

  private async start(
    type: string,
    workflowId: string,
    input: unknown,
    options: { staticSummary: string; typedSearchAttributes?: TypedSearchAttributes },
  ): Promise<Told> {
    return this.withinTime(async () => {
      try {
        await this.client.workflow.start(type, {
          workflowId,
          taskQueue: this.taskQueue,
          args: [input],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowTaskTimeout: '5s',
          ...options,
        });
        return 'told';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'ended';
        throw error;
      }
    });
  }

  private async withinTime(call: () => Promise<Told>): Promise<Told> {
    return this.client.withDeadline(Date.now() + callTimeoutMs, call);
  }
}

/**
 * gRPC codes of an engine that is away or overloaded, or that does not let us in: not the message's fault, so no attempt
 * is counted. (Cancelled, deadline exceeded, permission denied, resource exhausted, unavailable, unauthenticated.)
 */
const awayCodes = new Set([1, 4, 7, 8, 14, 16]);

/**
 * Whether the error says that the engine, not the message, is the matter. An engine whose namespace is not made yet, as
 * at the first start of an installation, is as good as away.
 */
export function isEngineAway(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof NamespaceNotFoundError || (isGrpcServiceError(cause) && awayCodes.has(cause.code))) return true;
  return false;
}

/**
 * Messages of one entity that wait together, as few calls as tell the same: what a fresh workflow reads by itself need
 * not be signalled, and several happenings become one signal, named for the last, that lists the others.
 */
export function coalesce(messages: readonly OutboxMessage[]): OutboxMessage & { also?: TicketHappening[] } {
  const opened = messages.find((message) => message.kind !== 'ticket.happening');
  if (opened) return opened;
  const happenings = messages.filter((message) => message.kind === 'ticket.happening');
  const last = happenings.at(-1);
  if (!last) throw new RangeError('nothing to tell');
  const also = happenings.slice(0, -1).map((message) => message.happening);
  return also.length ? { ...last, also } : last;
}

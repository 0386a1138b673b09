/** How the outbox's words reach Temporal: a start or a signal, each harmless to repeat. */
import { isGrpcServiceError, WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { NamespaceNotFoundError, WorkflowNotFoundError, TypedSearchAttributes } from '@temporalio/common';
import { entityOf, type OutboxMessage } from '../db/outbox.ts';
import type { Opening } from '../db/repositories/outbox-queue.ts';
import { jobEntity, readJobEntity, type JobHappening } from '../domain/job.ts';
import { readMoneyEntity, type MoneyEntityKind, type MoneyHappening } from '../domain/money-entity.ts';
import { pendingActionEntity, type PendingActionHappening } from '../domain/pending-action.ts';
import type { TicketHappening } from '../domain/ticket.ts';
import { readTimedEntity, type TimedHappening } from '../domain/timed-entity.ts';
import { booksAuditWorkflowType } from '../workflows/books-audit/contract.ts';
import { deadlineWorkflowType, type DeadlineInput, type DeadlineNews } from '../workflows/deadline/contract.ts';
import { jobWorkflowType, type JobInput, type JobNews } from '../workflows/job/contract.ts';
import { notificationWorkflowId, notificationWorkflowType, type NotificationInput } from '../workflows/notification/contract.ts';
import { paymentWorkflowType, type PaymentInput, type PaymentNews } from '../workflows/payment/contract.ts';
import { pendingActionWorkflowType, type PendingActionInput, type PendingActionNews } from '../workflows/pending-action/contract.ts';
import { providerNoticeWorkflowType } from '../workflows/provider-notice/contract.ts';
import { refundWorkflowType } from '../workflows/refund/contract.ts';
import { queueAttribute, statusAttribute } from '../workflows/search-attributes.ts';
import { ticketWorkflowId, ticketWorkflowType, type TicketInput, type TicketNews } from '../workflows/ticket/contract.ts';

/** Milliseconds the engine has for one call. Without a bound a call hangs for as long as the engine is away. */
const callTimeoutMs = 5_000;

const moneyWorkflowTypes: Readonly<Record<MoneyEntityKind, string>> = {
  payment: paymentWorkflowType,
  refund: refundWorkflowType,
  'books-audit': booksAuditWorkflowType,
  'provider-notice': providerNoticeWorkflowType,
};

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

  /**
   * Starts the workflow of an entity. Already running is success; already ended, within the engine's memory, is `ended`.
   * @param then what has happened since: a workflow that runs already may have read the facts before that
   */
  async startEntity(opening: Opening, then?: Happened): Promise<Told> {
    const more = this.continueAfterEvents === undefined ? {} : { continueAfterEvents: this.continueAfterEvents };
    if (opening.kind === 'ticket.opened') {
      const { number, category } = opening;
      const input: TicketInput = { number, ...more };
      const typedSearchAttributes = new TypedSearchAttributes([
        { key: statusAttribute, value: 'awaiting_staff' },
        { key: queueAttribute, value: category },
      ]);
      const options = { staticSummary: `${number} · ${category}`, typedSearchAttributes };
      return this.start(ticketWorkflowType, ticketWorkflowId(number), input, options, then);
    }
    if (opening.kind === 'timed.begun') {
      const { entity, about } = opening;
      const input: DeadlineInput = { entity, ...more };
      const typedSearchAttributes = new TypedSearchAttributes([{ key: statusAttribute, value: 'begun' }]);
      return this.start(deadlineWorkflowType, entity, input, { staticSummary: about || entity, typedSearchAttributes }, then);
    }
    if (opening.kind === 'money.begun') {
      const { entity } = opening;
      const { kind, id } = readMoneyEntity(entity)!;
      const input: PaymentInput = { id, ...more };
      const typedSearchAttributes = new TypedSearchAttributes([{ key: statusAttribute, value: 'begun' }]);
      return this.start(moneyWorkflowTypes[kind], entity, input, { staticSummary: entity, typedSearchAttributes }, then);
    }
    if (opening.kind === 'job.begun') {
      const input: JobInput = { id: opening.id, ...more };
      const typedSearchAttributes = new TypedSearchAttributes([{ key: statusAttribute, value: 'running' }]);
      return this.start(jobWorkflowType, jobEntity(opening.id), input, { staticSummary: opening.job, typedSearchAttributes }, then);
    }
    const input: PendingActionInput = { id: opening.id, ...more };
    const typedSearchAttributes = new TypedSearchAttributes([{ key: statusAttribute, value: 'pending' }]);
    const options = { staticSummary: opening.action, typedSearchAttributes };
    return this.start(pendingActionWorkflowType, pendingActionEntity(opening.id), input, options, then);
  }

  /** @param number the ticket it is about; left out for a letter */
  async startNotification(input: NotificationInput, number?: string): Promise<Told> {
    return this.start(notificationWorkflowType, notificationWorkflowId(input.deliveryId), input, {
      staticSummary: number === undefined ? input.event : `${input.event} · ${number}`,
    });
  }

  /** Tells an entity's workflow, whose id is the entity's name, that something happened. */
  async signalEntity(entity: string, { happening, news }: Happened): Promise<Told> {
    return this.withinTime(async () => {
      try {
        await this.client.workflow.getHandle(entity).signal<[Happened['news']]>(happening, news);
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
    then?: Happened,
  ): Promise<Told> {
    const workflow = {
      workflowId,
      taskQueue: this.taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowTaskTimeout: '5s',
      ...options,
    } as const;
    return this.withinTime(async () => {
      try {
        if (then) await this.client.workflow.signalWithStart(type, { ...workflow, signal: then.happening, signalArgs: [then.news] });
        else await this.client.workflow.start(type, workflow);
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

/** Something that happened to an entity, as its workflow is told. */
export type Happened =
  | { readonly happening: TicketHappening; readonly news: TicketNews }
  | { readonly happening: PendingActionHappening; readonly news: PendingActionNews }
  | { readonly happening: TimedHappening; readonly news: DeadlineNews }
  | { readonly happening: JobHappening; readonly news: JobNews }
  | { readonly happening: MoneyHappening; readonly news: PaymentNews };

/** What the messages of one entity that wait together come to. */
export type Coalesced =
  | Extract<OutboxMessage, { kind: 'delivery.wanted' }>
  | { kind: 'start'; opening: Opening; then?: Happened }
  | { kind: 'signal'; entity: string; happened: Happened };

/**
 * Messages of one entity that wait together, as one call: several happenings become one signal, named for the last, that
 * lists the others. One that waits beside the opening is told with it: the opening may be there for the second time,
 * and the workflow have looked before that happened.
 */
export function coalesce(messages: readonly OutboxMessage[]): Coalesced {
  const delivery = messages.find((message) => message.kind === 'delivery.wanted');
  if (delivery) return delivery;
  const opening = messages.find(
    (message) =>
      message.kind === 'ticket.opened' ||
      message.kind === 'pending_action.begun' ||
      message.kind === 'timed.begun' ||
      message.kind === 'money.begun' ||
      message.kind === 'job.begun',
  );
  const happenings = messages.filter(
    (message) =>
      message.kind === 'ticket.happening' ||
      message.kind === 'pending_action.happening' ||
      message.kind === 'timed.happening' ||
      message.kind === 'money.happening',
  );
  const last = happenings.at(-1);
  if (!last) {
    if (!opening) throw new RangeError('nothing to tell');
    return { kind: 'start', opening };
  }
  const happened = happenedIn(last, happenings.slice(0, -1));
  return opening ? { kind: 'start', opening, then: happened } : { kind: 'signal', entity: entityOf(last), happened };
}

type Happening = Extract<OutboxMessage, { kind: 'ticket.happening' | 'pending_action.happening' | 'timed.happening' | 'money.happening' }>;

function happenedIn(last: Happening, before: readonly Happening[]): Happened {
  const also = before.length ? { also: before.map((message) => message.happening) } : {};
  if (last.kind !== 'ticket.happening') return { happening: last.happening, news: also } as Happened;
  const { number: _number, happening, kind: _kind, ...about } = last;
  return { happening, news: { ...about, ...also } } as Happened;
}

/** The nudge for an entity whose step is overdue. */
export function overdue(entity: string): Happened {
  if (entity.startsWith(pendingActionEntity(''))) return { happening: 'changeOverdue', news: {} };
  if (readTimedEntity(entity) || readMoneyEntity(entity) || readJobEntity(entity) !== undefined)
    return { happening: 'stepOverdue', news: {} };
  return { happening: 'stepOverdue', news: { revision: 0 } };
}

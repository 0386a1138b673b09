import { NativeConnection, Worker, type WorkerInterceptors, type WorkflowBundle } from '@temporalio/worker';
import type { OutboxBell } from '../db/outbox-bell.ts';
import { booksAuditActivities } from '../activities/books-audit.ts';
import { deadlineActivities } from '../activities/deadlines.ts';
import { deliveryActivities, type DeliveryParts } from '../activities/deliveries.ts';
import { withoutForeignWords } from '../activities/failures.ts';
import { jobActivities } from '../activities/jobs.ts';
import { parallelMails } from '../activities/mail/smtp.ts';
import { pendingActionActivities } from '../activities/pending-actions.ts';
import { paymentActivities } from '../activities/payments.ts';
import { providerNoticeActivities } from '../activities/provider-notices.ts';
import { refundActivities } from '../activities/refunds.ts';
import { ticketActivities } from '../activities/tickets.ts';
import type { PaymentProvider } from '../activities/payment-provider/port.ts';
import type { FileStorage } from '../storage/file-storage.ts';
import { deliveriesTaskQueue } from '../workflows/notification/contract.ts';

export interface WorkerOptions extends DeliveryParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly bundle: WorkflowBundle;
  readonly bell: OutboxBell;
  readonly storage: FileStorage;
  /** Who takes money for us; `noProvider` where nobody does. */
  readonly provider: PaymentProvider;
  /** Workflows kept in memory between tasks; each costs up to 1 MB. */
  readonly maxCachedWorkflows?: number;
  readonly shutdownSeconds: number;
  /** Tests tie the clock to skipped time here. */
  readonly interceptors?: WorkerInterceptors;
}

/**
 * The two workers of a process: one for the entities' workflows and their short transactions, one for deliveries, so
 * that a flood of mails never delays a deadline. The only place that joins workflows and activities.
 */
export async function createWorkers(options: WorkerOptions): Promise<Worker[]> {
  const { connection, namespace, taskQueue } = options;
  const shutdownGraceTime = options.shutdownSeconds * 1000;
  // By default heartbeats are held back for four fifths of their time, and one that is late by the rest counts as missing.
  const maxHeartbeatThrottleInterval = '5s';
  const interceptors = options.interceptors ? { interceptors: options.interceptors } : {};
  const entities = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: options.bundle,
    activities: withoutForeignWords({
      ...ticketActivities(options.database, options.clock, options.bell),
      ...pendingActionActivities(options),
      ...deadlineActivities(options),
      ...jobActivities(options),
      ...booksAuditActivities(options),
      ...paymentActivities(options),
      ...providerNoticeActivities(options),
      ...refundActivities(options),
    }),
    maxCachedWorkflows: options.maxCachedWorkflows ?? 500,
    // The default of ten seconds would stall a ticket's next task for as long after a worker's crash.
    stickyQueueScheduleToStartTimeout: '2s',
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 4, maximum: 10 },
    maxHeartbeatThrottleInterval,
    shutdownGraceTime,
    ...interceptors,
  });
  const deliveries = await Worker.create({
    connection,
    namespace,
    taskQueue: deliveriesTaskQueue(taskQueue),
    activities: withoutForeignWords(deliveryActivities(options)),
    maxConcurrentActivityTaskExecutions: parallelMails,
    maxHeartbeatThrottleInterval,
    shutdownGraceTime,
    ...interceptors,
  });
  return [entities, deliveries];
}

import { NativeConnection, Worker, type WorkerInterceptors, type WorkflowBundle } from '@temporalio/worker';
import type { Clock } from '../domain/clock.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import { deliveryActivities } from '../activities/deliveries.ts';
import { withoutForeignWords } from '../activities/failures.ts';
import { parallelMails, type MailSender } from '../activities/mail/smtp.ts';
import { ticketActivities } from '../activities/tickets.ts';
import { deliveriesTaskQueue } from '../workflows/notification/contract.ts';

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly bundle: WorkflowBundle;
  readonly database: Database;
  readonly bell: OutboxBell;
  readonly clock: Clock;
  readonly sender: MailSender;
  /** Right side of the message ids of outgoing mail. */
  readonly mailDomain: string;
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
  const { connection, namespace, taskQueue, database, bell, clock } = options;
  const shutdownGraceTime = options.shutdownSeconds * 1000;
  const interceptors = options.interceptors ? { interceptors: options.interceptors } : {};
  const entities = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: options.bundle,
    activities: withoutForeignWords(ticketActivities(database, clock, bell)),
    maxCachedWorkflows: options.maxCachedWorkflows ?? 500,
    // The default of ten seconds would stall a ticket's next task for as long after a worker's crash.
    stickyQueueScheduleToStartTimeout: '2s',
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 4, maximum: 10 },
    shutdownGraceTime,
    ...interceptors,
  });
  const deliveries = await Worker.create({
    connection,
    namespace,
    taskQueue: deliveriesTaskQueue(taskQueue),
    activities: withoutForeignWords(deliveryActivities(database, clock, options.sender, options.mailDomain)),
    maxConcurrentActivityTaskExecutions: parallelMails,
    shutdownGraceTime,
    ...interceptors,
  });
  return [entities, deliveries];
}

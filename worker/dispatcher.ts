/**
 * Drains the outbox to the engine, in order per entity (DESIGN, "The outbox").
 *
 * One dispatcher works at a time, elected by an advisory lock on its own connection, so that order holds however many
 * workers run; when its process dies the lock is free and another takes over. It is woken by NOTIFY, at start, and by
 * a sweep. While the engine is away it waits and counts no attempts.
 */
import { Client as PostgresClient } from 'pg';
import { outboxChannel } from '../db/outbox-bell.ts';
import type { Database } from '../db/database.ts';
import {
  forgetOldAnswers,
  postpone,
  readOverdueTickets,
  readWaiting,
  removeDelivered,
  reportCase,
  stateOfTicket,
  type WaitingMessage,
} from '../db/repositories/outbox-queue.ts';
import type { Clock } from '../domain/clock.ts';
import { readTicketNumber } from '../domain/ids.ts';
import type { Log } from '../log.ts';
import { coalesce, isEngineAway, type Engine } from './engine.ts';

export interface DispatcherOptions {
  readonly database: Database;
  /** For the connection that listens and holds the lock; never one of a pool. */
  readonly databaseUrl: string;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  /** Seconds between sweeps. 30 in the product; tests set it low to prove that a lost wake-up is made good. */
  readonly sweepSeconds?: number;
}

const dispatcherLock = 7_201_338;
const batchSize = 200;
const parallelEntities = 24;
/** A step that nobody took so long after it was due has a workflow that lost it. */
const overdueAfterSeconds = 120;
const nudgeEverySeconds = 3600;

export class Dispatcher {
  private readonly options: DispatcherOptions;
  private stopping = false;
  private bell = deferred();
  private running: Promise<void> | undefined;
  private readonly nudged = new Map<string, number>();

  constructor(options: DispatcherOptions) {
    this.options = options;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Finishes what is in hand and stops. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.bell.resolve();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.lead();
      } catch (error) {
        this.options.log.warn({ code: (error as { code?: string }).code }, 'the dispatcher lost the database; tries again');
        await this.pause(1);
      }
    }
  }

  /** Connects, waits to be the one, and works until the connection is lost. */
  private async lead(): Promise<void> {
    const connection = new PostgresClient({
      connectionString: this.options.databaseUrl,
      connectionTimeoutMillis: 3_000,
      keepAlive: true,
      application_name: 'kontor-dispatcher',
    });
    let lost: Error | undefined;
    connection.on('error', (error) => {
      lost = error;
      this.bell.resolve();
    });
    connection.on('notification', () => this.bell.resolve());
    await connection.connect();
    try {
      while (!this.stopping && !lost && !(await elected(connection))) await this.pause(1);
      await connection.query(`listen ${outboxChannel}`);
      let sweepAt = 0;
      while (!this.stopping && !lost) {
        this.bell = deferred();
        const sweepMs = (this.options.sweepSeconds ?? 30) * 1000;
        if (performance.now() >= sweepAt) {
          await this.sweep();
          sweepAt = performance.now() + sweepMs;
        }
        const engineWasThere = await this.drain();
        await (engineWasThere ? this.pause(sweepMs / 1000) : this.pause(1));
      }
      if (lost) throw lost;
    } finally {
      await connection.end().catch(() => undefined);
    }
  }

  /** Delivers until nothing waits. @returns false when the engine went away in between */
  private async drain(): Promise<boolean> {
    while (!this.stopping) {
      const waiting = await readWaiting(this.options.database, this.options.clock, batchSize);
      if (waiting.length === 0) return true;
      const entities = [...Map.groupBy(waiting, (message) => message.entity).values()];
      const outcomes = await inParallel(entities, parallelEntities, (messages) => this.deliver(messages));
      await removeDelivered(
        this.options.database,
        entities.flatMap((messages, index) => (outcomes[index] === 'delivered' ? messages.map((message) => message.id) : [])),
      );
      if (outcomes.includes('engine_away')) return false;
    }
    return true;
  }

  private async deliver(messages: WaitingMessage[]): Promise<'delivered' | 'postponed' | 'engine_away'> {
    try {
      await this.tell(messages);
      return 'delivered';
    } catch (error) {
      if (isEngineAway(error)) return 'engine_away';
      const [first] = messages;
      const why = error instanceof Error ? error.name : 'unknown';
      this.options.log.error({ entity: first?.entity, why }, 'the engine refused a message');
      if (first) await postpone(this.options.database, this.options.clock, first, why);
      return 'postponed';
    }
  }

  private async tell(messages: WaitingMessage[]): Promise<void> {
    const { engine } = this.options;
    const message = coalesce(messages.map((waiting) => waiting.message));
    if (message.kind === 'ticket.opened') await engine.startTicket(message.number, message.category);
    else if (message.kind === 'delivery.wanted')
      await engine.startNotification({ deliveryId: message.deliveryId, event: message.event }, message.number);
    else {
      const { number, happening, kind: _kind, ...news } = message;
      if ((await engine.signalTicket(number, happening, news)) === 'not_found') await this.makeGood(number);
    }
  }

  /** The engine knows no running workflow of this ticket: it is over, or the engine forgot it, or it never was. */
  private async makeGood(number: string): Promise<void> {
    const { database, clock, engine, log } = this.options;
    const ticket = await stateOfTicket(database, readTicketNumber(number) ?? 0);
    if (ticket?.over) return;
    if (ticket && (await engine.startTicket(number, ticket.category)) === 'told') {
      log.warn({ ticket: number }, 'the engine had forgotten a ticket; its workflow was started again');
      return;
    }
    await reportCase(database, clock, {
      kind: ticket ? 'engine.ended_early' : 'engine.unknown_entity',
      about: `ticket:${number}`,
      detail: {},
    });
  }

  /** The safety net: overdue steps get a nudge, old idempotency records go. */
  private async sweep(): Promise<void> {
    const { database, clock, engine } = this.options;
    const now = clock.now();
    await forgetOldAnswers(database, new Date(now.getTime() - 48 * 3600 * 1000));
    for (const { entity, stepId } of await readOverdueTickets(database, new Date(now.getTime() - overdueAfterSeconds * 1000), 100)) {
      if ((this.nudged.get(stepId) ?? 0) > now.getTime() - nudgeEverySeconds * 1000) continue;
      const number = entity.slice('ticket:'.length);
      try {
        if ((await engine.signalTicket(number, 'stepOverdue', { revision: 0 })) === 'not_found') await this.makeGood(number);
        this.nudged.set(stepId, now.getTime());
      } catch (error) {
        if (isEngineAway(error)) return;
        throw error;
      }
    }
    if (this.nudged.size > 10_000) this.nudged.clear();
  }

  private async pause(seconds: number): Promise<void> {
    if (this.stopping) return;
    const timer = setTimeout(() => this.bell.resolve(), seconds * 1000);
    await this.bell.promise;
    clearTimeout(timer);
    this.bell = deferred();
  }
}

async function elected(connection: PostgresClient): Promise<boolean> {
  const { rows } = await connection.query<{ elected: boolean }>('select pg_try_advisory_lock($1) as elected', [dispatcherLock]);
  return rows[0]?.elected === true;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  return Promise.withResolvers<void>();
}

/** Does the work for each item, at most `limit` at a time, and keeps the order of the results. */
async function inParallel<Item, Result>(items: readonly Item[], limit: number, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}

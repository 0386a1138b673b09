/**
 * Drains the outbox to the engine, in order per entity (DESIGN, "The outbox").
 *
 * One dispatcher works at a time, elected by an advisory lock on its own connection, so that order holds however many
 * workers run; when its process dies the lock is free and another takes over. It is woken by NOTIFY, at start, and by
 * a sweep. While the engine is away it waits and counts no attempts, and mails by its own hand what cannot wait: codes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Client as PostgresClient } from 'pg';
import { parallelMails } from '../activities/mail/smtp.ts';
import { outboxChannel } from '../db/outbox-bell.ts';
import { forgetOldChanges } from '../db/change-feed.ts';
import type { Database } from '../db/database.ts';
import { entityOf } from '../db/outbox.ts';
import { readDelivery, readPendingCodes } from '../db/repositories/deliveries.ts';
import {
  forgetOldAnswers,
  postpone,
  readLateDeliveries,
  readOverdueSteps,
  readWaiting,
  removeDelivered,
  reportCase,
  stateOfEntity,
  type Late,
  type WaitingMessage,
} from '../db/repositories/outbox-queue.ts';
import { forgetPresence } from '../db/repositories/presence.ts';
import { removeExpiredSessions } from '../db/repositories/sessions.ts';
import { forgetStaleIdentity } from '../db/repositories/stale-identity.ts';
import { forgetOldCounts } from '../db/throttle-store.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../log.ts';
import { DocumentKeeper } from './document-keeper.ts';
import { coalesce, isEngineAway, overdue, type Engine } from './engine.ts';

export interface DispatcherOptions {
  readonly database: Database;
  /** For the connection that listens and holds the lock; never one of a pool. */
  readonly databaseUrl: string;
  readonly engine: Engine;
  /** Makes a delivery as its workflow would; throws while the channel is away. */
  readonly deliver: (deliveryId: string) => Promise<unknown>;
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
/** A step overdue for so long is a case: something keeps its workflow from taking it. */
const givenUpAfterSeconds = 3600;
const batchesPerSweep = 25;

export class Dispatcher {
  private readonly options: DispatcherOptions;
  private stopping = false;
  private bell = deferred();
  private running: Promise<void> | undefined;
  private walk = newWalk(new Date(0));
  private engineIsAway = false;
  private readonly codesUnderWay = new Map<string, Promise<void>>();
  private readonly documents: DocumentKeeper;

  constructor(options: DispatcherOptions) {
    this.options = options;
    this.documents = new DocumentKeeper(options);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Finishes what is in hand and stops. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.bell.resolve();
    await this.running;
    await Promise.all(this.codesUnderWay.values());
    await this.documents.stop();
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
    connection.on('notification', () => {
      this.bell.resolve();
      this.documents.wake();
      // The dispatcher itself may be asking the engine now, which takes seconds while it is away: a code does not wait for that.
      if (this.engineIsAway) void this.sendCodes().catch(() => undefined);
    });
    await connection.connect();
    try {
      while (!this.stopping && !lost && !(await elected(connection))) await this.pause(1);
      await connection.query(`listen ${outboxChannel}`);
      let sweepAt = 0;
      while (!this.stopping && !lost) {
        this.bell = deferred();
        if (performance.now() >= sweepAt) {
          await this.sweep();
          sweepAt = performance.now() + (this.options.sweepSeconds ?? 30) * 1000;
        }
        const drained = await this.drain(sweepAt);
        this.engineIsAway = drained === 'engine_away';
        if (drained === 'empty') await this.pause((sweepAt - performance.now()) / 1000);
        if (drained === 'engine_away') {
          await this.sendCodes();
          await this.pause(1);
        }
      }
      if (lost) throw lost;
    } finally {
      await connection.end().catch(() => undefined);
    }
  }

  /** Delivers until nothing waits, or the sweep is due: a desk so busy that something always waits needs it most. */
  private async drain(sweepAt: number): Promise<'empty' | 'sweep_due' | 'engine_away'> {
    while (!this.stopping && performance.now() < sweepAt) {
      const waiting = await readWaiting(this.options.database, this.options.clock, batchSize);
      if (waiting.length === 0) return 'empty';
      const entities = [...Map.groupBy(waiting, (message) => message.entity).values()];
      const outcomes = await inParallel(entities, parallelEntities, (messages) => this.deliver(messages), 'engine_away');
      await removeDelivered(
        this.options.database,
        entities.flatMap((messages, index) => (outcomes[index] === 'delivered' ? messages.map((message) => message.id) : [])),
      );
      if (outcomes.includes('engine_away')) return 'engine_away';
    }
    return 'sweep_due';
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
    if (message.kind === 'delivery.wanted')
      await engine.startNotification({ deliveryId: message.deliveryId, event: message.event }, message.number);
    else if (message.kind === 'start') {
      if ((await engine.startEntity(message.opening, message.then)) === 'ended') await this.makeGood(entityOf(message.opening));
    } else if ((await engine.signalEntity(message.entity, message.happened)) === 'not_found') await this.makeGood(message.entity);
  }

  /** The engine knows no running workflow of this entity: it is over, or the engine forgot it, or it never was. */
  private async makeGood(entity: string): Promise<void> {
    const { database, clock, engine, log } = this.options;
    const state = await stateOfEntity(database, entity);
    if (state?.over) return;
    if (state && (await engine.startEntity(state.opening)) === 'told') {
      log.warn({ entity }, 'the engine had forgotten an entity; its workflow was started again');
      return;
    }
    await reportCase(database, clock, { kind: state ? 'engine.ended_early' : 'engine.unknown_entity', about: entity, detail: {} });
  }

  /**
   * Mails the codes that wait, as nobody can sign in without them and they are good for two minutes (QUALITY R3). The
   * engine hears of each when it is back, and finds it delivered. Had it been told of one just before it went, a worker may
   * be mailing the same one now: the reader then has it twice, with one message id. That is rare, and harmless.
   */
  private async sendCodes(): Promise<void> {
    const { database } = this.options;
    const waiting = await readPendingCodes(database, 2 * parallelMails);
    for (const id of waiting.filter((each) => !this.codesUnderWay.has(each)).slice(0, parallelMails - this.codesUnderWay.size))
      this.codesUnderWay.set(id, this.sendCode(id));
  }

  /** Beside the dispatcher's own work, as a mail server may take minutes to answer. A lane that gets free takes the next. */
  private async sendCode(deliveryId: string): Promise<void> {
    const { deliver, log } = this.options;
    let sent = false;
    try {
      await deliver(deliveryId);
      sent = true;
    } catch (error) {
      log.warn({ about: deliveryId, why: (error as { type?: string }).type ?? 'unknown' }, 'a code could not be mailed yet');
      if (!this.stopping) await pause(2_000);
    }
    this.codesUnderWay.delete(deliveryId);
    // One that failed is looked for again by the dispatcher's next turn, within the second.
    if (sent && this.engineIsAway && !this.stopping) await this.sendCodes().catch(() => undefined);
  }

  /** The safety net: what is overdue gets a nudge, which starts again what the engine forgot; what is old goes. */
  private async sweep(): Promise<void> {
    this.documents.wake();
    const { database, clock, engine } = this.options;
    const now = clock.now();
    const overdueSince = new Date(now.getTime() - overdueAfterSeconds * 1000);
    await this.forget(now);
    if (now >= this.walk.endsAt) this.walk = newWalk(now);
    await this.nudge(
      this.walk.steps,
      (after) => readOverdueSteps(database, now, overdueSince, after, batchSize),
      async ({ entity, at }) => {
        if (at.getTime() < now.getTime() - givenUpAfterSeconds * 1000)
          await reportCase(database, clock, { kind: 'step.overdue', about: entity, detail: {} });
        if ((await engine.signalEntity(entity, overdue(entity))) === 'not_found') await this.makeGood(entity);
      },
    );
    await this.nudge(
      this.walk.deliveries,
      (after) => readLateDeliveries(database, overdueSince, after, batchSize),
      async ({ id, event, number }) => {
        // While its workflow runs, which it does as long as the channel is away, this changes nothing.
        if ((await engine.startNotification({ deliveryId: id, event }, number)) === 'ended') await this.reportUnfinished(id);
      },
    );
  }

  /** Rows that are needed no more go. When they cannot, promises are kept all the same: the next sweep tries again. */
  private async forget(now: Date): Promise<void> {
    const { database, log } = this.options;
    try {
      await forgetOldAnswers(database, new Date(now.getTime() - 48 * 3600 * 1000));
      await removeExpiredSessions(database, now);
      await forgetStaleIdentity(database, now);
      await forgetOldChanges(database.fork(), new Date(now.getTime() - 24 * 3600 * 1000));
      await forgetPresence(database.fork(), now);
      // An hour late: counts go by the machines' clocks, and those may differ from ours.
      await forgetOldCounts(database, new Date(now.getTime() - 3600 * 1000));
    } catch (error) {
      log.warn({ code: (error as { code?: string }).code }, 'what is old could not be forgotten; the next sweep tries again');
    }
  }

  /** Nudges batch by batch. One that the engine refuses must not keep the others, or the outbox, from being told. */
  private async nudge<Found extends Late>(
    place: Place,
    read: (after: Place) => Promise<Found[]>,
    tell: (late: Found) => Promise<void>,
  ): Promise<void> {
    for (let batches = 0; batches < batchesPerSweep && !this.stopping; batches += 1) {
      const found = await read(place);
      const last = found.at(-1);
      if (!last) return;
      const nudge = async (late: Found) => {
        try {
          await tell(late);
        } catch (error) {
          if (isEngineAway(error)) return 'engine_away';
          this.options.log.error({ about: late.id, why: error instanceof Error ? error.name : 'unknown' }, 'the engine refused a nudge');
        }
        return 'nudged';
      };
      const outcomes = await inParallel(found, parallelEntities, nudge, 'engine_away');
      if (outcomes.includes('engine_away')) return;
      place.at = last.at;
      place.id = last.id;
    }
  }

  /** A delivery's workflow has ended and the delivery has not: somebody ended it by hand, and staff should know. */
  private async reportUnfinished(deliveryId: string): Promise<void> {
    const { database, clock } = this.options;
    // It may have been made since it was read.
    if (typeof (await readDelivery(database, clock.now(), deliveryId)) === 'string') return;
    await reportCase(database, clock, { kind: 'engine.ended_early', about: `delivery:${deliveryId}`, detail: {} });
  }

  private async pause(seconds: number): Promise<void> {
    if (this.stopping) return;
    const timer = setTimeout(() => this.bell.resolve(), Math.max(0, seconds * 1000));
    await this.bell.promise;
    clearTimeout(timer);
    this.bell = deferred();
  }
}

/** How far a walk over what is overdue has come. What falls due later lies further on, so that each is nudged once a walk. */
interface Place {
  at: Date;
  id: string;
}

function newWalk(now: Date): { steps: Place; deliveries: Place; endsAt: Date } {
  const start = () => ({ at: new Date(0), id: '' });
  return { steps: start(), deliveries: start(), endsAt: new Date(now.getTime() + nudgeEverySeconds * 1000) };
}

async function elected(connection: PostgresClient): Promise<boolean> {
  const { rows } = await connection.query<{ elected: boolean }>('select pg_try_advisory_lock($1) as elected', [dispatcherLock]);
  return rows[0]?.elected === true;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  return Promise.withResolvers<void>();
}

/**
 * Does the work for each item, at most `limit` at a time, and keeps the order of the results.
 * @param end once this is the result of one, it is that of all that were not begun: against an engine that is away each
 * call takes seconds to fail
 */
async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
  end: Result,
): Promise<Result[]> {
  const results: Result[] = items.map(() => end);
  let next = 0;
  let ended = false;
  const lane = async () => {
    while (next < items.length && !ended) {
      const index = next;
      next += 1;
      const result = await work(items[index]!);
      results[index] = result;
      ended ||= result === end;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}

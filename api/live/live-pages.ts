/**
 * Tells open pages what changed (SPEC T18). One per process of the API: it reads the feed once, whenever a commit has rung,
 * and hands each row to the streams it is for. Nothing is read while nobody listens.
 *
 * It reads on a connection of its own, never one of the pool: a thousand open pages cost the desk no connection. When that
 * connection is lost it connects again and reads on from where it was, so that nothing is lost and nothing told twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as PostgresClient } from 'pg';
import { readFeed, readFeedEnd, readPosition, type FeedConnection, type FeedPosition, type FeedRow } from '../../db/change-feed.ts';
import { outboxChannel } from '../../db/outbox-bell.ts';
import { topicForCustomers } from '../../domain/live-topic.ts';
import type { Log } from '../../log.ts';
import { EventStream, spellRow, type StreamReader } from './event-stream.ts';

export interface LivePagesOptions {
  /** For the connection that listens and reads. */
  readonly databaseUrl: string;
  readonly log: Log;
  /** A comment is sent so often, by which proxies and browsers know that the stream lives. */
  readonly heartbeatSeconds?: number;
  /** So often it is asked whether the reader may still read. */
  readonly checkSeconds?: number;
  /** The feed is looked at so often though no bell rang: a ring is lost with the process that was to ring. */
  readonly pollSeconds?: number;
  /** Of one person, in this process: some browsers, and programs of his. */
  readonly mostOfOnePerson?: number;
  readonly mostInAll?: number;
}

/** Why somebody gets no stream. */
export type NoStream = 'too_many' | 'full' | 'away';

const batchRows = 500;
const mostResumedRows = 2_000;
const connectWithinSeconds = 5;

export class LivePages {
  private readonly options: Required<LivePagesOptions>;
  private readonly streams = new Map<EventStream, () => Promise<boolean>>();
  private running: Promise<void> | undefined;
  private stopping = false;
  private bell = Promise.withResolvers<void>();
  private connected = Promise.withResolvers<FeedConnection>();
  private position: FeedPosition | undefined;
  private ticking: NodeJS.Timeout | undefined;

  constructor(options: LivePagesOptions) {
    this.options = { heartbeatSeconds: 15, checkSeconds: 60, pollSeconds: 5, mostOfOnePerson: 12, mostInAll: 2_000, ...options };
  }

  /** How many streams are open. */
  get open(): number {
    return this.streams.size;
  }

  /**
   * Opens a stream.
   * @param since the last event that the reader has, as he spells it; undefined when he begins
   * @param stillMay asked again and again while the stream is open; when it is answered no, the stream ends
   */
  async listen(
    reader: StreamReader,
    since: string | undefined,
    stillMay: () => Promise<boolean>,
  ): Promise<ReadableStream<Uint8Array> | NoStream> {
    if (this.stopping) return 'away';
    if (this.streams.size >= this.options.mostInAll) return 'full';
    const own = [...this.streams.keys()].filter((stream) => stream.reader.userId === reader.userId).length;
    if (own >= this.options.mostOfOnePerson) return 'too_many';
    const stream = new EventStream(reader, (ended) => this.forget(ended));
    this.add(stream, stillMay);
    try {
      await this.place(stream, since);
      return stream.body;
    } catch (error) {
      stream.end();
      this.options.log.warn({ code: (error as { code?: string }).code }, 'an event stream could not begin');
      return 'away';
    }
  }

  /** Ends every stream; their readers find another process, or this one when it is back. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const stream of this.streams.keys()) stream.end();
    this.bell.resolve();
    await this.running;
  }

  private add(stream: EventStream, stillMay: () => Promise<boolean>): void {
    const now = performance.now();
    stream.beatAt = now + this.options.heartbeatSeconds * 1000;
    // Those who came at once, after a restart say, are not all asked about at once.
    stream.checkAt = now + this.options.checkSeconds * 1000 * (0.5 + Math.random() / 2);
    this.streams.set(stream, stillMay);
    this.ticking ??= setInterval(() => this.tick(), 250);
    this.running ??= this.run();
  }

  private forget(stream: EventStream): void {
    this.streams.delete(stream);
    if (this.streams.size > 0) return;
    clearInterval(this.ticking);
    this.ticking = undefined;
    this.bell.resolve();
  }

  /** Finds out where the stream begins. What is told meanwhile waits in it, so that nothing falls between. */
  private async place(stream: EventStream, since: string | undefined): Promise<void> {
    const connection = await Promise.race([this.connected.promise, giveUp(connectWithinSeconds)]);
    const given = since === undefined ? undefined : readPosition(since);
    if (since === undefined) return stream.begin('hello', this.position!);
    if (!given) return stream.begin('reset', this.position!);
    const missed = await readFeed(connection, given, mostResumedRows);
    if (missed.ahead || missed.forgotten || missed.more) stream.begin('reset', this.position!);
    else stream.resume(given, missed.rows.map(spelled), missed.upTo);
  }

  private async run(): Promise<void> {
    for (let failures = 0; this.isWanted();) {
      try {
        await this.follow(() => (failures = 0));
      } catch (error) {
        failures += 1;
        this.bell = Promise.withResolvers();
        this.options.log.warn({ code: (error as { code?: string }).code }, 'live pages lost the database; they connect again');
        await this.pause(Math.min(0.05 * 2 ** failures, 2));
      }
    }
    this.position = undefined;
    this.running = undefined;
  }

  private isWanted(): boolean {
    return this.streams.size > 0 && !this.stopping;
  }

  /** Connects and reads until the connection is lost or nobody listens any more. */
  private async follow(succeeded: () => void): Promise<void> {
    const connection = new PostgresClient({
      connectionString: this.options.databaseUrl,
      connectionTimeoutMillis: 3_000,
      query_timeout: 15_000,
      keepAlive: true,
      application_name: 'kontor-live',
    });
    let lost: Error | undefined;
    connection.on('error', (error) => {
      lost = error;
      this.bell.resolve();
    });
    connection.on('notification', () => this.bell.resolve());
    await connection.connect();
    try {
      await connection.query(`listen ${outboxChannel}`);
      this.position ??= await readFeedEnd(connection);
      this.connected.resolve(connection);
      let patience = 0;
      while (this.isWanted() && !lost) {
        this.bell = Promise.withResolvers();
        const found = await readFeed(connection, this.position, batchRows);
        succeeded();
        await this.tell(connection, found);
        // Rows that an older transaction keeps back come when it has ended, of which no bell need tell.
        patience = found.withheld ? Math.min(patience * 2 || 0.01, 0.5) : 0;
        if (!found.more) await this.pause(patience || this.options.pollSeconds);
      }
      if (lost) throw lost;
    } finally {
      this.connected = Promise.withResolvers();
      await connection.end().catch(() => undefined);
    }
  }

  private async tell(connection: FeedConnection, found: Awaited<ReturnType<typeof readFeed>>): Promise<void> {
    if (found.ahead) {
      // The database was put back to what it was: nobody knows what the pages have seen of it.
      this.position = await readFeedEnd(connection);
      for (const stream of this.streams.keys()) stream.end();
      return;
    }
    this.position = found.upTo;
    if (found.rows.length === 0) return;
    const rows = found.rows.map(spelled);
    for (const stream of this.streams.keys()) stream.tell(rows);
  }

  /** Every stream that is quiet gets a heartbeat; every reader is looked at again in his turn. */
  private tick(): void {
    const now = performance.now();
    for (const [stream, stillMay] of this.streams) {
      if (now >= stream.beatAt) {
        stream.beatAt = now + this.options.heartbeatSeconds * 1000;
        stream.beat();
      }
      if (now >= stream.checkAt) {
        stream.checkAt = now + this.options.checkSeconds * 1000;
        void this.check(stream, stillMay);
      }
    }
  }

  private async check(stream: EventStream, stillMay: () => Promise<boolean>): Promise<void> {
    try {
      if (!(await stillMay())) stream.end();
    } catch {
      // Nobody knows while the database is away: nothing is told meanwhile either. It is asked again soon.
      stream.checkAt = performance.now() + 2_000;
    }
  }

  private async pause(seconds: number): Promise<void> {
    if (this.stopping) return;
    const { promise, resolve } = this.bell;
    const timer = setTimeout(resolve, seconds * 1000);
    await promise;
    clearTimeout(timer);
  }
}

function spelled(row: FeedRow) {
  return spellRow(row, topicForCustomers(row.topic));
}

async function giveUp(seconds: number): Promise<never> {
  await sleep(seconds * 1000, undefined, { ref: false });
  throw new Error('the feed cannot be read');
}

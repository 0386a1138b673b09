/**
 * One Kontor for a fault: the real API and worker processes on a database and a task queue of their own, a real mail
 * server, and people who use it.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client as Engine, Connection } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { Pool } from 'pg';
import { openDatabase } from '../../db/database.ts';
import { Vault } from '../../db/vault.ts';
import { startPaymentSimulator, type PaymentSimulator } from '../../dev/payment-simulator/simulator.ts';
import { freePort } from '../../dev/ports.ts';
import { systemClock } from '../../system-clock.ts';
import { apiDriver, signedIn } from '../harness/api-driver.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { startMailSink, type MailSink } from '../harness/mail-sink.ts';
import { People, testPassword } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { FaultProxy } from './fault-proxy.ts';
import { KontorProcess } from './kontor-process.ts';

/** What a desk stands on. */
export interface Ground {
  /** Superuser on a server with the migrated template. */
  readonly postgresAdminUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** For the logs of the processes. */
  readonly folder: string;
}

export interface Desk {
  readonly name: string;
  readonly api: KontorProcess;
  readonly worker: KontorProcess;
  readonly mail: MailSink;
  /** Whom people pay; it notifies the API as the provider does. */
  readonly simulator: PaymentSimulator;
  readonly people: People;
  readonly engine: Engine;
  /** The application's role, past the proxies. */
  readonly databaseUrl: string;
  /** SQL as the owner, behind the product's back; it finds its way again after PostgreSQL was away. */
  query<Row extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Makes a queue with its own timing, in seconds, and returns its category. */
  queue(timing: { autoClose: number; archive: number; warn?: number }): Promise<string>;
  /** Waits until everything promised is done: the outbox is empty and every delivery settled. */
  settled(seconds?: number): Promise<void>;
  /** Waits until it is settled and every notification's workflow has ended, so that no retry is to come. */
  calm(seconds?: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a desk and waits until it keeps promises. */
export async function openDesk(ground: Ground, name: string): Promise<Desk> {
  const db = await freshDatabase(ground.postgresAdminUrl);
  const postgresPort = Number(new URL(db.appUrl).port);
  const [mail, apiProxy, workerProxy, apiPort, workerPort] = await Promise.all([
    startMailSink(),
    FaultProxy.start(postgresPort),
    FaultProxy.start(postgresPort),
    freePort(),
    freePort(),
  ]);
  const secretsKey = randomBytes(32).toString('hex');
  const simulator = await startPaymentSimulator({ port: 0, notificationUrl: `http://127.0.0.1:${apiPort}/webhooks/yookassa` });
  const settings = {
    ...settingsOf(ground, db.name, mail.url, apiPort, workerPort),
    ...payingWith(simulator),
    KONTOR_SECRETS_KEY: secretsKey,
  };
  const logs = join(ground.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const run = (entry: string, proxy: FaultProxy, port: number) =>
    new KontorProcess({
      entry,
      proxy,
      origin: `http://127.0.0.1:${port}`,
      logFile: join(logs, `${name}-${entry.split('/')[0]}.log`),
      environment: { ...settings, KONTOR_DATABASE_URL: proxy.urlOf(db.appUrl) },
    });
  const api = run('api/main.ts', apiProxy, apiPort);
  const worker = run('worker/main.ts', workerProxy, workerPort);
  const database = await openDatabase(db.appUrl, 4);
  const lookBehind = new Pool({ connectionString: db.ownerUrl, max: 4 });
  lookBehind.on('error', () => undefined);
  const connection = Connection.lazy({ address: ground.temporalAddress, channelArgs: { 'grpc.max_reconnect_backoff_ms': 1_000 } });
  await Promise.all([api.start(), worker.start()]);
  await until('the worker keeps promises', () => worker.isReady(), 30);

  const query = async <Row extends object>(sql: string, values: unknown[] = []) => (await lookBehind.query(sql, values)).rows as Row[];
  const engine = new Engine({ connection, namespace: ground.temporalNamespace });
  const settled = async (seconds = 30) => {
    await until(
      'the outbox is empty',
      async () => (await count(query, 'select count(*) from outbox where parked_at is null')) === 0,
      seconds,
    );
    await until(
      'every delivery is settled',
      async () => (await count(query, `select count(*) from delivery where state = 'pending'`)) === 0,
      seconds,
    );
  };
  return {
    name,
    api,
    worker,
    mail,
    simulator,
    people: new People(database, new Vault(secretsKey), systemClock, async (token, tree, email, app) =>
      token
        ? apiDriver(`${api.origin}/api/v1`, { authorization: `Bearer ${token}` })
        : signedIn(api.origin, tree, email, testPassword, app),
    ),
    engine,
    databaseUrl: db.appUrl,
    query,
    queue: (timing) => addQueue(query, timing),
    settled,
    calm: calmer(settled, query, engine),
    close: async () => {
      await Promise.all([api.stop(), worker.stop()]);
      await Promise.all([
        apiProxy.close(),
        workerProxy.close(),
        mail.close(),
        simulator.stop(),
        connection.close(),
        database.close(),
        lookBehind.end(),
      ]);
      // A fault that failed may have left PostgreSQL dead; what it found must not be hidden by that.
      await db.drop().catch(() => undefined);
    },
  };
}

/** The wait for rest. Workflows that have ended are not asked for again. */
function calmer(settled: Desk['settled'], query: Query, engine: Engine): Desk['calm'] {
  const ended = new Set<string>();
  const hasEnded = async (id: string) => {
    try {
      if ((await engine.workflow.getHandle(`notification:${id}`).describe()).status.name === 'RUNNING') return false;
    } catch (error) {
      // An engine that lost its data will not try again either.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    ended.add(id);
    return true;
  };
  return async (seconds = 30) => {
    await settled(seconds);
    for (const { id } of await query<{ id: string }>('select id from delivery'))
      // A minute, and some: so long a killed worker's try counts as being under way.
      if (!ended.has(id)) await until(`the workflow of ${id} has ended`, () => hasEnded(id), 75);
  };
}

/** Nothing of our own environment: a setting of the machine must not change what is tested. */
function settingsOf(ground: Ground, taskQueue: string, mailUrl: string, apiPort: number, workerPort: number): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    TZ: 'UTC',
    NODE_COMPILE_CACHE: join(ground.folder, 'compile-cache'),
    KONTOR_TEMPORAL_ADDRESS: ground.temporalAddress,
    KONTOR_TEMPORAL_NAMESPACE: ground.temporalNamespace,
    KONTOR_TASK_QUEUE: taskQueue,
    KONTOR_HTTP_PORT: String(apiPort),
    KONTOR_WORKER_HEALTH_PORT: String(workerPort),
    KONTOR_PUBLIC_URL: `http://127.0.0.1:${apiPort}`,
    KONTOR_SMTP_URL: mailUrl,
    KONTOR_LOG_LEVEL: 'info',
    KONTOR_SHUTDOWN_SECONDS: '5',
  };
}

/** Production takes no money of a test shop: where there is a simulator, it is a machine's own installation. */
function payingWith({ shopId, secret, url }: PaymentSimulator): Record<string, string> {
  return {
    KONTOR_MODE: 'embedded',
    KONTOR_YOOKASSA_SHOP_ID: shopId,
    KONTOR_YOOKASSA_SECRET: secret,
    KONTOR_YOOKASSA_URL: url,
    KONTOR_YOOKASSA_ADDRESSES: '127.0.0.1,::1',
  };
}

type Query = Desk['query'];

async function count(query: Query, sql: string): Promise<number> {
  return Number((await query<{ count: string }>(sql))[0]?.count);
}

async function addQueue(query: Query, timing: { autoClose: number; archive: number; warn?: number }): Promise<string> {
  const key = Math.random().toString(36).slice(2, 10);
  const name = JSON.stringify({ en: `Chaos ${key}`, ru: `Хаос ${key}` });
  await query(
    'insert into timing_policy (id, name, auto_close_after_seconds, archive_after_seconds, warn_before_seconds) values ($1, $2, $3, $4, $5)',
    [`tpl_${key}`, name, timing.autoClose, timing.archive, timing.warn ?? 0],
  );
  await query(
    'insert into queue (id, category, name, timing_policy_id, reopen_after_manual_close, position) values ($1, $2, $3, $4, true, 50)',
    [`que_${key}`, `chaos-${key}`, name, `tpl_${key}`],
  );
  return `chaos-${key}`;
}

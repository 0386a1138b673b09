/**
 * A whole Kontor for one test file: its own database, the API on a port of its own, worker and dispatcher on a task
 * queue of their own, and a mail server. Nothing of ours is replaced; the clock and the durations are handed in.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type ServerType } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker, type WorkerInterceptors } from '@temporalio/worker';
import { inject } from 'vitest';
import { noProvider } from '../../activities/payment-provider/none.ts';
import { yooKassa } from '../../activities/payment-provider/yookassa.ts';
import type { PaymentProvider } from '../../activities/payment-provider/port.ts';
import { deliver, type DeliveryParts } from '../../activities/deliveries.ts';
import { smtpSender } from '../../activities/mail/smtp.ts';
import { createApp } from '../../api/app.ts';
import { LivePages, type LivePagesOptions } from '../../api/live/live-pages.ts';
import { PasswordCheck } from '../../api/auth/passwords.ts';
import { Sessions } from '../../api/auth/sessions.ts';
import { Throttle, type ThrottleLimits } from '../../api/auth/throttle.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { Vault } from '../../db/vault.ts';
import type { Dial } from '../../dev/payment-simulator/dial.ts';
import { startPaymentSimulator, type PaymentSimulator } from '../../dev/payment-simulator/simulator.ts';
import { OutboxBell } from '../../db/outbox-bell.ts';
import type { Clock } from '../../domain/clock.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { maxJobItems } from '../../domain/job.ts';
import { timedEntityKinds } from '../../domain/timed-entity.ts';
import { openLog } from '../../log.ts';
import type { FileStorage } from '../../storage/file-storage.ts';
import { FolderStorage } from '../../storage/folder-storage.ts';
import { systemClock } from '../../system-clock.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { Dispatcher } from '../../worker/dispatcher.ts';
import { Engine } from '../../worker/engine.ts';
import { createWorkers } from '../../worker/worker.ts';
import { keepEngineQuiet } from './engine-log.ts';
import { apiDriver, signedIn, signingInAgain } from './api-driver.ts';
import { freshDatabase, type FreshDatabase } from './fresh-database.ts';
import { startMailSink, type MailSink } from './mail-sink.ts';
import { roomyThrottle } from './roomy-throttle.ts';
import { People, testPassword } from './people.ts';
import { until } from './until.ts';

keepEngineQuiet();

export interface KontorOptions {
  readonly clock?: Clock;
  /** The engine; the run's own server when left out. */
  readonly temporal?: { readonly address: string; readonly namespace: string };
  /** False: people's side only, as when the engine and its worker are away. */
  readonly promises?: boolean;
  readonly interceptors?: WorkerInterceptors;
  readonly sweepSeconds?: number;
  /** Runs before each request; ties a clock to skipped time. */
  readonly beforeRequest?: () => Promise<void>;
  readonly consoleFolder?: string;
  /** Whether people whose session has ended sign in again by themselves. */
  readonly signInAgain?: boolean;
  /** Limits of the throttle; roomy ones when left out, as all of a test's people come from one address. */
  readonly throttle?: ThrottleLimits;
  /** Reverse proxies whose word on the caller's address is believed. */
  readonly proxyHops?: number;
  /** Most tickets that one wish may re-time. */
  readonly maxJobItems?: number;
  /** Where attachments are; a folder of its own, gone at the end, when left out. */
  readonly storage?: FileStorage;
  /** Hears every line that API and dispatcher log; silent when left out. */
  readonly onLogLine?: (line: string) => void;
  /** How often live pages beat, check their readers and look by themselves. */
  readonly live?: Partial<LivePagesOptions>;
  /** Events after which a ticket's run hands over to a fresh one. */
  readonly continueAfterEvents?: number;
  /** Whether the promise of the standard calendar is kept, which needs an engine that no other test uses. */
  readonly standardPromises?: boolean;
  /** How the payment simulator behaves from the beginning; calm when left out. */
  readonly dial?: Partial<Dial>;
  /** How long an answer of the provider is waited for. */
  readonly providerTimeoutMs?: number;
  /** False: no provider is configured, and nobody can pay. */
  readonly paymentProvider?: false;
  /** Who may notify of payments; this machine when left out. */
  readonly notifierNetworks?: readonly string[];
  /** The zone that sessions of the database begin with, when it is to be another. */
  readonly databaseZone?: string;
}

/** Any key will do, as long as API and worker have the same. */
export const testSecretsKey = '5ea1'.repeat(16);

export interface Kontor {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly db: FreshDatabase;
  readonly database: Database;
  readonly vault: Vault;
  readonly storage: FileStorage;
  /** The folder of the attachments, unless a storage was handed in. */
  readonly filesFolder: string;
  /** The API's streams to open pages. */
  readonly live: LivePages;
  /** What mails are made with: a test may make a delivery by hand, as the worker would. */
  readonly deliveries: DeliveryParts;
  readonly people: People;
  readonly mail: MailSink;
  /** The payer, the provider's cabinet and his clock: a real server on loopback, whose clock is this Kontor's. */
  readonly simulator: PaymentSimulator;
  /** The worker's way to it. */
  readonly provider: PaymentProvider;
  readonly temporal: Client;
  readonly taskQueue: string;
  readonly clock: Clock;
  /** Another process of the API on the same database, as far as counting goes: with a pool and a memory of its own. */
  secondApi(): Promise<{ readonly origin: string; stop(): Promise<void> }>;
  startPromises(): Promise<void>;
  stopPromises(): Promise<void>;
  /** Waits until the outbox is empty, and the workflow of every open ticket, waiting change and single promise has looked, and every delivery is settled. */
  settled(): Promise<void>;
  /** Makes a queue with its own timing, in seconds, and returns its category. */
  queue(timing: { autoClose: number; archive: number; warn?: number; reopen?: boolean }): Promise<string>;
  stop(): Promise<void>;
}

export async function startKontor(options: KontorOptions = {}): Promise<Kontor> {
  const db = await freshDatabase(inject('postgresAdminUrl'), options);
  const clock = options.clock ?? systemClock;
  const engineAt = options.temporal ?? { address: inject('temporalAddress'), namespace: inject('temporalNamespace') };
  const taskQueue = db.name;
  const { onLogLine } = options;
  const log = onLogLine ? openLog('api', 'debug', { write: onLogLine }) : openLog('api', 'silent');
  const database = await openDatabase(db.appUrl, 12);
  const bell = new OutboxBell(database);
  const mail = await startMailSink();
  const sender = smtpSender(mail.url, 'Kontor support <support@kontor.example>');
  const connection = Connection.lazy({ address: engineAt.address });
  const temporal = new Client({ connection, namespace: engineAt.namespace });
  const vault = new Vault(testSecretsKey);
  const filesFolder = mkdtempSync(join(tmpdir(), 'kontor-files-'));
  const storage = options.storage ?? new FolderStorage(filesFolder);
  const live = new LivePages({ databaseUrl: db.appUrl, log, ...options.live });
  const api = await startApi({ database, bell, live, clock, log, vault, storage, options });
  const simulator = await startPaymentSimulator({
    port: 0,
    notificationUrl: `${api.origin}/webhooks/yookassa`,
    now: () => clock.now(),
    ...(options.dial ? { dial: options.dial } : {}),
  });
  const shop = {
    shopId: simulator.shopId,
    secret: simulator.secret,
    url: simulator.url,
    takesTestMoney: true,
    ...(options.providerTimeoutMs === undefined ? {} : { timeoutMs: options.providerTimeoutMs }),
  };
  const provider = options.paymentProvider === false ? noProvider : yooKassa(shop);
  const deliveries = {
    database,
    clock,
    vault,
    sender,
    publicUrl: new URL(api.origin),
    mailDomain: 'kontor.example',
    supportContact: 'help@kontor.example',
  };
  const promises = new Promises({ db, deliveries, bell, storage, provider, log, temporal, taskQueue, engineAt, options });
  if (options.promises !== false) await promises.start();

  const people = new People(database, vault, clock, async (token, tree, email, app) => {
    if (token) return apiDriver(`${api.origin}/api/v1`, { authorization: `Bearer ${token}` });
    const signIn = () => signedIn(api.origin, tree, email, testPassword, app);
    return options.signInAgain ? signingInAgain(signIn) : signIn();
  });
  return {
    origin: api.origin,
    db,
    database,
    vault,
    storage,
    filesFolder,
    live,
    deliveries,
    people,
    mail,
    simulator,
    provider,
    temporal,
    taskQueue,
    clock,
    secondApi: () => startSecondApi(db, { clock, log, vault, storage, options }),
    startPromises: () => promises.start(),
    stopPromises: () => promises.stop(),
    settled: () => settled(db, temporal),
    queue: (timing) => addQueue(db, timing),
    stop: async () => {
      await promises.stop();
      await simulator.stop();
      await live.stop();
      await new Promise((resolve) => api.server.close(resolve));
      sender.close();
      await mail.close();
      await connection.close();
      await database.close();
      await db.drop();
      rmSync(filesFolder, { recursive: true, force: true });
    },
  };
}

interface ApiSurroundings {
  database: Database;
  bell: OutboxBell;
  live: LivePages;
  clock: Clock;
  log: ReturnType<typeof openLog>;
  vault: Vault;
  storage: FileStorage;
  options: KontorOptions;
}

async function startSecondApi(
  db: FreshDatabase,
  surroundings: Omit<ApiSurroundings, 'database' | 'bell' | 'live'>,
): Promise<{ origin: string; stop: () => Promise<void> }> {
  const database = await openDatabase(db.appUrl, 8);
  const live = new LivePages({ databaseUrl: db.appUrl, log: surroundings.log, ...surroundings.options.live });
  const { origin, server } = await startApi({ ...surroundings, database, bell: new OutboxBell(database), live });
  return {
    origin,
    stop: async () => {
      await live.stop();
      await new Promise((resolve) => server.close(resolve));
      await database.close();
    },
  };
}

async function startApi({
  database,
  bell,
  live,
  clock,
  log,
  vault,
  storage,
  options,
}: ApiSurroundings): Promise<{ server: ServerType; origin: string }> {
  let handle: ReturnType<typeof createApp>['fetch'] = () => new Response(null, { status: 503 });
  const { server, port } = await new Promise<{ server: ServerType; port: number }>((resolve) => {
    const listening = serve(
      {
        hostname: '127.0.0.1',
        port: 0,
        fetch: async (request, bindings) => {
          await options.beforeRequest?.();
          return handle(request, bindings);
        },
      },
      (address) => resolve({ server: listening, port: address.port }),
    );
  });
  const origin = `http://127.0.0.1:${port}`;
  const app = createApp({
    database,
    bell,
    live,
    clock,
    log,
    passwords: new PasswordCheck(),
    sessions: new Sessions(database, clock, false),
    throttle: new Throttle(database, options.throttle ?? roomyThrottle),
    vault,
    storage,
    maxJobItems: options.maxJobItems ?? maxJobItems,
    payments:
      options.paymentProvider === false
        ? undefined
        : { provider: 'yookassa', notifierNetworks: options.notifierNetworks ?? ['127.0.0.0/8', '::1'] },
    proxyHops: options.proxyHops ?? 0,
    publicUrl: new URL(origin),
    temporalUi: { url: 'http://127.0.0.1:8233', namespace: 'kontor' },
    consoleFolder: options.consoleFolder,
  });
  handle = app.fetch;
  return { server, origin };
}

interface PromisesParts {
  db: FreshDatabase;
  deliveries: DeliveryParts;
  bell: OutboxBell;
  storage: FileStorage;
  provider: PaymentProvider;
  log: ReturnType<typeof openLog>;
  temporal: Client;
  taskQueue: string;
  engineAt: { address: string; namespace: string };
  options: KontorOptions;
}

/** Worker and dispatcher, which can be away and come back. */
class Promises {
  private readonly parts: PromisesParts;
  private running: { workers: Worker[]; runs: Promise<unknown>; dispatcher: Dispatcher; connection: NativeConnection } | undefined;

  constructor(parts: PromisesParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    const { db, deliveries, bell, storage, provider, log, temporal, taskQueue, engineAt, options } = this.parts;
    const connection = await NativeConnection.connect({ address: engineAt.address });
    const workers = await createWorkers({
      connection,
      namespace: engineAt.namespace,
      taskQueue,
      bundle: await workflowBundle(),
      ...deliveries,
      bell,
      storage,
      provider,
      shutdownSeconds: 5,
      ...(options.interceptors ? { interceptors: options.interceptors } : {}),
    });
    const dispatcher = new Dispatcher({
      database: deliveries.database,
      databaseUrl: db.appUrl,
      engine: new Engine(temporal, taskQueue, options.continueAfterEvents),
      deliver: (deliveryId) => deliver(deliveries, deliveryId),
      clock: deliveries.clock,
      log,
      sweepSeconds: options.sweepSeconds ?? 30,
    });
    dispatcher.start();
    this.running = { workers, runs: Promise.all(workers.map((worker) => worker.run())), dispatcher, connection };
  }

  async stop(): Promise<void> {
    const running = this.running;
    if (!running) return;
    this.running = undefined;
    await running.dispatcher.stop();
    for (const worker of running.workers) worker.shutdown();
    await running.runs;
    await running.connection.close();
  }
}

async function settled(db: FreshDatabase, temporal: Client): Promise<void> {
  await until(
    'the outbox is empty',
    async () => (await db.query<{ n: string }>('select count(*) as n from outbox where parked_at is null'))[0]?.n === '0',
  );
  const open = await db.query<{ number: number }>(`select number from ticket where status <> 'archived'`);
  const waiting = await db.query<{ id: string }>(`select id from pending_action where state = 'pending'`);
  const promised = await db.query<{ entity: string }>(`select entity from obligation where split_part(entity, ':', 1) = any($1)`, [
    timedEntityKinds,
  ]);
  const workflows = [
    ...open.map(({ number }) => `ticket:${spellTicketNumber(number)}`),
    ...waiting.map(({ id }) => `pending-action:${id}`),
    ...promised.map(({ entity }) => entity),
  ];
  await Promise.all(workflows.map((id) => until('the workflow has looked', () => historyAtRest(temporal, id))));
  // One that a worker was handed as it stopped comes twenty seconds later, by the next (see untilDelivered).
  await until(
    'every delivery is settled',
    async () => (await db.query<{ n: string }>(`select count(*) as n from delivery where state = 'pending'`))[0]?.n === '0',
    30,
  );
}

/** `EVENT_TYPE_WORKFLOW_TASK_SCHEDULED`, and the ways a task ends: completed, timed out, failed. */
const taskScheduled = 5;
const taskEnded = new Set([7, 8, 9]);

/**
 * The number of events of a workflow that has handled everything it was told; undefined while a task is under way.
 * (A query would wait for that too, but it may add a task, and some tests count them.)
 */
export async function historyAtRest(temporal: Client, workflowId: string): Promise<number | undefined> {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const types = (events ?? []).map((event) => Number(event.eventType));
  const scheduled = types.filter((type) => type === taskScheduled).length;
  const ended = types.filter((type) => taskEnded.has(type)).length;
  return scheduled === ended ? types.length : undefined;
}

async function addQueue(
  db: FreshDatabase,
  timing: { autoClose: number; archive: number; warn?: number; reopen?: boolean },
): Promise<string> {
  const key = Math.random().toString(36).slice(2, 10);
  const name = JSON.stringify({ en: `Test ${key}`, ru: `Тест ${key}` });
  await db.query(
    'insert into timing_policy (id, name, auto_close_after_seconds, archive_after_seconds, warn_before_seconds) values ($1, $2, $3, $4, $5)',
    [`tpl_${key}`, name, timing.autoClose, timing.archive, timing.warn ?? 0],
  );
  await db.query(
    'insert into queue (id, category, name, timing_policy_id, reopen_after_manual_close, position) values ($1, $2, $3, $4, $5, 50)',
    [`que_${key}`, `test-${key}`, name, `tpl_${key}`, timing.reopen ?? true],
  );
  return `test-${key}`;
}

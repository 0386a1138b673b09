/**
 * The worker process: keeps the promises. It runs the workflows, their activities and the dispatcher. While the engine
 * is away it waits for it; on SIGTERM it finishes what is in hand.
 */
import { createServer } from 'node:http';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { deliver } from '../activities/deliveries.ts';
import { mailDomain, smtpSender } from '../activities/mail/smtp.ts';
import { noProvider } from '../activities/payment-provider/none.ts';
import { yooKassa } from '../activities/payment-provider/yookassa.ts';
import { configOrExit, exitForSamplePeople, secretsKeyOrExit, shopOrExit, storageSettings } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { OutboxBell } from '../db/outbox-bell.ts';
import { whenSamplePeople } from '../db/repositories/sample-people.ts';
import { Vault } from '../db/vault.ts';
import { openLog } from '../log.ts';
import { openStorage } from '../storage/open-storage.ts';
import { systemClock } from '../system-clock.ts';
import { workflowBundle } from './bundle.ts';
import { Dispatcher } from './dispatcher.ts';
import { Engine } from './engine.ts';
import { createWorkers } from './worker.ts';

const config = configOrExit();
const vault = new Vault(secretsKeyOrExit(config));
const shop = shopOrExit(config);
const log = openLog('worker', config.KONTOR_LOG_LEVEL);
// The engine's native part would write lines of its own; they are forwarded into our log instead.
Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
    // The deliveries' worker has no workflows by design.
    if (message.startsWith('No workflows registered')) return;
    log.warn({ severity: level, workflowId: meta?.['workflowId'], taskQueue: meta?.['taskQueue'] }, message);
  }),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN' }), forward: {} } },
});

const database = await openDatabase(config.KONTOR_DATABASE_URL, config.KONTOR_DATABASE_POOL);
if (config.KONTOR_MODE === 'production') await whenSamplePeople(database, exitForSamplePeople);
const bell = new OutboxBell(database);
const storage = await openStorage(storageSettings(config));
const provider = shop ? yooKassa(shop) : noProvider;
const sender = smtpSender(config.KONTOR_SMTP_URL, config.KONTOR_MAIL_FROM);
const deliveryParts = {
  database,
  clock: systemClock,
  vault,
  sender,
  publicUrl: new URL(config.KONTOR_PUBLIC_URL),
  mailDomain: mailDomain(config.KONTOR_MAIL_FROM),
  supportContact: config.KONTOR_SUPPORT_CONTACT,
};
const client = new Client({
  // By default it waits longer and longer before it tries to connect again, after an outage of five minutes up to two more.
  connection: Connection.lazy({ address: config.KONTOR_TEMPORAL_ADDRESS, channelArgs: { 'grpc.max_reconnect_backoff_ms': 5_000 } }),
  namespace: config.KONTOR_TEMPORAL_NAMESPACE,
});
const dispatcher = new Dispatcher({
  database,
  databaseUrl: config.KONTOR_DATABASE_URL,
  engine: new Engine(client, config.KONTOR_TASK_QUEUE),
  deliver: (deliveryId) => deliver(deliveryParts, deliveryId),
  clock: systemClock,
  log,
});

let stopping = false;
let workers: Worker[] = [];
const health = createServer((request, response) => {
  const ready = request.url === '/health/live' || workers.some((worker) => worker.getState() === 'RUNNING');
  response
    .writeHead(ready ? 200 : 503, { 'content-type': 'application/json' })
    .end(JSON.stringify({ status: ready ? 'ok' : 'waiting for the engine' }));
});
health.on('error', (error: NodeJS.ErrnoException) => {
  log.fatal({ code: error.code, port: config.KONTOR_WORKER_HEALTH_PORT }, 'the health port cannot be opened');
  process.exit(1);
});
health.listen(config.KONTOR_WORKER_HEALTH_PORT, config.KONTOR_HTTP_HOST);

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void stop(signal));

dispatcher.start();
log.info('the worker started');
while (!stopping) {
  try {
    await work();
  } catch (error) {
    if (stopping) break;
    log.warn({ why: error instanceof Error ? error.name : 'unknown' }, 'the engine is away; tries again');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
await dispatcher.stop();
sender.close();
storage.close();
health.close();
await database.close();
log.info('the worker stopped');
process.exit(0);

/** Connects to the engine and runs the workers until they are shut down or fail. */
async function work(): Promise<void> {
  const connection = await NativeConnection.connect({ address: config.KONTOR_TEMPORAL_ADDRESS });
  try {
    workers = await createWorkers({
      connection,
      namespace: config.KONTOR_TEMPORAL_NAMESPACE,
      taskQueue: config.KONTOR_TASK_QUEUE,
      bundle: await workflowBundle(),
      ...deliveryParts,
      bell,
      storage,
      provider,
      shutdownSeconds: config.KONTOR_SHUTDOWN_SECONDS,
    });
    if (stopping) return;
    log.info('the worker keeps promises');
    await runAll(workers);
  } finally {
    workers = [];
    await connection.close();
  }
}

/** Runs them until they are shut down. When one fails the others are shut down too, so that none is left without an owner. */
async function runAll(running: readonly Worker[]): Promise<void> {
  const runs = running.map((worker) => worker.run());
  try {
    await Promise.all(runs);
  } catch (error) {
    for (const worker of running) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(runs);
    throw error;
  }
}

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'the worker is asked to stop');
  setTimeout(() => process.exit(1), config.KONTOR_SHUTDOWN_SECONDS * 1000 + 2_000).unref();
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

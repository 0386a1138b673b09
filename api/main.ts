/**
 * The API process. It needs PostgreSQL to answer and nothing else: the engine hears through the outbox. On SIGTERM it
 * takes no new connections, finishes what is under way and ends (QUALITY R13).
 */
import { serve } from '@hono/node-server';
import { configOrExit, exitForSamplePeople, paymentDoor, secretsKeyOrExit, storageSettings } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { OutboxBell } from '../db/outbox-bell.ts';
import { Vault } from '../db/vault.ts';
import { whenSamplePeople } from '../db/repositories/sample-people.ts';
import { openLog } from '../log.ts';
import { openStorage } from '../storage/open-storage.ts';
import { systemClock } from '../system-clock.ts';
import { createApp } from './app.ts';
import { maxJobItems } from '../domain/job.ts';
import { PasswordCheck } from './auth/passwords.ts';
import { Sessions } from './auth/sessions.ts';
import { Throttle } from './auth/throttle.ts';
import { LivePages } from './live/live-pages.ts';

const config = configOrExit();
const vault = new Vault(secretsKeyOrExit(config));
const log = openLog('api', config.KONTOR_LOG_LEVEL);
const database = await openDatabase(config.KONTOR_DATABASE_URL, config.KONTOR_DATABASE_POOL);
if (config.KONTOR_MODE === 'production') await whenSamplePeople(database, exitForSamplePeople);
const storage = await openStorage(storageSettings(config));
const publicUrl = new URL(config.KONTOR_PUBLIC_URL);
const live = new LivePages({ databaseUrl: config.KONTOR_DATABASE_URL, log });
const app = createApp({
  database,
  bell: new OutboxBell(database),
  clock: systemClock,
  live,
  log,
  passwords: new PasswordCheck(),
  sessions: new Sessions(database, systemClock, publicUrl.protocol === 'https:'),
  throttle: new Throttle(database),
  vault,
  storage,
  maxJobItems,
  payments: paymentDoor(config),
  proxyHops: config.KONTOR_PROXY_HOPS,
  publicUrl,
  temporalUi: config.KONTOR_TEMPORAL_UI_URL
    ? { url: config.KONTOR_TEMPORAL_UI_URL.replace(/\/$/, ''), namespace: config.KONTOR_TEMPORAL_NAMESPACE }
    : undefined,
  consoleFolder: config.KONTOR_CONSOLE_FOLDER,
});

const server = serve({ fetch: app.fetch, hostname: config.KONTOR_HTTP_HOST, port: config.KONTOR_HTTP_PORT }, (address) =>
  log.info({ port: address.port }, 'the API listens'),
);
server.on('error', (error: NodeJS.ErrnoException) => {
  process.stderr.write(
    `Kontor cannot listen on ${config.KONTOR_HTTP_HOST}:${config.KONTOR_HTTP_PORT} (${error.code}). Set KONTOR_HTTP_PORT to a free port.\n`,
  );
  process.exit(1);
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'the API is asked to stop');
    setTimeout(() => process.exit(1), config.KONTOR_SHUTDOWN_SECONDS * 1000).unref();
    // Streams to open pages end first: each would hold the server open.
    void live.stop();
    server.close(() => {
      void database.close().finally(() => process.exit(0));
    });
    // Idle keep-alive connections would hold the server open; busy ones end with their answer.
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });

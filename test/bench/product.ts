/** The product as it is run: `node api/main.ts` and `node worker/main.ts`, settings by environment, mail into the void. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startNodeProcess, type NodeProcess } from '../../dev/node-process.ts';
import { freePort } from '../../dev/ports.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { Vault } from '../../db/vault.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { systemClock } from '../../system-clock.ts';
import { apiDriver, signedIn } from '../harness/api-driver.ts';
import { People, testPassword, type TestCustomer, type TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { benchNamespace, type Stage } from './stage.ts';

/** The product's own default (config.ts, KONTOR_DATABASE_POOL); the floor gets the same. */
export const databasePool = 10;

export interface Product {
  readonly origin: string;
  readonly people: People;
  readonly database: Database;
  readonly apiProcess: number;
  /** Stops the worker in its tracks, as a machine does that is too busy; its memory stays as it is. */
  freezeWorker(): void;
  thawWorker(): void;
  /** Waits until the outbox is empty, every mail is settled and no workflow has a task to do. */
  settled(seconds?: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param settings beside the usual ones */
export async function startProduct(
  stage: Stage,
  profileFolder?: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Product> {
  const [httpPort, healthPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${httpPort}`;
  const secretsKey = randomBytes(32).toString('hex');
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TZ: 'UTC',
    KONTOR_DATABASE_URL: stage.product.appUrl,
    KONTOR_DATABASE_POOL: String(databasePool),
    KONTOR_TEMPORAL_ADDRESS: stage.temporalAddress,
    KONTOR_TEMPORAL_NAMESPACE: benchNamespace,
    KONTOR_HTTP_PORT: String(httpPort),
    KONTOR_WORKER_HEALTH_PORT: String(healthPort),
    KONTOR_PUBLIC_URL: origin,
    KONTOR_SECRETS_KEY: secretsKey,
    KONTOR_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    KONTOR_FILES_FOLDER: join(stage.folder, 'files'),
    KONTOR_LOG_LEVEL: 'warn',
    ...settings,
  };
  const start = (args: string[], log: string, flags: string[] = []) =>
    startNodeProcess({ flags, args, environment, logFile: join(stage.folder, `${log}.log`) });
  const profiled = (name: string) =>
    profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`] : [];
  const mail = await start(['test/bench/mail-void.ts', String(smtpPort)], 'mail');
  const api = await start(['api/main.ts'], 'api', profiled('api'));
  const worker = await start(['worker/main.ts'], 'worker', profiled('worker'));
  await until('the API is ready', async () => (await fetch(`${origin}/health/ready`)).ok, 30);
  await until('the worker is ready', async () => (await fetch(`http://127.0.0.1:${healthPort}/health/ready`)).ok, 60);

  const database = await openDatabase(stage.product.appUrl, 4);
  const people = new People(database, new Vault(secretsKey), systemClock, async (token, tree, email, app) =>
    token ? apiDriver(`${origin}/api/v1`, { authorization: `Bearer ${token}` }) : signedIn(origin, tree, email, testPassword, app),
  );
  return {
    origin,
    people,
    database,
    apiProcess: api.pid,
    freezeWorker: () => void process.kill(worker.pid, 'SIGSTOP'),
    thawWorker: () => void process.kill(worker.pid, 'SIGCONT'),
    settled: (seconds = 180) => settled(stage, seconds),
    stop: async () => {
      await database.close();
      const all: NodeProcess[] = [api, worker, mail];
      await Promise.all(all.map((running) => running.end(25_000)));
    },
  };
}

async function settled(stage: Stage, seconds: number): Promise<void> {
  const none = async (sql: string) => (await stage.product.query<{ n: string }>(`select count(*) as n from ${sql}`))[0]?.n === '0';
  await until('the outbox is empty', () => none('outbox where parked_at is null'), seconds);
  await until('every mail is settled', () => none(`delivery where state = 'pending'`), seconds);
  const open = await stage.product.query<{ number: number }>(`select number from ticket where status <> 'archived'`);
  const waiting = open.map((row) => row.number);
  const lane = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await planned(stage, number, seconds);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** Waits until the ticket's workflow has nothing to do: then it has planned on the newest facts it was told of. */
export async function planned(stage: Stage, number: number, seconds = 60): Promise<void> {
  const handle = stage.temporal.workflow.getHandle(`ticket:${spellTicketNumber(number)}`);
  await until(`the workflow of ticket ${number} has planned`, async () => !(await handle.describe()).raw.pendingWorkflowTask, seconds);
}

/** People who use the product in a bench: customers with tokens, and one member of staff with his cookie. */
export async function hirePeople(product: Product, customers: number): Promise<{ customers: TestCustomer[]; staff: TestPerson }> {
  const hired: TestCustomer[] = [];
  for (let index = 0; index < customers; index += 1) hired.push(await product.people.customer());
  return { customers: hired, staff: await product.people.staff() };
}

export function ticketNumber(spelled: string): number {
  return Number(spelled.slice('CS-'.length));
}

/** A message of ordinary length. */
export const messageBody =
  'After the update to 6.12 the panel shows a blank page. I have cleared the cache and restarted the service; the log says nothing. What should I look at next? '.repeat(
    2,
  );

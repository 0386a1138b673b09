/**
 * `npm start`: the whole product on one machine, from one command (SPEC O1). Starts PostgreSQL, Temporal with its UI,
 * migrations, mailbox, payment simulator, worker, API, console and sample data; keeps them running; stops them in order. What it started
 * never outlives it for good: see guarded-process.ts, node-process.ts and run-record.ts.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { boundLog, essence, lastLines, logLength } from './child-log.ts';
import { buildConsole } from './console-build.ts';
import { keepProcess, type KeptProcess, type Runnable } from './kept-process.ts';
import { outputOf, startNodeProcess } from './node-process.ts';
import { whenNpmIsGone } from './npm-watch.ts';
import { requireFreePort } from './ports.ts';
import { testShop } from './payment-simulator/test-shop.ts';
import { startPostgres } from './postgres-server.ts';
import { endLeftovers, openRunRecord, type RunRecord } from './run-record.ts';
import { sentenceFor, StartError } from './start-error.ts';
import { cloneFolder, portPurposes, readStartOptions, startUsage, type Ports, type StartOptions } from './start-options.ts';
import { prepareRunningTemporal, startTemporal } from './temporal-server.ts';
import { until } from './until.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

type Environment = Record<string, string | undefined>;

/** Which process ends when: people first, then promises, then what both stand on. Those of one line end together. */
const stopOrder: string[][] = [
  ['sample data', 'console build', 'workflow bundle', 'migration'],
  ['API', 'worker'],
  ['mailbox', 'payment simulator'],
  ['Temporal server'],
  ['PostgreSQL'],
];

// Young garbage is small here and a small nursery is collected often: less memory at rest, and the desk never notices.
const smallNode = ['--max-semi-space-size=4'];

/**
 * Compiled code is kept between starts, types already stripped: a start is quicker, and a process that strips nothing
 * does not load the compiler that would (13 MB each). Two arenas are enough for allocators of native libraries.
 */
const smallEnvironment: Environment = { NODE_COMPILE_CACHE: join(cloneFolder, '.kontor/compile-cache'), MALLOC_ARENA_MAX: '2' };

const startedAt = performance.now();

function say(line: string): void {
  process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
}

class Supervisor {
  readonly options: StartOptions;
  readonly logFolder: string;
  readonly kept: KeptProcess[] = [];
  record: RunRecord | undefined;
  stopping: Promise<never> | undefined;
  private hurried = false;
  /** Rejects for everybody who waits for a start, once a stop is asked for. */
  readonly interrupted: Promise<never>;
  private interrupt!: (reason: Error) => void;

  constructor(options: StartOptions) {
    this.options = options;
    this.logFolder = join(options.dataFolder, 'logs');
    this.interrupted = new Promise<never>((_, reject) => (this.interrupt = reject));
    this.interrupted.catch(() => {});
  }

  logFile(name: string): string {
    const file = join(this.logFolder, `${name.replaceAll(' ', '-').toLowerCase()}.log`);
    boundLog(file);
    return file;
  }

  /** Keeps a process running under this name; returns when it has started, rejects when it cannot or a stop is asked for. */
  async keep(name: string, logFile: string, start: () => Promise<Runnable>): Promise<void> {
    const { kept, started } = keepProcess({
      name,
      logFile,
      start,
      say,
      onStart: (identity) => this.record?.note(name, identity),
      onGiveUp: (failure) => void this.stop(1, failure.message),
    });
    this.kept.push(kept);
    await Promise.race([started, this.interrupted]);
  }

  /** Runs a program of the clone to its end; a failure is one sentence with its last words. */
  async runOnce(name: string, args: string[], environment: Environment, flags: string[] = []): Promise<void> {
    const logFile = this.logFile(name);
    const from = logLength(logFile);
    const child = await startNodeProcess({ args, flags, environment, logFile });
    this.record?.note(name, child.identity);
    if (name === 'console build') letOthersFirst(child.pid);
    const kept: KeptProcess = { name, end: (graceMs) => child.end(graceMs) };
    this.kept.push(kept);
    const { code, signal } = await Promise.race([child.ended, this.interrupted]);
    this.kept.splice(this.kept.indexOf(kept), 1);
    if (code === 0) return;
    const words = essence(lastLines(logFile, 40, from), 5);
    if (code === 78) throw new StartError(words.at(-1) ?? `The ${name} found a wrong setting.`);
    for (const line of words) say(`    ${line}`);
    throw new StartError(`The ${name} failed (${signal ?? `exit code ${code}`}); its last words are above, the rest in ${logFile}.`);
  }

  /**
   * Stops everything that was started, in order, and ends the process with this code. A second call while stopping
   * hurries: no grace but for the databases, which then recover at the next start.
   */
  async stop(code: number, why: string): Promise<never> {
    if (this.stopping) return await this.stopping;
    this.interrupt(new Error('A stop was asked for'));
    this.stopping = this.stopInOrder(code, why);
    return await this.stopping;
  }

  /** Cuts the grace short. */
  hurry(): void {
    if (this.hurried) process.exit(1);
    this.hurried = true;
    say('Hurrying: what works is ended now.');
    for (const kept of this.kept) void kept.end(kept.name === 'PostgreSQL' || kept.name === 'Temporal server' ? 2_000 : 0);
  }

  private async stopInOrder(code: number, why: string): Promise<never> {
    if (code === 0) say(why);
    const grace = (Number(process.env.KONTOR_SHUTDOWN_SECONDS) || 20) * 1000 + 2_000;
    for (const names of stopOrder) {
      const these = this.kept.filter(({ name }) => names.includes(name));
      await Promise.all(these.map((kept) => kept.end(this.hurried ? 0 : kept.name === 'API' || kept.name === 'worker' ? grace : 10_000)));
    }
    this.record?.release();
    if (code === 0) say('Stopped. The data are kept; npm start goes on with them.');
    else process.stderr.write(`${why}\n`);
    process.exit(code);
  }
}

/** Nobody waits for the console before the API is up: on two cores its build should not slow that down. */
function letOthersFirst(pid: number): void {
  try {
    setPriority(pid, 10);
  } catch {
    // It has ended already, or this system does not let us.
  }
}

async function main(): Promise<void> {
  const options = optionsOrExit();
  if (options.help) {
    process.stdout.write(startUsage);
    return;
  }
  const supervisor = new Supervisor(options);
  stopWhenAsked(supervisor);
  try {
    await prepareFolder(supervisor);
    await bringUp(supervisor);
  } catch (error) {
    // After a stop was asked for, everything fails: that is no news.
    if (supervisor.stopping) return await supervisor.stopping;
    await supervisor.stop(1, sentenceFor(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
}

function optionsOrExit(): StartOptions {
  try {
    return readStartOptions(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(64);
  }
}

function stopWhenAsked(supervisor: Supervisor): void {
  const asked = () => {
    if (supervisor.stopping) supervisor.hurry();
    else void supervisor.stop(0, 'Stopping; once more to hurry.');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked);
  // The window is closed, and there is nobody to tell.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('uncaughtException', (error) => void supervisor.stop(1, sentenceFor(error) ?? error.stack ?? error.message));
  whenNpmIsGone(() => {
    if (!supervisor.stopping) void supervisor.stop(0, 'npm is gone: stopping.');
  });
}

/** The data folder is there, ours alone, with room, and free of what an earlier run left. */
async function prepareFolder(supervisor: Supervisor): Promise<void> {
  const { dataFolder } = supervisor.options;
  mkdirSync(supervisor.logFolder, { recursive: true });
  const owner = statSync(dataFolder).uid;
  if (process.getuid && owner !== process.getuid())
    throw new StartError(
      `The data in ${dataFolder} belong to another user (id ${owner}): start Kontor as that user, or choose another folder with “npm start -- --data-folder FOLDER”.`,
    );
  const { bavail, bsize } = statfsSync(dataFolder);
  const freeMegabytes = Math.floor((bavail * bsize) / 1_000_000);
  if (freeMegabytes < 100)
    throw new StartError(`The disk is full: ${freeMegabytes} MB are left for ${dataFolder}, and Kontor needs 100 to start.`);
  supervisor.record = await openRunRecord(dataFolder);
  await Promise.race([endLeftovers(dataFolder, stopOrder.flat(), say), supervisor.interrupted]);
}

async function bringUp(supervisor: Supervisor): Promise<void> {
  const { ports, dataFolder } = supervisor.options;
  const runningTemporal = process.env.TEMPORAL_ADDRESS || process.env.KONTOR_TEMPORAL_ADDRESS || undefined;
  for (const name of Object.keys(ports) as (keyof Ports)[]) {
    const ofTemporal = name === 'temporal' || name === 'temporalUi';
    // PostgreSQL and Temporal look at their own, after ending what an earlier run left.
    if (name === 'paymentSimulator' && hasItsOwnShop(process.env)) continue;
    if (name !== 'postgres' && !ofTemporal) await requireFreePort(ports[name], portPurposes[name].purpose, portPurposes[name].setting);
  }
  const environment = environmentOfProcesses(supervisor.options, runningTemporal);
  say(`Starting Kontor; data in ${dataFolder}, logs in ${supervisor.logFolder}`);

  const keepPostgres = startDatabase(supervisor, environment);
  const keepTemporal = startEngine(supervisor, environment, runningTemporal);
  const console_ = startConsoleBuild(supervisor);
  const mailbox = startMailboxProcess(supervisor);
  const simulator = startSimulatorProcess(supervisor, environment);
  const bundle = Promise.race([
    bundleWorkflows((args) => supervisor.runOnce('workflow bundle', args, environment)),
    supervisor.interrupted,
  ]);
  const worker = Promise.all([keepPostgres, keepTemporal, bundle]).then(() => startWorker(supervisor, environment));
  const api = keepPostgres.then(() => startApi(supervisor, environment));
  // Payments of the sample people are settled by the worker.
  const sampleData = Promise.all([api, simulator, worker]).then(() => makeSampleData(supervisor, environment));
  await allOf([keepPostgres, keepTemporal, console_, mailbox, simulator, bundle, worker, api, sampleData]);
  setInterval(
    () => ['api', 'worker', 'mailbox', 'payment-simulator', 'postgresql', 'temporal-server'].forEach((name) => supervisor.logFile(name)),
    60_000,
  ).unref();
  await showAddresses(supervisor, environment);
}

/** Like Promise.all, without leaving a second failure unhandled. */
async function allOf(promises: Promise<unknown>[]): Promise<void> {
  for (const promise of promises) promise.catch(() => {});
  await Promise.all(promises);
}

async function startDatabase(supervisor: Supervisor, environment: Environment): Promise<void> {
  const { ports, dataFolder } = supervisor.options;
  const logFile = supervisor.logFile('PostgreSQL');
  let adminUrl = '';
  await supervisor.keep('PostgreSQL', logFile, async () => {
    const server = await startPostgres({
      dataFolder: join(dataFolder, 'postgres'),
      port: ports.postgres,
      portSetting: portPurposes.postgres.setting,
      log: say,
      logFile,
    });
    adminUrl = server.adminUrl;
    return server.process;
  });
  say(`PostgreSQL is up on 127.0.0.1:${ports.postgres}`);
  const { ownerPassword } = rolePasswords(dataFolder);
  const urls = {
    KONTOR_DATABASE_ADMIN_URL: adminUrl,
    KONTOR_DATABASE_OWNER_URL: databaseUrl('kontor_owner', ownerPassword, ports.postgres),
  };
  await supervisor.runOnce('migration', ['db/migrate.ts'], { ...environment, ...urls });
  say('The database is migrated');
}

async function startEngine(supervisor: Supervisor, environment: Environment, runningTemporal: string | undefined): Promise<void> {
  const { ports, dataFolder } = supervisor.options;
  const answer = await Promise.race([outputOf(['dev/preflight.ts'], environment), supervisor.interrupted]);
  if (answer.code !== 0)
    throw new StartError(
      answer.code === 78 ? answer.errors.trim() : `The settings could not be checked: ${answer.errors.trim().split('\n').at(-1)}`,
    );
  const searchAttributes = JSON.parse(answer.output) as Record<string, string>;
  const namespace = environment.KONTOR_TEMPORAL_NAMESPACE || 'kontor';
  if (runningTemporal !== undefined) {
    await Promise.race([
      prepareRunningTemporal({ address: runningTemporal, namespace, searchAttributes, log: say }),
      supervisor.interrupted,
    ]);
    say(`Using the Temporal server at ${runningTemporal}`);
    return;
  }
  const logFile = supervisor.logFile('Temporal server');
  await supervisor.keep('Temporal server', logFile, async () => {
    const server = await startTemporal({
      dataFile: join(dataFolder, 'temporal/temporal.db'),
      port: ports.temporal,
      portSetting: portPurposes.temporal.setting,
      uiPort: ports.temporalUi,
      uiPortSetting: portPurposes.temporalUi.setting,
      namespace,
      searchAttributes,
      log: say,
      logFile,
    });
    return server.process;
  });
  say(`Temporal is up on 127.0.0.1:${ports.temporal}`);
}

async function startConsoleBuild(supervisor: Supervisor): Promise<void> {
  if (!existsSync(join(cloneFolder, 'admin-ui/vite.config.ts'))) return say('There is no console to build here');
  const result = await Promise.race([
    buildConsole(async (args) => {
      say('Building the console (once for each state of its sources)');
      await supervisor.runOnce('console build', args, { ...process.env, NODE_ENV: 'production' });
    }),
    supervisor.interrupted,
  ]);
  say(result === 'built' ? 'The console is built' : 'The console is up to date');
}

async function startMailboxProcess(supervisor: Supervisor): Promise<void> {
  const { ports, dataFolder } = supervisor.options;
  const logFile = supervisor.logFile('mailbox');
  const args = ['dev/mailbox.ts', join(dataFolder, 'mailbox'), String(ports.smtp), String(ports.mailboxWeb)];
  await supervisor.keep('mailbox', logFile, () =>
    startNodeProcess({ flags: smallNode, args, environment: { ...process.env, ...smallEnvironment }, logFile }),
  );
  await answers(supervisor, 'mailbox', `http://127.0.0.1:${ports.mailboxWeb}/api/messages`);
  say('The mailbox is up');
}

/** Stands in for the payment provider, unless there is a shop to come to. */
async function startSimulatorProcess(supervisor: Supervisor, environment: Environment): Promise<void> {
  if (hasItsOwnShop(process.env)) return;
  const { ports, dataFolder } = supervisor.options;
  const logFile = supervisor.logFile('payment simulator');
  const args = [
    'dev/payment-simulator/main.ts',
    join(dataFolder, 'payments'),
    String(ports.paymentSimulator),
    `${apiAddress(supervisor.options, environment)}/webhooks/yookassa`,
  ];
  await supervisor.keep('payment simulator', logFile, () =>
    startNodeProcess({ flags: smallNode, args, environment: { ...process.env, ...smallEnvironment }, logFile }),
  );
  await answers(supervisor, 'payment simulator', `http://127.0.0.1:${ports.paymentSimulator}/sheet.css`);
  say('The payment simulator is up');
}

function hasItsOwnShop(given: Environment): boolean {
  return Boolean(given.KONTOR_YOOKASSA_SHOP_ID || given.KONTOR_YOOKASSA_SHOP_ID_FILE);
}

async function startWorker(supervisor: Supervisor, environment: Environment): Promise<void> {
  const logFile = supervisor.logFile('worker');
  await supervisor.keep('worker', logFile, () => startNodeProcess({ flags: smallNode, args: ['worker/main.ts'], environment, logFile }));
  await answers(supervisor, 'worker', `http://${hostToAsk(environment)}:${supervisor.options.ports.workerHealth}/health/ready`);
  say('The worker is up');
}

async function startApi(supervisor: Supervisor, environment: Environment): Promise<void> {
  const logFile = supervisor.logFile('API');
  await supervisor.keep('API', logFile, () => startNodeProcess({ flags: smallNode, args: ['api/main.ts'], environment, logFile }));
  await answers(supervisor, 'API', `http://${hostToAsk(environment)}:${supervisor.options.ports.http}/health/ready`);
  say('The API is up');
}

/** Once per data folder; made through the API like anything else. The script may run again after an interrupted one. */
async function makeSampleData(supervisor: Supervisor, environment: Environment): Promise<void> {
  const marker = join(supervisor.options.dataFolder, 'sample-data-made');
  if (existsSync(marker) || !existsSync(join(cloneFolder, 'dev/sample-data.ts'))) return;
  const { ownerPassword } = rolePasswords(supervisor.options.dataFolder);
  const ownerUrl = databaseUrl('kontor_owner', ownerPassword, supervisor.options.ports.postgres);
  await supervisor.runOnce('sample data', ['dev/sample-data.ts', apiAddress(supervisor.options, environment)], {
    ...environment,
    KONTOR_DATABASE_OWNER_URL: ownerUrl,
  });
  writeFileSync(marker, 'Delete this file to have the sample data made again.\n');
  say('The sample data are made');
}

/** Waits until it answers 200. Bounded by a minute. */
async function answers(supervisor: Supervisor, name: string, url: string): Promise<void> {
  const asked = until(async () => ((await statusOf(url)) === 200 ? true : undefined), 60_000, 50);
  if (!(await Promise.race([asked, supervisor.interrupted])))
    throw new StartError(`The ${name} does not answer at ${url} (log: ${supervisor.logFile(name)}).`);
}

async function statusOf(url: string): Promise<number | undefined> {
  return await new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}

function environmentOfProcesses({ ports, dataFolder }: StartOptions, runningTemporal: string | undefined): Environment {
  const given: Environment = { ...process.env, ...smallEnvironment };
  // Their own reading of it would be another setting than ours.
  delete given.TEMPORAL_ADDRESS;
  return {
    ...given,
    TZ: 'UTC',
    // Sample people sign in here and nowhere else.
    KONTOR_MODE: 'embedded',
    KONTOR_DATABASE_URL: databaseUrl('kontor_app', rolePasswords(dataFolder).appPassword, ports.postgres),
    ...(!given.KONTOR_SECRETS_KEY && !given.KONTOR_SECRETS_KEY_FILE && { KONTOR_SECRETS_KEY: secretsKey(dataFolder) }),
    KONTOR_TEMPORAL_ADDRESS: runningTemporal ?? `127.0.0.1:${ports.temporal}`,
    ...(runningTemporal === undefined && { KONTOR_TEMPORAL_UI_URL: `http://127.0.0.1:${ports.temporalUi}` }),
    KONTOR_HTTP_PORT: String(ports.http),
    KONTOR_WORKER_HEALTH_PORT: String(ports.workerHealth),
    KONTOR_PUBLIC_URL: given.KONTOR_PUBLIC_URL || `http://127.0.0.1:${ports.http}`,
    KONTOR_FILES_FOLDER: given.KONTOR_FILES_FOLDER || join(dataFolder, 'files'),
    KONTOR_SUPPORT_CONTACT: given.KONTOR_SUPPORT_CONTACT || 'support@kontor.example',
    ...(!hasItsOwnShop(given) && {
      KONTOR_YOOKASSA_SHOP_ID: testShop.shopId,
      KONTOR_YOOKASSA_SECRET: testShop.secret,
      KONTOR_YOOKASSA_URL: `http://127.0.0.1:${ports.paymentSimulator}/v3`,
      KONTOR_YOOKASSA_ADDRESSES: '127.0.0.0/8,::1',
    }),
    KONTOR_SMTP_URL: given.KONTOR_SMTP_URL || `smtp://127.0.0.1:${ports.smtp}`,
  };
}

function hostToAsk(environment: Environment): string {
  const host = environment.KONTOR_HTTP_HOST;
  if (!host || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function apiAddress({ ports }: StartOptions, environment: Environment): string {
  return `http://${hostToAsk(environment)}:${ports.http}`;
}

function databaseUrl(role: string, password: string, port: number): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/kontor`;
}

/** The passwords of the two roles: made once, kept for this user alone. */
function rolePasswords(dataFolder: string): { ownerPassword: string; appPassword: string } {
  const file = join(dataFolder, 'database-passwords.json');
  if (!existsSync(file))
    writeFileSync(file, JSON.stringify({ ownerPassword: randomBytes(24).toString('hex'), appPassword: randomBytes(24).toString('hex') }), {
      mode: 0o600,
      flush: true,
    });
  return JSON.parse(readFileSync(file, 'utf8')) as { ownerPassword: string; appPassword: string };
}

/** What seals secrets in the database: made once, kept for this user alone. Without it the database's secrets are lost. */
function secretsKey(dataFolder: string): string {
  const file = join(dataFolder, 'secrets-key');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
  return readFileSync(file, 'utf8').trim();
}

async function showAddresses(supervisor: Supervisor, environment: Environment): Promise<void> {
  const { ports } = supervisor.options;
  const api = apiAddress(supervisor.options, environment);
  const lines = [
    `Console        ${api}/admin/`,
    `API            ${api}/api/v1   (try it: ${api}/api/docs)`,
    `Mailbox        http://127.0.0.1:${ports.mailboxWeb}   (SMTP on port ${ports.smtp})`,
    `Authenticator  http://127.0.0.1:${ports.mailboxWeb}/authenticator   (codes of the sample staff)`,
  ];
  if (!hasItsOwnShop(process.env)) lines.push(`Payments       http://127.0.0.1:${ports.paymentSimulator}   (simulator: no money moves)`);
  if (environment.KONTOR_TEMPORAL_UI_URL) lines.push(`Temporal UI    ${environment.KONTOR_TEMPORAL_UI_URL}`);
  lines.push('', ...(await sampleSignInLines()));
  say('Kontor is ready');
  process.stdout.write(
    `\n${lines.map((line) => (line ? `  ${line}` : '')).join('\n')}\n\n  Ctrl-C stops everything; the data are kept. npm run reset empties them.\n\n`,
  );
}

/** Read by a process of its own: what the sample data import need not stay in ours. */
async function sampleSignInLines(): Promise<string[]> {
  if (!existsSync(join(cloneFolder, 'dev/sample-data.ts'))) return [];
  const script =
    "const { sampleSignIns } = await import('./dev/sample-data.ts'); process.stdout.write(JSON.stringify(sampleSignIns ?? []));";
  const { code, output } = await outputOf(['--input-type=module', '-e', script], process.env);
  if (code !== 0) return [];
  const signIns = JSON.parse(output) as Record<string, unknown>[];
  const rows = signIns.map((signIn) => Object.values(signIn).map(String));
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

await main();

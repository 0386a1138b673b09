/** The Temporal development server of one machine, with its page for operators, on SQLite. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { startGuarded, type GuardedProcess } from './guarded-process.ts';
import { freePort, requireFreePort } from './ports.ts';
import { endProcess, findByCommand } from './process-identity.ts';
import { saysDiskFull, StartError } from './start-error.ts';
import { findTemporalCli } from './temporal-binaries.ts';
import { until } from './until.ts';

export type SearchAttributeTypes = Record<string, string>;

export type TemporalOptions = {
  /** All on 127.0.0.1; 0 or absent chooses a free one. */
  port: number;
  uiPort?: number;
  metricsPort?: number;
  /** Made when missing, with the search attributes, and set to keep closed histories for 7 days. */
  namespace: string;
  /** Name to type: Keyword, KeywordList, Int, Double, Bool, Datetime or Text. */
  searchAttributes: SearchAttributeTypes;
  log: (line: string) => void;
  /** Without the page for operators. */
  headless?: boolean;
  /** The server's own log. Default: beside the data file, or in the system's folder for temporary files. */
  logFile?: string;
  /** Settings to name when a port is busy. */
  portSetting?: string;
  uiPortSetting?: string;
} & (
  | { /** Kept between starts; belongs to this server alone. */ dataFile: string; inMemory?: false }
  | { dataFile?: undefined; inMemory: true }
);

export interface TemporalServer {
  /** host:port for clients. */
  address: string;
  /** Undefined when headless. */
  uiUrl: string | undefined;
  metricsPort: number;
  pid: number;
  /** The server as a process, for who supervises it. */
  process: GuardedProcess;
  /** Ends the server; bounded (10 s). May be called twice. */
  stop(): Promise<void>;
}

/** Its own default is 24 hours; operators want to read last week's stories (a run's facts are kept in PostgreSQL anyway). */
const retention = '168h';

/**
 * Starts the server and returns when the namespace with its search attributes can be used. A server left by an
 * earlier run on the same data file is stopped first: SQLite has one writer.
 * @throws StartError when a port is busy, the disk is full, the program cannot be had, or it is not up within 60 s
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const dataFile = options.dataFile === undefined ? undefined : resolve(options.dataFile);
  if (dataFile !== undefined) {
    await mkdir(dirname(dataFile), { recursive: true });
    await endTemporalOf(dataFile, options.log);
  }
  const program = await findTemporalCli(options.log);
  const passingLog = join(tmpdir(), `kontor-temporal-${process.pid}-${randomBytes(4).toString('hex')}.log`);
  const logFile = options.logFile ?? (dataFile === undefined ? passingLog : `${dataFile}.log`);
  await requirePorts(options);

  let words = '';
  for (let attempt = 0; attempt < 5; attempt++) {
    const ports = {
      main: options.port || (await freePort()),
      ui: options.uiPort || (await freePort()),
      metrics: options.metricsPort || (await freePort()),
    };
    const before = await stat(logFile).then(
      ({ size }) => size,
      () => 0,
    );
    const server = await startGuarded({
      program,
      args: serverArguments(options, dataFile, ports),
      endSignal: 'SIGTERM',
      logFile,
      environment: serverEnvironment(),
    });
    const address = `127.0.0.1:${ports.main}`;
    const ready = await isReady(program, address, options, server).catch(async (error: unknown) => {
      await server.end(2_000);
      throw error;
    });
    if (ready) {
      if (logFile === passingLog) void server.ended.then(() => rm(passingLog, { force: true }));
      return {
        address,
        uiUrl: options.headless ? undefined : `http://127.0.0.1:${ports.ui}`,
        metricsPort: ports.metrics,
        pid: server.pid,
        process: server,
        stop: () => server.end(10_000),
      };
    }
    await server.end(2_000);
    words = (await readFile(logFile)).subarray(before).toString();
    // The server picks some inner ports itself and may lose the race for one; so may we for those we chose.
    if (!/address already in use/i.test(words)) break;
    await requirePorts(options);
  }
  if (saysDiskFull(words)) throw new StartError(`The disk is full: the Temporal server cannot write ${dataFile ?? logFile}.`);
  throw new StartError(`The Temporal server did not start: ${lastLine(words)} (log: ${logFile})`);
}

async function requirePorts({ port, portSetting, uiPort, uiPortSetting, headless }: TemporalOptions): Promise<void> {
  if (port) await requireFreePort(port, 'the Temporal server', portSetting ?? 'another port number');
  if (uiPort && !headless) await requireFreePort(uiPort, 'the Temporal UI', uiPortSetting ?? 'another port number');
}

/**
 * Prepares the namespace on a server that runs already and is not ours to start or stop.
 * @throws StartError when it does not answer, or refuses
 */
export async function prepareRunningTemporal(options: {
  address: string;
  namespace: string;
  searchAttributes: SearchAttributeTypes;
  log: (line: string) => void;
}): Promise<void> {
  const { address, namespace, searchAttributes, log } = options;
  if (!(await acceptsConnections(address)))
    throw new StartError(
      `No Temporal server answers at ${address} (TEMPORAL_ADDRESS): start it, or unset TEMPORAL_ADDRESS to use Kontor's own.`,
    );
  const program = await findTemporalCli(log);
  const ask: AskServer = (...args) => runCli(program, [...args, '--address', address], process.env);
  if ((await ask('operator', 'namespace', 'describe', '--namespace', namespace)).code !== 0) {
    log(`making the namespace ${namespace} on ${address}`);
    const made = await ask('operator', 'namespace', 'create', '--namespace', namespace, '--retention', retention);
    if (made.code !== 0)
      throw new StartError(`The Temporal server at ${address} does not make the namespace ${namespace}: ${lastLine(made.output)}`);
  }
  await registerSearchAttributes(namespace, searchAttributes, ask);
}

type AskServer = (...args: string[]) => Promise<{ code: number | null; output: string }>;

/** Needed beside the flags of the server: those are heeded only when it makes the namespace, not for a later attribute. */
async function registerSearchAttributes(namespace: string, wanted: SearchAttributeTypes, ask: AskServer): Promise<void> {
  const listed = await ask('operator', 'search-attribute', 'list', '--namespace', namespace, '--output', 'json');
  if (listed.code !== 0) throw new StartError(`The Temporal server does not list its search attributes: ${lastLine(listed.output)}`);
  const { customAttributes = {} } = JSON.parse(listed.output) as { customAttributes?: Record<string, string> };
  for (const [name, type] of Object.entries(wanted)) {
    const present = customAttributes[name]?.replace('INDEXED_VALUE_TYPE_', '').replaceAll('_', '').toLowerCase();
    if (present === type.toLowerCase()) continue;
    if (present !== undefined)
      throw new StartError(
        `The Temporal namespace ${namespace} has a search attribute ${name} of type ${present}, but Kontor needs ${type}: remove it there, or choose another namespace with KONTOR_TEMPORAL_NAMESPACE.`,
      );
    const added = await ask('operator', 'search-attribute', 'create', '--namespace', namespace, '--name', name, '--type', type);
    if (added.code !== 0 && !/already exists/i.test(added.output))
      throw new StartError(`The Temporal server does not take the search attribute ${name}: ${lastLine(added.output)}`);
  }
}

function serverArguments(
  options: TemporalOptions,
  dataFile: string | undefined,
  ports: { main: number; ui: number; metrics: number },
): string[] {
  const args = [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(ports.main),
    '--metrics-port',
    String(ports.metrics),
    '--namespace',
    options.namespace,
  ];
  if (options.headless) args.push('--headless');
  else args.push('--ui-port', String(ports.ui), '--ui-disable-news-fetch');
  if (dataFile !== undefined) args.push('--db-filename', dataFile);
  for (const [name, type] of Object.entries(options.searchAttributes)) args.push('--search-attribute', `${name}=${type}`);
  // Without these two every commit waits for the disk twice: 56 instead of 91 Updates a second with 16 clients.
  args.push('--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal');
  args.push('--log-level', 'warn', '--disable-config-file', '--disable-config-env');
  return args;
}

function serverEnvironment(): Record<string, string | undefined> {
  return { PATH: process.env.PATH, HOME: process.env.HOME ?? tmpdir(), TZ: 'UTC' };
}

async function isReady(program: string, address: string, options: TemporalOptions, server: GuardedProcess): Promise<boolean> {
  let ended = false;
  void server.ended.then(() => (ended = true));
  const ask: AskServer = (...args) =>
    runCli(program, [...args, '--address', address, '--disable-config-file', '--disable-config-env'], serverEnvironment());
  const answer = await until(async () => {
    if (ended) return false;
    if (!(await acceptsConnections(address))) return undefined;
    const update = await ask('operator', 'namespace', 'update', '--namespace', options.namespace, '--retention', retention);
    return update.code === 0 ? true : undefined;
  }, 60_000);
  if (answer !== true) return false;
  await registerSearchAttributes(options.namespace, options.searchAttributes, ask);
  return true;
}

async function acceptsConnections(address: string): Promise<boolean> {
  const [host, port] = [address.slice(0, address.lastIndexOf(':')), Number(address.slice(address.lastIndexOf(':') + 1))];
  return await new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 3_000 });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}

async function runCli(
  program: string,
  args: string[],
  environment: Record<string, string | undefined>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment, timeout: 15_000 });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** Ends a server left by an earlier run on this data file, found by its command line; returns when it is gone. */
export async function endTemporalOf(dataFile: string, log: (line: string) => void): Promise<void> {
  for (const server of findByCommand(
    (command) => command.includes('start-dev') && command[command.indexOf('--db-filename') + 1] === dataFile,
  )) {
    log(`stopping the Temporal server left by an earlier run (process ${server.pid})`);
    await endProcess(server, 'SIGTERM', 10_000);
  }
}

function lastLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.findLast((line) => /^error|fatal/i.test(line)) ?? lines.at(-1) ?? 'it ended without a word';
}

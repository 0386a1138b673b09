import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isPortFree } from './ports.ts';
import { endProcess, findByCommand, isRunning, type ProcessIdentity } from './process-identity.ts';
import { reset } from './reset.ts';
import { endLeftovers, runningSupervisor } from './run-record.ts';
import { cloneFolder, defaultPorts, type Ports } from './start-options.ts';
import { until } from './until.ts';

const dataFolder = mkdtempSync(join(tmpdir(), 'kontor-start-'));
const offset = await freeOffset();
const ports = Object.fromEntries(Object.entries(defaultPorts).map(([name, port]) => [name, port + offset])) as Ports;

afterAll(async () => {
  const supervisor = runningSupervisor(dataFolder);
  if (supervisor) await endProcess(supervisor, 'SIGTERM', 30_000);
  await endLeftovers(dataFolder, [], () => {});
  await reset(dataFolder, () => {});
  rmSync(dataFolder, { recursive: true, force: true });
}, 60_000);

async function freeOffset(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const candidate = 500 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Object.values(defaultPorts).map((port) => isPortFree(port + candidate)));
    if (free.every(Boolean)) return candidate;
  }
  throw new Error('No offset with seven free ports was found');
}

interface Run {
  child: ChildProcess;
  output: () => string;
  errors: () => string;
  ended: Promise<number | null>;
}

function start(environment: Record<string, string> = {}): Run {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('KONTOR_') && name !== 'TEMPORAL_ADDRESS'),
  );
  const child = spawn(process.execPath, ['dev/start.js', '--port-offset', String(offset), '--data-folder', dataFolder], {
    cwd: cloneFolder,
    env: { ...clean, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return { child, output: () => output, errors: () => errors, ended: new Promise((resolve) => child.once('close', resolve)) };
}

async function ready(run: Run): Promise<void> {
  const answer = await until(
    () => (run.output().includes('Kontor is ready') ? 'ready' : run.child.exitCode === null ? undefined : 'ended'),
    90_000,
    100,
  );
  expect(answer, `${run.output()}\n${run.errors()}`).toBe('ready');
}

async function status(url: string): Promise<number> {
  return await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.status,
    () => 0,
  );
}

async function everythingAnswers(): Promise<boolean> {
  const urls = [
    `${ports.http}/health/ready`,
    `${ports.workerHealth}/health/ready`,
    `${ports.mailboxWeb}/api/messages`,
    `${ports.paymentSimulator}/`,
    `${ports.temporalUi}/`,
    `${ports.http}/admin/`,
  ];
  const all = async () =>
    (await Promise.all(urls.map((url) => status(`http://127.0.0.1:${url}`)))).every((code) => code === 200) ? true : undefined;
  return (await until(all, 30_000, 100)) ?? false;
}

function processes(): Record<string, ProcessIdentity> {
  return JSON.parse(readFileSync(join(dataFolder, 'processes.json'), 'utf8')) as Record<string, ProcessIdentity>;
}

/** What runs with our data folder on its command line, and Kontor's own processes by the record. */
function left(): ProcessIdentity[] {
  return [
    ...findByCommand((command) => command.some((argument) => argument.includes(dataFolder))),
    ...Object.values(processes()).filter(isRunning),
  ];
}

test('O3: a busy port is one sentence on standard error, a non-zero exit, and nothing left running', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(ports.temporal, '127.0.0.1', resolve));
  const run = start();
  expect(await run.ended).not.toBe(0);
  other.close();
  expect(run.errors()).toMatch(
    new RegExp(`^Port ${ports.temporal}, needed for the Temporal server, is in use by another program: .*--port-offset.*\\n$`),
  );
  expect(await until(() => (left().length === 0 ? true : undefined), 10_000)).toBe(true);
}, 60_000);

test('O3: a wrong setting is one sentence that names it, a non-zero exit, and nothing left running', async () => {
  const run = start({ KONTOR_LOG_LEVEL: 'loud' });
  expect(await run.ended).not.toBe(0);
  expect(run.errors()).toMatch(/^Kontor cannot start with these settings: KONTOR_LOG_LEVEL [^\n]*\n$/);
  expect(await until(() => (left().length === 0 ? true : undefined), 10_000)).toBe(true);
}, 60_000);

test('O1: one command brings everything up; what is killed comes back; a killed supervisor leaves nothing; a stop is clean', async () => {
  const first = start();
  await ready(first);
  expect(await everythingAnswers()).toBe(true);

  const second = start();
  expect(await second.ended).not.toBe(0);
  expect(second.errors()).toMatch(/^Kontor is already running on [^\n]*\n$/);

  for (const name of ['API', 'worker', 'mailbox', 'payment simulator', 'Temporal server', 'PostgreSQL']) {
    const before = processes()[name]!;
    process.kill(before.pid, 'SIGKILL');
    expect(await until(() => (processes()[name]?.pid === before.pid ? undefined : true), 30_000), `${name} comes back`).toBe(true);
    expect(await everythingAnswers(), `all answer after the ${name} was killed`).toBe(true);
  }

  first.child.kill('SIGKILL');
  await first.ended;
  expect(await until(() => (left().length === 0 ? true : undefined), 40_000, 100)).toBe(true);

  const again = start();
  await ready(again);
  expect(await everythingAnswers()).toBe(true);
  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
  expect(left()).toEqual([]);
  expect(runningSupervisor(dataFolder)).toBeUndefined();
}, 240_000);

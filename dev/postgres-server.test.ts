import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { removeCluster, startPostgres } from './postgres-server.ts';
import { endProcess, findByCommand, identify, isRunning } from './process-identity.ts';

// As most tests have it: a folder inside one that only its owner may enter.
const dataFolder = join(mkdtempSync(join(tmpdir(), 'kontor-postgres-')), 'data');
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const log = () => {};
afterAll(async () => {
  await removeCluster(dataFolder);
  rmSync(dirname(dataFolder), { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the server in a process of its own and kills that process and the watcher, as a crash of the machine's memory would. */
async function orphanedServer() {
  const source = `
    const { startPostgres } = await import(${JSON.stringify(new URL('./postgres-server.ts', import.meta.url).href)});
    const server = await startPostgres({ dataFolder: ${JSON.stringify(dataFolder)}, port: 0, log() {}, settings: ${JSON.stringify(settings)} });
    process.stdout.write(JSON.stringify({ pid: server.pid, url: server.adminUrl }));`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid, url } = JSON.parse(String(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)))) as {
    pid: number;
    url: string;
  };
  // Stopped, it cannot put another watcher in the place of the killed one.
  parent.kill('SIGSTOP');
  for (const watcher of findByCommand((command) => command.includes('kontor-watcher') && command.includes(String(pid))))
    await endProcess(watcher, 'SIGKILL', 5_000);
  parent.kill('SIGKILL');
  return { identity: identify(pid)!, url };
}

test('O1: a server orphaned by kill -9 is replaced at the next start, with its data', async () => {
  const orphan = await orphanedServer();
  await query(orphan.url, "create table kept as select 'here' as word");
  expect(isRunning(orphan.identity)).toBe(true);

  const server = await startPostgres({ dataFolder, port: 0, log, settings });
  expect(isRunning(orphan.identity)).toBe(false);
  expect(await query(server.adminUrl, 'select word from kept')).toEqual([{ word: 'here' }]);
  await server.stop();
});

test('O1: a postmaster killed with -9 leaves a cluster that starts again with what was committed', async () => {
  const first = await startPostgres({ dataFolder, port: 0, log, settings: { synchronous_commit: 'on' } });
  await query(first.adminUrl, 'create table committed as select 1 as one');
  process.kill(first.pid, 'SIGKILL');
  await first.process.ended;
  const second = await startPostgres({ dataFolder, port: 0, log, settings });
  expect(await query(second.adminUrl, 'select one from committed')).toEqual([{ one: 1 }]);
  await second.stop();
});

test('O1: PostgreSQL listens on loopback only, asks for a password, and keeps it for its owner alone', async () => {
  const server = await startPostgres({ dataFolder, port: 0, log, settings });
  expect(await query(server.adminUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect(statSync(join(dataFolder, 'superuser-password')).mode & 0o077).toBe(0);
  expect(existsSync(join(dataFolder, 'cluster'))).toBe(true);
  await expect(query(server.adminUrl.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
  await server.stop();
});

test('O1: Russian words are found by any letter case, whatever the language of the machine', async () => {
  const server = await startPostgres({ dataFolder, port: 0, log, settings });
  expect(
    await query(server.adminUrl, "select lower('ЖУРНАЛ') as word, to_tsvector('russian', '«Журнал» — работает')::text as lexemes"),
  ).toEqual([{ word: 'журнал', lexemes: "'журна':1 'работа':2" }]);
  await server.stop();
});

test('O1: a busy port is one sentence with port, purpose and setting, and no server is started', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
  );
  await expect(startPostgres({ dataFolder, port, portSetting: '--port-offset', log, settings })).rejects.toThrow(
    `Port ${port}, needed for PostgreSQL, is in use by another program: stop that program, or choose another port with --port-offset.`,
  );
  other.close();
  expect(existsSync(join(dataFolder, 'cluster/postmaster.pid'))).toBe(false);
});

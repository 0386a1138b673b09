import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startGuarded } from './guarded-process.ts';
import { findByCommand, identify, isRunning } from './process-identity.ts';
import { until } from './until.ts';

const folder = mkdtempSync(join(tmpdir(), 'kontor-guard-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const watchersOf = (pid: number) => findByCommand((command) => command.includes('kontor-watcher') && command.includes(String(pid)));
const gone = (identity: { pid: number; started: string }) => until(() => (isRunning(identity) ? undefined : true), 10_000);

async function parentOf(seconds: number) {
  const source = `
    const { startGuarded } = await import(${JSON.stringify(new URL('./guarded-process.ts', import.meta.url).href)});
    const guarded = await startGuarded({ program: '/bin/sleep', args: ['${seconds}'], endSignal: 'SIGTERM', logFile: ${JSON.stringify(join(folder, 'sleep.log'))} });
    process.stdout.write(String(guarded.pid));`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
  return { parent, program: identify(pid)! };
}

test('O1: a program ends when its supervisor is killed with -9, and its watcher with it', async () => {
  const { parent, program } = await parentOf(1_001);
  expect(isRunning(program)).toBe(true);
  parent.kill('SIGKILL');
  expect(await gone(program)).toBe(true);
  expect(await until(() => (watchersOf(program.pid).length === 0 ? true : undefined), 10_000)).toBe(true);
});

test('O1: a watcher that is killed alone is replaced, so that the program is still not orphaned', async () => {
  const { parent, program } = await parentOf(1_002);
  const first = await until(() => watchersOf(program.pid)[0], 10_000);
  process.kill(first!.pid, 'SIGKILL');
  const second = await until(() => watchersOf(program.pid).find(({ pid }) => pid !== first!.pid), 10_000);
  expect(second).toBeDefined();
  expect(isRunning(program)).toBe(true);
  parent.kill('SIGKILL');
  expect(await gone(program)).toBe(true);
});

test('O1: ending a program tells how it ended and leaves no watcher', async () => {
  const guarded = await startGuarded({ program: '/bin/sleep', args: ['1003'], endSignal: 'SIGTERM', logFile: join(folder, 'sleep.log') });
  await guarded.end(5_000);
  await guarded.end(5_000);
  expect(await guarded.ended).toEqual({ code: null, signal: 'SIGTERM' });
  expect(await until(() => (watchersOf(guarded.pid).length === 0 ? true : undefined), 10_000)).toBe(true);
});

test('O1: a program that cannot be run is an error, not a crash', async () => {
  await expect(
    startGuarded({ program: join(folder, 'nothing'), args: [], endSignal: 'SIGTERM', logFile: join(folder, 'x.log') }),
  ).rejects.toMatchObject({ code: 'ENOENT' });
});

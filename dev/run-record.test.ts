import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identify, isRunning } from './process-identity.ts';
import { reset } from './reset.ts';
import { endLeftovers, openRunRecord, runningSupervisor } from './run-record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kontor-record-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sleeper() {
  const child = spawn('/bin/sleep', ['1004'], { stdio: 'ignore' });
  return { child, identity: identify(child.pid!)! };
}

test('O1: a second supervisor on the same data is refused in one sentence that names the first', () => {
  const record = openRunRecord(folder);
  expect(() => openRunRecord(folder)).toThrow(`already running on ${folder} (process ${process.pid})`);
  record.release();
  expect(runningSupervisor(folder)).toBeUndefined();
  openRunRecord(folder).release();
});

test('O1: the record of a supervisor that is gone, or whose id is another’s now, or half written, hinders nobody', () => {
  for (const content of [
    JSON.stringify({ pid: process.pid, started: '1@an earlier boot' }),
    JSON.stringify({ pid: 999_999_999, started: 'x' }),
    '{"pid": 12',
    '',
  ]) {
    writeFileSync(join(folder, 'supervisor.json'), content);
    const record = openRunRecord(folder);
    expect(record.isOurs()).toBe(true);
    record.release();
  }
});

test('O1: what a killed run left is ended; a process that only has its id is not touched', async () => {
  const [left, stranger] = [sleeper(), sleeper()];
  writeFileSync(
    join(folder, 'processes.json'),
    JSON.stringify({ worker: left.identity, API: { pid: stranger.identity.pid, started: '1@an earlier boot' }, mailbox: 'nonsense' }),
  );
  expect(await endLeftovers(folder, ['API', 'worker'], () => {})).toEqual(['worker']);
  expect(isRunning(left.identity)).toBe(false);
  expect(isRunning(stranger.identity)).toBe(true);
  stranger.child.kill('SIGKILL');
});

test('O1: emptying the data is refused while the product runs on them, and changes nothing', async () => {
  writeFileSync(join(folder, 'sample-data-made'), 'x');
  const record = openRunRecord(folder);
  await expect(reset(folder, () => {})).rejects.toThrow(`Kontor is running on ${folder}`);
  expect(readFileSync(join(folder, 'sample-data-made'), 'utf8')).toBe('x');
  record.release();
});

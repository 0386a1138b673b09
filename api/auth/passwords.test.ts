import { hash } from '@node-rs/argon2';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { hashPassword, needsRehash, PasswordCheck } from './passwords.ts';

const passwords = new PasswordCheck();

test('I2: a password is kept as Argon2id with m = 19456, t = 2, p = 1, and checks', async () => {
  const stored = await passwords.hash('an ordinary long password');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.check(stored, 'an ordinary long password')).toBe(true);
  expect(await passwords.check(stored, 'an ordinary long passworD')).toBe(false);
  expect(await passwords.check(undefined, 'nobody has this password')).toBe(false);
});

test('I2: a hash made with other parameters is renewed, and still checks until then', async () => {
  const password = 'an ordinary long password';
  expect(needsRehash(await hashPassword(password))).toBe(false);
  const others = [
    { memoryCost: 19_456, timeCost: 3, parallelism: 1 },
    { memoryCost: 8_192, timeCost: 2, parallelism: 1 },
    { memoryCost: 19_456, timeCost: 2, parallelism: 2 },
    { memoryCost: 19_456, timeCost: 2, parallelism: 1, algorithm: 1 },
  ];
  for (const parameters of others) {
    const stored = await hash(password, parameters);
    expect(needsRehash(stored), stored).toBe(true);
    expect(await passwords.check(stored, password)).toBe(true);
  }
  expect(needsRehash('$2b$12$abcdefghijklmnopqrstuv')).toBe(true);
});

test('I2: the same letters written by another keyboard are the same password', async () => {
  const composed = 'mot de passé für Jos\u00e9';
  const stored = await passwords.hash(composed.normalize('NFD'));
  expect(await passwords.check(stored, composed)).toBe(true);
  expect(await passwords.check(stored, composed.replace('é', 'e'))).toBe(false);
});

test('I2: a flood of hashing is bounded in memory, leaves threads for others and turns the rest away at once', async () => {
  const check = new PasswordCheck();
  const stored = await check.hash('an ordinary long password');
  const before = process.memoryUsage.rss();
  let highest = before;
  let flooding = true;
  const flood = Promise.all(
    Array.from({ length: 250 }, (_, index) =>
      index % 2 ? check.check(stored, 'an ordinary long password') : check.hash('another ordinary long password'),
    ),
  ).finally(() => (flooding = false));
  const reads: number[] = [];
  while (flooding) {
    // A file is read by the same threads that hash.
    const started = performance.now();
    await readFile(new URL(import.meta.url));
    reads.push(performance.now() - started);
    highest = Math.max(highest, process.memoryUsage.rss());
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answers = await flood;
  expect(answers.filter((answer) => answer === undefined).length).toBe(250 - 66);
  expect((highest - before) / 2 ** 20).toBeLessThan(150);
  expect(reads.toSorted((a, b) => a - b)[Math.floor(reads.length * 0.99)]).toBeLessThan(100);
  expect(await check.check(stored, 'an ordinary long password')).toBe(true);
});

test('I2: a hash that cannot be read fails its own check and gives its place back', async () => {
  const check = new PasswordCheck();
  for (let time = 0; time < 4; time += 1) await expect(check.check('no hash at all', 'x')).rejects.toThrow('Decoding failed');
  expect(await check.check(await check.hash('x'), 'x')).toBe(true);
});

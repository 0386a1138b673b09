import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../dev/node-process.ts';
import { freePort } from '../../dev/ports.ts';
import { EventReader, listen } from '../harness/event-reader.ts';
import { startKontor, testSecretsKey, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kontor-live-'));
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
});
afterAll(async () => {
  await kontor?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The API as an installation runs it, on the same database. */
async function startProcess(): Promise<{ process: NodeProcess; origin: string }> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = {
    KONTOR_DATABASE_URL: kontor.db.appUrl,
    KONTOR_HTTP_PORT: String(port),
    KONTOR_PUBLIC_URL: origin,
    KONTOR_SECRETS_KEY: testSecretsKey,
    KONTOR_FILES_FOLDER: join(folder, 'files'),
    KONTOR_MODE: 'embedded',
    KONTOR_LOG_LEVEL: 'warn',
  };
  const started = await startNodeProcess({ args: ['api/main.ts'], environment, logFile: join(folder, 'api.log') });
  await until('the API is ready', async () => (await fetch(`${origin}/health/ready`)).ok, 30);
  return { process: started, origin };
}

test('R13, T18: asked to stop, the process ends its streams and itself; their readers resume at another one, without a gap', async () => {
  const one = await startProcess();
  const readers = await Promise.all(Array.from({ length: 10 }, () => listen(one.origin, 'customer', anna)));
  const open = async () => (await anna.post('/tickets', { subject: 'A panel', body: 'It stands', category: 'technical' })).body.number;
  const heard = (reader: EventReader) => reader.changes.filter(({ what }) => what === 'ticket').map(({ ticket }) => ticket);
  // The fact is written by another process than the one that tells of it.
  const before = await open();
  for (const reader of readers) await reader.until('it is told', () => heard(reader).includes(before));
  process.kill(one.process.pid, 'SIGTERM');
  // Had it waited for its streams it would have been ended with 1 when its time was up.
  expect(await one.process.ended).toEqual({ code: 0, signal: null });
  await until('every stream ended', () => readers.every(({ ended }) => ended));

  const missed = await open();
  const two = await startProcess();
  try {
    const resumed = await listen(two.origin, 'customer', anna, readers[0]!.lastId);
    await resumed.until('what was missed is told', () => heard(resumed).length > 0);
    expect(heard(resumed)).toEqual([missed]);
    resumed.close();
  } finally {
    await two.process.end(10_000);
  }
}, 90_000);

/** Faults of storage in a real process (SPEC T11, QUALITY R11): a disk that is full, and a process that dies in the middle. */
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadlineActivities } from '../../activities/deadlines.ts';
import { newId } from '../../db/new-id.ts';
import { takeTimedStep } from '../../db/repositories/timed-steps.ts';
import { unusedFileSeconds } from '../../domain/file.ts';
import { FolderStorage } from '../../storage/folder-storage.ts';
import { StorageFull } from '../../storage/file-storage.ts';
import { fullDisk, startApiProcess } from '../harness/full-disk.ts';
import { startKontor, testSecretsKey, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { expectEnvelope } from './api-surroundings.ts';
import { download, rawUpload, upload } from './desk-files-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
const mib = 1024 * 1024;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
});
afterAll(() => kontor?.stop());

const process_ = () => ({ databaseUrl: kontor.db.appUrl, secretsKey: testSecretsKey });
const files = () =>
  kontor.db.query<{ id: string; state: string; storage_key: string }>('select id, state, storage_key from file order by id');

test('R11: a full disk during an upload is 507 and leaves nothing; the room it took is free again, and what is there can be read', async () => {
  const api = await startApiProcess(process_(), (folder) => fullDisk(folder, 4 * mib).command);
  try {
    const kept = await upload(api, anna, 'kept.txt', Buffer.alloc(mib, 'k'));
    expect(kept.status).toBe(201);
    for (let again = 0; again < 3; again += 1)
      expectEnvelope(await upload(api, anna, 'a.txt', Buffer.alloc(8 * mib, 'a')), 507, 'file.storage_full');
    expect((await files()).map(({ id }) => id)).toEqual([kept.body.id]);
    // Would anything of the three be left, there were no room for this one.
    const fits = await upload(api, anna, 'fits.txt', Buffer.alloc(2 * mib, 'f'));
    expect(fits.status).toBe(201);
    for (const { id, sha256 } of [kept.body, fits.body]) expect((await download(api, anna, id)).headers.get('etag')).toBe(`"${sha256}"`);
    const used = await anna.post('/tickets', { subject: 'A', body: 'B', category: 'technical', files: [kept.body.id, fits.body.id] });
    expect(used.status).toBe(201);
  } finally {
    await api.kill();
  }
});

test('R11: twenty uploads meet the full disk at once: each is whole or 507, and no row is without its bytes', async () => {
  const before = (await files()).length;
  const api = await startApiProcess(process_(), (folder) => fullDisk(folder, 8 * mib).command);
  try {
    const answers = await Promise.all(Array.from({ length: 20 }, () => upload(api, anna, 'a.txt', Buffer.alloc(mib, 'a'))));
    const stored = answers.filter(({ status }) => status === 201);
    for (const answer of answers) if (answer.status !== 201) expectEnvelope(answer, 507, 'file.storage_full');
    expect((await files()).length - before).toBe(stored.length);
    for (const { body } of stored) expect((await download(api, anna, body.id)).bytes).toHaveLength(mib);
  } finally {
    await api.kill();
  }
});

test('R11: the kernel says so itself, and the storage knows its words', async () => {
  // A device that is always full; no key of ours could name it, so that only the words are tried here.
  const { open } = await import('node:fs/promises');
  const full = await open('/dev/full', 'w');
  await expect(full.writeFile('a')).rejects.toMatchObject({ code: 'ENOSPC' });
  await full.close().catch(() => undefined);
  const failing = async function* () {
    yield Buffer.from('a');
    throw Object.assign(new Error('no room'), { code: 'EDQUOT' });
  };
  const storage = new FolderStorage(kontor.filesFolder);
  await expect(storage.put('0'.repeat(40), failing())).rejects.toBeInstanceOf(StorageFull);
  expect(existsSync(`${kontor.filesFolder}/00/${'0'.repeat(40)}`)).toBe(false);
});

test('R4: a storage that hangs keeps no connection of the database; the purge is asked for again', async () => {
  const begun = await upload(kontor, anna, 'a.txt', Buffer.from('text'));
  expect(begun.status).toBe(201);
  const entity = `file:${begun.body.id}`;
  const [step] = await kontor.db.query<{ id: string }>('select id from obligation where entity = $1', [entity]);
  const later = new Date(kontor.clock.now().getTime() + (unusedFileSeconds + 60) * 1000);
  const { promise, resolve } = Promise.withResolvers<void>();
  const notAsked = () => Promise.reject(new Error('only removing is asked for'));
  const purge = deadlineActivities({
    database: kontor.database,
    clock: { now: () => later },
    bell: { ring: () => undefined } as never,
    storage: { put: notAsked, open: notAsked, remove: () => promise, close: () => undefined },
  });
  await expect(purge.takeTimedStep(entity, step!.id)).rejects.toThrow('does not answer');
  expect(await kontor.db.query('select 1 from file where id = $1', [begun.body.id])).toHaveLength(1);
  resolve();
  expect(await purge.takeTimedStep(entity, step!.id)).toMatchObject({ over: true });
});

test('R1: a process killed during an upload leaves a row that is purged with its bytes a day later, and not before', async () => {
  const known = new Set((await files()).map(({ id }) => id));
  const api = await startApiProcess(process_());
  const storage = new FolderStorage(api.filesFolder);
  const onDisk = () => readdirSync(api.filesFolder, { recursive: true }).filter((name) => String(name).includes('unfinished'));
  const socket = await rawUpload(api, anna, 'a.txt', 5 * mib);
  socket.on('error', () => undefined);
  socket.write('a'.repeat(mib));
  await until('bytes are on disk', () => onDisk().length === 1);
  const broken = (await files()).find(({ id }) => !known.has(id));
  expect(broken!.state).toBe('uploading');
  // Killed without the folder being removed: that is the test's business afterwards.
  const removed: string[] = [];
  const purge = async (at: Date) => {
    const [step] = await kontor.db.query<{ id: string }>('select id from obligation where entity = $1', [`file:${broken!.id}`]);
    const world = {
      removeFile: async (key: string) => {
        removed.push(key);
        await storage.remove(key);
      },
    };
    return takeTimedStep(kontor.database, { now: () => at }, world, `file:${broken!.id}`, step?.id ?? newId('obligation', at));
  };
  socket.pause();
  process.kill(api.pid, 'SIGKILL');
  await until('the process is gone', async () =>
    fetch(api.origin).then(
      () => false,
      () => true,
    ),
  );
  expect(onDisk()).toHaveLength(1);
  const now = kontor.clock.now().getTime();
  await purge(new Date(now + (unusedFileSeconds - 60) * 1000));
  expect([removed, onDisk().length]).toEqual([[], 1]);
  expect(await purge(new Date(now + (unusedFileSeconds + 60) * 1000))).toMatchObject({ over: true, state: 'purged', steps: [] });
  expect([removed, onDisk()]).toEqual([[broken!.storage_key], []]);
  expect((await files()).map(({ id }) => id)).not.toContain(broken!.id);
  await api.kill();
  socket.destroy();
});

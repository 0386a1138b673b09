/** Attachments in S3 (SPEC T11), against a real S3-compatible server. */
import { CreateMultipartUploadCommand, S3Client } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { S3Storage } from '../../storage/s3-storage.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer } from '../harness/people.ts';
import { startS3, type S3Server } from '../harness/s3-server.ts';
import { until } from '../harness/until.ts';
import { expectEnvelope } from './api-surroundings.ts';
import { download, kept, rawUpload, streamOf, tenMiB, upload } from './desk-files-surroundings.ts';

let s3: S3Server;
let kontor: Kontor;
let anna: TestCustomer;

beforeAll(async () => {
  s3 = await startS3();
  kontor = await startKontor({ promises: false, storage: new S3Storage(s3.place) });
  anna = await kontor.people.customer();
}, 300_000);
afterAll(async () => {
  await kontor?.stop();
  await s3?.stop();
});

const rows = async () => (await kept(kontor)).rows;

test.each([
  ['small', 1],
  ['of one part', 5 * 1024 * 1024],
  ['of two parts', 5 * 1024 * 1024 + 1],
  ['of 10 MiB', tenMiB],
])('T11: S3 keeps a file %s, and gives back all of it or a part', async (_what, bytes) => {
  const content = Buffer.concat([Buffer.from('PK\u0003\u0004').subarray(0, bytes), randomBytes(bytes).subarray(Math.min(4, bytes))]);
  const name = bytes === 1 ? 'a.txt' : 'a.zip';
  const file = bytes === 1 ? Buffer.from('a') : content;
  const unannounced = await upload(kontor, anna, name, streamOf([file]));
  expect([unannounced.status, unannounced.body.sizeBytes]).toEqual([201, bytes]);
  const uploaded = await upload(kontor, anna, name, file);
  expect([uploaded.status, uploaded.body.sizeBytes]).toEqual([201, bytes]);
  const whole = await download(kontor, anna, uploaded.body.id);
  expect(whole.bytes.equals(file)).toBe(true);
  expect((await download(kontor, anna, unannounced.body.id)).bytes.equals(file)).toBe(true);
  if (bytes === 1) return;
  const part = await download(kontor, anna, uploaded.body.id, { range: 'bytes=1000-1999' });
  expect([part.status, part.bytes.equals(content.subarray(1000, 2000))]).toEqual([206, true]);
  expect((await s3.contents()).unfinished).toEqual([]);
});

test('T11: of what is refused or breaks off, S3 keeps no object and no part', async () => {
  const [before, rowsBefore] = [await s3.contents(), await rows()];
  expectEnvelope(
    await upload(kontor, anna, 'a.txt', streamOf([Buffer.alloc(6_000_000, 'a'), Buffer.alloc(6_000_000, 'a')])),
    413,
    'file.too_large',
  );
  const lateNul = Buffer.concat([Buffer.alloc(7_000_000, 'a'), Buffer.from([0])]);
  expectEnvelope(await upload(kontor, anna, 'a.txt', lateNul), 415, 'file.type_refused');
  const socket = await rawUpload(kontor, anna, 'a.txt', 9_000_000);
  socket.write('a'.repeat(7_000_000));
  await until('it has begun', async () => (await rows()) === rowsBefore + 1);
  socket.resetAndDestroy();
  await until('nothing is left', async () => (await rows()) === rowsBefore);
  const pieces = [Buffer.alloc(6_000_000, 'a'), Buffer.alloc(1_000_000, 'a')];
  await expect(upload(kontor, anna, 'a.txt', streamOf(pieces, { breaks: true }))).rejects.toThrow('fetch failed');
  await until('nothing is left', async () => (await rows()) === rowsBefore);
  expect(await s3.contents()).toEqual(before);
});

test('T11: purging takes the object and the parts that a dead process left', async () => {
  const { storage } = kontor;
  const key = randomBytes(20).toString('hex');
  const { place } = s3;
  const client = new S3Client({ endpoint: place.endpoint!, region: place.region, forcePathStyle: true, credentials: place });
  await client.send(new CreateMultipartUploadCommand({ Bucket: place.bucket, Key: key }));
  client.destroy();
  expect((await s3.contents()).unfinished).toEqual([key]);
  await storage.put(key, streamOf([Buffer.from('whole')]));
  await storage.remove(key);
  const { keys, unfinished } = await s3.contents();
  expect([keys.includes(key), unfinished]).toEqual([false, []]);
  // What is not there can be removed again.
  await storage.remove(key);
  expect(await storage.open(key)).toBeUndefined();
});

test('T11: while S3 is away uploads and downloads say so, and what was begun is purged later', async () => {
  const away = new S3Storage({ ...s3.place, endpoint: 'http://127.0.0.1:1' });
  const other = await startKontor({ promises: false, storage: away });
  try {
    const boris = await other.people.customer();
    const refused = await upload(other, boris, 'a.txt', 'text');
    expectEnvelope(refused, 503, 'file.storage_unavailable');
    expect(refused.headers.get('retry-after')).toBe('5');
    // Its bytes could not be looked for: the row stays, and with it the promise to purge both.
    expect(await kept(other)).toMatchObject({ rows: 1, steps: 1 });
  } finally {
    await other.stop();
  }
});

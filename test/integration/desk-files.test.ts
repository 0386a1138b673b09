/** Uploads (SPEC T11): what is taken, what is refused, and that nothing is left of what failed. */
import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { expectEnvelope } from './api-surroundings.ts';
import { download, filesOnDisk, kept, rawUpload, streamOf, tenMiB, upload } from './desk-files-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestPerson;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'support' });
});
afterAll(() => kontor?.stop());

const ticket = { subject: 'A panel', body: 'It does not start', category: 'technical' };
const nothing = { rows: 0, steps: 0, onDisk: 0 };
/** Drafts of one test are not the next one's business. */
const forget = async () => {
  for (const { id, storage_key } of await kontor.db.query<{ id: string; storage_key: string }>(
    'select id, storage_key from file where message_id is null',
  )) {
    await kontor.storage.remove(storage_key);
    await kontor.db.query('delete from file where id = $1', [id]);
    await kontor.db.query('delete from obligation where entity = $1', [`file:${id}`]);
  }
};
afterEach(forget);

describe('T11: a file of any size up to 10 MiB', () => {
  test('T11: comes back byte for byte, with its hash and its type', async () => {
    const content = `log ${'строка\n'.repeat(1000)}`;
    const uploaded = await upload(kontor, anna, 'panel.log', content);
    expect(uploaded.status).toBe(201);
    expect(uploaded.body).toEqual({
      id: expect.stringMatching(/^fil_/),
      name: 'panel.log',
      mediaType: 'text/plain',
      sizeBytes: Buffer.byteLength(content),
      sha256: createHash('sha256').update(content).digest('hex'),
      state: 'draft',
    });
    expect((await anna.get(`/files/${uploaded.body.id}`)).body).toEqual(uploaded.body);
    expect((await download(kontor, anna, uploaded.body.id)).bytes.toString()).toBe(content);
    expect(await kept(kontor)).toEqual({ rows: 1, steps: 1, onDisk: 1 });
  });

  test('T11: exactly 10,485,760 bytes pass, whether their number is announced or not', async () => {
    const content = Buffer.alloc(tenMiB, 'a');
    for (const body of [content, streamOf([content.subarray(0, 5_000_000), content.subarray(5_000_000)])]) {
      const uploaded = await upload(kontor, anna, 'a.txt', body);
      expect([uploaded.status, uploaded.body.sizeBytes]).toEqual([201, tenMiB]);
      expect((await download(kontor, anna, uploaded.body.id)).bytes.equals(content)).toBe(true);
    }
  });

  test('T11: one byte more is refused with 413, announced or not, and nothing of it is left', async () => {
    const content = Buffer.alloc(tenMiB + 1, 'a');
    expectEnvelope(await upload(kontor, anna, 'a.txt', content), 413, 'file.too_large');
    expectEnvelope(
      await upload(kontor, anna, 'a.txt', streamOf([content.subarray(0, 9_000_000), content.subarray(9_000_000)])),
      413,
      'file.too_large',
    );
    expect(await kept(kontor)).toEqual(nothing);
  });

  test('T11: what is announced as too large is not begun at all', async () => {
    const before = await kontor.db.query('select count(*)::int as n from outbox');
    expectEnvelope(await upload(kontor, anna, 'a.txt', Buffer.alloc(tenMiB + 1)), 413, 'file.too_large');
    expect(await kontor.db.query('select count(*)::int as n from outbox')).toEqual(before);
  });

  test('T11: an empty file is refused, however it comes', async () => {
    expectEnvelope(await upload(kontor, anna, 'a.txt', ''), 422, 'file.empty');
    expectEnvelope(await upload(kontor, anna, 'a.txt', streamOf([])), 422, 'file.empty');
    expect(await kept(kontor)).toEqual(nothing);
  });

  test('T11: a body that ends before its announced length leaves nothing', async () => {
    const socket = await rawUpload(kontor, anna, 'a.txt', 5_000_000);
    socket.write('a'.repeat(1_000_000));
    await until('the bytes arrive', async () => filesOnDisk(kontor).length === 1);
    socket.end();
    await until('nothing is left', async () => Object.values(await kept(kontor)).every((count) => count === 0));
  });

  test('T11: of a body longer than announced no more than was announced is kept; the rest is a request that is none', async () => {
    const socket = await rawUpload(kontor, anna, 'a.txt', 10);
    let answered = '';
    socket.on('data', (data) => (answered += data));
    socket.write('0123456789 and a lot more\r\n\r\n');
    await until('it is answered', async () => answered.includes('HTTP/1.1 400'));
    socket.destroy();
    // Whether the liar's upload began at all is the server's affair; had it, it did so before one that came after it.
    await upload(kontor, anna, 'marker.txt', 'marker');
    const states = () => kontor.db.query<{ state: string; size_bytes: number }>(`select state, size_bytes from file where name = 'a.txt'`);
    await until('the upload is over', async () => (await states()).every(({ state }) => state === 'draft'));
    expect((await states()).map(({ size_bytes }) => size_bytes)).toEqual((await states()).length ? [10] : []);
  });

  test('T11: a line that breaks leaves nothing', async () => {
    const socket = await rawUpload(kontor, anna, 'a.txt', 5_000_000);
    socket.write('a'.repeat(1_000_000));
    await until('the bytes arrive', async () => filesOnDisk(kontor).length === 1);
    socket.resetAndDestroy();
    await until('nothing is left', async () => Object.values(await kept(kontor)).every((count) => count === 0));
    const pieces = [Buffer.alloc(300_000, 'a'), Buffer.alloc(300_000, 'a')];
    await expect(upload(kontor, anna, 'a.txt', streamOf(pieces, { breaks: true }))).rejects.toThrow('fetch failed');
    await until('nothing is left', async () => Object.values(await kept(kontor)).every((count) => count === 0));
  });
});

describe('T11: the name of a file', () => {
  test.each([
    ['я'.repeat(255), 'я'.repeat(255)],
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['a\u202egpj.exe\u0000', 'agpj.exe'],
    [`"quoted"; filename=x '%41*.txt`, `"quoted"; filename=x '%41*.txt`],
  ])('T11: %j', async (given, name) => {
    const uploaded = await upload(kontor, anna, given, 'text');
    expect([uploaded.status, uploaded.body.name]).toEqual([201, name]);
    const { headers } = await download(kontor, anna, uploaded.body.id);
    const disposition = headers.get('content-disposition')!;
    expect(disposition).toMatch(/^attachment; filename\*=UTF-8''[A-Za-z0-9%._~-]+$/);
    expect(decodeURIComponent(disposition.split("''")[1]!)).toBe(name);
    // Storage has keys of its own, whatever the name.
    expect(filesOnDisk(kontor)).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/)]);
  });

  test.each([
    ['я'.repeat(256), 'too_long'],
    ['../', 'empty'],
    ['..', 'empty'],
    ['', 'empty'],
  ])('T11: not %j', async (name, fault) => {
    const refused = await upload(kontor, anna, name, 'text');
    expectEnvelope(refused, 400, 'request.invalid');
    expect(refused.body.error.details[0]).toMatchObject({ field: 'name', code: fault });
    expect(await kept(kontor)).toEqual(nothing);
  });
});

describe('T11: the type is decided by content', () => {
  test.each([
    ['an SVG as a picture', 'a.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a page as a log', 'a.log', '<!doctype html><script>alert(1)</script>'],
    ['a GIF that is a page too', 'a.gif', Buffer.from('GIF89a\x01\0\x01\0\x80/*<html><script>alert(1)//*/', 'latin1')],
    ['a program', 'a.pdf', Buffer.concat([Buffer.from('MZ\x90\0', 'latin1'), randomBytes(1000)])],
    ['a text with a NUL far behind', 'a.txt', Buffer.concat([Buffer.alloc(3_000_000, 'a'), Buffer.from([0])])],
  ])('T11: %s is refused and nothing of it is left', async (_what, name, content) => {
    expectEnvelope(await upload(kontor, anna, name, content), 415, 'file.type_refused');
    expect(await kept(kontor)).toEqual(nothing);
  });

  test('T11: an archive that would unpack to a gigabyte is stored as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const uploaded = await upload(kontor, anna, 'logs.gz', bomb);
    expect([uploaded.status, uploaded.body.sizeBytes, uploaded.body.mediaType]).toEqual([201, bomb.length, 'application/gzip']);
  });

  test('T11: the caller’s content type decides nothing', async () => {
    const uploaded = await upload(kontor, anna, 'a.txt', 'plain', { 'content-type': 'text/html' });
    expect([uploaded.status, uploaded.body.mediaType]).toEqual([201, 'text/plain']);
  });

  test('E: no other route takes a body that is not JSON, nor one of more than 1 MiB', async () => {
    for (const path of ['/tickets', '/files/x', '/files/', '/FILES'])
      expect(
        (
          await fetch(`${kontor.origin}/api/v1${path}`, {
            method: 'POST',
            headers: { ...anna.credentials, 'content-type': 'text/plain' },
            body: 'a',
          })
        ).status,
      ).toBe(415);
    expectEnvelope(await anna.post('/tickets', { ...ticket, body: 'a'.repeat(1_100_000) }), 413, 'request.too_large');
  });
});

describe('T11: an upload under an idempotency key', () => {
  test('T11: sent again answers as the first and keeps one file', async () => {
    const key = { 'idempotency-key': 'upload-1' };
    const first = await upload(kontor, anna, 'a.txt', 'the same', key);
    const again = await upload(kontor, anna, 'a.txt', 'the same', key);
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    expect(await kept(kontor)).toEqual({ rows: 1, steps: 1, onDisk: 1 });
  });

  test('T11: twenty at once keep one file and give one answer', async () => {
    const key = { 'idempotency-key': 'upload-2' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => upload(kontor, anna, 'a.txt', 'at once', key)));
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body])))).toHaveLength(1);
    expect(answers[0]!.status).toBe(201);
    expect(await kept(kontor)).toEqual({ rows: 1, steps: 1, onDisk: 1 });
  });

  test('T11: with other bytes or another name it is refused and leaves nothing more', async () => {
    const key = { 'idempotency-key': 'upload-3' };
    await upload(kontor, anna, 'a.txt', 'one', key);
    for (const [name, content] of [
      ['a.txt', 'two'],
      ['b.txt', 'one'],
    ] as const)
      expectEnvelope(await upload(kontor, anna, name, content, key), 409, 'idempotency.key_reused');
    expect(await kept(kontor)).toEqual({ rows: 1, steps: 1, onDisk: 1 });
  });
});

test('T11: one person’s unused uploads are bounded, in number and in bytes', async () => {
  const boris = await kontor.people.customer();
  const row = (n: number, bytes: number) =>
    kontor.db.query(
      `insert into file (id, account_id, uploaded_by_id, name, media_type, size_bytes, sha256, storage_key, state, created_at)
        values ($1, $2, $3, 'a', 'text/plain', $4, repeat('0', 64), $5, 'draft', now())`,
      [`fil_${'0'.repeat(23)}${String(n).padStart(3, '0')}`, boris.accountId, boris.id, bytes, `${n}`.padStart(40, '0')],
    );
  for (let n = 0; n < 19; n += 1) await row(n, tenMiB);
  expect((await upload(kontor, boris, 'a.txt', Buffer.alloc(tenMiB, 'a'))).status).toBe(201);
  expectEnvelope(await upload(kontor, boris, 'a.txt', 'a'), 422, 'file.too_many_unused');
  await forget();
  for (let n = 0; n < 99; n += 1) await row(n, 1);
  const answers = await Promise.all(Array.from({ length: 5 }, () => upload(kontor, boris, 'a.txt', 'a')));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422, 422]);
});

test('T11: an account’s members, strangers and staff find nothing of a draft but their own', async () => {
  const draft = (await upload(kontor, anna, 'a.txt', 'mine')).body.id as string;
  const colleague = await kontor.people.customer({ account: { id: anna.accountId, role: 'owner' } });
  const stranger = await kontor.people.customer();
  for (const person of [colleague, stranger, maria]) {
    for (const path of [`/files/${draft}`, `/files/${draft}/content`, '/files/fil_00000000000000000000000000', '/files/x'])
      expectEnvelope(await person.get(path), 404, 'file.not_found');
    expectEnvelope(
      await person.post(person === maria ? '/tickets/CS-000001/notes' : '/tickets', {
        ...(person === maria ? {} : ticket),
        body: 'x',
        files: [draft],
      }),
      person === maria ? 404 : 422,
    );
  }
  expect((await anna.get(`/files/${draft}`)).body.state).toBe('draft');
});

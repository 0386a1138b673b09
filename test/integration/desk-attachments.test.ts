/** Files in messages and downloads (SPEC T11), and what a customer tells of a fault's surroundings (SPEC T12). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { changesOf, expectEnvelope } from './api-surroundings.ts';
import { download, filesOnDisk, kept, streamOf, upload } from './desk-files-surroundings.ts';

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
const draft = async (person: TestPerson, name = 'a.txt', content: string | Uint8Array = 'text') =>
  (await upload(kontor, person, name, content)).body.id as string;
const open = async (more: object = {}) => (await anna.post('/tickets', { ...ticket, ...more })).body.number as string;
const messagesOf = async (person: TestPerson, number: string) => (await person.get(`/tickets/${number}/messages`)).body.items as any[];

describe('T11: a message carries files', () => {
  test('T11: in its opening, in replies of both sides and in notes, in the order in which they were named', async () => {
    const [one, two] = [await draft(anna, 'one.log'), await draft(anna, 'two.csv', 'a;b')];
    const number = await open({ files: [two, one] });
    await anna.post(`/tickets/${number}/messages`, { body: 'More', files: [await draft(anna, 'three.txt')] });
    await maria.post(`/tickets/${number}/messages`, { body: 'See', files: [await draft(maria, 'answer.txt')] });
    await maria.post(`/tickets/${number}/notes`, { body: 'Between us', files: [await draft(maria, 'note.txt')] });
    expect((await messagesOf(anna, number)).map(({ attachments }) => attachments.map(({ name }: { name: string }) => name))).toEqual([
      ['two.csv', 'one.log'],
      ['three.txt'],
      ['answer.txt'],
    ]);
    const [opening] = await messagesOf(maria, number);
    expect(opening.attachments[1]).toEqual({
      id: one,
      name: 'one.log',
      mediaType: 'text/plain',
      sizeBytes: 4,
      url: `/api/staff/v1/files/${one}/content`,
    });
    expect((await messagesOf(maria, number)).at(-1).attachments).toHaveLength(1);
    expect((await anna.get(`/files/${one}`)).body.state).toBe('attached');
  });

  test('T11: ten files are fine, the eleventh is refused, as is the same one twice, and no file is used up by it', async () => {
    const ids = await Promise.all(Array.from({ length: 11 }, (_, n) => draft(anna, `${n}.txt`)));
    expectEnvelope(await anna.post('/tickets', { ...ticket, files: ids }), 400, 'request.invalid');
    expectEnvelope(await anna.post('/tickets', { ...ticket, files: [ids[0], ids[0]] }), 400, 'request.invalid');
    const withLog = { ...ticket, files: ids.slice(0, 10), diagnostics: { containerLog: ids[10] } };
    expectEnvelope(await anna.post('/tickets', withLog), 422, 'file.too_many');
    expect((await anna.post('/tickets', { ...ticket, files: ids.slice(0, 10) })).status).toBe(201);
  });

  test('T11: twenty parallel messages want the same file: one has it, the others are refused and write nothing', async () => {
    const number = await open();
    const file = await draft(anna);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => anna.post(`/tickets/${number}/messages`, { body: `Try ${n}`, files: [file] })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectEnvelope(answer, 409, 'file.already_used');
    expect(await messagesOf(anna, number)).toHaveLength(2);
  });

  test('T11: twenty parallel openings with the same files in any order: one has them, none waits for another for ever', async () => {
    const files = [await draft(anna), await draft(anna), await draft(anna)];
    const before = (await anna.get('/tickets?limit=100')).body.items.length;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => anna.post('/tickets', { ...ticket, files: n % 2 ? files : files.toReversed() })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    expect((await anna.get('/tickets?limit=100')).body.items).toHaveLength(before + 1);
  });

  test('T11: a file of somebody else, one that never was and one that is still on its way are refused alike', async () => {
    const colleague = await kontor.people.customer({ account: { id: anna.accountId, role: 'owner' } });
    const underWay = await draft(anna);
    await kontor.db.query(`update file set state = 'uploading' where id = $1`, [underWay]);
    for (const id of [await draft(colleague), await draft(maria), 'fil_00000000000000000000000000', underWay]) {
      const changes = await changesOf(kontor.db, async () =>
        expectEnvelope(await anna.post('/tickets', { ...ticket, files: [id] }), 422, 'file.unknown'),
      );
      expect(changes).toEqual([]);
    }
    expectEnvelope(await anna.post('/tickets', { ...ticket, files: ['x'] }), 400, 'request.invalid');
  });

  test('T11: a refused message leaves its files for the next one, also when the refusal is kept under a key', async () => {
    const file = await draft(anna);
    const key = { 'idempotency-key': 'refused-1' };
    const wrong = { ...ticket, category: 'nothing', files: [file] };
    expectEnvelope(await anna.post('/tickets', wrong, key), 422, 'ticket.category_unknown');
    expectEnvelope(
      await anna.post('/tickets', { ...ticket, files: [file, 'fil_00000000000000000000000000'] }, { 'idempotency-key': 'refused-2' }),
      422,
      'file.unknown',
    );
    expect((await anna.get(`/files/${file}`)).body.state).toBe('draft');
    expect((await anna.post('/tickets', { ...ticket, files: [file] })).status).toBe(201);
  });

  test('T11: the same message under the same key answers as before and keeps its files', async () => {
    const body = { ...ticket, files: [await draft(anna)] };
    const key = { 'idempotency-key': 'files-1' };
    const first = await anna.post('/tickets', body, key);
    const again = await anna.post('/tickets', body, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  test('T11: a used file has no next step any more', async () => {
    const file = await draft(anna);
    const steps = () => kontor.db.query('select 1 from obligation where entity = $1', [`file:${file}`]);
    expect(await steps()).toHaveLength(1);
    await open({ files: [file] });
    expect(await steps()).toEqual([]);
  });
});

describe('T11: who may download', () => {
  test('T11: everybody of the account and staff what a public message holds; a stranger finds nothing', async () => {
    const colleague = await kontor.people.customer({ account: { id: anna.accountId, role: 'technical' } });
    const stranger = await kontor.people.customer();
    const number = await open({ files: [await draft(anna)] });
    await maria.post(`/tickets/${number}/messages`, { body: 'See', files: [await draft(maria, 'b.txt')] });
    const ids = (await messagesOf(anna, number)).flatMap(({ attachments }) => attachments.map(({ id }: { id: string }) => id));
    expect(ids).toHaveLength(2);
    for (const id of ids) {
      for (const person of [anna, colleague, maria]) expect((await download(kontor, person, id)).bytes.toString()).toBe('text');
      for (const path of [`/files/${id}`, `/files/${id}/content`]) expectEnvelope(await stranger.get(path), 404, 'file.not_found');
      expect((await fetch(`${kontor.origin}/api/v1/files/${id}/content`)).status).toBe(401);
    }
  });

  test('T13: what a note holds is for staff alone', async () => {
    const number = await open();
    const file = await draft(maria);
    await maria.post(`/tickets/${number}/notes`, { body: 'Between us', files: [file] });
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect((await download(kontor, clerk, file)).status).toBe(200);
    expectEnvelope(await anna.get(`/files/${file}/content`), 404, 'file.not_found');
  });
});

describe('T11: a download', () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, n) => 97 + (n % 26)));
  let id: string;
  beforeAll(async () => {
    id = await draft(anna, 'жур"нал;.log', content);
  });

  test('T11: is always an attachment that is not sniffed, run, framed or kept by others', async () => {
    const { status, headers, bytes } = await download(kontor, anna, id);
    expect([status, bytes.equals(content)]).toEqual([200, true]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-disposition': "attachment; filename*=UTF-8''%D0%B6%D1%83%D1%80%22%D0%BD%D0%B0%D0%BB%3B.log",
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '300000',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'private, no-cache',
      etag: `"${(await anna.get(`/files/${id}`)).body.sha256}"`,
    });
  });

  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=100-199', 100, 199],
    ['bytes=299999-', 299_999, 299_999],
    ['bytes=1000-999999999', 1_000, 299_999],
    ['bytes=-26', 299_974, 299_999],
    ['bytes=-999999999', 0, 299_999],
  ])('T11: of %s', async (range, first, last) => {
    const { status, headers, bytes } = await download(kontor, anna, id, { range });
    expect([status, headers.get('content-range')]).toEqual([206, `bytes ${first}-${last}/300000`]);
    expect(bytes.equals(content.subarray(first, last + 1))).toBe(true);
    expect(headers.get('content-length')).toBe(String(last - first + 1));
  });

  test.each([['bytes=300000-'], ['bytes=-0']])('T11: of %s is 416 and says how much there is', async (range) => {
    const answer = await anna.get(`/files/${id}/content`, { range });
    expectEnvelope(answer, 416, 'file.range_invalid');
    expect(answer.headers.get('content-range')).toBe('bytes */300000');
  });

  test.each([['bytes=5-2'], ['bytes=0-1,4-5'], ['lines=0-1'], ['bytes=a-b'], ['bytes=-'], ['nothing']])(
    'T11: of %s is all of it',
    async (range) => {
      const { status, bytes } = await download(kontor, anna, id, { range });
      expect([status, bytes.length]).toEqual([200, 300_000]);
    },
  );

  test('T11: goes by its hash: unchanged is 304, a range of something else is all of it, and HEAD has no body', async () => {
    const { headers } = await download(kontor, anna, id);
    const etag = headers.get('etag')!;
    expect((await download(kontor, anna, id, { 'if-none-match': `"x", ${etag}` })).status).toBe(304);
    expect((await download(kontor, anna, id, { range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await download(kontor, anna, id, { range: 'bytes=0-1', 'if-range': '"another"' })).status).toBe(200);
    const head = await download(kontor, anna, id, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, '300000', 0]);
  });

  test('T11: whose bytes are gone says so and tells nothing of where they were', async () => {
    const lost = await draft(anna);
    const [row] = await kontor.db.query<{ storage_key: string }>('select storage_key from file where id = $1', [lost]);
    await kontor.storage.remove(row!.storage_key);
    const answer = await anna.get(`/files/${lost}/content`);
    expectEnvelope(answer, 404, 'file.not_found');
    expect(JSON.stringify(answer.body)).not.toContain(row!.storage_key);
  });
});

const har = (more = '') =>
  `{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"1"},"entries":[{"startedDateTime":"2026-11-23T10:00:00Z","time":1,
    "request":{"method":"POST","url":"https://a.example/x?token=SECRET-1#SECRET-2","headers":[{"name":"Cookie","value":"SECRET-3"}],"postData":{"mimeType":"text/plain","text":"SECRET-4"}},
    "response":{"status":500,"content":{"size":1,"mimeType":"text/html","text":"SECRET-5"}}${more}}]}}`;

describe('T12: a HAR archive', () => {
  test.each([['trace.har'], ['trace.txt'], ['TRACE.HAR']])('T12: named %s is cleaned before it is stored', async (name) => {
    const uploaded = await upload(kontor, anna, name, har());
    expect([uploaded.status, uploaded.body.mediaType]).toEqual([201, 'application/json']);
    const { bytes } = await download(kontor, anna, uploaded.body.id);
    expect(bytes.length).toBe(uploaded.body.sizeBytes);
    expect(bytes.toString()).not.toContain('SECRET');
    expect(JSON.parse(bytes.toString()).log.entries[0].request.url).toBe('https://a.example/x?token=');
  });

  test.each([
    ['is none', 'hello'],
    ['ends too early', har().slice(0, -3)],
    ['is half text, half bytes', Buffer.concat([Buffer.from(har()), Buffer.from([0, 1, 2])])],
  ])('T12: that %s is refused, and nothing of it is left', async (_what, content) => {
    const before = await kept(kontor);
    const refused = await upload(kontor, anna, 'trace.har', content);
    expect([415, 422]).toContain(refused.status);
    expect(await kept(kontor)).toEqual(before);
  });

  test('T12: that breaks off while it is cleaned leaves nothing', async () => {
    const before = await kept(kontor);
    const pieces = [Buffer.from(har().slice(0, 200)), Buffer.alloc(400_000, ' ')];
    await expect(upload(kontor, anna, 'trace.har', streamOf(pieces, { breaks: true }))).rejects.toThrow('fetch failed');
    await expect.poll(() => kept(kontor)).toEqual(before);
    expect(filesOnDisk(kontor).filter((name) => name.endsWith('unfinished'))).toEqual([]);
  });
});

describe('T12: diagnostics', () => {
  const told = {
    browser: 'Firefox 143',
    productVersion: '6.12.3',
    imageTag: 'registry.example/panel:6.12.3',
    steps: '1. Open\n2. Press',
    affectedEmail: 'pavel@vega.example',
    objectUrl: 'https://panel.example/diagrams/17',
    userSide: true,
  };

  test('T12: are told with the message in both trees, and their log and HAR are files of the message', async () => {
    const [containerLog, trace] = [await draft(anna, 'app.log'), await draft(anna, 'trace.har', har())];
    const number = await open({ diagnostics: { ...told, containerLog, har: trace }, files: [containerLog] });
    for (const person of [anna, maria]) {
      const [opening] = await messagesOf(person, number);
      expect(opening.diagnostics).toEqual({ ...told, containerLog, har: trace, asksFor: [] });
      expect(opening.attachments.map(({ id }: { id: string }) => id)).toEqual([containerLog, trace]);
    }
  });

  test('T12: in a reply; a message without them has none', async () => {
    const number = await open();
    await anna.post(`/tickets/${number}/messages`, { body: 'Here', diagnostics: { browser: 'Chromium 153' } });
    expect((await messagesOf(maria, number)).map(({ diagnostics }) => diagnostics)).toEqual([
      null,
      { browser: 'Chromium 153', userSide: false, asksFor: [] },
    ]);
  });

  test('T12: of a fault on the user’s side say what they lack', async () => {
    const number = await open({ diagnostics: { userSide: true, browser: 'Firefox 143' } });
    for (const person of [anna, maria]) expect((await messagesOf(person, number))[0].diagnostics.asksFor).toEqual(['har', 'affectedEmail']);
  });

  test.each([
    ['objectUrl', 'javascript:alert(1)'],
    ['objectUrl', `https://a.example/${'a'.repeat(2_000)}`],
    ['browser', 'a'.repeat(201)],
    ['browser', 'two\nlines'],
    ['steps', 'a'.repeat(10_001)],
    ['affectedEmail', 'nobody'],
    ['har', 'x'],
    ['userSide', 'yes'],
    ['another', 'x'],
  ])('T12: with a wrong %s are refused', async (field, value) => {
    const refused = await anna.post('/tickets', { ...ticket, diagnostics: { [field]: value } });
    expectEnvelope(refused, 400, 'request.invalid');
    expect(refused.body.error.details[0].field).toBe(`diagnostics.${field}`);
  });

  test('T12: what is named as the HAR must be one', async () => {
    const file = await draft(anna);
    expectEnvelope(await anna.post('/tickets', { ...ticket, diagnostics: { har: file } }), 422, 'file.not_a_har');
    expect((await anna.get(`/files/${file}`)).body.state).toBe('draft');
  });

  test('T12: staff have none to tell', async () => {
    const number = await open();
    expectEnvelope(await maria.post(`/tickets/${number}/messages`, { body: 'x', diagnostics: told }), 400, 'request.invalid');
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer, type TestPerson } from '../harness/people.ts';
import { changesOf, expectEnvelope } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestPerson;
/** Anna where she signed in: tokens are not for programs to make. */
let annasBrowser: ApiDriver;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  annasBrowser = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  maria = await kontor.people.staff({ role: 'administrator' });
});
afterAll(() => kontor?.stop());

const ticket = { subject: 'A panel', body: 'It does not start', category: 'technical' };
const keyed = (key: string) => ({ 'idempotency-key': key });
const open = async () => (await anna.post('/tickets', ticket)).body.number as string;

test('E: the same key and body give the same status and body again, say so, and do nothing twice', async () => {
  const first = await anna.post('/tickets', ticket, keyed('open-1'));
  expect(first.status).toBe(201);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  const changes = await changesOf(kontor.db, async () => {
    for (let again = 0; again < 3; again += 1) {
      const replayed = await anna.post('/tickets', ticket, keyed('open-1'));
      expect([replayed.status, replayed.body]).toEqual([201, first.body]);
      expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    }
  });
  expect(changes).toEqual([]);
  expect(await kontor.db.query('select count(*)::int as n from ticket')).toEqual([{ n: 1 }]);
});

test('E: an answer without a body is given again, too', async () => {
  const { id } = (await annasBrowser.post('/me/tokens', { name: 'Short-lived' })).body;
  expect((await anna.delete(`/me/tokens/${id}`, keyed('revoke-1'))).status).toBe(204);
  const replayed = await anna.delete(`/me/tokens/${id}`, keyed('revoke-1'));
  expect([replayed.status, replayed.body, replayed.headers.get('idempotency-replayed')]).toEqual([204, '', 'true']);
  expectEnvelope(await anna.delete(`/me/tokens/${id}`, keyed('revoke-2')), 404, 'token.not_found');
});

test('E: the key with another body, another route or another method is refused and changes nothing', async () => {
  const number = await open();
  await anna.post(`/tickets/${number}/messages`, { body: 'Once' }, keyed('reply-1'));
  const changes = await changesOf(kontor.db, async () => {
    for (const path of [`/tickets/${number}/messages`, `/tickets/${number}/resolution`, '/notifications/read'])
      expectEnvelope(
        await anna.post(path, path.endsWith('messages') ? { body: 'Twice' } : path.endsWith('read') ? {} : undefined, keyed('reply-1')),
        409,
        'idempotency.key_reused',
      );
  });
  expect(changes).toEqual([]);
  await maria.post(`/tickets/${number}/assignment`, undefined, keyed('take-1'));
  expectEnvelope(await maria.delete(`/tickets/${number}/assignment`, keyed('take-1')), 409, 'idempotency.key_reused');
});

test('E: a refusal is kept: after its reason is gone the key still answers as it did', async () => {
  const number = await open();
  const refused = await maria.post(`/tickets/${number}/reopening`, undefined, keyed('reopen-1'));
  expectEnvelope(refused, 409, 'ticket.not_closed');
  await maria.post(`/tickets/${number}/closing`, {});
  const replayed = await maria.post(`/tickets/${number}/reopening`, undefined, keyed('reopen-1'));
  expect([replayed.status, replayed.body, replayed.headers.get('idempotency-replayed')]).toEqual([409, refused.body, 'true']);
  expect((await maria.get(`/tickets/${number}`)).body.status).toBe('closed');
});

test('E: “there is no such ticket” is kept like any refusal', async () => {
  const path = '/tickets/CS-2147483000/messages';
  const refused = await anna.post(path, { body: 'Hello' }, keyed('nobody-1'));
  expectEnvelope(refused, 404, 'ticket.not_found');
  const replayed = await anna.post(path, { body: 'Hello' }, keyed('nobody-1'));
  expect([replayed.status, replayed.body, replayed.headers.get('idempotency-replayed')]).toEqual([404, refused.body, 'true']);
});

test('E: what never began is not kept: after a 400, 401, 403, 404 of an address, 413 or 415 the key is free', async () => {
  const key = keyed('free-1');
  const billing = await kontor.people.staff({ role: 'billing' });
  expectEnvelope(await anna.post('/tickets', { ...ticket, subject: '' }, key), 400, 'request.invalid');
  expectEnvelope(await anna.post('/tickets', ticket, { ...key, authorization: 'Bearer nothing' }), 401);
  expectEnvelope(await anna.post('/nothing', ticket, key), 404);
  expectEnvelope(await anna.post('/tickets', ticket, { ...key, 'content-type': 'text/plain' }), 415);
  expectEnvelope(await anna.post('/tickets', { ...ticket, body: 'x'.repeat(1_100_000) }, key), 413);
  expectEnvelope(await billing.post(`/tickets/${await open()}/assignment`, undefined, key), 403, 'auth.not_permitted');
  expect(await kontor.db.query(`select 1 from idempotency_record where key = 'free-1'`)).toEqual([]);
  const opened = await anna.post('/tickets', ticket, key);
  expect([opened.status, opened.headers.get('idempotency-replayed')]).toEqual([201, null]);
});

test('E: a key has 1 to 255 printable characters', async () => {
  for (const key of ['k', 'k'.repeat(255), 'order 4711/ticket #1 ~'])
    expect((await anna.post('/tickets', ticket, keyed(key))).status).toBe(201);
  const changes = await changesOf(kontor.db, async () => {
    for (const key of ['', 'k'.repeat(256), 'a\tb', 'éé', '\u0080'])
      expectEnvelope(await anna.post('/tickets', ticket, keyed(key)), 400, 'request.invalid');
  });
  expect(changes).toEqual([]);
});

test('I8, E: two people with the same key do not meet', async () => {
  const boris = await kontor.people.customer();
  const colleague = await kontor.people.customer({ account: { id: anna.accountId, role: 'technical' } });
  const answers = await Promise.all([anna, boris, colleague].map((person) => person.post('/tickets', ticket, keyed('shared'))));
  expect(answers.map((answer) => [answer.status, answer.headers.get('idempotency-replayed')])).toEqual([
    [201, null],
    [201, null],
    [201, null],
  ]);
  expect(new Set(answers.map((answer) => answer.body.number)).size).toBe(3);
});

test('I7, E: a token is shown once: its repeat is refused, makes no second one, and nothing secret is kept', async () => {
  const made = await annasBrowser.post('/me/tokens', { name: 'Once' }, keyed('token-1'));
  expect(made.status).toBe(201);
  const changes = await changesOf(kontor.db, async () => {
    expectEnvelope(await annasBrowser.post('/me/tokens', { name: 'Once' }, keyed('token-1')), 409, 'idempotency.answer_not_kept');
  });
  expect(changes).toEqual([]);
  const { items } = (await anna.get('/me/tokens')).body;
  expect(items.filter((token: { name: string }) => token.name === 'Once')).toHaveLength(1);
  expect(JSON.stringify(items)).not.toContain(made.body.token);
  expect(await kontor.db.query(`select answer from idempotency_record where key = 'token-1'`)).toEqual([{ answer: null }]);
});

test('R10, E: twenty at once with one key are one effect and one answer', async () => {
  const number = await open();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => anna.post(`/tickets/${number}/messages`, { body: 'Once' }, keyed('race-1'))),
  );
  expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
  expect(answers[0]!.status).toBe(201);
  expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === null)).toHaveLength(1);
  expect((await anna.get(`/tickets/${number}/messages`)).body.items).toHaveLength(2);
});

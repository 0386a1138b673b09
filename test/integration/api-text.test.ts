import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedIn, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer, type TestPerson } from '../harness/people.ts';
import { ask, changesOf, expectEnvelope, json } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestPerson;
let number: string;
/** Anna where she signed in. */
let browser: ApiDriver;
/** People who lost their second factors. */
const forgetful: string[] = [];

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  browser = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  maria = await kontor.people.staff({ role: 'administrator' });
  number = (await open({})).body.number;
  for (let person = 0; person < 5; person += 1) forgetful.push((await kontor.people.customer()).id);
});
afterAll(() => kontor?.stop());

const open = (change: object) => anna.post('/tickets', { subject: 'A panel', body: 'It does not start', category: 'technical', ...change });

/** Every place where people write: one line or many, how many characters, and how it is sent. */
const places: readonly [
  name: string,
  place: { field: string; longest: number; lines: boolean; write: (text: string) => Promise<ApiAnswer> },
][] = [
  ['a ticket’s subject', { field: 'subject', longest: 200, lines: false, write: (subject) => open({ subject }) }],
  ['a ticket’s body', { field: 'body', longest: 65_536, lines: true, write: (body) => open({ body }) }],
  [
    'a customer’s message',
    { field: 'body', longest: 65_536, lines: true, write: (body) => anna.post(`/tickets/${number}/messages`, { body }) },
  ],
  [
    'a staff message',
    { field: 'body', longest: 65_536, lines: true, write: (body) => maria.post(`/tickets/${number}/messages`, { body }) },
  ],
  ['a note', { field: 'body', longest: 65_536, lines: true, write: (body) => maria.post(`/tickets/${number}/notes`, { body }) }],
  ['a token’s name', { field: 'name', longest: 100, lines: false, write: (name) => browser.post('/me/tokens', { name }) }],
  ['a customer’s name', { field: 'name', longest: 200, lines: false, write: (name) => anna.patch('/me', { name }) }],
  ['a staff member’s name', { field: 'name', longest: 200, lines: false, write: (name) => maria.patch('/me', { name }) }],
  ['an account’s name', { field: 'name', longest: 200, lines: false, write: (name) => browser.patch('/account', { name }) }],
  ['a reason to take second factors away', { field: 'reason', longest: 500, lines: false, write: (reason) => becauseOf(reason) }],
  [
    'the words of an agreement',
    {
      field: 'body.en',
      longest: 20_000,
      lines: true,
      write: (en) => maria.post('/consent-texts', { purpose: 'marketing', title: { en: 'News' }, body: { en } }),
    },
  ],
  ['a hold’s reason', { field: 'reason', longest: 500, lines: false, write: (reason) => maria.post('/holds', { scope: 'all', reason }) }],
];

/** For one after another: a person has one such change waiting at a time. */
async function becauseOf(reason: string): Promise<ApiAnswer> {
  const answer = await maria.post(`/users/${forgetful[0]}/factor-reset`, { reason });
  if (answer.status < 300) forgetful.shift();
  return answer;
}

describe.each(places)('T1, E: %s', (_name, { field, longest, lines, write }) => {
  test('takes its longest text, counted in characters, and not one more', async () => {
    const characters = ['я', '😀', '\\'];
    for (const character of characters) expect((await write(character.repeat(longest))).status).toBeLessThan(300);
    const changes = await changesOf(kontor.db, async () => {
      for (const character of characters) await expectRefused(await write(character.repeat(longest + 1)), 'too_long');
    });
    expect(changes).toEqual([]);
  });

  test('keeps emoji, right-to-left letters and quotation marks as they are', async () => {
    const text = `👩‍👩‍👧‍👦 🇷🇺 שלום مرحبا ' " \\ ? ?? $1 :name %s {number} <b>&amp;</b> e\u0301 \u200f${lines ? '\r\n\tindented' : ''}`;
    const answer = await write(text);
    expect(answer.status).toBeLessThan(300);
    expect(await everythingWritten()).toContain(text);
  });

  test('refuses control characters, overrides of direction, half surrogates and nothing at all, by name', async () => {
    const wrong: Record<string, string[]> = {
      control_character: [
        'a\u0000b',
        'a\u0007b',
        'a\u001b[31mb',
        'a\u007fb',
        'a\u0085b',
        ...(lines ? [] : ['a\nb', 'a\rb', 'a\tb', 'a\u2028b', 'a\u2029b']),
      ],
      direction_override: ['invoice\u202egpj.exe', 'a\u202ab', 'a\u2066b\u2069'],
      not_unicode: ['a\ud800b', '\udc00', 'a\ud83d'],
      empty: ['', ' ', '\u00a0\u3000', '\u200b', '\u2060\ufeff', '\u00ad', '\u3164', ...(lines ? ['\n\t '] : [])],
    };
    const changes = await changesOf(kontor.db, async () => {
      for (const [code, texts] of Object.entries(wrong)) for (const text of texts) await expectRefused(await write(text), code);
    });
    expect(changes).toEqual([]);
  });

  async function expectRefused(answer: ApiAnswer, code: string): Promise<void> {
    expectEnvelope(answer, 400, 'request.invalid');
    expect(answer.body.error.details).toEqual([expect.objectContaining({ field, code })]);
  }
});

async function everythingWritten(): Promise<string[]> {
  const rows = await kontor.db.query<{ text: string }>(
    'select subject as text from ticket union all select body from message union all select name from api_token union all select name from app_user union all select reason from hold union all select reason from pending_action union all select name from account union all select body ->> $1 from consent_text',
    ['en'],
  );
  return rows.map((row) => row.text);
}

test('T6, E: the reason of a closing may be left out, and is checked when it is given', async () => {
  const closing = (body: object) => maria.post(`/tickets/${number}/closing`, body);
  for (const reason of ['', '\u202e', 'x'.repeat(501), 5]) expectEnvelope(await closing({ reason }), 400, 'request.invalid');
  expect((await closing({ reason: null })).status).toBe(200);
});

test('E: half a surrogate pair or a NUL outside of texts is refused, too, with an idempotency key and without', async () => {
  const changes = await changesOf(kontor.db, async () => {
    for (const odd of ['\ud800', '\u0000', 'technical\u0000', '\u202e'])
      for (const headers of [{}, { 'idempotency-key': 'odd' }]) {
        const opened = await anna.post('/tickets', { subject: 'A', body: 'B', category: odd }, headers);
        expectEnvelope(opened, 400, 'request.invalid');
        expect(opened.body.error.details).toEqual([expect.objectContaining({ field: 'category' })]);
        expectEnvelope(await maria.post('/holds', { scope: 'account', scopeId: odd, reason: 'A' }, headers), 400, 'request.invalid');
        expectEnvelope(await anna.post('/notifications/read', { ids: [odd] }, headers), 400, 'request.invalid');
        expectEnvelope(await anna.post('/auth/sign-in', { email: odd, password: odd || 'x' }, headers), 400, 'request.invalid');
        expectEnvelope(await anna.patch('/me', { timeZone: odd }, headers), 400, 'request.invalid');
      }
  });
  expect(changes).toEqual([]);
});

test('E: a category that nobody has is named in the refusal and nothing else is', async () => {
  for (const category of ['nonsense', "x'; drop table ticket; --", '?', '??', '$1', ':a', '{number}', '$&']) {
    const answer = await open({ category });
    expectEnvelope(answer, 422, 'ticket.category_unknown');
    expect(answer.body.error.message).toContain(`“${category}”`);
  }
});

test('E: JSON with a key of an object’s prototype, given twice, or nested a thousand levels deep does no harm', async () => {
  const send = (text: string) => ask(kontor.origin, 'POST', '/api/v1/tickets', { ...json, ...anna.credentials }, text);
  const good = '"subject":"A","body":"B","category":"technical"';
  expectEnvelope(await send(`{${good},"prototype":{}}`), 400, 'request.invalid');
  expect((await send(`{${good},"__proto__":{"isAdmin":true}}`)).status).toBeLessThan(500);
  expect((await send(`{"subject":"first",${good}}`)).body.subject).toBe('A');
  expectEnvelope(await send(`{${good},"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), 400);
  expectEnvelope(await send(`{${good},"x":1e999,"y":${'9'.repeat(100_000)}}`), 400, 'request.invalid');
  const manyFields = Array.from({ length: 20_000 }, (_, index) => `"f${index}":0`).join(',');
  const told = await send(`{${good},${manyFields}}`);
  expectEnvelope(told, 400, 'request.invalid');
  expect(told.body.error.details).toHaveLength(20);
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
});

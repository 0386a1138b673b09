import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiAnswer } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { ask, changesOf, exampleBody, expectEnvelope, json, operations, pathOf } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let boris: TestCustomer;
let oleg: TestPerson;
let annas: string;
let boriss: string;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer({ name: 'Anna Petrova' });
  boris = await kontor.people.customer({ name: 'Boris Kuznetsov' });
  oleg = await kontor.people.staff();
  annas = await open(anna, 'Secret of the first');
  boriss = await open(boris, 'Secret of the second');
  for (const number of [annas, boriss]) await oleg.post(`/tickets/${number}/messages`, { body: 'An answer' });
});
afterAll(() => kontor?.stop());

async function open(customer: TestCustomer, subject: string, more: object = {}): Promise<string> {
  const opened = await customer.post('/tickets', { subject, body: `${subject}, in full`, category: 'technical', ...more });
  expect(opened.status).toBe(201);
  return opened.body.number;
}

/** Everything that a customer can read. */
async function everythingRead(customer: TestCustomer, number: string): Promise<Record<string, any>> {
  const paths = [
    '/me',
    '/me/tokens',
    '/queues',
    '/tickets',
    '/tickets?archived=true',
    `/tickets/${number}`,
    `/tickets/${number}/messages`,
    `/tickets/${number}/history`,
    '/notifications',
  ];
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, (await customer.get(path)).body])));
}

describe('I8: one account never reaches another’s data', () => {
  test('nothing that a customer can read holds a word, a number or a name of another account', async () => {
    const read = JSON.stringify(await everythingRead(boris, boriss));
    for (const foreign of ['of the first', annas, anna.id, anna.accountId, anna.email, anna.name]) expect(read).not.toContain(foreign);
    expect(read).toContain('Secret of the second');
  });

  test('no filter and no cursor widens a list: unknown ones are refused', async () => {
    for (const query of [
      `account=${anna.accountId}`,
      `accountId=${anna.accountId}`,
      `numbers=${annas}`,
      'assignee=none',
      'snoozed=true',
      `openedBy=${anna.id}`,
    ])
      expectEnvelope(await boris.get(`/tickets?${query}`), 400, 'request.invalid');
  });

  test('no field of a body puts anything into another account', async () => {
    const ticket = { subject: 'A', body: 'B', category: 'technical' };
    for (const more of [
      { accountId: anna.accountId },
      { account: anna.accountId },
      { openedBy: anna.id },
      { number: annas },
      { status: 'closed' },
      { channel: 'console' },
    ])
      expectEnvelope(await boris.post('/tickets', { ...ticket, ...more }), 400, 'request.invalid');
    for (const more of [
      { email: 'new@people.example' },
      { role: 'owner' },
      { kind: 'staff' },
      { staffRole: 'administrator' },
      { id: anna.id },
      { accountId: anna.accountId },
    ])
      expectEnvelope(await boris.patch('/me', more), 400, 'request.invalid');
    for (const more of [{ visibility: 'internal' }, { authorId: oleg.id }, { nextStepBy: 'staff' }])
      expectEnvelope(await boris.post(`/tickets/${boriss}/messages`, { body: 'B', ...more }), 400, 'request.invalid');
  });

  test('T7: another account’s ticket cannot be cited: it is as unknown as one that nobody has', async () => {
    const cite = (relatedTicket: string) => boris.post('/tickets', { subject: 'A', body: 'B', category: 'technical', relatedTicket });
    const changes = await changesOf(kontor.db, async () => {
      const answers = await Promise.all([annas, 'CS-2147483647', 'CS-9999999999', 'CS-0', '0'].map(cite));
      for (const answer of answers) {
        expectEnvelope(answer, 422, 'ticket.related_unknown');
        expect(answer.body.error.message).toBe(answers[0]!.body.error.message);
      }
    });
    expect(changes).toEqual([]);
    const citing = await open(boris, 'Again', { relatedTicket: boriss.toLowerCase() });
    expect((await boris.get(`/tickets/${boriss}`)).body.citedBy).toContain(citing);
    expect((await anna.get(`/tickets/${annas}`)).body.citedBy).toEqual([]);
  });

  test('N1: another’s notifications cannot be marked read, not even among one’s own', async () => {
    const [theirs] = (await anna.get('/notifications')).body.items;
    expect(theirs.readAt).toBeNull();
    const changes = await changesOf(kontor.db, async () => {
      expect((await boris.post('/notifications/read', { ids: [theirs.id] })).body).toEqual({
        unread: (await boris.get('/notifications')).body.unread,
      });
    });
    expect(changes).toEqual([]);
    const [own] = (await boris.get('/notifications')).body.items;
    await boris.post('/notifications/read', { ids: [theirs.id, own.id] });
    await boris.post('/notifications/read', {});
    expect((await boris.get('/notifications')).body.unread).toBe(0);
    expect((await anna.get('/notifications')).body.items.find((item: { id: string }) => item.id === theirs.id).readAt).toBeNull();
  });

  test('I7: a token acts in the account it was made in, whatever other accounts its owner has', async () => {
    const dmitry = await kontor.people.customer({ account: { id: anna.accountId, role: 'technical' } });
    expect((await dmitry.get('/me')).body.account.id).toBe(anna.accountId);
    expect((await dmitry.get(`/tickets/${annas}`)).status).toBe(200);
    await kontor.db.query('delete from membership where user_id = $1 and account_id = $2', [dmitry.id, anna.accountId]);
    expectEnvelope(await dmitry.get(`/tickets/${annas}`), 401, 'auth.required');
  });
});

describe('T13: an internal note never reaches a customer', () => {
  test('not in a list, a page, the conversation, the history, the notifications, or a number that counts', async () => {
    const number = await open(anna, 'A panel');
    await oleg.post(`/tickets/${number}/messages`, { body: 'An answer' });
    const before = await everythingRead(anna, number);
    const { messageId } = (await oleg.post(`/tickets/${number}/notes`, { body: 'Known bug; the customer must not know' })).body;
    const after = await everythingRead(anna, number);
    expect(JSON.stringify(after)).not.toMatch(/must not know|note/i);
    expect(JSON.stringify(after)).not.toContain(messageId);
    expect(after).toEqual(before);
    expect((await oleg.get(`/tickets/${number}/messages`)).body.items.at(-1)).toMatchObject({ id: messageId, visibility: 'internal' });
  });

  test('not by paging through a conversation that is full of them', async () => {
    const number = await open(anna, 'Many notes');
    for (let index = 0; index < 4; index += 1) {
      await oleg.post(`/tickets/${number}/notes`, { body: `Note ${index}` });
      await anna.post(`/tickets/${number}/messages`, { body: `Message ${index}` });
    }
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: ApiAnswer = await anna.get(`/tickets/${number}/messages?limit=1${cursor && `&cursor=${cursor}`}`);
      expect(page.body.items).toHaveLength(1);
      seen.push(page.body.items[0].body);
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(['Many notes, in full', 'Message 0', 'Message 1', 'Message 2', 'Message 3']);
  });

  test('T6: nor does the reason staff gave for closing, nor what they do among themselves', async () => {
    const number = await open(anna, 'A panel');
    await oleg.post(`/tickets/${number}/assignment`);
    await oleg.delete(`/tickets/${number}/assignment`);
    await oleg.post(`/tickets/${number}/snooze`, { until: new Date(kontor.clock.now().getTime() + 3_600_000).toISOString() });
    await oleg.delete(`/tickets/${number}/snooze`);
    await oleg.post(`/tickets/${number}/closing`, { reason: 'The customer is a nuisance' });
    const read = JSON.stringify(await everythingRead(anna, number));
    expect(read).not.toMatch(/nuisance|snooze|reason|assignee|revision|workflow/i);
    const history = (await oleg.get(`/tickets/${number}/history`)).body.items;
    expect(history.at(-1)).toMatchObject({ what: 'close', data: { reason: 'The customer is a nuisance' } });
  });
});

test('I2: no answer holds a password, its hash, or the hash of a token or session', async () => {
  const secrets = await kontor.db.query<{ secret: string }>(
    'select password_hash as secret from app_user union all select token_hash from api_token union all select id from session',
  );
  const answers: string[] = [];
  for (const operation of operations.filter((one) => one.method === 'GET'))
    answers.push(
      (
        await ask(
          kontor.origin,
          'GET',
          pathOf(operation, { number: annas, id: 'x' }),
          operation.tree === 'staff' ? { ...oleg.credentials } : { ...anna.credentials },
        )
      ).text,
    );
  const all = answers.join('\n');
  expect(all.length).toBeGreaterThan(1_000);
  for (const { secret } of secrets) expect(all).not.toContain(secret);
  expect(all).not.toMatch(/argon2|password/i);
});

describe('I8: a role does what the table says and meets 403 for the rest', () => {
  const deskOnly = /\/(messages|assignment|snooze|dismissal|closing|reopening)$|\/settlement$/;
  const administratorOnly = /^POST .*\/holds/;
  const roles = {
    support: (name: string) => administratorOnly.test(name),
    billing: (name: string) => administratorOnly.test(name) || (!name.startsWith('GET') && deskOnly.test(name)),
    administrator: () => false,
  } as const;

  test.each(Object.entries(roles))('%s', async (role, mayNot) => {
    const person = await kontor.people.staff({ role: role as keyof typeof roles });
    const forbidden: string[] = [];
    const changes = await changesOf(kontor.db, async () => {
      for (const operation of operations.filter((one) => one.tree === 'staff' && !one.open)) {
        // A body that no route takes tells those who may from those who may not, and changes nothing.
        const spoilt = operation.body && JSON.stringify({ ...exampleBody(operation.body), nonsense: true });
        const answer = await ask(
          kontor.origin,
          operation.method,
          pathOf(operation, { number: 'CS-2147483000', id: 'x' }),
          { ...json, ...person.credentials },
          spoilt,
        );
        if (answer.status === 403) forbidden.push(operation.name);
        expect(answer.body.error?.code ?? '').toMatch(answer.status === 403 ? /^auth.not_permitted$/ : /^$|not_found|request.invalid/);
      }
    });
    expect(changes).toEqual([]);
    expect(forbidden).toEqual(operations.filter((one) => one.tree === 'staff' && !one.open && mayNot(one.name)).map((one) => one.name));
    const { permissions } = (await person.get('/me')).body;
    expect(permissions.includes('hold.place')).toBe(role === 'administrator');
    expect(permissions.includes('ticket.answer')).toBe(role !== 'billing');
  });
});

test('M3: a hold on a ticket is kept under the name its steps have, however its number was written', async () => {
  const maria = await kontor.people.staff({ role: 'administrator' });
  const { id } = (await maria.post('/holds', { scope: 'entity', scopeId: `ticket:cs-${Number(annas.slice(3))}`, reason: 'A test' })).body;
  const { items } = (await maria.get('/holds')).body;
  expect(items.find((hold: { id: string }) => hold.id === id).scopeId).toBe(`ticket:${annas}`);
  const steps = await kontor.db.query('select 1 from obligation where entity = $1', [`ticket:${annas}`]);
  expect(steps.length).toBeGreaterThan(0);
  for (const hold of [
    { scope: 'entity', scopeId: 'ticket:CS-2147483000' },
    { scope: 'entity', scopeId: annas },
    { scope: 'account', scopeId: annas },
    { scope: 'all', scopeId: annas },
    { scope: 'account' },
  ])
    expectEnvelope(await maria.post('/holds', { ...hold, reason: 'A test' }), 422, 'hold.scope_unknown');
  for (const until of [
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '2026-02-31T00:00:00Z',
    '2099-01-01T00:00Z',
    '2099-01-01',
    '2099-01-01T00:00:00',
    'tomorrow',
  ])
    expectEnvelope(await maria.post('/holds', { scope: 'all', reason: 'A test', until }), 400, 'request.invalid');
});

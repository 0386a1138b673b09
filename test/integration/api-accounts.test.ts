import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CustomerRole, StaffRole } from '../../domain/permissions.ts';
import { signedIn, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { Authenticator } from '../harness/authenticator.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer, type TestPerson } from '../harness/people.ts';
import {
  ask,
  changesOf,
  exampleBody,
  expectEnvelope,
  json,
  operations,
  pathOf,
  type Operation,
  type RawAnswer,
} from './api-surroundings.ts';

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
    '/me/consents',
    '/account',
    '/account/users',
    '/pending-actions',
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

test('I2: no answer holds a password, its hash, or the hash of a token, code or session', async () => {
  const maria = await kontor.people.staff({ role: 'administrator' });
  const session = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  const { secret } = (await session.post('/me/factors/totp')).body;
  await session.post('/me/factors/totp/confirmation', { code: await new Authenticator(secret, kontor.clock).code() });
  await ask(kontor.origin, 'POST', '/api/v1/auth/password-reset', json, JSON.stringify({ email: anna.email }));
  const kept = [
    'select password_hash from app_user',
    'select token_hash from api_token',
    'select id from session',
    'select secret from factor',
    'select code_hash from recovery_code',
    'select token_hash from mailed_link',
    'select secret from letter where secret is not null',
  ];
  const hidden = [secret, testPassword];
  for (const question of kept) {
    const found = await kontor.db.query<Record<string, string>>(question);
    expect(found.length, question).toBeGreaterThan(0);
    hidden.push(...found.flatMap((row) => Object.values(row)));
  }
  const answers: string[] = [];
  for (const operation of operations.filter((one) => one.method === 'GET')) {
    const credentials = operation.tree === 'staff' ? maria.credentials : operation.takesTokens ? anna.credentials : session.credentials;
    const answer = await ask(kontor.origin, 'GET', pathOf(operation, { number: annas, id: anna.accountId, month: '2026-01' }), {
      ...credentials,
    });
    // What lies below a customer's page or a ticket and has an id of its own is looked at where it is made.
    expect(answer.status, operation.name).toBe(/\{(id|code)\}/.test(operation.path) && !operation.path.includes('/customers/') ? 404 : 200);
    answers.push(answer.text);
  }
  const all = answers.join('\n');
  expect(all.length).toBeGreaterThan(1_000);
  for (const text of hidden) expect(all).not.toContain(text);
  expect(all).not.toMatch(/argon2|"(?:password|passwordHash|secret|codeHash|tokenHash)"/i);
});

describe('I8: a role does what the table says and meets 403 for the rest', () => {
  const roles: readonly [tree: 'customer' | 'staff', role: CustomerRole | StaffRole, mayNot: string][] = [
    ['customer', 'owner', ''],
    [
      'customer',
      'technical',
      'account.change member.manage invitation.read quote.answer obligation.read balance.read payment.read payment.make order.read order.place promo_code.preview obligation.read',
    ],
    ['customer', 'billing', 'account.change member.manage invitation.read server_access.grant'],
    [
      'staff',
      'support',
      'hold.place staff.manage consent_text.publish audit.read audit.export queue.manage timing_policy.manage calendar.manage sla_plan.manage agreement.manage service_level.retime scope.manage partner.manage refund.make payment.chargeback adjustment.make money.approve money.withdraw finance_policy.read finance_policy.manage credit_limit.set discount.set tax_profile.set spending.unfreeze payment.ask promo_code.manage tax_rate.manage books_audit.read books_audit.run finance_report.read ledger.read ledger.export',
    ],
    [
      'staff',
      'billing',
      'ticket.answer ticket.work hold.place customer.email customer.factor_reset customer.password_reset pending_action.approve pending_action.withdraw staff.manage consent_text.publish audit.read audit.export queue.manage timing_policy.manage calendar.manage sla_plan.manage agreement.manage service_level.retime scope.manage partner.manage canned_reply.manage job.stop problem.manage quote.offer server_access.read server_access.reveal ticket.assign ticket.merge ticket.open ticket.participant ticket.severity finance_policy.manage tax_rate.manage',
    ],
    ['staff', 'administrator', ''],
  ];

  test.each(roles)('%s: %s', async (tree, role, mayNot) => {
    const person = await personOf(tree, role);
    const forbidden = new Set<string>();
    const changes = await changesOf(kontor.db, async () => {
      // One takes neither body nor key; everybody may ask it of himself.
      const guarded = operations.filter((one) => one.tree === tree && !one.open && !/POST .*\/me\/factors\/totp$/.test(one.name));
      for (const operation of guarded) {
        const answer = await askInVain(operation, { ...person.credentials });
        if (answer.status === 403) forbidden.add(operation.row!);
        const code = answer.body?.error?.code ?? '';
        expect(code, operation.name).toMatch(answer.status === 403 ? /^auth.not_permitted$/ : /^$|not_found|request.invalid/);
      }
    });
    expect(changes).toEqual([]);
    expect(forbidden).toEqual(new Set(mayNot.split(' ').filter(Boolean)));
    if (tree === 'customer') return;
    const { permissions } = (await person.get('/me')).body;
    expect(permissions.includes('hold.place')).toBe(role === 'administrator');
    expect(permissions.includes('ticket.answer')).toBe(role !== 'billing');
  });

  async function personOf(tree: 'customer' | 'staff', role: string): Promise<ApiDriver> {
    if (tree === 'staff') return kontor.people.staff({ role: role as StaffRole });
    const { accountId } = await kontor.people.customer();
    const { email, id } = await kontor.people.customer({ account: { id: accountId, role: role as CustomerRole } });
    await kontor.db.query('delete from membership where user_id = $1 and account_id <> $2', [id, accountId]);
    return signedIn(kontor.origin, 'customer', email, testPassword);
  }

  /** With a part that no route takes: it tells those who may from those who may not, and changes nothing. */
  function askInVain(operation: Operation, headers: Record<string, string>): Promise<RawAnswer> {
    const path = pathOf(operation, { number: 'CS-2147483000', month: '2026-01' });
    const body = operation.body && JSON.stringify({ ...exampleBody(operation.body), nonsense: true });
    const key: Record<string, string> = operation.takesIdempotencyKey ? { 'idempotency-key': '' } : {};
    const url = operation.query.length ? `${path}?nonsense=1` : path;
    return ask(kontor.origin, operation.method, url, { ...json, ...key, ...headers }, body);
  }
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

import { createHash } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, everyTree } from '../../api/app.ts';
import type { ApiParts } from '../../api/context.ts';
import { customerRoute, staffRoute } from '../../api/route.ts';
import { newRouter } from '../../api/router.ts';
import { newId } from '../../db/new-id.ts';
import { grantBonus } from '../../db/repositories/money.ts';
import { customerActions, staffActions, tokenScopes, type CustomerAction, type StaffPermission } from '../../domain/permissions.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';
import {
  ask,
  comparable,
  changesOf,
  exampleBody,
  expectEnvelope,
  fieldOf,
  json,
  operations,
  pathOf,
  type Operation,
  type RawAnswer,
} from './api-surroundings.ts';
import { upload } from './desk-files-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let stranger: TestCustomer;
let maria: TestStaff;
/** Sessions as cookies: the customer's own name for it, and the staff's. */
let cookies: { customer: string; staff: string };
let known: Known;
let strangers: Known;

/** What a path may name: things that are there. */
interface Known {
  readonly number: string;
  readonly token: string;
  readonly session: string;
  readonly member: string;
  readonly invitation: string;
  readonly change: string;
  readonly hold: string;
  readonly job: string;
  readonly queue: string;
  readonly timingPolicy: string;
  readonly calendar: string;
  readonly slaPlan: string;
  readonly agreement: string;
  readonly scopeItem: string;
  readonly partner: string;
  readonly problem: string;
  readonly case: string;
  readonly file: string;
  readonly quote: string;
  readonly access: string;
  readonly account: string;
  readonly customer: string;
  readonly colleague: string;
  readonly staffInvitation: string;
  readonly cannedReply: string;
  readonly booksAudit: string;
  readonly payment: string;
  readonly order: string;
  readonly promoCode: string;
  readonly taxRate: string;
  readonly refund: string;
  readonly adjustment: string;
  readonly approval: string;
  readonly ledgerAccount: string;
  readonly transfer: string;
}

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  stranger = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'administrator' });
  const session = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  cookies = { customer: session.credentials['cookie']!, staff: maria.credentials['cookie']! };
  const ofStaff = {
    hold: (await maria.post('/holds', { scope: 'all', reason: 'A test' })).body.id,
    ...(await timingSettings()),
    ...(await supportSettings()),
    calendar: (await maria.get('/calendars')).body.items[0].id,
    case: await openCase(),
    booksAudit: (await maria.post('/books-audits', {})).body.id,
    cannedReply: (await maria.post('/canned-replies', { title: { en: 'A text' }, body: { en: 'A text' } })).body.id,
    colleague: (await kontor.people.staff()).id,
    staffInvitation: (await maria.post('/staff-invitations', { email: 'new@people.example', role: 'support' })).body.id,
  };
  known = { ...ofStaff, ...(await belongingsOf(anna, session)) };
  strangers = { ...ofStaff, ...(await belongingsOf(stranger, await signedIn(kontor.origin, 'customer', stranger.email, testPassword))) };
});
afterAll(() => kontor?.stop());

/** One of each that a customer can have, found again by its id. */
async function belongingsOf(customer: TestCustomer, session: ApiDriver) {
  const member = await kontor.people.customer({ account: { id: customer.accountId, role: 'technical' } });
  const ticket = { subject: 'A panel', body: 'It does not start', category: 'technical' };
  const file = (await upload(kontor, customer, 'panel.log', 'a log')).body.id;
  const invited = { email: 'somebody@people.example', role: 'billing' };
  const { number } = (await customer.post('/tickets', { ...ticket, files: [file] })).body;
  const validUntil = new Date(kontor.clock.now().getTime() + 48 * 3_600_000).toISOString();
  const work = { description: 'Moving the panel', amount: { amountMinor: 1_250_000, currency: 'RUB' }, validUntil };
  const access = { address: '203.0.113.7', way: 'secret', secret: 'a password' };
  const plan = (await maria.get('/sla-plans')).body.items[0].id;
  const agreed = { account: customer.accountId, kind: 'enterprise', plan, startsAt: '2026-01-01T00:00:00Z' };
  return {
    number,
    agreement: (await maria.post('/agreements', agreed)).body.id,
    quote: (await maria.post(`/tickets/${number}/quotes`, work)).body.id,
    access: (await session.post(`/tickets/${number}/server-accesses`, access)).body.id,
    file,
    token: (await session.post('/me/tokens', { name: 'Monitoring' })).body.id,
    session: (await session.get('/me/sessions')).body.items[0].id,
    member: member.id,
    invitation: (await session.post('/account/invitations', invited)).body.id,
    change: (await session.post('/me/email', { email: `new-${customer.email}` })).body.id,
    account: customer.accountId,
    customer: customer.id,
    ...(await moneyOf(customer)),
  };
}

/** One of each that moves money, as rows alone: nothing has come in. */
async function moneyOf({ accountId, id: customer }: TestCustomer) {
  const at = kontor.clock.now();
  const [payment, refund, order] = [newId('payment', at), newId('refund', at), newId('order', at)];
  await kontor.db.query(
    `insert into sales_order (id, account_id, state, currency, list_minor, discount_minor, tax_on_top_minor, total_minor, placed_by_id, placed_at, settled_at)
      values ($1, $2, 'cancelled', 'RUB', 100, 0, 0, 100, $3, $4, $4)`,
    [order, accountId, customer, at],
  );
  await kontor.db.query(
    `insert into payment (id, account_id, amount_minor, currency, state, provider, return_url, begun_by_id, begun_at)
      values ($1, $2, 100, 'RUB', 'pending', 'yookassa', 'https://shop.example', $3, $4)`,
    [payment, accountId, customer, at],
  );
  await kontor.db.query(
    `insert into refund (id, account_id, payment_id, amount_minor, currency, origin, state, asked_for_at)
      values ($1, $2, $3, 100, 'RUB', 'staff', 'withdrawn', $4)`,
    [refund, accountId, payment, at],
  );
  const [promoCode, taxRate] = [newId('promoCode', at), newId('taxRate', at)];
  await kontor.db.query(
    `insert into promo_code (id, code, kind, percentage_bp, valid_from, created_by_id, created_at) values ($1, $2, 'percentage', 1000, $3, $4, $3)`,
    [promoCode, `CODE-${accountId.slice(-8).toUpperCase()}`, at, maria.id],
  );
  await kontor.db.query(
    `insert into tax_rate (id, category, country, valid_from, rate_bp, created_at)
      values ($1, 'paid_work', 'RU', date '2990-01-01' + (select count(*)::integer from tax_rate), 2000, $2)`,
    [taxRate, at],
  );
  const wish = { amount: { amountMinor: 2_000_000, currency: 'RUB' }, money: 'bonus', reason: 'A test' };
  const waiting = await maria.post(`/customers/${accountId}/adjustments`, wish, { 'idempotency-key': accountId });
  const given = { accountId, amountMinor: 100, key: `test:${accountId}`, at, by: 'time', about: {} };
  const { transferId } = await kontor.database.fork().transactional((em) => grantBonus(em, given));
  const books = { ledgerAccount: `bonus:${accountId}`, transfer: transferId };
  return {
    ...books,
    payment,
    order,
    promoCode,
    taxRate,
    refund,
    adjustment: waiting.body.id as string,
    approval: waiting.body.approval as string,
  };
}

/** A policy, a queue that goes by another one, and long work that nobody does, as no engine is there. */
async function timingSettings() {
  const durations = { autoCloseAfterSeconds: 3600, archiveAfterSeconds: 3600, warnBeforeSeconds: 0 };
  const policy = (await maria.post('/timing-policies', { names: { en: 'An hour' }, ...durations })).body.id;
  const queue = (await maria.get('/queues')).body.items[0].id;
  const slaPlan = (await maria.get('/sla-plans')).body.items[0].id;
  const { job } = (await maria.post(`/timing-policies/${policy}/retiming`, {})).body;
  return { timingPolicy: policy, queue, slaPlan, job };
}

/** One of each that support tells customers of. */
async function supportSettings() {
  const words = { en: 'A text' };
  return {
    scopeItem: (await maria.get('/support-scope')).body.items[0].id,
    partner: (await maria.post('/partners', { name: 'Vega', city: words, address: 'help@vega.example' })).body.id,
    problem: (await maria.post('/problems', { kind: 'problem', internalTitle: 'A page', title: words, text: words })).body.id,
  };
}

async function openCase(): Promise<string> {
  const id = newId('case', kontor.clock.now());
  await kontor.db.query(
    `insert into staff_case (id, kind, about, detail, opened_at) values ($1, 'delivery.refused', 'ntf_1', '{}', now())`,
    [id],
  );
  return id;
}

/** What the id in a path names, by the collection it is looked for in. */
const collections: readonly (readonly [collection: RegExp, kind: keyof Known])[] = [
  [/\/me\/tokens\//, 'token'],
  [/\/me\/sessions\//, 'session'],
  [/\/quotes\//, 'quote'],
  [/\/server-accesses\//, 'access'],
  [/\/account\/users\//, 'member'],
  [/\/account\/invitations\//, 'invitation'],
  [/\/pending-actions\//, 'change'],
  [/\/holds\//, 'hold'],
  [/\/jobs\//, 'job'],
  [/\/books-audits\//, 'booksAudit'],
  [/\/queues\//, 'queue'],
  [/\/timing-policies\//, 'timingPolicy'],
  [/\/calendars\//, 'calendar'],
  [/\/sla-plans\//, 'slaPlan'],
  [/\/agreements\//, 'agreement'],
  [/\/support-scope\//, 'scopeItem'],
  [/\/partners\//, 'partner'],
  [/\/problems\//, 'problem'],
  [/\/cases\//, 'case'],
  [/\/files\//, 'file'],
  [/\/customers\//, 'account'],
  [/\/v1\/users\//, 'customer'],
  [/\/staff\/\{id\}/, 'colleague'],
  [/\/staff-invitations\//, 'staffInvitation'],
  [/\/canned-replies\//, 'cannedReply'],
  [/\/participants\//, 'customer'],
  [/\/ledger-accounts\//, 'ledgerAccount'],
  [/\/ledger\/transfers\//, 'transfer'],
  [/\/payments\//, 'payment'],
  [/\/orders\//, 'order'],
  [/\/promo-codes\//, 'promoCode'],
  [/\/tax-rates\//, 'taxRate'],
  [/\/refunds\//, 'refund'],
  [/\/adjustments\//, 'adjustment'],
  [/\/money-approvals\//, 'approval'],
];

function path(operation: Operation, ids = known): string {
  const kind = collections.find(([collection]) => collection.test(operation.path))?.[1];
  if (operation.params.includes('id') && !kind) throw new Error(`say what the id of ${operation.path} names`);
  return pathOf(operation, {
    number: ids.number,
    purpose: 'marketing',
    year: '2026',
    month: '2026-01',
    version: '1',
    ...(kind ? { id: ids[kind] } : {}),
  });
}

/** The operation's path without the query that it cannot do without. */
function withoutQuery(operation: Operation): string {
  return path(operation).split('?')[0]!;
}

function credentialsFor(operation: Operation): Record<string, string> {
  if (operation.open) return {};
  if (operation.tree === 'staff') return { cookie: cookies.staff };
  return operation.takesTokens ? { ...anna.credentials } : { cookie: cookies.customer };
}

/** Sends the operation as it should be, but for what is given. */
function send(
  operation: Operation,
  given: {
    headers?: Record<string, string>;
    path?: string;
    body?: unknown;
    text?: string | Uint8Array<ArrayBuffer>;
    /** Where the cookie is to be judged: beside a token it would not be. */
    withoutToken?: true;
  } = {},
): Promise<RawAnswer> {
  const body =
    given.text ?? (operation.takesFile ? 'a log' : operation.body ? JSON.stringify(given.body ?? exampleBody(operation.body)) : undefined);
  const credentials = given.withoutToken ? {} : credentialsFor(operation);
  const headers = { ...(body === undefined ? {} : json), ...credentials, ...given.headers };
  return ask(kontor.origin, operation.method, given.path ?? path(operation), headers, body);
}

const guarded = operations.filter((operation) => !operation.open);
const changing = operations.filter((operation) => operation.method !== 'GET');
const withBody = operations.filter((operation) => operation.body);
const ofCustomers = guarded.filter((operation) => operation.tree === 'customer');
const named = (list: readonly Operation[]) => list.map((operation) => [operation.name, operation] as const);

test('E: the document names the routes that are there, and those that anybody may ask are these', () => {
  expect(operations.length).toBeGreaterThanOrEqual(100);
  const ways = ['sign-in', 'second-factor', 'sign-out'];
  expect(new Set(operations.filter((operation) => operation.open).map((operation) => operation.name))).toEqual(
    new Set([
      ...['registration', 'confirmation', 'invitation', 'link', 'email-change', 'veto', 'password-reset'].map(
        (name) => `POST /api/v1/auth/${name}`,
      ),
      'POST /api/v1/auth/password-reset/confirmation',
      'POST /api/v1/auth/second-factor/email-code',
      'GET /api/v1/consent-texts',
      ...ways.map((name) => `POST /api/v1/auth/${name}`),
      ...[...ways, 'totp', 'totp/confirmation'].map((name) => `POST /api/staff/v1/auth/${name}`),
    ]),
  );
});

test('I8: a route without its row in the table of roles and actions does not start', () => {
  const parts = {} as ApiParts;
  expect(() => createApp(parts)).not.toThrow();
  const declared = { method: 'get', path: '/slipped-in', responses: { 200: { description: 'Everything' } } } as const;
  const answer = (c: Context) => c.text('everything') as never;
  const slippedIn = {
    'added beside the declared ones': newRouter().get('/slipped-in', answer),
    'added under a declared path': newRouter().put('/me', answer),
    'declared without a word on who may': newRouter().openapi(createRoute(declared), answer),
    'declared without a row': newRouter().openapi(createRoute({ ...declared, security: [{ customerSession: [] }] }), answer),
    'declared and kept out of the document': newRouter().openapi(createRoute({ ...declared, security: [], hide: true }), answer),
  };
  for (const [how, router] of Object.entries(slippedIn))
    for (const tree of ['/api/v1', '/api/staff/v1'] as const) {
      const trees = everyTree();
      trees[tree].push(router as (typeof trees)[typeof tree][number]);
      expect(() => createApp(parts, trees), how).toThrow(/without an entry in domain\/permissions: .*\/(slipped-in|me)$/);
    }
  for (const none of ['nothing.at_all', 'toString', '__proto__', '']) {
    expect(() => customerRoute(none as CustomerAction, declared)).toThrow(/not in the table/);
    expect(() => staffRoute(none as StaffPermission, declared)).toThrow(/not in the table/);
  }
});

describe('I8, E: without credentials, or with wrong ones, every route answers 401 and changes nothing', () => {
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer kntr_00000000000000000000000000000000deadbeef' },
    { authorization: `Basic ${btoa('anna:secret')}` },
    { authorization: 'Bearer ' },
    { cookie: 'kontor=forged; kontor-staff=forged' },
  ];
  test.each(named(guarded))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      for (const headers of wrong) {
        const answer = await ask(
          kontor.origin,
          operation.method,
          path(operation),
          { ...json, ...headers },
          operation.body ? JSON.stringify(exampleBody(operation.body)) : undefined,
        );
        expectEnvelope(answer, 401, 'auth.required');
        expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      }
      // Whoever is nobody is not told what a body should look like.
      for (const text of operation.body ? ['{', '{"nonsense":true}', '[]'] : [])
        expectEnvelope(await ask(kontor.origin, operation.method, path(operation), json, text), 401, 'auth.required');
    });
    expect(changes).toEqual([]);
  });
});

describe('I7: a token does what its scopes say; what only somebody who signed in may do, none does', () => {
  const scoped = new Map<string, string>();

  /** A token of Anna's that has every scope but this one. */
  async function tokenWithout(row: string): Promise<string> {
    const made = scoped.get(row);
    if (made) return made;
    const scopes = tokenScopes.filter((scope) => scope !== row);
    const { token } = (
      await ask(kontor.origin, 'POST', '/api/v1/me/tokens', { ...json, cookie: cookies.customer }, JSON.stringify({ name: row, scopes }))
    ).body;
    scoped.set(row, token);
    return token;
  }

  test.each(named(ofCustomers))('%s', async (_name, operation) => {
    expect(operation.takesTokens).toBe(tokenScopes.includes(operation.row as CustomerAction));
    const authorization = operation.takesTokens ? `Bearer ${await tokenWithout(operation.row!)}` : anna.credentials['authorization']!;
    const changes = await changesOf(kontor.db, async () => {
      const refused = operation.takesTokens ? 'auth.scope_missing' : 'auth.sign_in_required';
      // A good cookie beside it changes nothing: the request is judged by its token.
      for (const cookie of ['', cookies.customer]) {
        const answer = await send(operation, { headers: { authorization, cookie } });
        expectEnvelope(answer, 403, refused);
        if (operation.takesTokens) expect(answer.body.error.message).toContain(operation.row);
      }
    });
    expect(changes).toEqual([]);
  });
});

describe('I10: what asks for a fresh code changes nothing without one', () => {
  const asking = guarded.filter((operation) => operation.stepUp);
  const stale = { customer: '', staff: '' };

  beforeAll(async () => {
    const customer = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    const staff = await signedIn(kontor.origin, 'staff', maria.email, testPassword, maria.app);
    Object.assign(stale, { customer: customer.credentials['cookie'], staff: staff.credentials['cookie'] });
    for (const cookie of Object.values(stale))
      await kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '5 minutes' where id = $1`, [
        createHash('sha256').update(cookie.split('=')[1]!).digest('hex'),
      ]);
  });

  test('I10: these ask for one', () => {
    expect(new Set(asking.map((operation) => operation.row))).toEqual(
      new Set(
        'me.password me.email factor.change token.create member.manage customer.email customer.factor_reset pending_action.approve staff.manage consent_text.publish audit.export server_access.reveal refund.make payment.chargeback adjustment.make money.approve finance_policy.manage credit_limit.set discount.set spending.unfreeze ledger.export'.split(
          ' ',
        ),
      ),
    );
  });

  test.each(named(asking))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      const headers = { cookie: stale[operation.tree] };
      expectEnvelope(await send(operation, { headers }), 403, 'auth.step_up_required');
      expect((await ask(kontor.origin, 'GET', operation.tree === 'staff' ? '/api/staff/v1/me' : '/api/v1/me', headers)).status).toBe(200);
    });
    expect(changes).toEqual([]);
  });
});

describe('E: what another site’s page sends is refused, signed in or not, and changes nothing', () => {
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ];
  test.each(named(changing))('%s', async (_name, operation) => {
    const cookie = operation.open ? Object.values(cookies).join('; ') : cookies[operation.tree];
    const changes = await changesOf(kontor.db, async () => {
      for (const headers of foreign) {
        const answer = await send(operation, { headers: { ...headers, cookie }, withoutToken: true });
        expectEnvelope(answer, 403, 'auth.cross_site');
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    });
    expect(changes).toEqual([]);
  });
});

describe('I8, E: what is another account’s answers exactly like what does not exist', () => {
  test.each(named(ofCustomers.filter(({ params }) => params.includes('id') || params.includes('number'))))(
    '%s',
    async (_name, operation) => {
      const at = kontor.clock.now();
      const nobodys = {
        ...known,
        number: 'CS-2147483647',
        token: newId('apiToken', at),
        session: newId('session', at),
        member: newId('user', at),
        invitation: newId('invitation', at),
        change: newId('pendingAction', at),
        file: newId('file', at),
        payment: newId('payment', at),
        order: newId('order', at),
      };
      const changes = await changesOf(kontor.db, async () => {
        const theirs = await send(operation, { path: path(operation, strangers) });
        const missing = await send(operation, { path: path(operation, nobodys) });
        expectEnvelope(theirs, 404);
        expect(comparable(theirs)).toEqual(comparable(missing));
      });
      expect(changes).toEqual([]);
    },
  );
});

describe('I8, E: an id or a number that is none, is nobody’s, or is hostile answers 404', () => {
  const hostile = [
    'CS-0',
    'CS-99999999999',
    '-1',
    '0x10',
    '%00',
    'CS-000001%00',
    "'; drop table ticket; --",
    '../me',
    'ünïcode',
    'a'.repeat(3_000),
    '%',
    '%ZZ',
    '{number}',
    '__proto__',
  ];
  test.each(named(operations.filter((operation) => operation.path.includes('{'))))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      for (const text of hostile) {
        const encoded = /^%(00|ZZ|)$|%00$/.test(text) ? text : encodeURIComponent(text);
        const answer = await send(operation, { path: operation.path.replace(/\{\w+\}/, encoded) });
        expectEnvelope(answer, 404);
      }
    });
    // Of promo codes every guess counts.
    const counted = operation.path.includes('/promo-codes/{code}') ? ['throttle'] : [];
    expect(changes).toEqual(counted);
  });
});

describe('I8: to a customer the staff’s tree does not exist', () => {
  test.each(named(guarded.filter((operation) => operation.tree === 'staff')))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      expectEnvelope(await send(operation, { headers: { cookie: '', ...anna.credentials } }), 404, 'request.not_found');
      // The customer's session under the staff cookie's name; under its own the staff's tree never reads it.
      expectEnvelope(
        await send(operation, { headers: { cookie: cookies.customer.replace('kontor=', 'kontor-staff=') } }),
        404,
        'request.not_found',
      );
      expectEnvelope(await send(operation, { headers: { cookie: cookies.customer } }), 401, 'auth.required');
    });
    expect(changes).toEqual([]);
  });
});

describe('I8: a member of staff is nobody in the customers’ tree', () => {
  test.each(named(ofCustomers))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      expectEnvelope(await send(operation, { withoutToken: true, headers: { cookie: cookies.staff } }), 401, 'auth.required');
      const underTheirName = { cookie: cookies.staff.replace('kontor-staff=', 'kontor=') };
      expectEnvelope(await send(operation, { withoutToken: true, headers: underTheirName }), 404, 'request.not_found');
    });
    expect(changes).toEqual([]);
  });
});

describe('E: a body that is too large, of another type or no JSON is refused and changes nothing', () => {
  const longest = 1_048_576;
  // What takes a file takes bytes of any type, and ten times as many: its own tests say what it refuses.
  test.each(named(changing.filter(({ takesFile }) => !takesFile)))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      expectEnvelope(await send(operation, { text: `{"body":"${'a'.repeat(longest)}"}` }), 413, 'request.too_large');
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json-patch+json',
        'application/jsonp',
        'application/json; charset=windows-1251',
        '',
      ])
        expectEnvelope(
          await send(operation, { text: new TextEncoder().encode('{"body":"x"}'), headers: { 'content-type': type } }),
          415,
          'request.unsupported_content_type',
        );
      // Bytes of another encoding would be kept as replacement characters, and the text would be lost.
      expectEnvelope(await send(operation, { text: new Uint8Array([0x7b, 0x22, 0xcf, 0xf0, 0x22, 0x7d]) }), 400, 'request.malformed');
    });
    expect(changes).toEqual([]);
  });

  test.each(named(withBody))('%s: not JSON', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      for (const text of ['{', '', 'nothing', '{"body":}', '{"a":1}{"a":1}', "{'a':1}", '\u0000'])
        expectEnvelope(await send(operation, { text: new TextEncoder().encode(text) }), 400, 'request.malformed');
      // The wrong type is wrong even when nothing follows.
      expectEnvelope(
        await send(operation, { text: '', headers: { 'content-type': 'text/plain' } }),
        415,
        'request.unsupported_content_type',
      );
    });
    expect(changes).toEqual([]);
  });
});

/** What is right for no field of another type; where `true` or `{}` would be, something else is wrong. */
function wrongFor(operation: Operation, field: string): unknown[] {
  const schema = fieldOf(operation, field);
  const isWhole = schema?.type === 'object' && (schema.required ?? []).length === 0;
  return [...(isWhole ? [] : [{}]), [[]], -1, { toString: 'x' }, schema?.type === 'boolean' ? 'true' : true];
}

describe('E: unknown fields and wrong types are refused by name and change nothing', () => {
  test.each(named(withBody))('%s: body', async (_name, operation) => {
    const example = exampleBody(operation.body!);
    const changes = await changesOf(kontor.db, async () => {
      const fields = Object.keys(operation.body!.properties ?? {});
      for (const unknown of ['isAdmin', 'accountId', 'constructor', 'a.b', ''].filter((name) => !fields.includes(name))) {
        const answer = await send(operation, { body: { ...example, [unknown]: true } });
        expectEnvelope(answer, 400, 'request.invalid');
        expect(answer.body.error.details).toContainEqual(expect.objectContaining({ field: unknown, code: 'unknown_field' }));
      }
      for (const body of [null, [], [example], 'text', 1, true])
        expectEnvelope(await send(operation, { text: JSON.stringify(body) }), 400, 'request.invalid');
      for (const field of fields)
        for (const value of wrongFor(operation, field)) {
          const answer = await send(operation, { body: { ...example, [field]: value } });
          expectEnvelope(answer, 400, 'request.invalid');
          expect(answer.body.error.details.map((detail: { field: string }) => detail.field.split('.')[0])).toContain(field);
        }
      for (const field of operation.body!.required ?? []) {
        const answer = await send(operation, { body: { ...example, [field]: undefined } });
        expectEnvelope(answer, 400, 'request.invalid');
        expect(answer.body.error.details).toEqual([expect.objectContaining({ field, code: 'missing' })]);
      }
    });
    expect(changes).toEqual([]);
  });

  test.each(named(operations.filter((operation) => operation.query.length)))('%s: query', async (_name, operation) => {
    const wrong = operation.query.flatMap((name) =>
      ['', `1&${name}=2`, 'x'.repeat(600)].map((value) => ({ query: `${name}=${value}`, field: name })),
    );
    for (const { query, field } of [{ query: 'nonsense=1', field: 'nonsense' }, ...wrong]) {
      const answer = await send(operation, { path: `${withoutQuery(operation)}?${query}` });
      expectEnvelope(answer, 400, 'request.invalid');
      expect(answer.body.error.details).toContainEqual(expect.objectContaining({ field }));
    }
    for (const name of operation.query) expectEnvelope(await send(operation, { path: `${withoutQuery(operation)}?${name}=%00` }), 400);
  });
});

describe('E: an idempotency key that no row could hold is refused wherever one is taken', () => {
  /** The first may hold a password, of which not even a hash should be kept; a fresh code given twice does no harm. A look ahead changes nothing; a draft and one's being
   * there are as they are, however often that is said. */
  const without = new Set([
    'POST /me/step-up',
    'POST /holds/preview',
    'POST /timing-policies/{id}/retiming-preview',
    'POST /service-retimings/preview',
    'DELETE /tickets/{number}/draft',
    'DELETE /tickets/{number}/presence',
  ]);
  const taking = guarded.filter((operation) => operation.method === 'POST' || operation.method === 'DELETE');
  test.each(named(taking))('%s', async (name, operation) => {
    expect(operation.takesIdempotencyKey).toBe(!without.has(name.replace(/\/api\/(staff\/)?v1/, '')));
    if (!operation.takesIdempotencyKey) return;
    const changes = await changesOf(kontor.db, async () => {
      for (const key of ['k'.repeat(256), 'k'.repeat(8_000), 'a\tb', 'é', '']) {
        const answer = await send(operation, { headers: { 'idempotency-key': key } });
        expectEnvelope(answer, 400, 'request.invalid');
        expect(new Set(answer.body.error.details.map((detail: { field: string }) => detail.field))).toEqual(new Set(['idempotency-key']));
      }
    });
    expect(changes).toEqual([]);
  });
});

test('I8: the tables of roles name nobody who is not there', () => {
  expect(Object.values(customerActions).every(({ roles }) => roles.length > 0)).toBe(true);
  expect(Object.values(staffActions).every(({ roles }) => roles.length > 0)).toBe(true);
});

import { serve, type ServerType } from '@hono/node-server';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Client } from 'pg';
import { createApp } from '../../api/app.ts';
import { makeApiToken } from '../../api/auth/api-tokens.ts';
import { PasswordCheck } from '../../api/auth/passwords.ts';
import { Throttle } from '../../api/auth/throttle.ts';
import { roomyThrottle } from '../harness/roomy-throttle.ts';
import { Sessions } from '../../api/auth/sessions.ts';
import { maxJobItems } from '../../domain/job.ts';
import { OutboxBell } from '../../db/outbox-bell.ts';
import { openLog } from '../../log.ts';
import { apiDriver, signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';
import { ask, changesOf, comparable, expectEnvelope, json, type RawAnswer } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let oleg: TestStaff;
/** Anna where she signed in just now: she may make tokens. */
let browser: ApiDriver;
const clock = new MovableClock();

beforeAll(async () => {
  kontor = await startKontor({ promises: false, clock });
  anna = await kontor.people.customer();
  browser = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  oleg = await kontor.people.staff();
});
afterAll(() => kontor?.stop());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const signIn = (tree: 'v1' | 'staff/v1', email: string, password: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  ask(kontor.origin, 'POST', `/api/${tree}/auth/sign-in`, { ...json, ...headers }, JSON.stringify({ email, password }));
const setCookies = (answer: RawAnswer) => answer.headers.getSetCookie();
const cookieNamed = (answer: RawAnswer, name: string) => setCookies(answer).find((set) => set.startsWith(`${name}=`));

/** Signs a member of staff in, both steps; the answer sets his cookies. */
async function signInStaff(person: TestStaff, origin = kontor.origin): Promise<RawAnswer> {
  // His app gives three codes at one moment: it is another.
  clock.move(90);
  const post = (path: string, body: object) => ask(origin, 'POST', `/api/staff/v1/auth/${path}`, json, JSON.stringify(body));
  const { attempt } = (await post('sign-in', { email: person.email, password: testPassword })).body.next;
  return post('second-factor', { attempt, method: 'totp', code: await person.app.code() });
}
const valueOf = (setCookie: string) => setCookie.split(';')[0]!;
const sessionsOf = async (id: string) =>
  (await kontor.db.query<{ id: string }>('select id from session where user_id = $1 order by created_at', [id])).map((row) => row.id);

describe('I2: the session’s cookie', () => {
  test('is out of reach of scripts and of other sites, and its token is in no answer and no row', async () => {
    const answer = await signIn('v1', anna.email.toUpperCase(), testPassword);
    expect(answer.status).toBe(200);
    const [cookie, device, ...more] = setCookies(answer);
    expect(more).toEqual([]);
    expect(cookie).toMatch(/^kontor=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(device).toMatch(/^kontor-device=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    const token = valueOf(cookie!).slice('kontor='.length);
    expect(answer.text).not.toContain(token);
    expect(await sessionsOf(anna.id)).toContain(sha256(token));
    const deviceToken = valueOf(device!).slice('kontor-device='.length);
    expect(answer.text).not.toContain(deviceToken);
    expect(await kontor.db.query('select 1 from known_device where device_hash = $1', [sha256(deviceToken)])).toHaveLength(1);
    const rows = await kontor.db.query<{ row: string }>(
      'select s::text as row from session s union all select t::text from api_token t union all select d::text from known_device d union all select a::text from audit_line a union all select coalesce(i.answer::text, $1) from idempotency_record i',
      [''],
    );
    expect(rows.filter(({ row }) => row.includes(token) || row.includes(deviceToken))).toEqual([]);
  });

  test('has another name for staff, so that a browser can be both', async () => {
    expect(setCookies(await signIn('staff/v1', oleg.email, testPassword))).toEqual([]);
    expect(cookieNamed(await signInStaff(oleg), 'kontor-staff')).toMatch(
      /^kontor-staff=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  test('is Secure and bound to the host when people come by https, with HSTS beside it', async () => {
    const { origin, server } = await apiBehindTls();
    try {
      const credentials = JSON.stringify({ email: anna.email, password: testPassword });
      for (const [tree, name, answer] of [
        ['v1', '__Host-kontor', await ask(origin, 'POST', '/api/v1/auth/sign-in', json, credentials)],
        ['staff/v1', '__Host-kontor-staff', await signInStaff(oleg, origin)],
      ] as const) {
        const cookie = cookieNamed(answer, name);
        expect(cookie).toMatch(new RegExp(`^${name}=[\\w-]{43}; Max-Age=\\d+; Path=/; HttpOnly; Secure; SameSite=Lax$`));
        expect(cookieNamed(answer, '__Host-kontor-device')).toMatch(
          /^[\w-]+=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        );
        expect(setCookies(answer).join()).not.toContain('Domain');
        expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
        const me = `/api/${tree}/me`;
        expect((await ask(origin, 'GET', me, { cookie: valueOf(cookie!) })).status).toBe(200);
        // A cookie of the plain name could be set by a page of a neighbouring host.
        expectEnvelope(await ask(origin, 'GET', me, { cookie: valueOf(cookie!).replace('__Host-', '') }), 401);
        const out = await ask(origin, 'POST', `/api/${tree}/auth/sign-out`, { cookie: valueOf(cookie!) });
        expect(setCookies(out)[0]).toMatch(new RegExp(`^${name}=; Max-Age=0; Path=/; Secure`));
      }
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

/** The same database behind an API that people reach by https, as in production. */
async function apiBehindTls(): Promise<{ origin: string; server: ServerType }> {
  const { database, clock } = kontor;
  const app = createApp({
    database,
    bell: new OutboxBell(database),
    live: kontor.live,
    clock,
    log: openLog('api', 'silent'),
    passwords: new PasswordCheck(),
    sessions: new Sessions(database, clock, true),
    throttle: new Throttle(database, roomyThrottle),
    vault: kontor.vault,
    storage: kontor.storage,
    maxJobItems,
    payments: undefined,
    proxyHops: 0,
    publicUrl: new URL('https://desk.kontor.example'),
    temporalUi: undefined,
    consoleFolder: undefined,
  });
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (address) =>
      resolve({ server, origin: `http://127.0.0.1:${address.port}` }),
    );
  });
}

describe('E: what another site’s page sends with the person’s cookie is refused and changes nothing', () => {
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'nonsense' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
  ];
  const ticket = JSON.stringify({ subject: 'Forged', body: 'Forged', category: 'technical' });

  test('whatever it asks for', async () => {
    const driver = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    const changes = await changesOf(kontor.db, async () => {
      for (const headers of foreign) {
        const cookie = driver.credentials['cookie']!;
        expectEnvelope(
          await ask(kontor.origin, 'POST', '/api/v1/tickets', { ...json, cookie, ...headers }, ticket),
          403,
          'auth.cross_site',
        );
        expectEnvelope(
          await ask(kontor.origin, 'PATCH', '/api/v1/me', { ...json, cookie, ...headers }, '{"name":"Mallory"}'),
          403,
          'auth.cross_site',
        );
        expectEnvelope(await ask(kontor.origin, 'DELETE', '/api/v1/me/tokens/tok_1', { cookie, ...headers }), 403, 'auth.cross_site');
        expectEnvelope(await ask(kontor.origin, 'POST', '/api/v1/auth/sign-out', { cookie, ...headers }), 403, 'auth.cross_site');
        expectEnvelope(
          await ask(
            kontor.origin,
            'POST',
            '/api/staff/v1/holds',
            { ...json, ...oleg.credentials, ...headers },
            '{"scope":"all","reason":"Forged"}',
          ),
          403,
          'auth.cross_site',
        );
      }
    });
    expect(changes).toEqual([]);
    expect((await driver.get('/me')).status).toBe(200);
  });

  test('signing in included: nobody is signed in as somebody else by a link', async () => {
    for (const headers of foreign) {
      const answer = await signIn('v1', anna.email, testPassword, headers);
      expectEnvelope(answer, 403, 'auth.cross_site');
      expect(setCookies(answer)).toEqual([]);
    }
  });

  test('while our own pages, programs without a browser, and tokens go through', async () => {
    const cookie = (await signedIn(kontor.origin, 'customer', anna.email, testPassword)).credentials['cookie']!;
    for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, { origin: kontor.origin }] as Record<
      string,
      string
    >[])
      expect((await ask(kontor.origin, 'POST', '/api/v1/tickets', { ...json, cookie, ...headers }, ticket)).status).toBe(201);
    for (const headers of foreign)
      expect((await ask(kontor.origin, 'POST', '/api/v1/tickets', { ...json, ...anna.credentials, ...headers }, ticket)).status).toBe(201);
  });
});

describe('I2: signing in', () => {
  test('gives one answer to an unknown address, a wrong password and the other kind of person', async () => {
    const tried = [
      await signIn('v1', 'nobody@people.example', testPassword),
      await signIn('v1', anna.email, 'a wrong password'),
      await signIn('v1', oleg.email, testPassword),
      await signIn('v1', anna.email, testPassword.toUpperCase()),
      await signIn('v1', anna.email, ` ${testPassword}`),
      await signIn('v1', `%`, testPassword),
      await signIn('v1', "' or 1=1 --", testPassword),
    ];
    for (const answer of tried) {
      expectEnvelope(answer, 401, 'auth.invalid_credentials');
      expect(comparable(answer)).toEqual(comparable(tried[0]!));
      expect(setCookies(answer)).toEqual([]);
    }
    expectEnvelope(await signIn('staff/v1', anna.email, testPassword), 401, 'auth.invalid_credentials');
  });

  test('has a new token each time, ends the session the browser had, and adopts none that it was given', async () => {
    const forged = 'kontor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const first = valueOf(cookieNamed(await signIn('v1', anna.email, testPassword, { cookie: forged }), 'kontor')!);
    expect(first).not.toBe(forged);
    const second = valueOf(cookieNamed(await signIn('v1', anna.email, testPassword, { cookie: first }), 'kontor')!);
    expect((await ask(kontor.origin, 'GET', '/api/v1/me', { cookie: first })).status).toBe(401);
    expect((await ask(kontor.origin, 'GET', '/api/v1/me', { cookie: second })).status).toBe(200);
  });

  test('is out when one signs out, and stays in elsewhere', async () => {
    const [here, there] = [
      await signedIn(kontor.origin, 'customer', anna.email, testPassword),
      await signedIn(kontor.origin, 'customer', anna.email, testPassword),
    ];
    const out = await here.post('/auth/sign-out');
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^kontor=; Max-Age=0; Path=\//);
    expectEnvelope(await here.get('/me'), 401, 'auth.required');
    expect((await there.get('/me')).status).toBe(200);
    expect(await sessionsOf(anna.id)).not.toContain(sha256(here.credentials['cookie']!.slice('kontor='.length)));
    expect((await here.post('/auth/sign-out')).status).toBe(204);
    expect((await ask(kontor.origin, 'POST', '/api/v1/auth/sign-out')).status).toBe(204);
  });
});

describe('I6, I7: what was good once', () => {
  test('I6: a session ends after so long without use, and after so long in all: sooner for staff', async () => {
    const hour = 3600;
    for (const { enter, idle, absolute } of [
      { enter: () => signIn('v1', anna.email, testPassword), idle: 14 * 24 * hour, absolute: 90 * 24 * hour },
      { enter: () => signInStaff(oleg), idle: 12 * hour, absolute: 7 * 24 * hour },
    ]) {
      const cookie = async () => valueOf(setCookies(await enter())[0]!);
      const me = async (of: string) => {
        const tree = of.startsWith('kontor-staff') ? 'staff/v1' : 'v1';
        return (await ask(kontor.origin, 'GET', `/api/${tree}/me`, { cookie: of })).status;
      };
      const [idler, user] = [await cookie(), await cookie()];
      clock.move(idle - 100);
      expect(await me(user)).toBe(200);
      clock.move(101);
      expect(await me(idler)).toBe(401);
      for (let passed = idle; passed + idle / 2 < absolute; passed += idle / 2) {
        expect(await me(user)).toBe(200);
        clock.move(idle / 2);
      }
      expect(await me(user)).toBe(200);
      clock.move(idle / 2);
      expect(await me(user)).toBe(401);
    }
    browser = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  });

  test('a token opens nothing once it has expired, is revoked, or its owner has left the account', async () => {
    const [one, two, three] = await Promise.all(
      ['expires', 'revoked', 'left'].map(async (name) => (await browser.post('/me/tokens', { name })).body),
    );
    const by = (token: string) => apiDriver(`${kontor.origin}/api/v1`, { authorization: `Bearer ${token}` });
    for (const { token } of [one, two, three]) expect((await by(token).get('/me')).status).toBe(200);
    await kontor.db.query(`update api_token set expires_at = now() - interval '1 millisecond' where id = $1`, [one.id]);
    await anna.delete(`/me/tokens/${two.id}`);
    const boris = await kontor.people.customer();
    await kontor.db.query('update api_token set account_id = $1 where id = $2', [boris.accountId, three.id]);
    for (const { token } of [one, two, three]) expectEnvelope(await by(token).get('/me'), 401, 'auth.required');
  });

  test('a token is judged alone: a good cookie beside a bad one helps nothing', async () => {
    const cookie = (await signedIn(kontor.origin, 'customer', anna.email, testPassword)).credentials['cookie']!;
    for (const authorization of ['Bearer kntr_x', 'Basic eA==', 'bearer', '', makeApiToken(), `Bearer ${makeApiToken()}`])
      expectEnvelope(await ask(kontor.origin, 'GET', '/api/v1/me', { cookie, authorization }), 401, 'auth.required');
  });

  test('the database holds the hash of a token and no more of it', async () => {
    const { id, token } = (await browser.post('/me/tokens', { name: 'Hashed' })).body;
    expect(await kontor.db.query('select token_hash from api_token where id = $1', [id])).toEqual([{ token_hash: sha256(token) }]);
    const everywhere = await kontor.db.query<{ row: string }>(
      'select t::text as row from api_token t union all select a::text from audit_line a union all select i::text from idempotency_record i union all select o::text from outbox o',
    );
    expect(everywhere.filter(({ row }) => row.includes(token.slice(5, -8)))).toEqual([]);
  });

  test('a misspelled token is refused without a question to the database', async () => {
    const { token } = (await browser.post('/me/tokens', { name: 'Misspelled' })).body as { token: string };
    const typo = token.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const release = await blockTokens();
    try {
      // The question for a well-spelled one would wait for the table; that it has been asked at all shows the lock works.
      const asked = ask(kontor.origin, 'GET', '/api/v1/me', { authorization: `Bearer ${makeApiToken()}` });
      for (const wrong of [typo, token.slice(0, -1), `${token}0`, token.toUpperCase(), token.replace('kntr_', 'kntx_')])
        expectEnvelope(await ask(kontor.origin, 'GET', '/api/v1/me', { authorization: `Bearer ${wrong}` }), 401, 'auth.required');
      expect(await Promise.race([asked.then(() => 'answered'), ask(kontor.origin, 'GET', '/health/ready').then(() => 'waits')])).toBe(
        'waits',
      );
      await release();
      expectEnvelope(await asked, 401, 'auth.required');
    } finally {
      await release();
    }
  });
});

/** Locks the table of tokens against every reader until released. */
async function blockTokens(): Promise<() => Promise<void>> {
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = `/${kontor.db.name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query('begin');
  await client.query('lock table api_token in access exclusive mode');
  let held = true;
  return async () => {
    if (!held) return;
    held = false;
    await client.query('rollback');
    await client.end();
  };
}

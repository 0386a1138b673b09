/**
 * What people's comings and goings leave behind (SPEC I9; security.md): for each act a line in the audit that says who,
 * whom, from where and by which request; and nowhere a password, a code, a token, or more of a person than must be.
 *
 * One long story, told once; the tests then look at what it left.
 */
import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiAnswer } from '../harness/api-driver.ts';
import { Authenticator } from '../harness/authenticator.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedCode, mailedLink } from '../harness/mailed.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import { testPassword, type TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { ask, json } from './api-surroundings.ts';
import { anotherCode, neededConsents, someAddress, visitorOf, wrongCode } from './identity-surroundings.ts';

let kontor: Kontor;
let maria: TestStaff;
let oleg: TestStaff;
const clock = new MovableClock();
const logged: string[] = [];
const answered: string[] = [];
/** What must be found nowhere, and what is found only where a person's own data are kept. */
const secrets = new Set<string>();
const personal = new Set<string>(['Plantov', 'Planted Ltd']);
const from = '203.0.113.9';
let requests = 0;

/** A browser of the story: it keeps its cookies, and every request of it has a name and comes from one place. */
class Browser {
  readonly cookies = new Map<string, string>();
  private readonly tree: 'v1' | 'staff/v1';

  constructor(tree: 'v1' | 'staff/v1' = 'v1') {
    this.tree = tree;
  }

  async send(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    requests += 1;
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const named = { 'x-request-id': `traced-${requests}`, 'x-forwarded-for': from, cookie };
    const sent = body && JSON.stringify(body);
    const answer = await ask(kontor.origin, method, `/api/${this.tree}${path}`, { ...(body ? json : {}), ...named, ...headers }, sent);
    answered.push(answer.text);
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([\w-]+)=([^;]*)/.exec(set)!;
      this.cookies.set(name!, value!);
      if (value) secrets.add(value);
    }
    return { ...answer, body: answer.body ?? answer.text };
  }

  post = (path: string, body?: object, headers?: Record<string, string>) => this.send('POST', path, body, headers);
  get = (path: string) => this.send('GET', path);
  put = (path: string, body: object) => this.send('PUT', path, body);
  patch = (path: string, body: object) => this.send('PATCH', path, body);
  delete = (path: string) => this.send('DELETE', path);
}

function secret(text: string): string {
  secrets.add(text);
  return text;
}

function planted(address = someAddress()): string {
  personal.add(address);
  return address;
}

const link = async (address: string, page: string) => secret(await mailedLink(kontor.mail, address, page));

async function registered(name: string): Promise<{ email: string; password: string }> {
  const visitor = new Browser();
  const [email, password] = [planted(), secret(`planted password of ${name}`)];
  await visitor.post('/auth/registration', { email, name: `${name} Plantov`, accountName: 'Planted Ltd', consents: neededConsents });
  await visitor.post('/auth/confirmation', { token: await link(email, 'confirmation'), password });
  return { email, password };
}

async function signedIn(person: { email: string; password: string }): Promise<Browser> {
  const browser = new Browser();
  await browser.post('/auth/sign-in', person);
  return browser;
}

/** Staff who are in already, as people of this story. */
function staffBrowser(person: TestStaff): Browser {
  const browser = new Browser('staff/v1');
  const [name, value] = person.credentials['cookie']!.split('=') as [string, string];
  browser.cookies.set(name, secret(value));
  return browser;
}

beforeAll(async () => {
  kontor = await startKontor({ clock, proxyHops: 1, onLogLine: (line) => logged.push(line) });
  await kontor.db.query('create table outbox_seen (row text)');
  await kontor.db.query(
    `create function keep_outbox() returns trigger language plpgsql security definer as $$ begin insert into outbox_seen values (new::text); return new; end $$`,
  );
  await kontor.db.query('create trigger keep_outbox after insert on outbox for each row execute function keep_outbox()');
  maria = await kontor.people.staff({ name: 'Maria Plantova', role: 'administrator' });
  oleg = await kontor.people.staff({ name: 'Oleg Plantov' });
  for (const { email } of [maria, oleg]) planted(email);
  await tellOfDoors();
  await tellOfMembers();
  await tellOfChanges();
  await tellOfStaff();
  await kontor.settled();
}, 60_000);
afterAll(() => kontor?.stop());

/** Registering, signing in with everything there is, and changing all of it. */
async function tellOfDoors(): Promise<void> {
  const anna = await registered('Anna');
  const visitor = new Browser();
  await visitor.post('/auth/sign-in', { ...anna, password: secret('planted and quite wrong') });
  const browser = await signedIn(anna);
  const setUp = (await browser.post('/me/factors/totp')).body;
  const app = new Authenticator(secret(setUp.secret), clock);
  const set = await browser.post('/me/factors/totp/confirmation', { code: await app.code() }, { 'idempotency-key': 'planted-1' });
  set.body.recoveryCodes.forEach(secret);
  await browser.post('/me/factors/email');
  await browser.post('/me/factors/email/confirmation', { code: secret(await mailedCode(kontor.mail, anna.email)) });
  const attempt = secret((await visitor.post('/auth/sign-in', anna)).body.next.attempt);
  await visitor.post('/auth/second-factor/email-code', { attempt });
  const code = secret(await mailedCode(kontor.mail, anna.email, 2));
  await visitor.post('/auth/second-factor', { attempt, method: 'email', code: secret(anotherCode(code)) });
  await visitor.post('/auth/second-factor', { attempt, method: 'totp', code: secret(await wrongCode(app, clock.now())) });
  await visitor.post('/auth/second-factor', { attempt, method: 'recovery', code: set.body.recoveryCodes[0] });
  clock.move(60);
  await browser.post('/me/step-up', { method: 'totp', code: secret(await app.code()) });
  (await browser.post('/me/recovery-codes')).body.recoveryCodes.forEach(secret);
  const made = (await browser.post('/me/tokens', { name: 'Plantov’s monitoring' }, { 'idempotency-key': 'planted-2' })).body;
  secret(made.token);
  await new Browser().send('GET', '/me', undefined, { authorization: `Bearer ${made.token}` });
  await browser.delete(`/me/tokens/${made.id}`);
  const { items } = (await browser.get('/me/sessions')).body;
  await browser.delete(`/me/sessions/${items.find((one: { current: boolean }) => !one.current).id}`);
  await browser.delete('/me/sessions');
  await browser.patch('/me', { name: 'Anna Plantovna' });
  await browser.post('/me/consents', { purpose: 'marketing', version: 1 });
  await browser.delete('/me/consents/marketing');
  await browser.delete('/me/factors/email');
  await browser.put('/me/password', { currentPassword: anna.password, password: secret('planted password number two') });
  await browser.post('/auth/sign-out');
  await visitor.post('/auth/password-reset', { email: anna.email });
  const token = await link(anna.email, 'password-reset');
  await visitor.post('/auth/password-reset/confirmation', { token, password: secret('planted password number three') });
}

/** An account and those who come and go. */
async function tellOfMembers(): Promise<void> {
  const owner = await registered('Boris');
  const browser = await signedIn(owner);
  await browser.patch('/account', { name: 'Planted Ltd Limited' });
  const [guest, other] = [planted(), planted()];
  const password = secret('planted password of a guest');
  await browser.post('/account/invitations', { email: guest, role: 'technical' });
  await new Browser().post('/auth/invitation', {
    token: await link(guest, 'invitation'),
    name: 'Vera Plantova',
    password,
    consents: neededConsents,
  });
  const taken = (await browser.post('/account/invitations', { email: other, role: 'technical' })).body.id;
  await link(other, 'invitation');
  await browser.delete(`/account/invitations/${taken}`);
  const members = (await browser.get('/account/users')).body.items as { id: string; email: string }[];
  const vera = members.find((member) => member.email === guest)!;
  await browser.patch(`/account/users/${vera.id}`, { role: 'owner' });
  const veras = await signedIn({ email: guest, password });
  const { accountId } = await kontor.people.customer();
  await kontor.db.query(`insert into membership (account_id, user_id, role, created_at) values ($1, $2, 'billing', now())`, [
    accountId,
    vera.id,
  ]);
  await veras.put('/me/active-account', { accountId });
  await veras.delete(`/account/users/${vera.id}`);
  await browser.delete(`/account/users/${vera.id}`);
}

/** Changes of doors that wait. */
async function tellOfChanges(): Promise<void> {
  const desk = staffBrowser(oleg);
  const [kira, lena] = [await registered('Kira'), await registered('Lena')];
  const idOf = async ({ email }: { email: string }) =>
    (await kontor.db.query<{ id: string }>('select id from app_user where email = $1', [email]))[0]!.id;
  const browser = await signedIn(kira);
  const wanted = planted();
  await browser.post('/me/email', { email: wanted });
  await new Browser().post('/auth/email-change', { token: await link(wanted, 'email-change') });
  const reason = 'Plantov said so on the telephone';
  await desk.post(`/users/${await idOf(lena)}/email-change`, { email: planted(), reason });
  await new Browser().post('/auth/veto', { token: await link(lena.email, 'veto') });
  const begun = (await desk.post(`/users/${await idOf(lena)}/factor-reset`, { reason })).body.id;
  await staffBrowser(maria).post(`/pending-actions/${begun}/approval`);
  const again = (await desk.post(`/users/${await idOf(lena)}/factor-reset`, { reason })).body.id;
  await desk.post(`/pending-actions/${again}/withdrawal`);
  await desk.post(`/users/${await idOf(lena)}/password-reset`);
  await until('the second letter', async () => kontor.mail.to(lena.email).length >= 2);
  await link(lena.email, 'password-reset');
}

/** Somebody new on the staff, and everything an administrator can do to him. */
async function tellOfStaff(): Promise<void> {
  const desk = staffBrowser(maria);
  const [email, other] = [planted(), planted()];
  const password = secret('planted password of somebody new');
  await desk.post('/staff-invitations', { email, role: 'support' });
  await new Browser().post('/auth/invitation', { token: await link(email, 'invitation'), name: 'Pavel Plantov', password });
  const taken = (await desk.post('/staff-invitations', { email: other, role: 'support' })).body.id;
  await link(other, 'invitation');
  await desk.delete(`/staff-invitations/${taken}`);
  const pavels = new Browser('staff/v1');
  const attempt = secret((await pavels.post('/auth/sign-in', { email, password })).body.next.attempt);
  const app = new Authenticator(secret((await pavels.post('/auth/totp', { attempt })).body.secret), clock);
  const confirmed = await pavels.post('/auth/totp/confirmation', { attempt, code: secret(await app.code()) });
  confirmed.body.recoveryCodes.forEach(secret);
  const pavel = `/staff/${confirmed.body.user.id}`;
  await desk.patch(pavel, { role: 'billing' });
  await desk.post(`${pavel}/factor-reset`);
  await desk.post(`${pavel}/deactivation`);
  await desk.delete(`${pavel}/deactivation`);
  await desk.post('/consent-texts', { purpose: 'marketing', title: { en: 'News' }, body: { en: 'We write to you.' } });
  await desk.get('/audit/export');
  await desk.get('/audit?limit=100');
  await desk.get('/customers?limit=100');
}

interface Line {
  action: string;
  actor_kind: string;
  actor_id: string | null;
  object: string;
  whom: string | null;
  address: string | null;
  request_id: string | null;
}
/** The lines of the story, in their order; the two members of staff signed in before it, from elsewhere. */
const lines = () => kontor.db.query<Line>(`select * from audit_line where address is distinct from '127.0.0.1' order by at, id`);

test('I9: each act has its line, with whom, from where and by which request', async () => {
  const byAction = Map.groupBy(await lines(), (line) => line.action);
  const whoever = /^usr_/;
  /** Who did it, and whom it was done to: nobody where no person is meant. */
  const acts: Record<string, [by: string, whom: RegExp | null]> = {
    'registration.begin': ['nobody', null],
    'registration.confirm': ['customer', whoever],
    'auth.sign_in_failed': ['nobody', whoever],
    'auth.second_factor_failed': ['nobody', whoever],
    'auth.signed_in': ['customer', null],
    'auth.stepped_up': ['customer', null],
    'auth.signed_out': ['customer', whoever],
    'factor.set': ['customer', whoever],
    'factor.remove': ['customer', whoever],
    'recovery_codes.make': ['customer', whoever],
    'token.create': ['customer', null],
    'token.revoke': ['customer', null],
    'session.revoke': ['customer', whoever],
    'session.revoke_others': ['customer', whoever],
    'me.change': ['customer', whoever],
    'consent.give': ['customer', whoever],
    'consent.withdraw': ['customer', whoever],
    'password.change': ['customer', whoever],
    'password.ask_reset': ['nobody', whoever],
    'password.reset': ['customer', whoever],
    'account.change': ['customer', null],
    'account.switch': ['customer', null],
    'account.leave': ['customer', whoever],
    'member.invite': ['customer', null],
    'member.change_role': ['customer', whoever],
    'member.remove': ['customer', whoever],
    'invitation.revoke': ['customer', null],
    'invitation.accept': ['customer', whoever],
    'pending_action.begin': ['customer', whoever],
    'pending_action.confirm': ['customer', whoever],
    'pending_action.take_effect': ['customer', whoever],
    'pending_action.veto': ['customer', whoever],
    'pending_action.approve': ['staff', whoever],
    'pending_action.withdraw': ['staff', whoever],
    'customer.password_reset': ['staff', whoever],
    'staff.invite': ['staff', null],
    'staff.change_role': ['staff', whoever],
    'staff.reset_factor': ['staff', whoever],
    'staff.deactivate': ['staff', whoever],
    'staff.reactivate': ['staff', whoever],
    'consent_text.publish': ['staff', null],
    'audit.export': ['staff', null],
  };
  expect([...byAction.keys()].toSorted()).toEqual(Object.keys(acts).toSorted());
  for (const [action, [by, whom]] of Object.entries(acts)) {
    const [line] = byAction.get(action)!;
    expect([action, line!.actor_kind]).toEqual([action, by]);
    expect(line!.actor_id === null, action).toBe(by === 'nobody');
    if (whom) expect(line!.whom, action).toMatch(whom);
    expect(line!.object, action).toMatch(/^[a-z_-]+(:[\w-]+)?$/);
  }
});

test('I9: every line says from where and by which request', async () => {
  const told = await lines();
  expect(told.length).toBeGreaterThan(50);
  for (const line of told) {
    expect(line.address, line.action).toBe(from);
    expect(line.request_id, line.action).toMatch(/^traced-\d+$/);
  }
});

test('I9: neither audit, outbox nor log holds a secret, an address or a name', async () => {
  const rows = async (table: string) =>
    (await kontor.db.query<{ row: string }>(`select t::text as row from ${table} t`)).map(({ row }) => row);
  const places = { audit: await rows('audit_line'), outbox: await rows('outbox_seen'), log: logged };
  for (const [place, texts] of Object.entries(places)) {
    expect(texts.length, place).toBeGreaterThan(20);
    const all = texts.join('\n');
    for (const text of [...secrets, ...personal]) expect(holds(all, text), `${place} holds ${text}`).toBe(false);
    expect(all, place).not.toMatch(/\$argon2|otpauth:|kntr_[0-9a-z]{20}/);
  }
});

test('security.md: no table holds a secret in the clear, and none is left in a letter', async () => {
  const tables = await kontor.db.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`);
  expect(secrets.size).toBeGreaterThan(60);
  for (const { name } of tables) {
    const all = (await kontor.db.query<{ row: string }>(`select t::text as row from ${name} t`)).map(({ row }) => row).join('\n');
    for (const text of secrets) expect(holds(all, text), `${name} holds ${text}`).toBe(false);
  }
  const [letters] = await kontor.db.query(
    `select count(*)::int as all, count(*) filter (where kind ~ '^(code|registration.confirm|invitation|password.reset$|email.confirm|change.veto)')::int as carrying, count(secret)::int as left from letter`,
  );
  expect(letters).toEqual({ all: expect.any(Number), carrying: expect.any(Number), left: 0 });
  expect((letters as { carrying: number }).carrying).toBeGreaterThan(10);
});

test('security.md 15.3.3: no answer holds what the database keeps of a secret, nor a password that was sent', async () => {
  const kept = [
    'select password_hash as kept from app_user',
    'select token_hash as kept from api_token',
    'select id as kept from session',
    'select secret as kept from factor where secret is not null',
    'select code_hash as kept from recovery_code',
    'select token_hash as kept from mailed_link',
    'select device_hash as kept from known_device',
  ];
  const all = answered.join('\n');
  for (const question of kept) {
    const rows = await kontor.db.query<{ kept: string }>(question);
    expect(rows.length, question).toBeGreaterThan(0);
    for (const row of rows) expect(all).not.toContain(row.kept);
  }
  for (const text of secrets) if (text.startsWith('planted')) expect(all, text).not.toContain(text);
  for (const name of ['password_hash', 'passwordHash', 'code_hash', 'token_hash', '$argon2']) expect(all).not.toContain(name);
});

/** Whether it stands there by itself: six digits are also part of ids. */
function holds(all: string, text: string): boolean {
  return /^\d{6}$/.test(text) ? new RegExp(`(?<![\\w.-])${text}(?![\\w.-])`).test(all) : all.includes(text);
}

test('I2: passwords are kept as Argon2id with our parameters; an older hash is renewed by whoever signs in with it, and by nobody else', async () => {
  const hashes = await kontor.db.query<{ password_hash: string }>('select password_hash from app_user');
  for (const { password_hash } of hashes) expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(new Set(hashes.map(({ password_hash }) => password_hash.split('$')[4])).size).toBeGreaterThan(4);

  const nina = await kontor.people.customer();
  const older = await hash(testPassword, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
  await kontor.db.query('update app_user set password_hash = $1 where id = $2', [older, nina.id]);
  const kept = async () =>
    (
      await kontor.db.query<{ hash: string; at: Date }>(
        'select password_hash as hash, password_changed_at as at from app_user where id = $1',
        [nina.id],
      )
    )[0]!;
  const before = await kept();
  const visitor = visitorOf(kontor.origin);
  expect((await visitor.post('/auth/sign-in', { email: nina.email, password: 'not the password' })).status).toBe(401);
  expect((await kept()).hash).toBe(older);
  expect((await visitor.post('/auth/sign-in', { email: nina.email, password: testPassword })).status).toBe(200);
  const after = await kept();
  expect(after.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  // The password is the same: nothing that depends on its age changes.
  expect(after.at).toEqual(before.at);
  expect((await visitor.post('/auth/sign-in', { email: nina.email, password: testPassword })).status).toBe(200);
  expect((await kept()).hash).toBe(after.hash);
});

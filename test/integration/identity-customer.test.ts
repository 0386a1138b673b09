import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomBytes } from 'node:crypto';
import { apiDriver, cookieOf, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { Authenticator } from '../harness/authenticator.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedCode, mailedLink, mailTo } from '../harness/mailed.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let visitor: ApiDriver;

beforeAll(async () => {
  kontor = await startKontor();
  visitor = apiDriver(`${kontor.origin}/api/v1`, {});
});
afterAll(() => kontor?.stop());

const password = 'a walk along the river';
const consents = [
  { purpose: 'terms', version: 1 },
  { purpose: 'personal_data', version: 1 },
];

function someAddress(): string {
  return `${randomBytes(6).toString('hex')}@people.example`;
}

async function registered(email = someAddress()): Promise<string> {
  expect((await visitor.post('/auth/registration', { email, name: 'Anna Petrova', accountName: 'Vega Ltd', consents })).status).toBe(202);
  const token = await mailedLink(kontor.mail, email, 'confirmation');
  const confirmed = await visitor.post('/auth/confirmation', { token, password });
  expect(confirmed).toMatchObject({ status: 201, body: { email } });
  return email;
}

function withCookie(answer: ApiAnswer): ApiDriver {
  return apiDriver(`${kontor.origin}/api/v1`, { cookie: cookieOf(answer, 'customer') });
}

async function signIn(email: string): Promise<ApiDriver> {
  const answer = await visitor.post('/auth/sign-in', { email, password });
  expect(answer).toMatchObject({ status: 200, body: { user: { email } } });
  return withCookie(answer);
}

describe('I1: registration', () => {
  test('I1: a customer registers, confirms from his mailbox, signs in and owns his account', async () => {
    const email = await registered();
    const anna = await signIn(email);
    const me = (await anna.get('/me')).body;
    expect(me).toMatchObject({ email, name: 'Anna Petrova', secondFactorSet: false, account: { name: 'Vega Ltd', role: 'owner' } });
    const given = (await anna.get('/me/consents')).body.items;
    expect(given.map((consent: { purpose: string }) => consent.purpose).toSorted()).toEqual(['personal_data', 'terms']);
  });

  test('I1: nobody exists before the link is followed, so nobody can sign in', async () => {
    const email = someAddress();
    await visitor.post('/auth/registration', { email, name: 'Anna', accountName: 'Vega', consents });
    expect((await visitor.post('/auth/sign-in', { email, password })).body.error.code).toBe('auth.invalid_credentials');
    expect(await kontor.db.query('select 1 from app_user where email = $1', [email])).toEqual([]);
  });

  test('I1: an address that somebody has is told to its owner, not to who asks', async () => {
    const email = await registered();
    const again = await visitor.post('/auth/registration', { email: email.toUpperCase(), name: 'Eve', accountName: 'Eve', consents });
    expect(again).toMatchObject({ status: 202, body: {} });
    const { text } = await mailTo(kontor.mail, email, /already|уже/);
    expect(text).not.toContain('#');
    expect(text).not.toContain('Eve');
  });

  test('I1: a link works once, also when it is followed twice at once', async () => {
    const email = someAddress();
    await visitor.post('/auth/registration', { email, name: 'Anna', accountName: 'Vega', consents });
    const token = await mailedLink(kontor.mail, email, 'confirmation');
    const both = await Promise.all([1, 2, 3].map(() => visitor.post('/auth/confirmation', { token, password })));
    expect(both.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 404, 404]);
    expect(await kontor.db.query('select 1 from app_user where email = $1', [email])).toHaveLength(1);
  });

  test('I2: a password that is short or common is refused and does not use the link up', async () => {
    const email = someAddress();
    await visitor.post('/auth/registration', { email, name: 'Anna', accountName: 'Vega', consents });
    const token = await mailedLink(kontor.mail, email, 'confirmation');
    expect((await visitor.post('/auth/confirmation', { token, password: 'short' })).body.error.details[0].code).toBe('too_short');
    expect((await visitor.post('/auth/confirmation', { token, password: '1qaz2wsx3edc' })).body.error.code).toBe('password.too_common');
    expect((await visitor.post('/auth/confirmation', { token, password: email })).status).toBe(422);
    expect((await visitor.post('/auth/confirmation', { token, password })).status).toBe(201);
  });

  test('D2: without the needed agreements, or to an old wording, nothing is registered', async () => {
    const email = someAddress();
    const wanted = { email, name: 'Anna', accountName: 'Vega' };
    expect((await visitor.post('/auth/registration', { ...wanted, consents: [consents[0]] })).body.error.code).toBe('consent.needed');
    const old = [{ purpose: 'terms', version: 7 }, consents[1]];
    expect((await visitor.post('/auth/registration', { ...wanted, consents: old })).body.error.code).toBe('consent.version_old');
    expect(await kontor.db.query('select 1 from registration where email = $1', [email])).toEqual([]);
  });
});

describe('I3: second factors of a customer', () => {
  test('I3: an app is set up, and from then on asked for; recovery codes are shown once', async () => {
    const email = await registered();
    const anna = await signIn(email);
    const setUp = (await anna.post('/me/factors/totp')).body;
    expect(setUp.qr).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(setUp.uri).toContain(`secret=${setUp.secret}`);
    const app = new Authenticator(setUp.secret, kontor.clock);
    const set = await anna.post('/me/factors/totp/confirmation', { code: await app.code() });
    expect(set.body.recoveryCodes).toHaveLength(10);

    const first = await visitor.post('/auth/sign-in', { email, password });
    expect(first.body.next).toMatchObject({ what: 'second_factor', methods: ['totp', 'recovery'] });
    expect(first.headers.getSetCookie()).toEqual([]);
    const { attempt } = first.body.next;
    expect((await visitor.post('/auth/second-factor', { attempt, method: 'totp', code: '000000' })).body.error.code).toBe(
      'auth.code_wrong',
    );
    const second = await visitor.post('/auth/second-factor', { attempt, method: 'totp', code: await app.code() });
    expect(second).toMatchObject({ status: 200, body: { secondFactorSet: true } });
    expect((await withCookie(second).get('/me')).body.secondFactorSet).toBe(true);
    expect((await visitor.post('/auth/second-factor', { attempt, method: 'totp', code: await app.code() })).body.error.code).toBe(
      'auth.attempt_over',
    );

    const other = (await visitor.post('/auth/sign-in', { email, password })).body.next.attempt;
    const [recovery] = set.body.recoveryCodes;
    const typed = recovery.toUpperCase().replaceAll('-', ' ');
    expect((await visitor.post('/auth/second-factor', { attempt: other, method: 'recovery', code: typed })).status).toBe(200);
    const third = (await visitor.post('/auth/sign-in', { email, password })).body.next.attempt;
    expect((await visitor.post('/auth/second-factor', { attempt: third, method: 'recovery', code: recovery })).body.error.code).toBe(
      'auth.code_wrong',
    );
  });

  test('I3: codes by mail are set up from the mailbox, and bound to the attempt they were asked for', async () => {
    const email = await registered();
    const anna = await signIn(email);
    expect((await anna.post('/me/factors/email')).status).toBe(202);
    const set = await anna.post('/me/factors/email/confirmation', { code: await mailedCode(kontor.mail, email) });
    expect(set.body.recoveryCodes).toHaveLength(10);

    const one = (await visitor.post('/auth/sign-in', { email, password })).body.next;
    const two = (await visitor.post('/auth/sign-in', { email, password })).body.next;
    expect(one.methods).toEqual(['email', 'recovery']);
    await visitor.post('/auth/second-factor/email-code', { attempt: one.attempt });
    const code = await mailedCode(kontor.mail, email, 2);
    expect((await visitor.post('/auth/second-factor', { attempt: two.attempt, method: 'email', code })).body.error.code).toBe(
      'auth.code_wrong',
    );
    const proofs = await Promise.all(
      [1, 2, 3].map(() => visitor.post('/auth/second-factor', { attempt: one.attempt, method: 'email', code })),
    );
    expect(proofs.filter((proof) => proof.status === 200)).toHaveLength(1);
    expect(await kontor.db.query(`select 1 from letter where address = $1 and secret is not null`, [email])).toEqual([]);
  });
});

describe('I10: a fresh code', () => {
  test('I10: what guards the doors asks for one when five minutes have passed, and goes on with it', async () => {
    const email = await registered();
    const anna = await signIn(email);
    await kontor.db.query(
      `update session set stepped_up_at = stepped_up_at - interval '5 minutes' where user_id = (select id from app_user where email = $1)`,
      [email],
    );
    const token = { name: 'Monitoring' };
    expect((await anna.post('/me/tokens', token)).body.error.code).toBe('auth.step_up_required');
    expect((await anna.post('/me/step-up', { method: 'password', password: 'not the password' })).body.error.code).toBe('auth.code_wrong');
    const fresh = await anna.post('/me/step-up', { method: 'password', password });
    expect(fresh.status).toBe(200);
    const renewed = withCookie(fresh);
    expect((await renewed.post('/me/tokens', token)).status).toBe(201);
    // The old token is heard for a moment more, and opens nothing that asks for a fresh code.
    expect((await anna.get('/me')).status).toBe(200);
    expect((await anna.post('/me/tokens', token)).body.error.code).toBe('auth.step_up_required');
    expect((await renewed.get('/me/sessions')).body.items).toHaveLength(1);
  });
});

describe('I4, I5: passwords', () => {
  test('I4: a reset by mail ends every session, works once and leaves the second factor as it is', async () => {
    const email = await registered();
    const anna = await signIn(email);
    const setUp = (await anna.post('/me/factors/totp')).body;
    const app = new Authenticator(setUp.secret, kontor.clock);
    const keyed = { 'idempotency-key': 'set-the-app' };
    const code = await app.code();
    expect((await anna.post('/me/factors/totp/confirmation', { code }, keyed)).status).toBe(200);
    // Whoever lost that answer is told that it was done, and not that his code is wrong.
    const again = await anna.post('/me/factors/totp/confirmation', { code }, keyed);
    expect([again.status, again.body.error.code]).toEqual([409, 'idempotency.answer_not_kept']);
    expect((await visitor.post('/auth/password-reset', { email })).status).toBe(202);
    const token = await mailedLink(kontor.mail, email, 'password-reset');
    const changed = 'another walk along the sea';
    const both = await Promise.all([1, 2].map(() => visitor.post('/auth/password-reset/confirmation', { token, password: changed })));
    expect(both.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([204, 404]);
    expect((await anna.get('/me')).status).toBe(401);
    expect((await visitor.post('/auth/sign-in', { email, password })).status).toBe(401);
    expect((await visitor.post('/auth/sign-in', { email, password: changed })).body.next.what).toBe('second_factor');
    await mailTo(kontor.mail, email, /password (was|has been) changed|password is changed|new password/i);
  });

  test('I5: whoever changes his password says the old one; the other sessions end', async () => {
    const email = await registered();
    const anna = await signIn(email);
    const phone = await signIn(email);
    const changed = 'another walk along the sea';
    expect((await anna.put('/me/password', { currentPassword: 'not this one at all', password: changed })).body.error.code).toBe(
      'auth.code_wrong',
    );
    expect((await anna.put('/me/password', { currentPassword: password, password })).body.error.code).toBe('password.same');
    expect((await anna.put('/me/password', { currentPassword: password, password: changed })).status).toBe(204);
    expect((await anna.get('/me')).status).toBe(200);
    expect((await phone.get('/me')).status).toBe(401);
  });

  test('I4, I5: of two links and the old password, all used at the same moment, one makes the new password', async () => {
    const links = /\/links\/password-reset\?lang=\w+#([\w-]{43})/g;
    for (let round = 0; round < 5; round += 1) {
      const email = await registered();
      const anna = await signIn(email);
      for (let asked = 0; asked < 2; asked += 1) await visitor.post('/auth/password-reset', { email });
      const tokens = await until('both links', () => {
        const found = kontor.mail.to(email).flatMap(({ text }) => [...(text ?? '').matchAll(links)].map(([, token]) => token!));
        return found.length === 2 && found;
      });
      const wanted = ['another walk along the sea', 'a third walk along the lake', 'a fourth walk along the canal'];
      const answers = await Promise.all([
        ...tokens.map((token, which) => visitor.post('/auth/password-reset/confirmation', { token, password: wanted[which] })),
        anna.put('/me/password', { currentPassword: password, password: wanted[2] }),
      ]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 204)).toHaveLength(1);
      // None is told to try again: locks are taken in one order.
      expect(statuses).not.toContain(503);
      const winner = wanted[statuses.indexOf(204)];
      expect((await visitor.post('/auth/sign-in', { email, password: winner })).status).toBe(200);
    }
  });

  test('I4: nobody learns whether an address is known', async () => {
    const email = someAddress();
    const unknown = await visitor.post('/auth/password-reset', { email });
    const known = await visitor.post('/auth/password-reset', { email: await registered() });
    expect({ status: unknown.status, body: unknown.body }).toEqual({ status: known.status, body: known.body });
    await mailTo(kontor.mail, email, /no account|nobody|not known|нет/i);
  });
});

describe('I1: members', () => {
  test('I1: an owner invites; the guest joins, switches accounts and leaves; the last owner stays', async () => {
    const owner = await signIn(await registered());
    const email = someAddress();
    expect((await owner.post('/account/invitations', { email, role: 'technical' })).status).toBe(201);
    const token = await mailedLink(kontor.mail, email, 'invitation');
    const about = (await visitor.post('/auth/link', { token })).body;
    expect(about).toMatchObject({
      purpose: 'invitation',
      email,
      invitation: { account: 'Vega Ltd', role: 'technical', known: false, staff: false },
    });
    const lacking = await visitor.post('/auth/invitation', { token });
    expect(lacking.body.error.details.map((detail: { field: string }) => detail.field)).toEqual(['name', 'password']);
    const joined = await visitor.post('/auth/invitation', { token, name: 'Boris', password, consents });
    expect(joined).toMatchObject({ status: 200, body: { email, staff: false } });
    const boris = await signIn(email);
    expect((await boris.get('/me')).body.account).toMatchObject({ name: 'Vega Ltd', role: 'technical' });
    expect((await boris.get('/account/invitations')).body.error.code).toBe('auth.not_permitted');

    const other = await signIn(await registered());
    expect((await other.post('/account/invitations', { email, role: 'owner' })).status).toBe(201);
    await expect
      .poll(
        async () =>
          (await visitor.post('/auth/link', { token: await mailedLink(kontor.mail, email, 'invitation') })).body.invitation?.known,
      )
      .toBe(true);
    expect((await visitor.post('/auth/invitation', { token: await mailedLink(kontor.mail, email, 'invitation') })).status).toBe(200);
    const { accounts, account, id } = (await boris.get('/me')).body;
    expect(accounts).toHaveLength(2);
    const second = accounts.find((one: { id: string }) => one.id !== account.id);
    expect((await boris.put('/me/active-account', { accountId: second.id })).status).toBe(204);
    expect((await boris.get('/me')).body.account).toMatchObject({ id: second.id, role: 'owner' });
    expect((await boris.put('/me/active-account', { accountId: (await owner.get('/me')).body.account.id })).status).toBe(204);

    expect((await boris.delete(`/account/users/${id}`)).status).toBe(204);
    expect((await boris.get('/me')).body.account.id).toBe(second.id);
    const ownId = (await owner.get('/me')).body.id;
    expect((await owner.delete(`/account/users/${ownId}`)).body.error.code).toBe('account.last_owner');
    expect((await owner.patch(`/account/users/${ownId}`, { role: 'billing' })).body.error.code).toBe('account.last_owner');
  });

  test('I1: who invites an address again corrects himself: the first link is void, and one invitation waits', async () => {
    const owner = await signIn(await registered());
    const email = someAddress();
    await owner.post('/account/invitations', { email, role: 'owner' });
    const mistaken = await mailedLink(kontor.mail, email, 'invitation');
    expect((await owner.post('/account/invitations', { email, role: 'billing' })).status).toBe(201);
    const { items } = (await owner.get('/account/invitations')).body;
    expect(items).toMatchObject([{ email, role: 'billing' }]);
    expect((await visitor.post('/auth/invitation', { token: mistaken, name: 'Boris', password, consents })).status).toBe(404);
  });

  test('I1: two owners who demote each other at once leave one', async () => {
    const anna = await kontor.people.customer();
    const boris = await kontor.people.customer({ account: { id: anna.accountId, role: 'owner' } });
    const one = await passwordSession(anna.email);
    const two = await passwordSession(boris.email, anna.accountId);
    const answers = await Promise.all([
      one.patch(`/account/users/${boris.id}`, { role: 'billing' }),
      two.patch(`/account/users/${anna.id}`, { role: 'billing' }),
    ]);
    expect(answers.filter((answer) => answer.status === 204).length).toBeGreaterThanOrEqual(1);
    const owners = await kontor.db.query(`select 1 from membership where account_id = $1 and role = 'owner'`, [anna.accountId]);
    expect(owners.length).toBeGreaterThanOrEqual(1);
  });
});

async function passwordSession(email: string, accountId?: string): Promise<ApiDriver> {
  const answer = await visitor.post('/auth/sign-in', { email, password: 'an ordinary long password' });
  const driver = withCookie(answer);
  if (accountId) await driver.put('/me/active-account', { accountId });
  return driver;
}

describe('I6, I7: sessions and tokens', () => {
  test('I6: sessions are listed in words and ended one by one', async () => {
    const email = await registered();
    const anna = await signIn(email);
    const phone = await signIn(email);
    const { items } = (await anna.get('/me/sessions')).body;
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ place: expect.stringMatching(/\S/), device: expect.stringMatching(/\S/), address: '127.0.0.1' });
    const theirs = items.find((session: { current: boolean }) => !session.current);
    expect((await anna.delete(`/me/sessions/${theirs.id}`)).status).toBe(204);
    expect((await phone.get('/me')).status).toBe(401);
    expect((await anna.get('/me')).status).toBe(200);
    expect((await anna.delete(`/me/sessions/${theirs.id}`)).status).toBe(404);
  });

  test('I6: a session that is ended while a fresh code renews it is over, and so is the one that took its place', async () => {
    const email = await registered();
    const stolen = await signIn(email);
    // Whoever holds the person's row keeps every new session waiting, between the mark on the old one and its successor.
    await kontor.db.query('begin');
    await kontor.db.query('select 1 from app_user where email = $1 for update', [email]);
    const renewing = stolen.post('/me/step-up', { method: 'password', password });
    const gaveWay = 'select 1 from session s join app_user u on u.id = s.user_id where u.email = $1 and s.superseded_at is not null';
    await until('the old session gave way', async () => (await kontor.db.query(gaveWay, [email])).length > 0);
    await kontor.db.query('delete from session where user_id = (select id from app_user where email = $1)', [email]);
    await kontor.db.query('commit');
    expect((await renewing).status).toBe(409);
    expect(await kontor.db.query('select 1 from session s join app_user u on u.id = s.user_id where u.email = $1', [email])).toEqual([]);
  });

  test('I7: a token does what its scopes say and nothing else', async () => {
    const anna = await signIn(await registered());
    const made = (await anna.post('/me/tokens', { name: 'Reader', scopes: ['ticket.read', 'me.read'] })).body;
    const reader = apiDriver(`${kontor.origin}/api/v1`, { authorization: `Bearer ${made.token}` });
    expect((await reader.get('/tickets')).status).toBe(200);
    const opening = await reader.post('/tickets', { subject: 'A panel', body: 'It does not start', category: 'technical' });
    expect(opening.body.error.code).toBe('auth.scope_missing');
    expect((await reader.post('/me/tokens', { name: 'More' })).body.error.code).toBe('auth.sign_in_required');
    expect((await anna.post('/me/tokens', { name: 'Too much', scopes: ['token.create'] })).status).toBe(400);
    expect((await anna.get('/me/tokens')).body.items[0]).toMatchObject({ name: 'Reader', scopes: ['ticket.read', 'me.read'] });
  });
});

describe('N2: what happens at a person’s doors is told him', () => {
  test('I7, N2: a new token is told by mail and in the product, without the token', async () => {
    const email = await registered();
    const anna = await signIn(email);
    const { token } = (await anna.post('/me/tokens', { name: 'Monitoring' })).body;
    const { text } = await mailTo(kontor.mail, email, /API token|API-токен/);
    expect(text).not.toContain(token);
    const told = (await anna.get('/notifications')).body.items.map((item: { event: string }) => item.event);
    expect(told).toContain('security.token_created');
  });

  test('I3, N2: whoever knows the password and guesses at codes is told of to its owner, once an attempt', async () => {
    const email = await registered();
    const anna = await signIn(email);
    const setUp = (await anna.post('/me/factors/totp')).body;
    const app = new Authenticator(setUp.secret, kontor.clock);
    await anna.post('/me/factors/totp/confirmation', { code: await app.code() });
    const { attempt } = (await visitor.post('/auth/sign-in', { email, password })).body.next;
    for (let tries = 0; tries < 4; tries += 1) await visitor.post('/auth/second-factor', { attempt, method: 'totp', code: '000000' });
    const events = async () =>
      (await anna.get('/notifications')).body.items.filter((item: { event: string }) => item.event === 'security.wrong_codes');
    expect(await events()).toEqual([]);
    for (let tries = 0; tries < 3; tries += 1) await visitor.post('/auth/second-factor', { attempt, method: 'totp', code: '000000' });
    expect(await events()).toHaveLength(1);
    await mailTo(kontor.mail, email, /knows your password|знает ваш пароль/);
  });
});

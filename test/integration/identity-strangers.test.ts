/** What somebody can do who has not signed in: follow links, ask for letters, and try to learn who is here. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signedIn, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedLink, mailTo } from '../harness/mailed.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import { testPassword, type TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { ask, changesOf, comparable, expectEnvelope, json } from './api-surroundings.ts';
import { attemptOf, customerWithApp, enter, neededConsents, someAddress, tally, visitorOf } from './identity-surroundings.ts';

let kontor: Kontor;
let visitor: ApiDriver;
const clock = new MovableClock();
clock.stop();

beforeAll(async () => {
  kontor = await startKontor({ clock });
  visitor = visitorOf(kontor.origin);
});
beforeEach(() => clock.moveToHalfMinute());
afterAll(() => kontor?.stop());

const changed = 'another walk along the sea';
const browserOf = (person: { email: string }) => signedIn(kontor.origin, 'customer', person.email, testPassword);
const register = (email: string, more: object = {}) =>
  visitor.post('/auth/registration', { email, name: 'Eve', accountName: 'Eve', consents: neededConsents, ...more });
const askReset = (email: string) => visitor.post('/auth/password-reset', { email });
const reset = (token: string, password = changed) => visitor.post('/auth/password-reset/confirmation', { token, password });

async function resetLinkOf(person: { email: string }): Promise<string> {
  const before = kontor.mail.to(person.email).length;
  expect((await askReset(person.email)).status).toBe(202);
  await until('the letter', () => kontor.mail.to(person.email).length > before);
  return mailedLink(kontor.mail, person.email, 'password-reset');
}

/** Each kind of link: how one comes to be mailed, and what follows it. */
const links: Record<string, { mailed: () => Promise<string>; follow: (token: string) => Promise<ApiAnswer> }> = {
  registration: {
    mailed: async () => {
      const email = someAddress();
      await register(email);
      return mailedLink(kontor.mail, email, 'confirmation');
    },
    follow: (token) => visitor.post('/auth/confirmation', { token, password: changed }),
  },
  invitation: {
    mailed: async () => {
      const email = someAddress();
      await (await browserOf(await kontor.people.customer())).post('/account/invitations', { email, role: 'technical' });
      return mailedLink(kontor.mail, email, 'invitation');
    },
    follow: (token) => visitor.post('/auth/invitation', { token, name: 'Boris', password: changed, consents: neededConsents }),
  },
  password_reset: { mailed: async () => resetLinkOf(await kontor.people.customer()), follow: reset },
  email_change: {
    mailed: async () => {
      const email = someAddress();
      await (await browserOf(await kontor.people.customer())).post('/me/email', { email });
      return mailedLink(kontor.mail, email, 'email-change');
    },
    follow: (token) => visitor.post('/auth/email-change', { token }),
  },
  veto: {
    mailed: async () => {
      const anna = await kontor.people.customer();
      const oleg = await kontor.people.staff();
      await oleg.post(`/users/${anna.id}/email-change`, { email: someAddress(), reason: 'He asked on the telephone' });
      return mailedLink(kontor.mail, anna.email, 'veto');
    },
    follow: (token) => visitor.post('/auth/veto', { token }),
  },
};
const about = (token: string) => visitor.post('/auth/link', { token });

describe.each(Object.entries(links))('security.md: a mailed link, %s', (purpose, { mailed, follow }) => {
  test('works once, for one of five who follow it at once, and tells nothing afterwards', async () => {
    const token = await mailed();
    expect((await about(token)).body.purpose).toBe(purpose);
    const answers = await Promise.all(Array.from({ length: 5 }, () => follow(token)));
    expect(answers.filter((answer) => answer.status < 300)).toHaveLength(1);
    expect(tally(answers)['404 auth.link_invalid']).toBe(4);
    for (const answer of [await follow(token), await about(token)]) expectEnvelope(answer, 404, 'auth.link_invalid');
  });

  test('opens nothing when its time is over, to the second', async () => {
    const token = await mailed();
    const { expiresAt } = (await about(token)).body;
    const left = new Date(expiresAt).getTime() - clock.now().getTime();
    if (purpose === 'password_reset' || purpose === 'registration') expect(left).toBe(30 * 60_000);
    clock.move(left / 1000 - 1);
    expect((await about(token)).status).toBe(200);
    clock.move(1);
    for (const answer of [await follow(token), await about(token)]) expectEnvelope(answer, 404, 'auth.link_invalid');
  });

  test('opens nothing that another kind of link opens, nor when a letter of it is another; neither uses it up', async () => {
    const token = await mailed();
    const tampered = [
      token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      token.slice(1),
      `${token}A`,
      token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase(),
      ` ${token}`,
      `${token}%00`,
    ];
    await kontor.settled();
    const changes = await changesOf(kontor.db, async () => {
      for (const wrong of tampered)
        for (const answer of [await follow(wrong), await about(wrong)]) expectEnvelope(answer, 404, 'auth.link_invalid');
      for (const [other, { follow: followOther }] of Object.entries(links))
        if (other !== purpose) expectEnvelope(await followOther(token), 404, 'auth.link_invalid');
    });
    expect(changes).toEqual([]);
    expect((await follow(token)).status).toBeLessThan(300);
  });
});

describe('I4: a link to choose a new password', () => {
  test('is void once the password was changed otherwise: by its owner, or by another such link', async () => {
    const anna = await kontor.people.customer();
    const [first, other] = [await resetLinkOf(anna), await resetLinkOf(anna)];
    expect(first).not.toBe(other);
    expect((await reset(other)).status).toBe(204);
    expectEnvelope(await reset(first), 404, 'auth.link_invalid');

    const boris = await kontor.people.customer();
    const token = await resetLinkOf(boris);
    const browser = await browserOf(boris);
    expect((await browser.put('/me/password', { currentPassword: testPassword, password: changed })).status).toBe(204);
    expectEnvelope(await reset(token, 'yet another long password'), 404, 'auth.link_invalid');
    expect((await visitor.post('/auth/sign-in', { email: boris.email, password: changed })).status).toBe(200);
  });

  test('is for its owner alone, who cannot name somebody else, and for nobody who was shut out', async () => {
    const [anna, boris] = [await kontor.people.customer(), await kontor.people.customer()];
    const token = await resetLinkOf(anna);
    for (const more of [{ email: boris.email }, { userId: boris.id }, { id: boris.id }])
      expectEnvelope(
        await visitor.post('/auth/password-reset/confirmation', { token, password: changed, ...more }),
        400,
        'request.invalid',
      );
    await kontor.db.query('update app_user set disabled_at = now() where id = $1', [anna.id]);
    for (const answer of [await reset(token), await about(token)]) expectEnvelope(answer, 404, 'auth.link_invalid');
    expect((await askReset(anna.email)).status).toBe(202);
    await until('the letter that nobody has this address', () => kontor.mail.to(anna.email).length === 2);
    expect(kontor.mail.to(anna.email)[1]!.text).not.toContain('#');
    for (const person of [boris, anna])
      expect((await visitor.post('/auth/sign-in', { email: person.email, password: testPassword })).status).toBe(
        person === boris ? 200 : 401,
      );
  });

  test('ends the sessions of those who were about to sign in with the old one, too', async () => {
    const anna = await kontor.people.customer();
    const boris = await customerWithApp(kontor);
    const tokens = [await resetLinkOf(anna), await resetLinkOf(boris)];
    const attempt = await attemptOf(visitor, boris.email);
    const code = await boris.app.code();
    // Whoever signs in waits here, with everything proven and his session not begun yet.
    await kontor.db.query('begin; lock table known_device in exclusive mode');
    const entering = [
      visitor.post('/auth/sign-in', { email: anna.email, password: testPassword }),
      visitor.post('/auth/second-factor', { attempt, method: 'totp', code }),
    ];
    await until('both wait', async () => (await kontor.db.query('select 1 from pg_locks where not granted')).length === 2);
    clock.move(1);
    for (const token of tokens) expect((await reset(token)).status).toBe(204);
    await kontor.db.query('commit');
    for (const answer of await Promise.all(entering)) {
      expectEnvelope(answer, 409, 'auth.attempt_over');
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await kontor.db.query('select 1 from session where user_id = any($1)', [[anna.id, boris.id]])).toEqual([]);
  });
});

describe('I1: two who are first at once', () => {
  test('two registrations of one address make one person', async () => {
    const email = someAddress();
    const tokens: string[] = [];
    for (let time = 1; time <= 3; time += 1) {
      await register(email);
      await until('the letter', () => kontor.mail.to(email).length === time);
      tokens.push(await mailedLink(kontor.mail, email, 'confirmation'));
    }
    const answers = await Promise.all(tokens.map((token) => links['registration']!.follow(token)));
    expect(tally(answers)).toEqual({ '201': 1, '422 email.taken': 2 });
    expect(await kontor.db.query('select 1 from app_user where email = $1', [email])).toHaveLength(1);
  });

  test('three invitations of one new person, followed at once, make one person with three memberships', async () => {
    const email = someAddress();
    const tokens: string[] = [];
    for (let time = 1; time <= 3; time += 1) {
      await (await browserOf(await kontor.people.customer())).post('/account/invitations', { email, role: 'technical' });
      await until('the letter', () => kontor.mail.to(email).length === time);
      tokens.push(await mailedLink(kontor.mail, email, 'invitation'));
    }
    const answers = await Promise.all(tokens.map((token) => links['invitation']!.follow(token)));
    expect(tally(answers)).toEqual({ '200': 3 });
    expect(
      await kontor.db.query('select 1 from membership m join app_user u on u.id = m.user_id where u.email = $1', [email]),
    ).toHaveLength(3);
  });

  test('two invitations to one account make one membership', async () => {
    const [owner, guest] = [await browserOf(await kontor.people.customer()), await kontor.people.customer()];
    const tokens: string[] = [];
    for (let time = 1; time <= 2; time += 1) {
      expect((await owner.post('/account/invitations', { email: guest.email, role: 'technical' })).status).toBe(201);
      await until('the letter', () => kontor.mail.to(guest.email).length === time);
      tokens.push(await mailedLink(kontor.mail, guest.email, 'invitation'));
    }
    const answers = await Promise.all(tokens.map((token) => visitor.post('/auth/invitation', { token })));
    expect(tally(answers)).toEqual({ '200': 1, '404 auth.link_invalid': 1 });
    expect(await kontor.db.query('select 1 from membership where user_id = $1', [guest.id])).toHaveLength(2);
  });
});

describe('security.md 6.3.8: nobody learns who is here', () => {
  /** One of each, by what an address may be. */
  async function everyKind(): Promise<Record<string, string>> {
    const [customer, disabled, staff] = [await kontor.people.customer(), await kontor.people.customer(), await kontor.people.staff()];
    await kontor.db.query('update app_user set disabled_at = now() where id = $1', [disabled.id]);
    const unconfirmed = someAddress();
    await register(unconfirmed);
    return { nobody: someAddress(), unconfirmed, customer: customer.email, disabled: disabled.email, staff: staff.email };
  }

  const everyHeader = ({ headers }: ApiAnswer) =>
    [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)).map(([name, value]) => `${name}: ${value}`);

  test('by the answer at sign-in, registration or reset, in either tree', async () => {
    const kinds = await everyKind();
    const questions: Record<string, (email: string) => Promise<ApiAnswer>> = {
      'sign-in': (email) => visitor.post('/auth/sign-in', { email, password: 'not the password' }),
      'sign-in of staff': (email) => visitorOf(kontor.origin, 'staff').post('/auth/sign-in', { email, password: 'not the password' }),
      registration: (email) => register(email),
      reset: (email) => askReset(email),
    };
    for (const [question, put] of Object.entries(questions)) {
      const expected = await put(kinds['nobody']!);
      for (const [kind, email] of Object.entries(kinds)) {
        const answer = await put(email);
        expect(comparable(answer as never), `${question} of ${kind}`).toEqual(comparable(expected as never));
        expect(everyHeader(answer), `${question} of ${kind}`).toEqual(everyHeader(expected));
      }
    }
    // The right password opens nothing to somebody disabled, or to the other kind.
    for (const kind of ['disabled', 'staff', 'unconfirmed'])
      expectEnvelope(await visitor.post('/auth/sign-in', { email: kinds[kind], password: testPassword }), 401, 'auth.invalid_credentials');
    expectEnvelope(
      await visitorOf(kontor.origin, 'staff').post('/auth/sign-in', { email: kinds['customer'], password: testPassword }),
      401,
      'auth.invalid_credentials',
    );
  });

  test('by inviting somebody, or by wanting his address', async () => {
    const kinds = await everyKind();
    const anonymous = ({ status, body }: ApiAnswer) => [status, Object.keys(body).toSorted(), body.role, body.state, body.next];
    const owner = await browserOf(await kontor.people.customer());
    const invitations = await Promise.all(
      Object.values(kinds).map((email) => owner.post('/account/invitations', { email, role: 'billing' })),
    );
    for (const answer of invitations) expect([answer.status, anonymous(answer)]).toEqual([201, anonymous(invitations[0]!)]);
    for (const answer of invitations)
      expect(everyHeader(answer).map((line) => line.split(':')[0])).toEqual(everyHeader(invitations[0]!).map((line) => line.split(':')[0]));
    const wishes = await Promise.all(
      Object.values(kinds).map(async (email) => (await browserOf(await kontor.people.customer())).post('/me/email', { email })),
    );
    for (const answer of wishes) expect([answer.status, anonymous(answer)]).toEqual([202, anonymous(wishes[0]!)]);
  });

  test('I1: staff who are invited to an account are told by their mailbox, and join nothing', async () => {
    const oleg = await kontor.people.staff();
    const anna = await kontor.people.customer();
    await (await browserOf(anna)).post('/account/invitations', { email: oleg.email, role: 'owner' });
    const token = await mailedLink(kontor.mail, oleg.email, 'invitation');
    expect((await about(token)).body.invitation.known).toBe(false);
    expectEnvelope(await links['invitation']!.follow(token), 409, 'invitation.not_for_staff');
    expect(await kontor.db.query('select 1 from membership where user_id = $1', [oleg.id])).toEqual([]);
    const maria = await kontor.people.staff({ role: 'administrator' });
    for (const email of [anna.email, oleg.email.toUpperCase()])
      expectEnvelope(await maria.post('/staff-invitations', { email, role: 'support' }), 422, 'email.taken');
  });
});

describe('security.md 1.3.11: an address is one mailbox', () => {
  const several = [
    'a@b.example, c@d.example',
    'a@b.example,c@d.example',
    'a@b.example;c@d.example',
    'a@b.example c@d.example',
    'a@b.example\r\nBcc: c@d.example',
    'a@b.example\nc@d.example',
    'a@b.example\u0000',
    '<a@b.example>',
    'Anna <a@b.example>',
    '"Anna" <a@b.example>, c@d.example',
    '"c@d.example,"@b.example',
    '"a b"@c.example',
    'a@b@c.example',
    'a@b.example(c@d.example)',
    '(c@d.example)a@b.example',
    '@c.example:a@b.example',
    'friends:a@b.example;',
    'a@b.example>',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@localhost',
    'a@-b.example',
    'a@b..example',
    '.a@b.example',
    'a..b@c.example',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b'.repeat(64)}.example`,
    'a@b.example/c',
    'a@b.example?bcc=c@d.example',
    '@b.example',
    'a@',
    'mailto:a@b.example',
  ];

  test('on every route that takes one', async () => {
    const anna = await kontor.people.customer();
    const browser = await browserOf(anna);
    const maria = await kontor.people.staff({ role: 'administrator' });
    const routes: Record<string, (email: string) => Promise<ApiAnswer>> = {
      registration: (email) => register(email),
      reset: (email) => askReset(email),
      'a change of one’s own': (email) => browser.post('/me/email', { email }),
      invitation: (email) => browser.post('/account/invitations', { email, role: 'technical' }),
      'invitation to the staff': (email) => maria.post('/staff-invitations', { email, role: 'support' }),
      'a change by staff': (email) => maria.post(`/users/${anna.id}/email-change`, { email, reason: 'A test' }),
    };
    const mails = kontor.mail.recipients.length;
    await kontor.settled();
    const changes = await changesOf(kontor.db, async () => {
      for (const [route, give] of Object.entries(routes))
        for (const email of several) {
          const answer = await give(email);
          expect([route, email, answer.status]).toEqual([route, email, 400]);
          expect(answer.body.error.details).toEqual([expect.objectContaining({ field: 'email' })]);
        }
    });
    expect(changes).toEqual([]);
    expect(kontor.mail.recipients.length).toBe(mails);
    for (const email of several)
      expect([400, 401]).toContain((await visitor.post('/auth/sign-in', { email, password: testPassword })).status);
  });

  test('letter case and spellings of one address are one person; look-alikes are another, or nobody', async () => {
    const domain = `${someAddress().split('@')[0]}.people.example`;
    const email = `kate@${domain}`;
    await register(email.toUpperCase());
    expect((await links['registration']!.follow(await mailedLink(kontor.mail, email, 'confirmation'))).body).toEqual({ email });
    const fullWidth = domain.replaceAll(/[a-z]/g, (letter) => String.fromCodePoint(letter.codePointAt(0)! + 0xfee0));
    for (const same of [email, `KATE@${domain}`, ` kate@${domain.toUpperCase()} `, `kate@${fullWidth}`]) {
      expect((await visitor.post('/auth/sign-in', { email: same, password: changed })).status, same).toBe(200);
      expect((await register(same)).status).toBe(202);
    }
    await mailTo(kontor.mail, email, /already/);
    expect(await kontor.db.query('select 1 from app_user where email like $1', [`%${domain}`])).toHaveLength(1);
    // Cyrillic а and е, a long s, a dotted capital, full width, an invisible character, a combining one.
    for (const alike of ['kаte', 'katе', 'kaſte', 'KATİ', 'ｋate', 'ka\u200bte', 'kate\u0301', 'ka\u00adte']) {
      expectEnvelope(
        await visitor.post('/auth/sign-in', { email: `${alike}@${domain}`, password: changed }),
        401,
        'auth.invalid_credentials',
      );
      expectEnvelope(await register(`${alike}@${domain}`), 400, 'request.invalid');
    }
    // A domain in another alphabet is another domain, and is kept so that this is seen.
    const cyrillic = `kate@${domain.replace('people', 'реорlе')}`;
    expect((await register(cyrillic)).status).toBe(202);
    expectEnvelope(await visitor.post('/auth/sign-in', { email: cyrillic, password: changed }), 401, 'auth.invalid_credentials');
    expect(await kontor.db.query(`select 1 from registration where email like 'kate@%.xn--%'`)).toHaveLength(1);
  });
});

describe('E: a name is a name', () => {
  test('no line break gets into a header by way of it, at registration or by invitation', async () => {
    const owner = await browserOf(await kontor.people.customer());
    const email = someAddress();
    await owner.post('/account/invitations', { email, role: 'technical' });
    const token = await mailedLink(kontor.mail, email, 'invitation');
    await kontor.settled();
    const changes = await changesOf(kontor.db, async () => {
      for (const name of ['Eve\r\nBcc: eve@evil.example', 'Eve\nX: y', 'Eve\r', 'Eve\u0000', 'Eve\u2028', 'Eve\u202egpj', '\u0085']) {
        expectEnvelope(await register(someAddress(), { name }), 400, 'request.invalid');
        expectEnvelope(await register(someAddress(), { accountName: name }), 400, 'request.invalid');
        const accepted = { token, name, password: changed, consents: neededConsents };
        expectEnvelope(await visitor.post('/auth/invitation', accepted), 400, 'request.invalid');
      }
    });
    expect(changes).toEqual([]);
  });

  test('whatever it is, its letters go to one mailbox, and none that a stranger asked for says it', async () => {
    const name = 'Eve <eve@evil.example>, "x" =?utf-8?q?=0D=0ABcc=3A_x=40evil.example?= http://evil.example/';
    const email = someAddress();
    await register(email, { name, accountName: name });
    const token = await mailedLink(kontor.mail, email, 'confirmation');
    const { subject, text } = await mailTo(kontor.mail, email, /#/);
    expect(subject + text).not.toContain('evil.example');
    await links['registration']!.follow(token);
    expect((await reset(await resetLinkOf({ email }))).status).toBe(204);
    await mailTo(kontor.mail, email, /password/);
    await kontor.settled();
    expect(kontor.mail.recipients.filter((recipient) => /evil/.test(recipient))).toEqual([]);
    for (const mail of kontor.mail.to(email)) {
      const to = [mail.to].flat().flatMap((field) => field?.value ?? []);
      expect(to.map(({ address }) => address)).toEqual([email]);
      expect([mail.headers.get('bcc'), mail.headers.get('cc')]).toEqual([undefined, undefined]);
    }
  });
});

describe('I8: whoever is shut out is out', () => {
  test('at once, with every session, token and attempt, and stays out', async () => {
    const anna = await customerWithApp(kontor);
    const browsers = [await enter(kontor, anna), await enter(kontor, anna)];
    const attempt = await attemptOf(visitor, anna.email);
    for (const driver of [...browsers, anna]) expect((await driver.get('/me')).status).toBe(200);
    await kontor.db.query('update app_user set disabled_at = now() where id = $1', [anna.id]);
    for (const driver of [...browsers, anna]) expectEnvelope(await driver.get('/me'), 401, 'auth.required');
    const code = await anna.app.code();
    expectEnvelope(await visitor.post('/auth/second-factor', { attempt, method: 'totp', code }), 409, 'auth.attempt_over');
    expectEnvelope(await visitor.post('/auth/sign-in', { email: anna.email, password: testPassword }), 401, 'auth.invalid_credentials');
  });

  test('a role that was taken counts from the next request on', async () => {
    const anna = await kontor.people.customer();
    const boris: TestPerson = await kontor.people.customer({ account: { id: anna.accountId, role: 'owner' } });
    const [one, two] = [await browserOf(anna), await browserOf(boris)];
    await two.put('/me/active-account', { accountId: anna.accountId });
    expect((await two.get('/account/invitations')).status).toBe(200);
    expect((await one.patch(`/account/users/${boris.id}`, { role: 'billing' })).status).toBe(204);
    expectEnvelope(await two.get('/account/invitations'), 403, 'auth.not_permitted');
    expectEnvelope(await boris.patch('/account', { name: 'Mine' }), 403, 'auth.not_permitted');
    expect((await one.delete(`/account/users/${boris.id}`)).status).toBe(204);
    // The token was for this account; the session acts in his own.
    expectEnvelope(await boris.get('/me'), 401, 'auth.required');
    expect((await two.get('/me')).body.account.id).not.toBe(anna.accountId);
  });
});

test('security.md: no fast hash of a password is kept, whatever key a request is sent with', async () => {
  const anna = await kontor.people.customer();
  const browser = await browserOf(anna);
  const headers = { 'idempotency-key': 'change-1' };
  expect((await browser.put('/me/password', { currentPassword: testPassword, password: changed }, headers)).status).toBe(204);
  expect(await kontor.db.query(`select 1 from idempotency_record where key = 'change-1'`)).toEqual([]);
  const answer = await ask(
    kontor.origin,
    'POST',
    '/api/v1/me/step-up',
    { ...json, ...headers, ...browser.credentials },
    JSON.stringify({ method: 'password', password: changed }),
  );
  expect(answer.status).toBe(200);
  expect(await kontor.db.query(`select 1 from idempotency_record where key = 'change-1'`)).toEqual([]);
});

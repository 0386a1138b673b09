/** What somebody tries who wants in, or further in: forms, cookies, codes and links (issue of identity; security.md). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deliver } from '../../activities/deliveries.ts';
import { signedIn, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { Authenticator } from '../harness/authenticator.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { mailedCode, mailTo } from '../harness/mailed.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import { testPassword } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { ask, changesOf, expectEnvelope } from './api-surroundings.ts';
import {
  anotherCode,
  attemptOf,
  browserOf,
  customerWithApp,
  enter,
  someAddress,
  tally,
  visitorOf,
  wrongCode,
} from './identity-surroundings.ts';

let kontor: Kontor;
let second: Awaited<ReturnType<Kontor['secondApi']>>;
let visitor: ApiDriver;
const clock = new MovableClock();
clock.stop();

beforeAll(async () => {
  kontor = await startKontor({ clock });
  second = await kontor.secondApi();
  visitor = visitorOf(kontor.origin);
});
beforeEach(() => clock.moveToHalfMinute());
afterAll(async () => {
  await second?.stop();
  await kontor?.stop();
});

const step = () => Math.floor(clock.now().getTime() / 30_000);
const prove = (attempt: string, method: string, code: string, at = visitor): Promise<ApiAnswer> =>
  at.post('/auth/second-factor', { attempt, method, code });

/** A customer who has codes mailed, and where he is signed in. */
async function customerWithMailedCodes() {
  const person = await kontor.people.customer();
  const browser = await signedIn(kontor.origin, 'customer', person.email, testPassword);
  await browser.post('/me/factors/email');
  const set = await browser.post('/me/factors/email/confirmation', { code: await mailedCode(kontor.mail, person.email) });
  return { ...person, browser, recoveryCodes: set.body.recoveryCodes as string[] };
}

describe('E, security.md 3.5.2: a form on another site', () => {
  test('whatever it sends, with the person’s cookies, nothing is done', async () => {
    const anna = await kontor.people.customer();
    const browser = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    const wishes: [path: string, fields: Record<string, string>][] = [
      ['/auth/sign-in', { email: anna.email, password: testPassword }],
      ['/auth/registration', { email: someAddress(), name: 'Eve', accountName: 'Eve' }],
      ['/auth/password-reset', { email: anna.email }],
      ['/me/tokens', { name: 'Eve' }],
      ['/me/email', { email: someAddress() }],
      ['/me/step-up', { method: 'password', password: testPassword }],
      ['/account/invitations', { email: someAddress(), role: 'owner' }],
      ['/me/factors/totp', {}],
      ['/me/recovery-codes', {}],
      ['/auth/sign-out', {}],
    ];
    const sent: Record<string, (fields: Record<string, string>) => string> = {
      'application/x-www-form-urlencoded': (fields) => new URLSearchParams(fields).toString(),
      'multipart/form-data; boundary=x': (fields) =>
        Object.entries(fields)
          .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
          .join('') + '--x--',
      // A field named so that the line `name=value` is JSON.
      'text/plain': (fields) => `${JSON.stringify({ ...fields, x: '' }).slice(0, -2)}=""}`,
    };
    await kontor.settled();
    const changes = await changesOf(kontor.db, async () => {
      for (const [path, fields] of wishes)
        for (const [type, body] of Object.entries(sent))
          for (const from of [{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, { origin: 'null' }, {}] as Record<
            string,
            string
          >[]) {
            // A browser says where a form comes from; a body of another type is refused wherever it comes from.
            if (body(fields) === '' && !from['origin']) continue;
            const headers = { ...browser.credentials, ...from, 'content-type': type };
            const answer = await ask(kontor.origin, 'POST', `/api/v1${path}`, headers, body(fields));
            expect([403, 415], `${path} as ${type}`).toContain(answer.status);
            expect(answer.headers.getSetCookie()).toEqual([]);
          }
    });
    expect(changes).toEqual([]);
    expect((await browser.get('/me')).status).toBe(200);
  });
});

describe('security.md 7.2.4: a session’s token', () => {
  test('I6: is a new one at the second factor and at a fresh code; the old one is heard for ten seconds, and opens nothing', async () => {
    const anna = await customerWithApp(kontor);
    const forged = visitorOf(kontor.origin, 'customer', { cookie: 'kontor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' });
    const attempt = await attemptOf(forged, anna.email);
    // What names an attempt is no session, under any name.
    for (const cookie of [`kontor=${attempt}`, `kontor-staff=${attempt}`])
      expect((await visitorOf(kontor.origin, 'customer', { cookie }).get('/me')).status).toBe(401);
    const first = browserOf(kontor.origin, await prove(attempt, 'totp', await anna.app.code(), forged));
    expect(first.credentials['cookie']).not.toBe(forged.credentials['cookie']);
    expect((await forged.get('/me')).status).toBe(401);

    const renewed = await first.post('/me/step-up', { method: 'totp', code: await anna.app.code() });
    expect(renewed.status).toBe(200);
    const next = browserOf(kontor.origin, renewed);
    expect(next.credentials['cookie']).not.toBe(first.credentials['cookie']);
    clock.move(9.9);
    expect((await first.get('/me')).status).toBe(200);
    expectEnvelope(await first.post('/me/tokens', { name: 'Eve' }), 403, 'auth.step_up_required');
    expectEnvelope(await first.post('/me/step-up', { method: 'totp', code: await anna.app.code() }), 409, 'auth.attempt_over');
    clock.move(0.2);
    expectEnvelope(await first.get('/me'), 401, 'auth.required');
    expect((await next.post('/me/tokens', { name: 'Mine' })).status).toBe(201);
    expect((await next.get('/me/sessions')).body.items).toHaveLength(1);
  });

  test('I6: of ten fresh codes at once from one session one renews it', async () => {
    const anna = await kontor.people.customer();
    const browser = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => browser.post('/me/step-up', { method: 'password', password: testPassword })),
    );
    expect(tally(answers)).toEqual({ '200': 1, '409 auth.attempt_over': 9 });
  });
});

describe('I3, security.md 6.5.1: a code of the app', () => {
  test('works once: one after the other, twenty at once, and by two processes', async () => {
    const anna = await customerWithApp(kontor);
    const elsewhere = visitorOf(second.origin);
    const attempts = await Promise.all(Array.from({ length: 20 }, () => attemptOf(visitor, anna.email)));
    const code = await anna.app.code();
    const answers = await Promise.all(attempts.map((attempt, turn) => prove(attempt, 'totp', code, turn % 2 ? elsewhere : visitor)));
    expect(tally(answers)).toEqual({ '200': 1, '422 auth.code_wrong': 19 });
    for (const at of [visitor, elsewhere])
      expectEnvelope(await prove(await attemptOf(at, anna.email), 'totp', code, at), 422, 'auth.code_wrong');
    expect((await prove(await attemptOf(elsewhere, anna.email), 'totp', await anna.app.code())).status).toBe(200);
  });

  test('works once across the step’s boundary, makes those before it void, and comes back with no clock that is set back', async () => {
    const anna = await customerWithApp(kontor);
    const tried = async (code: string) => (await prove(await attemptOf(visitor, anna.email), 'totp', code)).status;
    const at = step();
    const code = await anna.app.codeOfStep(at);
    expect(await tried(code)).toBe(200);
    clock.move(30);
    expect(await tried(code)).toBe(422);
    expect(await tried(await anna.app.codeOfStep(at - 1))).toBe(422);
    clock.move(-90);
    for (const step of [at - 3, at - 2, at - 1, at]) expect(await tried(await anna.app.codeOfStep(step))).toBe(422);
    clock.move(90);
    expect(await tried(await anna.app.codeOfStep(at + 1))).toBe(200);
    // Too early and too late are wrong for somebody who used none before.
    const boris = await customerWithApp(kontor);
    const triedByHim = async (step: number) =>
      (await prove(await attemptOf(visitor, boris.email), 'totp', await boris.app.codeOfStep(step))).status;
    expect(await triedByHim(at + 1 - 2)).toBe(422);
    expect(await triedByHim(at + 1 + 2)).toBe(422);
    expect(await triedByHim(at + 1 - 1)).toBe(200);
  });

  test('of one person is nothing for another, and one of the app before nothing after another was set up', async () => {
    const [anna, boris] = [await customerWithApp(kontor), await customerWithApp(kontor)];
    expectEnvelope(await prove(await attemptOf(visitor, boris.email), 'totp', await anna.app.code()), 422, 'auth.code_wrong');
    const browser = await enter(kontor, anna);
    const { secret } = (await browser.post('/me/factors/totp')).body;
    const app = new Authenticator(secret, clock);
    // Until it is proven the one before is the one.
    expectEnvelope(await prove(await attemptOf(visitor, anna.email), 'totp', await app.codeOfStep(step() + 1)), 422, 'auth.code_wrong');
    expect((await browser.post('/me/factors/totp/confirmation', { code: await app.code() })).status).toBe(200);
    expectEnvelope(await prove(await attemptOf(visitor, anna.email), 'totp', await anna.app.code()), 422, 'auth.code_wrong');
    expect((await prove(await attemptOf(visitor, anna.email), 'totp', await app.code())).status).toBe(200);
  });
});

describe('I3, security.md 6.6.3: tries', () => {
  test('the sixth at a code of the app is refused though it is right, and of twenty at once no more than five are looked at', async () => {
    const anna = await customerWithApp(kontor);
    const wrong = await wrongCode(anna.app, clock.now());
    const attempt = await attemptOf(visitor, anna.email);
    for (let time = 0; time < 5; time += 1) expectEnvelope(await prove(attempt, 'totp', wrong), 422, 'auth.code_wrong');
    expectEnvelope(await prove(attempt, 'totp', await anna.app.code()), 409, 'auth.attempt_over');
    const another = await attemptOf(visitor, anna.email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => prove(another, 'totp', wrong)));
    expect(tally(answers)).toEqual({ '422 auth.code_wrong': 5, '409 auth.attempt_over': 15 });
  });

  test('the sixth at a mailed code is refused though it is right, at signing in, at a fresh code and at setting up', async () => {
    const anna = await customerWithMailedCodes();
    const attempt = await attemptOf(visitor, anna.email);
    await visitor.post('/auth/second-factor/email-code', { attempt });
    const code = await mailedCode(kontor.mail, anna.email, 2);
    for (let time = 0; time < 5; time += 1) expectEnvelope(await prove(attempt, 'email', anotherCode(code)), 422, 'auth.code_wrong');
    expectEnvelope(await prove(attempt, 'email', code), 409, 'auth.attempt_over');
    // Nor is another mailed for it.
    expectEnvelope(await visitor.post('/auth/second-factor/email-code', { attempt }), 409, 'auth.attempt_over');

    expect((await anna.browser.post('/me/step-up/email-code')).status).toBe(202);
    const fresh = await mailedCode(kontor.mail, anna.email, 3);
    const stepUp = (text: string) => anna.browser.post('/me/step-up', { method: 'email', code: text });
    for (let time = 0; time < 5; time += 1) expectEnvelope(await stepUp(anotherCode(fresh)), 422, 'auth.code_wrong');
    expectEnvelope(await stepUp(fresh), 409, 'auth.attempt_over');

    const boris = await kontor.people.customer();
    const browser = await signedIn(kontor.origin, 'customer', boris.email, testPassword);
    await browser.post('/me/factors/email');
    const setting = await mailedCode(kontor.mail, boris.email);
    const confirm = (text: string) => browser.post('/me/factors/email/confirmation', { code: text });
    const wrong = await Promise.all(Array.from({ length: 8 }, () => confirm(anotherCode(setting))));
    expect(tally(wrong)).toEqual({ '422 auth.code_wrong': 5, '409 factor.not_begun': 3 });
    expectEnvelope(await confirm(setting), 409, 'factor.not_begun');
    expect((await browser.get('/me/factors')).body.email).toBeNull();
  });

  test('an attempt has ten minutes, and no more than three codes are mailed for it', async () => {
    const anna = await customerWithMailedCodes();
    const attempt = await attemptOf(visitor, anna.email);
    const asked = await Promise.all(Array.from({ length: 6 }, () => visitor.post('/auth/second-factor/email-code', { attempt })));
    expect(tally(asked)).toEqual({ '202': 3, '422 auth.code_not_available': 3 });
    const late = await customerWithApp(kontor);
    const [inTime, tooLate] = [await attemptOf(visitor, late.email), await attemptOf(visitor, late.email)];
    clock.move(599);
    expect((await prove(inTime, 'totp', await late.app.code())).status).toBe(200);
    clock.move(1);
    expectEnvelope(await prove(tooLate, 'totp', await late.app.code()), 409, 'auth.attempt_over');
  });
});

describe('I3: a mailed code', () => {
  test('works 119 seconds after it was asked for, and 121 seconds after it no more', async () => {
    const anna = await customerWithMailedCodes();
    const codeFor = async (codes: number): Promise<[string, string]> => {
      const attempt = await attemptOf(visitor, anna.email);
      await visitor.post('/auth/second-factor/email-code', { attempt });
      return [attempt, await mailedCode(kontor.mail, anna.email, codes)];
    };
    const [late, lateCode] = await codeFor(2);
    clock.move(121);
    expectEnvelope(await prove(late, 'email', lateCode), 422, 'auth.code_wrong');
    const [soon, soonCode] = await codeFor(3);
    clock.move(119);
    expect((await prove(soon, 'email', soonCode)).status).toBe(200);
  });

  test('gives way to the one mailed after it, and one for a fresh code opens no sign-in', async () => {
    const anna = await customerWithMailedCodes();
    const attempt = await attemptOf(visitor, anna.email);
    await visitor.post('/auth/second-factor/email-code', { attempt });
    const first = await mailedCode(kontor.mail, anna.email, 2);
    await visitor.post('/auth/second-factor/email-code', { attempt });
    const then = await mailedCode(kontor.mail, anna.email, 3);
    if (first !== then) expectEnvelope(await prove(attempt, 'email', first), 422, 'auth.code_wrong');
    await anna.browser.post('/me/step-up/email-code');
    const fresh = await mailedCode(kontor.mail, anna.email, 4);
    if (fresh !== then) expectEnvelope(await prove(attempt, 'email', fresh), 422, 'auth.code_wrong');
    expect((await prove(attempt, 'email', then)).status).toBe(200);
  });

  test('is never mailed late: after two minutes without a mail server it is not sent, and is gone', async () => {
    const anna = await customerWithMailedCodes();
    await kontor.stopPromises();
    const attempt = await attemptOf(visitor, anna.email);
    await visitor.post('/auth/second-factor/email-code', { attempt });
    const [letter] = await kontor.db.query<{ id: string; secret: string | null }>(
      `select delivery_id as id, secret from letter where address = $1 and kind = 'code.sign_in'`,
      [anna.email],
    );
    expect(letter!.secret).not.toBeNull();
    kontor.mail.refuseWith(451);
    await expect(deliver(kontor.deliveries, letter!.id)).rejects.toThrow('the mail server did not take it');
    kontor.mail.refuseWith(null);
    clock.move(121);
    await kontor.startPromises();
    await kontor.settled();
    expect(
      await kontor.db.query('select d.state, l.secret from delivery d join letter l on l.delivery_id = d.id where d.id = $1', [letter!.id]),
    ).toEqual([{ state: 'expired', secret: null }]);
    // The next one goes the same way, and is the second that ever came: the one from the setting up was the first.
    await visitor.post('/auth/second-factor/email-code', { attempt });
    expect((await prove(attempt, 'email', await mailedCode(kontor.mail, anna.email, 2))).status).toBe(200);
    const mailed = kontor.mail.to(anna.email).filter((mail) => /^\s*\d{3} ?\d{3}\s*$/m.test(mail.text ?? ''));
    expect(mailed).toHaveLength(2);
  });

  test('security.md 6.3.6: opens nothing to staff, whoever set it up', async () => {
    const oleg = await kontor.people.staff();
    await kontor.db.query(`insert into factor (user_id, kind, state, created_at) values ($1, 'email', 'active', now())`, [oleg.id]);
    const desk = visitorOf(kontor.origin, 'staff');
    const answer = await desk.post('/auth/sign-in', { email: oleg.email, password: testPassword });
    expect(answer.body.next.methods).toEqual(['totp', 'recovery']);
    const { attempt } = answer.body.next;
    expectEnvelope(await visitor.post('/auth/second-factor/email-code', { attempt }), 409, 'auth.attempt_over');
    await kontor.db.query(`update challenge set code_hash = $2, code_expires_at = $3 where user_id = $1`, [
      oleg.id,
      kontor.vault.fingerprint(
        (await kontor.db.query<{ id: string }>('select id from challenge where user_id = $1', [oleg.id]))[0]!.id,
        '123456',
      ),
      new Date(clock.now().getTime() + 60_000),
    ]);
    expectEnvelope(await prove(attempt, 'email', '123456', desk), 422, 'auth.code_wrong');
  });
});

describe('security.md 6.5.2: a recovery code', () => {
  test('works once, also at once and by two processes; new ones make it void', async () => {
    const anna = await customerWithMailedCodes();
    const [first, other] = anna.recoveryCodes as [string, string];
    const attempts = await Promise.all(Array.from({ length: 10 }, () => attemptOf(visitor, anna.email)));
    const elsewhere = visitorOf(second.origin);
    const answers = await Promise.all(attempts.map((attempt, turn) => prove(attempt, 'recovery', first, turn % 2 ? elsewhere : visitor)));
    expect(tally(answers)).toEqual({ '200': 1, '422 auth.code_wrong': 9 });
    const browser = browserOf(
      kontor.origin,
      answers.find((answer) => answer.status === 200)!,
    );
    expect((await browser.get('/me/factors')).body.recoveryCodesLeft).toBe(9);
    expect((await browser.post('/me/recovery-codes')).status).toBe(200);
    expectEnvelope(await prove(await attemptOf(visitor, anna.email), 'recovery', other), 422, 'auth.code_wrong');
    await mailTo(kontor.mail, anna.email, /recovery code of your account was used/);
    const rows = await kontor.db.query<{ code_hash: string }>('select code_hash from recovery_code where user_id = $1', [anna.id]);
    for (const { code_hash } of rows) expect(code_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('I3: setting the first app up at the first sign-in', () => {
  const desk = () => visitorOf(kontor.origin, 'staff');

  /** Somebody on the staff who has no app yet, as after accepting his invitation. */
  async function newcomer(): Promise<{ id: string; email: string }> {
    const { id, email } = await kontor.people.staff();
    await kontor.db.query('delete from factor where user_id = $1', [id]);
    await kontor.db.query('delete from session where user_id = $1', [id]);
    return { id, email };
  }

  async function secretOf(userId: string): Promise<string> {
    const [row, ...more] = await kontor.db.query<{ secret: string; state: string }>('select secret, state from factor where user_id = $1', [
      userId,
    ]);
    expect(more).toEqual([]);
    expect(row!.state).toBe('active');
    return kontor.vault.open({ table: 'factor', row: userId, field: 'secret' }, row!.secret);
  }

  test('by two who know one password, at once: one app is set, and the one who set it is the one who is in', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, email } = await newcomer();
      const attempts = [await attemptOf(desk(), email), await attemptOf(desk(), email)];
      const answers = await Promise.all(
        attempts.map(async (attempt) => {
          const begun = await desk().post('/auth/totp', { attempt });
          if (begun.status !== 200) return { answer: begun, secret: '' };
          const { secret } = begun.body;
          const code = await new Authenticator(secret, clock).code();
          return { answer: await desk().post('/auth/totp/confirmation', { attempt, code }), secret };
        }),
      );
      const inside = answers.filter(({ answer }) => answer.status === 200);
      expect(inside).toHaveLength(1);
      expect(await secretOf(id)).toBe(inside[0]!.secret);
      expect(await kontor.db.query('select 1 from session where user_id = $1', [id])).toHaveLength(1);
    }
  });

  test('nobody slips another secret under the one that its owner is proving', async () => {
    const { id, email } = await newcomer();
    const [owners, eves] = [await attemptOf(desk(), email), await attemptOf(desk(), email)];
    const { secret } = (await desk().post('/auth/totp', { attempt: owners })).body;
    const proven = desk().post('/auth/totp/confirmation', { attempt: owners, code: await new Authenticator(secret, clock).code() });
    // The code was right; now his recovery codes are hashed, and there is time.
    await until('the code is used', async () => {
      const used = await kontor.db.query('select 1 from factor where user_id = $1 and last_step is not null', [id]);
      return used.length > 0;
    });
    expect((await desk().post('/auth/totp', { attempt: eves })).status).toBe(200);
    expectEnvelope(await proven, 409, 'auth.attempt_over');
    expect(await kontor.db.query(`select 1 from factor where user_id = $1 and state = 'active'`, [id])).toEqual([]);
    expect(await kontor.db.query('select 1 from session where user_id = $1', [id])).toEqual([]);
  });

  test('is over for whoever knows the password once an app is set, and is for staff alone', async () => {
    const { email } = await newcomer();
    const [first, then] = [await attemptOf(desk(), email), await attemptOf(desk(), email)];
    const { secret } = (await desk().post('/auth/totp', { attempt: first })).body;
    const code = await new Authenticator(secret, clock).code();
    expect((await desk().post('/auth/totp/confirmation', { attempt: first, code })).status).toBe(200);
    for (const attempt of [first, then, await attemptOf(desk(), email)])
      expectEnvelope(await desk().post('/auth/totp', { attempt }), 409, 'auth.attempt_over');
    expectEnvelope(await desk().post('/auth/totp/confirmation', { attempt: then, code }), 422, 'auth.code_wrong');

    const anna = await customerWithApp(kontor);
    const annas = await attemptOf(visitor, anna.email);
    for (const answer of [
      await desk().post('/auth/totp', { attempt: annas }),
      await desk().post('/auth/totp/confirmation', { attempt: annas, code: await anna.app.code() }),
      await prove(annas, 'totp', await anna.app.code(), desk()),
      await prove(await attemptOf(desk(), email), 'totp', code),
      await visitor.post('/auth/second-factor/email-code', { attempt: await attemptOf(desk(), email) }),
      await visitor.post('/auth/totp', { attempt: annas }),
    ])
      expect([404, 409]).toContain(answer.status);
    expect((await prove(annas, 'totp', await anna.app.code())).status).toBe(200);
  });
});

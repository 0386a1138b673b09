/** The throttle as callers meet it, with the limits that stand in production (SPEC I2). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cookieOf, type ApiAnswer } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword } from '../harness/people.ts';
import { expectEnvelope } from './api-surroundings.ts';
import { attemptOf, customerWithApp, neededConsents, someAddress, tally, visitorOf, wrongCode } from './identity-surroundings.ts';

let kontor: Kontor;
let second: Awaited<ReturnType<Kontor['secondApi']>>;
let places = 0;

beforeAll(async () => {
  kontor = await startKontor({ promises: false, throttle: {}, proxyHops: 1 });
  second = await kontor.secondApi();
});
afterAll(async () => {
  await second?.stop();
  await kontor?.stop();
});

/** A network address that nobody has called from yet, as our proxy tells it. */
function somewhere(): Record<string, string> {
  places += 1;
  return { 'x-forwarded-for': `203.0.113.${places}` };
}

const wrong = 'not the password at all';
const signIn = (email: string, password: string, headers: Record<string, string>, origin = kontor.origin): Promise<ApiAnswer> =>
  visitorOf(origin).post('/auth/sign-in', { email, password }, headers);
const times = <Result>(count: number, work: (turn: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, turn) => work(turn)));
const failuresOf = async (id: string) =>
  (await kontor.db.query(`select 1 from audit_line where action = 'auth.sign_in_failed' and whom = $1`, [id])).length;

function expectTooMany(answer: ApiAnswer, mostSeconds = 900): void {
  expectEnvelope(answer, 429, 'auth.too_many_tries');
  const seconds = Number(answer.headers.get('retry-after'));
  expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= mostSeconds, `Retry-After: ${seconds}`).toBe(true);
  expect(answer.headers.getSetCookie()).toEqual([]);
}

describe('I2: wrong passwords', () => {
  test('after ten the eleventh is refused, though it is right; somebody unknown is refused alike', async () => {
    const anna = await kontor.people.customer();
    for (const email of [anna.email, someAddress()]) {
      const here = somewhere();
      for (let time = 0; time < 10; time += 1) expectEnvelope(await signIn(email, wrong, here), 401, 'auth.invalid_credentials');
      expectTooMany(await signIn(email, testPassword, here));
    }
    // It is that place that must wait, not she.
    expect((await signIn(anna.email, testPassword, somewhere())).status).toBe(200);
  });

  test('of sixty at once, by two processes, ten are looked at', async () => {
    const anna = await kontor.people.customer();
    const here = somewhere();
    const answers = await times(60, (turn) => signIn(anna.email, wrong, here, turn % 2 ? second.origin : kontor.origin));
    expect(tally(answers)['401 auth.invalid_credentials']).toBe(10);
    expect(await failuresOf(anna.id)).toBe(10);
    for (const answer of answers) expect([401, 429, 503]).toContain(answer.status);
  });

  test('a right one forgets those before it', async () => {
    const anna = await kontor.people.customer();
    const here = somewhere();
    for (let round = 0; round < 2; round += 1) {
      for (let time = 0; time < 9; time += 1) expect((await signIn(anna.email, wrong, here)).status).toBe(401);
      expect((await signIn(anna.email, testPassword, here)).status).toBe(200);
    }
  });

  test('strangers from everywhere shut out strangers, and neither a device of hers nor a place she signs in from', async () => {
    const anna = await kontor.people.customer();
    const home = somewhere();
    const entered = await signIn(anna.email, testPassword, home);
    const device = entered.headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith('kontor-device='))!
      .split(';')[0]!;
    for (let place = 0; place < 10; place += 1) {
      const here = somewhere();
      await times(10, () => signIn(anna.email, wrong, here));
    }
    expect(await failuresOf(anna.id)).toBe(100);
    expectTooMany(await signIn(anna.email, testPassword, somewhere()), 3600);
    expect((await signIn(anna.email, testPassword, { ...somewhere(), cookie: device })).status).toBe(200);
    expect((await signIn(anna.email, testPassword, home)).status).toBe(200);
    // A device of somebody else’s, or one that was made up, is a stranger’s.
    for (const other of ['kontor-device=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', cookieOf(entered, 'customer')])
      expectTooMany(await signIn(anna.email, testPassword, { ...somewhere(), cookie: other }), 3600);
  });

  test('what the caller writes into X-Forwarded-For himself gives him no new place', async () => {
    const anna = await kontor.people.customer();
    const { 'x-forwarded-for': real } = somewhere();
    const lies = (turn: number) => ({ 'x-forwarded-for': `198.51.100.${turn}, 10.0.0.${turn}, ${real}` });
    for (let turn = 0; turn < 10; turn += 1) expect((await signIn(anna.email, wrong, lies(turn))).status).toBe(401);
    expectTooMany(await signIn(anna.email, testPassword, lies(11)));
    const [line] = await kontor.db.query<{ address: string }>(
      `select distinct address from audit_line where action = 'auth.sign_in_failed' and whom = $1`,
      [anna.id],
    );
    expect(line).toEqual({ address: real });
    expect((await signIn(anna.email, testPassword, somewhere())).status).toBe(200);
  });

  test('without a proxy of ours the header is not believed at all', async () => {
    const bare = await startKontor({ promises: false, throttle: {} });
    try {
      const anna = await bare.people.customer();
      for (let turn = 0; turn < 10; turn += 1) expect((await signIn(anna.email, wrong, somewhere(), bare.origin)).status).toBe(401);
      expectTooMany(await signIn(anna.email, testPassword, somewhere(), bare.origin));
      expect(await bare.db.query('select distinct address from audit_line')).toEqual([{ address: '127.0.0.1' }]);
    } finally {
      await bare.stop();
    }
  });
});

describe('I3: wrong codes', () => {
  test('ten in a quarter of an hour, over however many attempts and places; then a right one is refused, too', async () => {
    const anna = await customerWithApp(kontor);
    const code = await wrongCode(anna.app, kontor.clock.now());
    const attempts = await Promise.all([1, 2, 3].map(() => attemptOf(visitorOf(kontor.origin, 'customer', somewhere()), anna.email)));
    const prove = (turn: number, given: string) =>
      visitorOf(turn % 2 ? second.origin : kontor.origin, 'customer', somewhere()).post('/auth/second-factor', {
        attempt: attempts[turn % 3],
        method: 'totp',
        code: given,
      });
    const answers = await times(14, (turn) => prove(turn, code));
    expect(tally(answers)).toEqual({ '422 auth.code_wrong': 10, '429 auth.too_many_tries': 4 });
    for (const answer of answers.filter((one) => one.status === 429)) expectTooMany(answer);
    expectTooMany(await prove(0, await anna.app.code()));
    // Nor by a recovery code, nor at a fresh attempt.
    const fresh = await attemptOf(visitorOf(kontor.origin, 'customer', somewhere()), anna.email);
    for (const method of ['recovery', 'totp'])
      expectTooMany(await visitorOf(kontor.origin).post('/auth/second-factor', { attempt: fresh, method, code: await anna.app.code() }));
  });

  test('wrong passwords of somebody who is signed in are counted with them: no open browser is a place to guess at', async () => {
    const anna = await kontor.people.customer();
    const here = somewhere();
    const browser = visitorOf(kontor.origin, 'customer', { cookie: cookieOf(await signIn(anna.email, testPassword, here), 'customer') });
    const tries = [
      () => browser.post('/me/step-up', { method: 'password', password: wrong }),
      () => browser.put('/me/password', { currentPassword: wrong, password: 'another walk along the sea' }),
    ];
    const answers = await times(12, (turn) => tries[turn % 2]!());
    expect(tally(answers)).toEqual({ '422 auth.code_wrong': 10, '429 auth.too_many_tries': 2 });
    expectTooMany(await browser.post('/me/step-up', { method: 'password', password: testPassword }));
  });
});

describe('I1, I4: letters that strangers ask for', () => {
  const ask = {
    reset: (email: string, headers: Record<string, string>) => visitorOf(kontor.origin).post('/auth/password-reset', { email }, headers),
    registration: (email: string, headers: Record<string, string>) =>
      visitorOf(kontor.origin).post('/auth/registration', { email, name: 'Eve', accountName: 'Eve', consents: neededConsents }, headers),
  };
  const lettersTo = async (email: string) => (await kontor.db.query('select 1 from letter where address = $1', [email])).length;

  test.each(['somebody', 'nobody'])('five of a kind in half an hour go to one mailbox, of %s, from wherever', async (whose) => {
    const email = whose === 'somebody' ? (await kontor.people.customer()).email : someAddress();
    const spellings = [email, email.toUpperCase(), ` ${email}`];
    const answers = await times(9, (turn) => ask.registration(spellings[turn % 3]!, somewhere()));
    expect(tally(answers)).toEqual({ '202': 5, '429 auth.too_many_tries': 4 });
    expect(await lettersTo(email)).toBe(5);
    // Strangers who asked for one kind keep nobody from another.
    expect(tally(await times(9, () => ask.reset(email, somewhere())))).toEqual({ '202': 5, '429 auth.too_many_tries': 4 });
    expectTooMany(await ask.reset(email, somewhere()), 1800);
    expect(await lettersTo(email)).toBe(10);
  });

  test('I3: five codes in half an hour are mailed to set up codes by mail: each brings five more tries', async () => {
    const here = somewhere();
    const anna = await kontor.people.customer();
    const cookie = cookieOf(await signIn(anna.email, testPassword, here), 'customer');
    const browser = visitorOf(kontor.origin, 'customer', { ...here, cookie });
    const answers = await times(8, () => browser.post('/me/factors/email'));
    expect(tally(answers)).toEqual({ '202': 5, '429 auth.too_many_tries': 3 });
  });

  test('thirty an hour are asked for from one network, to whomever; invitations and changes of address are among them', async () => {
    const here = somewhere();
    const anna = await kontor.people.customer();
    const browser = visitorOf(kontor.origin, 'customer', {
      ...here,
      cookie: cookieOf(await signIn(anna.email, testPassword, here), 'customer'),
    });
    const answers = await times(40, async (turn) =>
      turn % 2 ? ask.reset(someAddress(), here) : browser.post('/account/invitations', { email: someAddress(), role: 'billing' }),
    );
    expect(answers.filter((answer) => answer.status < 300)).toHaveLength(30);
    expectTooMany(await browser.post('/me/email', { email: someAddress() }), 3600);
  });
});

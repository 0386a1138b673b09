import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Throttle, type ThrottleLimits } from '../../api/auth/throttle.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { forgetOldCounts } from '../../db/throttle-store.ts';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';
import { until } from '../harness/until.ts';

let db: FreshDatabase;
const opened: Database[] = [];
let people = 0;

beforeAll(async () => {
  db = await freshDatabase(inject('postgresAdminUrl'));
});
afterAll(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await db?.drop();
});

/** A process of its own, as far as counting goes: its own pool and its own memory. */
async function process(limits: ThrottleLimits = {}): Promise<Throttle> {
  const database = await openDatabase(db.appUrl, 5);
  opened.push(database);
  return new Throttle(database, limits);
}

/** Somebody nobody has tried yet. */
function somebody(): string {
  people += 1;
  return `somebody-${people}@people.example`;
}

/** A network nobody has called from yet. */
function somewhere(): string {
  people += 1;
  return `198.18.${Math.floor(people / 250)}.${people % 250}`;
}

async function passesOf(times: number, tryOnce: () => Promise<{ ok: boolean }>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: times }, tryOnce));
  return answers.filter(({ ok }) => ok).length;
}

test('I2: of fifty tries at once at one password ten pass, and of as many by two processes no more', async () => {
  const [one, other] = [await process(), await process()];
  const key = { email: somebody(), address: somewhere(), trusted: null };
  let turn = 0;
  expect(await passesOf(50, () => [one, other][(turn += 1) % 2]!.signIn(key))).toBe(10);
  for (const throttle of [one, other]) {
    const answer = await throttle.signIn(key);
    expect(answer).toEqual({ ok: false, retryAfterSeconds: expect.any(Number) });
    expect(!answer.ok && answer.retryAfterSeconds).toBeGreaterThan(880);
    expect(!answer.ok && answer.retryAfterSeconds).toBeLessThanOrEqual(900);
  }
});

test('I2: letter case and spelling of an address make no second person of it', async () => {
  const throttle = await process();
  const [email, address] = [somebody(), somewhere()];
  const spellings = [email, email.toUpperCase(), ` ${email}`];
  let turn = 0;
  expect(await passesOf(30, () => throttle.signIn({ email: spellings[(turn += 1) % 3]!, address, trusted: null }))).toBe(10);
});

test('I2: an address nobody has is throttled like any other, and nonsense too', async () => {
  const throttle = await process();
  for (const email of ['no address at all', '', 'x'.repeat(5_000)]) {
    const address = somewhere();
    expect(await passesOf(15, () => throttle.signIn({ email, address, trusted: null }))).toBe(10);
  }
});

test('I2: one network address may try a hundred passwords an hour, whosever they are; an IPv6 network counts as one', async () => {
  const throttle = await process();
  const address = somewhere();
  expect(await passesOf(120, () => throttle.signIn({ email: somebody(), address, trusted: null }))).toBe(100);
  expect((await throttle.signIn({ email: somebody(), address, trusted: 'address' })).ok).toBe(false);
  let host = 0;
  const inNetwork = () => `2001:db8:1:2::${((host += 1) + 15).toString(16)}`;
  expect(await passesOf(120, () => throttle.signIn({ email: somebody(), address: inNetwork(), trusted: null }))).toBe(100);
  expect((await throttle.signIn({ email: somebody(), address: '2001:db8:1:3::1', trusted: null })).ok).toBe(true);
});

test('I2: strangers from twenty addresses, the person’s own among them, share a hundred tries and never shut out his device', async () => {
  const throttle = await process();
  const email = somebody();
  const addresses = Array.from({ length: 20 }, somewhere);
  let passed = 0;
  for (const address of addresses) passed += await passesOf(20, () => throttle.signIn({ email, address, trusted: null }));
  expect(passed).toBe(100);
  expect((await throttle.signIn({ email, address: somewhere(), trusted: null })).ok).toBe(false);
  for (const address of [somewhere(), addresses[0]!])
    expect((await throttle.signIn({ email, address, trusted: 'a device' })).ok).toBe(true);
  // Without the device, from an address he has used before, he does not share their count either.
  expect((await throttle.signIn({ email, address: somewhere(), trusted: 'address' })).ok).toBe(true);
});

test('I2: a flood from the person’s own network address does not shut out his device', async () => {
  const throttle = await process();
  const [email, address] = [somebody(), somewhere()];
  await passesOf(250, () => throttle.signIn({ email: somebody(), address, trusted: null }));
  expect((await throttle.signIn({ email, address, trusted: null })).ok).toBe(false);
  expect((await throttle.signIn({ email, address, trusted: 'a device' })).ok).toBe(true);
});

test('I2: a known device has ten tries of its own, and another device its own', async () => {
  const throttle = await process();
  const email = somebody();
  expect(await passesOf(50, () => throttle.signIn({ email, address: somewhere(), trusted: 'a device' }))).toBe(10);
  expect((await throttle.signIn({ email, address: somewhere(), trusted: 'another device' })).ok).toBe(true);
  expect((await throttle.signIn({ email: somebody(), address: somewhere(), trusted: 'a device' })).ok).toBe(true);
});

test('I2: being right forgets one’s own wrong tries, in every process, and gives back what is shared', async () => {
  const [one, other] = [await process(), await process()];
  const key = { email: somebody(), address: somewhere(), trusted: null };
  const places = await Promise.all(Array.from({ length: 10 }, () => one.signIn(key)));
  expect((await other.signIn(key)).ok).toBe(false);
  const last = places.at(-1)!;
  if (last.ok) await last.succeeded();
  expect(await passesOf(20, () => other.signIn(key))).toBe(10);

  // An office of two hundred people behind one address signs in on Monday morning.
  const office = somewhere();
  for (let person = 0; person < 200; person += 1) {
    const place = await one.signIn({ email: somebody(), address: office, trusted: null });
    expect(place.ok).toBe(true);
    if (place.ok) await place.succeeded();
  }
});

test('I2: who is refused by one count takes no place in another', async () => {
  const throttle = await process();
  const [email, address] = [somebody(), somewhere()];
  expect(await passesOf(300, () => throttle.signIn({ email, address, trusted: null }))).toBe(10);
  // Ten of the network's hundred are taken, not three hundred.
  expect(await passesOf(100, () => throttle.signIn({ email: somebody(), address, trusted: null }))).toBe(90);
});

test('I3: ten wrong codes a quarter of an hour, whoever sends them; a right one forgets them', async () => {
  const [one, other] = [await process(), await process()];
  const user = somebody();
  let turn = 0;
  const places = await Promise.all(Array.from({ length: 16 }, () => [one, other][(turn += 1) % 2]!.secondFactor(user)));
  const passed = places.filter((place) => place.ok);
  expect(passed).toHaveLength(10);
  expect((await one.secondFactor(somebody())).ok).toBe(true);
  await passed[0]!.succeeded();
  expect((await other.secondFactor(user)).ok).toBe(true);
});

test('I2: a try that we were too busy to judge is none', async () => {
  const throttle = await process({ secondFactor: { tries: 3, seconds: 900 } });
  const user = somebody();
  for (let turn = 0; turn < 5; turn += 1) {
    const place = await throttle.secondFactor(user);
    if (!place.ok) throw new Error('a try that was given back was counted');
    await place.notTried();
  }
  expect(await passesOf(5, () => throttle.secondFactor(user))).toBe(3);
});

test('I1: strangers cause five letters of a kind in half an hour to one address, and thirty an hour from one network', async () => {
  const throttle = await process();
  const email = somebody();
  expect(await passesOf(20, () => throttle.mailTo('password_reset', email, somewhere()))).toBe(5);
  // What one kind used up keeps nobody from another.
  expect((await throttle.mailTo('registration', email, somewhere())).ok).toBe(true);
  const address = somewhere();
  expect(await passesOf(50, () => throttle.mailTo('registration', somebody(), address))).toBe(30);
});

test('I3: codes mailed to one person are few, whoever asks for them', async () => {
  const throttle = await process();
  const user = somebody();
  expect(await passesOf(40, () => throttle.mailedCode(user))).toBe(20);
  expect((await throttle.mailedCode(somebody())).ok).toBe(true);
});

test('I2: when the time is over there are tries again', async () => {
  const throttle = await process({ secondFactor: { tries: 2, seconds: 1 } });
  const user = somebody();
  expect(await passesOf(20, () => throttle.secondFactor(user))).toBe(2);
  await until('a try passes', async () => (await throttle.secondFactor(user)).ok);
});

test('I2: whoever goes on far beyond his limit is answered without a query', async () => {
  const throttle = await process();
  const key = { email: somebody(), address: somewhere(), trusted: null };
  await passesOf(20, () => throttle.signIn(key));
  const owner = new Client({ connectionString: db.ownerUrl });
  await owner.connect();
  await owner.query('begin; lock table throttle in access exclusive mode');
  let othersAreAnswered = false;
  const other = throttle.signIn({ ...key, email: somebody() }).then((answer) => ((othersAreAnswered = true), answer));
  for (let time = 0; time < 1_000; time += 1) {
    const answer = await throttle.signIn(key);
    expect(answer.ok).toBe(false);
    expect(!answer.ok && answer.retryAfterSeconds).toBeGreaterThan(880);
  }
  expect(othersAreAnswered).toBe(false);
  await owner.end();
  expect((await other).ok).toBe(true);
});

test('I2: while PostgreSQL is away nobody is let in, and the failure says so', async () => {
  const away = new URL(db.appUrl);
  away.port = '1';
  const database = await openDatabase(away.href, 2);
  const throttle = new Throttle(database);
  const tries = [
    () => throttle.signIn({ email: somebody(), address: somewhere(), trusted: null }),
    () => throttle.signIn({ email: somebody(), address: somewhere(), trusted: 'a device' }),
    () => throttle.secondFactor(somebody()),
    () => throttle.mailTo('registration', somebody(), somewhere()),
  ];
  for (const tried of tries) await expect(tried()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await database.close();
});

test('I2: the table knows neither who was tried nor from where, and forgets', async () => {
  const database = await openDatabase(db.appUrl, 2);
  opened.push(database);
  const rows = await db.query<{ key: string }>('select key from throttle');
  expect(rows.length).toBeGreaterThan(100);
  for (const { key } of rows) expect(key).toMatch(/^\w+:[\w-]{43}$/);
  await forgetOldCounts(database, new Date());
  expect(await db.query('select key from throttle')).toHaveLength(rows.length);
  await forgetOldCounts(database, new Date(Date.now() + 2 * 3600 * 1000));
  expect(await db.query('select key from throttle')).toHaveLength(0);
});

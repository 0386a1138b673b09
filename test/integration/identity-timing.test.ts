/**
 * Whether an answer's time tells who is here (SPEC I2, I8; security.md, 6.3.8).
 *
 * What is compared is asked in rounds, each kind once in a random order, so that whatever else the machine does falls on all
 * alike. Of the differences within the rounds the median is bounded by the sign test's interval, which needs no assumption
 * on how times are distributed: with 40 rounds and an error of one in ten thousand it lies between the 8th and the 33th
 * of the sorted differences.
 *
 * A test fails when that whole interval lies beyond the threshold: when the times differ by more than the threshold, for
 * all we can tell. Noise widens the interval and so cannot fail it; a true difference below the threshold passes, and is
 * not claimed to be absent. The threshold is an eighth of the median, at least 2 ms: a network's own jitter is of this
 * size, while what must not be missed, a sign-in without its slow hash, is nearly the whole of it. Each test shows that it
 * would have seen such a thing by a pair that does differ.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer } from '../harness/people.ts';
import { enter, neededConsents, someAddress, visitorOf } from './identity-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
});
afterAll(() => kontor?.stop());

// Some hundred answers each, one after the other, however busy the machine is.
vi.setConfig({ testTimeout: 120_000 });

const errorRate = 0.0001;
const rounds = 40;

type Question = () => Promise<unknown>;

/** Milliseconds of each question, round by round; the first rounds, in which everything is new, are left out. */
async function timesOf<Kind extends string>(questions: Readonly<Record<Kind, Question>>): Promise<Record<Kind, number[]>> {
  const kinds = Object.keys(questions) as Kind[];
  const times = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]])) as Record<Kind, number[]>;
  for (let round = -3; round < rounds; round += 1)
    for (const kind of shuffled(kinds)) {
      const started = performance.now();
      await questions[kind]();
      if (round >= 0) times[kind].push(performance.now() - started);
    }
  return times;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]) => sorted(values)[Math.floor(values.length / 2)]!;

/** The bounds between which the median of the differences lies, but for an error of this rate (sign test). */
function boundsOfDifference(left: readonly number[], right: readonly number[]): [low: number, high: number] {
  const differences = sorted(left.map((time, round) => time - right[round]!));
  const { length } = differences;
  let rank = 0;
  // The chance that no more than so many of the differences lie below their true median.
  for (let chance = 0.5 ** length, sum = chance; sum <= errorRate / 2; rank += 1) {
    chance *= (length - rank) / (rank + 1);
    sum += chance;
  }
  return [differences[rank - 1]!, differences[length - rank]!];
}

/** How far apart the two surely are, in milliseconds: 0 when they may be alike. */
function surelyApart(left: readonly number[], right: readonly number[]): number {
  const [low, high] = boundsOfDifference(left, right);
  return low > 0 ? low : high < 0 ? -high : 0;
}

function expectAlike(times: Readonly<Record<string, number[]>>, to: string): void {
  const threshold = Math.max(2, median(times[to]!) / 8);
  for (const [kind, series] of Object.entries(times))
    expect(surelyApart(series, times[to]!), `${kind} beside ${to}, ms`).toBeLessThanOrEqual(threshold);
}

function expectApart(left: readonly number[], right: readonly number[]): void {
  expect(surelyApart(left, right)).toBeGreaterThan(Math.max(2, median(right) / 8));
}

test('the bounds are those of the sign test, and tell what differs from what does not', () => {
  const noise = Array.from({ length: rounds }, (_, index) => ((index * 27) % rounds) - 19.5);
  const none = noise.map(() => 0);
  const later = noise.map((time) => time + 40);
  expect(boundsOfDifference(noise, none)).toEqual([-12.5, 12.5]);
  expect(surelyApart(noise, none)).toBe(0);
  expect(surelyApart(none, later)).toBe(27.5);
  expect(surelyApart(later, none)).toBe(27.5);
});

test('I2: signing in takes as long for an unknown address, a wrong password, the other kind of person and somebody shut out', async () => {
  const [disabled, seen, oleg] = [await kontor.people.customer(), await kontor.people.customer(), await kontor.people.staff()];
  await kontor.db.query('update app_user set disabled_at = now() where id = $1', [disabled.id]);
  await enter(kontor, seen);
  const visitor = visitorOf(kontor.origin);
  const signIn = (email: string) => () => visitor.post('/auth/sign-in', { email, password: 'not the password' });
  const { without, ...times } = await timesOf({
    unknown: () => signIn(someAddress())(),
    wrong: signIn(anna.email),
    'wrong, from a place he is known at': signIn(seen.email),
    'other kind': signIn(oleg.email),
    disabled: signIn(disabled.email),
    without: () => visitor.post('/auth/link', { token: 'none' }),
  });
  expectAlike(times, 'unknown');
  expectApart(without, times.unknown);
});

test('I1, I4: asking for an account or a new password takes as long for an address that somebody has', async () => {
  const visitor = visitorOf(kontor.origin);
  const register = (email: string) =>
    visitor.post('/auth/registration', { email, name: 'Eve', accountName: 'Eve', consents: neededConsents });
  const reset = (email: string) => visitor.post('/auth/password-reset', { email });
  const hashing = () => visitor.post('/auth/sign-in', { email: someAddress(), password: testPassword });
  const registering = await timesOf({ unknown: () => register(someAddress()), known: () => register(anna.email) });
  expectAlike(registering, 'unknown');
  const { hashing: slow, ...resetting } = await timesOf({ unknown: () => reset(someAddress()), known: () => reset(anna.email), hashing });
  expectAlike(resetting, 'unknown');
  expectApart(slow, resetting.unknown);
});

test('I8: a ticket of somebody else’s takes as long as one that does not exist', async () => {
  const boris = await kontor.people.customer();
  const { number } = (await anna.post('/tickets', { subject: 'A', body: 'B'.repeat(60_000), category: 'technical' })).body;
  const read = (of: string) => () => boris.get(`/tickets/${of}`);
  const reply = (of: string) => () => boris.post(`/tickets/${of}/messages`, { body: 'A reply' });
  const reading = await timesOf({ missing: read('CS-2147483646'), foreign: read(number) });
  expectAlike(reading, 'missing');
  const { hashing, ...replying } = await timesOf({
    missing: reply('CS-2147483646'),
    foreign: reply(number),
    hashing: () => boris.post('/auth/sign-in', { email: someAddress(), password: testPassword }),
  });
  expectAlike(replying, 'missing');
  expectApart(hashing, replying.missing);
});

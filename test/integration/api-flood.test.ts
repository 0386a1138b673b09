import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer } from '../harness/people.ts';
import { ask, expectEnvelope, json } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
});
afterAll(() => kontor?.stop());

test('E, I2: five hundred sign-ins at once are answered or told to come back, and take neither the desk’s time nor its memory', async () => {
  const body = JSON.stringify({ email: anna.email, password: testPassword });
  const before = process.memoryUsage().rss;
  let highest = before;
  let flooding = true;
  const flood = Promise.all(Array.from({ length: 500 }, () => ask(kontor.origin, 'POST', '/api/v1/auth/sign-in', json, body))).finally(
    () => (flooding = false),
  );

  const times: number[] = [];
  while (flooding) {
    const started = performance.now();
    expect((await anna.get('/me')).status).toBe(200);
    times.push(performance.now() - started);
    highest = Math.max(highest, process.memoryUsage().rss);
  }

  const answers = await flood;
  const turnedAway = answers.filter((answer) => answer.status !== 200);
  for (const answer of turnedAway) {
    expectEnvelope(answer, 503, 'auth.busy');
    expect(answer.headers.get('retry-after')).toBe('2');
  }
  // Four are under way and sixty-four wait; the others had to be turned away at once.
  expect(turnedAway.length).toBeGreaterThan(0);
  expect(answers.length - turnedAway.length).toBeGreaterThanOrEqual(68);
  expect(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(1_000);
  // Each check takes 19 MiB; all at once would take 3.7 GiB.
  expect((highest - before) / 2 ** 20).toBeLessThan(400);
  expect((await ask(kontor.origin, 'POST', '/api/v1/auth/sign-in', json, body)).status).toBe(200);
});

import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

/** Work that ends when it is told to. */
function slowWork() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}

test('I2: whoever fills the line makes room for whoever comes, and lets them pass; among themselves the first stay', async () => {
  const turnstile = new Turnstile(1, 4);
  const { work, end } = slowWork();
  const inside = turnstile.pass('flood', work);
  const order: string[] = [];
  const waits = (by: string, name: string) => turnstile.pass(by, async () => order.push(name));
  const flood = Array.from({ length: 6 }, (_, index) => waits('flood', `flood ${index}`));
  const guests = [waits('anna', 'anna'), waits('boris', 'boris')];
  const late = waits('flood', 'late');
  end();
  await inside;
  await Promise.all([...flood, ...guests, late]);
  expect(order).toEqual(['anna', 'flood 0', 'boris', 'flood 1']);
  expect(await late).toBeUndefined();
  expect(await flood[3]).toBeUndefined();
});

test('I2: when all have as many in the line, newcomers are turned away', async () => {
  const turnstile = new Turnstile(1, 2);
  const { work, end } = slowWork();
  const inside = turnstile.pass('a', work);
  const waiting = ['b', 'c'].map((by) => turnstile.pass(by, async () => by));
  expect(await turnstile.pass('d', async () => 'd')).toBeUndefined();
  end();
  await inside;
  expect(await Promise.all(waiting)).toEqual(['b', 'c']);
  expect(await turnstile.pass('d', async () => 'd')).toBe('d');
});

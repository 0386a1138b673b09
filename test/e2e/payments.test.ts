/** Payments in a browser: the list, one payment's life, and the provider asked at once (SPEC B2, A1, A2). */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let maria: TestStaff;
let oleg: TestStaff;
let anna: TestCustomer;

beforeAll(async () => {
  desk = await consoleUnderTest({ promises: true });
  desk.kontor.simulator.notifyAt(undefined);
  maria = await desk.kontor.people.staff({ role: 'billing', name: 'Maria Orlova' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Smirnov' });
  anna = await desk.kontor.people.customer();
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

async function topUp(amountMinor: number): Promise<{ id: string; providerId: string }> {
  const made = await anna.post(
    '/payments',
    { amount: { amountMinor, currency: 'RUB' } },
    { 'idempotency-key': `e2e-payments-${amountMinor}` },
  );
  const { id } = made.body;
  const providerId = await until(
    'it can be paid',
    async () => ((await maria.get(`/payments/${id}`)).body.providerId as string | null) ?? undefined,
  );
  return { id, providerId };
}

/** Puts the schedule's next question far away, so that only a person's wish brings it nearer. */
async function askLate(id: string): Promise<void> {
  await desk.kontor.db.query(`update obligation set due_at = now() + interval '1 hour' where entity = 'payment:' || $1`, [id]);
}

test('B2: the provider is asked at once, and what he says is seen as it comes in', async () => {
  const { id, providerId } = await topUp(312_000);
  await askLate(id);
  await desk.kontor.simulator.pay(providerId);
  const page = await desk.open({ as: maria, at: '/payments' });
  const row = page.getByRole('table', { name: 'Payments' }).getByRole('row').filter({ hasText: '120,00' });
  await row.getByRole('cell', { name: 'Waits for the payer', exact: true }).waitFor();
  await row.getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: /^Payment of 3/ }).waitFor();
  await page.getByText('The provider is asked how it stands:').waitFor();
  await page.getByRole('button', { name: 'Ask the provider now' }).click();
  await page.getByText('Paid; the money is on the balance', { exact: true }).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Credited to the balance' }).waitFor();
  await page.getByRole('button', { name: 'Ask the provider now' }).waitFor({ state: 'detached' });
});

test('I8: an agent reads a payment; asking the provider is for clerks', async () => {
  const { id } = await topUp(77_000);
  const page = await desk.open({ as: oleg, at: `/payments/${id}` });
  await page.getByText('The customer asked to pay').waitFor();
  expect(await page.getByRole('button', { name: 'Ask the provider now' }).count()).toBe(0);
});

test('B2: why one was not paid is told in words', async () => {
  const { id, providerId } = await topUp(45_000);
  await desk.kontor.simulator.decline(providerId, 'insufficient_funds');
  await maria.post(`/payments/${id}/look`);
  const page = await desk.open({ as: maria, at: `/payments/${id}` });
  await page.getByText('Not paid', { exact: true }).waitFor();
  await page.getByRole('definition').filter({ hasText: 'Not enough money on the card' }).waitFor();
});

describe('A2: no barriers, and nothing beside the screen', () => {
  test.each([
    ['en', 'light', 'wide'],
    ['ru', 'dark', 'narrow'],
  ] as const)('%s, %s, %s', async (locale, theme, size) => {
    const { id } = await topUp(size === 'wide' ? 90_100 : 90_200);
    for (const at of ['/payments', `/payments/${id}`]) {
      const page = await desk.open({ as: maria, at, locale, theme, size });
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await barriers(page), at).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), at).toBe(true);
    }
  });
});

/** Orders, promo codes and tax rates in a browser (SPEC B4, B5, B13, T16, A1). */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fund } from '../harness/fund.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let anna: TestCustomer;
let oleg: TestStaff;
let clara: TestStaff;
let maria: TestStaff;

beforeAll(async () => {
  desk = await consoleUnderTest();
  const { people } = desk.kontor;
  anna = await people.customer();
  oleg = await people.staff({ name: 'Oleg Sidorov' });
  clara = await people.staff({ role: 'billing', name: 'Clara Clerk' });
  maria = await people.staff({ role: 'administrator', name: 'Maria Orlova' });
  await fund(desk.kontor, anna.accountId, 100_000_000);
  await desk.kontor.db.query('update billing set discount_bp = 1000 where account_id = $1', [anna.accountId]);
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

const key = () => ({ 'idempotency-key': randomUUID() });
const inHours = (hours: number) => new Date(desk.kontor.clock.now().getTime() + hours * 3_600_000).toISOString();

async function offered(amountMinor: number): Promise<{ number: string; quote: string }> {
  const { number } = (await anna.post('/tickets', { subject: 'Move the panel', body: 'Can you?', category: 'technical' })).body;
  const work = { description: 'Moving the panel', amount: { amountMinor, currency: 'RUB' }, validUntil: inHours(48) };
  return { number, quote: (await oleg.post(`/tickets/${number}/quotes`, work)).body.id };
}

async function bought(amountMinor: number, promoCode?: string): Promise<string> {
  const { quote } = await offered(amountMinor);
  const placed = await anna.post('/orders', { quote, payBy: 'balance', ...(promoCode === undefined ? {} : { promoCode }) }, key());
  expect(placed.status).toBe(201);
  return placed.body.id;
}

async function madeCode(code: string): Promise<void> {
  const gain = { kind: 'percentage', percentageBp: 2_500 };
  const terms = { validFrom: inHours(-1), validUntil: null, totalCap: 3, accountCap: 2, fits: null, note: 'For the fair' };
  expect((await clara.post('/promo-codes', { code, gain, ...terms })).status).toBe(201);
}

describe('what a quote costs its customer', () => {
  test('T16: beside the conversation stands what he pays, with his discount, and what was charged in the end', async () => {
    const { number, quote } = await offered(1_000_000);
    const page = await desk.open({ as: oleg, at: `/tickets/${number}/show` });
    const item = page.locator(`[data-quote="${quote}"]`);
    await item.getByText('The customer pays 9\u00a0000,00').waitFor();
    await item.getByText('His own discount: 1\u00a0000,00').waitFor();
    await item.getByText('His balance and credit suffice.').waitFor();
    await anna.post(`/tickets/${number}/quotes/${quote}/acceptance`, undefined, key());
    await item.getByText('Charged 9\u00a0000,00').waitFor();
    await item.getByRole('link', { name: 'The order' }).click();
    await page.getByRole('heading', { level: 1, name: 'Order of 9\u00a0000,00' }).waitFor();
    await page.locator('[data-what-next]').getByText('Paid from the balance,').waitFor();
    await page.getByText('the customer’s own').waitFor();
  });
});

describe('orders', () => {
  test('B4: the list narrows by state, and leads to what an order cost and why', async () => {
    await madeCode('AUTUMN-25');
    const id = await bought(400_000, 'autumn 25'.replace(' ', '-'));
    const page = await desk.open({ as: clara, at: '/orders' });
    const rows = page.getByRole('table', { name: 'Orders' }).getByRole('row');
    await rows.filter({ hasText: '3\u00a0000,00' }).getByRole('cell', { name: 'Paid', exact: true }).waitFor();
    await page.getByLabel('State').selectOption('open');
    await page.getByText('There is no such order.').waitFor();
    await page.getByLabel('State').selectOption('paid');
    await rows.filter({ hasText: '3\u00a0000,00' }).getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: 'Order of 3\u00a0000,00' }).waitFor();
    expect(page.url()).toContain(id);
    await page.getByText('promo code AUTUMN-25').waitFor();
    await page.getByText('without tax').waitFor();
  });
});

describe('an order that is taken back', () => {
  test('B7: a clerk gives its price back with a reason, after a word on what that means; then it says so', async () => {
    const id = await bought(500_000);
    const page = await desk.open({ as: clara, at: `/orders/${id}` });
    await page.getByRole('button', { name: 'Take the order back' }).click();
    const form = page.getByRole('dialog', { name: 'Take this order back?' });
    await form.getByLabel('Sum, RUB').fill('4500');
    await form.getByText('With the whole sum what was bought ends').waitFor();
    await form.getByLabel('Reason').fill('Ordered by mistake');
    await form.getByRole('button', { name: 'Take it back' }).click();
    await page.locator('[data-what-next]').getByText('4\u00a0500,00\u00a0₽ given back to the balance,').waitFor();
    await page.getByText('Ordered by mistake').waitFor();
    expect(await page.getByRole('button', { name: 'Take the order back' }).count()).toBe(0);
  });
});

describe('promo codes', () => {
  test('B5: a clerk makes a code, sees who used it, changes it and withdraws it; what does not fit is told beside what was typed', async () => {
    const page = await desk.open({ as: clara, at: '/promo-codes' });
    await page.getByRole('button', { name: 'Make a code' }).click();
    const form = page.getByRole('dialog', { name: 'Make a promo code' });
    await form.getByLabel('Code', { exact: true }).fill('зима-26');
    await form.getByRole('button', { name: 'Make it' }).click();
    await form.getByText('Write 3 to 40 Latin letters').waitFor();
    await form.getByText('Write a percentage from 0,01 to 100').waitFor();
    await form.getByLabel('Code', { exact: true }).fill(' winter-26');
    await form.getByLabel('Per cent').fill('12,5');
    await form.getByRole('button', { name: 'Make it' }).click();
    await page.getByText('The code is made.').waitFor();
    const item = page.getByRole('listitem').filter({ hasText: 'WINTER-26' });
    await item.getByText('Takes off 12,5\u00a0%').waitFor();

    await bought(200_000, 'WINTER-26');
    await page.reload();
    await item.getByText('used 1 time').waitFor();
    await item.getByRole('button', { name: 'Who used it: WINTER-26' }).click();
    await page.getByRole('dialog', { name: 'Who used WINTER-26' }).getByText('250,00').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();

    await item.getByRole('button', { name: 'Change WINTER-26' }).click();
    const change = page.getByRole('dialog', { name: 'Change WINTER-26' });
    await change.getByLabel('How often in all').fill('5');
    await change.getByRole('checkbox').check();
    await change.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The code is changed.').waitFor();
    await item.waitFor({ state: 'detached' });
    await page.getByLabel('Withdrawn codes').check();
    await item.getByText('of 5').waitFor();
    expect((await oleg.post('/promo-codes', {})).status).toBe(403);
  });
});

describe('tax rates', () => {
  test('B13: an administrator adds rates; one whose day has come stays, one of a later day can be taken away', async () => {
    const page = await desk.open({ as: maria, at: '/tax-rates' });
    await page.getByText('There is no rate yet').waitFor();
    const add = async (rate: string, day: string) => {
      await page.getByRole('button', { name: 'Add a rate' }).click();
      const form = page.getByRole('dialog', { name: 'Add a tax rate' });
      await form.getByLabel('Per cent').fill(rate);
      await form.getByLabel('From this day on').fill(day);
      await form.getByRole('button', { name: 'Add it' }).click();
      await form.waitFor({ state: 'detached' });
    };
    await add('20', '2026-01-01');
    await add('22', '2199-01-01');
    const now = page.getByRole('listitem').filter({ hasText: 'In force since 2026-01-01' });
    await now.getByText('20\u00a0%, inside the price · Paid work').waitFor();
    expect(await now.getByRole('button').count()).toBe(0);
    const later = page.getByRole('listitem').filter({ hasText: 'Comes into force on 2199-01-01' });
    await later.getByRole('button', { name: /^Take away/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take away', exact: true }).click();
    await page.getByText('The rate is taken away.').waitFor();
    await later.waitFor({ state: 'detached' });

    const id = await bought(120_000);
    await page.goto(`/admin/orders/${id}`);
    await page.getByText('180,00\u00a0₽, 20\u00a0% inside the price').waitFor();
  });
});

describe('A2: no barriers, and nothing beside the screen', () => {
  test.each([
    ['en', 'light', 'wide'],
    ['ru', 'dark', 'narrow'],
  ] as const)('%s, %s, %s', async (locale, theme, size) => {
    const id = await bought(300_000);
    for (const at of ['/orders', `/orders/${id}`, '/promo-codes', '/tax-rates']) {
      const page = await desk.open({ as: maria, at, locale, theme, size });
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (at === '/orders') await page.locator('[data-row]').first().waitFor();
      expect(await barriers(page), at).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), at).toBe(true);
    }
  });
});

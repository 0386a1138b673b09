/**
 * A top-up from its wish to the balance, with nothing left out: begun over the API, paid on the payer's page in Chromium, told
 * by the provider, credited by the worker, and seen (SPEC B2).
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { en } from '../../api/pages/words/en.ts';
import { simulatorWords } from '../../dev/payment-simulator/words.ts';
import { spellMoney } from '../../domain/money.ts';
import type { Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { consoleUnderTest, launchBrowser, type ConsoleUnderTest } from './console-under-test.ts';
import { expectSound } from './pages-under-test.ts';

const words = simulatorWords.en;

let desk: ConsoleUnderTest;
let kontor: Kontor;
let vera: TestStaff;
let browser: Browser;
let anna: TestCustomer;

beforeAll(async () => {
  // The payer's browser is not the clerk's, whose pages ask nobody but Kontor.
  [desk, browser] = await Promise.all([consoleUnderTest({ promises: true }), launchBrowser()]);
  kontor = desk.kontor;
  vera = await kontor.people.staff({ role: 'billing', name: 'Vera Belova' });
  anna = await kontor.people.customer({ name: 'Anna Petrova' });
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await desk.endTest();
});

/** A payment begun over the API, and the payer's page of it, open. */
async function payersPage(roubles: number): Promise<{ id: string; page: Page }> {
  const amount = { amountMinor: roubles * 100, currency: 'RUB' };
  const begun = await anna.post('/payments', { amount }, { 'idempotency-key': `top-up-${Math.random()}` });
  expect(begun.status).toBe(201);
  const { id } = begun.body;
  const address = await until(
    'there is a page to pay at',
    async () => (await anna.get(`/payments/${id}`)).body.confirmationUrl ?? undefined,
  );
  const context = await browser.newContext({ locale: 'en', viewport: { width: 360, height: 780 } });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole('heading', { name: words.pay.title, exact: true }).waitFor();
  return { id, page };
}

const balance = async () => (await anna.get('/balance')).body.balance.amountMinor;
const settled = (id: string) =>
  until('it is known what came of it', async () => (await anna.get(`/payments/${id}`)).body.settledAt ?? undefined);

test('B2: a top-up paid on the payer’s page is on the balance, and on a clerk’s open page, within seconds; coming back proves nothing, and says so', async () => {
  const before = await balance();
  const clerks = await desk.open({ as: vera, at: `/customers/${anna.accountId}/show` });
  const money = clerks.getByRole('region', { name: 'Money', exact: true });
  await money
    .getByText(spellMoney({ amountMinor: before, currency: 'RUB' }), { exact: true })
    .first()
    .waitFor();
  const { id, page } = await payersPage(1_500);
  await page.getByLabel(words.pay.card).fill('5555 5555 5555 4477');
  await page.getByRole('button', { name: words.pay.byCard }).click();
  // Somebody who comes back without having paid is told the same as everybody.
  await page.goto(`${kontor.origin}/links/payment-return?lang=en&payment=${id}&paid=true`);
  await page.getByText(en.paymentReturn.lede).waitFor();
  expect(await balance()).toBe(before);

  await page.goto((await anna.get(`/payments/${id}`)).body.confirmationUrl);
  await page.getByLabel(words.pay.card).fill('5555 5555 5555 4477');
  await page.getByRole('button', { name: words.pay.byCard }).click();
  const paidAt = performance.now();
  await page.getByRole('button', { name: words.secure.confirm }).click();
  await page.getByRole('heading', { name: words.result.paid, exact: true }).waitFor();
  await settled(id);
  expect(await balance()).toBe(before + 150_000);
  await money
    .getByText(spellMoney({ amountMinor: before + 150_000, currency: 'RUB' }), { exact: true })
    .first()
    .waitFor();
  expect(performance.now() - paidAt).toBeLessThan(10_000);

  await page.getByRole('link', { name: words.result.back }).click();
  await page.getByRole('heading', { name: en.paymentReturn.title }).waitFor();
  await expectSound(page);
});

test('B2: told ten times of each thing at the same moment, the money is there once', async () => {
  const acknowledged = () => kontor.simulator.counts()['notifications acknowledged'] ?? 0;
  kontor.simulator.dial({ notificationsRepeated: 9 });
  const [before, acknowledgedBefore] = [await balance(), acknowledged()];
  const { id, page } = await payersPage(700);
  await page.getByRole('button', { name: words.pay.methods.sbp }).click();
  await page.getByRole('heading', { name: words.result.paid, exact: true }).waitFor();
  await settled(id);
  await until('all ten were acknowledged', async () => acknowledged() === acknowledgedBefore + 10);
  await kontor.settled();
  kontor.simulator.dial({ notificationsRepeated: 0 });
  expect(await balance()).toBe(before + 70_000);
  const { items } = (await anna.get('/operations')).body;
  expect(items.filter(({ payment }: { payment: string }) => payment === id)).toHaveLength(1);
});

test('B2: a card that is declined takes nothing, and its reason is told', async () => {
  const before = await balance();
  const { id, page } = await payersPage(900);
  await page.getByLabel(words.pay.card).fill('5555555555554600');
  await page.getByRole('button', { name: words.pay.byCard }).click();
  await page.getByRole('heading', { name: words.result.canceled, exact: true }).waitFor();
  await settled(id);
  expect((await anna.get(`/payments/${id}`)).body).toMatchObject({ state: 'canceled', cancelledFor: 'insufficient_funds' });
  expect(await balance()).toBe(before);
});

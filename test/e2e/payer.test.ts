/** The simulator's pages in a browser: what a payer of a demonstration sees, and whoever turns the dial. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { yooKassa } from '../../activities/payment-provider/yookassa.ts';
import { startPaymentSimulator, type PaymentSimulator } from '../../dev/payment-simulator/simulator.ts';
import { simulatorWords } from '../../dev/payment-simulator/words.ts';
import { launchBrowser, sizes } from './console-under-test.ts';
import { expectSound, picture, type Reader } from './pages-under-test.ts';

let browser: Browser;
let simulator: PaymentSimulator;
beforeAll(async () => {
  [browser, simulator] = await Promise.all([launchBrowser(), startPaymentSimulator({ port: 0 })]);
});
afterAll(async () => {
  await browser.close();
  await simulator.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function newPayment(): Promise<string> {
  const provider = yooKassa({ shopId: simulator.shopId, secret: simulator.secret, url: simulator.url, takesTestMoney: true });
  const answer = await provider.createPayment({
    paymentId: 'pay_1',
    key: `k${Math.random()}`,
    amountMinor: 1_250_050,
    currency: 'RUB',
    returnUrl: `${simulator.origin}/pay/nothing`,
    description: 'Kontor',
  });
  if (answer.kind !== 'answer') throw new Error(answer.kind);
  return answer.found.id;
}

async function open(path: string, { locale, theme, size }: Reader): Promise<Page> {
  const viewport = size === 'narrow' ? { width: 360, height: 780 } : sizes[size];
  const context = await browser.newContext({ viewport, locale, colorScheme: theme, javaScriptEnabled: true });
  const page = await context.newPage();
  await page.goto(simulator.origin + path);
  return page;
}

const readers: readonly Reader[] = [
  { locale: 'en', size: 'wide', theme: 'light' },
  { locale: 'ru', size: 'narrow', theme: 'dark' },
];

describe.each(readers.map((reader) => [`${reader.locale}, ${reader.size}, ${reader.theme}`, reader] as const))(
  'for a reader of %s',
  (_name, reader) => {
    const words = simulatorWords[reader.locale];

    test('B11: a payer pays by a card that asks the bank first, and goes back', async () => {
      const page = await open(`/pay/${await newPayment()}`, reader);
      await page.getByRole('heading', { name: words.pay.title, exact: true }).waitFor();
      await page.getByText(words.notice).waitFor();
      await expectSound(page);
      await picture(page, 'payer', reader);
      await page.getByLabel(words.pay.card).fill('5555 5555 5555 4477');
      await page.getByRole('button', { name: words.pay.byCard }).click();
      await page.getByRole('heading', { name: words.secure.title }).waitFor();
      await expectSound(page);
      await page.getByRole('button', { name: words.secure.confirm }).click();
      await page.getByRole('heading', { name: words.result.paid, exact: true }).waitFor();
      await expectSound(page);
      await page.getByRole('link', { name: words.result.back }).click();
      await page.waitForURL('**/pay/nothing');
    });

    test('B11: a wrong number is told at the field that has it; a declined card says why', async () => {
      const page = await open(`/pay/${await newPayment()}`, reader);
      const card = page.getByLabel(words.pay.card);
      await card.fill('12');
      await page.getByRole('button', { name: words.pay.byCard }).click();
      await page.getByRole('alert').filter({ hasText: words.pay.noCard }).waitFor();
      expect(await card.inputValue()).toBe('12');
      expect(await card.getAttribute('aria-invalid')).toBe('true');
      await expectSound(page);
      await card.fill('5555555555554600');
      await page.getByRole('button', { name: words.pay.byCard }).click();
      await page.getByRole('heading', { name: words.result.canceled, exact: true }).waitFor();
      await page.getByText(words.reasons['insufficient_funds']!.slice(1)).waitFor();
    });

    test('B11: the provider’s cabinet pays, refunds and misbehaves', async () => {
      const [waiting, paid] = [await newPayment(), await newPayment()];
      await simulator.pay(paid);
      await simulator.refundInCabinet(paid, 50);
      const page = await open('/', reader);
      await page.getByRole('heading', { name: words.control.title }).waitFor();
      await expectSound(page);
      await picture(page, 'cabinet', reader);
      await page.getByRole('button', { name: new RegExp(`^${words.control.act}: .*${waiting}`) }).click();
      await page.getByRole('textbox', { name: new RegExp(`^${words.control.refundSum}: .*${waiting}`) }).fill('100,50');
      await page.getByRole('button', { name: new RegExp(`^${words.control.refund}: .*${waiting}`) }).click();
      await expect.poll(() => simulator.refunds().find(({ paymentId }) => paymentId === waiting)?.amountMinor).toBe(10_050);
      await page.getByLabel(words.control.seeds.notificationsLost).fill('7');
      await page.getByRole('button', { name: words.control.turn, exact: true }).click();
      await page.getByRole('alert').waitFor();
      await expectSound(page);
      await page.getByLabel(words.control.seeds.notificationsLost).fill('0,25');
      await page.getByRole('button', { name: words.control.turn, exact: true }).click();
      await expect.poll(async () => page.getByLabel(words.control.seeds.notificationsLost).inputValue()).toBe('0.25');
      await page.getByRole('button', { name: words.control.calm }).click();
      await expect.poll(async () => page.getByLabel(words.control.seeds.notificationsLost).inputValue()).toBe('0');
    });
  },
);

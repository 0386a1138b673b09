/** The books in a browser: accounts, their entries, transfers, and what is taken away as a file (SPEC B1, M10, A1, A2). */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { spendMoney } from '../../db/repositories/money.ts';
import { fund } from '../harness/fund.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let clara: TestStaff;
let anna: TestCustomer;
let adjustment: string;
const paid = () => `/ledger/accounts/${encodeURIComponent(`paid:${anna.accountId}`)}`;

beforeAll(async () => {
  desk = await consoleUnderTest();
  clara = await desk.kontor.people.staff({ role: 'billing', name: 'Clara Clerk' });
  anna = await desk.kontor.people.customer();
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

async function moveMoney(): Promise<void> {
  const { clock, database } = desk.kontor;
  await fund(desk.kontor, anna.accountId, 1_250_000);
  const spent = { key: 'order:e2e-ledger', accountId: anna.accountId, amountMinor: 40_000, at: clock.now(), by: 'time' as const };
  await database.fork().transactional((em) => spendMoney(em, { ...spent, about: { order: 'ord_01jd3y8k2m5n7p9q1r3s5t7v9w' } }));
  const wish = { amount: { amountMinor: 10_000, currency: 'RUB' }, money: 'paid', reason: 'Charged twice by mistake' };
  const made = await clara.post(`/customers/${anna.accountId}/adjustments`, wish, { 'idempotency-key': 'e2e-ledger' });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  adjustment = made.body.id;
}

async function saved(page: Page, button: string): Promise<{ name: string; file: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const file = await download;
  return { name: file.suggestedFilename(), file: await file.path() };
}

test('B1: before anything moved the books say so', async () => {
  const page = await desk.open({ as: clara, at: '/ledger' });
  await page.getByText('Nothing has moved yet.').waitFor();
  expect(await barriers(page)).toEqual([]);
});

test('B1: from what each kind comes to, to one account, to everything that moved together', async () => {
  await moveMoney();
  const page = await desk.open({ as: clara, at: '/ledger' });
  const totals = page.getByRole('table', { name: 'What each kind comes to' }).getByRole('row');
  await totals.filter({ hasText: 'Paid money' }).getByText('12\u00a0200,00').waitFor();
  await totals.filter({ hasText: 'Earned' }).getByText('400,00').waitFor();
  await page
    .getByRole('table', { name: 'Accounts' })
    .getByRole('link', { name: /· Paid money$/ })
    .click();
  await page.getByRole('heading', { level: 1, name: /· Paid money$/ }).waitFor();
  const entries = page.getByRole('table', { name: 'Entries' }).getByRole('row');
  const correction = entries.filter({ hasText: 'Correction' });
  await correction.getByText('12\u00a0200,00').last().waitFor();
  expect(await correction.getByRole('link', { name: adjustment }).getAttribute('href')).toContain(`/customers/${anna.accountId}`);
  const purchase = entries.filter({ hasText: 'Purchase' });
  await purchase.getByRole('cell', { name: '-400,00' }).waitFor();
  expect(await purchase.getByRole('link', { name: /^ord_/ }).getAttribute('href')).toContain('/orders/ord_');
  await page.getByLabel('From day').fill('2199-01-01');
  await page.getByText('No such entry.').waitFor();
  await page.getByLabel('From day').fill('');
  await purchase.getByRole('link', { name: 'Purchase', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Purchase' }).waitFor();
  await entries.filter({ hasText: 'Earned, row' }).getByText('400,00').first().waitFor();
  await entries.filter({ hasText: 'Paid money' }).getByText('-400,00').waitFor();
});

test('M10: the statement that is saved is proven by the program that the page names, without a database', async () => {
  const page = await desk.open({ as: clara, at: paid() });
  await page.getByText('npm run verify-ledger -- FILE').waitFor();
  const { name, file } = await saved(page, 'Save the provable statement');
  expect(name).toBe(`kontor-statement-paid-${anna.accountId}.jsonl`);
  const program = join(import.meta.dirname, '../../db/verify-ledger.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, file], { env: {} });
  expect(stdout).toContain('3 entries follow from each other. The balance is 1220000');
});

test('M10, I10: the books are saved as a journal after a fresh code', async () => {
  await desk.kontor.db.query('update session set stepped_up_at = null where user_id = $1', [clara.id]);
  const page = await desk.open({ as: clara, at: '/ledger' });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export for hledger' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await dialog
    .getByRole('textbox')
    .first()
    .fill(await clara.app.code());
  const file = await download;
  expect(file.suggestedFilename()).toBe('kontor-books.journal');
  expect(await readFile(await file.path(), 'utf8')).toContain(anna.accountId);
  // The answer that asked for a fresh code is the one complaint.
  expect(desk.complaints()).toEqual([expect.stringContaining('403')]);
});

test('B1: an account without entries says so', async () => {
  const page = await desk.open({ as: clara, at: `/ledger/accounts/${encodeURIComponent(`bonus:${anna.accountId}`)}` });
  await page.getByText('No such entry.').waitFor();
});

describe('A2: no barriers, and nothing beside the screen', () => {
  test.each([
    ['en', 'light', 'wide'],
    ['ru', 'dark', 'narrow'],
  ] as const)('%s, %s, %s', async (locale, theme, size) => {
    const entries = await clara.get(`/ledger-accounts/paid:${anna.accountId}/entries`);
    const transfer = entries.body.items[0].transfer.id as string;
    for (const at of ['/ledger', paid(), `/ledger/transfers/${transfer}`]) {
      const page = await desk.open({ as: clara, at, locale, theme, size });
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('table').last().getByRole('link').first().waitFor();
      expect(await barriers(page), at).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), at).toBe(true);
    }
  });
});

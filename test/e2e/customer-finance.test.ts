import type { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { creditMoney, grantBonus, spendMoney } from '../../db/repositories/money.ts';
import { spellMoney } from '../../domain/money.ts';
import { spellMonth, monthOf } from '../../domain/statement.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let clerk: TestStaff;
let agent: TestStaff;
let anna: TestCustomer;
const now = new Date();
const rub = (amountMinor: number) => spellMoney({ amountMinor, currency: 'RUB' });

beforeAll(async () => {
  desk = await consoleUnderTest();
  clerk = await desk.kontor.people.staff({ role: 'billing', name: 'Vera Kuznetsova' });
  agent = await desk.kontor.people.staff({ name: 'Oleg Titov' });
  anna = await desk.kontor.people.customer();
  await inOne(async (em) => {
    await creditMoney(em, {
      ...movement(1_250_000),
      kind: 'top_up',
      against: 'clearing',
      about: { payment: 'pay_01jd3y8k2m5n7p9q1r3s5t7v9w' },
    });
    await grantBonus(em, movement(50_000));
    await spendMoney(em, movement(175_000));
  });
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

let next = 0;
const movement = (amountMinor: number, accountId = anna.accountId, at = now) => ({
  accountId,
  amountMinor,
  key: `e2e:${(next += 1)}`,
  at,
  by: 'time',
  about: {},
});
const inOne = async <Done>(work: (em: EntityManager) => Promise<Done>) => desk.kontor.database.fork().transactional(work);
const customerPage = () => `/customers/${anna.accountId}/show`;

describe('a customer’s money', () => {
  test('B3, B6: a clerk sees what the customer has, sets his limit, and reads what happened', async () => {
    const page = await desk.open({ as: clerk, at: customerPage() });
    const money = page.getByRole('region', { name: 'Money', exact: true });
    await money.getByText(rub(1_125_000), { exact: true }).first().waitFor();
    await money.getByRole('button', { name: 'Change the limit' }).click();
    const form = page.getByRole('dialog', { name: 'Credit limit' });
    await form.getByLabel('Limit, RUB').fill('much');
    await form.getByRole('button', { name: 'Set the limit' }).click();
    await form.getByText('A sum such as 5000').waitFor();
    await form.getByLabel('Limit, RUB').fill('5 000');
    await form.getByLabel('Days until a use is due').fill('400');
    await form.getByRole('button', { name: 'Set the limit' }).click();
    await form.getByText('A whole number from 1 to 365').waitFor();
    await form.getByLabel('Days until a use is due').fill('30');
    await form.getByRole('button', { name: 'Set the limit' }).click();
    await form.waitFor({ state: 'detached' });
    await money.getByText('due after 30 days').waitFor();
    await money.getByText(rub(1_625_000), { exact: true }).waitFor();

    await money.getByRole('button', { name: 'Change the discount' }).click();
    await page.getByLabel('Per cent').fill('10');
    await page.getByRole('button', { name: 'Set the discount' }).click();
    await money.getByText('10 %').waitFor();

    const operations = page.getByRole('table', { name: 'Operations' });
    await operations.getByRole('row').filter({ hasText: 'Purchase' }).getByText(rub(-175_000)).waitFor();
    expect(await operations.getByRole('row').count()).toBe(4);
    await money.getByLabel('Kind').selectOption('bonus');
    await operations.getByRole('row').filter({ hasText: 'Top-up' }).waitFor({ state: 'detached' });
    expect(await operations.getByRole('row').count()).toBe(2);
    const [table] = await Promise.all([page.waitForEvent('download'), money.getByRole('button', { name: /CSV/ }).click()]);
    expect(table.suggestedFilename()).toBe('kontor-operations.csv');
    await money.getByLabel('Kind').selectOption('');

    const [pdf] = await Promise.all([
      page.waitForEvent('download'),
      money.getByRole('button', { name: `Save PDF of the statement for ${spellMonth(monthOf(now), 'en')}` }).click(),
    ]);
    expect(pdf.suggestedFilename()).toBe(`statement-${monthOf(now)}.pdf`);
    expect(await barriers(page)).toEqual([]);
  });

  test('B7: spending is stopped and let go on, with what that means said before', async () => {
    const page = await desk.open({ as: clerk, at: customerPage() });
    const money = page.getByRole('region', { name: 'Money', exact: true });
    await money.getByRole('button', { name: 'Stop spending' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop spending from this balance?' });
    await dialog.getByText('Nothing can be bought or renewed').waitFor();
    await dialog.getByRole('button', { name: 'Stop spending' }).click();
    await dialog.getByLabel('Reason').fill('The bank asked');
    await dialog.getByRole('button', { name: 'Stop spending' }).click();
    const banner = money.getByRole('alert').filter({ hasText: 'Spending is stopped by our staff.' });
    await banner.getByText('The bank asked').waitFor();
    await banner.getByRole('button', { name: 'Let it go on' }).click();
    const again = page.getByRole('dialog', { name: 'Let the customer spend again?' });
    await again.getByLabel('Reason').fill('Cleared up');
    await again.getByRole('button', { name: 'Let it go on' }).click();
    await banner.waitFor({ state: 'detached' });
  });

  test('T13, A2: beside a ticket stand balance, limit and discount; an agent is offered nothing that he may not do', async () => {
    const { number } = (await anna.post('/tickets', { subject: 'An invoice', body: 'Please', category: 'billing' })).body;
    const page = await desk.open({ as: agent, at: `/tickets/${number}/show` });
    const panel = page.getByRole('region', { name: 'Money', exact: true });
    await panel.getByText(`Balance ${rub(1_125_000)} · limit ${rub(500_000)} · −10 %`).waitFor();
    await panel.getByRole('link', { name: 'Operations' }).click();
    await page.getByRole('heading', { name: 'Operations' }).waitFor();
    expect(await page.getByRole('button', { name: /^(Change the|Stop spending|Correct)/ }).count()).toBe(0);
  });

  test('B3: who owes what and since when, and on a telephone in Russian', async () => {
    const owing = await desk.kontor.people.customer();
    await clerk.put(`/customers/${owing.accountId}/credit-limit`, { limit: { amountMinor: 1_000_000, currency: 'RUB' }, termDays: 10 });
    await inOne((em) => spendMoney(em, movement(300_000, owing.accountId, new Date(now.getTime() - 45 * 86_400_000))));
    const wide = await desk.open({ as: clerk, at: '/credit-ageing' });
    const table = wide.getByRole('table', { name: 'Credit owed' });
    await table.getByText(rub(300_000)).first().waitFor();
    expect(await barriers(wide)).toEqual([]);
    const look = { as: clerk, locale: 'ru', theme: 'dark', size: 'narrow' } as const;
    const narrow = await desk.open({ ...look, at: '/credit-ageing' });
    await narrow.getByRole('table', { name: 'Задолженность' }).getByText(rub(300_000)).first().waitFor();
    expect(await barriers(narrow)).toEqual([]);
    const page = await desk.open({ ...look, at: customerPage() });
    await page.getByRole('table', { name: 'Операции' }).getByText(rub(-175_000)).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});

/** What watches over money, in a browser: audits, what will happen, reports, and cases (SPEC B10, M4, A3). */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../db/new-id.ts';
import { creditMoney, spendMoney } from '../../db/repositories/money.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let vera: TestStaff;
let oleg: TestStaff;
let anna: TestCustomer;
let missing: string;

beforeAll(async () => {
  desk = await consoleUnderTest({ promises: true });
  const { kontor } = desk;
  vera = await kontor.people.staff({ role: 'billing', name: 'Vera Belova' });
  oleg = await kontor.people.staff({ name: 'Oleg Titov' });
  anna = await kontor.people.customer();
  const inOne = async <Done>(work: (em: EntityManager) => Promise<Done>) => kontor.database.fork().transactional(work);
  const at = kontor.clock.now();
  const movement = (amountMinor: number) => ({ accountId: anna.accountId, amountMinor, key: randomUUID(), at, by: 'time', about: {} });

  // Credited here, and the provider knows nothing of it.
  missing = newId('payment', at);
  const posted = await inOne((em) => creditMoney(em, { ...movement(150_000), kind: 'top_up', against: 'clearing', paymentId: missing }));
  const begunAt = new Date(at.getTime() - 3 * 3_600_000);
  await kontor.db.query(
    `insert into payment (id, account_id, amount_minor, currency, state, provider, provider_id, return_url, begun_by_id, begun_at, transfer_id, settled_at)
      values ($1, $2, 150000, 'RUB', 'succeeded', 'yookassa', $3, 'https://kontor.example/', $4, $5, $6, $7)`,
    [missing, anna.accountId, randomUUID(), anna.id, begunAt, posted.transferId, at],
  );
  await kontor.db.query(
    `insert into payment (id, account_id, amount_minor, currency, state, provider, return_url, begun_by_id, begun_at, settled_at, cancelled_for)
      values ($1, $2, 30000, 'RUB', 'canceled', 'yookassa', 'https://kontor.example/', $3, $4, $5, 'insufficient_funds')`,
    [newId('payment', at), anna.accountId, anna.id, begunAt, at],
  );
  await inOne((em) => spendMoney(em, movement(40_000)));
  const step = (entity: string, kind: string, hours: number, amountMinor: number) =>
    kontor.db.query(
      `insert into obligation (id, entity, account_id, kind, due_at, rule, amount_minor, planned_at_revision) values ($1, $2, $3, $4, $5, 'test', $6, 0)`,
      [newId('obligation', at), entity, anna.accountId, kind, new Date(at.getTime() + hours * 3_600_000), amountMinor],
    );
  await step('quote:quo_0000000000000000000000000a', 'expire', 50, 125_000);
  await step(`approval:${newId('approval', at)}`, 'lapse', 100, 20_000);
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

describe('what watches over money', () => {
  test('B10: an audit is begun by hand, seen as it ends, and what it found leads to where it can be looked at', async () => {
    const page = await desk.open({ as: vera, at: '/books-audits' });
    await page.getByText('No audit yet.').waitFor();
    await page.getByRole('button', { name: 'Audit now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Audit the books now?' });
    await dialog.getByText('No money is moved').waitFor();
    await dialog.getByRole('button', { name: 'Audit now' }).click();
    const audit = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^Audit of/ }) });
    await audit.getByText('done').waitFor();
    await audit.getByText('1 finding').click();
    await audit.getByText('The provider does not know one of our payments').waitFor();
    await audit.getByText('Here: 1 500,00 ₽').waitFor();
    expect(await audit.getByRole('link', { name: 'The payment' }).getAttribute('href')).toBe(`/admin/payments/${missing}`);
    expect(await barriers(page)).toEqual([]);
    await audit.getByRole('link', { name: 'To the cases' }).click();
    const found = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name: 'The provider does not know one of our payments' }) });
    await found.getByText('Ask the provider; if the money never came').waitFor();
    await found.getByRole('link', { name: 'The customer' }).waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('M4: what will happen is a forecast and its steps; a number leads to what makes it', async () => {
    const page = await desk.open({ as: vera, at: '/money-outlook' });
    await page.getByRole('img', { name: /^Comes in, by day, in RUB: 0,00 ₽ owed, 1 250,00 ₽ possible$/ }).waitFor();
    const steps = page.getByRole('table', { name: 'Step by step' });
    await steps.getByRole('row').filter({ hasText: 'Quote expires unless answered' }).getByText('1 250,00 ₽').waitFor();
    await page.getByRole('button', { name: 'Comes in: as a table' }).click();
    await page.getByRole('table', { name: 'Comes in' }).getByRole('link', { name: '1 250,00 ₽' }).click();
    await page.waitForURL(/flow=in/);
    await steps.getByRole('row').filter({ hasText: 'Waits for a second person' }).waitFor({ state: 'detached' });
    expect(await steps.getByRole('row').count()).toBe(2);
    expect(await barriers(page)).toEqual([]);
  });

  test('A3: reports of money say what was earned and why payments failed, and are saved as tables', async () => {
    const page = await desk.open({ as: vera, at: '/finance-reports' });
    const payments = page.getByRole('region', { name: 'Payments', exact: true });
    await payments.getByText('Not enough money on the card').waitFor();
    const revenue = page.getByRole('region', { name: 'Revenue', exact: true });
    await revenue.getByRole('img', { name: /: 400,00 ₽ bought, 0,00 ₽ taken back$/ }).waitFor();
    const saving = page.waitForEvent('download');
    await revenue.getByRole('button', { name: 'Revenue: save as CSV' }).click();
    expect((await saving).suggestedFilename()).toBe('kontor-revenue.csv');
    await revenue.getByRole('button', { name: 'Revenue: as a table' }).click();
    await revenue.getByRole('table', { name: 'Revenue' }).getByText('400,00 ₽').first().waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('A3: the overview says which money needs a person; whoever does not keep the books sees no reports', async () => {
    const page = await desk.open({ as: vera, at: '/' });
    const needs = page.getByRole('region', { name: 'Money that needs a person' });
    await needs.getByRole('link', { name: /Cases about money/ }).waitFor();
    await page.getByRole('img', { name: /^Payments from/ }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await desk.endTest();
    const other = await desk.open({ as: oleg, at: '/finance-reports' });
    await other.getByText('Your role does not include this page').waitFor();
  });

  test('A2: in Russian, dark and narrow, nothing is in the way', async () => {
    for (const [at, words] of [
      ['/books-audits', 'Сверки книг'],
      ['/money-outlook', 'Что предстоит с деньгами'],
      ['/finance-reports', 'Отчёты о деньгах'],
      ['/cases', 'Случаи'],
    ] as const) {
      const page = await desk.open({ as: vera, at, locale: 'ru', theme: 'dark', size: 'narrow' });
      await page.getByRole('heading', { name: words, level: 1 }).waitFor();
      if (at === '/money-outlook') await page.getByText('Предложение истечёт без ответа').last().waitFor();
      if (at === '/finance-reports') await page.getByText('На карте не хватает денег').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), at).toBe(true);
      expect(await barriers(page), at).toEqual([]);
      await desk.endTest();
    }
  });
});

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { consoleUnderTest, signInByForm, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestPerson;
let anna: TestCustomer;
const numbers: string[] = [];

async function openTicket(subject: string, more: object = {}): Promise<string> {
  const opened = await anna.post('/tickets', { subject, body: 'It does not start.', category: 'technical', ...more });
  expect(opened.status).toBe(201);
  return opened.body.number;
}

/** The numbers of the rows, as they stand. */
function listed(page: Page): Promise<string[]> {
  return page.locator('[data-ticket]').evaluateAll((links) => links.map((link) => link.getAttribute('data-ticket')!));
}

beforeAll(async () => {
  desk = await consoleUnderTest();
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
  anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
  for (let at = 1; at <= 30; at += 1)
    numbers.push(
      await openTicket(`Question ${at}`, { category: at <= 3 ? 'billing' : 'technical', priority: at <= 2 ? 'high' : 'medium' }),
    );
  await oleg.post(`/tickets/${numbers[0]}/assignment`);
});
afterAll(() => desk.stop());
afterEach(() => desk.endTest());

describe('the desk’s list', () => {
  test('T10: pages follow each other by cursor, both ways, with how many there are', async () => {
    const page = await desk.open({ as: oleg });
    await page.getByText('1–25 of 30').waitFor();
    const first = await listed(page);
    expect(first).toHaveLength(25);
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('26–30 of 30').waitFor();
    const second = await listed(page);
    expect([...first, ...second].toSorted()).toEqual(numbers.toSorted());
    expect(await page.getByRole('button', { name: 'Next page' }).isDisabled()).toBe(true);
    await page.reload();
    await page.getByText('26–30 of 30').waitFor();
    expect(await listed(page)).toEqual(second);
    await page.getByRole('button', { name: 'Previous page' }).click();
    await page.getByText('1–25 of 30').waitFor();
    expect(await listed(page)).toEqual(first);
  });

  test('T10: filters narrow the list, and clearing them brings it back', async () => {
    const page = await desk.open({ as: oleg });
    await page.getByLabel('Category').selectOption('billing');
    await page.getByText('1–3 of 3').waitFor();
    await page.getByLabel('Priority').selectOption('high');
    await page.getByText('1–2 of 2').waitFor();
    expect((await listed(page)).toSorted()).toEqual(numbers.slice(0, 2));
    await page.getByLabel('Assignee').selectOption('me');
    await page.getByText('1–1 of 1').waitFor();
    expect(await listed(page)).toEqual([numbers[0]]);
    await page.getByLabel('Status').selectOption('closed');
    await page.getByText('No ticket fits these filters.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).last().click();
    await page.getByText('1–25 of 30').waitFor();
  });

  test('A6: the saved filters of the menu count what there is to do and lead to it', async () => {
    const page = await desk.open({ as: oleg });
    await page.getByRole('link', { name: /^Unassigned\W*29$/ }).click();
    await page.getByText('1–25 of 29').waitFor();
    expect((await listed(page))[0]).toBe(numbers[1]);
    await page.getByRole('link', { name: /^Mine\W*1$/ }).click();
    await page.getByText('1–1 of 1').waitFor();
    await page.getByRole('link', { name: 'Archive' }).click();
    await page.getByText('The archive is empty.').waitFor();
  });

  test('T2: a number as people say it leads straight to its ticket, and an unknown one is named', async () => {
    const page = await desk.open({ as: oleg });
    const search = page.getByRole('textbox', { name: 'Search tickets' });
    for (const said of [numbers[4]!, numbers[4]!.toLowerCase(), String(Number(numbers[4]!.slice(3)))]) {
      await page.keyboard.press('/');
      await search.fill(said);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Question 5' }).waitFor();
      await page.getByRole('link', { name: 'Back to the list' }).click();
      await page.getByText('1–25 of 30').waitFor();
    }
    await search.fill('CS-999999');
    await search.press('Enter');
    await page.getByText('There is no ticket CS-999999.').waitFor();
  });

  test('A1: everything from signing in to an answer works without a mouse', async () => {
    const page = await desk.open();
    await page.locator('#email').waitFor();
    await page.keyboard.type(oleg.email);
    await page.keyboard.press('Tab');
    await signInByForm(page, oleg);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByText('1–25 of 30').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Next ticket').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const order = await listed(page);
    for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Question/ }).waitFor();
    expect(page.url()).toContain(order[1]);
    await page.keyboard.press('t');
    await page.getByText('The ticket is yours.').waitFor();
    await page.keyboard.press('r');
    await page.keyboard.type('Answered without a mouse.');
    await page.keyboard.press('Control+Enter');
    await page.locator('article', { hasText: 'Answered without a mouse.' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', { name: 'All active' }).waitFor();
    const { body } = await anna.get(`/tickets/${order[1]}/messages`);
    expect(body.items.map((message: { body: string }) => message.body)).toContain('Answered without a mouse.');
  });

  test('A1: single keys work under a Russian keyboard layout and not while one writes', async () => {
    const page = await desk.open({ as: oleg });
    await page.getByText('1–25 of 30').waitFor();
    await page.keyboard.down('KeyJ');
    await page
      .locator('body')
      .evaluate((body) => body.dispatchEvent(new KeyboardEvent('keydown', { key: 'о', code: 'KeyJ', bubbles: true })));
    await page.locator('[data-ticket]:focus').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('gt?j');
    expect(await page.getByRole('textbox', { name: 'Search tickets' }).inputValue()).toBe('gt?j');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('T10: what arrives waits behind a pill; the list does not move under the cursor', async () => {
    const page = await desk.open({ as: oleg, clock: true });
    await page.getByText('1–25 of').waitFor();
    const before = await listed(page);
    const number = await openTicket('Arrived later');
    await page.clock.fastForward(10_000);
    await page.getByRole('button', { name: 'The list has changed · show' }).waitFor();
    expect(await listed(page)).toEqual(before);
    await page.getByRole('button', { name: 'The list has changed · show' }).click();
    await page.locator(`[data-ticket="${number}"]`).waitFor();
    expect((await listed(page))[0]).toBe(number);
  });

  test('A1: at 390 pixels the list is of cards and nothing runs over the edge', async () => {
    const page = await desk.open({ as: oleg, size: 'narrow', locale: 'ru' });
    await page.locator('li [data-ticket]').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Открыть меню' }).click();
    await page.getByRole('link', { name: /^Без исполнителя/ }).click();
    await page.getByRole('heading', { name: 'Без исполнителя' }).waitFor();
  });
});

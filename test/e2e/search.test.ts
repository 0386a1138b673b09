import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { refreshDocuments } from '../../db/repositories/search-refresh.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestPerson;
let anna: TestCustomer;
const opened: Record<string, string> = {};

beforeAll(async () => {
  desk = await consoleUnderTest();
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
  anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
  const open = async (name: string, subject: string, body: string, category = 'technical') => {
    const { body: ticket } = await anna.post('/tickets', { subject, body, category });
    opened[name] = ticket.number;
  };
  await open(
    'update',
    'Панель не работает после обновления',
    'После обновления до 6.12 панель показывает белый экран. Обновление ставилось ночью, журнал приложен.',
  );
  await open('licence', 'Licence key is refused', 'Since the update the panel says that the licence is for another server.', 'licence');
  await open('billing', 'Invoice for November', 'Please send the closing documents.', 'billing');
  await oleg.post(`/tickets/${opened['billing']}/notes`, { body: 'Documents go out with the nightly update of the ledger.' });
  // The console's tests have no worker: what its dispatcher would do at once is done by hand.
  await refreshDocuments(desk.kontor.database, desk.kontor.clock, 100);
});
afterAll(() => desk.stop());
afterEach(() => desk.endTest());

function listed(page: Page): Promise<string[]> {
  return page.locator('[data-ticket]').evaluateAll((links) => links.map((link) => link.getAttribute('data-ticket')!));
}

async function searchFor(page: Page, text: string): Promise<void> {
  await page.keyboard.press('/');
  await page.getByRole('textbox', { name: 'Search tickets' }).fill(text);
  await page.keyboard.press('Enter');
}

describe('the search of the desk', () => {
  test('T10: words find tickets from every page, with the words marked in subject and excerpt, in a note too', async () => {
    const page = await desk.open({ as: oleg });
    await searchFor(page, 'update');
    await page.getByRole('heading', { name: 'Found: “update”' }).waitFor();
    await page.getByText('1–2 of 2').waitFor();
    expect((await listed(page)).toSorted()).toEqual([opened['licence']!, opened['billing']!].toSorted());
    expect(await page.locator('mark').allTextContents()).toEqual(expect.arrayContaining(['update']));
    await page.getByText('🔒 in a note: Documents go out with the nightly').waitFor();
    await page.getByLabel('Category').selectOption('billing');
    await page.getByText('1–1 of 1').waitFor();
    expect(await listed(page)).toEqual([opened['billing']]);
    await page.reload();
    await page.getByText('1–1 of 1').waitFor();
    expect(await page.getByRole('textbox', { name: 'Search tickets' }).inputValue()).toBe('update');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('1–2 of 2').waitFor();
  });

  test('T10: Russian forms are found; nothing found and nothing to look for say what to do', async () => {
    const page = await desk.open({ as: oleg });
    await searchFor(page, 'обновлению панели');
    await page.getByText('1–1 of 1').waitFor();
    expect(await page.locator('mark').allTextContents()).toEqual(expect.arrayContaining(['Панель', 'обновления']));
    await searchFor(page, 'zirconium');
    await page.getByText('No ticket has all of these words').waitFor();
    await searchFor(page, 'and the');
    await page.getByText('There is no word here to look for').waitFor();
    // The browser itself writes down every answer that is a no.
    expect(desk.complaints().every((complaint) => complaint.includes('422'))).toBe(true);
    await page.getByRole('link', { name: 'All active' }).click();
    await page.getByText('1–3 of 3').waitFor();
    expect(await page.getByRole('textbox', { name: 'Search tickets' }).inputValue()).toBe('');
  });

  test('T10: what nobody of us has read is bold and can be listed alone; opening it makes it read', async () => {
    const inna = await desk.kontor.people.staff({ name: 'Inna Belova' });
    const page = await desk.open({ as: inna });
    const weight = (number: string) => page.locator(`[data-ticket="${number}"]`).evaluate((link) => getComputedStyle(link).fontWeight);
    await page.getByText('1–3 of 3').waitFor();
    expect(await weight(opened['licence']!)).toBe('600');
    await page.locator(`[data-ticket="${opened['licence']}"]`).click();
    await page.getByText('another server').waitFor();
    await until('it is read', async () => !(await inna.get(`/tickets/${opened['licence']}`)).body.unread);
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await page.getByLabel('Unread').selectOption('true');
    await page.getByText('1–2 of 2').waitFor();
    expect(await listed(page)).not.toContain(opened['licence']);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('1–3 of 3').waitFor();
    await until('it is plain', async () => (await weight(opened['licence']!)) === '400');
  });
});

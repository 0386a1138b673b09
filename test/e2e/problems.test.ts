import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let anna: TestCustomer;
let john: TestCustomer;
let oleg: TestStaff;

beforeAll(async () => {
  desk = await consoleUnderTest({ promises: true });
  anna = await desk.kontor.people.customer({ locale: 'ru', name: 'Anna Petrova' });
  john = await desk.kontor.people.customer({ locale: 'en', name: 'John Smith' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

async function open(customer: TestCustomer): Promise<string> {
  return (await customer.post('/tickets', { subject: 'A blank page', body: 'The panel is blank', category: 'technical' })).body.number;
}

test('T20: a problem is written, tickets are linked to it, and one answer reaches them all while its progress is shown', async () => {
  const [first, second] = [await open(anna), await open(john)];
  const page = await desk.open({ as: oleg, at: '/problems' });
  await page.getByText('Nothing here. Add what several customers write about').waitFor();
  await page.getByRole('button', { name: 'New problem or wish' }).click();
  const adding = page.getByRole('dialog', { name: 'New problem or wish' });
  await adding.getByLabel('What staff call it').fill('Blank page, cache');
  await adding.getByLabel('Public title, in English').fill('A blank page');
  await adding.getByLabel('Public title, in Russian').fill('Пустая страница');
  await adding.getByRole('button', { name: 'Save' }).click();
  await adding.getByText('Give it a name, a title and a text in English').waitFor();
  await adding.getByLabel('Public text, in English').fill('Seen in version 6.12.');
  await adding.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Blank page, cache' }).waitFor();

  await page.getByLabel('Ticket’s number').fill(first);
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await page.getByRole('link', { name: new RegExp(first) }).waitFor();

  // The other one is linked from its own page, by the problem's words.
  const ticket = await desk.open({ as: oleg, at: `/tickets/${second}/show` });
  const panel = ticket.getByRole('region', { name: 'Problems and wishes' });
  await panel.getByText('Linked to none.').waitFor();
  await panel.getByRole('button', { name: 'Link' }).click();
  const linking = ticket.getByRole('dialog');
  await linking.getByLabel('Any of its words').fill('blank');
  await linking.getByRole('radio', { name: /Blank page, cache/ }).check();
  await linking.getByRole('button', { name: 'Link' }).click();
  await panel.getByRole('link', { name: 'Blank page, cache' }).waitFor();

  await page.reload();
  await page.getByRole('heading', { name: '2 tickets' }).waitFor();
  await page.getByRole('button', { name: 'Answer all' }).click();
  const answering = page.getByRole('dialog', { name: 'Answer all linked tickets' });
  await answering.getByText('2 tickets get one message each.').waitFor();
  await answering.getByLabel('The answer, in English').fill('Fixed in **6.13**. Please update.');
  await answering.locator('[data-preview=ru]').getByText('Please update').waitFor();
  await answering.getByLabel('The answer, in Russian').fill('Исправлено в **6.13**. Обновитесь.');
  await answering.locator('[data-preview=ru]').locator('strong', { hasText: '6.13' }).waitFor();
  await answering.getByLabel('State').click();
  await page.getByRole('option', { name: 'Fixed' }).click();
  await answering.getByRole('button', { name: 'Send to 2 tickets' }).click();
  await answering.getByText('Write the answer in English at least, and the version').waitFor();
  await answering.getByLabel('Version with the fix').fill('6.13');
  await answering.getByRole('button', { name: 'Send to 2 tickets' }).click();
  await page.getByText('Done: 2 tickets, 0 of them left out.').waitFor();
  await page.getByText('Problem · fixed in version 6.13').waitFor();

  const said = async (customer: TestCustomer, number: string) =>
    (await customer.get(`/tickets/${number}/messages`)).body.items
      .filter(({ side }: { side: string }) => side === 'staff')
      .map(({ body }: { body: string }) => body);
  expect(await said(anna, first)).toEqual(['Исправлено в **6.13**. Обновитесь.']);
  expect(await said(john, second)).toEqual(['Fixed in **6.13**. Please update.']);

  await page.getByRole('button', { name: `Unlink ${first}` }).click();
  await page.getByRole('heading', { name: '1 ticket' }).waitFor();
});

test.each([
  ['light', 'wide', 'en'],
  ['dark', 'narrow', 'ru'],
] as const)('A1: nobody meets a barrier at problems and wishes, %s, %s, %s', async (theme, size, locale) => {
  const page = await desk.open({ theme, size, locale, as: oleg, at: '/problems' });
  await page.getByRole('link', { name: 'Blank page, cache' }).click();
  await page.locator('[data-answer]').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: /Answer all|Ответить всем/ }).click();
  await page.getByRole('dialog').waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.goBack();
  await page.getByRole('link', { name: 'Blank page, cache' }).waitFor();
  expect(await barriers(page)).toEqual([]);
});

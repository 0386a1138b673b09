import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let anna: TestCustomer;
let boris: TestCustomer;
let oleg: TestStaff;
let maria: TestStaff;

beforeAll(async () => {
  desk = await consoleUnderTest();
  anna = await desk.kontor.people.customer();
  boris = await desk.kontor.people.customer({ name: 'Boris Ivanov', account: { id: anna.accountId, role: 'technical' } });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
  maria = await desk.kontor.people.staff({ name: 'Maria Belova' });
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

async function openTicket(subject: string): Promise<string> {
  return (await anna.post('/tickets', { subject, body: `${subject}: it does not start`, category: 'technical' })).body.number;
}

async function ticketPage(number: string, open: object = {}): Promise<Page> {
  const page = await desk.open({ ...open, as: oleg, at: `/tickets/${number}/show` });
  await page.locator('article').first().waitFor();
  return page;
}

async function chooseInMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: false }).first().click();
  await page.getByRole('menuitem', { name }).click();
}

describe('on the ticket’s page', () => {
  test('T13: a ticket is given to a colleague by the key, and moved to another queue', async () => {
    const number = await openTicket('Given away');
    const page = await ticketPage(number);
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: `Who works on ${number}?` });
    await dialog.getByText('The customer reads “Working on it”.').waitFor();
    await dialog.getByRole('button', { name: 'Assign' }).click();
    await dialog.getByText('Choose a colleague.').waitFor();
    await dialog.getByRole('combobox').click();
    await page.getByRole('option', { name: 'Maria Belova' }).click();
    await dialog.getByRole('button', { name: 'Assign' }).click();
    await page.getByText('Assigned.').waitFor();
    expect((await oleg.get(`/tickets/${number}`)).body.assignee.name).toBe('Maria Belova');

    await chooseInMenu(page, 'Move to a queue …');
    await page.getByRole('dialog').getByRole('combobox').click();
    await page.getByRole('option', { name: 'Billing' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
    await page.getByText('Moved.').waitFor();
    expect((await oleg.get(`/tickets/${number}`)).body.category).toBe('billing');
  });

  test('T13: who takes a ticket that a colleague took a moment before is told by whom, and nothing is taken from her', async () => {
    const number = await openTicket('Taken at once');
    const page = await ticketPage(number);
    await page.route('**/assignment', async (route) => {
      await maria.post(`/tickets/${number}/assignment`);
      await route.continue();
    });
    await page.getByRole('button', { name: 'Take', exact: true }).click();
    await page.getByText(/Maria Belova has the ticket/).waitFor();
    expect((await oleg.get(`/tickets/${number}`)).body.assignee.name).toBe('Maria Belova');
    expect(desk.complaints().every((complaint) => /409/.test(complaint))).toBe(true);
  });

  test('T13: a duplicate is found by its words, what will happen is told, the page goes on to the other, and it is undone', async () => {
    const target = await openTicket('The original');
    const source = await openTicket('The duplicate');
    const page = await ticketPage(source);
    await chooseInMenu(page, 'Merge …');
    const dialog = page.getByRole('dialog', { name: `Merge ${source} into another ticket` });
    await dialog.getByLabel('Number, or words of the subject').fill(target);
    await dialog.getByRole('radio', { name: new RegExp(target) }).check();
    await dialog.getByText(`Messages, notes, files and who takes part move to ${target}.`).waitFor();
    await dialog.getByText(`It can be undone until somebody writes to the other side in ${target}.`).waitFor();
    await dialog.getByRole('button', { name: `Merge into ${target}` }).click();
    await page.waitForURL(`**/tickets/${target}/show`);
    const notice = page.locator('[data-merge-notice]');
    await notice.getByText(`${source} was merged into this ticket.`).waitFor();
    await page.getByText('The duplicate: it does not start').waitFor();
    await page.getByText(`from ${source}`).waitFor();
    await notice.getByRole('link', { name: 'Its history' }).click();
    await page.getByText(`${source} was merged into ${target}. The conversation goes on there.`).waitFor();
    await page.getByText(`Merged into ${target}`, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo the merge' }).click();
    await page.getByText(`The merge of ${source} is undone.`).waitFor();
    await page.getByText('The duplicate: it does not start').waitFor();
    expect((await oleg.get(`/tickets/${source}`)).body).toMatchObject({ status: 'awaiting_staff', mergedInto: null });
  });

  test('T13: messages about something else are chosen and become a ticket of their own', async () => {
    const number = await openTicket('Two things');
    await boris.post(`/tickets/${number}/messages`, { body: 'And the invoice is wrong' });
    const page = await ticketPage(number);
    await chooseInMenu(page, 'Split off …');
    const dialog = page.getByRole('dialog', { name: `Split messages off ${number}` });
    await dialog.getByRole('button', { name: 'Split off' }).click();
    await dialog.getByText('Choose at least one message that the customer sees').waitFor();
    await dialog.getByRole('checkbox', { name: /And the invoice is wrong/ }).check();
    expect(await dialog.getByRole('checkbox').first().isDisabled()).toBe(true);
    await dialog.getByLabel('Subject of the new ticket').fill('The invoice is wrong');
    await dialog.getByRole('button', { name: 'Split off' }).click();
    await page.getByText('Split off.').waitFor();
    const { citedBy } = (await oleg.get(`/tickets/${number}`)).body;
    await page.getByRole('link', { name: citedBy[0], exact: true }).first().waitFor();
  });

  test('T1, T13: people and tags beside the conversation: a member, an outside address with what it means, tags suggested', async () => {
    const other = await openTicket('Another of hers');
    const number = await openTicket('People and tags');
    await oleg.patch(`/tickets/${other}`, { tags: ['update 6.12'] });
    const page = await ticketPage(number);
    const people = page.getByRole('region', { name: 'Who takes part' });
    await people.getByRole('button', { name: 'Add' }).click();
    const dialog = page.getByRole('dialog', { name: `Add somebody to ${number}` });
    await dialog.getByRole('combobox').click();
    await page.getByRole('option', { name: /Boris Ivanov/ }).click();
    await dialog.getByRole('button', { name: 'Add' }).click();
    await people.getByText('Boris Ivanov').waitFor();

    await people.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByRole('radio', { name: 'Somebody outside' }).check();
    await dialog.getByText('From now on every answer is copied to this address.').waitFor();
    await dialog.getByLabel('E-mail address').fill('not an address');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText('This is not an e-mail address.').waitFor();
    await dialog.getByLabel('E-mail address').fill('pavel@outside.example');
    await dialog.getByLabel('Name').fill('Pavel Orlov');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await people.getByText('pavel@outside.example · outside the account · added by Oleg Sidorov').waitFor();
    await people.getByRole('button', { name: 'Remove Pavel Orlov' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await people.getByText('Pavel Orlov').waitFor({ state: 'detached' });

    const tags = page.getByRole('region', { name: 'Tags' });
    await tags.getByRole('button', { name: 'Change' }).click();
    const marks = page.getByRole('dialog');
    await marks.getByRole('button', { name: 'update 6.12' }).click();
    expect(await marks.getByLabel('Tags', { exact: true }).inputValue()).toBe('update 6.12');
    await marks.getByRole('button', { name: 'Save' }).click();
    await tags.getByText('update 6.12').waitFor();
    await page.locator(`[data-other-ticket="${other}"]`).waitFor();

    // How urgent it is stands in the same dialog: a key opens it, and so does the menu.
    await marks.waitFor({ state: 'detached' });
    await page.keyboard.press('p');
    await page.getByRole('dialog', { name: `Priority and tags of ${number}` }).waitFor();
    await page.keyboard.press('Escape');
    await marks.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Priority and tags …' }).click();
    await marks.getByLabel('Priority').click();
    await page.getByRole('option', { name: 'High' }).click();
    await marks.getByRole('button', { name: 'Save' }).click();
    await marks.waitFor({ state: 'detached' });
    expect((await oleg.get(`/tickets/${number}`)).body).toMatchObject({ priority: 'high', tags: ['update 6.12'] });
  });
});

describe('pages of their own', () => {
  test('T13, C6: a caller is found by name, and his ticket is open with what he said', async () => {
    const page = await desk.open({ as: oleg, at: '/new-ticket' });
    await page.getByRole('button', { name: 'Open the ticket' }).click();
    await page.getByText('Choose the customer and a queue').waitFor();
    await page.getByLabel('Customer').fill('Boris');
    await page.getByRole('option').first().click();
    await page.getByLabel('Who', { exact: true }).click();
    await page.getByRole('option', { name: /Boris Ivanov/ }).click();
    await page.getByLabel('Queue').click();
    await page.getByRole('option', { name: 'Billing' }).click();
    await page.getByLabel('Subject').fill('He called about an invoice');
    await page.getByLabel('What he said').fill('The sum is wrong.');
    await page.getByRole('button', { name: 'Open the ticket' }).click();
    await page.getByRole('heading', { name: 'He called about an invoice' }).waitFor();
    await page.getByText('written down by Oleg Sidorov').waitFor();
    await page
      .getByText(/by phone/)
      .first()
      .waitFor();
  });

  test('T13: a canned reply is written in both languages; a mistyped variable is named before it is saved', async () => {
    const page = await desk.open({ as: oleg, at: '/canned-replies' });
    await page.getByText('There is none yet.').waitFor();
    await page.getByRole('button', { name: 'New canned reply' }).click();
    const dialog = page.getByRole('dialog', { name: 'New canned reply' });
    const english = dialog.getByRole('group', { name: 'English' });
    await english.getByLabel('Title').fill('Ask for a log');
    await english.getByLabel('Text').fill('Hello {{customer.nmae}}, send us the log.');
    await dialog.getByRole('group', { name: 'Russian' }).getByLabel('Text').fill('Здравствуйте, {{customer.name}}!');
    await dialog.getByLabel('Shortcut').fill('log');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('There is no variable {{customer.nmae}}.').waitFor();
    await english.getByLabel('Text').fill('Hello {{customer.name}}, send us the log.');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('/log · All queues · not used yet').waitFor();
    await page.getByRole('button', { name: 'Withdraw “Ask for a log”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('There is none yet.').waitFor();
  });
});

describe.each([
  ['light', 'wide', 'en'],
  ['dark', 'narrow', 'ru'],
] as const)('A1: %s, %s, %s', (theme, size, locale) => {
  test('nobody meets a barrier in the desk’s pages and dialogs, and nothing is wider than the screen', async () => {
    const [target, source] = [await openTicket('The original'), await openTicket('The duplicate')];
    await oleg.post(`/tickets/${source}/participants`, { address: 'pavel@outside.example', name: 'Pavel Orlov' });
    await oleg.patch(`/tickets/${target}`, { tags: ['update 6.12', 'vip'] });
    await oleg.post(`/tickets/${source}/merge`, { into: target });
    await oleg.post('/canned-replies', { title: { en: 'Ask for a log' }, body: { en: 'Hello {{customer.name}}' } });
    const reader = await desk.kontor.people.staff();
    await oleg.put(`/tickets/${target}/assignment`, { assignee: reader.id });
    const open = { theme, size, locale, as: reader };
    for (const at of ['/canned-replies', '/new-ticket', `/tickets/${target}/show`, `/tickets/${source}/show?stay=`]) {
      const page = await desk.open({ ...open, at });
      await page.locator('main h1').first().waitFor();
      expect(await barriers(page), at).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    const page = await desk.open({ ...open, at: `/tickets/${target}/show` });
    await page.locator('article').first().waitFor();
    for (const at of [0, 1, 2, 3]) {
      await page.locator('main header [aria-haspopup="menu"]').first().click();
      const words = [/Assign|Назначить/, /Move|очередь/, /Merge|Объединить/, /Split|Выделить/][at]!;
      await page.getByRole('menuitem', { name: words }).click();
      await page.getByRole('dialog').waitFor();
      expect(await barriers(page), String(words)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });
});

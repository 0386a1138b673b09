import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeCompany, type Company } from './company.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let company: Company;
let number: string;

beforeAll(async () => {
  desk = await consoleUnderTest();
  company = await makeCompany(desk.kontor);
  const { anna, boris } = company;
  number = (await anna.post('/tickets', { subject: 'I lost my phone', body: 'And the codes with it.', category: 'general' })).body.number;
  await anna.post('/tickets', { subject: 'The panel does not start', body: 'x', category: 'technical', priority: 'high' });
  await boris.post('/tickets', { subject: 'Backups take longer than before', body: 'x', category: 'technical' });
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

function pageOf(accountId: string): string {
  return `/customers/${accountId}/show`;
}

/** Opens what can be done about a member and chooses one thing. */
async function choose(page: Page, name: string, deed: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: `What can be done about ${name}` }).click();
  await page.getByRole('menuitem', { name: deed }).click();
}

describe('the customers', () => {
  test('I1: an account is found by its name, by a member’s name or address, and by an id', async () => {
    const { oleg, anna, boris, dmitri } = company;
    const page = await desk.open({ as: oleg, at: '/customers' });
    await page.getByRole('link', { name: 'Altair Hosting' }).waitFor();
    const search = page.getByRole('textbox', { name: 'Account, member, address or id' });
    for (const [said, found] of [
      ['altair', 'Altair Hosting'],
      ['kuznetsov', 'Altair Hosting'],
      [boris.email, 'Altair Hosting'],
      [boris.accountId, 'Altair Hosting'],
      [dmitri.id, 'Dmitri’s own'],
    ] as const) {
      await search.fill(said);
      await page.waitForURL((url) => url.searchParams.get('filter')?.includes(said) === true);
      // Dmitri is a member of two: his own account and Anna's.
      if (said === dmitri.id) await page.locator(`a[data-row][href$="${pageOf(anna.accountId)}"]`).waitFor();
      else await page.getByRole('link', { name: found }).waitFor();
    }
    await search.fill('nobody of this name');
    await page.getByText('No account, member or address fits “nobody of this name”.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Altair Hosting' }).waitFor();
  });

  test('I1: pages of customers follow each other by cursor, both ways, and survive the way to one and back', async () => {
    const { oleg } = company;
    for (let at = 1; at <= 27; at += 1) {
      const each = await desk.kontor.people.customer({ name: `Person ${at}` });
      await each.patch('/account', { name: `Page company ${at}` });
    }
    const page = await desk.open({ as: oleg, at: '/customers' });
    await page.getByRole('textbox', { name: 'Account, member, address or id' }).fill('Page company');
    await page.waitForURL((url) => url.searchParams.get('filter')?.includes('Page company') === true);
    await page.getByText('1–25').waitFor();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('26–27').waitFor();
    expect(await page.locator('a[data-row]').count()).toBe(2);
    await page.getByRole('link', { name: 'Page company 1', exact: true }).click();
    await page.getByRole('heading', { name: 'Page company 1' }).waitFor();
    await page.goBack();
    await page.getByText('26–27').waitFor();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await page.getByText('1–25').waitFor();
  });

  test('I1: an account’s page tells its members, their second factors, who is invited, and its open tickets', async () => {
    const { oleg, anna, dmitri } = company;
    const page = await desk.open({ as: oleg, at: pageOf(anna.accountId) });
    await page.getByRole('heading', { name: 'Vega Ltd' }).waitFor();
    const members = page.getByRole('table', { name: 'Members' });
    await members.getByRole('row', { name: new RegExp(`Anna Petrova.*${anna.email}.*Owner.*not set`) }).waitFor();
    await members.getByRole('row', { name: new RegExp(`Dmitri Volkov.*${dmitri.email}.*Technical.* set`) }).waitFor();
    await page.getByRole('link', { name: 'I lost my phone' }).waitFor();
    await page.getByRole('link', { name: 'All tickets of this customer' }).click();
    await page.getByText('1–2 of 2').waitFor();
    expect(await page.locator('[data-ticket]').count()).toBe(2);
    await page.getByText('Customer: Vega Ltd').waitFor();
    await page.locator('.MuiChip-deleteIcon').click();
    await page.getByText('1–3 of 3').waitFor();
    await page.getByRole('link', { name: 'I lost my phone' }).click();
    await page.getByRole('complementary').getByRole('link', { name: 'Vega Ltd' }).click();
    await members.waitFor();
  });

  test('A1: the customers are reached, searched, opened and left without a mouse', async () => {
    const { oleg } = company;
    const page = await desk.open({ as: oleg });
    await page.locator('[data-ticket]').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Go to the customers').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'Customers' }).waitFor();
    await page.keyboard.press('f');
    await page.keyboard.type('altair');
    await page.getByText('1–1', { exact: true }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.locator('a[data-row]:focus').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Altair Hosting' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByText('1–1', { exact: true }).waitFor();
  });
});

describe('what staff begin for a customer', () => {
  test('I5: a change of address asks for a reason, tells what follows, and stands at the top until it is withdrawn', async () => {
    const { oleg, anna, boris } = company;
    const page = await desk.open({ as: oleg, at: pageOf(anna.accountId) });
    await choose(page, 'Anna Petrova', 'Change the e-mail address…');
    const dialog = page.getByRole('dialog', { name: 'Another e-mail address for Anna Petrova' });
    await dialog.getByText('The new address gets a link and must confirm within 7 days.').waitFor();
    await dialog.getByText(`${anna.email} is told now and may say no for 3 days.`).waitFor();

    const begin = dialog.getByRole('button', { name: 'Begin the change' });
    await begin.click();
    await dialog.getByText('Write an address such as anna@vega.example.').waitFor();
    await dialog.getByText('Say why: whoever approves it must be able to judge.').waitFor();

    await dialog.getByLabel('New e-mail address').fill(boris.email);
    await dialog.getByLabel('Reason').fill('Called back at the number in the agreement');
    await dialog.getByLabel('Ticket number').fill(number.toLowerCase());
    await begin.click();
    await dialog.getByText('Somebody else has this address.').waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Called back at the number in the agreement');
    expect(desk.complaints()).toHaveLength(1);

    await dialog.getByLabel('New e-mail address').fill('anna@new.example');
    await begin.click();
    await dialog.waitFor({ state: 'detached' });
    const change = page.locator('[data-change]');
    await change.getByText(`from ${anna.email} to anna@new.example`).waitFor();
    await change
      .getByText(/^Waits to be confirmed from the new address; comes to nothing on .* · Anna Petrova may say no until /)
      .waitFor();
    await change.getByRole('link', { name: number }).waitFor();
    await change.getByText('Reason: Called back at the number in the agreement').waitFor();
    await change.getByText('You began it: a colleague must approve it.').waitFor();
    expect(await change.getByRole('button', { name: 'Approve…' }).count()).toBe(0);

    await change.getByRole('button', { name: 'Withdraw…' }).click();
    const withdrawal = page.getByRole('dialog', { name: 'Withdraw? Another e-mail address: Anna Petrova' });
    await withdrawal.getByText('the mailed links stop working').waitFor();
    await withdrawal.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await change.waitFor({ state: 'detached' });
    expect((await oleg.get(`/pending-actions?user=${anna.id}`)).body.items).toMatchObject([{ state: 'withdrawn', ticketNumber: number }]);
  });

  test('I5: a link for a new password is mailed after a word on what it means; nobody sees a password', async () => {
    const { oleg, anna } = company;
    const page = await desk.open({ as: oleg, at: pageOf(anna.accountId) });
    await choose(page, 'Anna Petrova', 'Mail a link for a new password…');
    await page.getByRole('dialog').getByText(`A letter goes to ${anna.email}`).waitFor();
    await page.getByRole('button', { name: 'Mail the link' }).click();
    await page.getByText('The letter is on its way.').waitFor();
    const letters = await desk.kontor.db.query(`select 1 from letter where recipient_id = $1 and kind = 'password.reset'`, [anna.id]);
    expect(letters).toHaveLength(1);
  });

  test('I10: what needs a fresh code asks for it in place and goes on; turning away loses nothing', async () => {
    const kira = await desk.kontor.people.staff({ name: 'Kira Lebedeva' });
    await desk.kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '10 minutes' where user_id = $1`, [kira.id]);
    const { anna } = company;
    const page = await desk.open({ as: kira, at: pageOf(anna.accountId) });
    await choose(page, 'Dmitri Volkov', 'Take the second factor away…');
    const dialog = page.getByRole('dialog', { name: 'Take the second factor of Dmitri Volkov away?' });
    await dialog.getByLabel('Reason').fill('Lost his phone');
    await dialog.getByRole('button', { name: 'Begin the reset' }).click();
    await page.locator('#step-up-code').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#step-up-code').waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Lost his phone');
    expect(await dialog.getByRole('alert').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Begin the reset' }).click();
    await page.locator('#step-up-code').fill(await kira.app.code());
    await dialog.waitFor({ state: 'detached' });
    await page
      .locator('[data-change]')
      .getByText(/^Takes effect on .* unless Dmitri Volkov says no$/)
      .waitFor();
    const refused = desk.complaints();
    expect(refused.every((line) => line.includes('403'))).toBe(true);
  });

  test('I8: a billing clerk reads customers and is offered nothing that the API would refuse him', async () => {
    const { vera, anna } = company;
    const page = await desk.open({ as: vera, at: pageOf(anna.accountId) });
    await page.getByRole('table', { name: 'Members' }).getByText('Anna Petrova').waitFor();
    expect(await page.getByRole('button', { name: /What can be done/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'In the audit' }).count()).toBe(0);
    const tried = await vera.post(`/users/${anna.id}/email-change`, { email: 'x@new.example', reason: 'x' });
    expect([tried.status, tried.body.error.code]).toEqual([403, 'auth.not_permitted']);
    expect((await vera.post(`/users/${anna.id}/password-reset`)).status).toBe(403);
  });
});

test('I1: an account that does not exist is told so, with a way back', async () => {
  const page = await desk.open({ as: company.oleg, at: pageOf('acc_01jd3y8k2m5n7p9q1r3s5t7v9w') });
  await page.getByText('There is no such customer.').waitFor();
  await page.getByRole('link', { name: 'Back to the customers' }).click();
  await page.locator('a[data-row]').first().waitFor();
  expect(desk.complaints().every((line) => line.includes('404'))).toBe(true);
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(['wide', 'narrow'] as const)('A1: nobody meets a barrier among the customers, %s', async (size) => {
    const { oleg, anna } = company;
    const page = await desk.open({ theme, size, as: oleg, at: '/customers' });
    await page.locator('a[data-row]').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.goto(`/admin${pageOf(anna.accountId)}`);
    await page.getByText('Anna Petrova').first().waitFor();
    await page.getByRole('link', { name: 'I lost my phone' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await choose(page, 'Anna Petrova', 'Change the e-mail address…');
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});

test('A1: at 390 pixels customers are cards, and nothing runs over the edge', async () => {
  const { oleg, anna } = company;
  const page = await desk.open({ as: oleg, size: 'narrow', locale: 'ru', at: '/customers' });
  await page.locator('li a[data-row]').first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.goto(`/admin${pageOf(anna.accountId)}`);
  await page.getByRole('button', { name: 'Действия, участник: Anna Petrova' }).click();
  await page.getByRole('menuitem', { name: 'Сменить адрес почты…' }).click();
  await page.getByRole('dialog').getByText('Что произойдёт').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { customerActions, customerRoles, staffActions, staffMay, staffRoles } from '../../domain/permissions.ts';
import { en } from '../../admin-ui/words/en.ts';
import { ru } from '../../admin-ui/words/ru.ts';
import { makeCompany, type Company } from './company.ts';
import { barriers, consoleUnderTest, givePassword, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let company: Company;

beforeAll(async () => {
  desk = await consoleUnderTest();
  company = await makeCompany(desk.kontor);
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

function rowOf(page: Page, name: string) {
  return page.getByRole('table', { name: 'Staff' }).getByRole('row', { name: new RegExp(`^${name}`) });
}

async function choose(page: Page, name: string, deed: string): Promise<void> {
  await page.getByRole('button', { name: `What can be done about ${name}` }).click();
  await page.getByRole('menuitem', { name: deed }).click();
}

describe('the staff', () => {
  test('I8: everybody is listed with role, second factor and when he was last seen', async () => {
    const { maria, oleg } = company;
    const page = await desk.open({ as: maria, at: '/staff' });
    await rowOf(page, 'Maria Orlova · you').getByText('Administrator').waitFor();
    const row = rowOf(page, 'Oleg Sidorov');
    for (const text of [oleg.email, 'Support', 'set']) await row.getByText(text, { exact: true }).waitFor();
    expect(await row.locator('time').count()).toBe(1);
  });

  test('I8: a colleague is invited with a role explained in words, and the invitation is taken back', async () => {
    const { maria } = company;
    const page = await desk.open({ as: maria, at: '/staff' });
    await page.getByText('Nobody is invited at the moment.').waitFor();
    await page.getByRole('button', { name: 'Invite a colleague' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite a colleague' });
    await dialog.getByText('a link that is good for 7 days').waitFor();
    await dialog.getByLabel('E-mail address').fill('not an address');
    await dialog.getByRole('button', { name: 'Send the invitation' }).click();
    await dialog.getByText('Write an address such as oleg@company.example.').waitFor();
    await dialog.getByLabel('E-mail address').fill('Kira@Company.Example');
    await dialog.getByRole('radio', { name: /^Billing.*Answers nobody/ }).check();
    await page.keyboard.press('Enter');
    await page.getByText('kira@company.example · Billing').waitFor();
    const letters = () => desk.kontor.db.query(`select 1 from letter where kind = 'invitation.staff' and address = 'kira@company.example'`);
    expect(await letters()).toHaveLength(1);

    await page.getByRole('button', { name: 'Revoke the invitation of kira@company.example' }).click();
    await page.getByRole('dialog').getByText('The mailed link stops working at once.').waitFor();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('Nobody is invited at the moment.').waitFor();
    expect((await maria.get('/staff-invitations')).body.items).toEqual([]);
  });

  test('I8: another role holds at once, in the table and for what he may do', async () => {
    const { maria } = company;
    const lev = await desk.kontor.people.staff({ name: 'Lev Antonov', role: 'billing' });
    const close = async () => (await lev.post('/tickets/CS-2147483647/closing', { reason: 'Solved' })).status;
    expect(await close()).toBe(403);
    const page = await desk.open({ as: maria, at: '/staff' });
    await choose(page, 'Lev Antonov', 'Change the role…');
    const dialog = page.getByRole('dialog', { name: 'Another role for Lev Antonov' });
    await dialog.getByRole('radio', { name: /^Support/ }).check();
    await dialog.getByRole('button', { name: 'Change the role' }).click();
    await rowOf(page, 'Lev Antonov').getByText('Support').waitFor();
    expect(await close()).toBe(404);
  });

  test('I8: who leaves is signed out now, stays in the list, and comes back', async () => {
    const { maria } = company;
    const ivan = await desk.kontor.people.staff({ name: 'Ivan Gromov' });
    const his = await desk.open({ as: ivan });
    await his.getByRole('heading', { name: 'All active' }).waitFor();
    const page = await desk.open({ as: maria, at: '/staff' });
    await choose(page, 'Ivan Gromov', 'Deactivate…');
    await page.getByRole('dialog').getByText('Ivan Gromov is signed out everywhere now and can sign in no more.').waitFor();
    await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
    await rowOf(page, 'Ivan Gromov')
      .getByText(/^deactivated/)
      .waitFor();
    await his.reload();
    await givePassword(his, ivan);
    await his.getByRole('alert').waitFor();
    await choose(page, 'Ivan Gromov', 'Reactivate…');
    await page.getByRole('dialog').getByText('With the same role (Support)').waitFor();
    await page.getByRole('button', { name: 'Reactivate', exact: true }).click();
    await rowOf(page, 'Ivan Gromov').getByText('not signed in').waitFor();
    await givePassword(his, ivan);
    await his.locator('#code').waitFor();
    expect(desk.complaints().every((line) => line.includes('401'))).toBe(true);
  });

  test('I3: a lost app is taken away after a word on what it means; a new one is set up at the next sign-in', async () => {
    const { maria } = company;
    const olga = await desk.kontor.people.staff({ name: 'Olga Kim' });
    const page = await desk.open({ as: maria, at: '/staff' });
    await choose(page, 'Olga Kim', 'Take the lost app away…');
    await page.getByRole('dialog').getByText('make sure that you speak with Olga Kim').waitFor();
    await page.getByRole('button', { name: 'Take the app away' }).click();
    await rowOf(page, 'Olga Kim').getByText('not set').waitFor();
    const hers = await desk.open();
    await givePassword(hers, olga);
    await hers.locator('[data-app-secret]').waitFor();
  });

  test('I8: the last administrator stays one, and is told why', async () => {
    const { maria } = company;
    const page = await desk.open({ as: maria, at: '/staff' });
    await choose(page, 'Maria Orlova', 'Change the role…');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This is your own role').waitFor();
    await dialog.getByRole('radio', { name: /^Billing/ }).check();
    await dialog.getByRole('button', { name: 'Change the role' }).click();
    await dialog.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await rowOf(page, 'Maria Orlova').getByText('Administrator').waitFor();
    expect(desk.complaints()).toHaveLength(1);
  });

  test.each(['oleg', 'vera'] as const)('I8: %s, who is no administrator, reads the list and is offered nothing', async (who) => {
    const reader = company[who];
    const page = await desk.open({ as: reader, at: '/staff' });
    await rowOf(page, 'Maria Orlova').waitFor();
    expect(await page.getByRole('button', { name: /What can be done|Invite/ }).count()).toBe(0);
    expect((await reader.post('/staff-invitations', { email: 'x@company.example', role: 'administrator' })).status).toBe(403);
    expect((await reader.patch(`/staff/${reader.id}`, { role: 'administrator' })).status).toBe(403);
  });
});

describe('the page of roles', () => {
  test.each([
    ['en', en.kontor],
    ['ru', ru.kontor],
  ] as const)('I8: every action has its row, in plain words, and says who may, in %s', async (locale, words) => {
    const page = await desk.open({ as: company.vera, locale, at: '/roles' });
    await page.locator('[data-action]').first().waitFor();
    const tables = page.getByRole('table');
    const rows = await tables.nth(0).locator('tr:has([data-action])').allInnerTexts();
    expect(rows).toHaveLength(Object.keys(staffActions).length);
    for (const [action, text] of Object.entries(words.permission.staff)) {
      const row = tables.nth(0).locator(`tr:has([data-action="${action}"])`);
      expect(await row.innerText()).toContain(text);
      const yes = await row.getByRole('img', { name: words.roles.may }).count();
      expect([action, yes]).toEqual([action, staffRoles.filter((role) => staffMay(role, action as keyof typeof staffActions)).length]);
    }
    expect(await tables.nth(1).locator('[data-action]').count()).toBe(Object.keys(customerActions).length);
    for (const role of customerRoles) await tables.nth(1).getByRole('columnheader', { name: words.roles.customer[role] }).waitFor();
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(['wide', 'narrow'] as const)('A1: nobody meets a barrier among the staff and their roles, %s', async (size) => {
    const page = await desk.open({ theme, size, as: company.maria, at: '/staff' });
    await page.getByText('Vera Belova').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Invite a colleague' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.goto('/admin/roles');
    await page.locator('[data-action]').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});

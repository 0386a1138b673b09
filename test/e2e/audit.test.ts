import { readFileSync } from 'node:fs';
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
  const { anna, oleg, maria, vera, dmitri } = company;
  number = (await anna.post('/tickets', { subject: 'The panel does not start', body: 'x', category: 'technical' })).body.number;
  await oleg.post(`/tickets/${number}/assignment`);
  await maria.patch(`/staff/${vera.id}`, { role: 'support' });
  await maria.patch(`/staff/${vera.id}`, { role: 'billing' });
  await oleg.post(`/users/${dmitri.id}/factor-reset`, { reason: 'Lost his phone' });
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

function lines(page: Page) {
  return page.getByRole('table', { name: 'Who did what' }).locator('tbody tr');
}

/** The audit, once its first lines are there. */
async function audit(more: Parameters<ConsoleUnderTest['open']>[0] = {}): Promise<Page> {
  const page = await desk.open({ as: company.maria, at: '/audit', ...more });
  await page.locator('main time').first().waitFor();
  return page;
}

describe('the audit', () => {
  test('I9: a line tells in words who did what to whom, before and after, when and from where', async () => {
    const page = await audit();
    const line = lines(page).filter({ hasText: 'Changed a colleague’s role' }).first();
    for (const text of ['Maria Orlova', 'Vera Belova', '127.0.0.1']) await line.getByText(text).waitFor();
    expect(await line.getByText('role: Support').innerText()).toContain('Billing');
    await line.getByRole('img', { name: 'became' }).waitFor();
    expect(await line.locator('time').getAttribute('title')).toMatch(/\d{2}:\d{2}:\d{2} GMT\+3 \(Europe\/Moscow\)$/);
    await line.getByTitle('staff.change_role').waitFor();
    await lines(page).filter({ hasText: 'Took the ticket' }).getByText('state: Waits for us').waitFor();
  });

  test('I9: a request’s id is copied', async () => {
    const page = await audit();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const button = lines(page)
      .first()
      .getByRole('button', { name: /^Copy the request id / });
    const id = (await button.getAttribute('aria-label'))!.split(' ').at(-1)!;
    await button.click();
    await page.getByRole('tooltip', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);
    expect(await desk.kontor.db.query('select 1 from audit_line where request_id = $1', [id])).toHaveLength(1);
  });

  test('I9: it is narrowed by person, thing, action and period, and the way back widens it again', async () => {
    const { oleg } = company;
    const page = await audit();
    await lines(page).getByRole('link', { name: 'Oleg Sidorov' }).first().click();
    await page.getByText('Person: Oleg Sidorov').waitFor();
    await page.waitForURL((url) => url.searchParams.get('filter')?.includes(oleg.id) === true);
    await lines(page).filter({ hasText: 'Took the ticket' }).waitFor();
    expect(await lines(page).filter({ hasText: 'Changed a colleague’s role' }).count()).toBe(0);

    await page.getByLabel('Action').selectOption('Took the ticket');
    await page.getByText('1–1', { exact: true }).waitFor();
    await page.goBack();
    await lines(page).filter({ hasText: 'Signed in' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await lines(page).filter({ hasText: 'Changed a colleague’s role' }).first().waitFor();

    await page.getByLabel('Action').selectOption('All: Tickets');
    await page.getByText('1–2', { exact: true }).waitFor();
    await page.getByLabel('Thing', { exact: true }).fill('nothing of the kind');
    await page.keyboard.press('Enter');
    await page.getByText('Write a ticket’s number, an id, or a word such as factor:totp.').waitFor();
    await page.getByLabel('Thing', { exact: true }).fill(number.toLowerCase());
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('filter')?.includes(`ticket:${number}`) === true);
    await page.getByText('1–2', { exact: true }).waitFor();

    await page.getByLabel('To day').fill('2026-01-31');
    await page.getByText('Nothing in the audit fits these filters.').waitFor();
    expect(JSON.parse(new URL(page.url()).searchParams.get('filter')!)).toMatchObject({ to: '2026-01-31T21:00:00.000Z' });
    await page.getByLabel('To day').fill('');
    await page.getByText('1–2', { exact: true }).waitFor();
    await lines(page).getByRole('link', { name: number }).first().click();
    await page.getByRole('heading', { name: 'The panel does not start' }).waitFor();
  });

  test('I9: a person’s whole trail is one step from the staff and from a customer’s members', async () => {
    const { maria, anna, dmitri, oleg } = company;
    const page = await desk.open({ as: maria, at: '/staff' });
    await page.getByRole('button', { name: 'What can be done about Oleg Sidorov' }).click();
    await page.getByRole('menuitem', { name: 'All of this person in the audit' }).click();
    await page.getByText('Person: Oleg Sidorov').waitFor();
    expect(new URL(page.url()).searchParams.get('filter')).toContain(oleg.id);
    await page.goto(`/admin/customers/${anna.accountId}/show`);
    await page.getByRole('button', { name: 'What can be done about Dmitri Volkov' }).click();
    await page.getByRole('menuitem', { name: 'All of this person in the audit' }).click();
    await page.getByText('Person: Dmitri Volkov').waitFor();
    await lines(page).filter({ hasText: 'Began a change that waits' }).getByText('Dmitri Volkov').waitFor();
    expect(new URL(page.url()).searchParams.get('filter')).toContain(dmitri.id);
    const chip = page.getByRole('button', { name: 'Person: Dmitri Volkov. Remove this filter' });
    await chip.focus();
    await page.keyboard.press('Enter');
    await chip.waitFor({ state: 'detached' });
    await page.goBack();
    await chip.waitFor();
    await page.getByRole('link', { name: 'Audit', exact: true }).click();
    await chip.waitFor({ state: 'detached' });
    await lines(page).filter({ hasText: 'Changed a colleague’s role' }).first().waitFor();
  });

  test('I9: an action that has no words yet is told by its own name, and nothing is hidden', async () => {
    await desk.kontor.db.query(
      `insert into audit_line (id, at, actor_kind, action, object, after) values ('aud_01jd3y8k2m5n7p9q1r3s5t7v9w', now(), 'time', 'future.deed', 'thing:of-tomorrow', '{"colour": "green"}')`,
    );
    const page = await audit();
    const line = lines(page).filter({ hasText: 'future.deed' });
    await line.getByText('by itself').waitFor();
    await line.getByText('colour: green').waitFor();
    await line.getByRole('link', { name: 'thing' }).click();
    await page.getByText('1–1', { exact: true }).waitFor();
  });

  test('I9: pages follow each other by cursor', async () => {
    const { anna } = company;
    for (let at = 0; at < 30; at += 1) {
      const opened = await anna.post('/tickets', { subject: `Question ${at}`, body: 'x', category: 'general' });
      await anna.post(`/tickets/${opened.body.number}/resolution`);
    }
    const page = await audit();
    await page.getByLabel('Action').selectOption('All: Tickets');
    // The list that is not narrowed yet has a second page too.
    await page.waitForURL((url) => url.searchParams.get('filter')?.includes('ticket.') === true);
    await lines(page).filter({ hasText: 'Signed in' }).first().waitFor({ state: 'detached' });
    await page.getByText('1–50', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('51–62', { exact: true }).waitFor();
    await lines(page).filter({ hasText: 'Took the ticket' }).waitFor();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await page.getByText('1–50', { exact: true }).waitFor();
  });

  test('I9: what the filters leave is saved as a file, after a fresh code, and the audit tells who took it', async () => {
    const zoya = await desk.kontor.people.staff({ name: 'Zoya Melnik', role: 'administrator' });
    await desk.kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '10 minutes' where user_id = $1`, [zoya.id]);
    const page = await audit({ as: zoya });
    await page.getByLabel('Action').selectOption('Took the ticket');
    await page.getByText('1–1', { exact: true }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    await page.locator('#step-up-code').fill(await zoya.app.code());
    const file = await saved;
    expect(file.suggestedFilename()).toBe('kontor-audit.csv');
    const [heading, ...rows] = readFileSync(await file.path(), 'utf8')
      .split('\n')
      .filter((row) => row !== '');
    expect(heading).toMatch(/^\uFEFFat,actorKind,/);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain(`ticket.take,ticket:${number}`);
    await page.getByText('The file is saved.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await lines(page).filter({ hasText: 'Exported the audit' }).getByText('Zoya Melnik').waitFor();
    expect(desk.complaints().every((line) => line.includes('403'))).toBe(true);
  });
});

describe('who may not', () => {
  test.each(['vera', 'oleg'] as const)(
    'I8: %s sees no audit in the menu, is told so at its address, and is refused by the API',
    async (who) => {
      const reader = company[who];
      const page = await desk.open({ as: reader });
      await page.getByRole('link', { name: 'Customers' }).waitFor();
      expect(await page.getByRole('link', { name: /^(Audit|Consent texts)$/ }).count()).toBe(0);
      await page.keyboard.press('?');
      await page.getByRole('dialog').getByText('Go to the customers').waitFor();
      expect(await page.getByRole('dialog').getByText('Go to the audit').count()).toBe(0);
      await page.goto('/admin/audit');
      await page.getByRole('heading', { name: 'Your role does not include this page' }).waitFor();
      for (const path of ['/audit', '/audit/actions', '/audit/export']) {
        const { status, body } = await reader.get(path);
        expect([path, status, body.error?.code]).toEqual([path, 403, 'auth.not_permitted']);
      }
    },
  );
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(['wide', 'narrow'] as const)('A1: nobody meets a barrier in the audit, %s', async (size) => {
    const page = await audit({ theme, size });
    expect(await barriers(page)).toEqual([]);
    if (size === 'narrow') await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Thing', { exact: true }).fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByText('Write a ticket’s number').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});

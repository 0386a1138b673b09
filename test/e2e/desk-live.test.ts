import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestPerson;
let maria: TestPerson;
let anna: TestCustomer;

beforeAll(async () => {
  desk = await consoleUnderTest();
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
  maria = await desk.kontor.people.staff({ name: 'Maria Orlova' });
  anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
});
afterAll(() => desk.stop());
afterEach(async () => {
  await desk.endTest();
  await until('no stream is left open', () => desk.kontor.live.open === 0);
});

async function openTicket(subject = 'The panel does not start'): Promise<string> {
  return (await anna.post('/tickets', { subject, body: 'After the update.', category: 'technical' })).body.number;
}

async function show(number: string, as = oleg): Promise<Page> {
  const page = await desk.open({ as, at: `/tickets/${number}/show` });
  await page.locator('[data-what-next]').first().waitFor();
  return page;
}

/** What is looked for by itself is looked for once a minute while news come in: so quickly it comes by the stream alone. */
const byTheStream = { timeout: 5_000 };
const streams = (count: number) => until(`${count} streams are open`, () => desk.kontor.live.open === count);

describe('live pages', () => {
  test('T18: eight tabs of one browser have one stream, and all of them hear; when its tab is closed another takes it over', async () => {
    const number = await openTicket();
    const first = await show(number);
    await streams(1);
    const tabs = [first];
    for (let tab = 1; tab < 8; tab += 1) {
      const page = await first.context().newPage();
      await page.goto(`/admin/tickets/${number}/show`);
      await page.locator('[data-what-next]').first().waitFor();
      tabs.push(page);
    }
    await anna.post(`/tickets/${number}/messages`, { body: 'It says **nothing**' });
    for (const page of tabs) await page.locator('article strong', { hasText: 'nothing' }).waitFor(byTheStream);
    expect(desk.kontor.live.open).toBe(1);

    await first.close();
    await streams(1);
    await anna.post(`/tickets/${number}/messages`, { body: 'Still **silent**' });
    for (const page of tabs.slice(1)) await page.locator('article strong', { hasText: 'silent' }).waitFor(byTheStream);
    expect(desk.kontor.live.open).toBe(1);
  });

  test('T18: a list says that there is something new and does not move under the cursor', async () => {
    const number = await openTicket('The first one');
    const page = await desk.open({ as: oleg, at: '/tickets' });
    await page.locator(`[data-ticket="${number}"]`).first().waitFor();
    await streams(1);
    const rows = await page.locator('[data-ticket]').allInnerTexts();
    const newer = await openTicket('One that came while the list was read');
    await page
      .getByRole('button', { name: /new|changed/i })
      .first()
      .waitFor(byTheStream);
    expect(await page.locator('[data-ticket]').allInnerTexts()).toEqual(rows);
    expect(await page.locator(`[data-ticket="${newer}"]`).count()).toBe(0);
  });

  test('T18: while there is no stream a page looks for itself; when it comes what is shown is read anew', async () => {
    const number = await openTicket();
    const page = await desk.open({ as: oleg, at: '/cases' });
    await streams(1);
    const other = await page.context().newPage();
    await other.route('**/api/staff/v1/events', (route) => route.abort());
    await page.close();
    await streams(0);
    await other.goto(`/admin/tickets/${number}/show`);
    await other.locator('[data-what-next]').first().waitFor();
    await anna.post(`/tickets/${number}/messages`, { body: 'While nobody **told**' });
    await other.locator('article strong', { hasText: 'told' }).waitFor();
    await other.unroute('**/api/staff/v1/events');
    await streams(1);
    await anna.post(`/tickets/${number}/messages`, { body: 'It is **told** again, at once' });
    await other.locator('article', { hasText: 'again, at once' }).waitFor(byTheStream);
    for (const complaint of desk.complaints()) expect(complaint).toMatch(/ERR_FAILED/);
  });

  test('T18: whoever signs out listens no more', async () => {
    const page = await desk.open({ as: await desk.kontor.people.staff(), at: '/tickets' });
    await streams(1);
    await page.getByRole('button', { name: /Your account|Oleg Sidorov/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('#email').waitFor();
    await streams(0);
  });
});

describe('the bell', () => {
  test('N1: an assignee sees that his customer wrote without asking, and it is read when he looks', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/assignment`);
    await oleg.post('/notifications/read', {});
    const page = await desk.open({ as: oleg, at: '/tickets' });
    const elsewhere = await desk.open({ as: oleg, at: '/cases' });
    await streams(2);
    await page.locator('[data-bell="0"]').waitFor();
    await anna.post(`/tickets/${number}/messages`, { body: 'It does not' });
    for (const each of [page, elsewhere]) await each.locator('[data-bell="1"]').waitFor(byTheStream);
    await page.locator('[data-bell]').click();
    await page.getByRole('dialog', { name: 'Notifications' }).getByText('Your customer wrote').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page
      .getByRole('dialog')
      .getByRole('link', { name: new RegExp(number) })
      .click();
    await page.waitForURL(`**/tickets/${number}/show`);
    for (const each of [page, elsewhere]) await each.locator('[data-bell="0"]').waitFor(byTheStream);
  });

  test('N1: in Russian, on a narrow screen, nothing is cut', async () => {
    const page = await desk.open({ as: oleg, at: '/tickets', locale: 'ru', size: 'narrow' });
    await page.locator('[data-bell]').click();
    const list = page.getByRole('dialog', { name: 'Уведомления' });
    await list.getByText('Ваш клиент написал').first().waitFor();
    const box = (await list.boundingBox())!;
    expect(box.x >= 0 && box.x + box.width <= 390).toBe(true);
    expect(await barriers(page)).toEqual([]);
  });
});

describe('two agents on one ticket', () => {
  test('T13: they see each other, and neither loses text when the other one answers', async () => {
    const number = await openTicket();
    const [left, right] = [await show(number, oleg), await show(number, maria)];
    const seenBy = (page: Page, words: RegExp) => page.locator('[data-presence], [data-who-else]').filter({ hasText: words });
    await seenBy(left, /Maria Orlova/).waitFor(byTheStream);
    await left.getByRole('textbox', { name: 'Reply' }).fill('Please clear the cache');
    await seenBy(right, /Oleg Sidorov.*writ/).waitFor(byTheStream);
    await right.getByRole('textbox', { name: 'Reply' }).fill('I would restart it');
    await seenBy(left, /Maria Orlova.*writ/).waitFor(byTheStream);
    await left.getByRole('button', { name: /^Send/ }).first().click();
    await right.locator('article[data-visibility="public"]', { hasText: 'Please clear the cache' }).waitFor(byTheStream);
    expect(await right.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('I would restart it');
    await left.getByRole('link', { name: 'Back to the list' }).click();
    await seenBy(right, /Oleg Sidorov/).waitFor({ state: 'detached', ...byTheStream });
  });

  test('T13: two pages of one agent on one ticket, of which he writes in one, do not contradict each other', async () => {
    const number = await openTicket();
    const [writing, lying] = [await show(number, oleg), await show(number, oleg)];
    let said = 0;
    for (const page of [writing, lying])
      page.on('request', (request) => {
        if (request.method() === 'PUT' && request.url().endsWith('/presence')) said += 1;
      });
    const field = writing.getByRole('textbox', { name: 'Reply' });
    await field.fill('Please clear the cache');
    // What makes the pages look once more, if anything does, has come when the draft is there.
    await until('it is kept', async () => (await oleg.get(`/tickets/${number}/draft?kind=reply`)).body.body === 'Please clear the cache');
    await writing.waitForTimeout(1_500);
    expect(said).toBeLessThanOrEqual(4);
  });

  test('T13: a text is there on another machine, and a lost browser does not lose it', async () => {
    const number = await openTicket();
    const page = await show(number);
    await page.getByRole('textbox', { name: 'Reply' }).fill('Half a sentence that');
    await until('it is kept', async () => (await oleg.get(`/tickets/${number}/draft?kind=reply`)).body.body === 'Half a sentence that');
    await page.context().close();
    const another = await show(number);
    await until('it is there', async () => (await another.getByRole('textbox', { name: 'Reply' }).inputValue()) === 'Half a sentence that');
    await another.getByRole('button', { name: /^Send/ }).first().click();
    await another.locator('article', { hasText: 'Half a sentence that' }).waitFor();
    await until('it is gone', async () => (await oleg.get(`/tickets/${number}/draft?kind=reply`)).body.body === '');
  });
});

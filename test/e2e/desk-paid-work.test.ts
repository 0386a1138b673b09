import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { fund } from '../harness/fund.ts';
import { testPassword } from '../harness/people.ts';
import { makeCompany, type Company } from './company.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let company: Company;
/** Anna as she has signed in: a token lends no access. */
let anna: ApiDriver;

beforeAll(async () => {
  desk = await consoleUnderTest();
  company = await makeCompany(desk.kontor);
  await fund(desk.kontor, company.anna.accountId, 100_000_000);
  anna = await signedIn(desk.kontor.origin, 'customer', company.anna.email, testPassword);
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

async function open(subject = 'Move the panel'): Promise<string> {
  return (await anna.post('/tickets', { subject, body: 'Can you move it to another server?', category: 'technical' })).body.number;
}
const inHours = (hours: number) => new Date(desk.kontor.clock.now().getTime() + hours * 3_600_000).toISOString();
const work = (amountMinor: number, more: object = {}) => ({
  description: 'Moving the panel: **4 hours**',
  amount: { amountMinor, currency: 'RUB' },
  validUntil: inHours(48),
  ...more,
});
const offer = async (number: string, amountMinor: number) =>
  (await company.oleg.post(`/tickets/${number}/quotes`, work(amountMinor))).body.id as string;
const lend = async (number: string, secret: string) =>
  (await anna.post(`/tickets/${number}/server-accesses`, { address: '203.0.113.7', way: 'secret', secret })).body.id as string;
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const at = (number: string) => `/tickets/${number}/show`;
/** Spaces of every kind are one: sums hold some that do not break. */
const textOf = async (page: Page, selector: string) => (await page.locator(selector).innerText()).replaceAll(/\s+/g, ' ');

describe('paid work beside the conversation', () => {
  test('T16: Oleg offers work with a preview; Anna accepts; he marks it done; each state says what happens next', async () => {
    const number = await open();
    const page = await desk.open({ as: company.oleg, at: at(number) });
    await section(page, 'Paid work').getByText('Nothing has been offered yet.').waitFor();
    await section(page, 'Paid work').getByRole('button', { name: 'Offer work' }).click();
    const dialog = page.getByRole('dialog', { name: `Offer paid work in ${number}` });
    await dialog.getByRole('button', { name: 'Offer it' }).click();
    await dialog.getByText('Write a sum such as 12500').waitFor();
    await dialog.getByText('Say what you will do for it.').waitFor();
    await dialog.getByLabel('Sum, RUB').fill('12 500,00');
    await dialog.getByLabel('What you will do for it').last().fill('Moving the panel: **4 hours**');
    await dialog.getByRole('button', { name: 'Offer it' }).click();
    await page.getByText('The quote is offered; the customer is told.').waitFor();
    const [quote] = (await anna.get(`/tickets/${number}/quotes`)).body.items;
    expect(quote).toMatchObject({ amount: { amountMinor: 1_250_000, currency: 'RUB' }, description: 'Moving the panel: **4 hours**' });
    const item = `[data-quote="${quote.id}"]`;
    await page.locator(item).getByText('Expires by itself if nobody answers:').waitFor();
    expect(await textOf(page, item)).toMatch(/^12 500,00 ₽ Waits for the customer Moving the panel: 4 hours Expires by itself/);

    await anna.post(`/tickets/${number}/quotes/${quote.id}/acceptance`);
    await page.locator(item).getByText('Accepted, not done yet').waitFor();
    await page
      .locator(item)
      .getByText(/Waits to be done/)
      .waitFor();
    await page.locator(item).getByRole('button', { name: 'Mark as done' }).click();
    const done = page.getByRole('dialog');
    await done.getByText('It cannot be taken back.').waitFor();
    await done.getByRole('button', { name: 'Mark as done' }).click();
    await page.getByText('The work is marked as done.').waitFor();
    await page
      .locator(item)
      .getByText(/^Done by Oleg Sidorov,/)
      .waitFor();
    expect(await page.locator(item).getByRole('button').count()).toBe(0);
  });

  test('T16: what will be read is shown before, as Markdown and never as HTML', async () => {
    const number = await open();
    const page = await desk.open({ as: company.oleg, at: at(number) });
    await page.getByRole('button', { name: 'Offer work' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What you will do for it').last().fill('**4 hours** <img src=x onerror=alert(1)>');
    await dialog.getByRole('tab', { name: 'Preview' }).click();
    expect(await dialog.locator('[data-preview] strong').innerText()).toBe('4 hours');
    expect(await dialog.locator('[data-preview] img').count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole('tab', { name: 'Write' }).click();
    expect(await dialog.getByLabel('What you will do for it').last().inputValue()).toContain('4 hours');
  });

  test('I8: a billing clerk reads the quotes of a ticket and is offered nothing, no server access either', async () => {
    const number = await open();
    const id = await offer(number, 500);
    await lend(number, 'not for clerks');
    const page = await desk.open({ as: company.vera, at: at(number) });
    await page.locator(`[data-quote="${id}"]`).getByText('Waits for the customer').waitFor();
    expect(await section(page, 'Paid work').getByRole('button').count()).toBe(0);
    expect(await page.locator('[data-access]').count()).toBe(0);
  });
});

describe('the page of all quotes', () => {
  test('A1: by state, with the sum as it is written, in both languages; from the menu and to the ticket', async () => {
    const number = await open('Two offers');
    const [taken, waiting] = [await offer(number, 1_250_000), await offer(number, 990)];
    await anna.post(`/tickets/${number}/quotes/${taken}/acceptance`);
    const page = await desk.open({ as: company.oleg, at: '/tickets' });
    await page.getByRole('link', { name: 'Quotes', exact: true }).click();
    await page
      .getByRole('table', { name: 'Quotes' })
      .getByText(/12\s500,00\s₽/)
      .first()
      .waitFor();
    await page.getByLabel('State').selectOption('Accepted, not done yet');
    const row = page.getByRole('row').filter({ hasText: number });
    await page.getByText(/9,90\s₽/).waitFor({ state: 'detached' });
    await row.getByRole('cell', { name: 'Accepted, not done yet' }).waitFor();
    await row.getByRole('button', { name: 'Mark as done' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Mark as done' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByLabel('State').selectOption('Waits for the customer');
    await row.getByText(/9,90\s₽/).waitFor();
    await row.getByRole('link', { name: number }).click();
    await page.locator(`[data-quote="${waiting}"]`).waitFor();

    const russian = await desk.open({ as: company.oleg, locale: 'ru', at: '/quotes' });
    await russian.getByRole('heading', { name: 'Предложения' }).waitFor();
    await russian.getByRole('cell', { name: 'Ожидает клиента' }).first().waitFor();
  });
});

describe('a server that the customer lent', () => {
  test('T17, I10: its secret is shown for a reason and after a fresh code, can be copied, and is nowhere once it is hidden', async () => {
    const number = await open();
    const id = await lend(number, 'k7 „сервер“ <b>');
    const zoya = await desk.kontor.people.staff({ name: 'Zoya Ilina' });
    await desk.kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '10 minutes' where user_id = $1`, [zoya.id]);
    const page = await desk.open({ as: zoya, at: at(number) });
    const access = page.locator(`[data-access="${id}"]`);
    await access.getByText('root@203.0.113.7:22').waitFor();
    await access.getByText('Nobody has looked at the secret.').waitFor();
    await access.getByRole('button', { name: 'Show the secret of 203.0.113.7' }).click();
    const dialog = page.getByRole('dialog', { name: 'Show the secret of 203.0.113.7?' });
    await dialog.getByRole('button', { name: 'Show it' }).click();
    await dialog.getByText('Write a reason of at least three characters.').waitFor();
    await dialog.getByLabel('Why you need it').fill('To read the log of the update');
    await dialog.getByRole('button', { name: 'Show it' }).click();
    await page.locator('#step-up-code').fill(await zoya.app.code());
    const shown = page.getByRole('dialog', { name: 'Secret of 203.0.113.7' });
    expect(await shown.locator('[data-secret]').innerText()).toBe('k7 „сервер“ <b>');
    await shown.getByRole('button', { name: 'Copy the secret' }).waitFor();
    await shown.getByText(/Hidden again in \d+ seconds\./).waitFor();
    expect(await barriers(page)).toEqual([]);
    await shown.getByRole('button', { name: 'Hide it now' }).click();
    await shown.waitFor({ state: 'detached' });
    await access.getByText('1 look at the secret').click();
    await access.getByText(/Zoya Ilina.*: To read the log of the update/).waitFor();
    expect(await page.content()).not.toContain('k7 „');
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    expect(kept).not.toContain('k7 ');
    expect((await anna.get(`/tickets/${number}/server-accesses`)).body.items[0].views).toMatchObject([{ by: { name: 'Zoya Ilina' } }]);
    // The answer that asked for a fresh code is the one complaint.
    expect(desk.complaints()).toHaveLength(1);
  });

  test('T17: after a minute it is hidden by itself', async () => {
    const number = await open();
    const id = await lend(number, 'a minute at most');
    const page = await desk.open({ as: company.oleg, at: at(number), clock: true });
    await page
      .locator(`[data-access="${id}"]`)
      .getByRole('button', { name: /^Show the secret/ })
      .click();
    await page.getByLabel('Why you need it').fill('To look around');
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.locator('[data-secret]').waitFor();
    await page.clock.fastForward(58_000);
    expect(await page.locator('[data-secret]').count()).toBe(1);
    await page.clock.runFor(3_000);
    await page.locator('[data-secret]').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain('a minute at most');
  });

  test('T17: ended by staff it stands among those that ended, with its secret destroyed; in Russian', async () => {
    const number = await open();
    const id = await lend(number, 'soon gone');
    const page = await desk.open({ as: company.oleg, locale: 'ru', at: at(number) });
    const access = page.locator(`[data-access="${id}"]`);
    await access.getByRole('button', { name: 'Завершить доступ к 203.0.113.7' }).click();
    await page.getByRole('dialog').getByText('Его секрет будет уничтожен').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Завершить', exact: true }).click();
    await page.getByText('Завершено: 1').click();
    await access.getByText(/завершён нами, .*; секрет уничтожен/).waitFor();
    expect(await access.getByRole('button').count()).toBe(0);
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(['wide', 'narrow'] as const)('A1: nobody meets a barrier on quotes and server access, %s', async (size) => {
    const number = await open();
    await offer(number, 1_250_000);
    const id = await lend(number, 'behind no barrier');
    const page = await desk.open({ theme, size, as: company.oleg, at: '/quotes' });
    await page.getByRole('table', { name: 'Quotes' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.goto(`/admin${at(number)}`);
    if (size === 'narrow') await page.getByRole('tab', { name: 'Details' }).click();
    await page.locator(`[data-access="${id}"]`).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Offer work' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});

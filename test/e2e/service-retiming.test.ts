/** Service levels applied to open tickets, and holds over their clocks, as an administrator does it (SPEC S7, M3). */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

/** Where pictures go, when somebody wants to look at them. */
const pictures = process.env['STORY_PICTURES'];

let desk: ConsoleUnderTest;
let maria: TestStaff;
let oleg: TestStaff;
let anna: TestCustomer;

beforeAll(async () => {
  desk = await consoleUnderTest({ promises: true });
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Titov' });
});
afterAll(() => desk?.stop());
beforeEach(async () => {
  anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
});
afterEach(() => desk.endTest());

const planNamed = async (name: string) => (await maria.get('/sla-plans')).body.items.find((plan: any) => plan.names.en === name);

async function queueOf(name: string, slaPlan: string | null): Promise<{ id: string; category: string }> {
  const timingPolicy = (await maria.get('/timing-policies')).body.items.find((each: any) => each.autoCloseAfterSeconds === 604_800).id;
  const category = name.toLowerCase();
  return (await maria.post('/queues', { category, names: { en: name, ru: name }, timingPolicy, slaPlan })).body;
}

async function openIn(category: string): Promise<string> {
  return (await anna.post('/tickets', { subject: 'The panel does not start', body: 'See above', category })).body.number;
}

/** The cells of a table's row, as they read. */
async function cellsOf(dialog: Locator, what: string): Promise<string[]> {
  const row = dialog.getByRole('row').filter({ hasText: what });
  await row.first().waitFor();
  return row.first().getByRole('cell').allInnerTexts();
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

describe('applying what is promised', () => {
  test('S7: an agreement is applied to the customer’s open tickets: who gets a promise, another or none is told as such', async () => {
    const [team, enterprise] = [(await planNamed('Team')).id, (await planNamed('Enterprise')).id];
    const [promised, bare] = [await queueOf('Promised', team), await queueOf('Bare', null)];
    const [one, other] = [await openIn(promised.category), await openIn(bare.category)];
    const startsAt = new Date(desk.kontor.clock.now().getTime() - 60_000).toISOString();
    const { id, revision } = (await maria.post('/agreements', { account: anna.accountId, kind: 'enterprise', plan: enterprise, startsAt }))
      .body;

    const page = await desk.open({ as: maria, at: `/customers/${anna.accountId}/show` });
    await page.getByRole('button', { name: 'Apply to open tickets' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open tickets too?' });
    await dialog.getByText('2 tickets', { exact: true }).waitFor();
    const rows = dialog.getByRole('row').filter({ hasText: 'promised by' });
    expect(await rows.nth(0).getByRole('cell').allInnerTexts()).toEqual([one, 'promised by', 'Team', 'Enterprise (agreement)']);
    expect(await rows.nth(1).getByRole('cell').allInnerTexts()).toEqual([
      other,
      'promised by',
      'nothing promised',
      'Enterprise (agreement)',
    ]);
    const [, , old] = await dialog.getByRole('row').filter({ hasText: other }).last().getByRole('cell').allInnerTexts();
    expect(old).toBe('none');
    expect(await barriers(page)).toEqual([]);
    await picture(page, 'console-retiming-agreement-en');
    await dialog.getByRole('button', { name: 'Apply to 2 tickets' }).click();
    await page.getByRole('heading', { name: 'Applying a service level to open tickets' }).first().waitFor();
    await page.getByText('2 of 2').first().waitFor();
    await page.getByText('What became of each').first().click();
    await page.getByRole('listitem').getByRole('link', { name: one }).first().waitFor();
    expect((await oleg.get(`/tickets/${other}`)).body.serviceLevel).toMatchObject({ agreement: id });

    // It ends: one goes back to its queue's plan, the other is promised nothing any more.
    await maria.post(`/agreements/${id}/end`, {}, { 'if-match': `"${revision}"` });
    await page.goto(`/admin/customers/${anna.accountId}/show`);
    await page.getByRole('button', { name: 'Apply to open tickets' }).click();
    const back = page.getByRole('dialog', { name: 'Open tickets too?' });
    expect(await cellsOf(back, 'first response due')).toHaveLength(4);
    const lost = back.getByRole('row').filter({ hasText: other });
    expect(await lost.first().getByRole('cell').allInnerTexts()).toEqual([
      other,
      'promised by',
      'Enterprise (agreement)',
      'nothing promised',
    ]);
    expect((await lost.last().getByRole('cell').allInnerTexts()).at(-1)).toBe('not at all');
  });

  test('S7, T8: a queue that changes its timing and its promise asks of both, one after the other', async () => {
    const queue = await queueOf('Twofold', null);
    const [waits, answered] = [await openIn(queue.category), await openIn(queue.category)];
    await oleg.post(`/tickets/${answered}/messages`, { body: 'Please try again' });
    const page = await desk.open({ as: maria, at: '/queues' });
    await page.getByRole('button', { name: 'Edit “Twofold”' }).click();
    const form = page.getByRole('dialog', { name: 'Edit “Twofold”' });
    await form.getByLabel('Timing').click();
    await page
      .getByRole('option')
      .filter({ hasText: /3|three|days/i })
      .first()
      .click();
    await form.getByLabel('Promised by default').click();
    await page.getByRole('option', { name: 'Team' }).click();
    await form.getByRole('button', { name: 'Save' }).click();
    const timing = page.getByRole('dialog', { name: 'Open tickets too?' });
    await timing.getByRole('link', { name: answered }).first().waitFor();
    await timing.getByRole('button', { name: 'Move them' }).click();
    const promise = page.getByRole('dialog', { name: 'Open tickets too?' });
    await promise.getByText('So far what “Twofold” promises now applies to new tickets only.').waitFor();
    await promise.getByRole('link', { name: waits }).first().waitFor();
    await promise.getByRole('button', { name: 'Apply to 2 tickets' }).click();
    await page.getByRole('heading', { name: 'Applying a service level to open tickets' }).first().waitFor();
    await page.getByRole('heading', { name: 'Applying a timing policy to open tickets' }).first().waitFor();
    await until('both are applied', async () => (await maria.get('/jobs?running=true')).body.items.length === 0);
    await page.goto('/admin/queues');
    await page.getByRole('button', { name: 'Apply to open tickets what “Twofold” promises' }).click();
    await page.getByRole('dialog').getByText('It would change no open ticket.').waitFor();
  });

  test('S7: support sees the pages and is offered no re-timing', async () => {
    const page = await desk.open({ as: oleg, at: `/customers/${anna.accountId}/show` });
    await page.getByRole('heading', { name: 'Service level' }).waitFor();
    expect(await page.getByRole('button', { name: 'Apply to open tickets' }).count()).toBe(0);
    await page.goto('/admin/sla-plans');
    await page.getByRole('heading', { name: 'Team' }).waitFor();
    expect(await page.getByRole('button', { name: /^Apply/ }).count()).toBe(0);
  });
});

describe('holds over clocks', () => {
  test.each([
    ['en', 'light', 'wide'],
    ['ru', 'dark', 'narrow'],
  ] as const)('M3: what one keeps waiting is seen before, deadlines and offers: %s, %s, %s', async (locale, theme, size) => {
    const words = {
      en: {
        place: 'Place a hold',
        scope: 'What it covers',
        ticket: 'An account',
        id: 'Account (id)',
        look: 'Show what it would do',
        kind: 'deadlines of service levels',
        due: 'first response due',
        quote: 'quote ends',
        counted: '1 ticket · 1 quote',
      },
      ru: {
        place: 'Приостановить',
        scope: 'На что действует',
        ticket: 'Клиента',
        id: 'Клиент (id)',
        look: 'Показать, что будет',
        kind: 'сроки уровня обслуживания',
        due: 'срок первого ответа',
        quote: 'конец предложения',
        counted: '1 запрос · 1 предложение',
      },
    }[locale];
    const queue = await queueOf(`Held-${locale}`, (await planNamed('Team')).id);
    const number = await openIn(queue.category);
    const validUntil = new Date(desk.kontor.clock.now().getTime() + 5 * 86_400_000).toISOString();
    const work = { description: 'A plugin', amount: { amountMinor: 1_000_000, currency: 'RUB' }, validUntil };
    expect((await oleg.post(`/tickets/${number}/quotes`, work)).status).toBe(201);
    const page = await desk.open({ as: maria, at: '/holds', locale, theme, size });
    await page.getByRole('button', { name: words.place, exact: true }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel(words.scope).click();
    await page.getByRole('option', { name: words.ticket }).click();
    await form.getByLabel(words.id).fill(anna.accountId);
    expect(await form.getByLabel(words.kind).isChecked()).toBe(true);
    await form.getByRole('button', { name: words.look }).click();
    await form.getByText(words.counted, { exact: true }).waitFor();
    await form.getByText(words.due).first().waitFor();
    await form.getByText(words.quote).first().waitFor();
    await form.getByText(words.counted, { exact: true }).scrollIntoViewIfNeeded();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await picture(page, `console-hold-clocks-${size}-${locale}-${theme}`);
  });

  test('M3, S7: a deadline of a service level under a hold is seen on the ticket, and lifted it is later', async () => {
    const queue = await queueOf('Lifted', (await planNamed('Enterprise')).id);
    const number = await openIn(queue.category);
    const hold = { scope: 'entity', scopeId: `ticket:${number}`, kinds: ['clocks'], reason: 'The provider is down' };
    const { id } = (await maria.post('/holds', hold)).body;
    // It stands since before the ticket was opened, by a week.
    await desk.kontor.db.query(`update hold set from_at = from_at - interval '7 days' where id = $1`, [id]);
    await desk.kontor.db.query(
      `update ticket set clocks = jsonb_set(jsonb_set(clocks, '{response,from}', to_jsonb((clocks #>> '{response,from}')::timestamptz - interval '7 days')),
        '{response,since}', to_jsonb((clocks #>> '{response,since}')::timestamptz - interval '7 days')) where number = $1`,
      [Number(number.slice(3))],
    );
    const page = await desk.open({ as: maria, at: `/tickets/${number}/show` });
    await page
      .getByText(/on hold until somebody lifts/)
      .first()
      .waitFor();
    await page.goto('/admin/holds');
    await page.getByText('Stops deadlines of service levels').waitFor();
    await page.getByRole('button', { name: `Lift: Ticket ${number}` }).click();
    const lift = page.getByRole('dialog', { name: 'Lift the hold?' });
    const [, , old, then] = await cellsOf(lift, 'first response due');
    expect(then).not.toBe(old);
    await picture(page, 'console-hold-lifting-clocks-en');
    const before = (await maria.get(`/tickets/${number}`)).body.breachesAt;
    await lift.getByRole('button', { name: 'Lift it' }).click();
    await page.getByText('Nothing is on hold.').waitFor();
    expect(Date.parse((await maria.get(`/tickets/${number}`)).body.breachesAt)).toBeGreaterThan(Date.parse(before));
  });
});

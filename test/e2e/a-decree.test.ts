/**
 * A decree: one more day off, while 500 tickets are open (SPEC S2, S7). The administrator enters it, sees old beside new, and
 * applies it in one step. What every deadline ought to be is counted here, day by day, beside and without the product's rules.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

/** Where pictures go, when somebody wants to look at them. */
const pictures = process.env['STORY_PICTURES'];

const count = 500;
const [hour, day] = [3_600_000, 86_400_000];

let clock: MovableClock;
let desk: ConsoleUnderTest;
let maria: TestStaff;
let oleg: TestStaff;
let anna: TestCustomer;
let calendar: string;

beforeAll(async () => {
  clock = new MovableClock();
  desk = await consoleUnderTest({ promises: true, clock, signInAgain: true });
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Titov' });
  anna = await desk.kontor.people.customer();
  calendar = (await maria.get('/calendars')).body.items[0].id;
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

/** What a queue promises, as this test counts it. */
interface Promised {
  readonly hours?: number;
  readonly days?: number;
  readonly fixDays: number;
}
const enterprise: Promised = { hours: 16, fixDays: 15 };
const team: Promised = { days: 5, fixDays: 30 };

/** Days without work, by date, and days worked although the week says otherwise. */
interface Year {
  readonly daysOff: readonly string[];
  readonly workingWeekends: readonly string[];
}

/** The window of a local day in Moscow, which has been three hours ahead for years; null where nobody works. */
function windowOf(date: string, years: Readonly<Record<string, Year>>): { opens: number; closes: number } | null {
  const midnight = Date.parse(`${date}T00:00:00+03:00`);
  const weekday = new Date(midnight + 3 * hour).getUTCDay();
  const year = years[date.slice(0, 4)];
  if (year?.daysOff.includes(date)) return null;
  if ((weekday === 0 || weekday === 6) && !year?.workingWeekends.includes(date)) return null;
  return { opens: midnight + 11 * hour, closes: midnight + 20 * hour };
}

const dateOf = (at: number) => new Date(at + 3 * hour).toISOString().slice(0, 10);
const nextDate = (date: string) => dateOf(Date.parse(`${date}T12:00:00+03:00`) + day);

function afterHours(since: number, hours: number, years: Readonly<Record<string, Year>>): number {
  let left = hours * hour;
  for (let date = dateOf(since); ; date = nextDate(date)) {
    const window = windowOf(date, years);
    if (!window) continue;
    const begins = Math.max(window.opens, since);
    if (begins + left <= window.closes) return begins + left;
    left -= Math.max(0, window.closes - begins);
  }
}

function afterDays(since: number, days: number, years: Readonly<Record<string, Year>>): number {
  let left = days;
  for (let date = nextDate(dateOf(since)); ; date = nextDate(date)) {
    const window = windowOf(date, years);
    if (window) left -= 1;
    if (window && left === 0) return window.closes;
  }
}

interface Row {
  readonly number: number;
  readonly category: string;
  readonly waiting_since: Date | null;
  readonly severity_claimed_at: Date | null;
  readonly clocks: Record<'response' | 'fix', { dueAt: string | null; breachedAt: string | null } | null> | null;
}

function readTickets(): Promise<Row[]> {
  return desk.kontor.db.query<Row>(
    `select t.number, q.category, t.waiting_since, t.severity_claimed_at, t.clocks from ticket t join queue q on q.id = t.queue_id order by t.number`,
  );
}

/** Each deadline that a ticket ought to have, by the calendar as it is now. */
async function naive(): Promise<Map<string, number>> {
  const { years } = (await maria.get(`/calendars/${calendar}`)).body;
  const expected = new Map<string, number>();
  for (const { number, category, waiting_since: waits, severity_claimed_at: claimed } of await readTickets()) {
    const promised = category === 'billing' ? enterprise : team;
    const [since, critical] = [waits?.getTime(), claimed?.getTime()];
    if (since !== undefined)
      expected.set(
        `${number} response`,
        promised.hours ? afterHours(since, promised.hours, years) : afterDays(since, promised.days!, years),
      );
    if (since !== undefined && critical !== undefined) expected.set(`${number} fix`, afterDays(critical, promised.fixDays, years));
  }
  return expected;
}

async function deadlines(): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const { number, clocks } of await readTickets())
    for (const name of ['response', 'fix'] as const) {
      const due = clocks?.[name]?.dueAt;
      if (due) found.set(`${number} ${name}`, Date.parse(due));
    }
  return found;
}

/** Tickets of the last four days, in both queues; some are critical, some are answered and wait for their customer. */
async function openTickets(): Promise<void> {
  const perStep = 10;
  const steps = count / perStep;
  clock.move((-4 * day) / 1000);
  for (let step = 0; step < steps; step += 1) {
    clock.move((4 * day) / 1000 / steps);
    const lot = Array.from({ length: perStep }, (_, index) => index);
    await Promise.all(
      lot.map(async (index) => {
        const opening = {
          subject: `Panel ${step}-${index} does not start`,
          body: 'See above',
          category: index % 5 === 0 ? 'billing' : 'technical',
          ...(index === 1 ? { severity: 'critical' } : {}),
        };
        const { number } = (await anna.post('/tickets', opening)).body;
        if (index === 2) await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again' });
      }),
    );
  }
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** The first working day after today, which the decree takes away. */
async function nextWorkingDay(): Promise<string> {
  const { years } = (await maria.get(`/calendars/${calendar}`)).body;
  let date = nextDate(dateOf(clock.now().getTime()));
  while (!windowOf(date, years)) date = nextDate(date);
  return date;
}

test('S7: a decree is entered, looked over and applied to 500 open tickets; every deadline is right, and there is one record', async () => {
  for (const [category, name] of [
    ['technical', 'Team'],
    ['billing', 'Enterprise'],
  ]) {
    const plan = (await maria.get('/sla-plans')).body.items.find((each: any) => each.names.en === name).id;
    const queue = (await maria.get('/queues')).body.items.find((each: any) => each.category === category);
    await maria.patch(`/queues/${queue.id}`, { slaPlan: plan }, { 'if-match': `"${queue.revision}"` });
  }
  await openTickets();
  await until('the engine knows them all', async () => (await desk.kontor.db.query('select 1 from outbox limit 1')).length === 0, 120);
  const before = await deadlines();
  expect(before).toEqual(await naive());
  expect((await readTickets()).length).toBe(count);

  const decreed = await nextWorkingDay();
  const watching = (await readTickets()).find(
    ({ number, waiting_since: waits }) => waits && before.has(`${number} response`) && number % 5 !== 0,
  )!;
  const watched = `CS-${String(watching.number).padStart(6, '0')}`;
  const oldPage = await desk.open({ as: oleg, at: `/tickets/${watched}/show` });
  await oldPage.locator('[data-what-next]').waitFor();

  const page = await desk.open({ as: maria, at: `/calendars/${calendar}?year=${decreed.slice(0, 4)}` });
  await page.locator(`[data-date="${decreed}"]`).click();
  await page.getByRole('menuitemradio', { name: 'day off' }).click();
  await page.getByRole('button', { name: 'Save…' }).click();
  const saving = page.getByRole('dialog', { name: /^Save/ });
  await saving.getByLabel('What it is for').fill('Decree: one more day off');
  await saving.getByRole('button', { name: 'Save', exact: true }).click();

  const asking = page.getByRole('dialog', { name: 'Open tickets too?' });
  await asking.getByText('So far the new version of “Russia, five-day week” counts new deadlines only.').waitFor();
  const expected = await naive();
  const moving = new Set([...expected].filter(([name, due]) => before.get(name) !== due).map(([name]) => name.split(' ')[0]));
  const kept = [...before].filter(([name]) => !moving.has(name.split(' ')[0])).length;
  expect(moving.size, 'a decree that moves most of them').toBeGreaterThan(count / 2);
  await asking.getByText(`${moving.size} tickets`, { exact: true }).waitFor();
  if (kept > 0) await asking.getByText(new RegExp(`^${kept} tickets? more keeps? `)).waitFor();
  expect(await deadlines(), 'nothing has moved yet').toEqual(before);
  expect(await barriers(page)).toEqual([]);
  await picture(page, 'console-retiming-decree-en');
  const inRussian = await desk.open({ as: maria, at: `/calendars/${calendar}`, locale: 'ru' });
  await inRussian.getByRole('button', { name: 'Открытые сроки' }).click();
  await inRussian.getByRole('dialog', { name: 'И открытые запросы?' }).getByRole('row').nth(2).waitFor();
  await picture(inRussian, 'console-retiming-decree-ru');
  const onTelephone = await desk.open({ as: maria, at: `/calendars/${calendar}`, size: 'narrow', theme: 'dark' });
  await onTelephone.getByRole('button', { name: 'Open deadlines' }).click();
  await onTelephone.getByRole('dialog').getByRole('row').nth(2).waitFor();
  expect(await barriers(onTelephone)).toEqual([]);
  expect(await onTelephone.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await picture(onTelephone, 'console-retiming-decree-390-en-dark');

  const shownBefore = await oldPage.locator('[data-what-next]').innerText();
  await asking.getByRole('button', { name: /^Apply to \d+ tickets$/ }).click();
  await page.getByRole('heading', { name: 'Long work', level: 1 }).waitFor();
  const work = page.getByRole('listitem').filter({ hasText: 'Applying a service level to open tickets' });
  await work.getByText('under way').or(work.getByText('done')).first().waitFor();
  await until('all are moved', async () => (await maria.get('/jobs')).body.items[0].state === 'done', 90);
  await work.getByText(`${moving.size + kept} of ${moving.size + kept}`).waitFor();

  expect(await deadlines()).toEqual(expected);
  const [job] = (await maria.get('/jobs')).body.items;
  expect(job).toMatchObject({ kind: 'retime_service', done: moving.size + kept, skipped: 0, about: { scope: 'calendar', id: calendar } });
  expect((await maria.get('/audit?action=service_level.retime')).body.items).toMatchObject([
    { object: `calendar:${calendar}`, after: { job: job.id, tickets: String(moving.size + kept) }, actor: { id: maria.id } },
  ]);
  const lines = await desk.kontor.db.query<{ ticket_number: number; n: number; visibility: string }>(
    `select ticket_number, count(*)::integer as n, min(visibility) as visibility from ticket_event where kind = 'retime_clocks' group by 1`,
  );
  expect(lines.every(({ n }) => n === 1)).toBe(true);
  expect(new Set(lines.filter(({ visibility }) => visibility === 'public').map((line) => String(line.ticket_number)))).toEqual(moving);
  const waited = await desk.kontor.db.query<{ name: string; due_at: Date }>(
    `select substr(entity, 11)::integer || ' ' || case when kind = 'fix_breach' then 'fix' else 'response' end as name, due_at
      from obligation where kind in ('first_response_breach', 'next_response_breach', 'fix_breach')`,
  );
  for (const { name, due_at: due } of waited) expect(due.getTime(), name).toBe(expected.get(name));
  await until(
    'the open page tells the new deadline',
    async () => (await oldPage.locator('[data-what-next]').innerText()) !== shownBefore,
    20,
  );

  // Looked at again, there is nothing left to do.
  await page.goto(`/admin/calendars/${calendar}`);
  await page.getByRole('button', { name: 'Open deadlines' }).click();
  await page.getByRole('dialog').getByText('It would change no open ticket.').waitFor();
  expect(
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Apply/ })
      .count(),
  ).toBe(0);
}, 300_000);

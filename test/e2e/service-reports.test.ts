import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestStaff } from '../harness/people.ts';
import { inMoscowOffice, Lives, madeCalendar, madeQueue, roundTheClock } from '../integration/service-report-lives.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest, type OpenOptions } from './console-under-test.ts';

/** Set, the pages leave their pictures there. */
const pictures = process.env['KONTOR_PICTURES'];
const clock = new MovableClock();
let desk: ConsoleUnderTest;
let maria: TestStaff;
let oleg: TestStaff;

beforeAll(async () => {
  desk = await consoleUnderTest({ clock, signInAgain: true });
  // Numbers such as a desk has.
  await desk.kontor.db.query('alter sequence ticket_number_seq restart with 1041');
  clock.stop();
  clock.move((Date.parse('2027-02-01T05:00:00Z') - clock.now().getTime()) / 1000);
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
  const staff = [maria, oleg, await desk.kontor.people.staff({ name: 'Vera Belova' })];
  const customers = [
    await desk.kontor.people.customer({ name: 'Anna Petrova' }),
    await desk.kontor.people.customer({ name: 'Boris Titov' }),
  ];
  const everyHour = await madeCalendar(maria, 'Every hour', [1, 2, 3, 4, 5, 6, 7], 0, 1_440);
  const office = await madeCalendar(maria, 'Office', [1, 2, 3, 4, 5], 540, 1_080);
  const queues = [
    await madeQueue(maria, ['Cloud', 'Облако'], everyHour, roundTheClock, 300, 1_200),
    await madeQueue(maria, ['Licences', 'Лицензии'], office, inMoscowOffice, 540, null),
    await madeQueue(maria, ['Servers', 'Серверы'], office, inMoscowOffice, 300, 1_080),
  ];
  const lives = new Lives(desk.kontor, clock, { customers, staff, queues }, 21);
  await lives.lead(420);
  await lives.openSome(7);
  await lives.passes(200);
  await lives.openSome(9);
  // A session does not last for weeks.
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
}, 300_000);
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

const open = (at: string, options: OpenOptions = {}) => desk.open({ as: maria, at, clock: clock.now(), ...options });
const main = (page: Page) => page.locator('main');
const section = (page: Page, name: string) => main(page).getByRole('region', { name });
/** The number that a link or a cell shows. */
const numberIn = (text: string) => Number(text.replaceAll(/[^\d]/g, ''));

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: false });
}

/** How many rows the list says it has that a number led to. */
async function listed(page: Page): Promise<number> {
  const range = page.getByRole('navigation').filter({ hasText: /^\d[\d,\s]*–/ });
  return Number(((await range.innerText()).match(/([\d,\s]+)$/)?.[1] ?? '').replaceAll(/[^\d]/g, ''));
}

describe('the page of service reports', () => {
  test('S8: the sums, and every number of them leads to a list of just so many clocks, which leads to its tickets and back', async () => {
    const page = await open('/service-reports');
    const kept = section(page, 'Kept promises');
    await kept
      .getByText(/% in time/)
      .first()
      .waitFor();
    const missed = kept.getByRole('link', { name: /^Missed: / }).first();
    const count = numberIn(await missed.innerText());
    expect(count).toBeGreaterThan(0);
    await missed.click();
    await page.waitForURL('**/clock-runs?**');
    await page.getByRole('table', { name: 'Clocks' }).waitFor();
    expect(await listed(page)).toBe(count);
    await page.getByRole('button', { name: 'Missed. Remove this filter' }).waitFor();
    await page.getByRole('link', { name: 'To the report' }).click();
    await page.waitForURL('**/service-reports?from=**');
    await kept
      .getByRole('link', { name: /^Missed: / })
      .first()
      .waitFor();
    await page.goBack();
    const subject = page.locator('[data-row]').first();
    await expect.poll(async () => (await subject.boundingBox())?.width).toBeGreaterThan(80);
    await subject.click();
    await page.waitForURL('**/tickets/CS-*/show');
  });

  test('S8: filters stand in the address, and the way back takes them away again', async () => {
    const page = await open('/service-reports');
    const kept = section(page, 'Kept promises');
    const sums = kept.getByRole('link', { name: /^In time: / }).first();
    const all = numberIn(await sums.innerText());
    await page.getByLabel('Plan', { exact: true }).selectOption({ label: 'Plan Cloud' });
    await page.waitForURL('**plan=sla_**');
    await expect.poll(async () => numberIn(await sums.innerText())).toBeLessThan(all);
    await page.getByLabel('Period').selectOption({ label: 'Last 7 days' });
    await page.waitForURL('**from=**');
    await page.reload();
    await page.waitForURL('**plan=sla_**');
    expect(await page.getByLabel('Period').inputValue()).toBe('days7');
    await page.goBack();
    await page.goBack();
    await expect.poll(async () => numberIn(await sums.innerText())).toBe(all);
    await page.getByLabel('Agent', { exact: true }).selectOption({ label: 'Nobody' });
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(async () => numberIn(await sums.innerText())).toBe(all);
  });

  test('S8: each plot has a table of the same numbers, whose numbers lead to their clocks', async () => {
    const page = await open('/service-reports');
    const trend = section(page, 'Over time');
    await trend.getByRole('img', { name: /^Promises in time and missed, from / }).waitFor();
    await trend.getByRole('button', { name: 'Over time: as a table' }).click();
    const met = trend.getByRole('table').getByRole('link', { name: /, In time: / });
    const counts = await Promise.all((await met.all()).map(async (link) => numberIn(await link.innerText())));
    const sums = section(page, 'Kept promises')
      .getByRole('link', { name: /^In time: / })
      .first();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(numberIn(await sums.innerText()));
    await met.first().click();
    await page.getByRole('table', { name: 'Clocks' }).waitFor();
    expect(await listed(page)).toBe(counts[0]);

    await page.goBack();
    const first = section(page, 'First response');
    await first.getByRole('img', { name: /^First response, Part of the allowance: / }).waitFor();
    await first.getByRole('button', { name: 'First response, Part of the allowance: as a table' }).click();
    const part = first.getByRole('table').getByRole('link').first();
    const runs = numberIn(await part.innerText());
    await part.click();
    await page.getByRole('table', { name: 'Clocks' }).waitFor();
    expect(await listed(page)).toBe(runs);
  });

  test('S8: what is shown is saved as a table, in the reader’s language', async () => {
    const page = await open('/service-reports', { locale: 'ru' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Таблица CSV: Соблюдение сроков' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('kontor-compliance.csv');
    const file = await download.createReadStream();
    let text = '';
    for await (const piece of file) text += String(piece);
    expect(text).toMatch(/^\uFEFFПо чему,Название,В срок,Просрочено,/);
    expect(text).toContain('План «Облако»');
  });

  test('S8: a period in which nothing came due says so, and what to do first', async () => {
    const page = await open('/service-reports?from=2020-01-01&to=2020-01-31');
    await page.getByText('No promise came due in this period').waitFor();
    await page.getByRole('link', { name: 'To the service plans' }).waitFor();
    expect(await main(page).getByRole('img').count()).toBe(0);
    await page.goto('/admin/service-reports?from=2027-03-01&to=2027-02-01');
    await page.getByRole('alert').getByText('The period ends before it begins.').waitFor();
    // What the browser says itself of an answer that is no success.
    expect(desk.complaints().every((said) => said.includes('422'))).toBe(true);
  });

  test('S8: what is about to breach, by queue, leads to the clocks that are due, the first of them first', async () => {
    const page = await open('/service-reports');
    const breaching = section(page, 'About to breach');
    const within = breaching.getByRole('link', { name: /, within 24 working hours: / }).first();
    const count = numberIn(await within.innerText());
    await within.click();
    await page.getByRole('table', { name: 'Clocks' }).waitFor();
    expect(await listed(page)).toBe(count);
    const due = await page.locator('td time').evaluateAll((times) => times.map((time) => time.getAttribute('datetime')!));
    expect(due.every((at, place) => place === 0 || due[place - 1]! <= at)).toBe(true);
  });
});

describe('the overview', () => {
  test('A3: the day begins with it, and every number leads to the list that makes it', async () => {
    const page = await open('/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const need = (name: string) => page.locator('[data-need]').filter({ hasText: name });
    const overdue = need('Overdue');
    await expect.poll(async () => overdue.locator('strong').innerText()).toMatch(/^\d+$/);
    const count = numberIn(await overdue.locator('strong').innerText());
    expect(count).toBeGreaterThan(0);
    await overdue.click();
    await page.locator('[data-ticket]').first().waitFor();
    expect(await page.locator('[data-ticket]').count()).toBe(count);

    await page.goBack();
    const due = need('Due within 8 working hours');
    await expect.poll(async () => due.locator('strong').innerText()).toMatch(/^\d+$/);
    const soon = numberIn(await due.locator('strong').innerText());
    await due.click();
    await page.getByRole('table', { name: 'Clocks' }).waitFor();
    expect(await listed(page)).toBe(soon);

    await page.goBack();
    const ages = section(page, 'Open tickets by age');
    await ages.getByRole('img', { name: /^Open tickets by age and state: / }).waitFor();
    await ages.getByRole('button', { name: 'Open tickets by age: as a table' }).click();
    const cell = ages.getByRole('table').getByRole('link').first();
    const tickets = numberIn(await cell.innerText());
    await cell.click();
    await page.locator('[data-ticket]').first().waitFor();
    expect(await page.locator('[data-ticket]').count()).toBe(tickets);
    await page.getByRole('button', { name: /^opened since .* Remove this filter$/ }).click();
    await expect.poll(() => page.locator('[data-ticket]').count()).toBeGreaterThanOrEqual(tickets);
  });

  test('A3: keys lead there, and to the reports', async () => {
    const page = await open('/tickets');
    await page.locator('[data-ticket]').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('heading', { name: 'Service reports' }).waitFor();
  });

  test('A3: on a desk without promises and tickets it says so; of a calendar that lacks a year it tells who can add one', async () => {
    const empty = await consoleUnderTest({});
    try {
      const vera = await empty.kontor.people.staff({ name: 'Vera Belova' });
      const administrator = await empty.kontor.people.staff({ role: 'administrator' });
      const hours = { zone: 'Europe/Moscow', weekdays: [1], opens: 540, closes: 1_080, honourShortDays: false, years: {} };
      expect((await administrator.post('/calendars', { names: { en: 'Mondays' }, ...hours })).status).toBe(201);
      const noticed = await empty.open({ as: administrator, at: '/' });
      await noticed.locator('[data-missing-year]').getByText('“Mondays”').waitFor();
      const page = await empty.open({ as: vera, at: '/' });
      await page.getByText('No ticket is open.').waitFor();
      await page.getByText('Nothing is due within the next 24 working hours.').waitFor();
      expect(await page.getByText('No promise came due in the last 30 days.').count()).toBe(2);
      expect(await page.locator('[data-missing-year]').count()).toBe(0);
      await empty.endTest();
    } finally {
      await empty.stop();
    }
  });
});

describe('everybody can read it', () => {
  test.each([
    ['overview', '/', 'dashboard', 'en', 'light', 'wide'],
    ['overview', '/', 'dashboard', 'ru', 'dark', 'wide'],
    ['overview', '/', 'dashboard', 'ru', 'light', 'narrow'],
    ['reports', '/service-reports', 'service-report', 'en', 'light', 'wide'],
    ['reports', '/service-reports', 'service-report', 'ru', 'dark', 'wide'],
    ['reports', '/service-reports', 'service-report', 'en', 'dark', 'narrow'],
    ['list of clocks', '/clock-runs', 'clock-runs', 'ru', 'light', 'wide'],
    ['list of clocks', '/clock-runs', 'clock-runs', 'en', 'light', 'narrow'],
  ] as const)('A1: the %s (%s, %s, %s, %s, %s) has no barrier, and nothing is wider than its window', async (...given) => {
    const [, at, name, locale, theme, size] = given;
    const page = await open(at, { locale, theme, size });
    await (at === '/clock-runs' ? page.locator('[data-row]').first() : main(page).getByRole('img').first()).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await barriers(page)).toEqual([]);
    expect(await main(page).evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    const file = `${size === 'wide' ? 1440 : 390}-${locale}-${theme}`;
    await picture(page, `console-${name}-${file}`);
    if (at === '/service-reports') {
      await section(page, locale === 'en' ? 'Response times' : 'Время ответа').evaluate((part) => part.scrollIntoView());
      await picture(page, `console-${name}-times-${file}`);
    }
    for (const [place, part] of [
      ...(await main(page)
        .getByRole('button', { name: /as a table|таблицей/ })
        .all()),
    ].entries())
      if (place < 2) await part.click();
    expect(await barriers(page), 'with tables').toEqual([]);
  });
});

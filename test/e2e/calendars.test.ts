import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleInStory, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

/** Where pictures go, when somebody wants to look at them. */
const pictures = process.env['STORY_PICTURES'];

let desk: ConsoleUnderTest;
let maria: TestStaff;
let oleg: TestStaff;
let anna: TestCustomer;
let standard: string;

beforeAll(async () => {
  desk = await consoleUnderTest({ promises: true });
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Titov' });
  anna = await desk.kontor.people.customer();
  standard = (await maria.get('/calendars')).body.items[0].id;
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** In each language once as on a desk, and once as on a telephone. */
async function pictureOfYear(page: Page, { size, theme, locale }: { size: string; theme: string; locale: string }): Promise<void> {
  const isDark = theme === 'dark';
  if (size === 'wide' && isDark === (locale === 'ru')) {
    await page.setViewportSize({ width: 1440, height: 1000 });
    await picture(page, `console-calendar-2026-${locale}`);
  }
  if (size === 'narrow' && isDark === (locale === 'en')) await picture(page, `console-calendar-2026-390-${locale}`);
}

const dayOf = (page: Page, date: string) => page.locator(`[data-date="${date}"]`);
const kindOf = (page: Page, date: string) => dayOf(page, date).getAttribute('data-kind');
const plain = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };
const week = { zone: 'Europe/Moscow', weekdays: [1, 2, 3, 4, 5], opens: 600, closes: 1_140, honourShortDays: false };

/** A calendar of its own, that follows the official one. */
async function calendar(name: string, years: object): Promise<string> {
  const made = await maria.post('/calendars', { names: { en: name, ru: name }, region: 'RU', ...week, years });
  expect(made.status).toBe(201);
  return made.body.id;
}

async function officialYear(year: number): Promise<object> {
  const { workingDays: _counted, ...days } = (await maria.get('/calendars/official')).body.items[0].years[year];
  return days;
}

async function yearPage(id: string, year: number, more: object = {}): Promise<Page> {
  const page = await desk.open({ as: maria, at: `/calendars/${id}?year=${year}`, ...more });
  await dayOf(page, `${year}-12-31`).waitFor();
  return page;
}

describe.each(['en', 'ru'] as const)('in %s', (locale) => {
  test.each([
    ['wide', 'light'],
    ['wide', 'dark'],
    ['narrow', 'light'],
    ['narrow', 'dark'],
  ] as const)('S2, A1: 2026 is seen at a glance beside the official calendar, without barriers, %s, %s', async (size, theme) => {
    const page = await desk.open({ as: maria, at: `/calendars/${standard}?year=2026`, size, theme, locale });
    await dayOf(page, '2026-12-31').waitFor();
    expect(await barriers(page)).toEqual([]);
    await pictureOfYear(page, { size, theme, locale });
    await page.goto('/admin/calendars');
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});

describe('a year', () => {
  test('S2: a day becomes another kind by a press, is counted at once, undone, and saved as a version that says why', async () => {
    const id = await calendar('Head office', { '2026': await officialYear(2026) });
    const page = await yearPage(id, 2026);
    await page.getByText('247 working days').waitFor();
    await page.getByText('Every day is as in the official calendar.').waitFor();
    await dayOf(page, '2026-11-05').click();
    const menu = page.getByRole('menu', { name: 'What it is on Thursday 5 November 2026' });
    expect(await menu.getByRole('menuitemradio').allInnerTexts()).toEqual([
      'As its day of the week: working day',
      'day off',
      'short day, before a holiday',
    ]);
    expect(await barriers(page)).toEqual([]);
    await menu.getByRole('menuitemradio', { name: 'day off' }).click();
    await page.getByText('246 working days').waitFor();
    await page.getByText('(officially 247)').waitFor();
    await page.getByText('1 day differs from the official calendar.').waitFor();
    expect(await kindOf(page, '2026-11-05')).toBe('day_off');
    expect(await dayOf(page, '2026-11-05').getAttribute('aria-label')).toBe(
      'Thursday 5 November 2026: day off, officially: working day, changed, not saved yet',
    );
    await page.keyboard.press('u');
    await page.getByText('247 working days').waitFor();
    expect(await page.locator('[data-unsaved]').count()).toBe(0);

    // With the keyboard alone: from the fifth two weeks on, and a day.
    await dayOf(page, '2026-11-05').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('menu', { name: 'What it is on Friday 20 November 2026' }).waitFor();
    for (const key of ['ArrowDown', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await kindOf(page, '2026-11-20')).toBe('day_off');
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['date'])).toBe('2026-11-20');
    await page.keyboard.press('PageUp');
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['date'])).toBe('2026-10-20');

    // A worked Saturday; another year is looked at meanwhile, and nothing is lost.
    await dayOf(page, '2026-02-21').click();
    await page.getByRole('menuitemradio', { name: 'worked though the week says otherwise, and short' }).click();
    await page.getByRole('button', { name: 'The year after: 2027' }).click();
    await page.getByText('The calendar does not know 2027').waitFor();
    await page.keyboard.press('k');
    await page.getByText('2 days are changed and not saved yet.').waitFor();
    expect(await kindOf(page, '2026-02-21')).toBe('worked_short');
    expect(await barriers(page)).toEqual([]);
    await picture(page, 'console-calendar-edits-en');

    await page.getByRole('button', { name: 'Save…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save 2026?' });
    await dialog.getByText('Fri 20 Nov: day off (before: as its day of the week)').waitFor();
    await dialog.getByText('Sat 21 Feb: worked and short (before: as its day of the week)').waitFor();
    expect(await barriers(page)).toEqual([]);
    await dialog.getByLabel('What it is for').fill('The move');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('[data-unsaved]').waitFor({ state: 'detached' });
    await page.getByText('version 2').waitFor();
    const { years } = (await maria.get(`/calendars/${id}`)).body;
    expect(years['2026'].daysOff).toContain('2026-11-20');
    expect(years['2026']).toMatchObject({ workingWeekends: ['2026-02-21'], decree: 'Government decree 24.09.2025 No. 1466' });

    await page.getByRole('button', { name: 'Versions' }).click();
    const versions = page.getByRole('dialog', { name: 'Versions of “Head office”' });
    const second = versions.locator('[data-version="2"]');
    await second.getByText('The move').waitFor();
    await second.getByText(/Maria Orlova/).waitFor();
    await second.getByText('2026: 2 days').click();
    await second.getByText('Fri 20 Nov: day off (before: as its day of the week)').waitFor();
    await versions.locator('[data-version="1"]').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('S2: what a colleague saved meanwhile is not overwritten unseen: it is said, shown, and the edits stay', async () => {
    const id = await calendar('Two at once', { '2026': plain });
    const page = await yearPage(id, 2026);
    await dayOf(page, '2026-03-02').click();
    await page.getByRole('menuitemradio', { name: 'day off' }).click();
    await page.getByRole('button', { name: 'Save…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save 2026?' });
    // He saves while she has the dialog open and her page has not heard of it.
    await page.route('**/api/staff/v1/calendars/cal_*', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
    await maria.put(`/calendars/${id}/years/2026`, { ...plain, daysOff: ['2026-03-03'] });
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    await page.unroute('**/api/staff/v1/calendars/cal_*');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect((await maria.get(`/calendars/${id}`)).body).toMatchObject({ version: 2, years: { '2026': { daysOff: ['2026-03-03'] } } });
    // The next word of a change brings it, and what she changed stands beside it.
    await maria.patch(`/calendars/${id}`, { names: { en: 'Two after another' } });
    await page.getByRole('heading', { name: 'Two after another' }).waitFor();
    for (const date of ['2026-03-02', '2026-03-03']) expect(await kindOf(page, date)).toBe('day_off');
    await page.getByText('1 day is changed and not saved yet.').waitFor();
    await page.getByRole('button', { name: 'Save…' }).click();
    await dialog.getByText('Mon 2 Mar: day off (before: as its day of the week)').waitFor();
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('version 3').waitFor();
    expect((await maria.get(`/calendars/${id}`)).body.years['2026'].daysOff).toEqual(['2026-03-02', '2026-03-03']);
    desk.complaints();
  });

  test('S2: a year that is missing is told of, adopted as it is official, made so again, and taken out', async () => {
    const id = await calendar('Branch', { '2026': plain });
    const page = await yearPage(id, 2027);
    await page.getByText('The calendar does not know 2027: it is counted by plain weeks').waitFor();
    await page.getByText('261 working days').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add 2027 as it is official' }).click();
    const adoption = page.getByRole('dialog', { name: 'Add 2027 as it is official?' });
    expect(await adoption.getByLabel('Official document').inputValue()).toBe('Government decree 17.09.2026 No. 1187');
    await adoption.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('247 working days').waitFor();
    await page.getByText('(as officially)').waitFor();
    await page.getByText('Follows: Government decree of 17.09.2026 No. 1187').waitFor();

    await page.getByRole('button', { name: 'The year before: 2026' }).click();
    await page.getByText('22 days differ from the official calendar.').waitFor();
    expect(await dayOf(page, '2026-11-04').getAttribute('data-different')).toBe('true');
    await page.getByRole('button', { name: 'Make it as it is official' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Every day is as in the official calendar.').waitFor();

    await page.getByRole('button', { name: 'Take 2026 out' }).click();
    await page.getByRole('dialog', { name: 'Take 2026 out?' }).getByRole('button', { name: 'Take it out' }).click();
    await page.getByText('The calendar does not know 2026').waitFor();
    expect(Object.keys((await maria.get(`/calendars/${id}`)).body.years)).toEqual(['2027']);
  });

  test('S2: support sees the same and edits nothing', async () => {
    const page = await desk.open({ as: oleg, at: `/calendars/${standard}?year=2026`, locale: 'ru' });
    await dayOf(page, '2026-12-31').waitFor();
    expect(await page.locator('button[data-date]').count()).toBe(0);
    await page.getByText('247 рабочих дней').waitFor();
    expect(
      await page
        .getByRole('button')
        .filter({ hasText: /Изменить|Отозвать|Убрать|Документ/ })
        .count(),
    ).toBe(0);
    await page.getByRole('button', { name: 'Версии' }).click();
    await page.getByText('из поставки Kontor').waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});

describe('a calendar', () => {
  test('S2: is made with the official years, edited, and withdrawn when nothing goes by it', async () => {
    const page = await desk.open({ as: maria });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('calendars');
    await page.getByRole('option', { name: 'Go to the working calendars' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'New calendar' }).click();
    const form = page.getByRole('dialog', { name: 'New calendar' });
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByRole('alert').getByText('Give it an English name').waitFor();
    expect(await barriers(page)).toEqual([]);
    await form.getByLabel('Name, in English').fill('Omsk');
    await form.getByLabel('Name, in Russian').fill('Омск');
    await form.getByLabel('Time zone').fill('Asia/Omks');
    await form.getByLabel('Saturday').check();
    await form.getByLabel('Closes').fill('24:00');
    await form.getByLabel('Years').selectOption({ label: 'all that are official: Official calendar of the Russian Federation' });
    await form.getByRole('button', { name: 'Save' }).click();
    await form
      .getByText(/time zone/i)
      .first()
      .waitFor();
    await form.getByRole('alert').waitFor();
    await form.getByLabel('Time zone').fill('Asia/Omsk');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Mon–Sat, 09:00–24:00, Asia/Omsk').waitFor();
    await page.getByText('follows the official calendar: Russia').waitFor();
    await page.getByText('No plan counts by it.').waitFor();

    await page.getByRole('button', { name: 'Edit' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit “Omsk”' });
    await edit.getByLabel('Saturday').uncheck();
    await edit.getByLabel('Short days end an hour early').check();
    await edit.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Mon–Fri, 09:00–24:00, Asia/Omsk · short days end an hour early').waitFor();
    await page.getByText('version 2').waitFor();

    await page.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog', { name: 'Withdraw “Omsk”?' }).getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText(/nothing new is counted by it/).waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
    await page.getByRole('link', { name: 'All calendars' }).click();
    await page.getByRole('heading', { name: 'Russia, five-day week' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Omsk' }).count()).toBe(0);
    await page.getByLabel('Show withdrawn ones').check();
    await page.getByRole('heading', { name: 'Omsk' }).waitFor();
    desk.complaints();
  });

  test('S7: where open tickets go by it, saving asks at once whether they move too', async () => {
    const id = await calendar('Support', { '2026': plain, '2027': plain });
    const promised = { response: { amount: 5, unit: 'days' }, criticalFix: null };
    const plan = (await maria.post('/sla-plans', { names: { en: 'Of the queue' }, rank: 1, ...promised, calendar: id })).body;
    const queue = (await maria.get('/queues')).body.items.find((item: { category: string }) => item.category === 'technical');
    await maria.patch(`/queues/${queue.id}`, { slaPlan: plan.id });
    await anna.post('/tickets', { subject: 'The panel does not start', body: 'See above', category: 'technical' });
    const page = await yearPage(id, 2027);
    await page.getByText('1 ticket not in the archive').waitFor();
    await dayOf(page, '2027-06-14').click();
    await page.getByRole('menuitemradio', { name: 'day off' }).click();
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog', { name: 'Save 2027?' }).getByRole('button', { name: 'Save', exact: true }).click();
    const asked = page.getByRole('dialog', { name: 'Open tickets too?' });
    await asked.getByText('the new version of “Support”').waitFor();
    expect(await barriers(page)).toEqual([]);
    await asked.getByRole('button', { name: 'Only new deadlines' }).click();
    await asked.waitFor({ state: 'detached' });
    await page.getByText('version 2').waitFor();
    await page.getByRole('button', { name: 'Open deadlines' }).click();
    await asked.waitFor();
  });
});

describe('a year that nobody added', () => {
  test('S2: from 1 November the desk begins with a notice that leads to the year, until it is added', async () => {
    const story = await consoleInStory('2032-11-03T09:00:00Z');
    try {
      const dora = await story.kontor.people.staff({ role: 'administrator' });
      const id = (await dora.get('/calendars')).body.items[0].id;
      await dora.put(`/calendars/${id}/years/2032`, plain);
      const page = await story.open({ as: dora });
      const notice = page.locator('[data-missing-year]');
      await notice.getByText('The working calendar “Russia, five-day week” does not know 2033.').waitFor();
      await page.getByRole('link', { name: /^Calendars\s*,\s*1/ }).waitFor();
      expect(await barriers(page)).toEqual([]);
      await picture(page, 'console-calendar-missing-year-en');
      await notice.getByRole('link', { name: 'See 2033' }).click();
      await page.getByText('The calendar does not know 2033').waitFor();
      await page.getByRole('button', { name: 'Add 2033', exact: true }).click();
      const adding = page.getByRole('dialog', { name: 'Add 2033?' });
      await adding.getByText('Public holidays, such as 1–8 January, count as working days then').waitFor();
      expect(await adding.getByText('No day becomes different.').count()).toBe(0);
      expect(await adding.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
      await adding.getByRole('button', { name: 'Save without a day off' }).click();
      await page.getByText('It names no official document.').waitFor();
      await page.goto('/admin/tickets');
      await page.getByRole('link', { name: 'Calendars' }).waitFor();
      expect(await notice.count()).toBe(0);

      await dora.delete(`/calendars/${id}/years/2033`);
      const kira = await story.kontor.people.staff({ locale: 'ru' });
      // Who cannot add it is not stopped at the door; the list tells him.
      const other = await story.open({ as: kira, locale: 'ru' });
      await other.getByRole('link', { name: /^Календари\s*,\s*1/ }).click();
      await other.getByText('нет 2033 года').waitFor();
      expect(await other.getByText('Пока его не добавят').count()).toBe(0);
      await story.endTest();
    } finally {
      await story.stop();
    }
  });
});

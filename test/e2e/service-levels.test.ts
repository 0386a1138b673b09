import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest, type OpenOptions } from './console-under-test.ts';

type Target = { amount: number; unit: 'minutes' | 'hours' | 'days' } | null;

/** What a desk promises in one queue, made by its administrator through the API as any customer's is. */
class Promises {
  private readonly maria: TestStaff;

  constructor(maria: TestStaff) {
    this.maria = maria;
  }

  /** A calendar without nights, weekends and unknown years. */
  async roundTheClock(): Promise<string> {
    const year = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };
    return (
      await this.made('/calendars', {
        names: { en: 'Round the clock', ru: 'Круглосуточно' },
        zone: 'Europe/Moscow',
        weekdays: [1, 2, 3, 4, 5, 6, 7],
        opens: 0,
        closes: 1440,
        honourShortDays: false,
        years: Object.fromEntries([2025, 2026, 2027, 2028].map((each) => [each, year])),
      })
    ).id;
  }

  /** The calendar that an installation begins with. */
  async official(): Promise<string> {
    return (await this.maria.get('/calendars')).body.items.find(({ region }: { region: string | null }) => region === 'RU').id;
  }

  /**
   * A queue whose default promises this; it and its plan are called the same.
   * @param called who works in it and is on its duty list
   */
  async queue(
    name: string,
    calendar: string,
    response: Target,
    criticalFix: Target = null,
    called: readonly string[] = [],
  ): Promise<string> {
    const names = { en: name, ru: name };
    const plan = await this.made('/sla-plans', { names, rank: 15, response, criticalFix, calendar });
    const [timing] = (await this.maria.get('/timing-policies')).body.items;
    const category = name.toLowerCase().replaceAll(' ', '-');
    await this.made('/queues', { category, names, timingPolicy: timing.id, slaPlan: plan.id, staff: called, duty: called });
    return category;
  }

  private async made(path: string, body: object): Promise<{ id: string }> {
    const { status, body: answer } = await this.maria.post(path, body);
    if (status !== 201) throw new Error(`${path} answered ${status} ${JSON.stringify(answer)}`);
    return answer;
  }
}

async function openTicket(anna: TestCustomer, category: string, subject: string, more: object = {}): Promise<string> {
  const opened = await anna.post('/tickets', { subject, body: 'It does not start.', category, ...more });
  expect(opened.status).toBe(201);
  return opened.body.number;
}

const critical = { severity: 'critical', severitySentence: 'Nobody of forty can work.' };
const whatNext = (page: Page) => page.locator('[data-what-next]').first();
const panel = (page: Page) => page.getByRole('complementary');
const clockOf = (page: Page, what: string) => panel(page).locator(`[data-clock-of="${what}"]`);
const listed = (page: Page) => page.locator('[data-ticket]').evaluateAll((links) => links.map((link) => link.getAttribute('data-ticket')!));
const changed = (page: Page) => page.getByRole('button', { name: 'The list has changed · show' });

/** Asks for the list as it is, until it is this. */
async function untilListed(page: Page, numbers: readonly string[]): Promise<void> {
  await until('the list is shown in this order', async () => {
    if ((await changed(page).count()) > 0) await changed(page).click();
    return String(await listed(page)) === String(numbers);
  });
}

describe('a clock, counted on by the page', () => {
  const clock = new MovableClock();
  let desk: ConsoleUnderTest;
  let promises: Promises;
  let maria: TestStaff;
  let oleg: TestStaff;
  let anna: TestCustomer;
  /** 16 working hours by the official calendar, and 15 working days for a fix. */
  let enterprise: string;
  let calendar: string;

  beforeAll(async () => {
    // The checked case of S3: received on Tuesday 30 December at 17:00, due on Tuesday 13 January at 15:00.
    clock.stop();
    moveTo('2025-12-30T14:00:00Z');
    desk = await consoleUnderTest({ clock });
    await people();
    calendar = await promises.roundTheClock();
    enterprise = await promises.queue('Enterprise', await promises.official(), { amount: 16, unit: 'hours' }, { amount: 15, unit: 'days' });
  });
  afterAll(() => desk?.stop());
  afterEach(() => desk.endTest());

  function moveTo(instant: string): void {
    clock.move((Date.parse(instant) - clock.now().getTime()) / 1000);
  }

  /** People of this moment: a session does not last for years. */
  async function people(): Promise<void> {
    maria = await desk.kontor.people.staff({ name: 'Maria Orlova', role: 'administrator' });
    oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
    anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
    promises = new Promises(maria);
  }

  /** A page that lives at the desk's time, or a little behind: its own clock runs on. */
  const open = (at: string, options: OpenOptions = {}) =>
    desk.open({ as: oleg, at, clock: new Date(clock.now().getTime() - 25_000), ...options });

  async function show(number: string, options: OpenOptions = {}): Promise<Page> {
    const page = await open(`/tickets/${number}/show`, options);
    await whatNext(page).locator('[data-clock]').waitFor();
    return page;
  }

  /** The page's clock goes on to this instant; the server's does not. */
  async function onTo(page: Page, instant: string): Promise<void> {
    const shown = await page.evaluate(() => Date.now());
    await page.clock.fastForward(Date.parse(instant) - shown);
  }

  /** @returns a wait until nothing is under way of what the page asks from now on */
  function requestsOf(page: Page): () => Promise<unknown> {
    const underWay = new Set<unknown>();
    page.on('request', (request) => underWay.add(request));
    for (const end of ['requestfinished', 'requestfailed'] as const)
      page.on(end as 'requestfinished', (request) => underWay.delete(request));
    return () => until('nothing is under way', () => underWay.size === 0);
  }

  /** What the page asks about this ticket while something is done. */
  async function asked(page: Page, number: string, work: () => Promise<void>): Promise<string[]> {
    const found: string[] = [];
    const hear = (request: { url(): string; method(): string }) => {
      if (request.method() === 'GET' && request.url().endsWith(`/tickets/${number}`)) found.push(request.url());
    };
    page.on('request', hear);
    await work();
    page.off('request', hear);
    return found;
  }

  const told = (place: Locator, text: string | RegExp) => place.getByText(text).first().waitFor();

  test('S3, S4: what is left is told in working time, with the deadline, its rule, its zone and when staff are warned', async () => {
    const number = await openTicket(anna, enterprise, 'The checked case');
    const page = await show(number);
    await told(whatNext(page), 'First response: 16 h of working time left, due Tue 13 Jan 2026 15:00');
    await told(whatNext(page), '(16 working hours, Enterprise)');
    const hover = await whatNext(page).locator('time').getAttribute('title');
    expect(hover).toMatch(/^Tuesday,? 13 January 2026 at 15:00:00 GMT\+3 \(Europe\/Moscow\)$/m);
    expect(hover).toContain('staff are warned on Mon 12 Jan 2026 20:00');
    expect(hover).toContain('Waits for us');
    await told(clockOf(page, 'first_response'), '16 h of working time left, due Tue 13 Jan 2026 15:00');
    expect(await clockOf(page, 'first_response').getByRole('meter').getAttribute('aria-label')).toBe(
      'First response: 0 % of the time is used',
    );
    expect(await panel(page).getByRole('link', { name: 'Russia, five-day week' }).getAttribute('href')).toMatch(/\/calendars\/cal_0+$/);
    await told(panel(page), 'default of the queue Enterprise');
    expect(await barriers(page)).toEqual([]);
  });

  test('S4: it runs down by itself while somebody works, stands while nobody does, and nothing is asked of the server for it', async () => {
    const number = await openTicket(anna, enterprise, 'It runs by itself');
    const page = await show(number);
    await told(whatNext(page), 'First response: 16 h of working time left');
    await until('the stream is open', () => desk.kontor.live.open === 1);
    const atRest = requestsOf(page);
    // What comes by the stream shows that the page listens, and no longer looks for itself.
    await oleg.post(`/tickets/${number}/notes`, { body: 'Only a note' });
    await page.locator('article', { hasText: 'Only a note' }).waitFor();
    // A request that is under way would be given up by the page when its clock jumps.
    await atRest();
    const requests = await asked(page, number, async () => {
      await page.clock.fastForward(45_000);
      await told(whatNext(page), '15 h 59 min of working time left');
    });
    expect(requests).toEqual([]);
    await onTo(page, '2025-12-30T16:59:40Z');
    await told(whatNext(page), '13 h of working time left, due Tue 13 Jan 2026 15:00');
    expect(await clockOf(page, 'first_response').getByRole('meter').getAttribute('aria-valuenow')).toBe('19');
    // The evening, the last day of the year and the holidays are nobody's working time.
    for (const instant of ['2025-12-30T17:30:00Z', '2025-12-31T12:00:00Z', '2026-01-09T12:00:00Z']) {
      await onTo(page, instant);
      await told(clockOf(page, 'first_response'), /Not counting now: working time begins Mon 12 Jan( 2026)? 11:00\./);
      await told(whatNext(page), '13 h of working time left');
    }
    expect(await whatNext(page).locator('[data-clock="running"]').count()).toBe(1);
    await onTo(page, '2026-01-12T17:00:00Z');
    await whatNext(page).locator('[data-clock="near"]').waitFor();
    await told(whatNext(page), 'First response: 4 h of working time left, due Tue 13 Jan 15:00');
    // From the last morning on working time is plain time, and is told as that.
    await onTo(page, '2026-01-13T10:59:30Z');
    await told(whatNext(page), 'First response due in 1 h, at 15:00');
    await onTo(page, '2026-01-13T12:40:00Z');
    await whatNext(page).locator('[data-clock="overdue"]').waitFor();
    await told(whatNext(page), 'First response overdue by 40 min, since 15:00');
    await onTo(page, '2026-01-13T19:00:00Z');
    await told(whatNext(page), 'First response overdue by 5 h of working time, since 15:00');
  });

  test('S3: days that were promised are counted as days, and told exactly on hover', async () => {
    const number = await openTicket(anna, enterprise, 'Nobody can sign in', critical);
    const page = await show(number);
    await told(page.locator('header'), 'Fix: 15 working days left, due Fri 30 Jan 2026 20:00');
    await told(clockOf(page, 'fix'), '15 working days left, due Fri 30 Jan 2026 20:00');
    expect(await clockOf(page, 'fix').locator('time').first().getAttribute('title')).toContain('138 h of working time');
    await onTo(page, '2026-01-13T08:00:00Z');
    await told(clockOf(page, 'fix'), '13 working days left, due Fri 30 Jan 20:00');
  });

  test('S4: the clock of a fix waits for the customer with what it has left, stops when it is fixed, and runs on when it is not after all', async () => {
    const number = await openTicket(anna, enterprise, 'A fault that is fixed', critical);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Which version is it?' });
    const page = await open(`/tickets/${number}/show`);
    await told(whatNext(page), /^Closes by itself/);
    await told(page.locator('header'), 'Fix waits for the customer; 15 working days 3 h left');
    await told(clockOf(page, 'fix'), 'waits for the customer; 15 working days 3 h left');
    await anna.post(`/tickets/${number}/messages`, { body: '6.12' });
    await told(whatNext(page), /Next response: (16 h|15 h 59 min) of working time left/);

    await clockOf(page, 'fix').getByRole('button', { name: 'Mark as fixed' }).click();
    await told(page.locator('body'), 'Marked as fixed: the clock of the fix stands still.');
    await told(clockOf(page, 'fix'), /^fixed, 17:00; 15 working days 3 h left$/);
    await page.keyboard.press('u');
    await told(clockOf(page, 'fix'), '15 working days left');
    await page.getByText('Undone.').waitFor();

    await page.keyboard.press('x');
    await told(clockOf(page, 'fix'), /^fixed/);
    const contradicted = await anna.post(`/tickets/${number}/messages`, { body: 'It still does not start.', notFixed: true });
    expect(contradicted.status).toBe(201);
    await told(clockOf(page, 'fix'), '15 working days left');

    await page.keyboard.press('x');
    await told(clockOf(page, 'fix'), /^fixed/);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).fill('not fixed');
    await page.getByRole('option', { name: /^Not fixed after all/ }).waitFor();
    await page.keyboard.press('Enter');
    await told(clockOf(page, 'fix'), '15 working days left');

    await oleg.post(`/tickets/${number}/severity`, { decision: 'refuse', reason: 'One of you can work.' });
    await told(clockOf(page, 'fix'), 'not counted: the ticket is not critical');
    expect(await clockOf(page, 'fix').getByRole('meter').count()).toBe(0);
  });

  test('M3: a clock on hold says so and until when, and is not overdue while it is', async () => {
    const number = await openTicket(anna, enterprise, 'On hold');
    const held = await maria.post('/holds', {
      scope: 'entity',
      scopeId: `ticket:${number}`,
      kinds: ['clocks'],
      reason: 'The provider is down',
      until: '2026-01-20T09:00:00Z',
    });
    expect(held.status).toBe(201);
    const page = await show(number);
    await told(whatNext(page), 'First response due Tue 13 Jan 2026 15:00 · on hold until Tue 20 Jan 2026 12:00');
    await onTo(page, '2026-01-14T09:00:00Z');
    await whatNext(page).locator('[data-clock="held"]').waitFor();
    expect(await page.locator('[data-clock="overdue"]').count()).toBe(0);
  });

  test('S5: a row says when a promise breaks and since when it is broken; it ticks by one timer for all rows', async () => {
    const urgent = await promises.queue('Half an hour', calendar, { amount: 30, unit: 'minutes' });
    const [first] = await Promise.all(Array.from({ length: 12 }, async (_, at) => openTicket(anna, urgent, `Urgent ${at}`)));
    const page = await open('/tickets');
    await page.addInitScript(() => {
      const [set, clear] = [window.setInterval.bind(window), window.clearInterval.bind(window)];
      const running = new Set<unknown>();
      Object.assign(window, {
        kontorIntervals: running,
        setInterval: (...given: Parameters<typeof set>) => {
          const timer = set(...given);
          running.add(timer);
          return timer;
        },
        clearInterval: (timer: number) => {
          running.delete(timer);
          clear(timer);
        },
      });
    });
    const intervals = async (address: string) => {
      await page.goto(`/admin${address}`);
      await page.locator('[data-ticket], main p').first().waitFor();
      return page.evaluate(() => (window as unknown as { kontorIntervals: Set<unknown> }).kontorIntervals.size);
    };
    const alone = await intervals(`/tickets?${new URLSearchParams({ filter: '{"view":"snoozed"}' })}`);
    const many = await intervals(`/tickets?${new URLSearchParams({ filter: '{"view":"active"}' })}`);
    expect(many - alone).toBeLessThanOrEqual(1);

    const row = page.getByRole('row').filter({ has: page.locator(`[data-ticket="${first}"]`) });
    await told(row, /^due in (30|29) min$/);
    await onTo(page, '2025-12-30T14:10:30Z');
    await told(row, /^due in 19 min$/);
    await onTo(page, '2025-12-30T14:24:30Z');
    await row.locator('[data-clock="near"]').waitFor();
    await told(row, /^due in 5 min$/);
    await onTo(page, '2025-12-30T14:31:00Z');
    await row.locator('[data-clock="overdue"]').waitFor();
    await told(row, 'overdue since 17:30');
    expect(await row.locator('[data-clock] time').getAttribute('title')).toContain('First response, 30 working minutes, Half an hour');
    expect(await barriers(page)).toEqual([]);
  });

  test('S8: what is due within a day is one press away in every view, on a telephone too', async () => {
    const page = await open('/tickets', { size: 'narrow' });
    await page.locator('[data-ticket]').first().waitFor();
    const all = await listed(page);
    await page.getByRole('button', { name: 'Due within a day' }).click();
    await until('the list is narrowed', async () => {
      const left = await listed(page);
      return left.length > 0 && left.length < all.length;
    });
    for (const card of await page.locator('[data-ticket]').all()) await told(card, /^due in/);
    expect(await page.getByRole('button', { name: 'Due within a day' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'Overdue', exact: true }).click();
    await page.getByText('No ticket fits these filters.').waitFor();
    await page.getByRole('button', { name: 'Overdue', exact: true }).click();
    await until('all are back', async () => (await listed(page)).length === all.length);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test('S8: what breaches next stands in groups, moves only when it is asked to, and leads to the tickets', async () => {
    const today = await promises.queue('Three hours', calendar, { amount: 3, unit: 'hours' });
    const quiet = await promises.queue('Nothing', calendar, null, { amount: 1, unit: 'days' });
    const [number, unpromised] = [await openTicket(anna, today, 'Due this evening'), await openTicket(anna, quiet, 'Nothing is promised')];
    await oleg.post(`/tickets/${number}/assignment`);
    const page = await open('/breaching');
    const group = (name: string) => page.locator(`[data-group="${name}"]`);
    await told(group('hour'), 'Within an hour');
    await group('today').locator(`[data-ticket="${number}"]`).waitFor();
    await told(group('later'), 'Next response · 16 working hours · Enterprise');
    await told(group('held'), 'on hold');
    expect(await group('overdue').count()).toBe(0);
    expect(await listed(page)).not.toContain(unpromised);
    // The menu's number is what is overdue, due within the hour, or today: as in the groups above.
    const pressing = (await group('hour').locator('[data-ticket]').count()) + (await group('today').locator('[data-ticket]').count());
    await page.getByRole('link', { name: new RegExp(`^Breaching\\W*${pressing}$`) }).waitFor();

    const before = await listed(page);
    await onTo(page, '2025-12-30T14:31:00Z');
    await changed(page).waitFor();
    expect(await listed(page)).toEqual(before);
    await told(group('hour'), 'overdue since 17:30');
    await changed(page).click();
    await told(group('overdue'), /^Overdue$/);
    expect(await group('hour').count()).toBe(0);
    expect(await barriers(page)).toEqual([]);

    await page.getByLabel('Whose').selectOption('me');
    await until('only mine are left', async () => {
      const left = await listed(page);
      return left.includes(number) && left.length < before.length;
    });
    for (const row of await page.locator('tr:has([data-ticket])').all()) await told(row, /^You$/);
    await page.getByLabel('Queue').selectOption(quiet);
    await page.getByText('Nothing is due here.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.locator(`[data-ticket="${number}"]`).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/tickets/${before[0]}/show`);
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByRole('heading', { name: 'Breaching next' }).waitFor();
  });

  test('A1: the same in Russian, on a telephone and in the dark', async () => {
    const number = await openTicket(anna, enterprise, 'Никто не может войти', critical);
    const page = await show(number, { locale: 'ru', size: 'narrow', theme: 'dark' });
    await told(whatNext(page), /^Первый ответ: осталось 16 ч рабочего времени, срок вт 13 янв\.? 2026.* 15:00$/);
    await told(whatNext(page), '(16 рабочих часов, Enterprise)');
    await page.getByRole('tab', { name: 'Подробности' }).click();
    await told(clockOf(page, 'fix'), /осталось 15 рабочих дней, срок пт 30 янв\. 2026.* 20:00/);
    expect(await barriers(page)).toEqual([]);
    await page.goto('/admin/breaching');
    await page.getByRole('heading', { name: 'Ближайшие сроки' }).waitFor();
    await page.locator('[data-group="later"] [data-ticket]').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await barriers(page)).toEqual([]);
  });

  test('S2: a year that no calendar knows yet is said to be uncertain', async () => {
    moveTo('2027-12-29T09:00:00Z');
    await people();
    const number = await openTicket(anna, enterprise, 'Over the end of what is known', critical);
    const page = await show(number);
    await told(page.locator('header'), /2028 has no calendar yet: counted by plain weeks/);
    await told(clockOf(page, 'fix'), '2028 has no calendar yet: counted by plain weeks');
  });
});

describe('a promise of a minute, on a real engine', () => {
  let desk: ConsoleUnderTest;
  let oleg: TestStaff;
  let anna: TestCustomer;
  let category: string;

  beforeAll(async () => {
    desk = await consoleUnderTest({ promises: true });
    const maria = await desk.kontor.people.staff({ name: 'Maria Orlova', role: 'administrator' });
    oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
    anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
    const promises = new Promises(maria);
    category = await promises.queue('Rehearsal', await promises.roundTheClock(), { amount: 1, unit: 'minutes' }, null, [oleg.id]);
  });
  afterAll(() => desk?.stop());
  afterEach(() => desk.endTest());

  test(
    'S5: it is warned of, broken, raised in every list and told, by itself and once; the answer ends it',
    { timeout: 150_000 },
    async () => {
      const quiet = await openTicket(anna, 'technical', 'Nobody hurries');
      const list = await desk.open({ as: oleg, at: '/tickets' });
      await list.locator(`[data-ticket="${quiet}"]`).waitFor();
      const number = await openTicket(anna, category, 'Answer within a minute');
      const newest = await openTicket(anna, 'technical', 'Came last');
      await untilListed(list, [newest, number, quiet]);
      const page = await desk.open({ as: oleg, at: `/tickets/${number}/show` });
      await whatNext(page).getByText('First response due in a moment').waitFor();
      await whatNext(page).locator('[data-clock="near"]').waitFor({ timeout: 60_000 });

      await whatNext(page).locator('[data-clock="overdue"]').waitFor({ timeout: 40_000 });
      await panel(page)
        .getByText(/^First response overdue/)
        .first()
        .waitFor();
      await panel(page)
        .getByText(/^First response: three quarters of the time are over/)
        .waitFor();
      // On another page it is told quietly, and the list says that it has changed before it does.
      await list.getByText(`${number}: a deadline was missed`).waitFor();
      await list.getByRole('link', { name: /^Breaching\W*1$/ }).waitFor();
      await changed(list).waitFor();
      expect(await listed(list)).toEqual([newest, number, quiet]);
      await untilListed(list, [number, newest, quiet]);
      await list.getByRole('rowheader', { name: 'The others' }).or(list.getByText('The others')).first().waitFor();
      expect(await barriers(list)).toEqual([]);
      await list.getByRole('button', { name: /^Notifications: \d+ new/ }).click();
      const bell = list.getByRole('dialog', { name: 'Notifications' });
      await bell.getByText(`${number} · A deadline was missed`).waitFor();
      await bell.getByText(`${number} · A deadline is near`).waitFor();
      expect(await bell.getByText(/deadline/).count()).toBe(2);
      await list.keyboard.press('Escape');

      await page.keyboard.press('r');
      await page.keyboard.type('We are looking at it now.');
      await page.keyboard.press('Control+Enter');
      await whatNext(page)
        .getByText(/^Closes by itself/)
        .waitFor();
      expect(await panel(page).getByRole('meter').count()).toBe(0);
      await panel(page).getByText('No clock runs now.').waitFor();
      await list.getByRole('link', { name: /^Breaching$/ }).waitFor();
      await anna.post(`/tickets/${number}/messages`, { body: 'And now?' });
      await whatNext(page)
        .getByText(/^Next response due in/)
        .waitFor();
    },
  );

  test('S8: a page of what breaches next hears of a new promise by the stream', async () => {
    const page = await desk.open({ as: oleg, at: '/breaching' });
    await page.getByRole('heading', { name: 'Breaching next' }).waitFor();
    await until('the stream is open', () => desk.kontor.live.open > 0);
    const number = await openTicket(anna, category, 'One more');
    await changed(page).waitFor({ timeout: 5_000 });
    expect(await listed(page)).not.toContain(number);
    await changed(page).click();
    await page.locator('[data-group="hour"]').locator(`[data-ticket="${number}"]`).waitFor();
  });
});

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { changesOf } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;
let vera: TestStaff;
/** The official calendar that an installation begins with. */
let standard: string;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await kontor.people.staff({ role: 'support' });
  vera = await kontor.people.staff({ role: 'billing' });
  standard = (await maria.get('/calendars')).body.items[0].id;
});
afterAll(() => kontor?.stop());

const plain = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };
const year2026 = { ...plain, daysOff: ['2026-01-01', '2026-11-04'], workingWeekends: ['2026-02-21'], shortDays: ['2026-11-03'] };

function wanted(more: object = {}) {
  return {
    names: { en: `Calendar ${Math.random()}`, ru: 'Календарь' },
    zone: 'Europe/Moscow',
    weekdays: [1, 2, 3, 4, 5],
    opens: 660,
    closes: 1200,
    honourShortDays: false,
    years: { '2026': year2026 },
    ...more,
  };
}

async function calendar(more: object = {}): Promise<Record<string, any> & { id: string; revision: number; version: number }> {
  const made = await maria.post('/calendars', wanted(more));
  expect(made.status).toBe(201);
  return made.body;
}

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body.error?.code];

describe('calendars', () => {
  test('S2: an installation begins with the official calendar, five-day week, 11:00–20:00 in Moscow', async () => {
    const { items } = (await oleg.get('/calendars', { 'accept-language': 'ru' })).body;
    expect(items).toMatchObject([
      {
        id: standard,
        name: 'Россия, пятидневная неделя',
        names: { en: 'Russia, five-day week' },
        region: 'RU',
        zone: 'Europe/Moscow',
        weekdays: [1, 2, 3, 4, 5],
        opens: 660,
        closes: 1200,
        honourShortDays: false,
        version: 1,
        knownYears: [2025, 2026, 2027],
        withdrawnAt: null,
      },
    ]);
    const answer = await oleg.get(`/calendars/${standard}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.body).toMatchObject({ uses: { plans: [{ name: 'Team' }, { name: 'Enterprise' }], agreements: 0, tickets: 0 } });
    expect(answer.body.years['2026'].daysOff).toContain('2026-01-09');
  });

  test('S2: the official data stand beside it, with the official count, and a year of them is adopted as it is', async () => {
    const { items } = (await oleg.get('/calendars/official')).body;
    expect(items).toMatchObject([{ region: 'RU', name: 'Official calendar of the Russian Federation' }]);
    expect(Object.keys(items[0].years)).toEqual(['2025', '2026', '2027']);
    const { workingDays, ...year } = items[0].years['2027'];
    expect([workingDays, year.decree]).toEqual([247, 'Government decree 17.09.2026 No. 1187']);
    const { id } = await calendar();
    const adopted = await maria.put(`/calendars/${id}/years/2027`, year);
    expect(adopted.body).toMatchObject({ version: 2, years: { '2026': year2026, '2027': year } });
    const glance = (await oleg.get(`/calendars/${id}/years/2027`)).body;
    expect(glance).toMatchObject({ known: true, workingDays: 247, workingMinutes: 247 * 540 });
  });

  test('S2: is made, changed under the revision that was seen, each change of what is counted a version', async () => {
    const made = await maria.post('/calendars', wanted({ note: 'As agreed' }));
    expect(made).toMatchObject({ status: 201, body: { version: 1, revision: 1, region: null } });
    expect(made.headers.get('etag')).toBe('"1"');
    const path = `/calendars/${made.body.id}`;
    const later = await maria.patch(path, { closes: 1140, note: 'Closes earlier' }, { 'if-match': '"1"' });
    expect(later).toMatchObject({ status: 200, body: { version: 2, revision: 2, closes: 1140, years: { '2026': year2026 } } });
    // A name is not counted by.
    const named = await maria.patch(path, { names: { en: 'Another name' }, region: 'RU' }, { 'if-match': '"2"' });
    expect(named.body).toMatchObject({ version: 2, revision: 3, names: { en: 'Another name' }, region: 'RU' });
    expect(codeOf(await maria.patch(path, { closes: 1200 }, { 'if-match': '"2"' }))).toEqual([412, 'request.stale']);
    expect(codeOf(await maria.put(`${path}/years/2027`, plain, { 'if-match': '"1"' }))).toEqual([412, 'request.stale']);
    expect((await maria.get(path)).body).toMatchObject({ version: 2, revision: 3 });
  });

  test('S2: what changes nothing makes no version, in whatever order it is given', async () => {
    const { id } = await calendar();
    const changes = await changesOf(kontor.db, async () => {
      const again = await maria.patch(`/calendars/${id}`, {
        opens: 660,
        weekdays: [5, 4, 3, 2, 1],
        years: { '2026': year2026 },
        note: 'Again',
      });
      expect(again).toMatchObject({ status: 200, body: { version: 1, revision: 1 } });
      const reordered = { ...year2026, daysOff: year2026.daysOff.toReversed() };
      expect((await maria.put(`/calendars/${id}/years/2026`, reordered)).body).toMatchObject({ version: 1, revision: 1 });
    });
    expect(changes).toEqual([]);
  });

  test('S2: a year is written without the others, and taken out', async () => {
    const { id } = await calendar();
    const days = { ...plain, decree: 'A decree', daysOff: ['2027-01-01'] };
    const added = await maria.put(`/calendars/${id}/years/2027`, { ...days, note: '2027 is out' });
    expect(added.body).toMatchObject({ version: 2, years: { '2026': year2026, '2027': days } });
    const removed = await maria.delete(`/calendars/${id}/years/2026`);
    expect(Object.keys(removed.body.years)).toEqual(['2027']);
    expect(codeOf(await maria.delete(`/calendars/${id}/years/2026`))).toEqual([404, 'calendar.year_not_found']);
    // With `years` all of them are meant.
    const replaced = await maria.patch(`/calendars/${id}`, { years: { '2026': plain } });
    expect(replaced.body.years).toEqual({ '2026': plain });
  });

  test('S2: a year at a glance: each day’s kind, how many are worked, for how long', async () => {
    const { id } = await calendar({ honourShortDays: true });
    const glance = (await vera.get(`/calendars/${id}/years/2026`)).body;
    expect(glance.days).toHaveLength(365);
    const of = (date: string) => glance.days.find((day: { date: string }) => day.date === date);
    expect(of('2026-11-04')).toMatchObject({ isWorked: false, said: 'day_off' });
    expect(of('2026-11-03')).toMatchObject({ isWorked: true, endsEarly: true, said: 'short' });
    expect(of('2026-02-21')).toMatchObject({ isWorked: true, endsEarly: false, said: 'worked' });
    expect(of('2026-11-07')).toMatchObject({ isWorked: false, said: 'nothing' });
    expect(glance).toMatchObject({ known: true, workingDays: 261 - 2 + 1, workingMinutes: 260 * 540 - 60, decree: null });
    // One that it does not know is of plain weeks, and says so.
    expect((await vera.get(`/calendars/${id}/years/2028`)).body).toMatchObject({ known: false, workingDays: 260, daysOff: [] });
  });
});

describe('versions', () => {
  test('S2: each says who made it, when, what for, and what is different', async () => {
    const { id } = await calendar();
    await maria.put(`/calendars/${id}/years/2026`, { ...year2026, daysOff: ['2026-01-01', '2026-12-31'], note: 'A decree' });
    await maria.patch(`/calendars/${id}`, { zone: 'Asia/Omsk', years: { '2026': year2026, '2027': plain } });
    const { items, nextCursor } = (await oleg.get(`/calendars/${id}/versions`)).body;
    expect(nextCursor).toBeNull();
    expect(items.map(({ version, note, madeBy }: any) => [version, note, madeBy.name])).toEqual([
      [3, null, 'Maria Orlova'],
      [2, 'A decree', 'Maria Orlova'],
      [1, null, 'Maria Orlova'],
    ]);
    const days = [
      { date: '2026-11-04', before: 'day_off', after: 'nothing' },
      { date: '2026-12-31', before: 'nothing', after: 'day_off' },
    ];
    expect(items[1].difference).toEqual({ settings: [], years: [{ year: 2026, change: 'changed', decree: false, days }] });
    expect(items[0].difference).toMatchObject({ settings: ['zone'], years: [{ year: 2026 }, { year: 2027, change: 'added' }] });
    expect(items[2].difference).toBeNull();
    const whole = (await oleg.get(`/calendars/${id}/difference?from=1&to=3`)).body;
    expect(whole).toEqual({ settings: ['zone'], years: [{ year: 2027, change: 'added', decree: false, days: [] }] });
    expect((await oleg.get(`/calendars/${id}/difference`)).body).toEqual(items[0].difference);
    const second = (await oleg.get(`/calendars/${id}/versions/2`)).body;
    expect(second).toMatchObject({ version: 2, zone: 'Europe/Moscow', years: { '2026': { daysOff: ['2026-01-01', '2026-12-31'] } } });
    expect((await oleg.get(`/calendars/${standard}/versions`)).body.items).toMatchObject([{ version: 1, madeBy: null, difference: null }]);
  });

  test('S2: are read page by page', async () => {
    const { id } = await calendar();
    for (const closes of [1140, 1150, 1160]) await maria.patch(`/calendars/${id}`, { closes });
    const first = (await maria.get(`/calendars/${id}/versions?limit=3`)).body;
    expect(first.items.map(({ version }: any) => version)).toEqual([4, 3, 2]);
    const rest = (await maria.get(`/calendars/${id}/versions?limit=3&cursor=${first.nextCursor}`)).body;
    expect([rest.items.map(({ version }: any) => version), rest.nextCursor]).toEqual([[1], null]);
  });

  test('S2: a version cannot be rewritten, not by the role of the product itself', async () => {
    const app = new Client({ connectionString: kontor.db.appUrl });
    await app.connect();
    try {
      for (const sql of [
        `update calendar_version set definition = '{}'`,
        `update calendar_version set note = 'x'`,
        'delete from calendar_version',
        'truncate calendar_version',
        'delete from calendar',
        'truncate calendar',
        'alter table calendar_version add x text',
      ])
        await expect(app.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    } finally {
      await app.end();
    }
  });

  test('S2: of many who change one calendar at once, one wins and the others are told', async () => {
    const { id } = await calendar();
    const change = (closes: number) => maria.patch(`/calendars/${id}`, { closes }, { 'if-match': '"1"' });
    const answers = await Promise.all([1140, 1150, 1160, 1170, 1180].map(change));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412, 412]);
    const won = answers.find(({ status }) => status === 200)!.body;
    expect((await maria.get(`/calendars/${id}`)).body).toMatchObject({ version: 2, closes: won.closes });
    // Without a word of what was seen the last one wins, and each is a version.
    await Promise.all([2027, 2028, 2029].map((year) => maria.put(`/calendars/${id}/years/${year}`, plain)));
    expect(Object.keys((await maria.get(`/calendars/${id}`)).body.years)).toEqual(['2026', '2027', '2028', '2029']);
    const { items } = (await maria.get(`/calendars/${id}/versions`)).body;
    expect(items.map(({ version }: any) => version)).toEqual([5, 4, 3, 2, 1]);
  });

  test('S2, I9: what was changed is in the audit, and open pages are told', async () => {
    const { id } = await calendar();
    await maria.put(`/calendars/${id}/years/2026`, { ...year2026, daysOff: ['2026-01-01'], note: 'Nothing for the audit' });
    const lines = (await maria.get(`/audit?object=calendar:${id}`)).body.items;
    expect(lines.map(({ action }: any) => action)).toEqual(['calendar.change', 'calendar.make']);
    expect(lines[0]).toMatchObject({ before: { version: '1' }, after: { version: '2', days: '2026-11-04' } });
    expect(JSON.stringify(lines)).not.toContain('Nothing for the audit');
    const told = await kontor.db.query(`select 1 from change_feed where staff and topic = '{"what":"setting","id":"calendar"}'`);
    expect(told.length).toBeGreaterThan(1);
  });
});

describe('refusals', () => {
  test.each([
    ['no day of the week', { weekdays: [] }, 'calendar.weekdays_invalid'],
    ['a day of the week twice', { weekdays: [1, 1, 2] }, 'calendar.weekdays_invalid'],
    ['an unknown zone', { zone: 'Europe/Atlantis' }, 'calendar.zone_unknown'],
    ['hours that end before they begin', { opens: 1200, closes: 660 }, 'calendar.hours_invalid'],
    ['hours too short to end early', { opens: 660, closes: 719, honourShortDays: true }, 'calendar.hours_invalid'],
    ['a date of another year', { years: { '2026': { ...plain, daysOff: ['2027-01-01'] } } }, 'calendar.date_invalid'],
    ['a date that is none', { years: { '2026': { ...plain, daysOff: ['2026-02-30'] } } }, 'calendar.date_invalid'],
    ['a date twice', { years: { '2026': { ...plain, daysOff: ['2026-01-01', '2026-01-01'] } } }, 'calendar.date_invalid'],
    [
      'a day both off and worked',
      { years: { '2026': { ...plain, daysOff: ['2026-02-21'], workingWeekends: ['2026-02-21'] } } },
      'calendar.date_invalid',
    ],
    ['a year out of range', { years: { '1812': plain } }, 'calendar.years_invalid'],
    ['too many years', { years: Object.fromEntries(Array.from({ length: 61 }, (_, index) => [2000 + index, plain])) }, undefined],
  ])('S2: %s is refused, and nothing is changed', async (_what, wrong, code) => {
    const { id } = await calendar();
    const changes = await changesOf(kontor.db, async () => {
      for (const answer of [await maria.post('/calendars', wanted(wrong)), await maria.patch(`/calendars/${id}`, wrong)])
        expect(codeOf(answer)).toEqual(code ? [422, code] : [400, 'request.invalid']);
    });
    expect(changes).toEqual([]);
  });

  test('S2: a year of days off alone is refused, and one that nobody counts in', async () => {
    const { id } = await calendar();
    const daysOff = Array.from({ length: 365 }, (_, index) => new Date(Date.UTC(2027, 0, index + 1)).toISOString().slice(0, 10));
    const changes = await changesOf(kontor.db, async () => {
      expect(codeOf(await maria.put(`/calendars/${id}/years/2027`, { ...plain, daysOff }))).toEqual([422, 'calendar.no_working_day']);
      expect(codeOf(await maria.put(`/calendars/${id}/years/1812`, plain))).toEqual([422, 'calendar.years_invalid']);
      for (const year of ['26', '20260', 'x', '2026a'])
        expect(codeOf(await maria.put(`/calendars/${id}/years/${year}`, plain))).toEqual([404, 'calendar.year_not_found']);
      for (const wrong of [
        { daysOff: ['1 January'] },
        { decree: '' },
        { decree: 'x'.repeat(301) },
        { daysOff: Array.from({ length: 367 }, () => '2026-01-01') },
      ])
        expect((await maria.put(`/calendars/${id}/years/2026`, { ...plain, ...wrong })).status).toBe(400);
      for (const wrong of [
        { opens: -1 },
        { closes: 1441 },
        { weekdays: [8] },
        { region: 'Russia' },
        { note: 'x'.repeat(501) },
        { names: { ru: 'Без английского' } },
      ])
        expect((await maria.patch(`/calendars/${id}`, wrong)).status).toBe(400);
    });
    expect(changes).toEqual([]);
  });

  test('I8: only administrators edit, all staff read, to customers there is nothing', async () => {
    const { id } = await calendar();
    const changes = await changesOf(kontor.db, async () => {
      for (const who of [oleg, vera]) {
        expect((await who.post('/calendars', wanted())).status).toBe(403);
        expect((await who.patch(`/calendars/${id}`, { opens: 600 })).status).toBe(403);
        expect((await who.put(`/calendars/${id}/years/2027`, plain)).status).toBe(403);
        expect((await who.delete(`/calendars/${id}/years/2026`)).status).toBe(403);
        expect((await who.post(`/calendars/${id}/withdrawal`)).status).toBe(403);
        for (const path of ['', `/${id}`, `/${id}/versions`, `/${id}/years/2026`, '/official'])
          expect((await who.get(`/calendars${path}`)).status).toBe(200);
      }
      expect((await anna.get('/calendars')).status).toBe(404);
    });
    expect(changes).toEqual([]);
  });

  test('E: what nobody has is not found', async () => {
    const none = `cal_${'1'.repeat(26)}`;
    for (const id of [none, 'x', 'tpl_1'])
      for (const path of ['', '/versions', '/years/2026'])
        expect(codeOf(await maria.get(`/calendars/${id}${path}`))).toEqual([404, 'calendar.not_found']);
    const { id } = await calendar();
    for (const version of ['2', '0', 'x', '99999999999'])
      expect(codeOf(await maria.get(`/calendars/${id}/versions/${version}`))).toEqual([404, 'calendar.version_not_found']);
    expect(codeOf(await maria.get(`/calendars/${id}/difference?from=1&to=7`))).toEqual([404, 'calendar.version_not_found']);
    expect((await maria.get(`/calendars/${id}/difference?from=0`)).status).toBe(400);
    expect((await maria.get(`/calendars/${id}/versions?cursor=x`)).status).toBe(400);
  });
});

describe('withdrawal', () => {
  const promised = { response: { amount: 4, unit: 'hours' }, criticalFix: null };

  test('S2: one that nothing goes by is withdrawn for good, and its promise ends', async () => {
    const { id } = await calendar();
    const entity = `calendar:${id}`;
    expect(await kontor.db.query('select kind from obligation where entity = $1', [entity])).toEqual([{ kind: 'flag_year' }]);
    expect(codeOf(await maria.post(`/calendars/${id}/withdrawal`, undefined, { 'if-match': '"9"' }))).toEqual([412, 'request.stale']);
    const withdrawn = await maria.post(`/calendars/${id}/withdrawal`, undefined, { 'if-match': '"1"' });
    expect(withdrawn).toMatchObject({ status: 200, body: { revision: 2, withdrawnAt: expect.any(String), missingYear: null } });
    expect(await kontor.db.query('select 1 from obligation where entity = $1', [entity])).toEqual([]);
    expect((await maria.get('/calendars')).body.items.map((item: { id: string }) => item.id)).not.toContain(id);
    expect((await maria.get('/calendars?withdrawn=true')).body.items.map((item: { id: string }) => item.id)).toContain(id);
    // It explains what it gave, and changes no more.
    expect((await maria.get(`/calendars/${id}/versions/1`)).status).toBe(200);
    for (const answer of [
      await maria.patch(`/calendars/${id}`, { opens: 600 }),
      await maria.put(`/calendars/${id}/years/2027`, plain),
      await maria.post(`/calendars/${id}/withdrawal`),
    ])
      expect(codeOf(answer)).toEqual([409, 'calendar.withdrawn']);
    const plan = { names: { en: 'Late' }, rank: 1, ...promised, calendar: id };
    expect(codeOf(await maria.post('/sla-plans', plan))).toEqual([409, 'calendar.withdrawn']);
  });

  test('S2: one that a plan goes by stays until the plan goes by another', async () => {
    const { id } = await calendar();
    const plan = (await maria.post('/sla-plans', { names: { en: 'A plan' }, rank: 1, ...promised, calendar: id })).body;
    expect((await maria.get(`/calendars/${id}`)).body.uses).toEqual({
      plans: [{ id: plan.id, name: 'A plan' }],
      agreements: 0,
      tickets: 0,
    });
    const changes = await changesOf(kontor.db, async () => {
      expect(codeOf(await maria.post(`/calendars/${id}/withdrawal`))).toEqual([409, 'calendar.in_use']);
    });
    expect(changes).toEqual([]);
    await maria.patch(`/sla-plans/${plan.id}`, { calendar: standard });
    expect((await maria.post(`/calendars/${id}/withdrawal`)).status).toBe(200);
  });

  test('S2: one that an agreement goes by stays while the agreement stands or is to come', async () => {
    const { id } = await calendar();
    const plan = (await maria.post('/sla-plans', { names: { en: 'A base' }, rank: 1, ...promised, calendar: standard })).body;
    const account = (await kontor.people.customer()).accountId;
    const startsAt = new Date(kontor.clock.now().getTime() + 3_600_000).toISOString();
    const agreement = { account, kind: 'enterprise', plan: plan.id, own: { calendar: id }, startsAt, endsAt: null };
    const made = await maria.post('/agreements', agreement);
    expect(made.status).toBe(201);
    expect(codeOf(await maria.post(`/calendars/${id}/withdrawal`))).toEqual([409, 'calendar.in_use']);
    await kontor.db.query(`update service_agreement set starts_at = '2020-01-01', ends_at = '2021-01-01' where id = $1`, [made.body.id]);
    expect((await maria.post(`/calendars/${id}/withdrawal`)).status).toBe(200);
  });

  test('S2, S6: an agreement that was ended before it began keeps no calendar', async () => {
    const { id } = await calendar();
    const plan = (await maria.post('/sla-plans', { names: { en: 'Of nobody' }, rank: 1, ...promised, calendar: standard })).body;
    const account = (await kontor.people.customer()).accountId;
    const startsAt = new Date(kontor.clock.now().getTime() + 86_400_000).toISOString();
    const agreement = { account, kind: 'enterprise', plan: plan.id, own: { calendar: id }, startsAt, endsAt: null };
    const made = (await maria.post('/agreements', agreement)).body;
    expect((await maria.get(`/calendars/${id}`)).body.uses.agreements).toBe(1);
    expect((await maria.post(`/agreements/${made.id}/end`)).body.state).toBe('ended');
    expect((await maria.get(`/calendars/${id}`)).body.uses.agreements).toBe(0);
    expect((await maria.post(`/calendars/${id}/withdrawal`)).status).toBe(200);
  });

  test('S2: one that an open ticket was promised something by stays until the ticket is archived', async () => {
    const { id } = await calendar();
    const plan = (await maria.post('/sla-plans', { names: { en: 'Of a queue' }, rank: 1, ...promised, calendar: id })).body;
    const timingPolicy = (await maria.get('/timing-policies')).body.items[0].id;
    const category = `queue-${Math.random().toString(36).slice(2, 10)}`;
    const queue = (await maria.post('/queues', { category, names: { en: category }, timingPolicy, slaPlan: plan.id })).body;
    const { number } = (await anna.post('/tickets', { subject: 'A panel', body: 'It does not start', category })).body;
    await maria.patch(`/queues/${queue.id}`, { slaPlan: null });
    await maria.patch(`/sla-plans/${plan.id}`, { calendar: standard });
    expect((await maria.get(`/calendars/${id}`)).body.uses).toEqual({ plans: [], agreements: 0, tickets: 1 });
    expect(codeOf(await maria.post(`/calendars/${id}/withdrawal`))).toEqual([409, 'calendar.in_use']);
    await kontor.db.query(`update ticket set status = 'archived' where number = $1`, [Number(number.slice(3))]);
    expect((await maria.post(`/calendars/${id}/withdrawal`)).status).toBe(200);
  });

  test('S2: a plan that is made while its calendar is withdrawn: one of the two is refused', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id } = await calendar();
      const [plan, withdrawal] = await Promise.all([
        maria.post('/sla-plans', { names: { en: 'In a race' }, rank: 1, ...promised, calendar: id }),
        maria.post(`/calendars/${id}/withdrawal`),
      ]);
      expect([
        [201, 409],
        [409, 200],
      ]).toContainEqual([plan.status, withdrawal.status]);
    }
  });
});

describe('a missing year', () => {
  test('S2: is told from 1 November of the calendar’s zone on, and before that nothing is', async () => {
    const clock = new MovableClock();
    clock.stop();
    const june = Date.UTC(clock.now().getUTCFullYear() + 1, 5, 15);
    clock.move((june - clock.now().getTime()) / 1000);
    const away = await startKontor({ clock, promises: false });
    try {
      const dora = await away.people.staff({ role: 'administrator' });
      const missing = async (id: string) =>
        (await dora.get('/calendars')).body.items.find((item: { id: string }) => item.id === id).missingYear;
      const year = clock.now().getUTCFullYear();
      const years = { [year]: plain, [year + 1]: plain };
      const { id } = (await dora.post('/calendars', wanted({ years }))).body;
      expect(await missing(id)).toBeNull();
      const look = async () => (await away.db.query('select rule from obligation where entity = $1', [`calendar:${id}`]))[0]!['rule'];
      const [step] = await away.db.query<{ due_at: Date; rule: string }>('select due_at, rule from obligation where entity = $1', [
        `calendar:${id}`,
      ]);
      expect(step).toEqual({ due_at: new Date(`${year + 1}-10-31T21:00:00Z`), rule: `missingYear ${year + 2}, ${year + 1}-11-01` });
      // A year that is taken out is looked for at once, one that comes puts the look off.
      await dora.delete(`/calendars/${id}/years/${year}`);
      expect(await missing(id)).toBe(year);
      await dora.put(`/calendars/${id}/years/${year}`, plain);
      await dora.put(`/calendars/${id}/years/${year + 2}`, plain);
      expect(await look()).toBe(`missingYear ${year + 3}, ${year + 2}-11-01`);
      await dora.delete(`/calendars/${id}/years/${year + 1}`);
      expect(await look()).toBe(`missingYear ${year + 1}, ${year}-11-01`);
      clock.move((Date.UTC(year, 9, 31, 20, 59, 59) - clock.now().getTime()) / 1000);
      const next = await away.people.staff({ role: 'administrator' });
      const told = async () => (await next.get('/calendars')).body.items.find((item: { id: string }) => item.id === id).missingYear;
      expect(await told()).toBeNull();
      clock.move(1);
      expect(await told()).toBe(year + 1);
    } finally {
      await away.stop();
    }
  });
});

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { changesOf } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;
let vera: TestStaff;
/** The official calendar that an installation begins with. */
let calendar: string;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await kontor.people.staff({ role: 'support' });
  vera = await kontor.people.staff({ role: 'billing' });
  calendar = (await maria.get('/sla-plans')).body.items[0].terms.calendar.id;
});
afterAll(() => kontor?.stop());

const hours16 = { amount: 16, unit: 'hours' };
const days5 = { amount: 5, unit: 'days' };

function wanted(more: object = {}) {
  return { names: { en: `Plan ${Math.random()}`, ru: 'План' }, rank: 15, response: hours16, criticalFix: days5, calendar, ...more };
}

async function plan(more: object = {}): Promise<{ id: string; revision: number; name: string }> {
  const made = await maria.post('/sla-plans', wanted(more));
  expect(made.status).toBe(201);
  return made.body;
}

async function queueOf(slaPlan: string | null, more: object = {}): Promise<{ id: string; category: string; revision: number }> {
  const timingPolicy = (await maria.get('/timing-policies')).body.items[0].id;
  const category = `queue-${Math.random().toString(36).slice(2, 10)}`;
  const made = await maria.post('/queues', { category, names: { en: category }, timingPolicy, slaPlan, ...more });
  expect(made.status).toBe(201);
  return made.body;
}

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body.error?.code];

describe('plans', () => {
  test('S1: an installation begins with Team and Enterprise of the specification, on the official calendar; no queue has a default', async () => {
    const { items } = (await oleg.get('/sla-plans', { 'accept-language': 'ru' })).body;
    const told = items.map(({ names, rank, terms, queues, agreements, withdrawn }: any) => ({
      name: names.en,
      rank,
      response: terms.response.words,
      fix: terms.criticalFix.words,
      time: terms.workingTime.words,
      version: terms.version,
      madeBy: terms.madeBy,
      used: [queues, agreements],
      withdrawn,
    }));
    const time = 'пн–пт, 11:00–20:00, Europe/Moscow';
    const rest = { time, version: 1, madeBy: null, used: [[], 0], withdrawn: false };
    expect(told).toEqual([
      { name: 'Enterprise', rank: 20, response: '16 рабочих часов', fix: '15 рабочих дней', ...rest },
      { name: 'Team', rank: 10, response: '5 рабочих дней', fix: '30 рабочих дней', ...rest },
    ]);
    expect((await oleg.get('/queues')).body.items.every((queue: any) => queue.slaPlan === null)).toBe(true);
  });

  test('S1: a plan is made, read, and told to open pages and to the audit without what people wrote', async () => {
    const hours = { opens: 540, closes: 1_080 };
    const names = { en: 'Nine to six', ru: 'С девяти до шести' };
    const made = await maria.post('/sla-plans', wanted({ names, hours, criticalFix: null, rank: 30 }));
    expect(made.headers.get('etag')).toBe('"1"');
    expect(made.body).toMatchObject({
      names,
      rank: 30,
      revision: 1,
      terms: {
        version: 1,
        response: { ...hours16, words: '16 working hours' },
        criticalFix: null,
        hours,
        workingTime: { ...hours, zone: 'Europe/Moscow', words: 'Mon–Fri, 09:00–18:00, Europe/Moscow' },
        calendar: { id: calendar, version: 1 },
        madeBy: { id: maria.id, name: 'Maria Orlova' },
      },
    });
    const { id } = made.body;
    const read = await vera.get(`/sla-plans/${id}`, { 'accept-language': 'ru' });
    expect([read.status, read.body.name, read.headers.get('etag')]).toEqual([200, 'С девяти до шести', '"1"']);
    const [line] = await kontor.db.query<{ action: string; actor_id: string; after: object }>(
      'select action, actor_id, after from audit_line where object = $1',
      [`sla-plan:${id}`],
    );
    expect(line).toEqual({
      action: 'sla_plan.make',
      actor_id: maria.id,
      after: { rank: '30', response: '16 hours', criticalFix: null, calendar, hours: '09:00–18:00' },
    });
    const told = await kontor.db.query<{ topic: object }>('select topic from change_feed where staff order by id desc limit 1');
    expect(told[0]!.topic).toEqual({ what: 'setting', id: 'sla_plan' });
  });

  test('S1: other targets, another calendar or other hours are a new version; a name or a rank alone is none', async () => {
    const { id } = await plan();
    const change = async (body: object) => (await maria.patch(`/sla-plans/${id}`, body)).body;
    const first = (await maria.get(`/sla-plans/${id}`)).body.terms;
    expect((await change({ names: { en: 'Renamed' }, rank: 1 })).terms).toEqual(first);
    expect((await change({ response: hours16, hours: null, calendar })).terms).toEqual(first);
    expect((await change({ response: days5 })).terms).toMatchObject({ version: 2, response: days5, criticalFix: days5 });
    expect((await change({ criticalFix: null })).terms).toMatchObject({ version: 3, response: days5, criticalFix: null });
    const last = await change({ hours: { opens: 0, closes: 1_440 } });
    expect(last).toMatchObject({ revision: 6, rank: 1, name: 'Renamed', terms: { version: 4, hours: { opens: 0, closes: 1_440 } } });

    const { items } = (await oleg.get(`/sla-plans/${id}/versions`)).body;
    expect(items.map(({ version, response, criticalFix, hours }: any) => [version, response?.words, criticalFix?.words, hours])).toEqual([
      [4, '5 working days', undefined, { opens: 0, closes: 1_440 }],
      [3, '5 working days', undefined, null],
      [2, '5 working days', '5 working days', null],
      [1, '16 working hours', '5 working days', null],
    ]);
    expect(items.at(-1)).toEqual(first);
  });

  test('S1: of two who change the same at once one is told that it is stale, and the version counts once', async () => {
    const { id } = await plan();
    const change = (amount: number) => maria.patch(`/sla-plans/${id}`, { response: { amount, unit: 'hours' } }, { 'if-match': '"1"' });
    const answers = await Promise.all([change(7), change(8), change(9)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
    expect((await maria.get(`/sla-plans/${id}/versions`)).body.items).toHaveLength(2);
  });

  test('S1: changes that say no revision follow one another, each with its version', async () => {
    const { id } = await plan();
    await Promise.all([7, 8, 9].map((amount) => maria.patch(`/sla-plans/${id}`, { response: { amount, unit: 'hours' } })));
    const { items } = (await maria.get(`/sla-plans/${id}/versions`)).body;
    expect(items.map(({ version }: any) => version)).toEqual([4, 3, 2, 1]);
  });

  test('S1: the same request sent again makes one plan', async () => {
    const body = wanted();
    const key = { 'idempotency-key': `plan-${Math.random()}` };
    const answers = await Promise.all([maria.post('/sla-plans', body, key), maria.post('/sla-plans', body, key)]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    const { items } = (await maria.get('/sla-plans')).body;
    expect(items.filter(({ names }: any) => names.en === body.names.en)).toHaveLength(1);
  });

  test('S1: what is no target, no hours, no calendar or no name is refused, and nothing changes', async () => {
    const { id } = await plan();
    const malformed = [
      { response: { amount: 0, unit: 'hours' } },
      { response: { amount: 4_001, unit: 'hours' } },
      { response: { amount: 501, unit: 'days' } },
      { response: { amount: 100_001, unit: 'minutes' } },
      { response: { amount: 1.5, unit: 'hours' } },
      { response: { amount: 1, unit: 'weeks' } },
      { response: '16 hours' },
      { criticalFix: { amount: 1 } },
      { hours: { opens: 0 } },
      { hours: { opens: -1, closes: 600 } },
      { hours: { opens: 0, closes: 1_441 } },
      { rank: -1 },
      { rank: 1_001 },
      { names: { ru: 'Без английского' } },
      { names: { en: '' } },
      { calendar: 'official' },
      { somethingElse: 1 },
    ];
    const changes = await changesOf(kontor.db, async () => {
      for (const wrong of malformed) {
        expect([wrong, codeOf(await maria.post('/sla-plans', wanted(wrong)))]).toEqual([wrong, [400, 'request.invalid']]);
        expect([wrong, codeOf(await maria.patch(`/sla-plans/${id}`, wrong))]).toEqual([wrong, [400, 'request.invalid']]);
      }
      for (const closes of [600, 599]) {
        const hours = { opens: 600, closes };
        expect(codeOf(await maria.post('/sla-plans', wanted({ hours })))).toEqual([422, 'service_terms.hours_wrong']);
        expect(codeOf(await maria.patch(`/sla-plans/${id}`, { hours }))).toEqual([422, 'service_terms.hours_wrong']);
      }
      const nowhere = { calendar: calendar.replace(/.$/, calendar.endsWith('z') ? 'y' : 'z') };
      expect(codeOf(await maria.post('/sla-plans', wanted(nowhere)))).toEqual([404, 'calendar.not_found']);
      expect(codeOf(await maria.patch(`/sla-plans/${id}`, nowhere))).toEqual([404, 'calendar.not_found']);
      for (const none of ['sla_zzzzzzzzzzzzzzzzzzzzzzzzzz', 'nonsense', calendar]) {
        for (const path of [`/sla-plans/${none}`, `/sla-plans/${none}/versions`])
          expect(codeOf(await maria.get(path))).toEqual([404, 'sla_plan.not_found']);
        expect(codeOf(await maria.patch(`/sla-plans/${none}`, { rank: 1 }))).toEqual([404, 'sla_plan.not_found']);
        expect(codeOf(await maria.post(`/sla-plans/${none}/withdrawal`))).toEqual([404, 'sla_plan.not_found']);
        expect(codeOf(await maria.delete(`/sla-plans/${none}/withdrawal`))).toEqual([404, 'sla_plan.not_found']);
      }
    });
    // Refusals of a POST are kept under their key only, and these had none.
    expect(changes).toEqual([]);
  });

  test('S1: a calendar that is withdrawn is given to no plan; one that has it keeps it', async () => {
    const other = 'cal_00000000000000000000000001';
    await kontor.db.query(
      `insert into calendar (id, name, version, created_at, updated_at) values ($1, '{"en":"Other"}', 1, now(), now())`,
      [other],
    );
    await kontor.db.query(
      `insert into calendar_version (calendar_id, version, definition, made_at)
        select $1, 1, definition, now() from calendar_version where calendar_id = $2 and version = 1`,
      [other, calendar],
    );
    const { id } = await plan({ calendar: other });
    await kontor.db.query('update calendar set withdrawn_at = now() where id = $1', [other]);
    expect(codeOf(await maria.post('/sla-plans', wanted({ calendar: other })))).toEqual([409, 'calendar.withdrawn']);
    expect((await maria.patch(`/sla-plans/${id}`, { response: days5 })).body.terms).toMatchObject({ version: 2, calendar: { id: other } });
  });

  test('I8: everybody of the staff reads, administrators write, customers meet nothing', async () => {
    const { id } = await plan();
    for (const person of [oleg, vera]) {
      expect((await person.get(`/sla-plans/${id}`)).status).toBe(200);
      expect((await person.post('/sla-plans', wanted())).status).toBe(403);
      expect((await person.patch(`/sla-plans/${id}`, { rank: 1 })).status).toBe(403);
      expect((await person.post(`/sla-plans/${id}/withdrawal`)).status).toBe(403);
    }
    expect((await anna.get('/api/staff/v1/sla-plans')).status).toBe(404);
  });
});

describe('withdrawing a plan', () => {
  test('S1: it is offered to nobody, is not changed, and may be brought back; what it promised stays told', async () => {
    const { id } = await plan();
    const withdrawn = await maria.post(`/sla-plans/${id}/withdrawal`, undefined, { 'if-match': '"1"' });
    expect(withdrawn).toMatchObject({ status: 200, body: { withdrawn: true, revision: 2 } });
    const ids = async (query = '') => (await oleg.get(`/sla-plans${query}`)).body.items.map((each: { id: string }) => each.id);
    expect(await ids()).not.toContain(id);
    expect(await ids('?withdrawn=true')).toContain(id);
    expect((await maria.get(`/sla-plans/${id}/versions`)).body.items).toHaveLength(1);
    expect(codeOf(await maria.patch(`/sla-plans/${id}`, { rank: 2 }))).toEqual([409, 'sla_plan.withdrawn']);
    expect(codeOf(await maria.post(`/sla-plans/${id}/withdrawal`))).toEqual([409, 'sla_plan.withdrawn']);
    const queue = await queueOf(null);
    expect(codeOf(await maria.patch(`/queues/${queue.id}`, { slaPlan: id }))).toEqual([409, 'sla_plan.withdrawn']);

    expect(codeOf(await maria.delete(`/sla-plans/${id}/withdrawal`, { 'if-match': '"1"' }))).toEqual([412, 'request.stale']);
    expect(await maria.delete(`/sla-plans/${id}/withdrawal`)).toMatchObject({ status: 200, body: { withdrawn: false, revision: 3 } });
    expect(codeOf(await maria.delete(`/sla-plans/${id}/withdrawal`))).toEqual([409, 'sla_plan.not_withdrawn']);
    const actions = await kontor.db.query<{ action: string }>('select action from audit_line where object = $1 order by at, id', [
      `sla-plan:${id}`,
    ]);
    expect(actions.map(({ action }) => action)).toEqual(['sla_plan.make', 'sla_plan.withdraw', 'sla_plan.restore']);
  });

  test('S1: one whose calendar was withdrawn meanwhile is not brought back, and nothing changes', async () => {
    const week = { zone: 'Europe/Moscow', weekdays: [1, 2, 3, 4, 5], opens: 660, closes: 1_200, honourShortDays: false, years: {} };
    const made = await maria.post('/calendars', { names: { en: 'Of its own' }, ...week });
    const { id } = await plan({ calendar: made.body.id });
    await maria.post(`/sla-plans/${id}/withdrawal`);
    expect((await maria.post(`/calendars/${made.body.id}/withdrawal`)).status).toBe(200);
    const changes = await changesOf(kontor.db, async () => {
      expect(codeOf(await maria.delete(`/sla-plans/${id}/withdrawal`))).toEqual([409, 'calendar.withdrawn']);
    });
    expect(changes).toEqual([]);
    expect((await maria.get(`/sla-plans/${id}`)).body).toMatchObject({ withdrawn: true, revision: 2 });
  });

  test('S1: brought back while its calendar is withdrawn: one of the two is refused', async () => {
    const week = { zone: 'Europe/Moscow', weekdays: [1, 2, 3, 4, 5], opens: 660, closes: 1_200, honourShortDays: false, years: {} };
    for (let round = 0; round < 8; round += 1) {
      const own = (await maria.post('/calendars', { names: { en: 'In a race' }, ...week })).body;
      const { id } = await plan({ calendar: own.id });
      await maria.post(`/sla-plans/${id}/withdrawal`);
      const [restored, withdrawn] = await Promise.all([
        maria.delete(`/sla-plans/${id}/withdrawal`),
        maria.post(`/calendars/${own.id}/withdrawal`),
      ]);
      expect([
        [200, 409],
        [409, 200],
      ]).toContainEqual([restored.status, withdrawn.status]);
    }
  });

  test('S1: one that a queue goes by stays, and says which', async () => {
    const { id } = await plan();
    const queue = await queueOf(id);
    expect((await maria.get(`/sla-plans/${id}`)).body.queues).toEqual([{ id: queue.id, name: queue.category }]);
    expect(codeOf(await maria.post(`/sla-plans/${id}/withdrawal`))).toEqual([409, 'sla_plan.in_use']);
    await maria.patch(`/queues/${queue.id}`, { slaPlan: null });
    expect((await maria.post(`/sla-plans/${id}/withdrawal`)).status).toBe(200);
  });

  test('S1: withdrawn and given to a queue at once, one of the two happens', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await plan();
      const queue = await queueOf(null);
      const [withdrawn, given] = await Promise.all([
        maria.post(`/sla-plans/${id}/withdrawal`),
        maria.patch(`/queues/${queue.id}`, { slaPlan: id }),
      ]);
      expect([withdrawn.status, given.status].toSorted((a, b) => a - b)).toEqual([200, 409]);
      const after = (await maria.get(`/sla-plans/${id}`)).body;
      expect([after.withdrawn, after.queues.length]).toEqual(withdrawn.status === 200 ? [true, 0] : [false, 1]);
    }
  });
});

describe('the default of a queue', () => {
  test('S1: is set, told, changed and taken away; what is left out stays', async () => {
    const [one, other] = [await plan(), await plan()];
    const queue = await queueOf(one.id);
    const settings = async () => (await oleg.get('/queues')).body.items.find(({ id }: { id: string }) => id === queue.id);
    expect((await settings()).slaPlan).toEqual({ id: one.id, name: one.name });
    await maria.patch(`/queues/${queue.id}`, { position: 7 });
    expect((await settings()).slaPlan.id).toBe(one.id);
    const changed = await maria.patch(`/queues/${queue.id}`, { slaPlan: other.id }, { 'if-match': '"2"' });
    expect(changed.body).toMatchObject({ slaPlan: { id: other.id }, revision: 3, position: 7 });
    expect((await maria.patch(`/queues/${queue.id}`, { slaPlan: null })).body.slaPlan).toBeNull();
    const lines = await kontor.db.query<{ after: Record<string, string | null> }>(
      `select after from audit_line where object = $1 and action = 'queue.change' order by at, id`,
      [`queue:${queue.id}`],
    );
    expect(lines.map(({ after }) => after)).toEqual([{ position: '7' }, { slaPlan: other.id }, { slaPlan: null }]);
  });

  test('S1: what is no plan is refused, and nothing changes', async () => {
    const queue = await queueOf(null);
    const changes = await changesOf(kontor.db, async () => {
      expect(codeOf(await maria.patch(`/queues/${queue.id}`, { slaPlan: 'sla_zzzzzzzzzzzzzzzzzzzzzzzzzz' }))).toEqual([
        404,
        'sla_plan.not_found',
      ]);
      for (const wrong of ['', 'team', 5, calendar])
        expect(codeOf(await maria.patch(`/queues/${queue.id}`, { slaPlan: wrong }))).toEqual([400, 'request.invalid']);
      expect((await oleg.patch(`/queues/${queue.id}`, { slaPlan: null })).status).toBe(403);
    });
    expect(changes).toEqual([]);
  });

  test('S1: a new ticket is promised the plan of its queue, in the version of that moment, and keeps it', async () => {
    const { id } = await plan();
    const queue = await queueOf(id);
    const open = async () => {
      const { number } = (await anna.post('/tickets', { subject: 'A', body: 'B', category: queue.category })).body;
      const [row] = await kontor.db.query<{ version: number; source: string }>(
        `select s.version, t.terms_source as source from ticket t join service_terms s on s.id = t.terms_id where t.number = $1`,
        [Number(number.slice(3))],
      );
      return { number, row };
    };
    const first = await open();
    expect(first.row).toEqual({ version: 1, source: 'queue' });
    await maria.patch(`/sla-plans/${id}`, { response: days5 });
    expect((await open()).row).toEqual({ version: 2, source: 'queue' });
    const [kept] = await kontor.db.query<{ version: number }>(
      'select s.version from ticket t join service_terms s on s.id = t.terms_id where t.number = $1',
      [Number(first.number.slice(3))],
    );
    expect(kept).toEqual({ version: 1 });
    await maria.patch(`/queues/${queue.id}`, { slaPlan: null });
    expect((await open()).row).toBeUndefined();
  });
});

test('S1: what was promised can be added to and never changed, by the role of the product itself', async () => {
  await plan();
  const app = new Client({ connectionString: kontor.db.appUrl });
  await app.connect();
  try {
    for (const sql of [
      `update service_terms set response = null`,
      `update service_terms set version = version`,
      'delete from service_terms',
      'truncate service_terms',
      'drop table service_terms',
      'delete from sla_plan',
      'delete from service_agreement',
    ])
      await expect(app.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    await expect(app.query('update sla_plan set rank = rank')).resolves.toBeTruthy();
  } finally {
    await app.end();
  }
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { changesOf } from './api-surroundings.ts';

const day = 86_400;
const hours4 = { amount: 4, unit: 'hours' };
const days10 = { amount: 10, unit: 'days' };
const nobody = { id: 'z'.repeat(26) };

let kontor: Kontor;
let clock: MovableClock;
let maria: TestStaff;
let oleg: TestStaff;
let vera: TestStaff;
/** Of an installation: Enterprise and Team, and the official calendar. */
let [enterprise, team, calendar]: string[] = [];

beforeAll(async () => {
  clock = new MovableClock();
  kontor = await startKontor({ promises: false, clock, signInAgain: true });
  maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await kontor.people.staff({ role: 'support' });
  vera = await kontor.people.staff({ role: 'billing' });
  const { items } = (await maria.get('/sla-plans')).body;
  [enterprise, team] = items.map(({ id }: { id: string }) => id);
  calendar = items[0].terms.calendar.id;
});
afterAll(() => kontor?.stop());

/** So many days from now. */
const inDays = (days: number) => new Date(clock.now().getTime() + days * day * 1_000).toISOString();

function wanted(account: string, more: object = {}) {
  return { account, kind: 'enterprise', plan: enterprise, startsAt: inDays(0), ...more };
}

async function agreement(customer: TestCustomer, more: object = {}): Promise<any> {
  const made = await maria.post('/agreements', wanted(customer.accountId, more));
  expect(made.status).toBe(201);
  return made.body;
}

/** A plan of its own, to be changed without touching other tests. */
async function planWith(terms: object = {}): Promise<string> {
  const names = { en: `Plan ${Math.random()}` };
  const plan = { names, rank: 15, response: { amount: 16, unit: 'hours' }, criticalFix: { amount: 15, unit: 'days' }, calendar, ...terms };
  return (await maria.post('/sla-plans', plan)).body.id;
}

async function queueWith(slaPlan: string | null): Promise<string> {
  const timingPolicy = (await maria.get('/timing-policies')).body.items[0].id;
  const category = `queue-${Math.random().toString(36).slice(2, 10)}`;
  await maria.post('/queues', { category, names: { en: category, ru: `Очередь ${category}` }, timingPolicy, slaPlan });
  return category;
}

/** What a ticket of this customer is promised. */
async function promisedTo(customer: TestCustomer, category: string): Promise<unknown> {
  const { number } = (await customer.post('/tickets', { subject: 'A', body: 'B', category })).body;
  return promiseOf(number);
}

async function promiseOf(number: string): Promise<unknown> {
  const [row] = await kontor.db.query<{ source: string; response: object; agreement: string | null }>(
    `select t.terms_source as source, s.response, s.agreement_id as agreement from ticket t join service_terms s on s.id = t.terms_id where t.number = $1`,
    [Number(number.slice(3))],
  );
  return row ?? null;
}

const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body.error?.code];

describe('an agreement', () => {
  test('S6: has its own targets and hours, and for the rest those of its plan; it is told, and nobody’s words with it', async () => {
    const anna = await kontor.people.customer();
    const hours = { opens: 480, closes: 1_320 };
    const more = { own: { response: hours4, hours }, endsAt: inDays(365), note: 'Signed on paper, No. 17', kind: 'cloud_team' };
    const made = await maria.post('/agreements', wanted(anna.accountId, more));
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"1"']);
    expect(made.body).toMatchObject({
      account: { id: anna.accountId, name: 'Vega Ltd' },
      kind: 'cloud_team',
      state: 'standing',
      plan: { id: enterprise, name: 'Enterprise', version: 1, newestVersion: 1 },
      own: ['response', 'hours'],
      terms: {
        version: 1,
        response: { ...hours4, words: '4 working hours' },
        criticalFix: { amount: 15, unit: 'days' },
        hours,
        workingTime: { words: 'Mon–Fri, 08:00–22:00, Europe/Moscow' },
        calendar: { id: calendar },
        madeBy: { id: maria.id },
      },
      note: 'Signed on paper, No. 17',
      madeBy: { id: maria.id, name: 'Maria Orlova' },
      revision: 1,
    });
    const read = await vera.get(`/agreements/${made.body.id}`);
    expect([read.status, read.headers.get('etag'), read.body.id]).toEqual([200, '"1"', made.body.id]);
    const [line] = await kontor.db.query<{ action: string; after: Record<string, string> }>(
      'select action, after from audit_line where object = $1',
      [`agreement:${made.body.id}`],
    );
    expect(line).toMatchObject({
      action: 'agreement.make',
      after: { account: anna.accountId, kind: 'cloud_team', slaPlan: enterprise, response: '4 hours', hours: '08:00–22:00' },
    });
    expect(JSON.stringify(await kontor.db.query('select before, after from audit_line'))).not.toContain('paper');
    expect(JSON.stringify(await kontor.db.query('select topic from change_feed'))).not.toContain('paper');
    const [topic] = await kontor.db.query('select topic, account_id, staff from change_feed order by id desc limit 1');
    expect(topic).toEqual({ topic: { what: 'setting', id: 'agreement' }, account_id: anna.accountId, staff: true });
  });

  test('S6: no promise, and the calendar’s hours, can be its own too', async () => {
    const anna = await kontor.people.customer();
    const plan = await planWith({ hours: { opens: 0, closes: 1_440 } });
    const made = await agreement(anna, { plan, own: { criticalFix: null, hours: null } });
    expect(made).toMatchObject({ own: ['criticalFix', 'hours'], terms: { criticalFix: null, hours: null } });
    expect(made.terms.workingTime.words).toBe('Mon–Fri, 11:00–20:00, Europe/Moscow');
  });

  test('S6: a new ticket is promised it in every queue while it stands, and not before or after; what was promised stays', async () => {
    const anna = await kontor.people.customer();
    const [served, unserved] = [await queueWith(team!), await queueWith(null)];
    const ofQueue = { source: 'queue', response: { amount: 5, unit: 'days' }, agreement: null };
    const { id } = await agreement(anna, { startsAt: inDays(1), endsAt: inDays(3), own: { response: hours4 } });
    const ofAgreement = { source: 'agreement', response: hours4, agreement: id };
    expect([await promisedTo(anna, served), await promisedTo(anna, unserved)]).toEqual([ofQueue, null]);
    clock.move(day);
    expect([await promisedTo(anna, served), await promisedTo(anna, unserved)]).toEqual([ofAgreement, ofAgreement]);
    const { number } = (await anna.post('/tickets', { subject: 'A', body: 'B', category: served })).body;
    clock.move(2 * day);
    expect([await promisedTo(anna, served), await promisedTo(anna, unserved)]).toEqual([ofQueue, null]);
    expect(await promiseOf(number)).toEqual(ofAgreement);
    expect((await maria.get(`/agreements/${id}`)).body.state).toBe('ended');
  });

  test('S6: nobody else’s ticket is promised it', async () => {
    const [anna, boris] = [await kontor.people.customer(), await kontor.people.customer()];
    await agreement(anna);
    expect(await promisedTo(boris, await queueWith(null))).toBeNull();
  });

  test('S6: a plan that changes later changes no agreement on it, until the agreement is made on it anew', async () => {
    const anna = await kontor.people.customer();
    const plan = await planWith();
    const { id, terms } = await agreement(anna, { plan, own: { criticalFix: days10 } });
    await maria.patch(`/sla-plans/${plan}`, { response: { amount: 8, unit: 'hours' }, criticalFix: { amount: 99, unit: 'days' } });
    expect((await maria.get(`/agreements/${id}`)).body).toMatchObject({ plan: { version: 1, newestVersion: 2 }, terms });

    // Changed itself, it stays on what was agreed on.
    const changed = (await maria.patch(`/agreements/${id}`, { own: { criticalFix: { amount: 12, unit: 'days' } } })).body;
    expect(changed).toMatchObject({
      plan: { version: 1, newestVersion: 2 },
      own: ['criticalFix'],
      terms: { version: 2, response: { amount: 16, unit: 'hours' }, criticalFix: { amount: 12, unit: 'days' } },
    });
    const back = (await maria.patch(`/agreements/${id}`, { own: {} })).body;
    expect(back).toMatchObject({ own: [], terms: { version: 3, criticalFix: { amount: 15, unit: 'days' } } });
    const anew = (await maria.patch(`/agreements/${id}`, { plan })).body;
    expect(anew).toMatchObject({
      plan: { version: 2, newestVersion: 2 },
      terms: { version: 4, response: { amount: 8, unit: 'hours' }, criticalFix: { amount: 99, unit: 'days' } },
    });
    const { items } = (await oleg.get(`/agreements/${id}/versions`)).body;
    expect(items.map(({ version }: { version: number }) => version)).toEqual([4, 3, 2, 1]);
    expect(items.at(-1)).toEqual(terms);
  });

  test('S6: what changes nothing that is promised is no new version', async () => {
    const anna = await kontor.people.customer();
    const { id, terms } = await agreement(anna, { own: { response: hours4 } });
    for (const body of [
      { note: 'Called' },
      { kind: 'cloud_team' },
      { endsAt: inDays(9) },
      { plan: enterprise },
      { own: { response: hours4 } },
    ])
      expect([body, (await maria.patch(`/agreements/${id}`, body)).body.terms]).toEqual([body, terms]);
    expect((await maria.get(`/agreements/${id}`)).body).toMatchObject({ note: 'Called', kind: 'cloud_team', revision: 6 });
    expect((await maria.patch(`/agreements/${id}`, { note: null, endsAt: null })).body).toMatchObject({ note: null, endsAt: null });
    expect((await maria.patch(`/agreements/${id}`, { plan: team, own: { response: hours4 } })).body).toMatchObject({
      plan: { id: team },
      terms: { version: 2, response: hours4, criticalFix: { amount: 30, unit: 'days' } },
    });
  });

  test('S6: a plan that an agreement is on, or will be, is not withdrawn; once it has ended it may be', async () => {
    const anna = await kontor.people.customer();
    const plan = await planWith();
    const { id } = await agreement(anna, { plan, startsAt: inDays(2) });
    expect((await maria.get(`/sla-plans/${plan}`)).body.agreements).toBe(1);
    expect(codeOf(await maria.post(`/sla-plans/${plan}/withdrawal`))).toEqual([409, 'sla_plan.in_use']);
    await maria.post(`/agreements/${id}/end`);
    expect((await maria.get(`/sla-plans/${plan}`)).body.agreements).toBe(0);
    expect((await maria.post(`/sla-plans/${plan}/withdrawal`)).status).toBe(200);
    expect(codeOf(await maria.post('/agreements', wanted(anna.accountId, { plan })))).toEqual([409, 'sla_plan.withdrawn']);
  });

  test('S6: withdrawn and agreed on at once, one of the two happens', async () => {
    for (let round = 0; round < 5; round += 1) {
      const anna = await kontor.people.customer();
      const plan = await planWith();
      const [withdrawn, made] = await Promise.all([
        maria.post(`/sla-plans/${plan}/withdrawal`),
        maria.post('/agreements', wanted(anna.accountId, { plan })),
      ]);
      expect([withdrawn.status === 200, made.status === 201].filter(Boolean)).toHaveLength(1);
    }
  });
});

describe('one agreement at a time', () => {
  test('S6: two of one account never overlap; one may follow the other in the very instant', async () => {
    const anna = await kontor.people.customer();
    await agreement(anna, { startsAt: inDays(10), endsAt: inDays(20) });
    const [ends, begins] = [(await maria.get(`/agreements?account=${anna.accountId}`)).body.items[0].endsAt, inDays(10)];
    for (const [startsAt, endsAt] of [
      [inDays(9), inDays(11)],
      [inDays(12), inDays(13)],
      [inDays(19), inDays(30)],
      [inDays(5), null],
      [inDays(5), inDays(40)],
    ])
      expect(codeOf(await maria.post('/agreements', wanted(anna.accountId, { startsAt, endsAt })))).toEqual([409, 'agreement.overlaps']);
    const after = await agreement(anna, { startsAt: ends });
    expect(begins < ends).toBe(true);
    const before = await agreement(anna, { startsAt: inDays(1), endsAt: inDays(9) });
    // A change may not make them overlap either.
    expect(codeOf(await maria.patch(`/agreements/${after.id}`, { startsAt: inDays(15) }))).toEqual([409, 'agreement.overlaps']);
    expect(codeOf(await maria.patch(`/agreements/${before.id}`, { endsAt: inDays(11) }))).toEqual([409, 'agreement.overlaps']);
    expect(codeOf(await maria.patch(`/agreements/${before.id}`, { endsAt: null }))).toEqual([409, 'agreement.overlaps']);
    expect((await maria.patch(`/agreements/${before.id}`, { endsAt: inDays(8) })).status).toBe(200);
    // Another account's are nobody's matter.
    await agreement(await kontor.people.customer(), { startsAt: inDays(10), endsAt: inDays(20) });
  });

  test('S6: of several that would overlap, made at the same moment, one is made', async () => {
    for (let round = 0; round < 3; round += 1) {
      const anna = await kontor.people.customer();
      const answers = await Promise.all(
        [0, 1, 2, 3].map((days) => maria.post('/agreements', wanted(anna.accountId, { startsAt: inDays(days) }))),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
      expect((await maria.get(`/agreements?account=${anna.accountId}`)).body.items).toHaveLength(1);
    }
  });

  test('S6: of two that are moved into each other at the same moment, one is moved', async () => {
    const anna = await kontor.people.customer();
    const [one, other] = [
      await agreement(anna, { startsAt: inDays(1), endsAt: inDays(5) }),
      await agreement(anna, { startsAt: inDays(10), endsAt: inDays(15) }),
    ];
    const answers = await Promise.all([
      maria.patch(`/agreements/${one.id}`, { endsAt: inDays(9) }),
      maria.patch(`/agreements/${other.id}`, { startsAt: inDays(6) }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  test('S6: the same request sent again makes one agreement, and is answered the same', async () => {
    const anna = await kontor.people.customer();
    const body = wanted(anna.accountId);
    const key = { 'idempotency-key': `agreement-${anna.id}` };
    const answers = await Promise.all([maria.post('/agreements', body, key), maria.post('/agreements', body, key)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0].body).toEqual(answers[1].body);
    expect((await maria.get(`/agreements?account=${anna.accountId}`)).body.items).toHaveLength(1);
  });

  test('S6: of two who change the same at once one is told that it is stale', async () => {
    const anna = await kontor.people.customer();
    const { id } = await agreement(anna);
    const change = (amount: number) =>
      maria.patch(`/agreements/${id}`, { own: { response: { amount, unit: 'hours' } } }, { 'if-match': '"1"' });
    const answers = await Promise.all([change(1), change(2), change(3)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
    expect((await maria.get(`/agreements/${id}/versions`)).body.items).toHaveLength(2);
    expect(codeOf(await maria.post(`/agreements/${id}/end`, undefined, { 'if-match': '"1"' }))).toEqual([412, 'request.stale']);
  });
});

describe('the end of an agreement', () => {
  test('S6: it ends now, once, and is not changed any more; another may begin at once', async () => {
    const anna = await kontor.people.customer();
    const category = await queueWith(null);
    const { id } = await agreement(anna, { own: { response: hours4 } });
    const { number } = (await anna.post('/tickets', { subject: 'A', body: 'B', category })).body;
    const ended = await maria.post(`/agreements/${id}/end`, undefined, { 'if-match': '"1"' });
    expect(ended).toMatchObject({ status: 200, body: { state: 'ended', revision: 2 } });
    expect(await promisedTo(anna, category)).toBeNull();
    expect(await promiseOf(number)).toMatchObject({ agreement: id });
    for (const body of [{ note: 'Late' }, { endsAt: null }, { own: {} }])
      expect(codeOf(await maria.patch(`/agreements/${id}`, body))).toEqual([409, 'agreement.ended']);
    expect(codeOf(await maria.post(`/agreements/${id}/end`))).toEqual([409, 'agreement.ended']);
    await agreement(anna);
    const actions = await kontor.db.query<{ action: string }>('select action from audit_line where object = $1 order by at, id', [
      `agreement:${id}`,
    ]);
    expect(actions.map(({ action }) => action)).toEqual(['agreement.make', 'agreement.end']);
  });

  test('S6: one that has not begun never applies, and is in nobody’s way', async () => {
    const anna = await kontor.people.customer();
    const category = await queueWith(null);
    const { id, startsAt } = await agreement(anna, { startsAt: inDays(5) });
    const ended = await maria.post(`/agreements/${id}/end`);
    expect(ended.body).toMatchObject({ state: 'ended', endsAt: startsAt });
    await agreement(anna, { startsAt: inDays(4), endsAt: inDays(6) });
    clock.move(5 * day + 60);
    expect(await promisedTo(anna, category)).not.toMatchObject({ agreement: id });
    expect(
      (await maria.get(`/agreements?account=${anna.accountId}&state=ended`)).body.items.map((each: { id: string }) => each.id),
    ).toEqual([id]);
  });

  test('S6: since when one stands is a fact once it has begun; until then it may be moved', async () => {
    const anna = await kontor.people.customer();
    const { id } = await agreement(anna, { startsAt: inDays(5) });
    expect((await maria.patch(`/agreements/${id}`, { startsAt: inDays(1), endsAt: inDays(30) })).body.state).toBe('coming');
    clock.move(2 * day);
    expect(codeOf(await maria.patch(`/agreements/${id}`, { startsAt: inDays(3) }))).toEqual([409, 'agreement.begun']);
    expect((await maria.patch(`/agreements/${id}`, { endsAt: inDays(3) })).body.state).toBe('standing');
  });
});

describe('what is refused changes nothing', () => {
  test('S6: a period that is none, or over', async () => {
    const anna = await kontor.people.customer();
    const { id } = await agreement(anna, { startsAt: inDays(-5) });
    const boris = await kontor.people.customer();
    const changes = await changesOf(kontor.db, async () => {
      const post = async (more: object) => codeOf(await maria.post('/agreements', wanted(boris.accountId, more)));
      const patch = async (body: object) => codeOf(await maria.patch(`/agreements/${id}`, body));
      const begins = inDays(2);
      expect(await post({ startsAt: begins, endsAt: begins })).toEqual([422, 'agreement.ends_before_start']);
      expect(await post({ startsAt: begins, endsAt: inDays(1) })).toEqual([422, 'agreement.ends_before_start']);
      expect(await post({ startsAt: inDays(-2), endsAt: inDays(-1) })).toEqual([422, 'agreement.ends_in_past']);
      for (const startsAt of ['0026-01-01T00:00:00Z', '1999-12-31T23:59:59Z', '2200-01-02T00:00:00Z'])
        expect(await post({ startsAt })).toEqual([422, 'agreement.date_out_of_range']);
      expect(await patch({ endsAt: '9999-12-31T23:59:59Z' })).toEqual([422, 'agreement.date_out_of_range']);
      expect(await patch({ endsAt: inDays(-6) })).toEqual([422, 'agreement.ends_before_start']);
      expect(await patch({ endsAt: inDays(-1) })).toEqual([422, 'agreement.ends_in_past']);
    });
    expect(changes).toEqual([]);
  });

  test('S6: what names nothing, and what is no agreement', async () => {
    const anna = await kontor.people.customer();
    const { id } = await agreement(anna);
    const boris = await kontor.people.customer();
    const changes = await changesOf(kontor.db, async () => {
      const post = async (more: object) => codeOf(await maria.post('/agreements', { ...wanted(boris.accountId), ...more }));
      expect(await post({ account: `acc_${nobody.id}` })).toEqual([404, 'customer.not_found']);
      expect(await post({ plan: `sla_${nobody.id}` })).toEqual([404, 'sla_plan.not_found']);
      expect(await post({ own: { calendar: `cal_${nobody.id}` } })).toEqual([404, 'calendar.not_found']);
      expect(await post({ own: { hours: { opens: 600, closes: 600 } } })).toEqual([422, 'service_terms.hours_wrong']);
      expect(codeOf(await maria.patch(`/agreements/${id}`, { plan: `sla_${nobody.id}` }))).toEqual([404, 'sla_plan.not_found']);
      expect(codeOf(await maria.patch(`/agreements/${id}`, { own: { hours: { opens: 9, closes: 8 } } }))).toEqual([
        422,
        'service_terms.hours_wrong',
      ]);
      for (const none of [`agr_${nobody.id}`, 'nonsense', anna.accountId]) {
        for (const path of [`/agreements/${none}`, `/agreements/${none}/versions`])
          expect(codeOf(await maria.get(path))).toEqual([404, 'agreement.not_found']);
        expect(codeOf(await maria.patch(`/agreements/${none}`, { note: null }))).toEqual([404, 'agreement.not_found']);
        expect(codeOf(await maria.post(`/agreements/${none}/end`))).toEqual([404, 'agreement.not_found']);
        expect(codeOf(await maria.get(`/customers/${none === anna.accountId ? 'x' : none}/service-level`))).toEqual([
          404,
          'customer.not_found',
        ]);
      }
      for (const wrong of [
        { kind: 'friend' },
        { plan: 'Enterprise' },
        { startsAt: 'tomorrow' },
        { startsAt: null },
        { endsAt: '2026-01-01' },
        { note: '' },
        { note: 'x'.repeat(2_001) },
        { own: { response: { amount: 0, unit: 'days' } } },
        { own: { calendarId: calendar } },
        { own: null },
        { terms: {} },
      ])
        expect([wrong, await post(wrong)]).toEqual([wrong, [400, 'request.invalid']]);
    });
    expect(changes).toEqual([]);
  });

  test('I8: everybody of the staff reads, administrators write, customers see no agreement of anybody', async () => {
    const anna = await kontor.people.customer();
    const { id } = await agreement(anna);
    for (const person of [oleg, vera]) {
      expect((await person.get(`/agreements/${id}`)).status).toBe(200);
      expect((await person.post('/agreements', wanted(anna.accountId))).status).toBe(403);
      expect((await person.patch(`/agreements/${id}`, { note: null })).status).toBe(403);
      expect((await person.post(`/agreements/${id}/end`)).status).toBe(403);
    }
    expect((await anna.get(`/api/staff/v1/agreements/${id}`)).status).toBe(404);
  });
});

describe('the list of agreements', () => {
  test('S6: is narrowed by account, plan and state, and read on page by page', async () => {
    const anna = await kontor.people.customer();
    const plan = await planWith();
    const ended = await agreement(anna, { plan, startsAt: inDays(-20), endsAt: inDays(1) });
    clock.move(2 * day);
    const standing = await agreement(anna, { plan, startsAt: inDays(-1), endsAt: inDays(10) });
    const coming = await agreement(anna, { plan, startsAt: inDays(10) });
    const ids = async (query: string) => (await oleg.get(`/agreements?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await ids(`account=${anna.accountId}`)).toEqual([coming.id, standing.id, ended.id]);
    expect(await ids(`plan=${plan}`)).toEqual([coming.id, standing.id, ended.id]);
    for (const [state, { id }] of Object.entries({ ended, standing, coming })) {
      expect(await ids(`account=${anna.accountId}&state=${state}`)).toEqual([id]);
      expect((await oleg.get(`/agreements/${id}`)).body.state).toBe(state);
    }
    expect(await ids(`account=acc_${nobody.id}`)).toEqual([]);

    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { items, nextCursor } = (await oleg.get(`/agreements?plan=${plan}&limit=1${cursor}`)).body;
      seen.push(...items.map(({ id }: { id: string }) => id));
      if (nextCursor === null) break;
      cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(seen).toEqual([coming.id, standing.id, ended.id]);
    for (const wrong of ['state=old', 'account=x', 'plan=team', 'limit=0', 'sort=name'])
      expect((await oleg.get(`/agreements?${wrong}`)).status).toBe(400);
    expect(codeOf(await oleg.get('/agreements?cursor=x'))).toEqual([400, 'request.cursor_invalid']);
  });
});

describe('what an account is promised', () => {
  test('S1, S6: staff see for each queue what would apply to a new ticket, and why', async () => {
    const anna = await kontor.people.customer();
    const [served, unserved] = [await queueWith(team!), await queueWith(null)];
    const levels = async () => {
      const { items } = (await oleg.get(`/customers/${anna.accountId}/service-level`)).body;
      return [served, unserved].map((category) => items.find(({ queue }: any) => queue.category === category).promise);
    };
    expect(await levels()).toMatchObject([
      { source: 'queue', plan: { id: team, name: 'Team' }, agreement: null, terms: { response: { words: '5 working days' } } },
      null,
    ]);
    const { id, startsAt } = await agreement(anna, { own: { response: hours4 }, endsAt: inDays(30) });
    const promised = {
      source: 'agreement',
      plan: { id: enterprise },
      agreement: { id, kind: 'enterprise', startsAt },
      terms: { response: { words: '4 working hours' } },
    };
    expect(await levels()).toMatchObject([promised, promised]);
    await maria.post(`/agreements/${id}/end`);
    expect(await levels()).toMatchObject([{ source: 'queue' }, null]);
  });

  test('S1, S6: a customer sees what he is promised, in his language and as data; not what staff noted, nor queues that are closed to him', async () => {
    const anna = await kontor.people.customer();
    const category = await queueWith(team!);
    const own = async (headers: Record<string, string> = {}) => {
      const answer = await anna.get('/account/service-level', headers);
      expect(answer.status).toBe(200);
      return answer.body.items;
    };
    const mine = async (headers?: Record<string, string>) => (await own(headers)).find((item: any) => item.category === category);
    expect((await mine({ 'accept-language': 'ru' })).promise).toEqual({
      plan: 'Team',
      response: { amount: 5, unit: 'days', words: '5 рабочих дней' },
      criticalFix: { amount: 30, unit: 'days', words: '30 рабочих дней' },
      workingTime: {
        zone: 'Europe/Moscow',
        weekdays: [1, 2, 3, 4, 5],
        opens: 660,
        closes: 1_200,
        words: 'пн–пт, 11:00–20:00, Europe/Moscow',
      },
      calendar: 'Россия, пятидневная неделя',
      agreement: null,
    });
    const { startsAt, endsAt } = await agreement(anna, { endsAt: inDays(30), own: { criticalFix: null }, note: 'They pay late' });
    expect((await mine()).promise).toMatchObject({
      plan: 'Enterprise',
      response: { amount: 16, unit: 'hours', words: '16 working hours' },
      criticalFix: null,
      agreement: { since: startsAt, until: endsAt },
    });
    expect(JSON.stringify(await own())).not.toMatch(/late|agr_/);
    const { id } = (await maria.get('/queues')).body.items.find((queue: any) => queue.category === category);
    await maria.patch(`/queues/${id}`, { acceptsNew: false });
    expect(await mine()).toBeUndefined();
  });

  test('S6: members of every role see it, and nobody sees another account’s', async () => {
    const anna = await kontor.people.customer();
    await agreement(anna, { own: { response: hours4 } });
    const clerk = await kontor.people.customer({ account: { id: anna.accountId, role: 'billing' } });
    const stranger = await kontor.people.customer();
    const response = async (reader: TestCustomer) => (await reader.get('/account/service-level')).body.items[0].promise?.response.words;
    expect([await response(anna), await response(clerk), await response(stranger)]).toEqual([
      '4 working hours',
      '4 working hours',
      undefined,
    ]);
  });
});

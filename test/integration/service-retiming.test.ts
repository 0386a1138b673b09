/** Calendars, plans and agreements applied to tickets that are open already (SPEC S7). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestCustomer } from '../harness/people.ts';
import { march, ServiceDesk, type MovedStep, type Queue } from './service-desk.ts';

let desk: ServiceDesk;
let anna: TestCustomer;
let calendar: string;
let plan: string;
let queue: Queue;

beforeAll(async () => {
  desk = await ServiceDesk.open();
});
afterAll(() => desk?.kontor.stop());
beforeEach(async () => {
  desk.beginAgain();
  anna = await desk.kontor.people.customer();
  calendar = await desk.makeCalendar();
  plan = await desk.plan({ calendar });
  queue = await desk.queue(plan);
});

const hours = (amount: number) => ({ amount, unit: 'hours' });
const digits = (number: string) => Number(number.slice(3));
const told = (steps: readonly MovedStep[]) => steps.map(({ what, old, new: then, note }) => [what, old, then, ...(note ? [note] : [])]);
const agree = (startsAt: Date, more: object = {}) =>
  desk.maria.post('/agreements', { account: anna.accountId, kind: 'enterprise', plan, startsAt: startsAt.toISOString(), ...more });

async function expectAgreement(number: string): Promise<void> {
  const { promised, awaited } = await desk.promisesOf(number);
  expect(awaited).toEqual(promised);
}

async function events(number: string, kind = 'retime_clocks') {
  return desk.kontor.db.query<{ visibility: string; data: Record<string, string> }>(
    'select visibility, data from ticket_event where ticket_number = $1 and kind = $2 order by revision',
    [digits(number), kind],
  );
}

describe('a plan', () => {
  test('S7: applies to new tickets only until it is applied to open ones; old beside new, one step, a record', async () => {
    const number = await desk.open(anna, queue);
    expect(await desk.dueAt(number)).toEqual(march(12, '19:00'));
    await desk.changePlan(plan, { response: hours(8) });
    expect(await desk.dueAt(number)).toEqual(march(12, '19:00'));
    expect(await desk.dueAt(await desk.open(await desk.kontor.people.customer(), queue))).toEqual(march(11, '20:00'));

    const looked = await desk.preview('plan', plan);
    expect(looked).toMatchObject({ total: 1, unmoved: 0, nextCursor: null, items: [{ ticket: number, subject: 'A panel' }] });
    expect(told(looked.items[0].steps)).toEqual([
      ['first_response_warning', march(12, '15:00').toISOString(), march(11, '18:00').toISOString()],
      ['first_response_breach', march(12, '19:00').toISOString(), march(11, '20:00').toISOString()],
    ]);
    const name = (await desk.maria.get(`/sla-plans/${plan}`)).body.name;
    const promise = { plan: { id: plan, name }, agreement: null };
    expect(looked.items[0].promise).toEqual({ old: promise, new: promise });
    expect(await desk.dueAt(number), 'a look moves nothing').toEqual(march(12, '19:00'));

    const { updatedAt } = (await desk.oleg.get(`/tickets/${number}`)).body;
    const [before] = await desk.kontor.db.query<{ terms_id: string }>('select terms_id from ticket where number = $1', [digits(number)]);
    const { job, ...progress } = await desk.retime('plan', plan);
    expect(progress).toMatchObject({ state: 'done', total: 1, done: 1, skipped: 0 });
    expect(await desk.dueAt(number)).toEqual(march(11, '20:00'));
    await expectAgreement(number);
    const [after] = await desk.kontor.db.query<{ terms_id: string }>('select terms_id from ticket where number = $1', [digits(number)]);
    expect(after!.terms_id).not.toBe(before!.terms_id);
    expect(await desk.itemsOf(job)).toMatchObject([
      {
        about: `ticket:${number}`,
        state: 'done',
        before: { responseDueAt: march(12, '19:00').toISOString(), responseCalendar: `${calendar}@1`, terms: before!.terms_id },
        after: { responseDueAt: march(11, '20:00').toISOString(), responseCalendar: `${calendar}@1`, terms: after!.terms_id },
      },
    ]);
    expect((await desk.oleg.get(`/tickets/${number}`)).body.updatedAt, 'no list is shuffled').toBe(updatedAt);
    expect((await desk.oleg.get(`/jobs/${job}`)).body).toMatchObject({
      kind: 'retime_service',
      about: { scope: 'plan', id: plan },
      startedBy: { id: desk.maria.id },
    });
  });

  test('S7: is told in the ticket’s history, to the audit, to its workflow and to open pages; nobody is mailed', async () => {
    const number = await desk.open(anna, queue);
    await desk.changePlan(plan, { response: hours(8) });
    await desk.kontor.db.query('delete from outbox');
    const deliveries = await desk.kontor.db.query('select 1 from delivery');
    const { job } = await desk.retime('plan', plan);
    const [event] = await events(number);
    expect(event).toEqual({
      visibility: 'public',
      data: { job, before: march(12, '19:00').toISOString(), after: march(11, '20:00').toISOString() },
    });
    const history = (await anna.get(`/tickets/${number}/history`)).body.items;
    expect(history.find((item: any) => item.what === 'retime_clocks')).toMatchObject({
      what: 'retime_clocks',
      by: { side: 'staff', person: { id: desk.maria.id } },
      data: {},
    });
    const messages = await desk.kontor.db.query<{ message: object }>(`select message from outbox where entity = $1`, [`ticket:${number}`]);
    expect(messages.map(({ message }) => message)).toEqual([
      { kind: 'ticket.happening', number, happening: 'deadlinesMoved', revision: expect.any(Number) },
    ]);
    const [fed] = await desk.kontor.db.query(
      `select account_id, staff from change_feed where topic ->> 'ticket' = $1 and topic ->> 'kind' = 'retime_clocks'`,
      [number],
    );
    expect(fed).toEqual({ account_id: anna.accountId, staff: true });
    const lines = (await desk.maria.get('/audit?action=service_level.retime')).body.items;
    expect(lines).toContainEqual(expect.objectContaining({ object: `sla-plan:${plan}`, after: { job, tickets: '1' } }));
    expect(await desk.kontor.db.query('select 1 from delivery')).toHaveLength(deliveries.length);
  });

  test('S7: doing it again changes nothing', async () => {
    const numbers = [await desk.open(anna, queue), await desk.open(anna, queue)];
    await desk.answer(numbers[1]!);
    await desk.changePlan(plan, { response: hours(1) });
    await desk.retime('plan', plan);
    desk.at(march(11, '14:30'));
    expect(await desk.preview('plan', plan)).toMatchObject({ total: 0, unmoved: 0, items: [] });
    const again = await desk.retime('plan', plan);
    expect(again).toMatchObject({ state: 'done', total: 0, done: 0 });
    expect(await events(numbers[0]!)).toHaveLength(1);
  });

  test('S7: what waits without a clock goes by it too, and is told as such; what an agreement promised stays', async () => {
    const answered = await desk.open(anna, queue);
    await desk.answer(answered);
    const other = await desk.kontor.people.customer();
    await desk.maria.post('/agreements', {
      account: other.accountId,
      kind: 'enterprise',
      plan,
      startsAt: march(11, '11:00').toISOString(),
    });
    const agreed = await desk.open(other, queue);
    await desk.changePlan(plan, { response: hours(4) });
    const looked = await desk.preview('plan', plan);
    expect(looked.items.map(({ ticket, steps }: any) => [ticket, steps])).toEqual([[answered, []]]);
    await desk.retime('plan', plan);
    const line = (await anna.get(`/tickets/${answered}/history`)).body.items.find((item: any) => item.what === 'retime_clocks');
    expect(line.text).toBe('What is promised changed');
    expect(await desk.dueAt(agreed)).toEqual(march(12, '19:00'));
    await anna.post(`/tickets/${answered}/messages`, { body: 'It still does not' });
    expect(await desk.dueAt(answered, 'next_response')).toEqual(march(11, '16:00'));
  });

  test('S7: a breach is taken back where the promise can be kept after all, and the flag goes', async () => {
    const number = await desk.open(anna, queue);
    desk.at(march(12, '19:30'));
    expect(await desk.look(number)).toEqual(['first_response_warning', 'first_response_breach']);
    expect((await desk.oleg.get('/tickets?breached=true')).body.items.map((item: any) => item.number)).toContain(number);
    await desk.changePlan(plan, { response: { amount: 5, unit: 'days' } });
    const looked = await desk.preview('plan', plan);
    expect(told(looked.items[0].steps)).toEqual([
      ['first_response_breach', march(12, '19:00').toISOString(), march(18, '20:00').toISOString(), 'breach_taken_back'],
    ]);
    await desk.retime('plan', plan);
    expect((await desk.oleg.get('/tickets?breached=true')).body.items.map((item: any) => item.number)).not.toContain(number);
    expect(await desk.clocksOf(number)).toMatchObject({ first_response: { state: 'running', dueAt: march(18, '20:00').toISOString() } });
    desk.at(march(18, '20:00'));
    expect(await desk.look(number), 'who was warned is not warned again; the new deadline has its own breach').toEqual([
      'first_response_breach',
    ]);
  });

  test('S7: no deadline lies in the past: at the earliest it is now', async () => {
    const number = await desk.open(anna, queue);
    desk.at(march(12, '12:00'));
    await desk.changePlan(plan, { response: hours(1) });
    await desk.retime('plan', plan);
    expect(await desk.dueAt(number)).toEqual(march(12, '12:00'));
    await expectAgreement(number);
    expect(await desk.look(number)).toEqual(['first_response_warning', 'first_response_breach']);
  });

  test('S7: a fix that waits keeps what it has used, and is told with what is left to it', async () => {
    const number = await desk.open(anna, queue);
    expect((await anna.post(`/tickets/${number}/severity`, {})).status).toBeLessThan(300);
    desk.at(march(12, '12:00'));
    await desk.answer(number);
    const left = (await desk.clocksOf(number))['fix']!.leftMinutes;
    await desk.changePlan(plan, { criticalFix: { amount: 3, unit: 'days' } });
    const looked = await desk.preview('plan', plan);
    expect(looked.items[0].steps).toEqual([
      { what: 'fix_breach', old: null, new: null, note: 'waits', leftMinutes: { old: left, new: left - 2 * 9 * 60 } },
    ]);
    await desk.retime('plan', plan);
    expect((await desk.clocksOf(number))['fix']).toMatchObject({ state: 'paused', leftMinutes: left - 2 * 9 * 60 });
  });

  test('S7: a critical ticket gets the fix that was not promised before, from its claim', async () => {
    await desk.changePlan(plan, { criticalFix: null });
    const number = await desk.open(anna, queue);
    desk.at(march(11, '15:00'));
    expect((await anna.post(`/tickets/${number}/severity`, {})).status).toBeLessThan(300);
    await desk.changePlan(plan, { criticalFix: hours(9) });
    desk.at(march(11, '16:00'));
    const looked = await desk.preview('plan', plan);
    expect(told(looked.items[0].steps)).toEqual([
      ['fix_warning', null, march(12, '12:45').toISOString()],
      ['fix_breach', null, march(12, '15:00').toISOString()],
    ]);
    await desk.retime('plan', plan);
    expect(await desk.dueAt(number, 'fix')).toEqual(march(12, '15:00'));
  });
});

describe('a calendar', () => {
  test('S7: a decree moves what spans it, and the rest goes by the new version without being told of to the customer', async () => {
    const spans = await desk.open(anna, queue);
    desk.at(march(11, '11:30'));
    const short = await desk.plan({ calendar, response: hours(2) });
    const before = await desk.open(anna, await desk.queue(short));
    const elsewhere = await desk.open(anna, await desk.queue(await desk.plan()));
    await desk.decree(calendar, '2030-03-12');
    const looked = await desk.preview('calendar', calendar);
    expect(looked).toMatchObject({ total: 1, unmoved: 1, items: [{ ticket: spans, promise: null }] });
    expect(looked.summary).toEqual({ later: 1, mostLaterMinutes: 1_440, earlier: 0, mostEarlierMinutes: 0, overdue: 0 });
    expect(told(looked.items[0].steps)).toEqual([
      ['first_response_warning', march(12, '15:00').toISOString(), march(13, '15:00').toISOString()],
      ['first_response_breach', march(12, '19:00').toISOString(), march(13, '19:00').toISOString()],
    ]);
    expect(await desk.retime('calendar', calendar)).toMatchObject({ state: 'done', total: 2, done: 2 });
    expect(await desk.dueAt(spans)).toEqual(march(13, '19:00'));
    expect((await desk.clocksOf(before))['first_response']!.calendar).toEqual({ id: calendar, version: 2 });
    expect((await desk.clocksOf(elsewhere))['first_response']!.calendar).toMatchObject({ version: 1 });
    expect((await events(spans)).map(({ visibility }) => visibility)).toEqual(['public']);
    expect((await events(before)).map(({ visibility, data }) => [visibility, data['unmoved']])).toEqual([['internal', 'true']]);
    expect((await anna.get(`/tickets/${before}/history`)).body.items.map((item: any) => item.what)).toEqual(['opened']);
    const line = (await desk.oleg.get(`/tickets/${before}/history`)).body.items.find((item: any) => item.what === 'retime_clocks');
    expect(line.text).toBe('Counted by another version of its calendar; no deadline moved');
    expect(await desk.preview('calendar', calendar)).toMatchObject({ total: 0, unmoved: 0 });
  });

  test('S7: changed again while the work runs, each ticket is counted by what stands at its turn; applied again, all agree', async () => {
    const numbers = [await desk.open(anna, queue), await desk.open(anna, queue), await desk.open(anna, queue)];
    await desk.decree(calendar, '2030-03-12');
    const begun = await desk.maria.post('/service-retimings', { scope: 'calendar', id: calendar });
    // The first is done; then another decree comes.
    await desk.kontor.db.query(`update job_item set state = 'done', settled_at = now() where job_id = $1 and position > 1`, [
      begun.body.job,
    ]);
    await desk.work(begun.body.job);
    await desk.decree(calendar, '2030-03-12', '2030-03-13');
    await desk.kontor.db.query(`update job set state = 'running', ended_at = null where id = $1`, [begun.body.job]);
    await desk.kontor.db.query(`update job_item set state = 'pending', settled_at = null where job_id = $1 and position > 1`, [
      begun.body.job,
    ]);
    await desk.work(begun.body.job);
    expect(await Promise.all(numbers.map((number) => desk.dueAt(number)))).toEqual([
      march(13, '19:00'),
      march(14, '19:00'),
      march(14, '19:00'),
    ]);
    const looked = await desk.preview('calendar', calendar);
    expect(looked.items.map((item: any) => item.ticket)).toEqual([numbers[0]]);
    await desk.retime('calendar', calendar);
    expect(await desk.dueAt(numbers[0]!)).toEqual(march(14, '19:00'));
  });

  test('S7: a day off that is taken back brings the deadline back', async () => {
    const number = await desk.open(anna, queue);
    await desk.decree(calendar, '2030-03-12');
    await desk.retime('calendar', calendar);
    await desk.decree(calendar);
    await desk.retime('calendar', calendar);
    expect(await desk.dueAt(number)).toEqual(march(12, '19:00'));
  });
});

describe('an agreement', () => {
  test('S7: once made, changed or ended, the account’s open tickets choose anew: they get a promise, another, or lose it', async () => {
    const bare = await desk.queue(null);
    const [promised, none] = [await desk.open(anna, queue), await desk.open(anna, bare)];
    const others = await desk.open(await desk.kontor.people.customer(), bare);
    const { id, revision } = (await agree(march(11, '11:00'), { own: { response: hours(4) } })).body;
    const looked = await desk.preview('account', anna.accountId);
    const name = (await desk.maria.get(`/sla-plans/${plan}`)).body.name;
    const [ofPlan, ofAgreement] = [null, id].map((agreement) => ({ plan: { id: plan, name }, agreement }));
    expect(looked.items).toMatchObject([
      {
        ticket: promised,
        promise: { old: ofPlan, new: ofAgreement },
        steps: [{}, { old: march(12, '19:00').toISOString(), new: march(11, '16:00').toISOString() }],
      },
      {
        ticket: none,
        promise: { old: null, new: ofAgreement },
        steps: [{ old: null }, { old: null, new: march(11, '16:00').toISOString() }],
      },
    ]);
    await desk.retime('account', anna.accountId);
    for (const number of [promised, none]) {
      expect(await desk.dueAt(number)).toEqual(march(11, '16:00'));
      await expectAgreement(number);
    }
    expect((await desk.oleg.get(`/tickets/${none}`)).body.serviceLevel).toMatchObject({ agreement: id, source: 'agreement' });
    expect(await desk.clocksOf(others)).toEqual({});

    expect((await desk.maria.post(`/agreements/${id}/end`, {}, { 'if-match': `"${revision}"` })).status).toBe(200);
    expect(await desk.dueAt(promised), 'what was promised stays until it is applied').toEqual(march(11, '16:00'));
    const ended = await desk.preview('account', anna.accountId);
    expect(ended.items).toMatchObject([
      { ticket: promised, promise: { old: ofAgreement, new: ofPlan } },
      { ticket: none, promise: { old: ofAgreement, new: null }, steps: [{ new: null }, { new: null }] },
    ]);
    await desk.retime('account', anna.accountId);
    expect(await desk.dueAt(promised)).toEqual(march(12, '19:00'));
    expect((await desk.oleg.get(`/tickets/${none}`)).body).toMatchObject({ serviceLevel: null, clocks: [], breachesAt: null });
    await expectAgreement(none);
  });

  test('S7: one that is to come is not promised yet', async () => {
    await desk.open(anna, queue);
    await agree(march(20, '11:00'), { own: { response: hours(4) } });
    expect(await desk.preview('account', anna.accountId)).toMatchObject({ total: 0 });
  });
});

describe('a queue', () => {
  test('S7: another default is chosen by what nothing else promises anything; agreements, and other queues, keep theirs', async () => {
    const lies = await desk.open(anna, queue);
    const elsewhere = await desk.open(anna, await desk.queue(plan));
    const agreed = await desk.kontor.people.customer();
    await desk.maria.post('/agreements', {
      account: agreed.accountId,
      kind: 'cloud_team',
      plan,
      startsAt: march(11, '11:00').toISOString(),
    });
    const kept = await desk.open(agreed, queue);
    const stricter = await desk.plan({ calendar, response: hours(2) });
    const { revision } = (await desk.maria.get('/queues')).body.items.find((each: any) => each.id === queue.id);
    await desk.maria.patch(`/queues/${queue.id}`, { slaPlan: stricter }, { 'if-match': `"${revision}"` });
    expect((await desk.preview('queue', queue.id)).items.map((item: any) => item.ticket)).toEqual([lies]);
    await desk.retime('queue', queue.id);
    expect([await desk.dueAt(lies), await desk.dueAt(elsewhere), await desk.dueAt(kept)]).toEqual([
      march(11, '14:00'),
      march(12, '19:00'),
      march(12, '19:00'),
    ]);
    await desk.maria.patch(`/queues/${queue.id}`, { slaPlan: null }, { 'if-match': `"${revision + 1}"` });
    await desk.retime('queue', queue.id);
    expect(await desk.clocksOf(lies)).toEqual({});
  });
});

describe('each ticket by what it is when its turn comes', () => {
  test('S7: what was answered, closed, archived or promised otherwise meanwhile is left as it is', async () => {
    const [answered, closed, archived, agreed, moved] = [
      await desk.open(anna, queue),
      await desk.open(anna, queue),
      await desk.open(anna, queue),
      await desk.open(await desk.kontor.people.customer(), queue),
      await desk.open(anna, queue),
    ];
    await desk.changePlan(plan, { response: hours(8) });
    const { job } = (await desk.maria.post('/service-retimings', { scope: 'plan', id: plan })).body;
    await desk.answer(answered);
    expect((await desk.oleg.post(`/tickets/${closed}/closing`, { reason: 'Done' })).status).toBeLessThan(300);
    await desk.oleg.post(`/tickets/${archived}/merge`, { into: moved });
    const [row] = await desk.kontor.db.query<{ account_id: string }>('select account_id from ticket where number = $1', [digits(agreed)]);
    await desk.maria.post('/agreements', {
      account: row!.account_id,
      kind: 'enterprise',
      plan,
      startsAt: march(11, '11:00').toISOString(),
      own: { response: hours(3) },
    });
    await desk.retime('account', row!.account_id);
    expect(await desk.work(job)).toMatchObject({ state: 'done', total: 5, done: 2, skipped: 3 });
    const why = Object.fromEntries((await desk.itemsOf(job)).map((item) => [item['about'], item['why'] ?? item['state']]));
    expect(why).toEqual({
      [`ticket:${answered}`]: 'done',
      [`ticket:${closed}`]: 'not_applicable',
      [`ticket:${archived}`]: 'not_applicable',
      [`ticket:${agreed}`]: 'moved_on',
      [`ticket:${moved}`]: 'done',
    });
    expect(await desk.dueAt(agreed)).toEqual(march(11, '15:00'));
    expect(await desk.clocksOf(answered), 'it goes by the new terms, and nothing is due').toEqual({});
    for (const number of [answered, closed, archived, agreed, moved]) await expectAgreement(number);
  });

  test('S7, T13: a merge that is taken back gives the ticket back what it was promised before', async () => {
    const [source, target] = [await desk.open(anna, queue), await desk.open(anna, queue)];
    await desk.oleg.post(`/tickets/${source}/merge`, { into: target });
    await desk.changePlan(plan, { response: hours(8) });
    await desk.retime('plan', plan);
    expect(await desk.dueAt(target)).toEqual(march(11, '20:00'));
    expect((await desk.oleg.delete(`/tickets/${source}/merge`)).status).toBe(200);
    expect(await desk.dueAt(source)).toEqual(march(12, '19:00'));
    const looked = await desk.preview('plan', plan);
    expect(
      looked.items.map((item: any) => item.ticket),
      'applied once more, it goes along',
    ).toEqual([source]);
    await desk.retime('plan', plan);
    expect(await desk.dueAt(source)).toEqual(march(11, '20:00'));
  });

  test('S7, T13: a clock that a merge brought keeps its promise, also in a ticket that nothing else is promised to', async () => {
    const bare = await desk.queue(null);
    const [source, target] = [await desk.open(anna, queue), await desk.open(anna, bare)];
    await desk.oleg.post(`/tickets/${source}/merge`, { into: target });
    expect(await desk.dueAt(target)).toEqual(march(12, '19:00'));
    await desk.decree(calendar, '2030-03-12');
    await desk.retime('calendar', calendar);
    expect(await desk.dueAt(target)).toEqual(march(13, '19:00'));
    await expectAgreement(target);
    const kinder = await desk.plan({ calendar, response: { amount: 9, unit: 'days' } });
    await desk.maria.patch(`/queues/${bare.id}`, { slaPlan: kinder }, { 'if-match': '"1"' });
    await desk.retime('queue', bare.id);
    expect(await desk.dueAt(target), 'what is due first stands').toEqual(march(13, '19:00'));
    expect((await desk.oleg.get(`/tickets/${target}`)).body.serviceLevel.plan.id).toBe(kinder);
  });
});

describe('at the same time', () => {
  test('S7: customers write and staff answer while the work runs: nothing is lost, and what is promised is what is waited for', async () => {
    const numbers: string[] = [];
    for (let index = 0; index < 24; index += 1) numbers.push(await desk.open(anna, queue));
    await desk.decree(calendar, '2030-03-12');
    const { job } = (await desk.maria.post('/service-retimings', { scope: 'calendar', id: calendar })).body;
    const deeds = numbers.map((number, index) => {
      if (index % 3 === 0) return desk.answer(number);
      if (index % 3 === 1) return anna.post(`/tickets/${number}/messages`, { body: 'It still does not' });
      return desk.oleg.post(`/tickets/${number}/assignment`);
    });
    const [progress, ...answers] = await Promise.all([desk.work(job), ...deeds]);
    expect(answers.map(({ status }) => status).every((status) => status < 300)).toBe(true);
    expect(progress).toMatchObject({ state: 'done', total: 24 });
    for (const [index, number] of numbers.entries()) {
      expect(await desk.dueAt(number), `${index}`).toEqual(index % 3 === 0 ? null : march(13, '19:00'));
      await expectAgreement(number);
    }
  });

  test('S7, T8: a timing policy and a service level applied at once: each moves its own, once', async () => {
    const numbers: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const number = await desk.open(anna, queue);
      expect((await anna.post(`/tickets/${number}/severity`, {})).status).toBeLessThan(300);
      if (index % 2 === 0) await desk.answer(number);
      numbers.push(number);
    }
    const policy = (await desk.maria.get('/queues')).body.items.find((each: any) => each.id === queue.id).timingPolicy.id;
    const days = { autoCloseAfterSeconds: 432_000, archiveAfterSeconds: 86_400, warnBeforeSeconds: 86_400 };
    const other = (await desk.maria.post('/timing-policies', { names: { en: 'Five days' }, ...days })).body.id;
    expect(policy).not.toBe(other);
    const { revision } = (await desk.maria.get('/queues')).body.items.find((each: any) => each.id === queue.id);
    await desk.maria.patch(`/queues/${queue.id}`, { timingPolicy: other }, { 'if-match': `"${revision}"` });
    await desk.changePlan(plan, { response: hours(8), criticalFix: { amount: 3, unit: 'days' } });
    const jobs = [
      (await desk.maria.post(`/timing-policies/${other}/retiming`, { queues: [queue.id] })).body.job,
      (await desk.maria.post('/service-retimings', { scope: 'plan', id: plan })).body.job,
      (await desk.maria.post('/service-retimings', { scope: 'plan', id: plan })).body.job,
    ];
    const [policies, ...services] = await Promise.all(jobs.map((job) => desk.work(job)));
    expect(policies).toMatchObject({ done: 6, skipped: 0 });
    expect(
      services.reduce((sum, each) => sum + each.done, 0),
      'asked for twice, done once',
    ).toBe(12);
    for (const [index, number] of numbers.entries()) {
      const { steps, clocks } = (await desk.oleg.get(`/tickets/${number}`)).body;
      const closes = steps.find((step: any) => step.what === 'auto_close')?.at ?? null;
      expect(closes).toEqual(index % 2 === 0 ? march(16, '12:00').toISOString() : null);
      const response = clocks.find((each: any) => each.what === 'first_response')?.dueAt ?? null;
      expect(response).toEqual(index % 2 === 0 ? null : march(11, '20:00').toISOString());
      await expectAgreement(number);
    }
  });
});

describe('who, and what of', () => {
  test('S7: administrators only; of what is not there nothing is applied', async () => {
    const { maria, oleg } = desk;
    for (const path of ['/service-retimings', '/service-retimings/preview']) {
      expect((await oleg.post(path, { scope: 'plan', id: plan })).status).toBe(403);
      for (const [scope, code] of [
        ['calendar', 'calendar.not_found'],
        ['plan', 'sla_plan.not_found'],
        ['account', 'customer.not_found'],
        ['queue', 'queue.not_found'],
      ] as const) {
        for (const id of ['nonsense', plan, 'cal_01jcc8h4bxe5v8gq0q3xk2m9zr', 'acc_01jcc8h4bxe5v8gq0q3xk2m9zr'].filter(
          (each) => scope !== 'plan' || each !== plan,
        )) {
          const answer = await maria.post(path, { scope, id });
          expect([answer.status, answer.body.error.code]).toEqual([404, code]);
        }
      }
      expect((await maria.post(path, { scope: 'everything', id: plan })).status).toBe(400);
    }
  });

  test('S7: a preview is read page by page, and counts on the first', async () => {
    const numbers: string[] = [];
    for (let index = 0; index < 5; index += 1) numbers.push(await desk.open(anna, queue));
    await desk.changePlan(plan, { response: hours(8) });
    const seen: string[] = [];
    const counts: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor ? `?limit=2&cursor=${cursor}` : '?limit=2';
      const { body } = await desk.maria.post(`/service-retimings/preview${query}`, { scope: 'plan', id: plan });
      seen.push(...body.items.map((item: any) => item.ticket));
      counts.push([body.total, body.unmoved, body.summary?.earlier ?? null]);
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(numbers);
    expect(counts).toEqual([
      [5, 0, 5],
      [null, null, null],
      [null, null, null],
    ]);
  });

  test('A5: stopped in the middle, what is done stays done and the rest as it is', async () => {
    const numbers = [await desk.open(anna, queue), await desk.open(anna, queue)];
    await desk.changePlan(plan, { response: hours(8) });
    const { job } = (await desk.maria.post('/service-retimings', { scope: 'plan', id: plan })).body;
    expect((await desk.maria.post(`/jobs/${job}/cancellation`)).body).toMatchObject({ state: 'cancelled', done: 0 });
    await desk.work(job);
    for (const number of numbers) expect(await desk.dueAt(number)).toEqual(march(12, '19:00'));
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

const hour = 3_600_000;
const week = { autoCloseAfterSeconds: 604_800, archiveAfterSeconds: 604_800, warnBeforeSeconds: 86_400 };
const days = { autoCloseAfterSeconds: 259_200, archiveAfterSeconds: 86_400, warnBeforeSeconds: 86_400 };

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;

/** So few that a test has more; and as many as the other tests here have at once. */
const maxJobItems = 9;

beforeAll(async () => {
  kontor = await startKontor({ maxJobItems });
  anna = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'administrator' });
  oleg = await kontor.people.staff({ role: 'support' });
});
afterAll(() => kontor?.stop());

/** A queue with a policy of its own. */
async function queueWith(durations: typeof week): Promise<{ queue: string; category: string; policy: string; revision: number }> {
  const names = { en: `Policy ${Math.random()}` };
  const { id: policy, revision } = (await maria.post('/timing-policies', { names, ...durations })).body;
  const category = `queue-${Math.random().toString(36).slice(2, 10)}`;
  const { id: queue } = (await maria.post('/queues', { category, names: { en: category }, timingPolicy: policy })).body;
  return { queue, category, policy, revision };
}

async function opened(category: string, count: number): Promise<string[]> {
  const numbers: string[] = [];
  for (let index = 0; index < count; index += 1)
    numbers.push((await anna.post('/tickets', { subject: `Ticket ${index}`, body: 'It does not start', category })).body.number);
  return numbers;
}

async function answered(category: string, count = 1): Promise<string[]> {
  const numbers = await opened(category, count);
  for (const number of numbers) await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again' });
  return numbers;
}

async function ended(job: string): Promise<Record<string, unknown>> {
  return until('the job has ended', async () => {
    const { body } = await maria.get(`/jobs/${job}`);
    return body.state === 'running' ? undefined : body;
  });
}

async function closesAt(number: string): Promise<number> {
  return new Date(
    (await maria.get(`/tickets/${number}`)).body.steps.find((step: { what: string }) => step.what === 'auto_close').at,
  ).getTime();
}

describe('timing policies', () => {
  test('T8: are made, changed under the revision that was seen, and removed when no queue goes by them', async () => {
    const made = await maria.post('/timing-policies', { names: { en: 'Three days', ru: 'Три дня' }, ...days });
    expect(made.status).toBe(201);
    expect(made.headers.get('etag')).toBe('"1"');
    const { id } = made.body;
    const changed = await maria.put(`/timing-policies/${id}`, { names: { en: 'A week' }, ...week }, { 'if-match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { ...week, revision: 2, queues: [] } });
    const stale = await maria.put(`/timing-policies/${id}`, { names: { en: 'Mine' }, ...days }, { 'if-match': '"1"' });
    expect([stale.status, stale.body.error.code]).toEqual([412, 'request.stale']);
    expect((await maria.delete(`/timing-policies/${id}`)).status).toBe(200);
    expect((await maria.delete(`/timing-policies/${id}`)).status).toBe(404);
  });

  test('T8: one that a queue goes by is not removed', async () => {
    const { policy } = await queueWith(week);
    expect((await maria.delete(`/timing-policies/${policy}`)).body.error.code).toBe('timing_policy.in_use');
  });

  test('T8: durations have bounds, and only administrators edit', async () => {
    const wanted = { names: { en: 'Odd' }, ...week };
    for (const wrong of [
      { autoCloseAfterSeconds: 59 },
      { archiveAfterSeconds: 367 * 86_400 },
      { warnBeforeSeconds: -1 },
      { names: { ru: 'Без английского' } },
    ])
      expect((await maria.post('/timing-policies', { ...wanted, ...wrong })).status).toBe(400);
    expect((await oleg.post('/timing-policies', wanted)).status).toBe(403);
    expect((await oleg.get('/timing-policies')).status).toBe(200);
  });

  test('T8: of two who change the same at once one is told that it is stale', async () => {
    const { policy, revision } = await queueWith(week);
    const change = (en: string) => maria.put(`/timing-policies/${policy}`, { names: { en }, ...week }, { 'if-match': `"${revision}"` });
    const statuses = (await Promise.all([change('One'), change('Two')])).map((answer) => answer.status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 412]);
  });
});

describe('re-timing', () => {
  test('T8: a change applies to new deadlines only, until it is applied to open tickets; the preview says how', async () => {
    const { category, policy } = await queueWith(week);
    const [number] = await answered(category);
    const before = await closesAt(number!);
    const looked = await maria.post(`/timing-policies/${policy}/retiming-preview`, { durations: days });
    expect(looked.body).toMatchObject({ total: 1, nextCursor: null });
    const closing = looked.body.items[0].steps.find((step: { what: string }) => step.what === 'auto_close');
    expect(new Date(closing.old).getTime()).toBe(before);
    expect(new Date(closing.new).getTime()).toBe(before - 96 * hour);
    expect(await closesAt(number!)).toBe(before);

    await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...days });
    expect(await closesAt(number!)).toBe(before);
    const begun = await maria.post(`/timing-policies/${policy}/retiming`, {});
    expect(begun).toMatchObject({ status: 202, body: { total: 1 } });
    expect(await ended(begun.body.job)).toMatchObject({
      state: 'done',
      done: 1,
      skipped: 0,
      startedBy: { id: maria.id },
      items: { items: [{ about: `ticket:${number}`, state: 'done', before: { closesAt: closing.old }, after: { closesAt: closing.new } }] },
    });
    expect(await closesAt(number!)).toBe(before - 96 * hour);
    const history = (await anna.get(`/tickets/${number}/history`)).body.items;
    expect(history.at(-1)).toMatchObject({ what: 'retime', by: { side: 'staff' } });
    await kontor.settled();
    const { events } = await kontor.temporal.workflow.getHandle(`ticket:${number}`).fetchHistory();
    expect(events!.some((event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'deadlinesMoved')).toBe(true);
  });

  test('T8: nobody is mailed because of it, and the lists keep their order', async () => {
    const { category, policy } = await queueWith(week);
    const [number] = await answered(category);
    await kontor.settled();
    const [mails, { updatedAt }] = [kontor.mail.to(anna.email).length, (await maria.get(`/tickets/${number}`)).body];
    await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...days });
    await ended((await maria.post(`/timing-policies/${policy}/retiming`, {})).body.job);
    await kontor.settled();
    expect(kontor.mail.to(anna.email)).toHaveLength(mails);
    expect((await maria.get(`/tickets/${number}`)).body.updatedAt).toBe(updatedAt);
  });

  test('T8: moving a queue to another policy is looked at before and applied after', async () => {
    const { queue, category } = await queueWith(week);
    const { policy } = await queueWith(days);
    const [number] = await answered(category);
    const before = await closesAt(number!);
    const looked = await maria.post(`/timing-policies/${policy}/retiming-preview`, { queues: [queue] });
    expect(looked.body.items.map((item: { ticket: string }) => item.ticket)).toEqual([number]);
    expect((await maria.post(`/timing-policies/${policy}/retiming`, { queues: [queue] })).body.error.code).toBe(
      'timing_policy.not_of_queue',
    );
    await maria.patch(`/queues/${queue}`, { timingPolicy: policy });
    await ended((await maria.post(`/timing-policies/${policy}/retiming`, { queues: [queue] })).body.job);
    expect(await closesAt(number!)).toBe(before - 96 * hour);
    expect((await maria.post(`/timing-policies/${policy}/retiming-preview`, { queues: ['que_nobody'] })).body.error.code).toBe(
      'queue.not_found',
    );
  });

  test('T8: a preview is read page by page, and tells the total once', async () => {
    const { category, policy } = await queueWith(week);
    const numbers = await answered(category, 5);
    const seen: string[] = [];
    const totals: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { body: any } = await maria.post(
        `/timing-policies/${policy}/retiming-preview?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
        { durations: days },
      );
      seen.push(...page.body.items.map((item: { ticket: string }) => item.ticket));
      totals.push(page.body.total);
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(numbers);
    expect(totals).toEqual([5, null, null]);
  });

  test('A5: more tickets than are done at once are refused, with nothing written; queue by queue they are done', async () => {
    const { id: calendar } = (
      await maria.post('/calendars', {
        names: { en: 'Office' },
        zone: 'Europe/Moscow',
        weekdays: [1, 2, 3, 4, 5],
        opens: 660,
        closes: 1_200,
        honourShortDays: false,
        years: {},
      })
    ).body;
    const hours = (amount: number) => ({ response: { amount, unit: 'hours' }, criticalFix: null, calendar, hours: null });
    const { id: plan } = (await maria.post('/sla-plans', { names: { en: 'Bronze' }, rank: 1, ...hours(40) })).body;
    const first = await queueWith(week);
    const { policy } = first;
    const category = `${first.category}-too`;
    const { id: second } = (await maria.post('/queues', { category, names: { en: category }, timingPolicy: policy })).body;
    const queues = [first.queue, second];
    for (const queue of queues) expect((await maria.patch(`/queues/${queue}`, { slaPlan: plan })).status).toBe(200);
    const numbers = [...(await opened(first.category, 5)), ...(await opened(category, 5))];
    const jobs = async () => (await kontor.db.query<{ n: number }>('select count(*)::integer as n from job'))[0]!.n;
    const refused = async (path: string, body: object) => {
      const before = [await jobs(), (await kontor.db.query('select id from audit_line')).length];
      const { status, body: answer } = await maria.post(path, body);
      expect([status, answer.error.code]).toEqual([422, 'job.too_large']);
      expect([await jobs(), (await kontor.db.query('select id from audit_line')).length]).toEqual(before);
    };
    const done = async (path: string, body: object) => {
      const { status, body: begun } = await maria.post(path, body);
      expect([status, (await ended(begun.job))['done']]).toEqual([202, 5]);
    };

    await maria.patch(`/sla-plans/${plan}`, hours(80));
    await refused('/service-retimings', { scope: 'plan', id: plan });
    for (const id of queues) await done('/service-retimings', { scope: 'queue', id });

    for (const number of numbers) await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again' });
    await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...days });
    await refused(`/timing-policies/${policy}/retiming`, {});
    for (const queue of queues) await done(`/timing-policies/${policy}/retiming`, { queues: [queue] });
  });

  test('T8: asked for twice at once, each ticket is moved once', async () => {
    const { category, policy } = await queueWith(week);
    const numbers = await answered(category, 8);
    await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...days });
    const begun = await Promise.all([1, 2].map(() => maria.post(`/timing-policies/${policy}/retiming`, {})));
    const jobs = await Promise.all(begun.map((answer) => ended(answer.body.job)));
    expect(jobs.reduce((sum, job) => sum + (job['done'] as number), 0)).toBe(numbers.length);
    const lines = await kontor.db.query<{ n: number }>(
      `select count(*)::integer as n from ticket_event where kind = 'retime' and ticket_number = any($1) group by ticket_number`,
      [numbers.map((number) => Number(number.slice(3)))],
    );
    expect(lines.map((line) => line.n)).toEqual(numbers.map(() => 1));
  });

  test('T8: a ticket that changed since the preview is computed from what it is now', async () => {
    const { category, policy } = await queueWith(week);
    const [replied, moved] = await answered(category, 2);
    await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...days });
    await kontor.stopPromises();
    const { job } = (await maria.post(`/timing-policies/${policy}/retiming`, {})).body;
    await anna.post(`/tickets/${replied}/messages`, { body: 'It still does not' });
    await kontor.startPromises();
    expect(await ended(job)).toMatchObject({ state: 'done', done: 1, skipped: 1 });
    const items = (await maria.get(`/jobs/${job}?state=skipped`)).body.items.items;
    expect(items).toMatchObject([{ about: `ticket:${replied}`, why: 'not_applicable', before: null, after: null }]);
    expect((await maria.get(`/tickets/${replied}`)).body).toMatchObject({ status: 'awaiting_staff', steps: [] });
    expect((await maria.get(`/tickets/${moved}`)).body.steps).toHaveLength(2);
  });
});

describe('long work', () => {
  test('A5: while the engine is away it is accepted and waits; a person may stop it', async () => {
    const { category, policy } = await queueWith(week);
    const [number] = await answered(category);
    await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...days });
    const before = await closesAt(number!);
    await kontor.stopPromises();
    const { job } = (await maria.post(`/timing-policies/${policy}/retiming`, {})).body;
    expect((await maria.get('/jobs?running=true')).body.items).toMatchObject([
      { id: job, kind: 'retime_policy', state: 'running', total: 1, done: 0 },
    ]);
    expect((await oleg.post(`/jobs/${job}/cancellation`)).status).toBe(403);
    expect((await maria.post(`/jobs/${job}/cancellation`)).body).toMatchObject({ state: 'cancelled', done: 0 });
    expect((await maria.post(`/jobs/${job}/cancellation`)).body.error.code).toBe('job.over');
    await kontor.startPromises();
    await until(
      'its workflow has ended',
      async () => (await kontor.temporal.workflow.getHandle(`job:${job}`).describe()).status.name === 'COMPLETED',
    );
    expect(await closesAt(number!)).toBe(before);
  });

  test('A5: an item that fails by every try is set aside, and the others are done', async () => {
    const { category, policy } = await queueWith(week);
    const numbers = await answered(category, 3);
    await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...days });
    const poisoned = Number(numbers[1]!.slice(3));
    await kontor.db.query(`create function refuse_retiming() returns trigger language plpgsql as $$ begin
        if new.number = ${poisoned} then raise exception 'poison'; end if; return new; end $$`);
    await kontor.db.query('create trigger poison before update on ticket for each row execute function refuse_retiming()');
    try {
      const { job } = (await maria.post(`/timing-policies/${policy}/retiming`, {})).body;
      expect(await ended(job)).toMatchObject({ state: 'failed', done: 2, skipped: 1 });
      expect((await maria.get(`/jobs/${job}?state=skipped`)).body.items.items).toMatchObject([
        { about: `ticket:${numbers[1]}`, why: 'failed' },
      ]);
    } finally {
      await kontor.db.query('drop trigger poison on ticket');
    }
  });

  test('A5: what the engine forgot is begun again by the sweep’s nudge, and done once', async () => {
    const { category, policy } = await queueWith(week);
    await answered(category);
    await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...days });
    await kontor.stopPromises();
    const { job } = (await maria.post(`/timing-policies/${policy}/retiming`, {})).body;
    await kontor.db.query('delete from outbox where entity = $1', [`job:${job}`]);
    await kontor.db.query(`update obligation set due_at = due_at - interval '10 minutes' where entity = $1`, [`job:${job}`]);
    await kontor.startPromises();
    expect(await ended(job)).toMatchObject({ state: 'done', done: 1 });
    expect(await kontor.db.query('select 1 from obligation where entity = $1', [`job:${job}`])).toEqual([]);
  });
});

describe('queues', () => {
  test('T1: a queue is made, edited under its revision, and its category is its own', async () => {
    const { queue, category, policy } = await queueWith(week);
    const changed = await maria.patch(
      `/queues/${queue}`,
      { names: { en: 'Hosting', ru: 'Хостинг' }, staff: [oleg.id, maria.id], duty: [maria.id], reopenAfterManualClose: false },
      { 'if-match': '"1"' },
    );
    expect(changed.body).toMatchObject({
      names: { en: 'Hosting', ru: 'Хостинг' },
      reopenAfterManualClose: false,
      duty: [{ id: maria.id }],
      revision: 2,
    });
    expect(changed.body.staff.map((person: { id: string }) => person.id).toSorted()).toEqual([oleg.id, maria.id].toSorted());
    expect((await maria.patch(`/queues/${queue}`, { position: 3 }, { 'if-match': '"1"' })).status).toBe(412);
    const again = await maria.post('/queues', { category, names: { en: 'Again' }, timingPolicy: policy });
    expect(again.body.error.code).toBe('queue.category_taken');
    expect((await maria.patch(`/queues/${queue}`, { duty: [anna.id] })).body.error.code).toBe('staff.not_found');
    expect((await maria.patch(`/queues/${queue}`, { timingPolicy: 'tpl_nobody' })).body.error.code).toBe('timing_policy.not_found');
    expect((await maria.post('/queues', { category: 'Not A Slug', names: { en: 'x' }, timingPolicy: policy })).status).toBe(400);
  });

  test('T1: one that takes no new tickets is not offered to customers and refuses them; its tickets go on', async () => {
    const { queue, category } = await queueWith(week);
    const [number] = await answered(category);
    await maria.patch(`/queues/${queue}`, { acceptsNew: false });
    const offered = (await anna.get('/queues')).body.items.map((item: { category: string }) => item.category);
    expect(offered).not.toContain(category);
    const refused = await anna.post('/tickets', { subject: 'New', body: 'New', category });
    expect(refused.body.error.code).toBe('ticket.category_unknown');
    expect((await anna.post(`/tickets/${number}/messages`, { body: 'Still there' })).status).toBe(201);
  });
});

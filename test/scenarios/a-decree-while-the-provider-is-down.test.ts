import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';

/** Local time in Moscow, in March 2033: the 7th is a Monday. */
function march(day: number, time: string): Date {
  return new Date(`2033-03-${String(day).padStart(2, '0')}T${time}:00+03:00`);
}

describe('a decree, while the provider is down', () => {
  let story: Story;
  let anna: TestCustomer;
  let oleg: TestPerson;
  let maria: TestPerson;
  let calendar: { id: string; revision: number };
  let number: string;
  let hold: string;

  /** To the minute, as people act some milliseconds after the hour. */
  const minute = (at: string | Date) => new Date(Math.round(new Date(at).getTime() / 60_000) * 60_000);
  const dueAt = async () => minute((await oleg.get(`/tickets/${number}`)).body.breachesAt);
  /** What staff were told of its deadlines, and when. */
  const told = async () =>
    (
      await story.db.query<{ event: string; recipient: string; at: Date }>(
        `select event, recipient_id as recipient, created_at as at from notification where ticket_number = $1 and event like 'staff.deadline_%'
          order by created_at, recipient_id`,
        [Number(number.slice(3))],
      )
    ).map(({ event, recipient, at }) => [event, recipient, minute(at)]);

  beforeAll(async () => {
    story = await beginStory(march(7, '11:55').toISOString());
    anna = await story.people.customer();
    oleg = await story.people.staff();
    maria = await story.people.staff({ role: 'administrator' });
    const week = { zone: 'Europe/Moscow', weekdays: [1, 2, 3, 4, 5], opens: 660, closes: 1_200, honourShortDays: false, years: {} };
    calendar = (await maria.post('/calendars', { names: { en: 'Office' }, ...week })).body;
    const terms = { response: { amount: 16, unit: 'hours' }, criticalFix: null, calendar: calendar.id, hours: null };
    const plan = (await maria.post('/sla-plans', { names: { en: 'Sixteen hours' }, rank: 1, ...terms })).body.id;
    const technical = (await maria.get('/queues')).body.items.find((queue: { category: string }) => queue.category === 'technical');
    const people = { slaPlan: plan, staff: [oleg.id], duty: [maria.id] };
    await maria.patch(`/queues/${technical.id}`, people, { 'if-match': `"${technical.revision}"` });
    await story.passUntil(march(7, '12:00'));
    number = (await anna.post('/tickets', { subject: 'Panel', body: 'It does not start', category: 'technical' })).body.number;
  });
  afterAll(() => story?.stop());

  test('S7: on Monday the Tuesday is made a day off, and applied to open tickets: the promise is due a day later', async () => {
    expect(await dueAt()).toEqual(march(8, '19:00'));
    await story.passUntil(march(7, '15:00'));
    const years = { '2033': { decree: null, daysOff: ['2033-03-08'], workingWeekends: [], shortDays: [] } };
    await maria.patch(`/calendars/${calendar.id}`, { years }, { 'if-match': `"${calendar.revision}"` });
    const looked = (await maria.post('/service-retimings/preview', { scope: 'calendar', id: calendar.id })).body;
    expect(looked).toMatchObject({ total: 1, items: [{ ticket: number }] });
    const { job } = (await maria.post('/service-retimings', { scope: 'calendar', id: calendar.id })).body;
    await until('it is applied', async () => (await maria.get(`/jobs/${job}`)).body.state === 'done');
    expect(await dueAt()).toEqual(march(9, '19:00'));
  });

  test('S5, S7: on Tuesday nobody is warned and nothing breaks; on Wednesday those of the queue are warned, once', async () => {
    await story.passUntil(march(8, '20:00'));
    expect(await told()).toEqual([]);
    await story.passUntil(march(9, '15:30'));
    expect(await told()).toEqual([['staff.deadline_near', oleg.id, march(9, '15:00')]]);
  });

  test('M3: the provider is down from Wednesday afternoon until Friday noon: the deadline passes, and nothing breaks', async () => {
    await story.passUntil(march(9, '16:00'));
    const wanted = { scope: 'all', kinds: ['clocks'], reason: 'The provider is down', until: march(11, '12:00').toISOString() };
    hold = (await maria.post('/holds', wanted)).body.id;
    await story.passUntil(march(11, '11:55'));
    expect(await told()).toHaveLength(1);
    expect((await oleg.get(`/tickets/${number}`)).body).toMatchObject({ breachedAt: null, next: { hold: { until: wanted.until } } });
    const details = (await story.temporal.workflow.getHandle(`ticket:${number}`).query('__temporal_workflow_metadata')) as {
      currentDetails?: string;
    };
    expect(details.currentDetails).toContain('held');
  });

  test('M3, S5: the hold ends by itself, the three hours that were left are left, and then it breaks: on time, told once', async () => {
    await story.passUntil(march(11, '12:05'));
    await until('the hold is lifted', async () => {
      const { items } = (await maria.get('/holds?lifted=true')).body;
      return items.find((item: { id: string }) => item.id === hold).liftedAt !== null;
    });
    expect(await dueAt()).toEqual(march(11, '15:00'));
    await story.passUntil(march(11, '14:55'));
    expect(await told()).toHaveLength(1);
    await story.passUntil(march(14, '12:00'));
    expect(await told()).toEqual([
      ['staff.deadline_near', oleg.id, march(9, '15:00')],
      ['staff.deadline_missed', maria.id, march(11, '15:00')],
    ]);
    const breach = (await oleg.get(`/tickets/${number}/history`)).body.items.find((line: { what: string }) => line.what === 'clock_breach');
    expect(breach.data).toMatchObject({ lateSeconds: null, calendar: `${calendar.id}@2` });
  });

  test('S7: kinder terms take the breach back, and a workflow waits for the new deadline', async () => {
    const plan = (await maria.get('/sla-plans')).body.items.find((each: { names: { en: string } }) => each.names.en === 'Sixteen hours');
    await maria.patch(`/sla-plans/${plan.id}`, { response: { amount: 6, unit: 'days' } }, { 'if-match': `"${plan.revision}"` });
    const { job } = (await maria.post('/service-retimings', { scope: 'plan', id: plan.id })).body;
    await until('it is applied', async () => (await maria.get(`/jobs/${job}`)).body.state === 'done');
    expect((await oleg.get(`/tickets/${number}`)).body).toMatchObject({ breachedAt: null });
    // Six working days after that Monday, without the Tuesday; and the fourteen hours of the hold.
    expect(await dueAt()).toEqual(march(18, '16:00'));
    await story.passUntil(march(21, '12:00'));
    const missed = (await told()).filter(([event]) => event === 'staff.deadline_missed');
    expect(missed).toEqual([
      ['staff.deadline_missed', maria.id, march(11, '15:00')],
      ['staff.deadline_missed', maria.id, march(18, '16:00')],
    ]);
  });
});

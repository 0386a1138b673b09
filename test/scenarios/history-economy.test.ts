import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { historyAtRest } from '../harness/kontor.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';

describe('history economy', () => {
  let story: Story;
  let anna: TestCustomer;
  let oleg: TestPerson;
  let number: string;
  const events = async () => {
    await story.settled();
    return until('every workflow task is done', () => historyAtRest(story.temporal, `ticket:${number}`));
  };
  /** A message an hour after the one before, and what it cost. */
  const write = async (who: 'anna' | 'oleg') => {
    await story.passUntil(new Date(story.now().getTime() + 3_600_000));
    const before = await events();
    await (who === 'anna' ? anna : oleg).post(`/tickets/${number}/messages`, { body: 'Words' });
    return (await events()) - before;
  };

  beforeAll(async () => {
    story = await beginStory('2031-09-01T07:00:00Z');
    anna = await story.people.customer();
    oleg = await story.people.staff();
    number = (await anna.post('/tickets', { subject: 'Economy', body: 'Economy', category: 'technical' })).body.number;
  });
  afterAll(() => story?.stop());

  test('P4: opening costs at most 8 events', async () => {
    expect(await events()).toBeLessThanOrEqual(8);
  });

  test('P4: each of ten messages within a day costs at most 7', async () => {
    for (const who of ['oleg', 'anna', 'oleg', 'oleg', 'anna', 'anna', 'oleg', 'anna', 'oleg', 'oleg'] as const)
      expect(await write(who), who).toBeLessThanOrEqual(7);
  });

  test('P4: each passed deadline costs at most 8', async () => {
    // The timer set by the first answer rings before, finds that the later answers moved the deadline, and is set anew.
    await story.passUntil('2031-09-07T16:30:00Z');
    for (const due of ['2031-09-07T18:00:00Z', '2031-09-08T18:00:00Z', '2031-09-15T18:00:00Z']) {
      const before = await events();
      await story.passUntil(due);
      expect((await events()) - before, due).toBeLessThanOrEqual(8);
    }
  });

  test('P4: ten messages from opening to archive make at most 105 events', async () => {
    expect((await anna.get(`/tickets/${number}`)).body.status).toBe('archived');
    expect(await events()).toBeLessThanOrEqual(105);
  });

  test('a note costs the engine nothing', async () => {
    number = (await anna.post('/tickets', { subject: 'Note', body: 'Note', category: 'technical' })).body.number;
    const before = await events();
    await oleg.post(`/tickets/${number}/notes`, { body: 'For us' });
    expect(await events()).toBe(before);
  });
});

describe('history economy with two clocks', () => {
  let story: Story;
  let anna: TestCustomer;
  let oleg: TestPerson;
  const events = async (number: string) => {
    await story.settled();
    return until('every workflow task is done', () => historyAtRest(story.temporal, `ticket:${number}`));
  };
  const write = async (who: 'anna' | 'oleg', number: string) => {
    await story.passUntil(new Date(story.now().getTime() + 3_600_000));
    const before = await events(number);
    await (who === 'anna' ? anna : oleg).post(`/tickets/${number}/messages`, { body: 'Words' });
    return (await events(number)) - before;
  };

  beforeAll(async () => {
    story = await beginStory('2031-09-01T07:00:00Z');
    anna = await story.people.customer();
    oleg = await story.people.staff();
    await story.db.query(
      `update queue set sla_plan_id = (select id from sla_plan where name ->> 'en' = 'Enterprise') where category = 'technical'`,
    );
  });
  afterAll(() => story?.stop());

  // In turn, which moves the earliest step to and fro; and where nobody answers for long, so that clocks warn and run out.
  for (const authors of [
    ['oleg', 'anna', 'oleg', 'anna', 'oleg', 'anna', 'oleg', 'anna', 'anna', 'oleg'],
    ['oleg', 'anna', 'oleg', 'oleg', 'anna', 'anna', 'oleg', 'anna', 'oleg', 'oleg'],
  ] as const)
    test(`P4: ten messages of ${authors.join(', ')}, of a critical ticket, make at most 135 events from opening to archive`, async () => {
      const { number } = (await anna.post('/tickets', { subject: 'Economy', body: 'Economy', category: 'technical', severity: 'critical' }))
        .body;
      expect(await events(number), 'opening').toBeLessThanOrEqual(8);
      const costs: number[] = [];
      for (const who of authors) costs.push(await write(who, number));
      expect(Math.max(...costs), costs.join(' ')).toBeLessThanOrEqual(7);
      await story.passUntil(new Date(story.now().getTime() + 16 * 86_400_000));
      expect((await anna.get(`/tickets/${number}`)).body.status).toBe('archived');
      expect(await events(number)).toBeLessThanOrEqual(135);
    });

  test('P4: a warning and a breach of either clock cost at most 8 each', async () => {
    const { number } = (
      await anna.post('/tickets', { subject: 'Nobody answers', body: 'Economy', category: 'technical', severity: 'critical' })
    ).body;
    const steps = (await oleg.get(`/tickets/${number}`)).body.steps as { what: string; at: string }[];
    expect(steps).toHaveLength(4);
    for (const { what, at } of steps) {
      await story.passUntil(new Date(Date.parse(at) - 1000));
      const before = await events(number);
      await story.passUntil(new Date(Date.parse(at) + 1000));
      expect((await events(number)) - before, what).toBeLessThanOrEqual(8);
    }
  });
});

/** `EVENT_TYPE_TIMER_STARTED`, `EVENT_TYPE_ACTIVITY_TASK_COMPLETED`. */
const timerStarted = 17;
const activityCompleted = 12;

describe('history economy of a payment', () => {
  let story: Story;

  beforeAll(async () => {
    story = await beginStory('2031-09-01T07:00:00Z');
  });
  afterAll(() => story?.stop());

  test('B2: one that is made, told of and credited costs 29 events of the 60 it may', async () => {
    const anna = await story.people.customer();
    const amount = { amountMinor: 50_000, currency: 'RUB' };
    const { id } = (await anna.post('/payments', { amount }, { 'idempotency-key': 'economy' })).body;
    const read = async () => (await anna.get(`/payments/${id}`)).body;
    await until('it can be paid', async () => (await read()).state === 'pending');
    const workflow = story.temporal.workflow.getHandle(`payment:${id}`);
    await until('its workflow waits for its payer', async () => {
      const types = ((await workflow.fetchHistory()).events ?? []).map(({ eventType }) => Number(eventType));
      return types.lastIndexOf(timerStarted) > types.lastIndexOf(activityCompleted) && types.includes(activityCompleted);
    });
    const [{ provider_id: providerId } = { provider_id: '' }] = await story.db.query<{ provider_id: string }>(
      'select provider_id from payment where id = $1',
      [id],
    );
    await story.simulator.pay(providerId);
    await until('it is credited', async () => (await read()).state === 'succeeded');
    await until('its workflow is over', async () => (await workflow.describe()).status.name === 'COMPLETED');
    expect(await historyAtRest(story.temporal, `payment:${id}`)).toBe(29);
  });
});

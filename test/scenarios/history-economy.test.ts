import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';

/** `EVENT_TYPE_WORKFLOW_TASK_SCHEDULED` and `…_COMPLETED`. */
const taskScheduled = 5;
const taskCompleted = 7;

describe('history economy', () => {
  let story: Story;
  let anna: TestCustomer;
  let oleg: TestPerson;
  let number: string;
  /** Counts when the engine has been told everything and every task is done. A query would do as well, but can add a task. */
  const events = async () => {
    await until('the outbox is empty', async () => (await story.db.query('select 1 from outbox')).length === 0);
    return until('every workflow task is done', async () => {
      const history = (await story.temporal.workflow.getHandle(`ticket:${number}`).fetchHistory()).events!;
      const count = (type: number) => history.filter((event) => Number(event.eventType) === type).length;
      return count(taskScheduled) === count(taskCompleted) && history.length;
    });
  };
  const write = async (who: 'anna' | 'oleg') => {
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
    await story.passUntil('2031-09-07T06:59:00Z');
    for (const due of ['2031-09-07T08:00:00Z', '2031-09-08T08:00:00Z', '2031-09-15T08:00:00Z']) {
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

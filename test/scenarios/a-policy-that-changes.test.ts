import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';

const hours = 3600;

describe('a policy that changes', () => {
  let story: Story;
  let anna: TestCustomer;
  let maria: TestPerson;
  let policy: string;
  let category: string;
  const status = async (number: string) => (await anna.get(`/tickets/${number}`)).body.status as string;
  const open = async (subject: string) => {
    const { number } = (await anna.post('/tickets', { subject, body: subject, category })).body;
    await maria.post(`/tickets/${number}/messages`, { body: 'Please try again' });
    return number as string;
  };
  const setTo = (days: number, archiveDays: number) =>
    maria.put(`/timing-policies/${policy}`, {
      names: { en: `After ${days} days` },
      autoCloseAfterSeconds: days * 24 * hours,
      archiveAfterSeconds: archiveDays * 24 * hours,
      warnBeforeSeconds: 24 * hours,
    });
  const retime = async () => {
    const { job } = (await maria.post(`/timing-policies/${policy}/retiming`, {})).body;
    await until('the job has ended', async () => (await maria.get(`/jobs/${job}`)).body.state === 'done');
    await story.settled();
  };

  beforeAll(async () => {
    story = await beginStory('2033-03-01T09:00:00Z');
    anna = await story.people.customer();
    maria = await story.people.staff({ role: 'administrator' });
    const names = { en: 'A week' };
    policy = (
      await maria.post('/timing-policies', {
        names,
        autoCloseAfterSeconds: 168 * hours,
        archiveAfterSeconds: 168 * hours,
        warnBeforeSeconds: 24 * hours,
      })
    ).body.id;
    category = (await maria.post('/queues', { category: 'changing', names: { en: 'Changing' }, timingPolicy: policy })).body.category;
  });
  afterAll(() => story?.stop());

  test('T8: shortened and applied, an open ticket’s workflow closes and archives at the new instants', async () => {
    const number = await open('Shortened');
    await story.passUntil('2033-03-02T09:00:00Z');
    await setTo(3, 1);
    await retime();
    await story.passUntil('2033-03-03T08:00:00Z');
    expect(await events(number)).not.toContain('warn');
    await story.passUntil('2033-03-04T08:00:00Z');
    expect(await events(number)).toContain('warn');
    expect(await status(number)).toBe('awaiting_customer');
    await story.passUntil('2033-03-04T10:00:00Z');
    expect(await status(number)).toBe('closed');
    await story.passUntil('2033-03-05T10:00:00Z');
    expect(await status(number)).toBe('archived');
  });

  test('T8: lengthened and applied, the old instant passes and nothing happens; the new one keeps the promise', async () => {
    const number = await open('Lengthened');
    await setTo(10, 10);
    await retime();
    await story.passUntil('2033-03-14T10:00:00Z');
    expect(await status(number)).toBe('awaiting_customer');
    expect(await events(number)).not.toContain('auto_close');
    await story.passUntil('2033-03-15T11:00:00Z');
    expect(await status(number)).toBe('closed');
  });

  test('T9: one that would close before its warning is warned first, a day before', async () => {
    const number = await open('Warned first');
    await story.passUntil(new Date(story.now().getTime() + 4 * 24 * hours * 1000));
    await setTo(3, 1);
    await retime();
    await story.passUntil(new Date(story.now().getTime() + 23 * hours * 1000));
    expect(await status(number)).toBe('awaiting_customer');
    expect((await events(number)).filter((kind) => kind === 'warn')).toEqual(['warn']);
    await story.passUntil(new Date(story.now().getTime() + 2 * hours * 1000));
    expect(await status(number)).toBe('closed');
  });

  async function events(number: string): Promise<string[]> {
    return (await maria.get(`/tickets/${number}/history`)).body.items.map((item: { what: string }) => item.what);
  }
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';

const hour = 3600;

describe('queues with other rules', () => {
  let story: Story;
  let anna: TestCustomer;
  let oleg: TestPerson;
  const open = async (category: string) =>
    (await anna.post('/tickets', { subject: 'Rules', body: 'Rules', category })).body.number as string;
  const ticket = async (number: string) => (await anna.get(`/tickets/${number}`)).body;

  beforeAll(async () => {
    story = await beginStory('2031-06-02T06:00:00Z');
    anna = await story.people.customer();
    oleg = await story.people.staff();
  });
  afterAll(() => story?.stop());

  test('T8: with 3+1 an answer of 2 June closes the ticket on the 5th and archives it on the 6th', async () => {
    const number = await open(await story.queue({ autoClose: 72 * hour, archive: 24 * hour, warn: 24 * hour }));
    await oleg.post(`/tickets/${number}/messages`, { body: 'Answer' });
    await story.passUntil('2031-06-05T05:00:00Z');
    expect((await ticket(number)).status).toBe('awaiting_customer');
    await story.passUntil('2031-06-05T07:00:00Z');
    expect((await ticket(number)).status).toBe('closed');
    await story.passUntil('2031-06-06T07:00:00Z');
    expect((await ticket(number)).status).toBe('archived');
  });

  test('T6: where the queue says so, a ticket closed by hand is read-only at once', async () => {
    const category = await story.queue({ autoClose: 72 * hour, archive: 24 * hour, reopen: false });
    for (const close of [
      (number: string) => anna.post(`/tickets/${number}/resolution`),
      (number: string) => oleg.post(`/tickets/${number}/closing`, { reason: 'Duplicate' }),
    ]) {
      const number = await open(category);
      expect((await close(number)).status).toBe(200);
      expect(await ticket(number)).toMatchObject({ status: 'archived', allowedActions: [] });
      expect((await anna.post(`/tickets/${number}/messages`, { body: 'Wait' })).body.error.code).toBe('ticket.archived');
    }
  });

  test('T9: a warning that would not be shorter than the waiting is not sent', async () => {
    const number = await open(await story.queue({ autoClose: 24 * hour, archive: 24 * hour, warn: 24 * hour }));
    await oleg.post(`/tickets/${number}/messages`, { body: 'Answer' });
    const before = story.mail.to(anna.email).length;
    await story.passUntil(new Date(story.now().getTime() + 25 * hour * 1000));
    expect((await ticket(number)).status).toBe('closed');
    await story.settled();
    const told = (
      await story.db.query<{ event: string }>(`select n.event from notification n where n.ticket_number = $1 order by n.created_at`, [
        Number(number.slice(3)),
      ])
    ).map((row) => row.event);
    expect(told).toEqual(['ticket.created', 'ticket.answered', 'ticket.closed']);
    expect(story.mail.to(anna.email).length).toBeGreaterThan(before);
  });

  test('T4: a snoozed ticket comes back by itself at the moment chosen', async () => {
    const number = await open('technical');
    await oleg.post(`/tickets/${number}/assignment`);
    const until = new Date(story.now().getTime() + 48 * hour * 1000);
    expect((await oleg.post(`/tickets/${number}/snooze`, { until })).body.snoozedUntil).toBe(until.toISOString());
    expect((await anna.get(`/tickets/${number}`)).body.next).toBeNull();
    await story.passUntil(new Date(until.getTime() + 60_000));
    expect((await oleg.get(`/tickets/${number}`)).body).toMatchObject({ snoozedUntil: null, status: 'in_progress' });
    const history = (await oleg.get(`/tickets/${number}/history`)).body.items;
    expect(history.at(-1)).toMatchObject({ what: 'wake', by: { side: 'time' } });
    expect(
      (await anna.get(`/tickets/${number}/history`)).body.items.some((event: { what: string }) => ['wake', 'snooze'].includes(event.what)),
    ).toBe(false);
  });
});

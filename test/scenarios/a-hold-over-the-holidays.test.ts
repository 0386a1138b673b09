import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';

describe('a hold over the holidays', () => {
  let story: Story;
  let anna: TestCustomer;
  let boris: TestCustomer;
  let maria: TestPerson;
  let held: string;
  let free: string;
  let hold: string;
  const status = async (customer: TestCustomer, number: string) => (await customer.get(`/tickets/${number}`)).body.status as string;

  beforeAll(async () => {
    story = await beginStory('2031-12-22T07:00:00Z');
    anna = await story.people.customer();
    boris = await story.people.customer();
    maria = await story.people.staff({ role: 'administrator' });
    held = (await anna.post('/tickets', { subject: 'Held', body: 'Held', category: 'technical' })).body.number;
    free = (await boris.post('/tickets', { subject: 'Free', body: 'Free', category: 'technical' })).body.number;
    for (const number of [held, free]) await maria.post(`/tickets/${number}/messages`, { body: 'Please try again' });
  });
  afterAll(() => story?.stop());

  test('M3: on 23 December Maria holds the closing for Anna’s account', async () => {
    await story.passUntil('2031-12-23T07:00:00Z');
    const placed = await maria.post('/holds', {
      scope: 'account',
      scopeId: anna.accountId,
      kinds: ['auto_close', 'reminders'],
      reason: 'Her office is closed',
    });
    expect(placed.status).toBe(201);
    hold = placed.body.id;
  });

  test('M3: on 29 December the other ticket closes, the held one does not and nobody is warned', async () => {
    const mails = story.mail.to(anna.email).length;
    await story.passUntil('2031-12-30T07:00:00Z');
    expect(await status(boris, free)).toBe('closed');
    expect(await status(anna, held)).toBe('awaiting_customer');
    expect(story.mail.to(anna.email)).toHaveLength(mails);
    const details = (await story.temporal.workflow.getHandle(`ticket:${held}`).query('__temporal_workflow_metadata')) as {
      currentDetails?: string;
    };
    expect(details.currentDetails).toContain('held until somebody lifts the hold');
    expect((await maria.get(`/tickets/${held}`)).body.next).toMatchObject({ what: 'warn', hold: { until: null } });
    expect((await boris.get(`/tickets/${free}`)).body.next).toMatchObject({ what: 'archive', hold: null });
  });

  test('M3: people go on working under a hold', async () => {
    expect((await maria.post(`/tickets/${held}/notes`, { body: 'On holiday' })).status).toBe(201);
  });

  test('M3: on 9 January the hold is lifted, and what fell due under it happens then, once', async () => {
    await story.passUntil('2032-01-09T07:00:00Z');
    expect(await status(anna, held)).toBe('awaiting_customer');
    expect((await maria.post(`/holds/${hold}/lifting`)).status).toBe(200);
    await story.passUntil('2032-01-09T07:01:00Z');
    expect(await status(anna, held)).toBe('closed');
    const told = await story.db.query<{ event: string }>(
      `select event from notification where ticket_number = $1 and event in ('ticket.about_to_close', 'ticket.closed')`,
      [Number(held.slice(3))],
    );
    expect(told.map((row) => row.event)).toEqual(['ticket.closed']);
    expect((await maria.post(`/holds/${hold}/lifting`)).body.error.code).toBe('hold.already_lifted');
  });

  test('M3: a hold with an end ends by itself', async () => {
    await maria.post('/holds', { scope: 'entity', scopeId: `ticket:${held}`, reason: 'Check', until: '2032-02-01T00:00:00Z' });
    await story.passUntil('2032-01-31T23:00:00Z');
    expect(await status(anna, held)).toBe('closed');
    await story.passUntil('2032-02-01T00:05:00Z');
    expect(await status(anna, held)).toBe('archived');
  });
});

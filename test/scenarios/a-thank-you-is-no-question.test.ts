import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';

describe('a “thank you” is no question', () => {
  let story: Story;
  let boris: TestCustomer;
  let oleg: TestPerson;
  let number: string;
  const ticket = async () => (await boris.get(`/tickets/${number}`)).body;

  beforeAll(async () => {
    story = await beginStory('2031-04-01T08:00:00Z');
    boris = await story.people.customer({ name: 'Boris' });
    oleg = await story.people.staff();
    number = (await boris.post('/tickets', { subject: 'Time zone', body: 'Where is it?', category: 'general' })).body.number;
    await story.settled();
    await oleg.post(`/tickets/${number}/messages`, { body: 'Under Profile.' });
  });
  afterAll(() => story?.stop());

  test('T4: on 2 April Boris thanks, and the ticket waits for staff', async () => {
    await story.passUntil('2031-04-02T08:00:00Z');
    await boris.post(`/tickets/${number}/messages`, { body: 'Thank you!' });
    expect(await ticket()).toMatchObject({ status: 'awaiting_staff', next: null });
    await story.settled();
    expect(story.mail.to(boris.email)).toHaveLength(2);
  });

  test('T4: on 4 April Oleg says that it needs no answer; the former deadline, 8 April, is back and nobody is mailed', async () => {
    await story.passUntil('2031-04-04T08:00:00Z');
    expect((await oleg.post(`/tickets/${number}/dismissal`)).body).toMatchObject({ status: 'awaiting_customer' });
    const next = new Date((await ticket()).next.at);
    expect(next.toISOString().slice(0, 10)).toBe('2031-04-08');
    await story.settled();
    expect(story.mail.to(boris.email)).toHaveLength(2);
    expect((await oleg.post(`/tickets/${number}/dismissal`)).body.error.code).toBe('ticket.nothing_to_dismiss');
  });

  test('T4, T9: on 7 April he is warned, on 8 April it closes, as if he had never written', async () => {
    await story.passUntil('2031-04-08T09:00:00Z');
    expect(await ticket()).toMatchObject({ status: 'closed' });
    expect(story.mail.to(boris.email)).toHaveLength(4);
  });

  test('T5: on 14 April, a day before the archive, he writes again; the ticket comes back with its number and history', async () => {
    await story.passUntil('2031-04-14T08:00:00Z');
    expect((await boris.post(`/tickets/${number}/messages`, { body: 'It is gone again' })).status).toBe(201);
    expect(await ticket()).toMatchObject({ number, status: 'awaiting_staff', closedAt: null, leavesListAt: null });
    await story.passUntil('2031-05-14T08:00:00Z');
    expect(await ticket()).toMatchObject({ status: 'awaiting_staff' });
  });

  test('T6: in May he presses “Resolved” himself; no mail tells him what he did, and a week later it is archived', async () => {
    const mails = story.mail.to(boris.email).length;
    expect((await boris.post(`/tickets/${number}/resolution`)).body).toMatchObject({ status: 'closed' });
    await story.passUntil('2031-05-22T08:00:00Z');
    expect(await ticket()).toMatchObject({ status: 'archived' });
    expect(story.mail.to(boris.email)).toHaveLength(mails);
  });

  test('N3: every mail of the story hangs on one thread and none was sent twice', () => {
    const mails = story.mail.to(boris.email);
    const [first, ...others] = mails;
    expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(mails.length);
    for (const mail of others) expect([mail.references].flat()).toContain(first?.messageId);
    expect(mails.every((mail) => mail.subject?.includes(`[${number}]`))).toBe(true);
    expect(first?.headers.get('auto-submitted')).toBe('auto-generated');
  });
});

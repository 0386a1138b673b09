import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginStory, type Story } from '../harness/story.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';

describe('a ticket forgotten by its customer', () => {
  let story: Story;
  let anna: TestCustomer;
  let oleg: TestPerson;
  let number: string;

  beforeAll(async () => {
    story = await beginStory('2031-03-03T07:00:00Z');
    anna = await story.people.customer({ name: 'Anna Petrova', locale: 'ru' });
    oleg = await story.people.staff({ name: 'Oleg Sidorov' });
  });
  afterAll(() => story?.stop());

  test('T1, T2: on Monday 3 March at 10:00 in Moscow Anna opens a ticket and is mailed its number', async () => {
    const opened = await anna.post('/tickets', {
      subject: 'Панель не запускается',
      body: 'После обновления — пустая страница.',
      category: 'technical',
    });
    expect(opened.status).toBe(201);
    number = opened.body.number;
    expect(number).toMatch(/^CS-\d{6,}$/);
    expect(opened.body.statusText).toBe('На рассмотрении');
    await story.settled();
    expect(story.mail.to(anna.email).map((mail) => mail.subject)).toEqual([`[${number}] Панель не запускается`]);
  });

  test('T4: nothing closes while staff owe an answer, though three weeks pass', async () => {
    await story.passUntil('2031-03-24T07:00:00Z');
    expect((await anna.get(`/tickets/${number}`)).body).toMatchObject({ status: 'awaiting_staff', next: null });
    expect(story.mail.to(anna.email)).toHaveLength(1);
  });

  test('T3: Oleg takes it and answers; Anna reads “Есть новые сообщения” and when it will close', async () => {
    expect((await oleg.post(`/tickets/${number}/assignment`)).body.status).toBe('in_progress');
    const answered = await oleg.post(`/tickets/${number}/messages`, { body: 'Очистите кэш, пожалуйста.' });
    expect(answered.body).toMatchObject({ status: 'awaiting_customer', waitingSince: null });
    const seen = (await anna.get(`/tickets/${number}`)).body;
    expect(seen.statusText).toBe('Есть новые сообщения');
    expect(seen.next).toMatchObject({ what: 'auto_close' });
    expect(new Date(seen.next.at).getTime() - new Date(seen.lastMessageAt).getTime()).toBe(168 * 3600 * 1000);
    await story.settled();
    expect(story.mail.to(anna.email)).toHaveLength(2);
  });

  test('T9: a day before it closes Anna is warned, once', async () => {
    const closesAt = new Date((await anna.get(`/tickets/${number}`)).body.next.at);
    await story.passUntil(new Date(closesAt.getTime() - 24 * 3600 * 1000 - 60_000));
    expect(story.mail.to(anna.email)).toHaveLength(2);
    await story.passUntil(new Date(closesAt.getTime() - 60_000));
    const mails = story.mail.to(anna.email);
    expect(mails).toHaveLength(3);
    expect(mails[2]?.text).toContain('закроется автоматически');
    expect((await anna.get(`/tickets/${number}`)).body.status).toBe('awaiting_customer');
  });

  test('T4: 168 h after the last staff answer it is closed, to the second, and Anna is told', async () => {
    const before = (await anna.get(`/tickets/${number}`)).body;
    await story.passUntil(new Date(new Date(before.next.at).getTime() + 30_000));
    const closed = (await anna.get(`/tickets/${number}`)).body;
    expect(closed).toMatchObject({ status: 'closed', statusText: 'Вопрос решён', allowedActions: ['reply'] });
    expect(Math.abs(new Date(closed.closedAt).getTime() - new Date(before.next.at).getTime())).toBeLessThan(1_000);
    expect(story.mail.to(anna.email)).toHaveLength(4);
  });

  test('T5: seven days later it is in the archive, silently, and its workflow has ended', async () => {
    const { leavesListAt } = (await anna.get(`/tickets/${number}`)).body;
    await story.passUntil(new Date(new Date(leavesListAt).getTime() + 30_000));
    expect((await anna.get(`/tickets/${number}`)).body).toMatchObject({ status: 'archived', next: null, allowedActions: [] });
    expect(story.mail.to(anna.email)).toHaveLength(4);
    expect((await story.temporal.workflow.getHandle(`ticket:${number}`).describe()).status.name).toBe('COMPLETED');
  });

  test('T7: nobody can write any more, and the refusal says which number to cite', async () => {
    const refused = await anna.post(`/tickets/${number}/messages`, { body: 'Всё ещё не работает' });
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({ code: 'ticket.archived' });
    expect(refused.body.error.message).toContain(number);
    expect((await oleg.post(`/tickets/${number}/notes`, { body: 'note' })).status).toBe(409);
  });

  test('T7: the new ticket that cites it is linked in both directions', async () => {
    const again = await anna.post('/tickets', {
      subject: 'Снова пустая страница',
      body: 'То же самое.',
      category: 'technical',
      relatedTicket: number,
    });
    expect(again.body.cites).toEqual([number]);
    expect((await anna.get(`/tickets/${number}`)).body.citedBy).toEqual([again.body.number]);
  });

  test('T19: the history tells the whole life, who and when', async () => {
    const { items } = (await oleg.get(`/tickets/${number}/history`)).body;
    expect(items.map((event: { what: string; by: { side: string } }) => `${event.by.side} ${event.what}`)).toEqual([
      'customer opened',
      'staff take',
      'staff staff_message',
      'time warn',
      'time auto_close',
      'time archive',
      'customer cited',
    ]);
  });
});

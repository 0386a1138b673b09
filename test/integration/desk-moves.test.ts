import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let oleg: TestStaff;
let maria: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer();
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
  maria = await kontor.people.staff({ name: 'Maria Belova' });
});
afterAll(() => kontor?.stop());

async function openTicket(subject = 'A panel'): Promise<string> {
  return (await anna.post('/tickets', { subject, body: 'It does not start', category: 'technical' })).body.number;
}

const staffHistory = async (number: string) => (await oleg.get(`/tickets/${number}/history?limit=100`)).body.items;
const customersHistory = async (number: string) => (await anna.get(`/tickets/${number}/history?limit=100`)).body.items;

describe('assigning', () => {
  test('T13: a colleague who is given a ticket works on it, reads it in his list, and the customer reads that somebody does', async () => {
    const number = await openTicket();
    const answer = await oleg.put(`/tickets/${number}/assignment`, { assignee: maria.id });
    expect(answer).toMatchObject({ status: 200, body: { status: 'in_progress', assignee: { id: maria.id, name: 'Maria Belova' } } });
    expect((await anna.get(`/tickets/${number}`)).body).toMatchObject({ status: 'in_progress', statusText: 'Working on it' });
    const notices = (await maria.get('/notifications')).body.items;
    expect(notices.filter((notice: { event: string }) => notice.event === 'staff.assigned')).toHaveLength(1);
    expect((await oleg.get('/notifications')).body.items).toEqual([]);
    expect((await staffHistory(number)).at(-1)).toMatchObject({ what: 'assign', data: { assignee: maria.id } });
  });

  test('T13: in a ticket that waits for the customer it only names who is responsible: no state, no deadline, no line for him', async () => {
    const number = await openTicket();
    const answered = (await oleg.post(`/tickets/${number}/messages`, { body: 'Try again' })).body;
    const before = (await anna.get(`/tickets/${number}`)).body;
    const given = (await oleg.put(`/tickets/${number}/assignment`, { assignee: maria.id })).body;
    expect(given).toMatchObject({ status: 'awaiting_customer', assignee: { id: maria.id }, steps: answered.steps });
    expect((await anna.get(`/tickets/${number}`)).body).toEqual(before);
    expect((await customersHistory(number)).map((line: { what: string }) => line.what)).not.toContain('assign');
  });

  test('T13: never to somebody who does not answer customers, who has left, who is a customer, or who is nobody', async () => {
    const number = await openTicket();
    const clerk = await kontor.people.staff({ role: 'billing' });
    const gone = await kontor.people.staff();
    await kontor.db.query('update app_user set disabled_at = now() where id = $1', [gone.id]);
    for (const assignee of [clerk.id, gone.id, anna.id, 'usr_01jd3y8k2m5n7p9q1r3s5t7v9w'])
      expect(await oleg.put(`/tickets/${number}/assignment`, { assignee })).toMatchObject({
        status: 422,
        body: { error: { code: 'ticket.assignee_unknown' } },
      });
    expect((await clerk.put(`/tickets/${number}/assignment`, { assignee: oleg.id })).status).toBe(403);
    expect((await oleg.get(`/tickets/${number}`)).body).toMatchObject({ status: 'awaiting_staff', assignee: null });
  });
});

describe('moving to another queue', () => {
  test('T3: the running deadline stays to the second; the next one goes by the new queue', async () => {
    const quick = await kontor.queue({ autoClose: 7200, archive: 3600 });
    const number = await openTicket();
    const { steps } = (await oleg.post(`/tickets/${number}/messages`, { body: 'Try again' })).body;
    const moved = await oleg.post(`/tickets/${number}/transfer`, { category: quick });
    expect(moved).toMatchObject({ status: 200, body: { category: quick, status: 'awaiting_customer', steps, assignee: { id: oleg.id } } });
    const again = (await oleg.post(`/tickets/${number}/messages`, { body: 'Or try this' })).body;
    expect(again.steps.at(-1).rule).toContain('7200 s');
    expect((await customersHistory(number)).find((line: { what: string }) => line.what === 'transfer')).toMatchObject({
      data: { from: 'technical', to: quick },
    });
    await until('operators see the new queue', async () => {
      const { searchAttributes } = await kontor.temporal.workflow.getHandle(`ticket:${number}`).describe();
      return JSON.stringify(searchAttributes).includes(quick);
    });
  });

  test('T13: its assignee stays only if he belongs to the new queue; else nobody works on it', async () => {
    const category = await kontor.queue({ autoClose: 7200, archive: 3600 });
    await kontor.db.query('insert into queue_staff (queue_id, user_id) select id, $1 from queue where category = $2', [maria.id, category]);
    const [first, second] = [await openTicket(), await openTicket()];
    await oleg.post(`/tickets/${first}/assignment`);
    await maria.post(`/tickets/${second}/assignment`);
    expect((await oleg.post(`/tickets/${first}/transfer`, { category })).body).toMatchObject({ status: 'awaiting_staff', assignee: null });
    expect((await oleg.post(`/tickets/${second}/transfer`, { category })).body).toMatchObject({
      status: 'in_progress',
      assignee: { id: maria.id },
    });
  });

  test('T13: to where it is already, or to no queue, is refused', async () => {
    const number = await openTicket();
    expect((await oleg.post(`/tickets/${number}/transfer`, { category: 'technical' })).body.error.code).toBe('ticket.already_there');
    expect((await oleg.post(`/tickets/${number}/transfer`, { category: 'nowhere' })).body.error.code).toBe('ticket.category_unknown');
  });
});

describe('two agents at once', () => {
  test('T13: in 20 rounds of taking at once, one has it and the other is told who', async () => {
    for (let round = 0; round < 20; round += 1) {
      const number = await openTicket(`Taken at once ${round}`);
      const answers = await Promise.all([oleg, maria].map((agent) => agent.post(`/tickets/${number}/assignment`, { seenAssignee: null })));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      const winner = answers[0]!.status === 200 ? oleg : maria;
      const { error } = answers.find(({ status }) => status === 409)!.body;
      expect(error.code).toBe('ticket.taken');
      expect(error.message).toContain(winner.name);
      expect((await oleg.get(`/tickets/${number}`)).body.assignee.id).toBe(winner.id);
      expect((await staffHistory(number)).filter((line: { what: string }) => line.what === 'take')).toHaveLength(1);
    }
  });

  test('T13: in 20 rounds of moving to two queues at once, one queue has it and the other mover is told who was first', async () => {
    for (let round = 0; round < 20; round += 1) {
      const number = await openTicket(`Moved at once ${round}`);
      const answers = await Promise.all([
        oleg.post(`/tickets/${number}/transfer`, { category: 'billing', seenCategory: 'technical' }),
        maria.post(`/tickets/${number}/transfer`, { category: 'general', seenCategory: 'technical' }),
      ]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      const won = answers[0].status === 200;
      const { error } = answers.find(({ status }) => status === 409)!.body;
      expect(error.code).toBe('ticket.transferred');
      expect(error.message).toContain(won ? oleg.name : maria.name);
      expect((await oleg.get(`/tickets/${number}`)).body.category).toBe(won ? 'billing' : 'general');
    }
  });

  test('T13: in 20 rounds of closing at once, it is closed once, and the second is told who did', async () => {
    for (let round = 0; round < 20; round += 1) {
      const number = await openTicket(`Closed at once ${round}`);
      const answers = await Promise.all([oleg, maria].map((agent) => agent.post(`/tickets/${number}/closing`, { reason: 'Solved' })));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      const { error } = answers.find(({ status }) => status === 409)!.body;
      expect(error.code).toBe('ticket.closed_by_colleague');
      expect(error.message).toContain(answers[0]!.status === 200 ? oleg.name : maria.name);
      expect((await staffHistory(number)).filter((line: { what: string }) => line.what === 'close')).toHaveLength(1);
    }
  });

  test('T13: taking, moving and closing at once, by three: whatever the order, history and state say the same', async () => {
    const vera = await kontor.people.staff({ name: 'Vera' });
    for (let round = 0; round < 20; round += 1) {
      const number = await openTicket(`All at once ${round}`);
      const [taken, moved, closed] = await Promise.all([
        oleg.post(`/tickets/${number}/assignment`, { seenAssignee: null }),
        maria.post(`/tickets/${number}/transfer`, { category: 'billing', seenCategory: 'technical' }),
        vera.post(`/tickets/${number}/closing`),
      ]);
      expect(moved.status).toBe(200);
      expect(closed.status).toBe(200);
      // Taken first, it was closed over him; closed first, he is told by whom.
      if (taken.status !== 200)
        expect(taken.body.error).toMatchObject({ code: 'ticket.closed_by_colleague', message: expect.stringContaining('Vera') });
      const ticket = (await oleg.get(`/tickets/${number}`)).body;
      expect(ticket).toMatchObject({ status: 'closed', category: 'billing' });
      const kinds = (await staffHistory(number)).map((line: { what: string }) => line.what);
      expect(kinds.toSorted()).toEqual(['close', 'opened', ...(taken.status === 200 ? ['take'] : []), 'transfer'].toSorted());
      expect(ticket.revision).toBe(kinds.length);
    }
  });

  test('T3: whoever does not say whom he saw takes a ticket over knowingly', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/assignment`);
    expect((await maria.post(`/tickets/${number}/assignment`)).body.assignee.id).toBe(maria.id);
    expect((await oleg.put(`/tickets/${number}/assignment`, { assignee: oleg.id, seenAssignee: maria.id })).body.assignee.id).toBe(oleg.id);
    expect((await maria.put(`/tickets/${number}/assignment`, { assignee: maria.id, seenAssignee: null })).body.error.code).toBe(
      'ticket.taken',
    );
  });
});

describe('priority and tags', () => {
  test('T13: tags are kept folded, each once; customers see neither them nor a time that tells of them', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/messages`, { body: 'Try again' });
    const before = (await anna.get(`/tickets/${number}`)).body;
    const marked = await oleg.patch(`/tickets/${number}`, { tags: ['Update 6.12', ' update  6.12 ', 'СРОЧНО'] });
    expect(marked).toMatchObject({ status: 200, body: { tags: ['update 6.12', 'срочно'] } });
    expect((await anna.get(`/tickets/${number}`)).body).toEqual(before);
    expect(await customersHistory(number)).not.toContainEqual(expect.objectContaining({ what: 'tag' }));
    expect((await staffHistory(number)).at(-1)).toMatchObject({ what: 'tag', data: { added: 'update 6.12, срочно', removed: null } });
    await oleg.patch(`/tickets/${number}`, { tags: ['срочно'] });
    expect((await staffHistory(number)).at(-1)).toMatchObject({ what: 'tag', data: { added: null, removed: 'update 6.12' } });
    expect((await oleg.get('/ticket-tags?beginning=%D0%A1%D0%A0')).body.items).toEqual([{ tag: 'срочно', uses: 1 }]);
    expect((await oleg.get('/ticket-tags?beginning=upd')).body.items).toEqual([]);
  });

  test('T13: a priority is a line that staff read, and moves no deadline', async () => {
    const number = await openTicket();
    const { steps } = (await oleg.post(`/tickets/${number}/messages`, { body: 'Try again' })).body;
    expect((await oleg.patch(`/tickets/${number}`, { priority: 'high' })).body).toMatchObject({ priority: 'high', steps });
    expect((await staffHistory(number)).at(-1)).toMatchObject({ what: 'prioritise', data: { from: 'medium', to: 'high' } });
    expect(await customersHistory(number)).not.toContainEqual(expect.objectContaining({ what: 'prioritise' }));
    const { revision } = (await oleg.get(`/tickets/${number}`)).body;
    expect((await oleg.patch(`/tickets/${number}`, { priority: 'high' })).body.revision).toBe(revision);
  });

  test('T13: a change made on an old revision is refused; without one the last wins', async () => {
    const number = await openTicket();
    const { revision } = (await oleg.get(`/tickets/${number}`)).body;
    expect((await oleg.patch(`/tickets/${number}`, { tags: ['a'] }, { 'if-match': `"${revision}"` })).status).toBe(200);
    expect(await maria.patch(`/tickets/${number}`, { tags: ['b'] }, { 'if-match': `"${revision}"` })).toMatchObject({
      status: 412,
      body: { error: { code: 'request.stale' } },
    });
    expect((await maria.patch(`/tickets/${number}`, { tags: ['b'] })).body.tags).toEqual(['b']);
  });

  test('T13: 21 tags, one of 41 characters, an empty one, one with a comma: refused, and nothing changes', async () => {
    const number = await openTicket();
    for (const tags of [Array.from({ length: 21 }, (_, n) => `tag ${n}`), ['a'.repeat(41)], ['  '], ['a,b'], ['a\nb']])
      expect((await oleg.patch(`/tickets/${number}`, { tags })).status).toBe(400);
    expect((await oleg.patch(`/tickets/${number}`, { tags: Array.from({ length: 20 }, (_, n) => `tag ${n}`) })).body.tags).toHaveLength(20);
  });

  test('T13: many who tag at once with the same words wait for nobody, and every use is counted', async () => {
    const numbers = await Promise.all(Array.from({ length: 10 }, () => openTicket()));
    const words = ['alpha', 'beta', 'gamma'];
    const answers = await Promise.all(
      numbers.map((number, n) => (n % 2 ? oleg : maria).patch(`/tickets/${number}`, { tags: n % 2 ? words : words.toReversed() })),
    );
    expect(answers.map(({ status }) => status)).toEqual(numbers.map(() => 200));
    expect((await oleg.get('/ticket-tags?beginning=alpha')).body.items).toEqual([{ tag: 'alpha', uses: 10 }]);
  });
});

describe('opening on a customer’s behalf', () => {
  const call = (more: object = {}) => ({
    account: anna.accountId,
    customer: anna.id,
    subject: 'Called about an invoice',
    body: 'He says the sum is wrong.',
    category: 'billing',
    channel: 'phone',
    ...more,
  });

  test('T13, C6: the first message is the customer’s, written down by the agent; history and ticket tell the channel', async () => {
    const { status, body } = await oleg.post('/tickets', call({ priority: 'high' }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ channel: 'phone', priority: 'high', openedBy: { id: anna.id }, status: 'awaiting_staff', replyCount: 0 });
    const [message] = (await oleg.get(`/tickets/${body.number}/messages`)).body.items;
    expect(message).toMatchObject({ author: { id: anna.id }, side: 'customer', channel: 'phone', enteredBy: { id: oleg.id } });
    expect((await anna.get(`/tickets/${body.number}/messages`)).body.items[0]).toMatchObject({ enteredBy: { name: oleg.name } });
    expect((await staffHistory(body.number))[0]).toMatchObject({
      what: 'opened',
      channel: 'phone',
      by: { side: 'staff', person: { id: oleg.id } },
    });
    expect((await anna.get(`/tickets/${body.number}`)).body.participants).toEqual([{ id: anna.id, name: anna.name }]);
    expect((await anna.post(`/tickets/${body.number}/messages`, { body: 'It is 500 too much' })).status).toBe(201);
  });

  test('N2: he is mailed its number once, with what was written down', async () => {
    const boris = await kontor.people.customer({ name: 'Boris' });
    const { number } = (await oleg.post('/tickets', call({ account: boris.accountId, customer: boris.id }))).body;
    await kontor.settled();
    const mails = kontor.mail.to(boris.email);
    expect(mails).toHaveLength(1);
    expect(mails[0]!.subject).toBe(`[${number}] Called about an invoice`);
    expect(mails[0]!.text).toContain('This is what we wrote down of what you told us');
    expect(mails[0]!.text).toContain('> He says the sum is wrong.');
  });

  test('T13: only for a member of the account, only by who answers customers, and once under one key', async () => {
    const stranger = await kontor.people.customer();
    expect((await oleg.post('/tickets', call({ customer: stranger.id }))).body.error.code).toBe('ticket.customer_unknown');
    expect((await oleg.post('/tickets', call({ customer: maria.id }))).body.error.code).toBe('ticket.customer_unknown');
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect((await clerk.post('/tickets', call())).status).toBe(403);
    const key = { 'idempotency-key': 'one-call' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => oleg.post('/tickets', call(), key)));
    expect(new Set(answers.map(({ body }) => body.number)).size).toBe(1);
  });

  test('T7: it may cite an earlier ticket of the account, and no other', async () => {
    const earlier = await openTicket();
    const { body } = await oleg.post('/tickets', call({ relatedTicket: earlier }));
    expect(body.cites).toEqual([earlier]);
    const stranger = await kontor.people.customer();
    const theirs = (await stranger.post('/tickets', { subject: 'A', body: 'B', category: 'general' })).body.number;
    expect((await oleg.post('/tickets', call({ relatedTicket: theirs }))).body.error.code).toBe('ticket.related_unknown');
  });
});

describe('what staff write', () => {
  test('C6: a call is logged on the ticket, as a note or an answer, and the history tells the channel', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/notes`, { body: 'She called: it is urgent.', channel: 'phone' });
    await oleg.post(`/tickets/${number}/messages`, { body: 'As I said on the phone …', channel: 'phone' });
    const lines = (await staffHistory(number)).slice(-2);
    expect(lines.map(({ what, channel }: { what: string; channel: string }) => [what, channel])).toEqual([
      ['internal_note', 'phone'],
      ['staff_message', 'phone'],
    ]);
    expect((await anna.get(`/tickets/${number}/messages`)).body.items.at(-1).channel).toBe('phone');
  });

  test('T13: who has not seen the newest message is told so once; sent again without it, the answer goes through', async () => {
    const number = await openTicket();
    const [opening] = (await oleg.get(`/tickets/${number}/messages`)).body.items;
    const { messageId } = (await anna.post(`/tickets/${number}/messages`, { body: 'It works now!' })).body;
    const reply = { body: 'Please send the log', seenMessage: opening.id };
    expect(await oleg.post(`/tickets/${number}/messages`, reply)).toMatchObject({
      status: 409,
      body: { error: { code: 'ticket.moved_on', message: expect.stringContaining(number) } },
    });
    expect((await oleg.get(`/tickets/${number}/messages`)).body.items).toHaveLength(2);
    await oleg.post(`/tickets/${number}/notes`, { body: 'A note is no news for the customer' });
    expect((await oleg.post(`/tickets/${number}/messages`, { ...reply, seenMessage: messageId })).status).toBe(201);
    expect((await oleg.post(`/tickets/${number}/messages`, { ...reply, seenMessage: opening.id })).status).toBe(409);
    expect((await oleg.post(`/tickets/${number}/messages`, { body: 'Please send the log' })).status).toBe(201);
  });

  test('T13: two who answer at once on the same message: one goes out, the other sees that it did', async () => {
    for (let round = 0; round < 20; round += 1) {
      const number = await openTicket(`Answered at once ${round}`);
      const [opening] = (await oleg.get(`/tickets/${number}/messages`)).body.items;
      const answers = await Promise.all(
        [oleg, maria].map((agent) => agent.post(`/tickets/${number}/messages`, { body: `From ${agent.name}`, seenMessage: opening.id })),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    }
  });
});

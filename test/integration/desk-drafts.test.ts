import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notifyStaff } from '../../db/repositories/staff-notifications.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

let kontor: Kontor;
let anna: TestCustomer;
let oleg: TestStaff;
let maria: TestStaff;
const lines: string[] = [];
const clock = new MovableClock();

beforeAll(async () => {
  kontor = await startKontor({ clock, onLogLine: (line) => void lines.push(line) });
  anna = await kontor.people.customer();
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
  maria = await kontor.people.staff({ name: 'Maria Orlova', locale: 'ru' });
});
afterAll(() => kontor?.stop());

async function openTicket(): Promise<string> {
  return (await anna.post('/tickets', { subject: 'The panel does not start', body: 'After the update.', category: 'technical' })).body
    .number;
}

describe('drafts', () => {
  test('T13: a draft is kept, read again, and goes with the reply that says just this', async () => {
    const number = await openTicket();
    const none = await oleg.get(`/tickets/${number}/draft?kind=reply`);
    expect(none.body).toEqual({ kind: 'reply', body: '', nextStepBy: 'customer', files: [], revision: '0', updatedAt: null });
    const first = (await oleg.put(`/tickets/${number}/draft`, { kind: 'reply', body: 'Please', revision: '0' })).body;
    const text = { kind: 'reply', body: 'Please try **again**', nextStepBy: 'staff', revision: first.revision };
    const second = (await oleg.put(`/tickets/${number}/draft`, text)).body;
    expect((await oleg.get(`/tickets/${number}/draft?kind=reply`)).body).toEqual({ ...second, body: text.body, nextStepBy: 'staff' });
    await oleg.put(`/tickets/${number}/draft`, { kind: 'note', body: 'Among us', revision: '0' });
    await oleg.post(`/tickets/${number}/messages`, { body: 'Please try **again**' });
    expect((await oleg.get(`/tickets/${number}/draft?kind=reply`)).body.revision).toBe('0');
    expect((await oleg.get(`/tickets/${number}/draft?kind=note`)).body.body).toBe('Among us');
    await oleg.delete(`/tickets/${number}/draft?kind=note`);
    expect((await oleg.get(`/tickets/${number}/draft?kind=note`)).body.body).toBe('');
  });

  test('T13: what is written otherwise, for many tickets say, leaves a draft where it is', async () => {
    const number = await openTicket();
    await oleg.put(`/tickets/${number}/draft`, { body: 'Half a sentence', revision: '0' });
    await oleg.post(`/tickets/${number}/messages`, { body: 'It is mended in 6.13.' });
    expect((await oleg.get(`/tickets/${number}/draft`)).body.body).toBe('Half a sentence');
  });

  test('T13: of two windows of one person the slower is told 412 with what is kept; neither text is lost', async () => {
    const number = await openTicket();
    const [one, other] = await Promise.all(
      ['From the left window', 'From the right window'].map((body) => oleg.put(`/tickets/${number}/draft`, { body, revision: '0' })),
    );
    expect([one!.status, other!.status].toSorted((a, b) => a - b)).toEqual([200, 412]);
    const [kept, refused] = one!.status === 200 ? [one!, other!] : [other!, one!];
    expect(refused.body).toEqual({ error: expect.objectContaining({ code: 'request.stale' }), draft: kept.body });
    const mended = await oleg.put(`/tickets/${number}/draft`, { body: 'Both', revision: refused.body.draft.revision });
    expect(mended.status).toBe(200);
    expect((await oleg.put(`/tickets/${number}/draft`, { body: 'Late', revision: kept.body.revision })).status).toBe(412);
  });

  test('T13: a save that was on its way while the text was sent does not bring it back, nor does an older draft’s revision', async () => {
    const number = await openTicket();
    const { revision } = (await oleg.put(`/tickets/${number}/draft`, { body: 'Sent', revision: '0' })).body;
    await oleg.post(`/tickets/${number}/messages`, { body: 'Sent' });
    const late = await oleg.put(`/tickets/${number}/draft`, { body: 'Sent', revision });
    expect(late).toMatchObject({ status: 412, body: { draft: { body: '', revision: '0' } } });
    await oleg.put(`/tickets/${number}/draft`, { body: 'Another', revision: '0' });
    expect((await oleg.put(`/tickets/${number}/draft`, { body: 'Sent', revision })).status).toBe(412);
  });

  test('T13: only the author reads his draft, and its text is in no feed, audit, history or log', async () => {
    const number = await openTicket();
    await oleg.put(`/tickets/${number}/draft`, { body: 'Sesquipedalian thoughts', revision: '0' });
    expect((await maria.get(`/tickets/${number}/draft`)).body.body).toBe('');
    expect((await maria.put(`/tickets/${number}/draft`, { body: 'Mine', revision: '0' })).status).toBe(200);
    expect((await oleg.get(`/tickets/${number}/draft`)).body.body).toBe('Sesquipedalian thoughts');
    expect((await anna.get(`/api/staff/v1/tickets/${number}/draft`)).status).toBe(404);
    for (const path of ['', '/messages', '/history'])
      expect(JSON.stringify((await maria.get(`/tickets/${number}${path}`)).body)).not.toContain('Sesqui');
    for (const table of ['change_feed', 'audit_line', 'ticket_event', 'outbox', 'idempotency_record'])
      expect(await kontor.db.query(`select 1 from ${table} t where t::text like '%Sesqui%'`), table).toEqual([]);
    expect(lines.join('\n')).not.toContain('Sesqui');
  });

  test('T13: a draft may be unfinished in every way but one that cannot be kept', async () => {
    const number = await openTicket();
    for (const body of ['', '   ', '\n\n'])
      expect((await oleg.put(`/tickets/${number}/draft`, { kind: 'note', body, revision: '0' })).status).toBeLessThan(413);
    expect((await oleg.put(`/tickets/${number}/draft`, { body: 'я'.repeat(65_536), revision: '0' })).status).toBe(200);
    for (const body of ['\u0000', 'x'.repeat(65_537), 'a\u202eb'])
      expect((await oleg.put(`/tickets/${number}/draft`, { body, revision: '0' })).body.error.code).toBe('request.invalid');
    for (const revision of ['', '-1', 'x', '9'.repeat(19)])
      expect((await oleg.put(`/tickets/${number}/draft`, { body: 'x', revision })).status).toBe(400);
    expect((await oleg.put('/tickets/CS-999999999/draft', { body: 'x', revision: '0' })).body.error.code).toBe('ticket.not_found');
    expect((await oleg.get('/tickets/CS-999999999/draft')).body.error.code).toBe('ticket.not_found');
  });
});

describe('presence', () => {
  test('T13: two agents on one ticket see each other and who writes; who leaves or falls silent is gone', async () => {
    const number = await openTicket();
    expect((await oleg.put(`/tickets/${number}/presence`, { writing: true })).body.items).toEqual([]);
    expect((await maria.put(`/tickets/${number}/presence`, {})).body.items).toEqual([{ id: oleg.id, name: 'Oleg Sidorov', writing: true }]);
    expect((await oleg.put(`/tickets/${number}/presence`, { writing: false })).body.items).toEqual([
      { id: maria.id, name: 'Maria Orlova', writing: false },
    ]);
    await maria.delete(`/tickets/${number}/presence`);
    expect((await oleg.put(`/tickets/${number}/presence`, {})).body.items).toEqual([]);
    clock.move(41);
    expect((await maria.put(`/tickets/${number}/presence`, {})).body.items).toEqual([]);
    expect((await oleg.put('/tickets/CS-999999999/presence', {})).body.error.code).toBe('ticket.not_found');
    expect((await anna.put(`/api/staff/v1/tickets/${number}/presence`, {})).status).toBe(404);
  });

  test('T13: staying says nothing to other pages; coming, writing and leaving do', async () => {
    const number = await openTicket();
    const told = async () =>
      (await kontor.db.query(`select 1 from change_feed where topic->>'what' = 'presence' and topic->>'ticket' = $1`, [number])).length;
    for (const writing of [false, false, false, true, true]) await oleg.put(`/tickets/${number}/presence`, { writing });
    expect(await told()).toBe(2);
    await oleg.delete(`/tickets/${number}/presence`);
    await oleg.delete(`/tickets/${number}/presence`);
    expect(await told()).toBe(3);
    const whose = await kontor.db.query(
      `select distinct topic->>'id' as id from change_feed where topic->>'ticket' = $1 and topic->>'what' = 'presence'`,
      [number],
    );
    expect(whose, 'whose presence it is, so that his own other page does not answer').toEqual([{ id: oleg.id }]);
  });
});

describe('notifications for support', () => {
  const events = async (person: TestStaff | TestCustomer, more = '') =>
    (await person.get(`/notifications?limit=100${more}`)).body.items.map(
      ({ event, ticket }: { event: string; ticket: string }) => `${event} ${ticket}`,
    );

  test('N1: an assignee is told that his customer wrote, once, with no mail; nobody else is, nor he of what he wrote', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/assignment`);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Please try' });
    const key = { 'idempotency-key': 'one-reply' };
    for (let time = 0; time < 3; time += 1) await anna.post(`/tickets/${number}/messages`, { body: 'It does not' }, key);
    const wanted = `staff.customer_replied ${number}`;
    expect((await events(oleg)).filter((event: string) => event === wanted)).toHaveLength(1);
    expect(await events(maria)).not.toContain(wanted);
    expect(
      await kontor.db.query(
        `select 1 from delivery d join notification n on n.id = d.notification_id where n.event = 'staff.customer_replied'`,
      ),
    ).toEqual([]);
    expect(await events(anna)).not.toContain(wanted);
  });

  test('N1: the list is narrowed by category and by what is unread; marking is one’s own alone', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/messages`, { body: 'Please try' });
    const before = (await anna.get('/notifications?category=support')).body;
    expect(before.items.slice(0, 2).map(({ event }: { event: string }) => event)).toEqual(['ticket.answered', 'ticket.created']);
    expect((await anna.get('/notifications?category=finance')).body).toEqual({ items: [], nextCursor: null, unread: 0 });
    expect((await anna.get('/notifications?category=nonsense')).status).toBe(400);
    await anna.post('/notifications/read', { ids: [before.items[0].id] });
    expect((await anna.get('/notifications?category=support&unread=true')).body.unread).toBe(before.unread - 1);
    await oleg.post('/notifications/read', { ids: [before.items[1].id] });
    expect((await anna.get('/notifications?category=support&unread=true')).body.unread).toBe(before.unread - 1);
    await anna.post('/notifications/read', {});
    expect((await anna.get('/notifications')).body.unread).toBe(0);
  });

  test('N1, N3: what cannot wait is mailed to staff in their language, once however often it is told', async () => {
    const number = await openTicket();
    const notice = {
      event: 'staff.critical_claimed',
      eventKey: `staff.critical_claimed:${number}`,
      recipients: [maria.id, maria.id],
      number: Number(number.slice(3)),
      at: clock.now(),
      mailed: true,
    } as const;
    for (let time = 0; time < 3; time += 1) await kontor.database.fork().transactional((em) => notifyStaff(em, notice));
    const about = () => kontor.mail.to(maria.email).filter(({ subject }) => subject?.includes(number));
    await kontor.settled();
    const [mail, ...more] = about();
    expect(more).toEqual([]);
    expect(mail!.text).toContain('критический');
    expect(mail!.text).toContain(`/admin/tickets/${number}/show`);
    expect((await events(maria)).filter((event: string) => event.endsWith(number))).toEqual([`staff.critical_claimed ${number}`]);
  });

  test('N2, N3: created, answered and closed are mailed; taking, returning and a status that moved are live only', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/assignment`);
    await oleg.delete(`/tickets/${number}/assignment`);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Please try' });
    await oleg.post(`/tickets/${number}/closing`);
    const own = (await events(anna, '&unread=true')).filter((event: string) => event.endsWith(number));
    expect(own).toEqual([`ticket.closed ${number}`, `ticket.answered ${number}`, `ticket.created ${number}`]);
    const told = await kontor.db.query<{ kind: string }>(
      `select topic->>'kind' as kind from change_feed where account_id = $1 and topic->>'ticket' = $2 order by tx, id`,
      [anna.accountId, number],
    );
    expect(told.map(({ kind }) => kind)).toEqual(['opened', 'take', 'return', 'staff_message', 'close']);
  });
});

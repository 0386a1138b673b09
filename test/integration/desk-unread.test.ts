import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let vera: TestCustomer;
let oleg: TestStaff;
let inna: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer();
  vera = await kontor.people.customer({ name: 'Vera Orlova', account: { id: anna.accountId, role: 'technical' } });
  oleg = await kontor.people.staff();
  inna = await kontor.people.staff({ name: 'Inna Belova' });
});
afterAll(() => kontor.stop());

type Person = TestCustomer | TestStaff;

async function open(category = 'technical'): Promise<string> {
  return (await anna.post('/tickets', { subject: 'Panel', body: 'Does not start', category })).body.number;
}
const unreadTo = async (by: Person, number: string): Promise<boolean> => (await by.get(`/tickets/${number}`)).body.unread;
const inList = async (by: Person, number: string): Promise<boolean> =>
  (await by.get('/tickets?limit=100')).body.items.find((row: { number: string }) => row.number === number)?.unread;
const unreadList = async (by: Person, unread = true): Promise<string[]> =>
  (await by.get(`/tickets?limit=100&unread=${unread}`)).body.items.map((row: { number: string }) => row.number);
const lastMessage = async (by: Person, number: string): Promise<string> =>
  (await by.get(`/tickets/${number}/messages`)).body.items.at(-1).id;
const read = async (by: Person, number: string) => by.put(`/tickets/${number}/read-mark`, { message: await lastMessage(by, number) });

test('T10: what others wrote is unread to each reader until he has seen it; what he wrote himself never is', async () => {
  const number = await open();
  for (const [by, unread] of [
    [anna, false],
    [vera, true],
    [oleg, true],
    [inna, true],
  ] as const)
    expect([
      await unreadTo(by, number),
      await inList(by, number),
      (await unreadList(by)).includes(number),
      (await unreadList(by, false)).includes(number),
    ]).toEqual([unread, unread, unread, !unread]);
  const marked = await read(oleg, number);
  expect([marked.status, marked.body]).toEqual([200, { unread: false }]);
  expect([await unreadTo(oleg, number), await unreadTo(inna, number)]).toEqual([false, true]);
  await oleg.post(`/tickets/${number}/messages`, { body: 'Please clear the cache.' });
  expect([await unreadTo(oleg, number), await unreadTo(inna, number), await unreadTo(anna, number)]).toEqual([false, true, true]);
  await read(anna, number);
  expect([await unreadTo(anna, number), await unreadTo(vera, number)]).toEqual([false, true]);
  const replied = await anna.post(`/tickets/${number}/messages`, { body: 'It works.' });
  expect(replied.body.unread).toBe(false);
  expect(await unreadTo(oleg, number)).toBe(true);
});

test('T13: a note makes a ticket unread to staff, and to no customer', async () => {
  const number = await open();
  for (const by of [vera, oleg, inna]) await read(by, number);
  await oleg.post(`/tickets/${number}/notes`, { body: 'Same as before' });
  expect(await Promise.all([anna, vera, oleg, inna].map((by) => unreadTo(by, number)))).toEqual([false, false, false, true]);
  const note = await lastMessage(inna, number);
  const { status, body } = await anna.put(`/tickets/${number}/read-mark`, { message: note });
  expect([status, body.error.code]).toEqual([422, 'ticket.message_unknown']);
});

test('T10: a mark never goes back, is harmless twice and at once, and says whether more was said since', async () => {
  const number = await open();
  const first = await lastMessage(oleg, number);
  await anna.post(`/tickets/${number}/messages`, { body: 'And another thing' });
  expect((await oleg.put(`/tickets/${number}/read-mark`, { message: first })).body).toEqual({ unread: true });
  const second = await lastMessage(oleg, number);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => oleg.put(`/tickets/${number}/read-mark`, { message: at % 2 ? first : second })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await unreadTo(oleg, number)).toBe(false);
  expect((await oleg.put(`/tickets/${number}/read-mark`, { message: first })).body).toEqual({ unread: false });
});

test('T10: marks are made on one’s own tickets and with their own messages only, and leave no trace in the history', async () => {
  const number = await open();
  const other = await open();
  const stranger = await kontor.people.customer();
  const message = await lastMessage(anna, number);
  const put = async (by: Person, ticket: string, body: unknown) => {
    const answer = await by.put(`/tickets/${ticket}/read-mark`, body);
    return [answer.status, answer.body.error?.code];
  };
  expect(await put(stranger, number, { message })).toEqual([404, 'ticket.not_found']);
  expect(await put(anna, 'CS-1', { message })).toEqual([404, 'ticket.not_found']);
  expect(await put(anna, other, { message })).toEqual([422, 'ticket.message_unknown']);
  expect(await put(anna, number, { message: 'nonsense' })).toEqual([422, 'ticket.message_unknown']);
  expect(await put(anna, number, {})).toEqual([400, 'request.invalid']);
  const before = (await oleg.get(`/tickets/${number}`)).body;
  await read(oleg, number);
  const after = (await oleg.get(`/tickets/${number}`)).body;
  expect({ ...after, unread: true }).toEqual(before);
});

test('T10: the archive is never unread', async () => {
  const brief = await kontor.queue({ autoClose: 3600, archive: 1, reopen: false });
  const number = await open(brief);
  expect(await unreadTo(inna, number)).toBe(true);
  await oleg.post(`/tickets/${number}/closing`, {});
  await until('it is archived', async () => (await oleg.get(`/tickets/${number}`)).body.status === 'archived');
  expect(await unreadTo(inna, number)).toBe(false);
});

test('T10: a ticket of 2,000 messages is answered, read, found by what was said last, and archived', async () => {
  const brief = await kontor.queue({ autoClose: 3600, archive: 1, reopen: false });
  const number = await open(brief);
  const row = Number(number.slice(3));
  // Straight into the table, each message with words of its own; the two that follow are written as people write them.
  await kontor.db.query(
    `insert into message (id, ticket_number, author_id, author_side, visibility, channel, body, created_at)
      select 'msg_' || lpad(i::text, 26, '0'), $1::integer, $2, 'customer', 'public', 'api',
          (select string_agg('word' || i || 'x' || j, ' ') from generate_series(1, 60) j), now() - make_interval(secs => 4000 - i)
        from generate_series(1, 1998) i`,
    [row, anna.id],
  );
  await kontor.db.query('insert into search_due (ticket_number, whole) values ($1, true)', [row]);
  expect((await anna.post(`/tickets/${number}/messages`, { body: 'x'.repeat(3_000) })).status).toBe(201);
  const found = async (q: string) => (await oleg.get(`/tickets?q=${q}`)).body.items.map((item: { number: string }) => item.number);
  await until('it is indexed', async () => (await found('word1x1')).includes(number));
  const { size } = (
    await kontor.db.query<{ size: number }>('select pg_column_size(words || $2::tsvector) as size from ticket_search where number = $1', [
      row,
      '',
    ])
  )[0]!;
  expect(size).toBeLessThan(600_000);
  const last = (await oleg.get(`/tickets/${number}/messages?order=newest&limit=1`)).body.items[0];
  expect((await oleg.put(`/tickets/${number}/read-mark`, { message: last.id })).body).toEqual({ unread: false });
  expect((await oleg.post(`/tickets/${number}/closing`, {})).status).toBe(200);
  await until('it is archived', async () => (await oleg.get(`/tickets/${number}`)).body.status === 'archived');
  await until('the archive finds it', async () => (await oleg.get('/tickets?q=word1x1&archived=true')).body.items.length === 1);
});

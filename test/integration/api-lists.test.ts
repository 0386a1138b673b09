import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTicketNumber } from '../../domain/ids.ts';
import type { ApiAnswer, ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { expectEnvelope } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let oleg: TestPerson;
const numbers: string[] = [];

/** Tickets of each state, with instants that many share, so that pages break within ties. */
beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  oleg = await kontor.people.staff();
  const other = await kontor.people.customer();
  for (let index = 0; index < 24; index += 1) {
    const owner = index % 6 === 5 ? other : anna;
    const { number } = (
      await owner.post('/tickets', {
        subject: `Ticket ${index}`,
        body: 'Text',
        category: index % 2 ? 'billing' : 'technical',
        priority: index % 3 ? 'low' : 'high',
      })
    ).body;
    numbers.push(number);
    if (index % 4 === 1) await oleg.post(`/tickets/${number}/assignment`);
    if (index % 4 === 2) await oleg.post(`/tickets/${number}/messages`, { body: 'Answer' });
    if (index % 4 === 3) await oleg.post(`/tickets/${number}/closing`, {});
    if (index % 8 === 0)
      await oleg.post(`/tickets/${number}/snooze`, { until: new Date(kontor.clock.now().getTime() + 3_600_000).toISOString() });
  }
  await kontor.db
    .query(`update ticket set created_at = date_trunc('hour', created_at), updated_at = date_trunc('hour', updated_at), last_message_at = date_trunc('hour', last_message_at),
    waiting_since = date_trunc('hour', waiting_since) where number % 4 <> 0`);
  await kontor.db.query(`update ticket set status = 'archived' where status = 'closed' and number % 3 = 0`);
});
afterAll(() => kontor?.stop());

async function readAll(driver: ApiDriver, path: string, limit: number): Promise<any[]> {
  const items: any[] = [];
  let cursor: string | null = null;
  do {
    const answer: ApiAnswer = await driver.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`,
    );
    expect(answer.status).toBe(200);
    expect(answer.body.items.length).toBeLessThanOrEqual(limit);
    expect(answer.body.nextCursor === null || answer.body.items.length === limit).toBe(true);
    items.push(...answer.body.items);
    cursor = answer.body.nextCursor;
  } while (cursor);
  return items;
}

const sorts = {
  customer: ['updatedAt', 'createdAt', 'lastMessageAt', 'number'],
  staff: ['updatedAt', 'createdAt', 'lastMessageAt', 'waitingSince', 'number'],
} as const;
const everySort = (['customer', 'staff'] as const).flatMap((tree) => sorts[tree].map((sort) => [tree, sort] as const));

describe('A2: a long conversation and a long history', () => {
  test.each(['messages', 'history'])('%s are read from the newest as well as from the oldest, each line once', async (part) => {
    const [number] = numbers;
    for (let index = 0; index < 7; index += 1) await oleg.post(`/tickets/${number}/notes`, { body: `Note ${index}` });
    await kontor.db.query(`update message set created_at = date_trunc('hour', created_at) where ticket_number = $1`, [
      readTicketNumber(number!),
    ]);
    const ids = async (query: string, limit: number) =>
      (await readAll(oleg, `/tickets/${number}/${part}${query}`, limit)).map(({ id }) => id);
    const rising = await ids('', 100);
    expect(rising.length).toBeGreaterThanOrEqual(8);
    for (const limit of [1, 3, 100]) expect(await ids('?order=newest', limit)).toEqual(rising.toReversed());
    const { nextCursor } = (await oleg.get(`/tickets/${number}/${part}?limit=2`)).body;
    expectEnvelope(await oleg.get(`/tickets/${number}/${part}?order=newest&cursor=${nextCursor}`), 400, 'request.cursor_invalid');
  });
});

describe.each(everySort)('T10: the %s’s list by %s', (tree, sort) => {
  const list = (order: string, limit: number) => readAll(tree === 'staff' ? oleg : anna, `/tickets?sort=${order}`, limit);

  test('has every ticket once, in order and in reverse order, whatever the page’s length', async () => {
    const rising = (await list(sort, 100)).map((ticket) => ticket.number);
    expect(new Set(rising).size).toBe(rising.length);
    for (const limit of [1, 2, 5]) {
      expect((await list(sort, limit)).map((ticket) => ticket.number)).toEqual(rising);
      expect((await list(`-${sort}`, limit)).map((ticket) => ticket.number)).toEqual(rising.toReversed());
    }
  });

  test('is sorted by what it says', async () => {
    const values: string[] = (await list(sort, 100)).map((ticket) => ticket[sort] ?? '~');
    expect(values).toEqual(values.toSorted());
  });
});

test('T10: paging misses and doubles nothing that stays, while tickets are opened and changed between its pages', async () => {
  const spoken = fc.record({
    limit: fc.integer({ min: 1, max: 7 }),
    sort: fc.constantFrom(...sorts.staff.flatMap((sort) => [sort, `-${sort}`])),
    touched: fc.array(fc.nat(23), { maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(spoken, async ({ limit, sort, touched }) => {
      const first = (await oleg.get(`/tickets?limit=${limit}&sort=${sort}`)).body;
      const before = new Set((await readAll(oleg, '/tickets', 100)).map((ticket) => ticket.number));
      for (const index of touched) await oleg.post(`/tickets/${numbers[index]}/notes`, { body: 'Touched' });
      const opened = (await anna.post('/tickets', { subject: 'Meanwhile', body: 'Text', category: 'sales' })).body.number;
      const rest = first.nextCursor ? await restOf(sort, limit, first.nextCursor) : [];
      const seen = [...first.items, ...rest].map((ticket: { number: string }) => ticket.number);
      const moved = new Set([opened, ...touched.map((index) => numbers[index]!)]);
      const still = (list: Iterable<string>) => [...list].filter((number) => !moved.has(number)).toSorted();
      expect(still(seen)).toEqual(still(before));
    }),
    { numRuns: 15, seed: 20_261_123 },
  );
});

function numbersOf(tickets: readonly { number: string }[]): string[] {
  return tickets.map((ticket) => ticket.number).toSorted();
}

async function restOf(sort: string, limit: number, cursor: string): Promise<any[]> {
  const page = (await oleg.get(`/tickets?limit=${limit}&sort=${sort}&cursor=${cursor}`)).body;
  return page.nextCursor ? [...page.items, ...(await restOf(sort, limit, page.nextCursor))] : page.items;
}

describe('E: a cursor that the list did not give is refused', () => {
  const spell = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const at = '2026-11-23T10:00:00.000Z';
  const madeUp = [
    'garbage',
    '0',
    '-',
    '%00',
    '%20',
    'null',
    '{}',
    "'; drop table ticket; --",
    'W10',
    '☃',
    spell(null),
    spell({}),
    spell([]),
    spell(['-updatedAt']),
    spell(['-updatedAt', at]),
    spell(['-updatedAt', at, 1, 1]),
    spell(['-updatedAt', at, '1']),
    spell(['-updatedAt', at, 1.5]),
    spell(['-updatedAt', at, 2 ** 31]),
    spell(['-updatedAt', at, null]),
    spell(['-updatedAt', at, {}]),
    spell(['-updatedAt', null, 1]),
    spell(['-updatedAt', 1, 1]),
    spell(['-updatedAt', 'infinity', 1]),
    spell(['-updatedAt', "2026-11-23' or 1=1", 1]),
    spell(['-updatedAt', '0000-01-01T00:00:00.000Z', 1]),
    spell(['-updatedAt', '2026-02-31T00:00:00.000Z', 1]),
    spell(['-updatedAt', '2026-01-01T24:00:00.000Z', 1]),
    spell(['-updatedAt', '2026-01-01T00:00:60.000Z', 1]),
    spell(['updatedAt', at, 1]),
    spell(['-number', 1, 1]),
    spell(['messages', at, 'msg_00000000000000000000000000']),
  ];
  const lists = () =>
    [
      [anna, '/tickets?'],
      [oleg, '/tickets?'],
      [anna, `/tickets/${numbers[0]}/messages?`],
      [oleg, `/tickets/${numbers[0]}/messages?`],
      [anna, `/tickets/${numbers[0]}/history?`],
      [oleg, `/tickets/${numbers[0]}/history?`],
      [anna, '/notifications?'],
    ] as const;

  test('garbage, another sort’s, the wrong shape, instants that are none, SQL', async () => {
    for (const [driver, path] of lists())
      for (const cursor of madeUp.slice(0, path.includes('/messages') ? -1 : undefined))
        expectEnvelope(await driver.get(`${path}cursor=${encodeURIComponent(cursor)}`), 400, 'request.cursor_invalid');
  });

  test('null where the sort has none, and a number’s cursor in every wrong shape', async () => {
    for (const value of [null, 'infinity', '1', at, 1.5, 2 ** 40, [], {}, true])
      expectEnvelope(await oleg.get(`/tickets?sort=number&cursor=${spell(['number', value, 1])}`), 400, 'request.cursor_invalid');
    expect((await oleg.get(`/tickets?sort=waitingSince&cursor=${spell(['waitingSince', null, 1])}`)).status).toBe(200);
  });

  test('a real one that lost its end, or is used with another order or another list', async () => {
    const { nextCursor } = (await oleg.get('/tickets?limit=2')).body;
    for (let length = nextCursor.length - 1; length > 0; length -= 3)
      expectEnvelope(await oleg.get(`/tickets?cursor=${nextCursor.slice(0, length)}`), 400, 'request.cursor_invalid');
    expectEnvelope(await oleg.get(`/tickets?cursor=${nextCursor}&sort=updatedAt`), 400, 'request.cursor_invalid');
    expectEnvelope(await oleg.get(`/tickets/${numbers[0]}/messages?cursor=${nextCursor}`), 400, 'request.cursor_invalid');
  });

  test('I8: a cursor that names another account’s ticket shows nothing but one’s own', async () => {
    const all = new Set((await readAll(anna, '/tickets', 100)).map((ticket) => ticket.number));
    const { items } = (await anna.get(`/tickets?cursor=${spell(['-updatedAt', '9999-12-31T23:59:59.999Z', 2_147_483_647])}`)).body;
    expect(items.length).toBeGreaterThan(0);
    expect(items.filter((ticket: { number: string }) => !all.has(ticket.number))).toEqual([]);
  });
});

describe('T10: filters', () => {
  test('by state, category, priority, closed, snoozed, assignee and account say what they say', async () => {
    const all = [...(await readAll(oleg, '/tickets', 100)), ...(await readAll(oleg, '/tickets?archived=true', 100))];
    const filters: [string, (ticket: any) => boolean][] = [
      ['status=awaiting_staff', (ticket) => ticket.status === 'awaiting_staff'],
      ['status=in_progress,closed', (ticket) => ['in_progress', 'closed'].includes(ticket.status)],
      ['status=archived', (ticket) => ticket.status === 'archived'],
      ['archived=true', (ticket) => ticket.status === 'archived'],
      ['archived=false&closed=false', (ticket) => !['archived', 'closed'].includes(ticket.status)],
      ['category=billing', (ticket) => ticket.category === 'billing' && ticket.status !== 'archived'],
      ['category=unknown', () => false],
      ['priority=high', (ticket) => ticket.priority === 'high' && ticket.status !== 'archived'],
      ['snoozed=true', (ticket) => ticket.snoozedUntil !== null && ticket.status !== 'archived'],
      ['assignee=me', (ticket) => ticket.assignee?.id === oleg.id && ticket.status !== 'archived'],
      [`assignee=${oleg.id}`, (ticket) => ticket.assignee?.id === oleg.id && ticket.status !== 'archived'],
      ['assignee=none', (ticket) => ticket.assignee === null && ticket.status !== 'archived'],
      [`account=${anna.accountId}`, (ticket) => ticket.account.id === anna.accountId && ticket.status !== 'archived'],
      ['account=acc_00000000000000000000000000', () => false],
    ];
    for (const [filter, wanted] of filters) {
      const found = await oleg.get(`/tickets?limit=100&${filter}`);
      expect([filter, numbersOf(found.body.items)]).toEqual([filter, numbersOf(all.filter(wanted))]);
      expect(found.body.pageInfo).toEqual({ total: found.body.items.length, exact: true });
    }
  });

  test('by number find tickets as people write them, at most a hundred', async () => {
    const digits = Number(numbers[0]!.slice(3));
    for (const text of [
      numbers[0]!,
      `cs-${digits}`,
      String(digits),
      ` ${digits} `,
      `${numbers[0]},${numbers[0]}`,
      `${numbers[0]},0,2147483648,9999999999`,
    ])
      expect((await oleg.get(`/tickets?numbers=${encodeURIComponent(text)}`)).body.items.map((ticket: any) => ticket.number)).toEqual([
        numbers[0],
      ]);
    expect((await oleg.get(`/tickets?limit=100&numbers=${numbers.join(',')}`)).body.items).toHaveLength(24);
    expect((await oleg.get('/tickets?numbers=0')).body.items).toEqual([]);
    for (const text of [
      '',
      ',',
      'CS-',
      'abc',
      '1,',
      '1;2',
      '-1',
      '1e3',
      '0x1',
      '12345678901',
      '１２３',
      Array.from({ length: 101 }, () => '1').join(','),
    ])
      expectEnvelope(await oleg.get(`/tickets?numbers=${encodeURIComponent(text)}`), 400, 'request.invalid');
  });

  test('E: unknown words, made-up ids and names of a prototype are refused by name', async () => {
    const wrong = [
      'status=open',
      'status=',
      'status=closed,',
      'status=closed,open',
      'status=__proto__',
      'priority=urgent',
      'archived=1',
      'archived=TRUE',
      'closed=no',
      'snoozed=0',
      'sort=subject',
      'sort=--number',
      'sort=toString',
      'assignee=constructor',
      'assignee=toString',
      'assignee=__proto__',
      "assignee=' or true --",
      'assignee=usr_1',
      'account=acc_1',
      'account=%00',
      'category=%00',
      'category=a%0ab',
      'nonsense=1',
      '__proto__=1',
    ];
    for (const query of wrong) {
      const answer = await oleg.get(`/tickets?${query}`);
      expectEnvelope(answer, 400, 'request.invalid');
      expect(answer.body.error.details.map((detail: any) => detail.field)).toEqual([query.split('=')[0]]);
    }
  });

  test('E: limit is a decimal number from 1 to 100', async () => {
    for (const limit of ['1', '100']) expect((await oleg.get(`/tickets?limit=${limit}`)).status).toBe(200);
    for (const limit of ['0', '101', 'abc', '-1', '1.5', '1e1', '0x10', '', '%20', '01', '+5', 'NaN', 'Infinity', '9'.repeat(400)])
      expectEnvelope(await oleg.get(`/tickets?limit=${limit}`), 400, 'request.invalid');
    expect((await oleg.get('/tickets')).body.items.length).toBeLessThanOrEqual(25);
  });
});

test('T10: the conversation and the history page through ties, oldest first, each line once', async () => {
  const number = numbers[0]!;
  for (let index = 0; index < 7; index += 1) await anna.post(`/tickets/${number}/messages`, { body: `Message ${index}` });
  await kontor.db.query(`update message set created_at = date_trunc('day', created_at)`);
  await kontor.db.query(`update ticket_event set at = date_trunc('day', at)`);
  for (const [path, reader] of [
    ['messages', anna],
    ['messages', oleg],
    ['history', anna],
    ['history', oleg],
  ] as const) {
    const whole = await readAll(reader, `/tickets/${number}/${path}`, 100);
    for (const limit of [1, 3]) expect(await readAll(reader, `/tickets/${number}/${path}`, limit)).toEqual(whole);
    expect(new Set(whole.map((line) => line.id)).size).toBe(whole.length);
  }
});

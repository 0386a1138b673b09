import { afterAll, beforeAll, expect, test } from 'vitest';
import { refreshDocuments } from '../../db/repositories/search-refresh.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let anna: TestCustomer;
let boris: TestCustomer;
let oleg: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  anna = await kontor.people.customer({ name: 'Anna Petrova' });
  boris = await kontor.people.customer({ name: 'Boris Ivanov' });
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => kontor.stop());

interface Row {
  number: string;
  subject: string;
  status: string;
  unread: boolean;
  hit: { subject: [number, number][]; excerpt: { text: string; marks: [number, number][]; note: boolean } | null } | null;
}
interface Answer {
  items: Row[];
  nextCursor: string | null;
  pageInfo?: { total: number; exact: boolean };
}

async function open(by: TestCustomer, subject: string, body: string, category = 'technical'): Promise<string> {
  const { status, body: ticket } = await by.post<{ number: string }>('/tickets', { subject, body, category });
  expect(status).toBe(201);
  return ticket.number;
}

const indexed = () =>
  until(
    'every ticket is indexed',
    async () => (await kontor.db.query<{ n: number }>('select count(*)::integer as n from search_due'))[0]?.n === 0,
  );

async function find(by: { get: TestStaff['get'] }, query: Record<string, string>): Promise<Answer> {
  const { status, body } = await by.get<Answer>(`/tickets?${new URLSearchParams(query).toString()}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const numbers = ({ items }: Answer) => items.map(({ number }) => number);

test('T10: Russian and English words are found in every form, in subject and messages, and ё counts as е', async () => {
  const russian = await open(anna, 'После обновления панель не работает', 'Ёжик в тумане обрёл лицензии.');
  const english = await open(anna, 'Backups are failing nightly', 'Since the upgrade nothing gets restored.');
  await indexed();
  for (const q of ['обновление', 'ОБНОВЛЕНИЮ', 'панели', 'ежик', 'ёжики', 'лицензия', 'обновление лицензии'])
    expect(numbers(await find(anna, { q })), q).toEqual([russian]);
  for (const q of ['backup', 'fail', 'failed', 'upgrades', 'restore', 'backups restored'])
    expect(numbers(await find(oleg, { q })), q).toEqual([english]);
  expect(numbers(await find(anna, { q: 'обновление backup' }))).toEqual([]);
});

test('T10: the beginning of the last word finds it while it is typed; of a word before, it does not', async () => {
  const number = await open(anna, 'Телепортация сломалась', 'Кнопка телепортации серая');
  await indexed();
  for (const q of ['теле', 'телепорт', 'кнопка телеп']) expect(numbers(await find(anna, { q })), q).toEqual([number]);
  expect(numbers(await find(anna, { q: 'телепо кнопка' }))).toEqual([]);
});

test('T10: a hit shows where the words stand: in the subject, and around the newest message that has one', async () => {
  const number = await open(anna, 'Vinyl records', `${'Long before it. '.repeat(40)}The turntable hums.`);
  await indexed();
  const [row] = (await find(anna, { q: 'turntables record' })).items;
  expect(row?.number).toBe(number);
  expect(row!.hit!.subject.map(([start, length]) => row!.subject.slice(start, start + length))).toEqual(['records']);
  const { text, marks, note } = row!.hit!.excerpt!;
  expect(marks.map(([start, length]) => text.slice(start, start + length))).toEqual(['turntable']);
  expect([text.length < 220, note]).toEqual([true, false]);
  expect((await find(anna, {})).items.every(({ hit }) => hit === null)).toBe(true);
});

test('T13: what only a note says is found by staff and by no customer, in no way', async () => {
  const number = await open(anna, 'Ordinary question', 'Nothing special');
  expect((await oleg.post(`/tickets/${number}/notes`, { body: 'Customer is on the zanzibarplan, see гиппопотамия' })).status).toBe(201);
  await indexed();
  for (const q of ['zanzibarplan', 'гиппопотамия', 'zanzib']) {
    const found = await find(oleg, { q });
    expect([numbers(found), found.items[0]?.hit?.excerpt?.note], q).toEqual([[number], true]);
    expect(numbers(await find(anna, { q })), q).toEqual([]);
  }
  for (const q of ['#zanzibarplan', "'#zanzibarplan'", '#zanzibarplan | question', '@s:awaiting_staff', `@a:${boris.accountId}`])
    expect(numbers(await find(anna, { q, category: 'billing' })), q).toEqual([]);
  expect(numbers(await find(anna, { q: '#zanzibarplan' }))).toEqual([]);
});

test('T10: a customer finds nothing of another account, not by a word, nor by its number, nor by an account he names', async () => {
  const mine = await open(anna, 'Alabaster', 'Mine');
  const his = await open(boris, 'Alabaster', 'His');
  await indexed();
  expect(numbers(await find(anna, { q: 'alabaster' }))).toEqual([mine]);
  expect(numbers(await find(boris, { q: 'alabaster' }))).toEqual([his]);
  expect(numbers(await find(anna, { q: his }))).toEqual([]);
  expect(numbers(await find(oleg, { q: 'alabaster' }))).toEqual([his, mine]);
  expect(numbers(await find(oleg, { q: 'alabaster', account: boris.accountId }))).toEqual([his]);
  expect((await anna.get(`/tickets?q=alabaster&account=${boris.accountId}`)).status).toBe(400);
});

test('T2: a ticket’s number, as people write it, finds the ticket at once and first, before it is indexed', async () => {
  await kontor.stopPromises();
  const number = await open(anna, 'Numbered', 'Says 42');
  const digits = String(Number(number.slice(3)));
  for (const q of [number, number.toLowerCase(), digits, ` ${digits} `]) {
    expect(numbers(await find(oleg, { q })), q).toEqual([number]);
    expect(numbers(await find(anna, { q })), q).toEqual([number]);
  }
  await kontor.startPromises();
  const citing = await open(anna, 'Like the other', `The same as in ${number}, order ${digits}`);
  await indexed();
  expect(numbers(await find(oleg, { q: digits }))).toEqual([number, citing]);
  const first = await find(oleg, { q: digits, limit: '1' });
  expect(numbers(first)).toEqual([number]);
  expect(numbers(await find(oleg, { q: digits, limit: '1', cursor: first.nextCursor! }))).toEqual([citing]);
});

test('T10: archived tickets are found, unless the search says otherwise', async () => {
  const brief = await kontor.queue({ autoClose: 3600, archive: 1, reopen: false });
  const archived = await open(anna, 'Obsidian of old', 'Obsidian', brief);
  const active = await open(anna, 'Obsidian of today', 'Obsidian');
  await anna.post(`/tickets/${archived}/resolution`);
  await until('it is archived', async () => (await anna.get<Row>(`/tickets/${archived}`)).body.status === 'archived');
  await indexed();
  for (const by of [anna, oleg]) {
    expect(numbers(await find(by, { q: 'obsidian' }))).toEqual([active, archived]);
    expect(numbers(await find(by, { q: 'obsidian', archived: 'true' }))).toEqual([archived]);
    expect(numbers(await find(by, { q: 'obsidian', archived: 'false' }))).toEqual([active]);
    expect(numbers(await find(by, { q: 'obsidian', status: 'archived' }))).toEqual([archived]);
  }
});

test('T10: a search is narrowed by every filter a list has', async () => {
  const one = await open(anna, 'Malachite one', 'x', 'billing');
  const two = await open(anna, 'Malachite two', 'x', 'sales');
  await oleg.post(`/tickets/${two}/assignment`);
  await indexed();
  const with_ = async (filter: Record<string, string>) => numbers(await find(oleg, { q: 'malachite', ...filter }));
  expect(await with_({})).toEqual([two, one]);
  expect(await with_({ category: 'billing' })).toEqual([one]);
  expect(await with_({ category: 'nonsense' })).toEqual([]);
  expect(await with_({ assignee: 'me' })).toEqual([two]);
  expect(await with_({ assignee: 'none' })).toEqual([one]);
  expect(await with_({ status: 'in_progress' })).toEqual([two]);
  expect(await with_({ status: 'in_progress,awaiting_staff' })).toEqual([two, one]);
  expect(await with_({ priority: 'high' })).toEqual([]);
  expect(await with_({ snoozed: 'true' })).toEqual([]);
  expect(await with_({ snoozed: 'false' })).toEqual([two, one]);
  expect(await with_({ numbers: one })).toEqual([one]);
  expect(await with_({ unread: 'true' })).toEqual([two, one]);
  const { body } = await oleg.get<{ items: { id: string }[] }>(`/tickets/${one}/messages`);
  await oleg.put(`/tickets/${one}/read-mark`, { message: body.items[0]!.id });
  expect(await with_({ unread: 'true' })).toEqual([two]);
  expect(await with_({ unread: 'false' })).toEqual([one]);
});

test('T10: pages follow each other without gap or repeat, the newest message first, and other lists’ cursors are refused', async () => {
  const opened: string[] = [];
  for (let at = 0; at < 7; at += 1) opened.push(await open(boris, `Porphyry ${at}`, 'porphyry'));
  await boris.post(`/tickets/${opened[2]}/messages`, { body: 'anything new?' });
  await indexed();
  const wanted = [opened[2], ...opened.toReversed().filter((number) => number !== opened[2])];
  for (const by of [boris, oleg]) {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Answer = await find(by, { q: 'porphyry', limit: '3', ...(cursor ? { cursor } : {}) });
      seen.push(...numbers(page));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(wanted);
  }
  expect((await find(oleg, { q: 'porphyry', limit: '2' })).pageInfo).toEqual({ total: 7, exact: true });
  const { nextCursor } = await find(oleg, { limit: '1' });
  expect((await oleg.get(`/tickets?q=porphyry&cursor=${nextCursor}`)).status).toBe(400);
});

test('T10: quotes, operators, wildcards and signs are words or nothing, and never an error of ours', async () => {
  const number = await open(anna, "Don't panic", 'The file C:\\temp\\app_log%20.txt says “100 % basalt”');
  await indexed();
  const harmless = [
    `"panic basalt"`,
    `panic & basalt`,
    `panic | ! & basalt:*`,
    `(panic`,
    `'basalt`,
    `basalt'`,
    `\\basalt\\`,
    `basalt%`,
    `_basalt_`,
    `basalt 😀`,
    `<-> basalt`,
    `-- basalt; panic`,
    `basalt <b>`,
    `basalt $ ? ?? :`,
  ];
  for (const q of harmless) expect(numbers(await find(anna, { q })), q).toEqual([number]);
  for (const q of [`basalt:*`, `panic:A & x`, `!basalt`, `C:\\temp\\app_log%20.txt`, `😀`, `\u0301`, `''`, '{}', '[]', '*', '%', '_', '\\'])
    expect([200, 422], q).toContain((await anna.get(`/tickets?${new URLSearchParams({ q }).toString()}`)).status);
});

test('T10: a question too long, empty, of signs or of words that every text has is refused in words', async () => {
  const ask = (by: TestCustomer | TestStaff, q: string) =>
    by.get<{ error: { code: string; message: string } }>(`/tickets?${new URLSearchParams({ q }).toString()}`);
  for (const by of [anna, oleg]) {
    for (const q of ['x'.repeat(10_000), 'ж'.repeat(2_000), 'x'.repeat(201), '', '   ', 'a\u0000b']) {
      const { status, body } = await ask(by, q);
      expect([status, body.error.code], q.slice(0, 20)).toEqual([400, 'request.invalid']);
    }
    expect((await ask(by, 'ж'.repeat(200))).status).toBe(200);
    for (const q of ['и в на не', 'the of and', 'и the', '%%%', '& | !', '"']) {
      const { status, body } = await ask(by, q);
      expect([status, body.error.code], q).toEqual([422, 'search.only_common_words']);
    }
  }
  const sorted = await oleg.get<{ error: { code: string } }>('/tickets?q=basalt&sort=number');
  expect([sorted.status, sorted.body.error.code]).toEqual([422, 'search.sort_fixed']);
  expect((await oleg.get('/tickets?q=basalt&sort=-lastMessageAt')).status).toBe(200);
});

test('T10: an answer given while the engine and its worker are away is found when they are back', async () => {
  const number = await open(anna, 'Away', 'nothing yet');
  await indexed();
  await kontor.stopPromises();
  await oleg.post(`/tickets/${number}/messages`, { body: 'Look at the labradorite setting' });
  expect(numbers(await find(anna, { q: 'labradorite' }))).toEqual([]);
  await kontor.startPromises();
  await until('the answer is found', async () => numbers(await find(anna, { q: 'labradorite' })).includes(number));
});

test('T13: merged words are found in the ticket they lie in now, split ones too, and after the undo where they were', async () => {
  const into = await open(anna, 'Travertine', 'Floor');
  const from = await open(anna, 'Serpentine', 'Staircase of onyxmarble');
  const where = async (q: string) => {
    await indexed();
    return numbers(await find(oleg, { q })).toSorted();
  };
  expect((await oleg.post(`/tickets/${from}/merge`, { into })).status).toBe(200);
  expect(await where('onyxmarble')).toEqual([into]);
  expect(await where('serpentine')).toEqual([from]);
  expect((await oleg.delete(`/tickets/${from}/merge`)).status).toBe(200);
  expect(await where('onyxmarble')).toEqual([from]);
  await anna.post(`/tickets/${into}/messages`, { body: 'Another matter: chalcedony' });
  const { items } = (await oleg.get(`/tickets/${into}/messages`)).body;
  const split = await oleg.post(`/tickets/${into}/split`, { messages: [items.at(-1).id], subject: 'Another matter', category: 'billing' });
  expect(split.status, JSON.stringify(split.body)).toBeLessThan(300);
  expect(await where('chalcedony')).toEqual([split.body.number]);
});

test('T10: documents are the same however often and by however many at once they are brought up to date', async () => {
  const number = await open(anna, 'Rhyolite', 'first');
  await Promise.all(
    Array.from({ length: 12 }, (_, at) => anna.post(`/tickets/${number}/messages`, { body: `rhyoword${'abcdefghijkl'[at]}` })),
  );
  await Promise.all(Array.from({ length: 6 }, () => refreshDocuments(kontor.database, kontor.clock, 3)));
  await indexed();
  for (const letter of 'abcdefghijkl') expect(numbers(await find(anna, { q: `rhyoword${letter} rhyolite` })), letter).toEqual([number]);
  const document = () => kontor.db.query('select words::text, facets from ticket_search where number = $1', [Number(number.slice(3))]);
  const before = await document();
  await kontor.db.query('insert into search_due (ticket_number, whole) select $1::integer, i % 2 = 0 from generate_series(1, 20) i', [
    Number(number.slice(3)),
  ]);
  for (let round = 0; round < 4; round += 1)
    await Promise.all(Array.from({ length: 6 }, () => refreshDocuments(kontor.database, kontor.clock, 5)));
  await indexed();
  expect(await document()).toEqual(before);
});

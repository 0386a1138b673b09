/**
 * Fills a database with as many tickets as a desk has after years, straight into the tables: through the product they would
 * take days. Words follow Zipf's law, in Russian and English; accounts are as unequal as customers are; times lie in the
 * last three years, and what is older than two weeks lies in the archive.
 */
import { Client } from 'pg';
import { dropIndexes } from './dropped-indexes.ts';

/** Words that the bench asks for, beside those of every text. */
export const plantedWords = {
  /** In twenty tickets of all, whatever their number. */
  rare: ['кварцит', 'obsidian'],
  /** In one ticket of two hundred. */
  middling: ['телеметрия', 'sandbox'],
  /** In every ticket of the second account, and in no other. */
  foreign: ['гидропоника'],
  /** In one ticket of five of the first of the three years, and in none since. */
  bygone: ['перфокарта'],
} as const;

export interface Company {
  readonly tickets: number;
  readonly accounts: readonly string[];
  /** One user of each account, at the same place. */
  readonly users: readonly string[];
  readonly staff: readonly string[];
  /** The words of texts, the most frequent first. */
  readonly words: readonly string[];
}

const years = 3;
const dayMs = 24 * 3600 * 1000;
const batch = 2_000;
const lanes = 4;

/**
 * @param url the database as superuser: foreign keys are not looked up row by row
 * @param now the instant of the newest message
 */
export async function fillWithTickets(url: string, tickets: number, now: Date, say: (line: string) => void): Promise<Company> {
  const clients = await Promise.all(Array.from({ length: lanes }, () => connect(url)));
  const [first] = clients as [Client, ...Client[]];
  try {
    const company = await hirePeople(first, tickets);
    const build = await dropIndexes(first, ['ticket', 'message', 'ticket_search']);
    const queues = (await first.query<{ id: string }>('select id from queue order by position')).rows.map(({ id }) => id);
    const terms = (await first.query<{ id: string }>('select terms_id as id from sla_plan order by rank')).rows.map(({ id }) => id);
    const calendar = (await first.query<{ id: string }>('select id from calendar')).rows[0]!.id;
    let begun = 0;
    await inLanes(clients, async (client) => {
      if (begun >= tickets) return false;
      const from = begun;
      begun += batch;
      await writeTickets(client, company, { queues, terms, calendar }, from, Math.min(begun, tickets), now);
      return true;
    });
    say(`${tickets} tickets written`);
    await build('message', first);
    let indexed = 0;
    await inLanes(clients, async (client) => {
      if (indexed >= tickets) return false;
      const from = indexed;
      indexed += batch;
      await client.query(documents, [from, indexed]);
      return true;
    });
    await first.query(vocabulary);
    say('their words gathered');
    await Promise.all([build('ticket', clients[1]!), build('ticket_search', first)]);
    await first.query('vacuum analyze ticket, message, ticket_search, search_word');
    await first.query('checkpoint');
    say('indexes built');
    return company;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB';
    set max_parallel_maintenance_workers = 3; set statement_timeout = 0; set work_mem = '64MB'`);
  return client;
}

async function inLanes(clients: readonly Client[], work: (client: Client) => Promise<boolean>): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      while (await work(client));
    }),
  );
}

const documents = `
insert into ticket_search (number, last_message_at, facets, words)
select t.number, t.last_message_at, search_facets(t.account_id, t.queue_id, t.status, t.priority, t.assignee_id, t.severity, t.tags, t.last_message_at), search_ticket_words(t.number)
  from ticket t where t.number > $1 and t.number <= $2 order by t.number`;

const vocabulary = `
insert into search_word (word, seen)
  select ltrim(word, '#') as plain, count(distinct number) from (select number, unnest(tsvector_to_array(words)) as word from ticket_search where number % 17 = 0) few
    group by plain`;

async function hirePeople(client: Client, tickets: number): Promise<Company> {
  const accounts = spellIds('acc', Math.max(50, Math.min(5_000, tickets / 50)));
  const users = spellIds('usr', accounts.length);
  const staff = spellIds('usr', 40).map((id) => id.replace('usr_0', 'usr_1'));
  await client.query(
    `insert into account (id, name, currency, created_at) select id, 'Account ' || place, 'RUB', '2023-01-01' from unnest($1::text[]) with ordinality as a (id, place)`,
    [accounts],
  );
  const people = `insert into app_user (id, email, name, kind, staff_role, locale, time_zone, password_hash, password_changed_at, created_at)
    select id, id || '@people.example', 'Person ' || place, $2, $3, 'ru', 'Europe/Moscow', '-', '2023-01-01', '2023-01-01' from unnest($1::text[]) with ordinality as u (id, place)`;
  await client.query(people, [users, 'customer', null]);
  await client.query(people, [staff, 'staff', 'support']);
  await client.query(
    `insert into membership (account_id, user_id, role, created_at) select a, u, 'owner', '2023-01-01' from unnest($1::text[], $2::text[]) as m (a, u)`,
    [accounts, users],
  );
  return { tickets, accounts, users, staff, words: vocabularyOf(30_000) };
}

function spellIds(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}_${String(at + 1).padStart(26, '0')}`);
}

/** Ids of what tickets lie in and are promised by; of the terms, those of the lesser plan first. */
interface Desk {
  readonly queues: readonly string[];
  readonly terms: readonly string[];
  readonly calendar: string;
}

/** The beginnings of a ticket's rows; columns of arrays, as one statement takes them all. */
async function writeTickets(client: Client, company: Company, desk: Desk, from: number, to: number, now: Date): Promise<void> {
  const tickets: unknown[][] = Array.from({ length: 18 }, () => []);
  const messages: unknown[][] = Array.from({ length: 7 }, () => []);
  for (let number = from + 1; number <= to; number += 1) {
    const { ticket, said } = makeTicket(company, desk, number, now);
    ticket.forEach((value, column) => tickets[column]!.push(value));
    for (const message of said) message.forEach((value, column) => messages[column]!.push(value));
  }
  await client.query(insertTickets, tickets);
  await client.query(insertMessages, messages);
}

const insertTickets = `
insert into ticket (number, account_id, queue_id, opened_by_id, channel, subject, priority, status, assignee_id, waiting_since, reply_count,
    last_message_at, last_message_by, revision, created_at, updated_at, closed_at, closed_by, terms_id, terms_source, clocks, breaches_at, breached_at)
  select number, account, queue, opener, 'api', subject, priority, status, assignee, waiting, replies, last_at, last_by, replies + 1, created, last_at,
      case when status in ('closed', 'archived') then last_at end, case when status in ('closed', 'archived') then 'time' end,
      terms, case when terms is not null then 'queue' end, clocks, breaches, breached
    from unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::integer[],
      $11::timestamptz[], $12::text[], $13::timestamptz[], $14::integer[], $15::text[], $16::jsonb[], $17::timestamptz[], $18::timestamptz[])
      as t (number, account, queue, opener, subject, priority, status, assignee, waiting, replies, last_at, last_by, created, revision, terms, clocks, breaches,
        breached)`;

const insertMessages = `
insert into message (id, ticket_number, author_id, author_side, visibility, channel, body, created_at)
  select id, number, author, side, visibility, 'api', body, at
    from unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[]) as m (id, number, author, side, visibility, body, at)`;

function makeTicket(
  company: Company,
  { queues, terms, calendar }: Desk,
  number: number,
  now: Date,
): { ticket: unknown[]; said: unknown[][] } {
  const random = randomFrom(number);
  const account = zipf(random, company.accounts.length);
  const share = number / company.tickets;
  const createdAt = new Date(
    now.getTime() - Math.round((1 - share) * years * 365 * dayMs) - Math.floor(random() * 3 * dayMs) - 16 * 60_000,
  );
  const planted = plantedIn(random, account, share, number, company.tickets);
  const said: unknown[][] = [];
  let at = createdAt;
  const replies = Math.floor(-Math.log(1 - random()) * 2.6);
  let lastBy: 'customer' | 'staff' = 'customer';
  let lastAt = createdAt;
  const handler = company.staff[zipf(random, company.staff.length)]!;
  for (let index = 0; index <= replies; index += 1) {
    if (index > 0) at = new Date(Math.min(at.getTime() + random() * 1.5 * dayMs, now.getTime() - (replies - index) * 1000));
    const note = index > 0 && random() < 0.08;
    const side = index === 0 || (!note && random() < 0.45) ? 'customer' : 'staff';
    const body = sentence(random, company.words, 8 + Math.floor(random() * 18)) + (index === 0 ? planted : '');
    said.push([
      `msg_${String(number * 100 + index).padStart(26, '0')}`,
      number,
      side === 'customer' ? company.users[account] : handler,
      side,
      note ? 'internal' : 'public',
      body,
      at,
    ]);
    if (note) continue;
    lastBy = side;
    lastAt = at;
  }
  const status = statusOf(random, lastAt, lastBy, now);
  const taken = status === 'archived' || status === 'closed' || status === 'in_progress' || random() < 0.5;
  const waits = status === 'awaiting_staff' || status === 'in_progress';
  // Three accounts of ten have no promise, two the better one.
  const plan = account % 10 < 3 ? undefined : account % 10 < 5 ? 1 : 0;
  const clock = waits && plan !== undefined ? clockOf({ termsId: terms[plan]!, calendar, plan }, lastAt, now) : undefined;
  const ticket = [
    number,
    company.accounts[account],
    queues[zipf(random, queues.length)],
    company.users[account],
    sentence(random, company.words, 3 + Math.floor(random() * 5)),
    random() < 0.1 ? 'high' : random() < 0.3 ? 'low' : 'medium',
    status,
    taken ? handler : null,
    waits ? lastAt : null,
    said.length - 1,
    lastAt,
    lastBy,
    createdAt,
    said.length,
    plan === undefined ? null : terms[plan],
    clock ? JSON.stringify({ response: clock, fix: null }) : null,
    clock && !clock.breachedAt ? clock.dueAt : null,
    clock?.breachedAt ?? null,
  ];
  return { ticket, said };
}

/** A clock of the next response: five working days of the one plan, sixteen hours of the other, as they are about in the calendar. */
function clockOf({ termsId, calendar, plan }: { termsId: string; calendar: string; plan: number }, since: Date, now: Date) {
  const dueAt = new Date(since.getTime() + [7, 2.5][plan]! * dayMs);
  const allowanceMs = [45, 16][plan]! * 3_600_000;
  return {
    kind: 'next_response',
    since,
    target: [
      { amount: 5, unit: 'days' },
      { amount: 16, unit: 'hours' },
    ][plan],
    termsId,
    calendar: { id: calendar, version: 1 },
    hours: null,
    allowanceMs,
    from: since,
    leftMs: allowanceMs,
    dueAt,
    warnsAt: dueAt <= now ? null : new Date(dueAt.getTime() - dayMs / 2),
    warned: dueAt <= now,
    breachedAt: dueAt <= now ? dueAt : null,
    counts: true,
  };
}

function statusOf(random: () => number, lastAt: Date, lastBy: string, now: Date): string {
  const days = (now.getTime() - lastAt.getTime()) / dayMs;
  if (days > 14) return random() < 0.003 ? 'awaiting_staff' : 'archived';
  if (days > 7) return 'closed';
  if (lastBy === 'staff') return 'awaiting_customer';
  return random() < 0.35 ? 'in_progress' : 'awaiting_staff';
}

function plantedIn(random: () => number, account: number, share: number, number: number, tickets: number): string {
  const words: string[] = [];
  plantedWords.rare.forEach((word, at) => {
    if ((number + at * 7) % Math.floor(tickets / 20) === 0) words.push(word);
  });
  for (const word of plantedWords.middling) if (random() < 0.005) words.push(word);
  if (account === 1) words.push(...plantedWords.foreign);
  if (share < 1 / years && random() < 0.2) words.push(...plantedWords.bygone);
  return words.length ? ` ${words.join(' ')}` : '';
}

/** Words as unlike each other as those of a language, with its endings, so that the stemmers have something to do. */
function vocabularyOf(count: number): string[] {
  const random = randomFrom(7);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  const words = new Set(everydayWords);
  while (words.size < count) {
    const [syllables, endings] = random() < 0.6 ? [russianSyllables, russianEndings] : [englishSyllables, englishEndings];
    words.add(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(syllables)).join('') + pick(syllables) + pick(endings));
  }
  return [...words];
}

const everydayWords = [
  'сервер',
  'panel',
  'обновление',
  'ошибка',
  'лицензия',
  'error',
  'домен',
  'server',
  'работает',
  'update',
  'панель',
  'license',
  'почта',
  'database',
  'клиент',
  'backup',
  'после',
  'failed',
  'проблема',
  'connection',
  'сайт',
  'domain',
  'пароль',
  'restart',
  'диск',
  'timeout',
  'версия',
  'version',
];
const russianSyllables = [
  'ба',
  'ве',
  'го',
  'ду',
  'жи',
  'за',
  'ка',
  'ло',
  'ми',
  'ну',
  'по',
  'ра',
  'со',
  'те',
  'фу',
  'ха',
  'це',
  'чи',
  'шо',
  'пре',
  'стро',
  'клю',
  'дре',
  'зна',
  'при',
];
const russianEndings = ['', 'ние', 'ния', 'ость', 'ости', 'ами', 'ах', 'ого', 'ыми', 'ать', 'ил', 'ешь', 'ка', 'ки', 'тор'];
const englishSyllables = [
  'ba',
  'con',
  'der',
  'fil',
  'gra',
  'hos',
  'in',
  'ker',
  'lo',
  'mon',
  'net',
  'or',
  'pro',
  'que',
  'ren',
  'ser',
  'tra',
  'un',
  'ver',
  'work',
];
const englishEndings = ['', 's', 'ing', 'ed', 'er', 'tion', 'ness', 'able', 'ly'];

function sentence(random: () => number, words: readonly string[], length: number): string {
  let text = '';
  for (let at = 0; at < length; at += 1) text += `${at ? ' ' : ''}${words[zipf(random, words.length)]}`;
  return text;
}

/** A place from 0 on, each place the less likely the later: Zipf's law with the exponent 1. */
function zipf(random: () => number, count: number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** random()) - 1);
}

/** The same numbers for the same seed, so that two runs ask the same questions of the same tickets. */
function randomFrom(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

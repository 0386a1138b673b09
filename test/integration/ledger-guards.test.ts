/** The database itself refuses what the code never does (SPEC B1): whoever has the application's password cannot bend the books. */
import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newId } from '../../db/new-id.ts';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';

let db: FreshDatabase;
let app: Client;
let owner: Client;
const at = new Date('2026-03-02T09:00:00Z');
const account = newId('account', at);
const other = newId('account', at);
const tables = ['ledger_transfer', 'ledger_entry'] as const;

interface Given {
  id?: string;
  key?: string | null;
  request?: Buffer;
  kind?: string;
  at?: Date | string;
  by?: string;
  reverses?: string | null;
  about?: string;
  entries?: unknown;
  floor?: number | string | null;
}

let next = 0;

/** Calls the function as the application's role, with any arguments. */
async function post(given: Given = {}): Promise<{ outcome: string; transfer: string | null }> {
  const { rows } = await app.query(
    'select outcome, transfer from ledger_post($1, $2, $3, $4, $5::timestamptz, $6, $7, $8, $9::jsonb, $10::bigint)',
    [
      given.id ?? newId('transfer', at),
      given.key === undefined ? `test:${(next += 1)}` : given.key,
      given.request ?? createHash('sha256').update('asked').digest(),
      given.kind ?? 'top_up',
      given.at ?? at,
      given.by ?? 'provider',
      given.reverses ?? null,
      given.about ?? '{}',
      JSON.stringify(given.entries === undefined ? topUp(100) : given.entries),
      given.floor ?? null,
    ],
  );
  return rows[0];
}

const topUp = (amount: number | string) => [
  { account: `paid:${account}`, amount },
  { account: 'clearing:RUB:00', amount: typeof amount === 'number' ? -amount : `-${amount}` },
];

const bookCounts = async () =>
  db.query<{ transfers: string; entries: string; sum: string }>(
    'select (select count(*) from ledger_transfer) as transfers, (select count(*) from ledger_entry) as entries, (select sum(abs(balance_minor)) from ledger_account) as sum',
  );

beforeAll(async () => {
  db = await freshDatabase(inject('postgresAdminUrl'));
  for (const id of [account, other]) await db.query(`insert into account (id, name, created_at) values ($1, 'Vega', $2)`, [id, at]);
  [app, owner] = [new Client({ connectionString: db.appUrl }), new Client({ connectionString: db.ownerUrl })];
  await app.connect();
  await owner.connect();
  await post();
});
afterAll(async () => {
  await app?.end();
  await owner?.end();
  await db?.drop();
});

describe('B1: nobody changes what is posted', () => {
  test.each(tables)('%s: neither the application nor the owner updates, deletes or truncates', async (table) => {
    const changes = [`update ${table} set at = at`, `delete from ${table}`, `truncate ${table} cascade`];
    for (const sql of changes) {
      await expect(app.query(sql), sql).rejects.toMatchObject({ code: '42501' });
      await expect(owner.query(sql), sql).rejects.toMatchObject({ code: '23001' });
    }
  });

  test('accounts are changed by no application, and deleted by nobody', async () => {
    for (const sql of ['update ledger_account set balance_minor = 0', 'delete from ledger_account', 'truncate ledger_account cascade'])
      await expect(app.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    for (const sql of ['delete from ledger_account', 'truncate ledger_account cascade'])
      await expect(owner.query(sql), sql).rejects.toMatchObject({ code: '23001' });
  });

  test('the application inserts into none of the books, and switches no guard off', async () => {
    for (const sql of [
      `insert into ledger_account (id, kind, currency) values ('revenue:RUB:99', 'revenue', 'RUB')`,
      `insert into ledger_transfer (id, key, request_hash, kind, at, by, about) values ('trf_x', 'x', '\\x', 'top_up', now(), 'x', '{}')`,
      `insert into ledger_entry (ledger_account_id, version, transfer_id, amount_minor, balance_after_minor, at, hash) values ('paid:${account}', 2, 'x', 1, 1, now(), '\\x')`,
      'alter table ledger_entry disable trigger all',
      'drop trigger ledger_entry_stays on ledger_entry',
      "set session_replication_role = 'replica'",
      'create or replace function ledger_adds_up() returns trigger language plpgsql as $$ begin return null; end $$',
      'update billing set account_id = account_id',
      'delete from money_in',
      'update money_in set amount_minor = 1',
      'update money_out set amount_minor = 1',
      'update money_allocation set amount_minor = 1',
      'delete from billing',
    ])
      await expect(app.query(sql), sql).rejects.toMatchObject({ code: '42501' });
  });

  test('temporary tables of the same names deceive no function', async () => {
    const before = await bookCounts();
    await app.query('create temp table ledger_entry (like public.ledger_entry)');
    await app.query('create temp table ledger_account (like public.ledger_account)');
    await app.query('create temp table billing as select * from public.billing');
    try {
      await app.query('update billing set credit_limit_minor = 1000');
      const bought = await post({
        kind: 'purchase',
        entries: [
          { account: `paid:${other}`, amount: -1 },
          { account: 'revenue:RUB:00', amount: 1 },
        ],
      });
      expect(bought.outcome).toBe('insufficient');
      await expect(post({ entries: [...topUp(100).slice(0, 1), { account: 'clearing:RUB:00', amount: -99 }] })).rejects.toThrow(
        'does not add up',
      );
    } finally {
      await app.query('drop table ledger_entry, ledger_account, billing');
    }
    expect(await bookCounts()).toEqual(before);
  });

  test('the functions that write are the owner’s, look at no temporary table, and are for the application alone', async () => {
    const rows = await db.query<{ name: string; settings: string[]; anybody: boolean; application: boolean }>(
      `select proname as name, proconfig as settings, has_function_privilege('public', oid, 'execute') as anybody,
          has_function_privilege('kontor_app', oid, 'execute') as application from pg_proc where proname in ('ledger_post', 'account_opens_books')`,
    );
    expect(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'account_opens_books', settings: ['search_path=pg_catalog, public, pg_temp'], anybody: false, application: false },
      { name: 'ledger_post', settings: ['search_path=pg_catalog, public, pg_temp'], anybody: false, application: true },
    ]);
  });
});

describe('B1: what does not add up is not posted', () => {
  const refused: [string, Given, RegExp][] = [
    ['a sum that is not zero', { entries: [...topUp(100).slice(0, 1), { account: 'clearing:RUB:00', amount: -99 }] }, /does not add up/u],
    ['one entry', { entries: topUp(100).slice(0, 1) }, /two entries/u],
    ['no entries', { entries: [] }, /two entries/u],
    ['entries that are none', { entries: 'x' }, /two entries/u],
    ['null for entries', { entries: null }, /two entries/u],
    ['an entry of nothing', { entries: topUp(0) }, /amount_minor/u],
    ['an entry without an amount', { entries: [{ account: `paid:${account}` }, { account: 'clearing:RUB:00', amount: 1 }] }, /null value/u],
    ['a fraction', { entries: topUp(1.5) }, /invalid input syntax/u],
    ['an amount beyond what is counted exactly', { entries: topUp('9007199254740992') }, /balance_minor_check/u],
    ['an amount beyond 64 bits', { entries: topUp('9223372036854775808') }, /out of range/u],
    ['one account twice', { entries: [...topUp(100), ...topUp(100)] }, /not there/u],
    [
      'an account that is not there',
      {
        entries: [
          { account: 'paid:acc_none', amount: 1 },
          { account: 'clearing:RUB:00', amount: -1 },
        ],
      },
      /not there/u,
    ],
    [
      'an account of ours that has no such name',
      {
        entries: [
          { account: `paid:${account}`, amount: 1 },
          { account: 'till:RUB:00', amount: -1 },
        ],
      },
      /not there/u,
    ],
    [
      'two currencies',
      {
        entries: [
          { account: `paid:${account}`, amount: 1 },
          { account: 'clearing:USD:00', amount: -1 },
        ],
      },
      /does not add up/u,
    ],
    [
      'bonus below zero',
      {
        kind: 'adjustment',
        entries: [
          { account: `bonus:${account}`, amount: -1 },
          { account: 'adjustments:RUB:00', amount: 1 },
        ],
      },
      /ledger_account_check/u,
    ],
    ['an unknown kind', { kind: 'gift' }, /kind_check/u],
    ['no key', { key: null }, /null value/u],
    ['a key with a line break, by which two entries could be spelled alike', { key: 'a\nb' }, /key_check/u],
    ['an actor with one', { by: 'staff\nprovider' }, /by_check/u],
    ['an id with one', { id: 'trf_a\nb' }, /id_check/u],
    ['a text for what it is about', { about: '{"a":\n1}' }, /about_check/u],
    ['a list for what it is about', { about: '[]' }, /about_check/u],
    ['no JSON for what it is about', { about: 'x' }, /invalid input syntax/u],
    ['a short hash of the request', { request: Buffer.from('x') }, /request_hash_check/u],
    ['an instant without end', { at: 'infinity' }, /at_check|out of range/u],
    ['a transfer that takes back what is not there', { reverses: newId('transfer', at) }, /reverses_fkey/u],
  ];
  test.each(refused)('%s', async (_, given, why) => {
    const before = await bookCounts();
    await expect(post(given)).rejects.toThrow(why);
    expect(await bookCounts()).toEqual(before);
  });

  test('the owner cannot add an entry to a transfer either', async () => {
    const before = await bookCounts();
    const insert = `insert into ledger_entry select ledger_account_id, version + 1, (select id from ledger_transfer limit 1), 5, balance_after_minor + 5, at, hash
      from ledger_entry where ledger_account_id = $1 and version = 1`;
    await expect(owner.query(insert, [`paid:${account}`])).rejects.toMatchObject({ code: expect.stringMatching(/^23/u) });
    const transfer = `insert into ledger_transfer (id, key, request_hash, kind, at, by, about) values ($1, 'empty', sha256('x'), 'top_up', now(), 'time', '{}')`;
    await expect(owner.query(transfer, [newId('transfer', at)])).rejects.toThrow('does not add up');
    expect(await bookCounts()).toEqual(before);
  });
});

describe('B3: the function enforces the limit whatever it is told', () => {
  const purchase = (amount: number) => [
    { account: `paid:${other}`, amount: -amount },
    { account: 'revenue:RUB:00', amount },
  ];

  test('a floor that no money came for counts for nothing', async () => {
    const before = await bookCounts();
    for (const floor of [-1_000_000, '-9223372036854775808', 0, null])
      expect((await post({ kind: 'purchase', entries: purchase(1), floor })).outcome).toBe('insufficient');
    expect(await bookCounts()).toEqual(before);
  });

  test('bonus may not be spent below zero on the credit of the account', async () => {
    await db.query('update billing set credit_limit_minor = 1000 where account_id = $1', [other]);
    const entries = [
      { account: `bonus:${other}`, amount: -1 },
      { account: 'revenue:RUB:00', amount: 1 },
    ];
    expect((await post({ kind: 'purchase', entries })).outcome).toBe('insufficient');
    await db.query('update billing set credit_limit_minor = 0 where account_id = $1', [other]);
  });

  test('what is taken back is not more than was posted, and not elsewhere', async () => {
    await post({
      entries: [
        { account: `paid:${other}`, amount: 100 },
        { account: 'clearing:RUB:00', amount: -100 },
      ],
    });
    const bought = await post({ kind: 'purchase', entries: purchase(60) });
    const back = (amount: number, whose = other) => [
      { account: `paid:${whose}`, amount },
      { account: 'revenue:RUB:00', amount: -amount },
    ];
    const wrong = [back(61), back(60, account), back(-10)];
    for (const entries of wrong)
      await expect(post({ kind: 'reversal', reverses: bought.transfer, entries })).rejects.toThrow('more, or elsewhere');
    expect((await post({ kind: 'reversal', reverses: bought.transfer, entries: back(60) })).outcome).toBe('posted');
    await expect(post({ kind: 'reversal', reverses: bought.transfer, entries: back(1) })).rejects.toThrow('reverses_key');
  });
});

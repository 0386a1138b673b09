/** The check of the books finds what was changed behind the guards, and nothing else (SPEC B1, M10). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDatabase, type Database } from '../../db/database.ts';
import { newId } from '../../db/new-id.ts';
import { checkAllBooks, type BooksFinding } from '../../db/repositories/books-check.ts';
import { creditMoney, grantBonus, reverseSpend, spendMoney, takeBackMoney } from '../../db/repositories/money.ts';
import { isRefusal } from '../../domain/errors.ts';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';

let db: FreshDatabase;
let database: Database;
let superuser: Client;
const at = new Date('2026-03-02T09:00:00Z');

beforeAll(async () => {
  db = await freshDatabase(inject('postgresAdminUrl'));
  database = await openDatabase(db.appUrl, 4);
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = `/${db.name}`;
  superuser = new Client({ connectionString: url.href });
  await superuser.connect();
});
afterAll(async () => {
  await superuser?.end();
  await database?.close();
  await db?.drop();
});

const inOne = async <Done>(work: (em: EntityManager) => Promise<Done>) => database.fork().transactional(work);

async function account(): Promise<string> {
  const id = newId('account', at);
  await db.query(`insert into account (id, name, created_at) values ($1, 'Vega', $2)`, [id, at]);
  return id;
}

let next = 0;
const movement = (accountId: string, amountMinor: number) => ({
  accountId,
  amountMinor,
  key: `test:${(next += 1)}`,
  at,
  by: 'time',
  about: { order: 'ord_1' },
});

/** An account of which everything was done that is done with money. */
async function livelyAccount(): Promise<{ id: string; purchase: string; topUp: string }> {
  const id = await account();
  await db.query('update billing set credit_limit_minor = 5000 where account_id = $1', [id]);
  const topUp = await inOne((em) =>
    creditMoney(em, { ...movement(id, 10_000), kind: 'top_up', against: 'clearing', paymentId: `pay_${id}` }),
  );
  await inOne((em) => grantBonus(em, movement(id, 500)));
  const spent = await inOne((em) => spendMoney(em, movement(id, 12_000)));
  if (isRefusal(spent)) throw new Error(spent.refused);
  await inOne((em) => reverseSpend(em, spent.transferId, movement(id, 3_000)));
  await inOne((em) => takeBackMoney(em, { ...movement(id, 700), kind: 'chargeback', against: 'clearing', of: topUp.transferId }));
  return { id, purchase: spent.transferId, topUp: topUp.transferId };
}

async function findings(entries?: number): Promise<BooksFinding[]> {
  const found: BooksFinding[] = [];
  for await (const batch of checkAllBooks(database.fork(), entries)) found.push(...batch.findings);
  return found;
}

/** Does what only a superuser can, with the guards switched off; looks, and puts everything back from a copy. */
async function behindTheGuards(sql: string, values: unknown[] = []): Promise<BooksFinding[]> {
  const copies = ['ledger_account', 'ledger_transfer', 'ledger_entry', 'money_in', 'money_out', 'money_allocation'];
  await superuser.query("set session_replication_role = 'replica'");
  for (const table of copies) await superuser.query(`create table copy_${table} as table ${table}`);
  try {
    const { rowCount } = await superuser.query(sql, values);
    expect(rowCount).toBeGreaterThan(0);
    return await findings();
  } finally {
    for (const table of copies) {
      await superuser.query(`delete from ${table}`);
      await superuser.query(`insert into ${table} ${table === 'money_allocation' ? 'overriding system value' : ''} table copy_${table}`);
      await superuser.query(`drop table copy_${table}`);
    }
    await superuser.query("set session_replication_role = 'origin'");
  }
}

describe('the check of the books', () => {
  test('B1: books to which everything was done are right, however small the batches', async () => {
    for (let each = 0; each < 3; each += 1) await livelyAccount();
    expect(await findings()).toEqual([]);
    expect(await findings(1)).toEqual([]);
    expect(await findings(2)).toEqual([]);
    expect(await findings(7)).toEqual([]);
  });

  test('B1: each account and each entry is looked at once', async () => {
    const [truth] = await db.query<{ accounts: string; entries: string }>(
      'select (select count(*) from ledger_account) as accounts, (select count(*) from ledger_entry) as entries',
    );
    for (const size of [1, 3, 1_000]) {
      let accounts = 0;
      let entries = 0;
      for await (const batch of checkAllBooks(database.fork(), size)) {
        accounts += batch.accountsChecked;
        entries += batch.entriesChecked;
      }
      expect([accounts, entries]).toEqual([Number(truth!.accounts), Number(truth!.entries)]);
    }
  });

  test('M10: one changed byte of an entry or its transfer is found, wherever it is', async () => {
    const { id, purchase } = await livelyAccount();
    const paid = `ledger-account:paid:${id}`;
    const changes: [string, unknown[]][] = [
      [
        'update ledger_entry set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where ledger_account_id = $1 and version = 2',
        [`paid:${id}`],
      ],
      ["update ledger_transfer set about = replace(about, 'ord_1', 'ord_2') where id = $1", [purchase]],
      ["update ledger_transfer set by = 'timf' where id = $1", [purchase]],
      ["update ledger_transfer set key = key || '0' where id = $1", [purchase]],
      ["update ledger_transfer set kind = 'adjustment' where id = $1", [purchase]],
      ["update ledger_transfer set at = at + interval '1 millisecond' where id = $1", [purchase]],
      ['update ledger_transfer set request_hash = set_byte(request_hash, 31, get_byte(request_hash, 31) # 1) where id = $1', [purchase]],
      ["update ledger_entry set at = at + interval '1 millisecond' where ledger_account_id = $1 and version = 2", [`paid:${id}`]],
      [
        'update ledger_entry set balance_after_minor = balance_after_minor + 1 where ledger_account_id = $1 and version = 2',
        [`paid:${id}`],
      ],
    ];
    for (const [sql, values] of changes) {
      const found = await behindTheGuards(sql, values);
      expect(
        found.map(({ kind, about, detail }) => [kind, about, detail['entry']]),
        sql,
      ).toContainEqual(['ledger.entry_wrong', paid, '2']);
    }
    expect(await findings()).toEqual([]);
  });

  test('M10: entries that were taken away, put in or moved are found', async () => {
    const { id, purchase } = await livelyAccount();
    const kinds = async (sql: string, values: unknown[]) => new Set((await behindTheGuards(sql, values)).map(({ kind }) => kind));
    expect(await kinds('delete from ledger_entry where ledger_account_id = $1 and version = 4', [`paid:${id}`])).toEqual(
      new Set(['ledger.account_wrong', 'ledger.transfer_wrong']),
    );
    expect(await kinds('delete from ledger_entry where ledger_account_id = $1 and version = 1', [`paid:${id}`])).toContain(
      'ledger.entry_wrong',
    );
    expect(await kinds('delete from ledger_entry where transfer_id = $1', [purchase])).toEqual(
      new Set(['ledger.entry_wrong', 'ledger.transfer_wrong', 'ledger.account_wrong']),
    );
    expect(await kinds('update ledger_account set balance_minor = balance_minor + 1 where id = $1', [`paid:${id}`])).toEqual(
      new Set(['ledger.account_wrong', 'ledger.use_wrong', 'ledger.currency_wrong']),
    );
    expect(await kinds('update ledger_account set version = version - 1, head = head where id = $1', [`paid:${id}`])).toContain(
      'ledger.account_wrong',
    );
    expect(await kinds("update ledger_account set currency = 'USD' where id = $1", [`bonus:${id}`])).toContain('ledger.entry_wrong');
  });

  test('B7: what entries mean is held against them', async () => {
    const { id, topUp, purchase } = await livelyAccount();
    const found = async (sql: string, values: unknown[]) => (await behindTheGuards(sql, values)).map(({ kind, about }) => [kind, about]);
    expect(await found('update money_in set unspent_minor = unspent_minor + 1 where transfer_id = $1', [topUp])).toEqual(
      expect.arrayContaining([
        ['ledger.use_wrong', `account:${id}`],
        ['ledger.use_wrong', `transfer:${topUp}`],
      ]),
    );
    expect(await found('update money_out set on_credit_minor = on_credit_minor + 1 where transfer_id = $1', [purchase])).toContainEqual([
      'ledger.use_wrong',
      `transfer:${purchase}`,
    ]);
    expect(await found('delete from money_in where transfer_id = $1', [topUp])).toContainEqual(['ledger.use_wrong', `transfer:${topUp}`]);
    expect(await findings()).toEqual([]);
  });
});

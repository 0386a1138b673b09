/** P7: transfers a second, of twenty clients at once, beside bare inserts of two rows; and what a customer's balance costs to ask. */
import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '../../db/database.ts';
import { newId } from '../../db/new-id.ts';
import { creditMoney, readFunds, spendMoney } from '../../db/repositories/money.ts';
import { postTransfer } from '../../db/repositories/ledger.ts';
import { ownAccount, paidAccount } from '../../domain/ledger.ts';
import type { FreshDatabase } from '../harness/fresh-database.ts';
import { quantile, type Line, type Result } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Stage } from './stage.ts';

const clients = 20;
const at = new Date('2026-03-02T09:00:00Z');

interface Measured {
  readonly perSecond: number;
  readonly milliseconds: number[];
}

export async function benchLedger(stage: Stage, { quick, say }: BenchOptions): Promise<Result> {
  const seconds = quick ? 1 : 10;
  const database = await openDatabase(stage.product.appUrl, clients);
  const bare = await openDatabase(stage.floor.ownerUrl, clients);
  try {
    const accounts = await openAccounts(stage.product, 400);
    const hot = accounts[0]!;
    await stage.floor.query('create table bare (id text primary key, account text not null, amount bigint not null)');
    const floor = await run(seconds, async () => insertTwo(bare));
    say(`floor ${floor.perSecond.toFixed(0)}/s`);
    const spread = await run(seconds, async (turn) => post(database, accounts[turn % accounts.length]!));
    say(`spread ${spread.perSecond.toFixed(0)}/s`);
    const oneAccount = await run(seconds, async () => post(database, hot));
    say(`one account ${oneAccount.perSecond.toFixed(0)}/s`);
    const topUps = await run(seconds, async (turn) => topUp(database, accounts[1 + (turn % (accounts.length - 1))]!));
    say(`top-ups ${topUps.perSecond.toFixed(0)}/s`);
    const purchases = await run(seconds, async (turn) => buy(database, accounts[1 + (turn % (accounts.length - 1))]!));
    say(`purchases ${purchases.perSecond.toFixed(0)}/s`);
    const balance = await balanceAtSize(stage, database, hot, quick ? 10_000 : 1_000_000);
    const line = (what: string, { perSecond, milliseconds }: Measured, wanted?: number) => ({
      goal: 'P7',
      what,
      floor: `${floor.perSecond.toFixed(0)}/s`,
      ours: `${perSecond.toFixed(0)}/s, p50 ${quantile(milliseconds, 0.5).toFixed(1)} ms, p99 ${quantile(milliseconds, 0.99).toFixed(1)} ms`,
      ratio: (perSecond / floor.perSecond).toFixed(2),
      wanted: wanted === undefined ? '' : `≥ ${wanted}/s`,
      ...(wanted === undefined ? {} : { met: perSecond >= wanted }),
    });
    const lines: Line[] = [
      line('transfers of 400 customers', spread, 1_000),
      line('transfers of one customer', oneAccount, 400),
      line('top-ups whole, of 399 customers', topUps),
      line('purchases whole, of 399 customers', purchases),
      ...balance,
    ];
    return { id: 'P7', title: 'the ledger', lines, raw: [], method };
  } finally {
    await database.close();
    await bare.close();
  }
}

const method = [
  `${clients} clients of one process, each one transaction after the other on a connection of its own; PostgreSQL with fsync on, on the same machine.`,
  'A transfer: `begin`, `ledger_post` with two entries (a customer’s account and the provider’s row of his), `commit`. The row of ours is one of sixteen, chosen by the customer; of one customer both rows are hot.',
  'A whole top-up or purchase is `creditMoney` or `spendMoney`: the customer’s row locked, funds read, the transfer, what it means beside the books, the row that tells open pages.',
  'The floor: `begin`, one insert of two rows into a table with a primary key alone, `commit`, through the same pool.',
  'The balance: `readFunds`, as the API asks it, 500 times in turn; most of the entries are of the customer who is asked about. They were put into the table straight, past the guards.',
];

async function openAccounts(db: FreshDatabase, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('account', at));
  await db.query(`insert into account (id, name, created_at) select id, 'Vega', $2 from unnest($1::text[]) as id`, [ids, at]);
  return ids;
}

/** So many turns as go into the time, by all clients at once. */
async function run(seconds: number, turn: (number: number) => Promise<unknown>): Promise<Measured> {
  const milliseconds: number[] = [];
  let next = 0;
  const client = async (until: number, keep: boolean) => {
    while (performance.now() < until) {
      const began = performance.now();
      await turn((next += 1));
      if (keep) milliseconds.push(performance.now() - began);
    }
  };
  const all = async (forSeconds: number, keep: boolean) => {
    const until = performance.now() + forSeconds * 1_000;
    await Promise.all(Array.from({ length: clients }, () => client(until, keep)));
  };
  await all(Math.min(2, seconds), false);
  const began = performance.now();
  await all(seconds, true);
  return { perSecond: (milliseconds.length / (performance.now() - began)) * 1_000, milliseconds };
}

const key = () => `bench:${randomBytes(9).toString('base64url')}`;

async function insertTwo(bare: Database): Promise<void> {
  await bare.fork().transactional((em) => em.execute(`insert into bare values (?, 'paid', 100), (?, 'clearing', -100)`, [key(), key()]));
}

async function post(database: Database, accountId: string): Promise<void> {
  await database.fork().transactional((em) =>
    postTransfer(em, {
      key: key(),
      request: `top_up ${accountId} 100`,
      kind: 'top_up',
      currency: 'RUB',
      entries: [
        { account: paidAccount(accountId), amountMinor: 100 },
        { account: ownAccount('clearing', 'RUB', accountId), amountMinor: -100 },
      ],
      at,
      by: 'provider',
      about: {},
    }),
  );
}

const movement = (accountId: string) => ({ accountId, amountMinor: 100, key: key(), at, by: 'provider', about: {} });

async function topUp(database: Database, accountId: string): Promise<void> {
  await database.fork().transactional((em) => creditMoney(em, { ...movement(accountId), kind: 'top_up', against: 'clearing' }));
}

async function buy(database: Database, accountId: string): Promise<void> {
  await database.fork().transactional((em) => spendMoney(em, movement(accountId)));
}

/** Asks for a customer's balance before and after he has so many entries more. */
async function balanceAtSize({ product }: Stage, database: Database, accountId: string, entries: number): Promise<Line[]> {
  const before = await askBalance(database, accountId);
  await product.query('alter table ledger_entry disable trigger user');
  await product.query('alter table ledger_entry drop constraint ledger_entry_transfer_id_fkey');
  await product.query(
    `insert into ledger_entry select $1, n, 'trf_' || n, 1, n, $3, '\\x' from generate_series(10000001, 10000000 + $2::int) as n`,
    [paidAccount(accountId), entries, at],
  );
  await product.query('analyze ledger_entry');
  const after = await askBalance(database, accountId);
  return [
    {
      goal: 'B1',
      what: `balance of a customer with ${entries.toLocaleString('en')} entries`,
      floor: `${quantile(before, 0.5).toFixed(2)} ms before them`,
      ours: `p50 ${quantile(after, 0.5).toFixed(2)} ms, p99 ${quantile(after, 0.99).toFixed(2)} ms`,
      ratio: (quantile(after, 0.5) / quantile(before, 0.5)).toFixed(2),
      wanted: '',
    },
  ];
}

async function askBalance(database: Database, accountId: string): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let turn = 0; turn < 500; turn += 1) {
    const began = performance.now();
    await readFunds(database.fork(), accountId, at);
    milliseconds.push(performance.now() - began);
  }
  return milliseconds;
}

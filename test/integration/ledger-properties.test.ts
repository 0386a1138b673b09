/* oxlint-disable vitest/no-standalone-expect -- what a run holds against its model is asked within the tests below */
/** Whatever is done to the books at once comes out as if it had been done one after the other, and is right (SPEC B1, B3, B7). */
import type { EntityManager } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDatabase, type Database } from '../../db/database.ts';
import { newId } from '../../db/new-id.ts';
import { checkAllBooks, type BooksFinding } from '../../db/repositories/books-check.ts';
import type { Posted, SpendingRefusal } from '../../db/repositories/ledger.ts';
import {
  creditMoney,
  grantBonus,
  lockFunds,
  returnReserved,
  reverseSpend,
  spendMoney,
  takeBackMoney,
} from '../../db/repositories/money.ts';
import { isRefusal } from '../../domain/errors.ts';
import { ownAccount } from '../../domain/ledger.ts';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';
import { LedgerModel, type Outcome, type Wished } from './ledger-model.ts';

let db: FreshDatabase;
let database: Database;

beforeAll(async () => {
  db = await freshDatabase(inject('postgresAdminUrl'));
  database = await openDatabase(db.appUrl, 16);
});
afterAll(async () => {
  await database?.close();
  await db?.drop();
});

const begin = Date.parse('2026-03-02T09:00:00Z');
const hour = 3_600_000;

async function openAccount(id = newId('account', new Date(begin))): Promise<string> {
  await db.query(`insert into account (id, name, created_at) values ($1, 'Vega', $2)`, [id, new Date(begin)]);
  return id;
}

const picks = { account: fc.nat(2), amount: fc.integer({ min: 1, max: 12 }), key: fc.nat(25) };
const command = fc.oneof(
  fc.record({ what: fc.constant('topUp' as const), ...picks }),
  fc.record({ what: fc.constant('bonus' as const), ...picks }),
  { weight: 3, arbitrary: fc.record({ what: fc.constant('spend' as const), ...picks }) },
  fc.record({ what: fc.constant('buyWithPayment' as const), ...picks, price: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ what: fc.constantFrom('chargeback' as const, 'reserve' as const), ...picks, pick: fc.nat(9) }),
  fc.record({ what: fc.constantFrom('reverse' as const, 'returnReserved' as const), ...picks, pick: fc.nat(9) }),
  fc.record({ what: fc.constant('limit' as const), ...picks, termDays: fc.constantFrom(null, 1) }),
  fc.record({ what: fc.constant('freeze' as const), ...picks, frozen: fc.boolean() }),
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** Rounds of wishes that are made at once. Half a day passes between them. */
const story = fc.array(fc.array(command, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 });

/** One run: three accounts, the product beside the model. */
class Run {
  readonly model = new LedgerModel();
  readonly transfers = new Map<string, string>();
  private readonly accounts: string[];
  /** What was done, in the order in which the accounts were held. */
  private readonly done: { expected: () => Outcome; got: Outcome; about: string; transferId: string | undefined; key: string }[] = [];

  constructor(accounts: string[]) {
    this.accounts = accounts;
    for (const account of accounts) this.model.open(account);
  }

  async round(commands: readonly Command[], at: number): Promise<void> {
    // What there is to take back is what was there before the round.
    const known = { spends: [...this.model.spends.values()], payments: [...this.model.payments] };
    await Promise.all(commands.map(async (each) => this.perform(each, at, known)));
    for (const { expected, got, about, transferId, key } of this.done.splice(0)) {
      expect(got, about).toBe(expected());
      if (transferId === undefined) continue;
      // The same key has the same result.
      expect(this.transfers.get(key) ?? transferId, about).toBe(transferId);
      this.transfers.set(key, transferId);
    }
  }

  private async perform(
    command: Command,
    at: number,
    known: { spends: LedgerModel['spends'] extends Map<string, infer S> ? S[] : never; payments: string[] },
  ) {
    const account = this.accounts[command.account]!;
    const wished: Wished = { key: `${account}:${command.key}`, account, amount: command.amount, at };
    const movement = { key: wished.key, accountId: account, amountMinor: wished.amount, at: new Date(at), by: 'time', about: {} };
    const payment = known.payments.length ? known.payments[('pick' in command ? command.pick : 0) % known.payments.length]! : undefined;
    const spends = known.spends.filter(({ kind }) => kind === (command.what === 'returnReserved' ? 'refund' : 'purchase'));
    const spend = spends.length ? spends[('pick' in command ? command.pick : 0) % spends.length] : undefined;
    switch (command.what) {
      case 'topUp':
        return this.record(
          command,
          wished,
          (em) => credit(em, movement),
          () => this.model.topUp(wished),
        );
      case 'bonus':
        return this.record(
          command,
          wished,
          (em) => grantBonus(em, movement),
          () => this.model.bonus(wished),
        );
      case 'spend':
        return this.record(
          command,
          wished,
          (em) => spendMoney(em, movement),
          () => this.model.spend(wished),
        );
      case 'buyWithPayment':
        return this.buyWithPayment(command, wished, command.price);
      case 'chargeback':
      case 'reserve': {
        const [kind, against] =
          command.what === 'reserve' ? (['refund', 'refunds_payable'] as const) : (['chargeback', 'clearing'] as const);
        const of = payment === undefined ? undefined : this.transfers.get(payment);
        const work = (em: EntityManager) => takeBackMoney(em, { ...movement, kind, against, ...(of ? { of } : {}) });
        return this.record(command, wished, work, () => this.model.takeBack(wished, kind, payment));
      }
      case 'reverse':
      case 'returnReserved': {
        if (!spend) return;
        const [verb, kind] =
          command.what === 'reverse' ? ([reverseSpend, 'reversal'] as const) : ([returnReserved, 'refund_returned'] as const);
        const work = (em: EntityManager) => verb(em, this.transfers.get(spend.key)!, movement);
        return this.record(command, wished, work, () => this.model.reverse(wished, kind, spend.key));
      }
      case 'limit':
        return this.change(account, `credit_limit_minor = ${command.amount}, credit_term_days = ${command.termDays}`, (of) => {
          of.limit = command.amount;
          of.termMilliseconds = command.termDays === null ? undefined : 24 * hour;
        });
      case 'freeze':
        return this.change(
          account,
          command.frozen ? `frozen_at = now(), frozen_for = 'staff'` : 'frozen_at = null, frozen_for = null',
          (of) => {
            of.frozen = command.frozen;
          },
        );
    }
  }

  /** What its last line writes down is true for as long as the account is held: nobody else can have come between. */
  private async record(
    command: Command,
    { key, account, at }: Wished,
    work: (em: EntityManager) => Promise<Posted | SpendingRefusal>,
    expected: () => Outcome,
  ): Promise<void> {
    const about = JSON.stringify(command);
    const note = (got: Outcome, transferId?: string) => this.done.push({ expected, got, about, transferId, key });
    await database
      .fork()
      .transactional(async (em) => {
        await lockFunds(em, account, new Date(at));
        const result = await work(em).catch((failure: Error) => {
          note('throws');
          throw failure;
        });
        if (isRefusal(result)) note(result.refused);
        else note(result.repeated ? 'repeated' : 'posted', result.transferId);
      })
      .catch((failure: Error) => expect(failure.message, about).toMatch(expectedFailure));
  }

  /** Money comes in for a purchase and pays it, in one transaction; where it cannot, it stays and repays credit. */
  private async buyWithPayment(command: Command, wished: Wished, price: number): Promise<void> {
    const topUp = { ...wished, key: `${wished.key}:in` };
    const purchase = { ...wished, key: `${wished.key}:buy`, amount: Math.min(price, wished.amount) };
    const at = new Date(wished.at);
    const base = { accountId: wished.account, at, by: 'provider', about: {} };
    let expected: [Outcome, Outcome] | undefined;
    const inModel = () => {
      const before = this.model.paid(wished.account);
      const first = this.model.topUp(topUp, true);
      expected ??= [first, this.model.spend(purchase, { payment: topUp.key, before: first === 'repeated' ? Infinity : before })];
      return expected;
    };
    const about = JSON.stringify(command);
    await database
      .fork()
      .transactional(async (em) => {
        const funds = await lockFunds(em, wished.account, at);
        const came = await credit(em, { ...base, key: topUp.key, amountMinor: topUp.amount, keepFor: true });
        const paidFor = { transferId: came.transferId, paidBeforeMinor: came.repeated ? 0 : funds.paidMinor };
        const bought = await spendMoney(em, { ...base, key: purchase.key, amountMinor: purchase.amount, paidFor });
        this.done.push({
          expected: () => inModel()[0],
          got: came.repeated ? 'repeated' : 'posted',
          about,
          transferId: came.transferId,
          key: topUp.key,
        });
        const [got, transferId] = isRefusal(bought)
          ? ([bought.refused as Outcome, undefined] as const)
          : ([bought.repeated ? 'repeated' : 'posted', bought.transferId] as const);
        this.done.push({ expected: () => inModel()[1], got, about, transferId, key: purchase.key });
      })
      .catch((failure: Error) => {
        expect(failure.message, about).toMatch(expectedFailure);
      });
  }

  private async change(account: string, set: string, inModel: (of: ReturnType<LedgerModel['of']>) => void): Promise<void> {
    await database.fork().transactional(async (em) => {
      await em.execute(`update billing set ${set} where account_id = ?`, [account]);
      const expected = () => {
        inModel(this.model.of(account));
        return 'posted' as const;
      };
      this.done.push({ expected, got: 'posted', about: set, transferId: undefined, key: '' });
    });
  }

  /** What the database holds is what the model counts, unit by unit. */
  async compare(): Promise<void> {
    for (const account of this.accounts) {
      const [row] = await db.query<Record<'paid' | 'bonus' | 'entries' | 'highest', string>>(
        `select (select balance_minor from ledger_account where id = 'paid:' || $1) as paid, (select balance_minor from ledger_account where id = 'bonus:' || $1) as bonus,
            (select count(*) from ledger_entry where ledger_account_id = 'paid:' || $1) as entries, (select version from ledger_account where id = 'paid:' || $1) as highest`,
        [account],
      );
      const { bonus, units } = this.model.of(account);
      expect([Number(row!.paid), Number(row!.bonus)]).toEqual([this.model.paid(account), bonus]);
      expect(row!.entries).toBe(row!.highest);
      expect(await this.unspentInBooks(account)).toEqual(countOf(units.map((unit) => this.transfers.get(unit)!)));
      for (const spend of this.model.spendsOf(account).filter(({ paid }) => paid > 0))
        await this.compareSpend(this.transfers.get(spend.key)!, spend.units);
    }
  }

  private async unspentInBooks(account: string): Promise<Record<string, number>> {
    const rows = await db.query<{ id: string; n: string }>(
      'select transfer_id as id, unspent_minor as n from money_in where account_id = $1 and unspent_minor > 0',
      [account],
    );
    return Object.fromEntries(rows.map(({ id, n }) => [id, Number(n)]));
  }

  private async compareSpend(transferId: string, units: readonly (string | null)[]): Promise<void> {
    const [out] = await db.query<{ on_credit: string }>('select on_credit_minor as on_credit from money_out where transfer_id = $1', [
      transferId,
    ]);
    const used = await db.query<{ id: string; n: string }>(
      'select in_id as id, sum(amount_minor) as n from money_allocation where out_id = $1 group by 1 having sum(amount_minor) <> 0',
      [transferId],
    );
    expect(Number(out!.on_credit)).toBe(units.filter((unit) => unit === null).length);
    const expected = countOf(units.filter((unit) => unit !== null).map((unit) => this.transfers.get(unit)!));
    expect(Object.fromEntries(used.map(({ id, n }) => [id, Number(n)]))).toEqual(expected);
  }
}

const expectedFailure =
  /stands for another transfer|did not spend that much|did not use that much|ledger_transfer_reverses_key|taken back is more/u;

const credit = (em: EntityManager, movement: Parameters<typeof grantBonus>[1] & { keepFor?: boolean }) =>
  creditMoney(em, { ...movement, kind: 'top_up', against: 'clearing', paymentId: `pay_${movement.key}` });

function countOf(ids: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

async function findings(): Promise<BooksFinding[]> {
  const found: BooksFinding[] = [];
  for await (const batch of checkAllBooks(database.fork())) found.push(...batch.findings);
  return found;
}

describe('the books, whatever is done to them at once', () => {
  test('B1: any interleaving equals a serial one, unit by unit, and the books are right after it', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async (rounds) => {
        const run = new Run([await openAccount(), await openAccount(), await openAccount()]);
        for (const [place, commands] of rounds.entries()) await run.round(commands, begin + place * 12 * hour);
        await run.compare();
      }),
      { numRuns: Number(process.env['KONTOR_TEST_RUNS'] ?? 60), endOnFailure: false },
    );
    expect(await findings()).toEqual([]);
  });

  test('B1: the same key at once on several accounts posts once, and is a fault on the others', async () => {
    const accounts = await Promise.all(Array.from({ length: 8 }, () => openAccount()));
    const wish = (accountId: string) => ({
      accountId,
      amountMinor: 5,
      key: 'payment:pay_shared',
      at: new Date(begin),
      by: 'provider',
      about: {},
    });
    const came = await Promise.allSettled(accounts.map((account) => database.fork().transactional((em) => credit(em, wish(account)))));
    expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of came) if (result.status === 'rejected') expect(String(result.reason)).toContain('stands for another transfer');
  });

  test('B1: a purchase is taken back once, whoever asks at once and under whichever key', async () => {
    const account = await openAccount();
    const wish = (key: string) => ({
      accountId: account,
      amountMinor: 5,
      key: `${account}:${key}`,
      at: new Date(begin),
      by: 'time',
      about: {},
    });
    await database.fork().transactional((em) => credit(em, wish('in')));
    const bought = await database.fork().transactional((em) => spendMoney(em, wish('buy')));
    if (isRefusal(bought)) throw new Error(bought.refused);
    const back = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => database.fork().transactional((em) => reverseSpend(em, bought.transferId, wish(`back${n}`)))),
    );
    expect(back.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await findings()).toEqual([]);
  });

  test(
    'B1: transactions of several transfers each, of customers whose money falls on one row, never wait for each other in a circle',
    { timeout: 90_000 },
    async () => {
      const accounts: string[] = [];
      const row = ownAccount('revenue', 'RUB', 'acc_any');
      while (accounts.length < 8) {
        const id = newId('account', new Date(begin));
        if (ownAccount('revenue', 'RUB', id) === row) accounts.push(await openAccount(id));
      }
      const life = async (accountId: string, turn: number) => {
        const wish = (key: string, amountMinor: number) => ({
          accountId,
          amountMinor,
          key: `${accountId}:${turn}:${key}`,
          at: new Date(begin + turn * hour),
          by: 'time',
          about: {},
        });
        // What a payment of an order does: in, its fee's row, and the purchase.
        const bought = await database.fork().transactional(async (em) => {
          const { paidMinor } = await lockFunds(em, accountId, new Date(begin));
          const came = await credit(em, { ...wish('in', 100), keepFor: true });
          return spendMoney(em, { ...wish('buy', 100), paidFor: { transferId: came.transferId, paidBeforeMinor: paidMinor } });
        });
        if (isRefusal(bought)) throw new Error(bought.refused);
        // What a refund of it does: back, and set aside.
        await database.fork().transactional(async (em) => {
          await reverseSpend(em, bought.transferId, wish('back', 60));
          await takeBackMoney(em, { ...wish('reserve', 60), kind: 'refund', against: 'refunds_payable' });
        });
      };
      for (let turn = 0; turn < 12; turn += 1)
        await Promise.all(accounts.flatMap((account) => [life(account, turn), life(account, turn + 100)]));
      const sums = await db.query<{ paid: string }>(
        `select balance_minor as paid from ledger_account where kind = 'paid' and account_id = any($1)`,
        [accounts],
      );
      expect(sums.map(({ paid }) => paid)).toEqual(accounts.map(() => '0'));
      expect(await findings()).toEqual([]);
    },
  );
});

/** A customer's money in the books, verb by verb (SPEC B1, B3, B7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  creditMoney,
  grantBonus,
  readFunds,
  returnReserved,
  reverseSpend,
  spendMoney,
  takeBackMoney,
  unspentOf,
} from '../../db/repositories/money.ts';
import { isRefusal, type Refusal } from '../../domain/errors.ts';
import { balanceOf } from '../../domain/ledger.ts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { startKontor, type Kontor } from '../harness/kontor.ts';

let kontor: Kontor;
const at = new Date('2026-03-02T09:00:00Z');

beforeAll(async () => {
  kontor = await startKontor();
});
afterAll(() => kontor?.stop());

const inOne = async <Done>(work: (em: EntityManager) => Promise<Done>) => kontor.database.fork().transactional(work);

async function account(limitMinor = 0): Promise<string> {
  const { accountId } = await kontor.people.customer();
  if (limitMinor > 0) await kontor.db.query('update billing set credit_limit_minor = $1 where account_id = $2', [limitMinor, accountId]);
  return accountId;
}

let next = 0;
const movement = (accountId: string, amountMinor: number, key = `test:${(next += 1)}`) => ({
  accountId,
  amountMinor,
  key,
  at,
  by: 'time',
  about: { order: 'ord_1' },
});
const topUp = async (accountId: string, amountMinor: number, paymentId?: string) =>
  inOne((em) =>
    creditMoney(em, { ...movement(accountId, amountMinor), kind: 'top_up', against: 'clearing', ...(paymentId ? { paymentId } : {}) }),
  );
const balance = async (accountId: string) => balanceOf((await readFunds(kontor.database.fork(), accountId, at))!);
const spend = async (accountId: string, amountMinor: number) => {
  const spent = await inOne((em) => spendMoney(em, movement(accountId, amountMinor)));
  if (isRefusal(spent)) throw new Error(spent.refused);
  return spent.transferId;
};
/** What the books and what they mean come to: the two must agree. */
async function meaning(accountId: string): Promise<{ unspent: number; onCredit: number }> {
  const [row] = await kontor.db.query<{ unspent: string; on_credit: string; paid: string }>(
    `select (select coalesce(sum(unspent_minor), 0) from money_in where account_id = $1) as unspent,
        (select coalesce(sum(on_credit_minor), 0) from money_out where account_id = $1) as on_credit,
        (select balance_minor from ledger_account where id = 'paid:' || $1) as paid`,
    [accountId],
  );
  expect(Number(row!.paid)).toBe(Number(row!.unspent) - Number(row!.on_credit));
  return { unspent: Number(row!.unspent), onCredit: Number(row!.on_credit) };
}

describe('spending', () => {
  test('B3: balance first, then credit, never below the limit', async () => {
    const anna = await account(5_000);
    await topUp(anna, 1_000);
    await spend(anna, 4_000);
    expect(await balance(anna)).toEqual({
      balanceMinor: -3_000,
      bonusMinor: 0,
      creditLimitMinor: 5_000,
      creditUsedMinor: 3_000,
      availableMinor: 2_000,
    });
    const refused = await inOne((em) => spendMoney(em, movement(anna, 2_001)));
    expect((refused as Refusal).refused).toBe('balance.insufficient');
    expect((await balance(anna)).balanceMinor).toBe(-3_000);
    await topUp(anna, 3_500);
    expect(await balance(anna)).toMatchObject({ balanceMinor: 500, creditUsedMinor: 0, availableMinor: 5_500 });
    expect(await meaning(anna)).toEqual({ unspent: 500, onCredit: 0 });
  });

  test('B7: bonus is spent first; a payment may be given back up to what is unspent of it, oldest first', async () => {
    const anna = await account();
    await topUp(anna, 1_000, 'pay_first');
    await topUp(anna, 1_000, 'pay_second');
    await inOne((em) => grantBonus(em, movement(anna, 300)));
    await spend(anna, 1_500);
    expect(await balance(anna)).toMatchObject({ balanceMinor: 800, bonusMinor: 0 });
    expect((await unspentOf(kontor.database.fork(), 'pay_first'))!.unspentMinor).toBe(0);
    expect((await unspentOf(kontor.database.fork(), 'pay_second'))!.unspentMinor).toBe(800);
  });

  test('B1: the same key posts once; another request under it is a fault', async () => {
    const anna = await account();
    const once = { ...movement(anna, 700, 'test:once'), kind: 'top_up', against: 'clearing' } as const;
    const [first, second] = [await inOne((em) => creditMoney(em, once)), await inOne((em) => creditMoney(em, once))];
    expect([first.repeated, second.repeated]).toEqual([false, true]);
    expect(second.transferId).toBe(first.transferId);
    expect((await balance(anna)).balanceMinor).toBe(700);
    await expect(inOne((em) => creditMoney(em, { ...once, amountMinor: 701 }))).rejects.toThrow('stands for another transfer');
  });

  test('B3: thirty spends at once stop at the limit', async () => {
    const anna = await account(1_000);
    await topUp(anna, 500);
    const outcomes = await Promise.all(Array.from({ length: 30 }, async () => inOne((em) => spendMoney(em, movement(anna, 100)))));
    expect(outcomes.filter((outcome) => !isRefusal(outcome))).toHaveLength(15);
    expect((await balance(anna)).balanceMinor).toBe(-1_000);
    expect(await meaning(anna)).toEqual({ unspent: 0, onCredit: 1_000 });
  });
});

describe('taking back', () => {
  test('B7: a purchase that is reversed gives its payments back, and what was on credit is on credit no more', async () => {
    const anna = await account(1_000);
    await topUp(anna, 600, 'pay_reversed');
    const bought = await spend(anna, 900);
    expect(await meaning(anna)).toEqual({ unspent: 0, onCredit: 300 });
    await inOne((em) => reverseSpend(em, bought, movement(anna, 900)));
    expect(await meaning(anna)).toEqual({ unspent: 600, onCredit: 0 });
    expect((await unspentOf(kontor.database.fork(), 'pay_reversed'))!.unspentMinor).toBe(600);
    await expect(inOne((em) => reverseSpend(em, bought, movement(anna, 1)))).rejects.toThrow(/did not spend|unique/u);
  });

  test('B7: a chargeback may go below the limit; a refund that came to nothing gives back what it set aside', async () => {
    const anna = await account();
    const { transferId } = await topUp(anna, 600, 'pay_back');
    const reserve = await inOne((em) =>
      takeBackMoney(em, { ...movement(anna, 400), kind: 'refund', against: 'refunds_payable', of: transferId }),
    );
    expect(await meaning(anna)).toEqual({ unspent: 200, onCredit: 0 });
    await inOne((em) => returnReserved(em, reserve.transferId, movement(anna, 400)));
    expect(await meaning(anna)).toEqual({ unspent: 600, onCredit: 0 });
    await spend(anna, 600);
    await inOne((em) => takeBackMoney(em, { ...movement(anna, 600), kind: 'chargeback', against: 'clearing', of: transferId }));
    expect((await balance(anna)).balanceMinor).toBe(-600);
    expect(await meaning(anna)).toEqual({ unspent: 0, onCredit: 600 });
  });
});

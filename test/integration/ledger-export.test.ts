/** The books as staff read them, as hledger balances them, and as a program of its own proves them (SPEC B1, M10). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditMoney, grantBonus, reverseSpend, spendMoney, takeBackMoney } from '../../db/repositories/money.ts';
import { isRefusal } from '../../domain/errors.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;
let folder: string;
let purchase: string;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  folder = mkdtempSync(join(tmpdir(), 'kontor-ledger-'));
  [anna, maria] = [await kontor.people.customer(), await kontor.people.staff({ role: 'billing' })];
  for (const customer of [anna, await kontor.people.customer()]) purchase = await liveOf(customer.accountId);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await kontor?.stop();
});

/** What a customer's money goes through; returns his purchase. */
async function liveOf(accountId: string): Promise<string> {
  const at = kontor.clock.now();
  let next = 0;
  const move = (amountMinor: number) => ({
    accountId,
    amountMinor,
    key: `test:${accountId}:${(next += 1)}`,
    at,
    by: 'provider',
    about: { order: 'ord_1' },
  });
  const within = <Done>(work: Parameters<ReturnType<typeof kontor.database.fork>['transactional']>[0]) =>
    kontor.database.fork().transactional(work) as Promise<Done>;
  await within((em) => creditMoney(em, { ...move(150_005), kind: 'top_up', against: 'clearing' }));
  await within((em) => grantBonus(em, move(5_000)));
  const bought = await within<Awaited<ReturnType<typeof spendMoney>>>((em) => spendMoney(em, move(100_001)));
  if (isRefusal(bought)) throw new Error(bought.refused);
  await within((em) => reverseSpend(em, bought.transferId, move(40_000)));
  await within((em) => takeBackMoney(em, { ...move(1_003), kind: 'refund', against: 'refunds_payable' }));
  return bought.transferId;
}

async function read(path: string): Promise<string> {
  const answer = await fetch(`${kontor.origin}/api/staff/v1${path}`, { headers: maria.credentials });
  expect(answer.status).toBe(200);
  return answer.text();
}

describe('the books as staff read them', () => {
  test('B1: all accounts of a currency add up to zero; an account has a balance after each entry', async () => {
    const { items } = (await maria.get('/ledger/totals')).body;
    const sums = items.map((each: { balance: { amountMinor: number } }) => each.balance.amountMinor);
    expect(sums.length).toBeGreaterThan(4);
    expect(sums.reduce((sum: number, one: number) => sum + one, 0)).toBe(0);
    const accounts = (await maria.get(`/ledger-accounts?customer=${anna.accountId}`)).body.items;
    expect(accounts.map(({ id }: { id: string }) => id)).toEqual([`bonus:${anna.accountId}`, `paid:${anna.accountId}`]);
    const first = (await maria.get(`/ledger-accounts/paid:${anna.accountId}/entries?limit=2`)).body;
    const rest = (await maria.get(`/ledger-accounts/paid:${anna.accountId}/entries?cursor=${first.nextCursor}`)).body;
    const entries = [...first.items, ...rest.items].toReversed();
    expect(entries.map(({ version }: { version: number }) => version)).toEqual([1, 2, 3, 4]);
    let balance = 0;
    for (const { amount, balanceAfter } of entries) expect((balance += amount.amountMinor)).toBe(balanceAfter.amountMinor);
    expect(first.account.balance.amountMinor).toBe(balance);
    expect((await maria.get('/ledger-accounts?kind=revenue&used=true')).body.items.length).toBeGreaterThan(0);
  });

  test('B1: a transfer shows all that it moved, what it is about and what took it back', async () => {
    const transfer = (await maria.get(`/ledger/transfers/${purchase}`)).body;
    expect(transfer).toMatchObject({
      kind: 'purchase',
      by: 'provider',
      about: { order: 'ord_1' },
      reversedBy: expect.stringMatching(/^trf_/u),
    });
    expect(transfer.entries).toHaveLength(3);
    expect((await maria.get('/ledger/transfers/trf_none')).body.error.code).toBe('ledger.transfer_not_found');
    expect((await maria.get('/ledger-accounts/paid:acc_none/entries')).body.error.code).toBe('ledger.account_not_found');
  });

  test('I8: an agent of support reads no books', async () => {
    const agent = await kontor.people.staff({ role: 'support' });
    for (const path of ['/ledger/totals', '/ledger-accounts', '/ledger/export']) expect((await agent.get(path)).status).toBe(403);
  });
});

describe('the journal', () => {
  test('B1: every transaction adds up to zero, each balance that is asserted is the sum before it, and nobody is named', async () => {
    const journal = await read('/ledger/export');
    const balances = new Map<string, bigint>();
    let transactions = 0;
    for (const block of journal.split('\n\n').filter((part) => /^\d{4}-/u.test(part))) {
      transactions += 1;
      let sum = 0n;
      for (const [, account, amount, , after] of block.matchAll(/^ {4}([a-z]\S*) {2}(-?[\d.]+) ([A-Z]{3})(?: = (-?[\d.]+) RUB)?$/gmu)) {
        const minor = BigInt(amount!.replace('.', ''));
        sum += minor;
        balances.set(account!, (balances.get(account!) ?? 0n) + minor);
        if (after !== undefined) expect(balances.get(account!)).toBe(BigInt(after.replace('.', '')));
      }
      expect(sum, block).toBe(0n);
    }
    const [{ n } = { n: '' }] = await kontor.db.query<{ n: string }>('select count(*) as n from ledger_transfer');
    expect(String(transactions)).toBe(n);
    expect(balances.get(`liabilities:customers:${anna.accountId}:paid`)).toBe(-BigInt(150_005 - 95_001 + 40_000 - 1_003));
    expect(journal).not.toContain('Vega');
    expect(journal).not.toContain('Anna');
  });

  // An independent program, where it is installed; the check above is made everywhere.
  test.runIf(spawnSync('hledger', ['--version']).status === 0)('B1: hledger reads and balances it', async () => {
    const file = join(folder, 'books.journal');
    writeFileSync(file, await read('/ledger/export'));
    execFileSync('hledger', ['-f', file, 'check']);
    const totals = execFileSync('hledger', ['-f', file, 'bal', '--depth', '1', '--format', '%(total) %(account)'], { encoding: 'utf8' });
    expect(totals).toMatch(/3000\.10 RUB assets/u);
    expect(totals.trim().split('\n').at(-1)!.trim()).toBe('0');
  });
});

describe('the verifier', () => {
  const program = fileURLToPath(new URL('../../db/verify-ledger.ts', import.meta.url));
  const verify = (args: string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    return { status, said: `${stdout}${stderr}` };
  };

  test('M10: a statement is proven offline; one changed byte of it is found, and the line named', async () => {
    const statement = await read(`/ledger-accounts/paid:${anna.accountId}/statement`);
    const file = join(folder, 'statement.jsonl');
    writeFileSync(file, statement);
    expect(verify([file])).toMatchObject({ status: 0, said: expect.stringContaining('4 entries follow from each other') });
    const lines = statement.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    for (const [from, to] of [
      ['"amountMinor":40000', '"amountMinor":40001'],
      ['"kind":"reversal"', '"kind":"reversam"'],
      ['ord_1', 'ord_2'],
      ['"by":"provider"', '"by":"providez"'],
    ] as const) {
      writeFileSync(file, lines.with(3, lines[3]!.replace(from, to)).join('\n'));
      expect(verify([file]), from).toMatchObject({ status: 1, said: expect.stringContaining('Line 4 is wrong: entry 3') });
    }
    writeFileSync(file, lines.toSpliced(2, 1).join('\n'));
    expect(verify([file])).toMatchObject({ status: 1, said: expect.stringContaining('its number is not the next one') });
    expect(verify([join(folder, 'none')]).status).toBe(2);
  });

  test('M10: the whole database is proven; one byte changed behind the guards is found, and the entry named', async () => {
    const env = { KONTOR_DATABASE_URL: kontor.db.appUrl };
    expect(verify([], env)).toMatchObject({ status: 0, said: expect.stringContaining('all is right') });
    await kontor.db.query('alter table ledger_transfer disable trigger user');
    await kontor.db.query(`update ledger_transfer set about = '{"order":"ord_2"}' where id = $1`, [purchase]);
    await kontor.db.query('alter table ledger_transfer enable trigger user');
    const found = verify([], env);
    expect(found.status).toBe(1);
    expect(found.said).toMatch(new RegExp(`^ledger-account:paid:acc_\\w+, entry 2 \\(${purchase}\\): it is not what was hashed`, 'mu'));
  });
});

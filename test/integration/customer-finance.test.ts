/** A customer's finances over the API (SPEC B3, B5, B6): balance, operations, statements, credit with a term, and what staff set. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditMoney, grantBonus, reverseSpend, spendMoney } from '../../db/repositories/money.ts';
import { takeTimedStep } from '../../db/repositories/timed-steps.ts';
import { isRefusal } from '../../domain/errors.ts';
import { spellMoney } from '../../domain/money.ts';
import { monthAfter, monthOf } from '../../domain/statement.ts';
import type { ApiAnswer } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestStaff } from '../harness/people.ts';

let kontor: Kontor;
let clerk: TestStaff;
const world = { removeFile: async () => undefined };

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  clerk = await kontor.people.staff({ role: 'billing' });
});
afterAll(() => kontor?.stop());

const codeOf = (answer: ApiAnswer) => [answer.status, answer.body.error?.code];
const inOne = async <Done>(work: (em: EntityManager) => Promise<Done>) => kontor.database.fork().transactional(work);
const rub = (amountMinor: number) => ({ amountMinor, currency: 'RUB' });

let next = 0;
const now = new Date();
const movement = (accountId: string, amountMinor: number, at = now, about: Record<string, string> = {}) => ({
  accountId,
  amountMinor,
  key: `finance:${(next += 1)}`,
  at,
  by: 'time',
  about,
});
const topUp = async (accountId: string, amountMinor: number, at = now) =>
  inOne((em) => creditMoney(em, { ...movement(accountId, amountMinor, at, { payment: 'pay_1' }), kind: 'top_up', against: 'clearing' }));
const bonus = async (accountId: string, amountMinor: number, at = now) =>
  inOne((em) => grantBonus(em, movement(accountId, amountMinor, at)));
const spend = async (accountId: string, amountMinor: number, at = now) =>
  inOne((em) => spendMoney(em, movement(accountId, amountMinor, at)));
async function spent(accountId: string, amountMinor: number, at = now): Promise<string> {
  const posted = await spend(accountId, amountMinor, at);
  if (isRefusal(posted)) throw new Error(posted.refused);
  return posted.transferId;
}
const limit = async (accountId: string, amountMinor: number, termDays: number | null = null, headers: Record<string, string> = {}) =>
  clerk.put(`/customers/${accountId}/credit-limit`, { limit: rub(amountMinor), termDays }, headers);
const day = 86_400_000;
const inDays = (days: number, from = now) => new Date(from.getTime() + days * day);

describe('the balance', () => {
  test('B3: shows balance, limit, what is used and what is available, and what nobody else may read', async () => {
    const anna = await kontor.people.customer();
    await topUp(anna.accountId, 100_000);
    await bonus(anna.accountId, 5_000);
    expect((await limit(anna.accountId, 50_000)).status).toBe(200);
    expect((await anna.get('/balance')).body).toMatchObject({
      balance: rub(105_000),
      bonus: rub(5_000),
      creditLimit: rub(50_000),
      used: rub(0),
      available: rub(155_000),
      overdue: rub(0),
      discountPercent: 0,
      frozen: null,
    });
    await spent(anna.accountId, 130_000);
    expect((await anna.get('/balance')).body).toMatchObject({
      balance: rub(-25_000),
      bonus: rub(0),
      used: rub(25_000),
      available: rub(25_000),
    });
    const technical = await kontor.people.customer({ account: { id: anna.accountId, role: 'technical' } });
    for (const path of ['/balance', '/operations', '/statements', `/statements/${monthOf(now)}`])
      expect(codeOf(await technical.get(path))).toEqual([403, 'auth.not_permitted']);
  });

  test('B3: a limit below what is used takes nothing back, and lets nothing more be bought on credit', async () => {
    const anna = await kontor.people.customer();
    await limit(anna.accountId, 50_000);
    await spent(anna.accountId, 40_000);
    expect((await limit(anna.accountId, 10_000)).body).toMatchObject({ used: rub(40_000), available: rub(0), creditLimit: rub(10_000) });
    expect(await spend(anna.accountId, 1)).toMatchObject({ refused: 'balance.insufficient' });
    await topUp(anna.accountId, 35_000);
    expect((await anna.get('/balance')).body).toMatchObject({ used: rub(5_000), available: rub(5_000) });
  });

  test('B5: the discount stands on the account and on the balance', async () => {
    const anna = await kontor.people.customer();
    expect((await clerk.put(`/customers/${anna.accountId}/discount`, { percent: 12.5 })).body.discountPercent).toBe(12.5);
    expect((await anna.get('/account')).body.discountPercent).toBe(12.5);
    expect((await anna.get('/balance')).body.discountPercent).toBe(12.5);
    for (const percent of [-1, 100.01, 0.001, '10'])
      expect(codeOf(await clerk.put(`/customers/${anna.accountId}/discount`, { percent }))).toEqual([400, 'request.invalid']);
  });
});

describe('operations', () => {
  test('B6: a spend of bonus and paid money is one operation; each says what the balance was after it, whatever the page', async () => {
    const anna = await kontor.people.customer();
    await topUp(anna.accountId, 100_000);
    await bonus(anna.accountId, 5_000);
    const bought = await spent(anna.accountId, 30_000);
    await inOne((em) => reverseSpend(em, bought, movement(anna.accountId, 30_000)));
    await bonus(anna.accountId, 1);
    const whole = (await anna.get('/operations')).body.items;
    expect(whole.map((one: any) => [one.kind, one.amount.amountMinor, one.bonus.amountMinor, one.balanceAfter.amountMinor])).toEqual([
      ['bonus', 1, 1, 105_001],
      ['reversal', 30_000, 5_000, 105_000],
      ['purchase', -30_000, -5_000, 75_000],
      ['bonus', 5_000, 5_000, 105_000],
      ['top_up', 100_000, 0, 100_000],
    ]);
    const paged: unknown[] = [];
    for (let cursor = ''; ;) {
      const page = (await anna.get(`/operations?limit=2${cursor && `&cursor=${cursor}`}`)).body;
      paged.push(...page.items);
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole);
    const some = (await anna.get('/operations?kind=bonus,top_up&limit=2')).body;
    expect(some.items.map((one: any) => one.balanceAfter.amountMinor)).toEqual([105_001, 105_000]);
    expect(some.nextCursor).not.toBeNull();
    const tomorrow = inDays(2).toISOString().slice(0, 10);
    expect((await anna.get(`/operations?from=${tomorrow}`)).body.items).toEqual([]);
    expect((await anna.get(`/operations?to=${tomorrow}`)).body.items).toHaveLength(5);
    expect(codeOf(await anna.get('/operations?kind=fee'))).toEqual([400, 'request.invalid']);
    expect(codeOf(await anna.get('/operations?cursor=x'))).toEqual([400, 'request.cursor_invalid']);
    const stranger = await kontor.people.customer();
    expect((await stranger.get('/operations')).body.items).toEqual([]);
    expect((await clerk.get(`/customers/${anna.accountId}/operations`)).body.items).toEqual(whole);
  });

  test('B6: as a table it has all of them, numbers stay numbers, and no cell is run by a spreadsheet', async () => {
    const anna = await kontor.people.customer();
    await topUp(anna.accountId, 5_000_000);
    const orderId = await orderOf(anna.accountId, '=HYPERLINK("https://evil.example")');
    await inOne((em) => spendMoney(em, { ...movement(anna.accountId, 12_345), about: { order: orderId } }));
    for (let count = 0; count < 1_100; count += 1) await spent(anna.accountId, 100);
    const answer = await fetch(`${kontor.origin}/api/v1/operations?zone=Europe/Moscow`, {
      headers: { ...anna.credentials, accept: 'text/csv', 'accept-language': 'ru' },
    });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 1 + 1 + 1_100);
    expect(lines[0]).toMatch(/^Date and time|^Дата и время/);
    const evil = lines.find((line) => line.includes('HYPERLINK'))!;
    expect(evil).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
    expect(evil).toContain(',-123.45,');
    expect(lines[1]).toContain(',-1.00,');
    expect(lines.at(-1)).toContain(',50000.00,');
  });
});

/** An order of one line, as a purchase names it. */
async function orderOf(accountId: string, description: string): Promise<string> {
  const id = `ord_${String((next += 1)).padStart(26, '0')}`;
  await kontor.db.query(
    `insert into sales_order (id, account_id, state, currency, list_minor, discount_minor, tax_on_top_minor, total_minor, placed_at)
      values ($1, $2, 'open', 'RUB', 12345, 0, 0, 12345, now())`,
    [id, accountId],
  );
  await kontor.db.query(
    `insert into order_line (order_id, position, fulfilment, about, description, list_minor, discount_minor, price_minor, tax_category, tax_rate_bp, tax_inside, tax_minor)
      values ($1, 1, 'quote', 'quo_none', $2, 12345, 0, 12345, 'services', null, true, 0)`,
    [id, description],
  );
  return id;
}

describe('statements', () => {
  test('B6, M10: a month begins where the one before ended, adds up, and says where the chains stand', async () => {
    const anna = await kontor.people.customer();
    const running = monthOf(now);
    const [before, first] = [monthAfter(running, -1), monthAfter(running, -2)];
    // Two minutes before the month in Moscow began.
    await topUp(anna.accountId, 70_000, new Date(new Date(`${before}-01T00:00:00+03:00`).getTime() - 120_000));
    await bonus(anna.accountId, 1_000, new Date(`${before}-01T00:00:00+03:00`));
    await spent(anna.accountId, 20_500, new Date(`${before}-15T12:00:00+03:00`));
    await topUp(anna.accountId, 500);
    const list = (await anna.get('/statements')).body;
    expect(
      list.items.map((one: any) => [one.month, one.opening.amountMinor, one.closing.amountMinor, one.operations, one.running]),
    ).toEqual([
      [running, 50_500, 51_000, 1, true],
      [before, 70_000, 50_500, 2, false],
      [first, 0, 70_000, 1, false],
    ]);
    const page = (await anna.get('/statements?limit=2')).body;
    expect((await anna.get(`/statements?limit=2&cursor=${page.nextCursor}`)).body).toMatchObject({
      items: [{ month: first }],
      nextCursor: null,
    });
    const statement = (await anna.get(`/statements/${before}`)).body;
    expect(statement).toMatchObject({
      zone: 'Europe/Moscow',
      running: false,
      opening: rub(70_000),
      closing: rub(50_500),
      operationsLeftOff: 0,
    });
    expect(statement.operations.map((one: any) => [one.kind, one.balanceAfter.amountMinor])).toEqual([
      ['bonus', 71_000],
      ['purchase', 50_500],
    ]);
    expect(statement.totals.map((one: any) => [one.kind, one.count, one.amount.amountMinor])).toEqual([
      ['bonus', 1, 1_000],
      ['purchase', 1, -20_500],
    ]);
    const [paid] = await kontor.db.query<{ hash: string }>(
      `select encode(hash, 'hex') as hash from ledger_entry where ledger_account_id = 'paid:' || $1 and version = 2`,
      [anna.accountId],
    );
    expect(statement.books[0]).toMatchObject({
      book: `paid:${anna.accountId}`,
      before: { version: 1 },
      after: { version: 2, hash: paid!.hash },
    });
    expect((await clerk.get(`/customers/${anna.accountId}/statements/${before}`)).body.closing).toEqual(rub(50_500));
    for (const month of [monthAfter(running, 1), '2026-13', 'now', '0000-01', '2026-1'])
      expect(codeOf(await anna.get(`/statements/${month}`))).toEqual([404, 'statement.not_yet']);
  });

  test('B6: as PDF it is a document with its font in it, also when there is nothing to tell', async () => {
    const anna = await kontor.people.customer();
    for (const what of ['empty', 'some']) {
      if (what === 'some') await topUp(anna.accountId, 70_000);
      const answer = await fetch(`${kontor.origin}/api/v1/statements/${monthOf(now)}`, {
        headers: { ...anna.credentials, accept: 'application/pdf' },
      });
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
      expect(bytes.toString('latin1')).toContain('+Roboto-Regular');
    }
  });

  test('N2: each month those who pay are told once of a statement, where anything happened', async () => {
    const [anna, boris] = [await kontor.people.customer(), await kontor.people.customer()];
    await topUp(anna.accountId, 70_000, new Date('2031-05-10T00:00:00Z'));
    await topUp(boris.accountId, 70_000, new Date('2031-06-10T00:00:00Z'));
    const at = new Date('2031-06-01T06:00:00Z');
    // Before them in order, so many of whom there is nothing to tell that no step could look at all of them at once.
    await kontor.db.query(
      `insert into account select (jsonb_populate_record(a, jsonb_build_object('id', 'acc_0000000000000000000000' || lpad(n::text, 4, '0')))).*
        from account a, generate_series(1, 1200) n where a.id = $1`,
      [anna.accountId],
    );
    // The standard promise, which test databases begin without.
    await kontor.db.query(
      `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision)
        values ('obl_00000000000000000000000b01', 'statements:monthly', null, 'send_statements', $1, 'of 2031-05', 0)`,
      [at],
    );
    const take = async () => {
      const [step] = await kontor.db.query<{ id: string }>(`select id from obligation where entity = 'statements:monthly'`);
      await takeTimedStep(kontor.database, { now: () => at }, world, 'statements:monthly', step!.id);
    };
    await take();
    const [looked] = await kontor.db.query<{ rule: string }>(`select rule from obligation where entity = 'statements:monthly'`);
    expect(looked!.rule).toBe('of 2031-05 after acc_00000000000000000000001000');
    for (let turn = 0; turn < 3; turn += 1) await take();
    const told = async (accountId: string) =>
      kontor.db.query<{ event_key: string }>(`select event_key from notification where account_id = $1 and event = 'statement.ready'`, [
        accountId,
      ]);
    expect(await told(anna.accountId)).toEqual([{ event_key: `statement.ready:${anna.accountId}:2031-05` }]);
    expect(await told(boris.accountId)).toEqual([]);
    const [planned] = await kontor.db.query<{ rule: string; due_at: Date }>(
      `select rule, due_at from obligation where entity = 'statements:monthly'`,
    );
    expect([planned!.rule, new Date(planned!.due_at).toISOString()]).toEqual(['of 2031-06', '2031-07-01T06:00:00.000Z']);
  });
});

describe('credit with a term', () => {
  const stepOf = async (accountId: string) => {
    const [step] = await kontor.db.query<{ id: string; due_at: Date; amount_minor: string }>(
      'select id, due_at, amount_minor from obligation where entity = $1',
      [`credit:${accountId}`],
    );
    return step && { id: step.id, dueAt: new Date(step.due_at), amountMinor: Number(step.amount_minor) };
  };
  const toldOf = async (accountId: string) =>
    (await kontor.db.query<object>(`select 1 from notification where account_id = $1 and event = 'credit.overdue'`, [accountId])).length;

  test('B3: each use has its day, overdue credit stops further use and is told once for each use, and paying ends it', async () => {
    const anna = await kontor.people.customer();
    await limit(anna.accountId, 100_000, 30);
    await spent(anna.accountId, 10_000, now);
    expect(await stepOf(anna.accountId)).toMatchObject({ dueAt: inDays(30), amountMinor: 10_000 });
    // Another term is that of later uses.
    await limit(anna.accountId, 100_000, 10);
    await spent(anna.accountId, 20_000, inDays(5));
    expect(await stepOf(anna.accountId)).toMatchObject({ dueAt: inDays(15), amountMinor: 20_000 });
    const take = async (at: Date) =>
      takeTimedStep(kontor.database, { now: () => at }, world, `credit:${anna.accountId}`, (await stepOf(anna.accountId))!.id);
    await take(inDays(14));
    expect(await toldOf(anna.accountId)).toBe(0);
    expect(await spend(anna.accountId, 1, inDays(14))).toMatchObject({ repeated: false });
    await take(inDays(15));
    expect(await toldOf(anna.accountId)).toBe(1);
    expect(await stepOf(anna.accountId)).toMatchObject({ dueAt: inDays(24), amountMinor: 1 });
    expect(await spend(anna.accountId, 1, inDays(16))).toMatchObject({ refused: 'balance.credit_overdue' });
    // What is repaid first is the oldest use, whose day is later: the other stays overdue.
    await topUp(anna.accountId, 10_000, inDays(16));
    expect(await spend(anna.accountId, 1, inDays(16))).toMatchObject({ refused: 'balance.credit_overdue' });
    await topUp(anna.accountId, 20_000, inDays(17));
    expect(await stepOf(anna.accountId)).toMatchObject({ dueAt: inDays(24), amountMinor: 1 });
    await topUp(anna.accountId, 1, inDays(18));
    expect(await stepOf(anna.accountId)).toBeUndefined();
    expect(await spend(anna.accountId, 1, inDays(19))).toMatchObject({ repeated: false });
    expect(await toldOf(anna.accountId)).toBe(1);
  });

  test('B3: a step that is due and was not taken yet is not lost when a part is repaid meanwhile', async () => {
    const anna = await kontor.people.customer();
    await limit(anna.accountId, 100_000, 1);
    await spent(anna.accountId, 10_000, inDays(-3));
    await topUp(anna.accountId, 4_000, now);
    expect(await stepOf(anna.accountId)).toMatchObject({ dueAt: inDays(-2) });
    await takeTimedStep(kontor.database, { now: () => now }, world, `credit:${anna.accountId}`, (await stepOf(anna.accountId))!.id);
    const [told] = await kontor.db.query<{ facts: any }>(
      `select l.facts from letter l join delivery d on d.id = l.delivery_id join notification n on n.id = d.notification_id
        where n.account_id = $1 and n.event = 'credit.overdue'`,
      [anna.accountId],
    );
    expect(told!.facts.money).toMatchObject({ amount: rub(6_000), balance: rub(-6_000) });
    expect(await stepOf(anna.accountId)).toBeUndefined();
  });

  test('B3: the ageing list says who owes what and since when', async () => {
    const owing = await kontor.people.customer();
    await limit(owing.accountId, 1_000_000, 1);
    for (const [ago, amount] of [
      [200, 1],
      [70, 20],
      [40, 300],
      [5, 4_000],
      [0, 50_000],
    ] as const)
      await kontor.db.query(`update billing set frozen_at = null where account_id = $1`, [owing.accountId]).then(async () =>
        inOne((em) => spendMoney(em, movement(owing.accountId, amount, inDays(-ago)))).then((posted) => {
          // Overdue credit stops the next use, so each is made as though the earlier were not due yet.
          if (isRefusal(posted)) throw new Error(posted.refused);
          return kontor.db.query(`update money_out set due_at = at + interval '400 days' where account_id = $1`, [owing.accountId]);
        }),
      );
    await kontor.db.query(`update money_out set due_at = at + interval '1 day' where account_id = $1`, [owing.accountId]);
    const { items, sums } = (await clerk.get('/credit-ageing')).body;
    expect(items[0]).toMatchObject({
      account: { id: owing.accountId },
      total: rub(54_321),
      notDue: rub(50_000),
      days1to30: rub(4_000),
      days31to60: rub(300),
      days61to90: rub(20),
      daysOver90: rub(1),
    });
    expect(sums).toHaveLength(1);
    const first = (await clerk.get('/credit-ageing?limit=1')).body;
    const second = (await clerk.get(`/credit-ageing?limit=1&cursor=${first.nextCursor}`)).body;
    expect(second.items[0].account.id).toBe(items[1].account.id);
  });
});

describe('what staff set', () => {
  test('B3, I9: a change is made on what was seen, and is in the audit as it was and is', async () => {
    const anna = await kontor.people.customer();
    const seen = await clerk.get(`/customers/${anna.accountId}/finance`);
    const tag = seen.headers.get('etag')!;
    expect((await limit(anna.accountId, 70_000, 30, { 'if-match': tag })).body).toMatchObject({
      creditLimit: rub(70_000),
      creditTermDays: 30,
    });
    expect(codeOf(await limit(anna.accountId, 80_000, null, { 'if-match': tag }))).toEqual([412, 'request.stale']);
    const lines = await kontor.db.query<{ before: object; after: object }>(
      `select before, after from audit_line where object = $1 and action = 'credit_limit.set'`,
      [`account:${anna.accountId}`],
    );
    expect(lines).toEqual([
      {
        before: { creditLimit: spellMoney(rub(0)), creditTermDays: null },
        after: { creditLimit: spellMoney(rub(70_000)), creditTermDays: '30' },
      },
    ]);
    expect(
      codeOf(await clerk.put(`/customers/${anna.accountId}/credit-limit`, { limit: { amountMinor: 1, currency: 'USD' }, termDays: null })),
    ).toEqual([422, 'money.currency_wrong']);
    for (const [amountMinor, termDays] of [
      [-1, null],
      [1.5, null],
      [10_000_000_001, null],
      [1, 0],
      [1, 366],
    ] as const)
      expect(codeOf(await limit(anna.accountId, amountMinor, termDays))).toEqual([400, 'request.invalid']);
    expect((await clerk.put(`/customers/${anna.accountId}/tax-profile`, { kind: 'person', country: 'KZ' })).body.taxProfile).toEqual({
      kind: 'person',
      country: 'KZ',
    });
  });

  test('B7: frozen, nothing is spent, and those who pay are told once; unfrozen, it goes on', async () => {
    const anna = await kontor.people.customer();
    await topUp(anna.accountId, 70_000);
    const frozen = await clerk.post(`/customers/${anna.accountId}/freeze`, { reason: 'Asked by the bank' });
    expect(frozen.body).toMatchObject({ frozen: { why: 'staff' }, freezeNote: 'Asked by the bank', available: rub(0) });
    expect((await clerk.post(`/customers/${anna.accountId}/freeze`, { reason: 'Again' })).body.revision).toBe(frozen.body.revision);
    expect(await spend(anna.accountId, 1)).toMatchObject({ refused: 'balance.frozen' });
    expect(JSON.stringify((await anna.get('/balance')).body)).not.toContain('bank');
    const told = await kontor.db.query<object>(`select 1 from notification where account_id = $1 and event = 'spending.frozen'`, [
      anna.accountId,
    ]);
    expect(told).toHaveLength(1);
    expect((await clerk.post(`/customers/${anna.accountId}/unfreeze`, { reason: 'Cleared' })).body).toMatchObject({
      frozen: null,
      available: rub(70_000),
    });
    expect(await spend(anna.accountId, 1)).toMatchObject({ repeated: false });
  });
});

/** What will happen with money, and reports of what has (SPEC M4, A3): each number is the sum of its rows. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../db/new-id.ts';
import { creditMoney, grantBonus, reverseSpend, spendMoney } from '../../db/repositories/money.ts';
import { isRefusal } from '../../domain/errors.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

const clock = new MovableClock();
let kontor: Kontor;
let anna: TestCustomer;
let boris: TestCustomer;
let maria: TestStaff;

beforeAll(async () => {
  kontor = await startKontor({ clock, promises: false });
  clock.stop();
  [anna, boris] = [await kontor.people.customer(), await kontor.people.customer()];
  maria = await kontor.people.staff({ role: 'billing' });
});
afterAll(() => kontor?.stop());

const inOne = async <Done>(work: (em: EntityManager) => Promise<Done>) => kontor.database.fork().transactional(work);
const hours = (count: number) => new Date(clock.now().getTime() + count * 3_600_000);

async function step(entity: string, kind: string, accountId: string | null, dueAt: Date, amountMinor: number | null): Promise<void> {
  await kontor.db.query(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, amount_minor, planned_at_revision) values ($1, $2, $3, $4, $5, 'test', $6, 0)`,
    [newId('obligation', clock.now()), entity, accountId, kind, dueAt, amountMinor],
  );
}

let next = 0;
const movement = (accountId: string, amountMinor: number) => ({
  accountId,
  amountMinor,
  key: `test:${(next += 1)}`,
  at: clock.now(),
  by: 'time',
  about: { order: 'ord_1' },
});

describe('M4: what will happen with money', () => {
  beforeAll(async () => {
    // What every installation has promised is told of elsewhere.
    await kontor.db.query('delete from obligation');
    await step('payment:pay_1', 'ask', anna.accountId, hours(1), 10_000);
    await step('refund:rfd_1', 'ask', anna.accountId, hours(30), -3_000);
    await step('order:ord_1', 'abandon', anna.accountId, hours(54), 5_000);
    await step('quote:quo_1', 'expire', boris.accountId, hours(80), 7_000);
    await step('credit:whoever', 'credit_due', anna.accountId, hours(2), 1);
    await step('books:nightly', 'audit_books', null, hours(20), null);
    await step('file:fil_1', 'purge', anna.accountId, hours(3), null);
    const approval = newId('approval', clock.now());
    await kontor.db.query(
      `insert into money_approval (id, account_id, kind, about, amount_minor, currency, reason, state, asked_by_id, asked_for_at, lapses_at)
        values ($1, $2, 'refund', 'refund:rfd_2', 4000, 'RUB', 'r', 'waiting', $3, $4, $5)`,
      [approval, anna.accountId, maria.id, clock.now(), hours(168)],
    );
    await step(`approval:${approval}`, 'lapse', anna.accountId, hours(168), 4_000);
    // Credit is told of by its uses, each on its own day.
    await kontor.db.query('update billing set credit_limit_minor = 100000, credit_term_days = 10 where account_id = $1', [boris.accountId]);
    await inOne((em) => spendMoney(em, movement(boris.accountId, 2_500)));
  });

  test('M4: staff read all of it, the next first, narrowed by what, which way, whose and when', async () => {
    const { items } = (await maria.get('/obligations?money=true')).body;
    expect(
      items.map((each: { what: string; flow: string; amount: { amountMinor: number } | null; certain: boolean }) => [
        each.what,
        each.flow,
        each.amount?.amountMinor ?? null,
        each.certain,
      ]),
    ).toEqual([
      ['payment', 'in', 10_000, false],
      ['books', 'none', null, false],
      ['refund', 'out', 3_000, true],
      ['order', 'in', 5_000, false],
      ['quote', 'in', 7_000, false],
      ['approval', 'out', 4_000, false],
      ['credit', 'in', 2_500, true],
    ]);
    const what = async (query: string) =>
      (await maria.get(`/obligations?money=true&${query}`)).body.items.map((each: { what: string }) => each.what);
    expect(await what('what=refund')).toEqual(['refund']);
    expect(await what('flow=out')).toEqual(['refund', 'approval']);
    expect(await what(`account=${boris.accountId}`)).toEqual(['quote', 'credit']);
    expect(await what(`from=${hours(24).toISOString()}&to=${hours(72).toISOString()}`)).toEqual(['refund', 'order']);
    const all = (await maria.get('/obligations')).body.items.map((each: { what: string }) => each.what);
    expect(all).toContain('file');
  });

  test('M4: a quote that is ordered and not paid yet is no second sum', async () => {
    const flows = async () =>
      (await maria.get(`/obligations?money=true&account=${boris.accountId}`)).body.items.map((each: { what: string; flow: string }) => [
        each.what,
        each.flow,
      ]);
    await kontor.db.query(
      `insert into sales_order (id, account_id, state, currency, list_minor, discount_minor, tax_on_top_minor, total_minor, placed_by_id, placed_at)
        values ('ord_2', $1, 'open', 'RUB', 7000, 0, 0, 7000, $2, $3)`,
      [boris.accountId, boris.id, clock.now()],
    );
    await kontor.db.query(
      `insert into order_line (order_id, position, fulfilment, about, description, list_minor, discount_minor, price_minor, tax_category, tax_inside, tax_minor)
        values ('ord_2', 1, 'quote', 'quo_1', 'd', 7000, 0, 7000, 'paid_work', true, 0)`,
    );
    expect(await flows()).toContainEqual(['quote', 'none']);
    // Given up, it may be ordered again.
    await kontor.db.query(`update sales_order set state = 'abandoned', settled_at = $1 where id = 'ord_2'`, [clock.now()]);
    expect(await flows()).toContainEqual(['quote', 'in']);
  });

  test('M4: it is read on page by page, and nothing twice', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } = (
        await maria.get(`/obligations?money=true&limit=2${cursor ? `&cursor=${cursor}` : ''}`)
      ).body;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(7);
  });

  test('M4: a customer reads his own, from his side, and nothing of what staff decide among themselves', async () => {
    const { items } = (await anna.get('/obligations')).body;
    expect(items.map((each: { what: string; flow: string }) => [each.what, each.flow])).toEqual([
      ['payment', 'out'],
      ['refund', 'in'],
      ['order', 'out'],
    ]);
    expect(JSON.stringify(items)).not.toContain(boris.accountId);
    const technician = await kontor.people.customer({ account: { id: anna.accountId, role: 'technical' } });
    expect((await technician.get('/obligations')).status).toBe(403);
  });

  test('M4: the forecast is the sum of the list, by day, what is owed apart', async () => {
    const { currencies } = (await maria.get('/cash-forecast?days=20&zone=UTC')).body;
    const [roubles] = currencies;
    expect(roubles.currency).toBe('RUB');
    expect(roubles.days).toHaveLength(20);
    expect(roubles.total).toEqual({ inCertainMinor: 2_500, inPossibleMinor: 22_000, outCertainMinor: 3_000, outPossibleMinor: 4_000 });
    const due = roubles.days.find(({ day }: { day: string }) => day === hours(30).toISOString().slice(0, 10));
    expect(due.outCertainMinor).toBe(3_000);
    const week = (await maria.get('/cash-forecast?days=5&zone=UTC')).body.currencies[0];
    expect(week.later).toMatchObject({ inCertainMinor: 2_500, outPossibleMinor: 4_000 });
    expect((await maria.get('/cash-forecast?days=367')).status).toBe(400);
  });

  test('M4: a payment that is under way for an order is one sum, not two', async () => {
    const [before] = (await maria.get('/cash-forecast?zone=UTC')).body.currencies;
    const id = newId('order', clock.now());
    await kontor.db.query(
      `insert into sales_order (id, account_id, state, currency, list_minor, discount_minor, tax_on_top_minor, total_minor, placed_at)
        values ($1, $2, 'open', 'RUB', 900, 0, 0, 900, $3)`,
      [id, anna.accountId, clock.now()],
    );
    await step(`order:${id}`, 'abandon', anna.accountId, hours(10), 900);
    const payment = newId('payment', clock.now());
    await kontor.db.query(
      `insert into payment (id, account_id, order_id, amount_minor, currency, state, provider, return_url, begun_by_id, begun_at)
        values ($1, $2, $3, 900, 'RUB', 'pending', 'yookassa', 'https://kontor.example/', $4, $5)`,
      [payment, anna.accountId, id, anna.id, clock.now()],
    );
    await step(`payment:${payment}`, 'ask', anna.accountId, hours(1), 900);
    const [after] = (await maria.get('/cash-forecast?zone=UTC')).body.currencies;
    expect(after.total.inPossibleMinor - before.total.inPossibleMinor).toBe(900);
  });
});

describe('A3: reports of money', () => {
  beforeAll(async () => {
    clock.move(3 * 86_400);
    maria = await kontor.people.staff({ role: 'billing' });
  });

  const day = () => clock.now().toISOString().slice(0, 10);

  test('A3, B1: revenue is what the ledger earned, less what was taken back, on the day of each', async () => {
    await inOne((em) => creditMoney(em, { ...movement(anna.accountId, 50_000), kind: 'top_up', against: 'clearing' }));
    await inOne((em) => grantBonus(em, movement(anna.accountId, 1_000)));
    const spent = await inOne((em) => spendMoney(em, movement(anna.accountId, 12_000)));
    if (isRefusal(spent)) throw new Error(spent.refused);
    const first = day();
    clock.move(86_400);
    maria = await kontor.people.staff({ role: 'billing' });
    await inOne((em) => reverseSpend(em, spent.transferId, movement(anna.accountId, 4_000)));
    const { total, parts } = (await maria.get(`/finance-reports/revenue?from=${first}&to=${day()}&zone=UTC`)).body;
    expect(total).toEqual({ sales: 1, soldMinor: 12_000, takenBack: 1, takenBackMinor: 4_000, netMinor: 8_000 });
    expect(parts.map((part: { from: string; netMinor: number }) => [part.from, part.netMinor])).toEqual([
      [first, 12_000],
      [day(), -4_000],
    ]);
    const own = (await maria.get(`/finance-reports/revenue?from=${first}&to=${day()}&zone=UTC&account=${anna.accountId}`)).body;
    expect(own.total).toEqual(total);
    const other = (await maria.get(`/finance-reports/revenue?from=${first}&to=${day()}&zone=UTC&account=${boris.accountId}`)).body;
    expect(other.total.netMinor).toBe(0);
    const month = (await maria.get(`/finance-reports/revenue?from=${first}&to=${day()}&zone=UTC&currency=USD`)).body;
    expect(month.total.soldMinor).toBe(0);
  });

  test('A3, B2: payments by how they came out, why they failed and how long they took; the table says the same', async () => {
    const from = day();
    const paid = async (state: string, seconds: number | null, reason: string | null, fee: number | null) => {
      const at = clock.now();
      const id = newId('payment', at);
      const posted =
        state === 'succeeded'
          ? await inOne((em) =>
              creditMoney(em, { ...movement(anna.accountId, 10_000), kind: 'top_up', against: 'clearing', paymentId: id }),
            )
          : undefined;
      await kontor.db.query(
        `insert into payment (id, account_id, amount_minor, currency, state, provider, return_url, begun_by_id, begun_at, transfer_id, settled_at, cancelled_for, fee_minor)
          values ($1, $2, 10000, 'RUB', $3, 'yookassa', 'https://kontor.example/', $4, $5, $6, $7, $8, $9)`,
        [
          id,
          anna.accountId,
          state,
          anna.id,
          at,
          posted?.transferId ?? null,
          seconds === null ? null : new Date(at.getTime() + seconds * 1000),
          reason,
          fee,
        ],
      );
    };
    for (const seconds of [3, 5, 60]) await paid('succeeded', seconds, null, 350);
    await paid('canceled', 100, 'insufficient_funds', null);
    await paid('canceled', 100, 'insufficient_funds', null);
    await paid('canceled', 100, null, null);
    await paid('lapsed', null, null, null);
    await paid('pending', null, null, null);
    const path = `/finance-reports/payments?from=${from}&to=${from}&zone=UTC`;
    const report = (await maria.get(path)).body;
    expect(report.total).toMatchObject({
      made: 8,
      madeMinor: 80_000,
      succeeded: 3,
      succeededMinor: 30_000,
      failed: 3,
      lapsed: 1,
      waiting: 1,
      feesMinor: 1_050,
    });
    expect(report.total.share).toBeCloseTo(3 / 7);
    expect(report.failures).toEqual([
      { reason: 'insufficient_funds', party: null, count: 2, amountMinor: 20_000 },
      { reason: null, party: null, count: 1, amountMinor: 10_000 },
    ]);
    expect(report.settling).toEqual({ medianSeconds: 5, p90Seconds: 60, p99Seconds: 60 });
    const table = await fetch(`${kontor.origin}/api/staff/v1${path}`, { headers: { ...maria.credentials, accept: 'text/csv' } });
    expect(table.headers.get('content-type')).toContain('text/csv');
    const [head, row] = (await table.text()).split('\n');
    expect(head).toContain('Sum succeeded');
    expect(row).toContain(`${from},${from},RUB,8,800.00,3,300.00`);
  });

  test('A3: only those who keep the books read the reports; what needs a person everybody on the staff', async () => {
    const agent = await kontor.people.staff({ role: 'support' });
    for (const report of ['revenue', 'payments', 'refunds']) expect((await agent.get(`/finance-reports/${report}`)).status).toBe(403);
    await kontor.db.query(`update billing set frozen_at = now(), frozen_for = 'staff' where account_id = $1`, [boris.accountId]);
    const needs = (await agent.get('/money-needs')).body;
    expect(needs).toMatchObject({ approvals: 1, approvalsMinor: 4_000, frozenAccounts: 1, failedAudits: 0, cases: 0, overdueAccounts: 0 });
    clock.move(10 * 86_400);
    const later = await kontor.people.staff({ role: 'billing' });
    expect((await later.get('/money-needs')).body).toMatchObject({ overdueAccounts: 1, overdueMinor: 2_500 });
    expect((await later.get('/finance-reports/refunds')).body.total).toMatchObject({ made: 0, madeMinor: 0 });
    const days = `from=${hours(-24).toISOString()}&to=${hours(24).toISOString()}`;
    expect((await later.get(`/refunds?${days}&state=succeeded`)).body.items).toEqual([]);
    expect((await later.get(`/payments?${days}&state=canceled`)).status).toBe(200);
    const settled = days.replace('from=', 'settledFrom=').replace('to=', 'settledTo=');
    expect((await later.get(`/orders?${settled}&state=paid`)).body.items).toEqual([]);
  });
});

/** The audit of the books against a real simulator (SPEC B1, B10): each way in which the two sides may differ is found, once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../db/new-id.ts';
import { beginBooksAudit, lockAudit, noteAway, readAuditFacts } from '../../db/repositories/books-audits.ts';
import { creditMoney } from '../../db/repositories/money.ts';
import { takeTimedStep } from '../../db/repositories/timed-steps.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

const clock = new MovableClock();
let kontor: Kontor;
let anna: TestCustomer;
let maria: TestStaff;

beforeAll(async () => {
  kontor = await startKontor({ clock });
  kontor.simulator.notifyAt(undefined);
  anna = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'billing' });
});
afterAll(() => kontor?.stop());

const inOne = async <Done>(work: (em: EntityManager) => Promise<Done>) => kontor.database.fork().transactional(work);

interface Made {
  readonly id: string;
  readonly there: string;
}

/** A payment that was asked for at the provider, and paid there unless it is said otherwise. */
async function payment(here: { state: 'pending' | 'succeeded' | 'lapsed'; amountMinor?: number }, paid = true): Promise<Made> {
  const id = newId('payment', clock.now());
  const answer = await kontor.provider.createPayment({
    paymentId: id,
    key: randomUUID(),
    amountMinor: 10_000,
    currency: 'RUB',
    returnUrl: 'https://kontor.example/',
    description: 'top-up',
  });
  if (answer.kind !== 'answer') throw new Error(answer.kind);
  const there = answer.found.id;
  if (paid) await kontor.simulator.pay(there);
  await ours(id, there, here);
  return { id, there };
}

/** Our row of it, credited where it succeeded. */
async function ours(
  id: string,
  there: string,
  { state, amountMinor = 10_000 }: { state: 'pending' | 'succeeded' | 'lapsed'; amountMinor?: number },
): Promise<void> {
  const at = clock.now();
  await inOne(async (em) => {
    const movement = { accountId: anna.accountId, amountMinor, key: `payment:${id}`, at, by: 'provider', about: { payment: id } };
    const posted =
      state === 'succeeded' ? await creditMoney(em, { ...movement, kind: 'top_up', against: 'clearing', paymentId: id }) : undefined;
    await em.execute(
      `insert into payment (id, account_id, amount_minor, currency, state, provider, provider_id, return_url, begun_by_id, begun_at, transfer_id, settled_at)
        values (?, ?, ?, 'RUB', ?, 'yookassa', ?, 'https://kontor.example/', ?, ?, ?, ?)`,
      [id, anna.accountId, amountMinor, state, there, anna.id, at, posted?.transferId ?? null, posted ? at : null],
    );
  });
}

/** Time goes by, and with it the session of whoever sat there. */
async function later(hours: number): Promise<void> {
  clock.move(hours * 3600);
  maria = await kontor.people.staff({ role: 'billing' });
}

async function audit(): Promise<
  { id: string; state: string; cases: { kind: string; about: string; detail: Record<string, string> }[] } & Record<string, unknown>
> {
  const { status, body } = await maria.post('/books-audits', {});
  expect(status).toBe(201);
  return until('the audit has ended', async () => {
    const read = (await maria.get(`/books-audits/${body.id}`)).body;
    return read.state === 'running' ? undefined : read;
  });
}

const kinds = (found: { cases: { kind: string; about: string }[] }) => found.cases.map(({ kind, about }) => `${kind} ${about}`).toSorted();

describe('B10: the provider’s list against ours', () => {
  test('B10: what agrees is no case; the fees of the period are summed', async () => {
    const good = await payment({ state: 'succeeded' });
    const waiting = await payment({ state: 'pending' }, false);
    const done = await audit();
    expect(done).toMatchObject({ state: 'done', stage: 'over', findings: 0, cases: [], awaySince: null, refundsCompared: 0 });
    expect(done['paymentsCompared']).toBe(2);
    expect(done['accountsChecked']).toBeGreaterThan(0);
    const there = await kontor.provider.readPayment(good.there);
    const income = there.kind === 'answer' ? there.found.incomeMinor : null;
    expect(done['feesMinor']).toBe(10_000 - (income ?? 10_000));
    expect(waiting.id).not.toBe(good.id);
  });

  test('B10: each difference is one case, in both directions, and nothing is corrected', async () => {
    const notCredited = await payment({ state: 'pending' });
    const givenUp = await payment({ state: 'lapsed' });
    const notPaid = await payment({ state: 'succeeded' }, false);
    const differs = await payment({ state: 'succeeded', amountMinor: 9_900 });
    const missing = newId('payment', clock.now());
    await ours(missing, randomUUID(), { state: 'succeeded' });
    const foreign = await kontor.provider.createPayment({
      paymentId: newId('payment', clock.now()),
      key: randomUUID(),
      amountMinor: 5_000,
      currency: 'RUB',
      returnUrl: 'https://kontor.example/',
      description: 'another program',
    });
    if (foreign.kind !== 'answer') throw new Error(foreign.kind);
    await kontor.simulator.pay(foreign.found.id);
    const before = await kontor.db.query('select count(*) from ledger_entry');

    const early = await audit();
    // A moment after it was paid, nobody need be told that it is not credited yet.
    expect(kinds(early)).not.toContain(`books.payment_not_credited payment:${notCredited.id}`);

    await later(4);
    const found = await audit();
    const expected = [
      `books.payment_amount_differs payment:${differs.id}`,
      `books.payment_missing payment:${missing}`,
      `books.payment_not_credited payment:${notCredited.id}`,
      `books.payment_not_credited payment:${givenUp.id}`,
      `books.payment_not_succeeded payment:${notPaid.id}`,
      `books.payment_unknown provider-payment:${foreign.found.id}`,
    ].toSorted();
    expect(kinds(found)).toEqual(expected);
    expect(found).toMatchObject({ state: 'done', findings: expected.length });
    expect(found.cases.find(({ kind }) => kind === 'books.payment_amount_differs')!.detail).toMatchObject({
      hereMinor: '9900',
      thereMinor: '10000',
      account: anna.accountId,
      provider: differs.there,
    });
    expect(await kontor.db.query('select count(*) from ledger_entry')).toEqual(before);

    // The next night finds the same, and opens nothing anew; what somebody has settled stays settled.
    const settled = found.cases.find(({ kind }) => kind === 'books.payment_amount_differs') as unknown as { id: string };
    await maria.post(`/cases/${settled.id}/settlement`, {});
    await later(24);
    expect(kinds(await audit())).toEqual(expected);
    const [cases] = await kontor.db.query<{ n: number }>(`select count(*)::integer as n from staff_case where kind like 'books.%'`);
    expect(cases!.n).toBe(expected.length);
  });

  test('B10: one of ours that was paid twice there is found', async () => {
    const { id } = await payment({ state: 'succeeded' });
    const again = await kontor.provider.createPayment({
      paymentId: id,
      key: randomUUID(),
      amountMinor: 10_000,
      currency: 'RUB',
      returnUrl: 'https://kontor.example/',
      description: 'top-up',
    });
    if (again.kind !== 'answer') throw new Error(again.kind);
    await kontor.simulator.pay(again.found.id);
    expect(kinds(await audit())).toContain(`books.payment_doubled provider-payment:${again.found.id}`);
  });

  test('B7, B10: a refund made in the cabinet, of which no notification came, is recorded once and told to staff', async () => {
    const { id, there } = await payment({ state: 'succeeded' });
    const refund = await kontor.simulator.refundInCabinet(there, 4_000);
    const first = await audit();
    const [row] = await kontor.db.query<{ id: string; state: string; origin: string; amount_minor: string }>(
      'select id, state, origin, amount_minor from refund where provider_id = $1',
      [refund.id],
    );
    expect(row).toMatchObject({ state: 'succeeded', origin: 'cabinet', amount_minor: '4000' });
    expect(kinds(first)).toContain(`refund.from_cabinet refund:${row!.id}`);
    await audit();
    const [taken] = await kontor.db.query<{ n: number }>(
      `select count(*)::integer as n from ledger_transfer where kind = 'cabinet_refund'`,
    );
    expect(taken!.n).toBe(1);
    expect(id).toBeTruthy();
  });

  test('B10: ours that nobody there knows as a refund, and one that came to nothing there', async () => {
    const { id, there } = await payment({ state: 'succeeded' });
    const made = async (providerId: string) => {
      const refund = newId('refund', clock.now());
      await kontor.db.query(
        `insert into refund (id, account_id, payment_id, amount_minor, currency, origin, state, provider_id, asked_for_at, sent_at, settled_at)
          values ($1, $2, $3, 1000, 'RUB', 'staff', 'succeeded', $4, $5, $5, $5)`,
        [refund, anna.accountId, id, providerId, clock.now()],
      );
      return refund;
    };
    const missing = await made(randomUUID());
    const atProvider = await kontor.provider.createRefund({
      refundId: 'x',
      key: randomUUID(),
      paymentId: there,
      amountMinor: 2_000,
      currency: 'RUB',
    });
    if (atProvider.kind !== 'answer') throw new Error(atProvider.kind);
    const differs = await made(atProvider.found.id);
    await later(4);
    const found = kinds(await audit());
    expect(found).toContain(`books.refund_missing refund:${missing}`);
    expect(found).toContain(`books.refund_amount_differs refund:${differs}`);
  });
});

describe('B10: how an audit runs', () => {
  test('B10: only one runs at a time, and only those who keep the books may begin it', async () => {
    const clerk = await kontor.people.staff({ role: 'support' });
    expect((await clerk.post('/books-audits', {})).status).toBe(403);
    expect((await clerk.get('/books-audits')).status).toBe(403);
    const id = await inOne(async (em) => beginBooksAudit(em, clock.now(), null));
    expect(await maria.post('/books-audits', {})).toMatchObject({ status: 409, body: { error: { code: 'books_audit.running' } } });
    await until('it has ended', async () => (await maria.get(`/books-audits/${id}`)).body.state === 'done');
    const { items } = (await maria.get('/books-audits?state=done&limit=1')).body;
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ id, begunBy: null });
    expect((await maria.get('/books-audits/bka_00000000000000000000000000')).body.error.code).toBe('books_audit.not_found');
  });

  test('B10: the nightly promise begins one and plans the next at half past three in Moscow', async () => {
    const step = { id: newId('obligation', clock.now()) };
    await kontor.db.query(
      `insert into obligation (id, entity, kind, due_at, rule, planned_at_revision) values ($1, 'books:nightly', 'audit_books', $2, 'nightly 03:30', 0)`,
      [step.id, clock.now()],
    );
    const world = { removeFile: () => Promise.resolve() };
    const plan = await takeTimedStep(kontor.database, clock, world, 'books:nightly', step.id);
    const [next] = plan!.steps;
    expect(next!.dueAt).toMatch(/T00:30:00\.000Z$/);
    const ahead = new Date(next!.dueAt).getTime() - clock.now().getTime();
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(86_400_000);
    const [begun] = await kontor.db.query<{ id: string; begun_by_id: string | null }>(
      'select id, begun_by_id from books_audit order by begun_at desc limit 1',
    );
    expect(begun!.begun_by_id).toBeNull();
    // Refused as this one runs, it rings the dispatcher's bell all the same.
    expect((await maria.post('/books-audits', {})).status).toBe(409);
    await until('it has ended', async () => (await maria.get(`/books-audits/${begun!.id}`)).body.state === 'done');
  });
});

describe('B10: an audit that cannot go on', () => {
  test('B10: after a day without an answer it is given up, and one case says so however many nights it is so', async () => {
    const giveUpOne = async () => {
      const at = clock.now();
      const id = newId('booksAudit', at);
      const long = new Date(at.getTime() - 25 * 3_600_000);
      await kontor.db.query(
        `insert into books_audit (id, state, begun_at, period_from, period_to, stage, away_since) values ($1, 'running', $2, $2, $3, 'payments', $2)`,
        [id, long, at],
      );
      await inOne(async (em) => {
        const held = await lockAudit(em, (await readAuditFacts(em, id))!);
        await noteAway(em, at, held!, 'unreachable');
      });
      return id;
    };
    const first = await giveUpOne();
    expect((await maria.get(`/books-audits/${first}`)).body).toMatchObject({
      state: 'failed',
      findings: 1,
      cases: [{ kind: 'books.audit_failed' }],
    });
    expect((await maria.get('/money-needs')).body.failedAudits).toBeGreaterThan(0);
    await giveUpOne();
    const [cases] = await kontor.db.query<{ n: number }>(`select count(*)::integer as n from staff_case where kind = 'books.audit_failed'`);
    expect(cases!.n).toBe(1);
    // The next one makes up for it, and nothing needs a person any more.
    expect((await audit()).state).toBe('done');
  });
});

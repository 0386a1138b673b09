/** Attacks on the money: whoever wants it twice, wants another's, or wants to stop the shop (SPEC B2–B7, I8, I10). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkAllBooks } from '../../db/repositories/books-check.ts';
import { takeProviderPayment } from '../../db/repositories/payment-settling.ts';
import { maxOpenPayments } from '../../domain/payment-life.ts';
import type { ApiAnswer, ApiDriver } from '../harness/api-driver.ts';
import { fund } from '../harness/fund.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { roomyThrottle } from '../harness/roomy-throttle.ts';
import { balanceOf, inOne, key, paidIn, rub, spend } from './refund-surroundings.ts';

let kontor: Kontor;
let oleg: TestStaff;
let clerk: TestStaff;
const clock = new MovableClock();

beforeAll(async () => {
  kontor = await startKontor({ clock, promises: false, throttle: roomyThrottle });
  kontor.simulator.notifyAt(undefined);
  oleg = await kontor.people.staff();
  clerk = await kontor.people.staff({ role: 'billing' });
});
afterAll(() => kontor?.stop());

const codeOf = (answer: ApiAnswer) => [answer.status, answer.body.error?.code];
const tell = async (body: string) => fetch(new URL('/webhooks/yookassa', kontor.origin), { method: 'POST', body });
const order = async (by: ApiDriver, body: object) => by.post('/orders', { payBy: 'balance', ...body }, key());

async function ticketOf(anna: TestCustomer): Promise<string> {
  return (await anna.post('/tickets', { subject: 'Move the panel', body: 'Can you?', category: 'technical' })).body.number;
}

async function quoteOn(number: string, amountMinor = 10_000): Promise<string> {
  const validUntil = new Date(clock.now().getTime() + 240 * 3_600_000).toISOString();
  const quote = await oleg.post(`/tickets/${number}/quotes`, { description: 'Moving the panel', amount: rub(amountMinor), validUntil });
  expect(quote.status).toBe(201);
  return quote.body.id;
}

/** The provider has the order's payment, and it is paid there. */
async function paidAtProvider(paymentId: string, amountMinor: number): Promise<boolean> {
  return inOne(kontor, async (em) =>
    takeProviderPayment(
      em,
      clock.now(),
      paymentId,
      {
        id: randomUUID(),
        state: 'succeeded',
        amountMinor,
        currency: 'RUB',
        confirmationUrl: null,
        paymentId,
        recipient: kontor.provider.shopId,
        isTest: true,
        method: 'bank_card',
        cancelledBy: null,
        cancelledFor: null,
        incomeMinor: null,
      },
      kontor.provider,
    ),
  );
}

describe('free money', () => {
  test('B7, I10: a sum that needs two people does not go in parts through the hands of one', async () => {
    const { payment } = await paidIn(kontor, 3_000_000);
    const part = (by: TestStaff) => by.post(`/payments/${payment}/refunds`, { amount: rub(900_000), reason: 'In parts' }, key());
    expect((await part(clerk)).body.state).toBe('requested');
    expect((await part(clerk)).body.state).toBe('awaiting_approval');
  });

  test('B7, I10: nor does a correction', async () => {
    const { accountId } = await kontor.people.customer();
    const part = async (by: TestStaff, amountMinor: number) =>
      (await by.post(`/customers/${accountId}/adjustments`, { amount: rub(amountMinor), money: 'paid', reason: 'In parts' }, key())).body
        .state;
    expect(await part(clerk, 900_000)).toBe('posted');
    expect(await part(clerk, 900_000)).toBe('awaiting_approval');
    expect(await balanceOf(kontor, accountId)).toBe(900_000);
  });

  test('B4, B7: a payment charged back, its order given back, its refund wished: it is gone once', async () => {
    const { customer, accountId, payment } = await paidIn(kontor, 10_000);
    const placed = await order(customer, { quote: await quoteOn(await ticketOf(customer), 10_000) });
    expect(placed.status).toBe(201);
    expect((await clerk.post(`/payments/${payment}/chargeback`, { reason: 'By his bank' }, key())).status).toBe(200);
    expect(await balanceOf(kontor, accountId)).toBe(-10_000);
    const given = await Promise.all(
      Array.from({ length: 4 }, () => clerk.post(`/orders/${placed.body.id}/reversal`, { reason: 'Not done' }, key())),
    );
    expect(given.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await balanceOf(kontor, accountId)).toBe(0);
    expect(codeOf(await clerk.post(`/payments/${payment}/refunds`, { reason: 'Again' }, key()))).toEqual([409, 'payment.charged_back']);
  });

  test('B7: refunds, a spend and a chargeback at once take no more than there is', async () => {
    const { accountId, payment } = await paidIn(kontor, 10_000);
    await Promise.all([
      ...Array.from({ length: 5 }, () => clerk.post(`/payments/${payment}/refunds`, { amount: rub(4_000), reason: 'Race' }, key())),
      ...Array.from({ length: 5 }, () => spend(kontor, accountId, 3_000)),
    ]);
    expect(await balanceOf(kontor, accountId)).toBeGreaterThanOrEqual(0);
    const whole = await inOne(kontor, async (em) =>
      em.execute<{ ok: boolean }[]>(
        `select a.balance_minor = (select coalesce(sum(unspent_minor), 0) from money_in i where i.account_id = a.account_id)
           - (select coalesce(sum(on_credit_minor), 0) from money_out o where o.account_id = a.account_id) as ok
         from ledger_account a where a.id = ?`,
        [`paid:${accountId}`],
      ),
    );
    expect(whole).toEqual([{ ok: true }]);
  });

  test('B4: frozen while the payer pays, nothing is bought; the money is on the balance', async () => {
    const anna = await kontor.people.customer();
    const placed = await order(anna, { quote: await quoteOn(await ticketOf(anna)), payBy: 'provider' });
    expect(placed.status).toBe(201);
    expect((await clerk.post(`/customers/${anna.accountId}/freeze`, { reason: 'Looked at' })).status).toBe(200);
    await paidAtProvider(placed.body.payment.id, 10_000);
    expect((await anna.get(`/orders/${placed.body.id}`)).body.state).toBe('open');
    expect(await balanceOf(kontor, anna.accountId)).toBe(10_000);
  });

  test('B2: one key is one request, on one route, of one account', async () => {
    const anna = await kontor.people.customer();
    const own = key();
    expect((await anna.post('/payments', { amount: rub(500) }, own)).status).toBe(201);
    expect(codeOf(await anna.post('/payments', { amount: rub(501) }, own))).toEqual([409, 'idempotency.key_reused']);
    expect(codeOf(await anna.post('/orders', { quote: await quoteOn(await ticketOf(anna)), payBy: 'balance' }, own))).toEqual([
      409,
      'idempotency.key_reused',
    ]);
    const boris = await kontor.people.customer();
    const other = await boris.post('/payments', { amount: rub(500) }, own);
    expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });
});

describe("somebody else's", () => {
  test('I8: money, orders and quotes of another account are as unknown as what does not exist', async () => {
    const [anna, boris] = [await kontor.people.customer(), await kontor.people.customer()];
    await fund(kontor, boris.accountId, 100_000);
    const quote = await quoteOn(await ticketOf(anna));
    const placed = (await order(anna, { quote, payBy: 'provider' })).body;
    const answers = [
      await order(boris, { quote }),
      await order(boris, { quote, payBy: 'provider' }),
      await boris.get(`/orders/${placed.id}`),
      await boris.post(`/orders/${placed.id}/payment`, { payBy: 'balance' }, key()),
      await boris.post(`/orders/${placed.id}/cancellation`, undefined, key()),
      await boris.get(`/payments/${placed.payment.id}`),
      await boris.post(`/tickets/CS-000001/quotes/${quote}/acceptance`, undefined, key()),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(await balanceOf(kontor, boris.accountId)).toBe(100_000);
  });

  test('I8: a technician of the account neither sees nor moves its money', async () => {
    const anna = await kontor.people.customer();
    const tom = await kontor.people.customer({ account: { id: anna.accountId, role: 'technical' } });
    await fund(kontor, anna.accountId, 100_000);
    const number = await ticketOf(anna);
    const quote = await quoteOn(number);
    const placed = (await order(anna, { quote, payBy: 'provider' })).body;
    const answers = [
      ...(await Promise.all(
        [
          '/balance',
          '/operations',
          '/statements',
          '/statements/2026-11',
          '/payments',
          '/orders',
          '/obligations',
          `/orders/${placed.id}`,
        ].map((path) => tom.get(path)),
      )),
      await order(tom, { quote }),
      await tom.post(`/orders/${placed.id}/payment`, { payBy: 'balance' }, key()),
      await tom.post('/payments', { amount: rub(500) }, key()),
      await tom.post(`/tickets/${number}/quotes/${quote}/acceptance`, undefined, key()),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    expect((await tom.get(`/tickets/${number}/quotes`)).body.items[0].price.suffices).toBeNull();
  });
});

describe('stopping the shop', () => {
  test('B2: many at once begin no more payments than an account may have open', async () => {
    const anna = await kontor.people.customer();
    const answers = await Promise.all(
      Array.from({ length: maxOpenPayments + 20 }, () => anna.post('/payments', { amount: rub(500) }, key())),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(maxOpenPayments);
  });

  test('B2, B5: bytes that the database cannot keep are refused, not stumbled over', async () => {
    const anna = await kontor.people.customer();
    const nul = String.fromCodePoint(0);
    const told = JSON.stringify({ event: 'payment.succeeded', object: { id: randomUUID(), metadata: { paymentId: `pay_${nul}` } } });
    expect((await tell(told)).status).toBe(200);
    const { payment } = await paidIn(kontor, 10_000);
    const answers = [
      await anna.post('/payments', { amount: rub(500), returnUrl: `https://shop.example/${nul}` }, key()),
      await order(anna, { quote: await quoteOn(await ticketOf(anna)), promoCode: `AB${nul}C` }),
      await clerk.post(`/payments/${payment}/refunds`, { reason: `Be${nul}cause` }, key()),
      await anna.get('/promo-codes/%00/preview'),
      await anna.get('/statements/%00'),
      await anna.get('/orders/%00'),
    ];
    for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400);
    for (const { status } of answers) expect(status).toBeLessThan(500);
  });

  test('B4, T3: merging the ticket while its quote is paid for: one of both is first, and nobody stumbles', async () => {
    for (let round = 0; round < 6; round += 1) {
      const anna = await kontor.people.customer();
      await fund(kontor, anna.accountId, 100_000);
      const [from, into] = [await ticketOf(anna), await ticketOf(anna)];
      const quote = await quoteOn(from);
      const answers = await Promise.all([
        ...Array.from({ length: 4 }, () => order(anna, { quote })),
        oleg.post(`/tickets/${from}/merge`, { into }),
        ...Array.from({ length: 4 }, () => order(anna, { quote })),
      ]);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      expect(await balanceOf(kontor, anna.accountId)).toBe(90_000);
    }
  });

  test('B2, B4, B7: everything that moves one account’s money at once ends in an answer, and nothing waits for ever', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { customer: anna, accountId, payment } = await paidIn(kontor, 60_000);
      const [one, two] = [await ticketOf(anna), await ticketOf(anna)];
      const [first, other] = [await quoteOn(one), await quoteOn(two)];
      const waiting = await Promise.all([first, other].map(async (quote) => (await order(anna, { quote, payBy: 'provider' })).body));
      const [paying] = await Promise.all([
        Promise.all(
          // As its workflow does: one that was frozen since it was looked at is settled anew.
          waiting.map(async ({ payment: begun }) =>
            paidAtProvider(begun.id, 10_000).catch(async (error: Error) => {
              expect(error.message).toContain('balance.frozen');
              return paidAtProvider(begun.id, 10_000);
            }),
          ),
        ),
        Promise.all([
          ...waiting.map(({ id }) => anna.post(`/orders/${id}/payment`, { payBy: 'balance' }, key())),
          anna.post(`/orders/${waiting[0].id}/cancellation`, undefined, key()),
          oleg.post(`/tickets/${two}/merge`, { into: one }),
          oleg.delete(`/tickets/${one}/quotes/${first}`),
          clerk.post(`/payments/${payment}/refunds`, { amount: rub(5_000), reason: 'Race' }, key()),
          clerk.post(`/customers/${accountId}/adjustments`, { amount: rub(1_000), money: 'bonus', reason: 'Race' }, key()),
          clerk.post(`/payments/${payment}/chargeback`, { amount: rub(5_000), reason: 'Race' }, key()),
        ]).then((answers) => expect(answers.filter(({ status }) => status >= 500)).toEqual([])),
      ]);
      expect(paying).toEqual([true, true]);
      const orders = (await anna.get('/orders')).body.items as { state: string; paidBy: string | null }[];
      const paid = orders.filter(({ state }) => state === 'paid').length;
      const [refunded, funds] = [
        (await kontor.db.query('select 1 from refund where payment_id = $1', [payment])).length * 5_000,
        (await anna.get('/balance')).body.balance.amountMinor as number,
      ];
      expect(funds).toBe(60_000 + 20_000 + 1_000 - 5_000 - refunded - paid * 10_000);
    }
  });

  test('B1: after all that the books are right', async () => {
    for await (const { findings } of checkAllBooks(kontor.database.fork())) expect(findings).toEqual([]);
  });
});

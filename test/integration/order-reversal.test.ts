/** Purchases that are taken back: the money to the payments it came from, and what was bought with it (SPEC B7, T16). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantBonus, readFunds } from '../../db/repositories/money.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestStaff } from '../harness/people.ts';
import { balanceOf, inOne, key, paidIn, rub, statusesOf, takeStep } from './refund-surroundings.ts';

let kontor: Kontor;
let maria: TestStaff;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  kontor.simulator.notifyAt(undefined);
  maria = await kontor.people.staff({ role: 'administrator' });
});
afterAll(() => kontor?.stop());

/** A customer with so much on his balance buys work of a quote with it. */
async function bought(sumMinor: number, balanceMinor = 10_000, bonusMinor = 0) {
  const paid = await paidIn(kontor, balanceMinor);
  const { customer, accountId } = paid;
  const at = kontor.clock.now();
  if (bonusMinor > 0)
    await inOne(kontor, (em) =>
      grantBonus(em, { key: `test:${accountId}`, accountId, amountMinor: bonusMinor, at, by: 'time', about: {} }),
    );
  const { number } = (await customer.post('/tickets', { subject: 'A', body: 'B', category: 'technical' })).body;
  const validUntil = new Date(at.getTime() + 48 * 3_600_000).toISOString();
  const work = { description: 'Moving the panel', amount: rub(sumMinor), validUntil };
  const quote = (await maria.post(`/tickets/${number}/quotes`, work)).body.id as string;
  expect((await customer.post(`/tickets/${number}/quotes/${quote}/acceptance`, undefined, key())).status).toBe(200);
  const [order] = await kontor.db.query<{ id: string }>('select order_id as id from order_line where about = $1', [quote]);
  return { ...paid, number, quote, order: order!.id };
}

const reverse = async (order: string, amountMinor?: number) =>
  maria.post(
    `/orders/${order}/reversal`,
    { ...(amountMinor === undefined ? {} : { amount: rub(amountMinor) }), reason: 'It is not needed any more' },
    key(),
  );
const stateOf = async (quote: string) =>
  (await kontor.db.query<{ state: string; charged_at: Date | null }>('select state, charged_at from quote where id = $1', [quote]))[0]!;

describe('B7: an order is taken back', () => {
  test('whole: its money is on the balance, unspent as before, and what was bought has ended; then it may be refunded', async () => {
    const { accountId, payment, quote, order } = await bought(6_000);
    expect(await balanceOf(kontor, accountId)).toBe(4_000);
    expect(await reverse(order)).toMatchObject({ status: 200, body: { id: order, amount: rub(6_000), whole: true } });
    expect(await balanceOf(kontor, accountId)).toBe(10_000);
    expect(await stateOf(quote)).toMatchObject({ state: 'withdrawn', charged_at: null });
    expect((await maria.get(`/orders/${order}`)).body).toMatchObject({
      reversal: { amount: rub(6_000) },
      reversalReason: 'It is not needed any more',
    });
    expect((await maria.get(`/payments/${payment}/refunds`)).body.refundable).toEqual(rub(10_000));
    const { id } = (await maria.post(`/payments/${payment}/refunds`, { reason: 'It is not needed any more' }, key())).body;
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'succeeded' });
    expect(await balanceOf(kontor, accountId)).toBe(0);
  });

  test('in part: so much comes back, and what was bought stays', async () => {
    const { accountId, quote, order } = await bought(6_000);
    expect(await reverse(order, 2_000)).toMatchObject({ status: 200, body: { whole: false } });
    expect(await balanceOf(kontor, accountId)).toBe(6_000);
    expect((await stateOf(quote)).state).toBe('accepted');
    expect(await reverse(order, 1)).toMatchObject({ status: 409, body: { error: { code: 'order.reversed' } } });
  });

  test('once, also when asked twice at once', async () => {
    const { accountId, order } = await bought(6_000);
    expect(statusesOf(await Promise.all([reverse(order), reverse(order), reverse(order, 1_000)]))).toEqual([200, 409, 409]);
    expect([10_000, 5_000]).toContain(await balanceOf(kontor, accountId));
  });

  test('what bonus paid for comes back as bonus, and is not refunded', async () => {
    const { accountId, payment, order } = await bought(6_000, 10_000, 2_000);
    await reverse(order);
    expect(await readFunds(kontor.database.fork(), accountId, kontor.clock.now())).toMatchObject({ paidMinor: 10_000, bonusMinor: 2_000 });
    expect((await maria.get(`/payments/${payment}/refunds`)).body.refundable).toEqual(rub(10_000));
  });

  test('work that is done stays done', async () => {
    const { number, quote, order } = await bought(6_000);
    expect((await maria.post(`/tickets/${number}/quotes/${quote}/completion`)).status).toBe(200);
    expect((await reverse(order)).status).toBe(200);
    expect((await stateOf(quote)).state).toBe('done');
  });

  test('no more than it cost, and nothing of what is not paid; a refusal changes nothing', async () => {
    const { accountId, quote, order } = await bought(6_000);
    expect(await reverse(order, 6_001)).toMatchObject({ status: 422, body: { error: { code: 'money.exceeds_rest' } } });
    await kontor.db.query(`update sales_order set state = 'open', paid_by = null, settled_at = null where id = $1`, [order]);
    expect(await reverse(order)).toMatchObject({ status: 409, body: { error: { code: 'order.not_paid' } } });
    expect((await maria.post(`/orders/${order}/reversal`, { reason: 'A test' })).body.error.code).toBe('money.key_required');
    expect((await reverse('ord_0000000000000000000000000a')).status).toBe(404);
    expect(await balanceOf(kontor, accountId)).toBe(4_000);
    expect((await stateOf(quote)).state).toBe('accepted');
  });
});

/** Orders and promo codes over the API (SPEC B4, B5, B13): paid at most once, priced by the larger discount, caps that hold. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockForSettling } from '../../db/repositories/order-settling.ts';
import { creditMoney, lockFunds } from '../../db/repositories/money.ts';
import { takeTimedStep } from '../../db/repositories/timed-steps.ts';
import type { ApiAnswer, ApiDriver } from '../harness/api-driver.ts';
import { fund } from '../harness/fund.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { roomyThrottle } from '../harness/roomy-throttle.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

let kontor: Kontor;
let oleg: TestStaff;
let clerk: TestStaff;
let maria: TestStaff;
const clock = new MovableClock();
/** How long an unpaid order stands: no longer than sessions do. */
const standsSeconds = 300;
const world = { removeFile: async () => undefined };

beforeAll(async () => {
  kontor = await startKontor({ clock, promises: false, throttle: { ...roomyThrottle, promoCodes: { tries: 5, seconds: 3_600 } } });
  oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
  clerk = await kontor.people.staff({ name: 'Clara Clerk', role: 'billing' });
  maria = await kontor.people.staff({ name: 'Maria Orlova', role: 'administrator' });
  await kontor.db.query('update finance_policy set order_stands_seconds = $1', [standsSeconds]);
});
afterAll(() => kontor?.stop());

const rub = (amountMinor: number) => ({ amountMinor, currency: 'RUB' });
const key = () => ({ 'idempotency-key': randomUUID() });
const codeOf = (answer: ApiAnswer) => [answer.status, answer.body.error?.code];
const iso = (hours: number) => new Date(clock.now().getTime() + hours * 3_600_000).toISOString();
const order = (by: ApiDriver, body: object) => by.post('/orders', { payBy: 'balance', ...body }, key());

/** A customer with money and a quote for work. */
async function offeredTo(fundedMinor: number, amountMinor = 10_000, known?: TestCustomer) {
  const anna = known ?? (await kontor.people.customer());
  if (fundedMinor > 0) await fund(kontor, anna.accountId, fundedMinor);
  const { number } = (await anna.post('/tickets', { subject: 'Move the panel', body: 'Can you?', category: 'technical' })).body;
  const work = { description: 'Moving the panel', amount: rub(amountMinor), validUntil: iso(240) };
  const quote = (await oleg.post(`/tickets/${number}/quotes`, work)).body.id as string;
  return { anna, number: number as string, quote };
}

async function promo(more: object = {}): Promise<{ id: string; code: string }> {
  const made = await clerk.post('/promo-codes', {
    code: `C${randomUUID().slice(0, 8)}`,
    gain: { kind: 'percentage', percentageBp: 2_000 },
    validFrom: iso(-1),
    validUntil: null,
    totalCap: null,
    accountCap: null,
    fits: null,
    note: null,
    ...more,
  });
  expect(made.status).toBe(201);
  return made.body;
}

async function discountOf(accountId: string, bp: number): Promise<void> {
  await kontor.db.query('update billing set discount_bp = $1 where account_id = $2', [bp, accountId]);
}

async function paidMinor(accountId: string): Promise<number> {
  const [row] = await kontor.db.query<{ minor: string }>('select balance_minor as minor from ledger_account where id = $1', [
    `paid:${accountId}`,
  ]);
  return Number(row!.minor);
}

async function abandon(id: string): Promise<void> {
  const [step] = await kontor.db.query<{ id: string }>('select id from obligation where entity = $1', [`order:${id}`]);
  await takeTimedStep(kontor.database, clock, world, `order:${id}`, step!.id);
}

/** The provider's money comes in, as settling does it. */
async function settle(orderId: string, accountId: string, amountMinor: number): Promise<string | null> {
  return kontor.database.fork().transactional(async (em) => {
    const at = clock.now();
    const held = await lockForSettling(em, orderId, at);
    const { paidMinor: paidBeforeMinor } = await lockFunds(em, accountId, at);
    const { transferId } = await creditMoney(em, {
      key: `test:${randomUUID()}`,
      accountId,
      amountMinor,
      at,
      by: 'provider',
      about: { order: orderId },
      kind: 'top_up',
      against: 'clearing',
      keepFor: held.refusal === null,
    });
    if (held.refusal === null) await held.pay({ transferId, paidBeforeMinor, by: 'provider' });
    return held.refusal;
  });
}

describe('an order from the balance', () => {
  test('B4, T16: is paid and delivered in the same moment, and the quote says what was paid', async () => {
    const { anna, number, quote } = await offeredTo(15_000);
    const placed = await order(anna, { quote });
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({
      state: 'paid',
      paidBy: 'balance',
      price: { list: rub(10_000), discount: rub(0), toPay: rub(10_000) },
      allowedActions: [],
      expiresAt: null,
    });
    expect(await paidMinor(anna.accountId)).toBe(5_000);
    const [shown] = (await anna.get(`/tickets/${number}/quotes`)).body.items;
    expect(shown).toMatchObject({ state: 'accepted', price: { toPay: rub(10_000), order: placed.body.id, suffices: null } });
    expect(shown.chargedAt).not.toBeNull();
    expect((await clerk.get(`/orders/${placed.body.id}`)).body).toMatchObject({ account: { id: anna.accountId } });
  });

  test('B4: where the money does not suffice it is refused, and nothing of it is kept', async () => {
    const { anna, number, quote } = await offeredTo(9_000);
    const { code, id } = await promo({ gain: { kind: 'percentage', percentageBp: 100 } });
    expect(codeOf(await order(anna, { quote, promoCode: code }))).toEqual([422, 'balance.insufficient']);
    expect((await anna.get('/orders')).body.items).toEqual([]);
    expect(await paidMinor(anna.accountId)).toBe(9_000);
    expect((await clerk.get(`/promo-codes/${id}`)).body).toMatchObject({ used: 0, reserved: 0 });
    expect((await anna.get(`/tickets/${number}/quotes`)).body.items[0]).toMatchObject({ state: 'offered', price: { suffices: false } });
  });

  test('B4: twenty at once, each under a key of its own, pay once', async () => {
    const { anna, quote } = await offeredTo(100_000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(anna, { quote })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 201).map((answer) => codeOf(answer).join()))).toEqual(
      new Set(['409,quote.settled']),
    );
    expect(await paidMinor(anna.accountId)).toBe(90_000);
  });

  test('B5: what a discount takes off whole is paid without a transfer', async () => {
    const { anna, quote } = await offeredTo(0);
    await discountOf(anna.accountId, 10_000);
    expect((await order(anna, { quote })).body).toMatchObject({ state: 'paid', price: { toPay: rub(0), discount: rub(10_000) } });
    expect(await paidMinor(anna.accountId)).toBe(0);
  });

  test('B4, I8: another account’s quote and order are unknown; without a key nothing is ordered', async () => {
    const { anna, quote } = await offeredTo(10_000);
    const stranger = await kontor.people.customer();
    expect(codeOf(await order(stranger, { quote }))).toEqual([404, 'quote.not_found']);
    expect(codeOf(await anna.post('/orders', { quote, payBy: 'balance' }))).toEqual([400, 'money.key_required']);
    const { id } = (await order(anna, { quote })).body;
    expect(codeOf(await stranger.get(`/orders/${id}`))).toEqual([404, 'order.not_found']);
    expect(codeOf(await stranger.post(`/orders/${id}/cancellation`))).toEqual([404, 'order.not_found']);
    expect(codeOf(await anna.post(`/orders/${id}/cancellation`))).toEqual([409, 'order.already_paid']);
  });
});

describe('an order through the provider', () => {
  const wait = async (amountMinor = 10_000, more: object = {}) => {
    const offered = await offeredTo(0, amountMinor);
    const placed = await order(offered.anna, { quote: offered.quote, payBy: 'provider', ...more });
    expect(placed.status).toBe(201);
    return { ...offered, order: placed.body };
  };

  test('B4: waits with a payment of exactly its total; the money that comes buys it, once', async () => {
    const { anna, number, order: placed } = await wait();
    expect(placed).toMatchObject({ state: 'open', payment: { state: 'preparing' }, allowedActions: ['pay', 'cancel'] });
    expect((await anna.get(`/payments/${placed.payment.id}`)).body).toMatchObject({ amount: rub(10_000), order: placed.id });
    expect(codeOf(await anna.post(`/orders/${placed.id}/payment`, { payBy: 'provider' }, key()))).toEqual([409, 'order.being_paid']);
    expect(await settle(placed.id, anna.accountId, 10_000)).toBeNull();
    expect((await anna.get(`/orders/${placed.id}`)).body).toMatchObject({ state: 'paid', paidBy: 'provider' });
    expect((await anna.get(`/tickets/${number}/quotes`)).body.items[0]).toMatchObject({ state: 'accepted', settledBy: { id: anna.id } });
    expect(await paidMinor(anna.accountId)).toBe(0);
    expect(await settle(placed.id, anna.accountId, 10_000)).toBe('order.already_paid');
    expect(await paidMinor(anna.accountId)).toBe(10_000);
  });

  test('B4: old debts are no obstacle: the money that came for it buys it', async () => {
    const { anna, order: placed } = await wait();
    await kontor.db.query('update billing set credit_limit_minor = 5000 where account_id = $1', [anna.accountId]);
    const other = await offeredTo(0, 5_000, anna);
    expect((await order(anna, { quote: other.quote })).status).toBe(201);
    await kontor.db.query('update billing set credit_limit_minor = 0 where account_id = $1', [anna.accountId]);
    expect(await settle(placed.id, anna.accountId, 10_000)).toBeNull();
    expect(await paidMinor(anna.accountId)).toBe(-5_000);
  });

  test('B4: price changed, offer gone, given up, not paid in time, frozen: the money stays on the balance', async () => {
    const changed = await wait();
    await kontor.db.query('update order_line set list_minor = 9000, price_minor = 9000 where order_id = $1', [changed.order.id]);
    expect(await settle(changed.order.id, changed.anna.accountId, 10_000)).toBe('order.price_changed');
    const gone = await wait();
    await oleg.post(`/tickets/${gone.number}/quotes/${gone.quote}/withdrawal`);
    expect((await gone.anna.get(`/orders/${gone.order.id}`)).body.state).toBe('cancelled');
    expect(await settle(gone.order.id, gone.anna.accountId, 10_000)).toBe('order.settled');
    const given = await wait();
    expect((await given.anna.post(`/orders/${given.order.id}/cancellation`)).body.state).toBe('cancelled');
    expect(await settle(given.order.id, given.anna.accountId, 10_000)).toBe('order.settled');
    const late = await wait();
    clock.move(standsSeconds);
    await abandon(late.order.id);
    expect((await late.anna.get(`/orders/${late.order.id}`)).body).toMatchObject({ state: 'abandoned', allowedActions: [] });
    expect(await settle(late.order.id, late.anna.accountId, 10_000)).toBe('order.settled');
    const frozen = await wait();
    await kontor.db.query(`update billing set frozen_at = now(), frozen_for = 'staff' where account_id = $1`, [frozen.anna.accountId]);
    expect(await settle(frozen.order.id, frozen.anna.accountId, 10_000)).toBe('balance.frozen');
    const again = { quote: frozen.quote, payBy: 'provider' };
    expect(codeOf(await order(frozen.anna, again)), 'and no more is asked for').toEqual([409, 'balance.frozen']);
    expect((await frozen.anna.get(`/orders/${frozen.order.id}`)).body.state, 'what stood before stands').toBe('open');
    for (const { anna } of [changed, gone, given, late, frozen]) expect(await paidMinor(anna.accountId)).toBe(10_000);
  });

  test('B4: ordered anew or paid from the balance meanwhile, the order before is over, and its late payment stays on the balance', async () => {
    const { anna, quote, order: first } = await wait();
    await fund(kontor, anna.accountId, 10_000);
    const second = await order(anna, { quote });
    expect(second.body.state).toBe('paid');
    expect((await anna.get(`/orders/${first.id}`)).body.state).toBe('cancelled');
    expect(await settle(first.id, anna.accountId, 10_000)).toBe('order.settled');
    expect(await paidMinor(anna.accountId)).toBe(10_000);
  });

  test('B4: below what the provider takes it is refused, and nothing is ordered', async () => {
    const { anna, quote } = await offeredTo(0, 99);
    expect(codeOf(await order(anna, { quote, payBy: 'provider' }))).toEqual([422, 'order.payment_by_provider_too_small']);
    expect(codeOf(await order(anna, { quote, payBy: 'provider', returnUrl: 'javascript:alert(1)' }))[0]).toBe(422);
    expect((await anna.get('/orders')).body.items).toEqual([]);
  });

  test('B4: an open order is paid from the balance too', async () => {
    const { anna, order: placed } = await wait();
    expect(codeOf(await anna.post(`/orders/${placed.id}/payment`, { payBy: 'balance' }, key()))).toEqual([422, 'balance.insufficient']);
    await fund(kontor, anna.accountId, 10_000);
    expect((await anna.post(`/orders/${placed.id}/payment`, { payBy: 'balance' }, key())).body).toMatchObject({
      state: 'paid',
      paidBy: 'balance',
    });
    expect(await paidMinor(anna.accountId)).toBe(0);
  });
});

describe('everything at once', () => {
  test('B4, R9: settled, paid from the balance, given up and ordered anew in one moment, what was quoted is paid once and no money is lost', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { anna, number, quote } = await offeredTo(10_000);
      const placed = (await order(anna, { quote, payBy: 'provider' })).body;
      await Promise.all([
        settle(placed.id, anna.accountId, 10_000),
        anna.post(`/orders/${placed.id}/payment`, { payBy: 'balance' }, key()),
        anna.post(`/orders/${placed.id}/cancellation`),
        order(anna, { quote }),
        anna.post(`/tickets/${number}/quotes/${quote}/acceptance`),
      ]);
      const orders = (await anna.get('/orders')).body.items;
      expect(orders.filter(({ state }: { state: string }) => state === 'paid')).toHaveLength(1);
      expect(orders.filter(({ state }: { state: string }) => state === 'open')).toEqual([]);
      expect(await paidMinor(anna.accountId)).toBe(10_000);
    }
  });
});

describe('a promo code', () => {
  test('B5: the larger of the personal discount and the code wins; on a tie the code is not used up', async () => {
    const { code, id } = await promo();
    for (const [personal, discount, from, used] of [
      [1_000, 2_000, 'promo', 1],
      [2_000, 2_000, 'personal', 1],
      [3_000, 3_000, 'personal', 1],
    ] as const) {
      const { anna, quote } = await offeredTo(10_000);
      await discountOf(anna.accountId, personal);
      const preview = (await anna.get(`/promo-codes/${code}/preview?quote=${quote}`)).body;
      expect(preview).toMatchObject({ price: { discount: rub(discount), discountFrom: from }, wins: from === 'promo' });
      const placed = await order(anna, { quote, promoCode: ` ${code.toLowerCase()} ` });
      expect(placed.body).toMatchObject({ price: { discount: rub(discount), toPay: rub(10_000 - discount), discountFrom: from } });
      expect(placed.body.promoCode).toBe(from === 'promo' ? code : null);
      expect((await clerk.get(`/promo-codes/${id}`)).body).toMatchObject({ used, reserved: 0 });
    }
  });

  test('B5: used by fifty at once with one use left, one of them has it', async () => {
    const { code, id } = await promo({ totalCap: 1 });
    const all = [];
    for (let each = 0; each < 50; each += 1) all.push(await offeredTo(10_000));
    const answers = await Promise.all(all.map(({ anna, quote }) => order(anna, { quote, promoCode: code })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 201).map((answer) => codeOf(answer).join()))).toEqual(
      new Set(['422,promo_code.used_up']),
    );
    expect((await clerk.get(`/promo-codes/${id}`)).body).toMatchObject({ used: 1, reserved: 0 });
  });

  test('B5: in the instant in which it ends it is too late, in the millisecond before it is not', async () => {
    const { anna, quote } = await offeredTo(10_000);
    const { code } = await promo({ validUntil: iso(1) });
    const end = Date.parse((await clerk.get(`/promo-codes?code=${code}`)).body.items[0].validUntil);
    clock.stop();
    clock.move((end - clock.now().getTime()) / 1000);
    expect(codeOf(await order(anna, { quote, promoCode: code }))).toEqual([422, 'promo_code.expired']);
    clock.move(-0.001);
    expect((await order(anna, { quote, promoCode: code })).status).toBe(201);
  });

  test('B5: an order that waits holds a use; cancelled or abandoned it gives it back', async () => {
    const { code, id } = await promo({ totalCap: 1, accountCap: 1 });
    const first = await offeredTo(0);
    const held = (await order(first.anna, { quote: first.quote, promoCode: code, payBy: 'provider' })).body;
    const second = await offeredTo(10_000);
    expect(codeOf(await order(second.anna, { quote: second.quote, promoCode: code }))).toEqual([422, 'promo_code.used_up']);
    const again = (await order(first.anna, { quote: first.quote, promoCode: code, payBy: 'provider' })).body;
    expect([again.state, (await clerk.get(`/promo-codes/${id}`)).body.reserved]).toEqual(['open', 1]);
    expect((await first.anna.get(`/orders/${held.id}`)).body.state).toBe('cancelled');
    clock.move(standsSeconds);
    await abandon(again.id);
    expect((await clerk.get(`/promo-codes/${id}`)).body).toMatchObject({ used: 0, reserved: 0 });
    expect((await order(second.anna, { quote: second.quote, promoCode: code })).body.state).toBe('paid');
    const uses = (await clerk.get(`/promo-codes/${id}/uses`)).body.items.map((use: { state: string }) => use.state);
    expect(uses).toEqual(['used', 'released', 'released']);
  });

  test('B5: by one customer as often as it may be, under two spellings and at once', async () => {
    const { code } = await promo({ accountCap: 1 });
    const { anna, quote } = await offeredTo(100_000);
    const other = await offeredTo(0, 10_000, anna);
    const answers = await Promise.all([
      order(anna, { quote, promoCode: code }),
      order(anna, { quote: other.quote, promoCode: code.replaceAll('C', 'С') }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422]);
    expect(answers.find(({ status }) => status === 422)!.body.error.code).toBe('promo_code.used_by_you');
  });

  test('B5: guessing is throttled, by looking as by ordering; who names a code that there is may go on', async () => {
    const { code } = await promo();
    const { anna, quote } = await offeredTo(10_000);
    for (let each = 0; each < 10; each += 1) expect((await anna.get(`/promo-codes/${code}/preview?quote=${quote}`)).status).toBe(200);
    expect((await anna.get(`/promo-codes/${code}/preview`)).body).toMatchObject({ code, price: null, wins: null });
    for (let each = 0; each < 3; each += 1) expect(codeOf(await anna.get(`/promo-codes/GUESS-${each}/preview`))[0]).toBe(404);
    for (let each = 0; each < 2; each += 1)
      expect(codeOf(await order(anna, { quote, promoCode: `GUESS-${each}` }))).toEqual([404, 'promo_code.not_found']);
    expect(codeOf(await order(anna, { quote, promoCode: code }))).toEqual([429, 'auth.too_many_tries']);
    expect(codeOf(await anna.get(`/promo-codes/${code}/preview`))).toEqual([429, 'auth.too_many_tries']);
  });

  test('B5: staff change what may change, on what they saw; a cap is not lowered below what is used; a spelling is for ever', async () => {
    const { code, id } = await promo();
    const { anna, quote } = await offeredTo(10_000);
    await order(anna, { quote, promoCode: code });
    const other = await offeredTo(10_000);
    await order(other.anna, { quote: other.quote, promoCode: code });
    expect(codeOf(await clerk.patch(`/promo-codes/${id}`, { totalCap: 1 }))).toEqual([409, 'promo_code.caps_below_use']);
    expect((await clerk.patch(`/promo-codes/${id}`, { withdrawn: true }, { 'if-match': '"1"' })).body.revision).toBe(2);
    expect(codeOf(await clerk.patch(`/promo-codes/${id}`, { note: 'x' }, { 'if-match': '"1"' }))).toEqual([412, 'request.stale']);
    expect(codeOf(await oleg.patch(`/promo-codes/${id}`, { withdrawn: false }))[0]).toBe(403);
    const third = await offeredTo(10_000);
    expect(codeOf(await order(third.anna, { quote: third.quote, promoCode: code }))).toEqual([422, 'promo_code.not_valid']);
    const same = { code, gain: { kind: 'percentage', percentageBp: 1 }, validFrom: iso(0), validUntil: null };
    const open = { ...same, totalCap: null, accountCap: null, fits: null, note: null };
    const never = await clerk.post('/promo-codes', { ...open, code: 'NEVER-EVER', validUntil: open.validFrom });
    expect(codeOf(never)).toEqual([422, 'promo_code.ends_before_start']);
    const taken = await clerk.post('/promo-codes', open);
    expect(codeOf(taken)).toEqual([409, 'promo_code.code_taken']);
  });
});

describe('tax', () => {
  test('B13: an order keeps the rate it was ordered at; a rate in force stays, a coming one may go', async () => {
    const { anna, quote } = await offeredTo(0, 12_200);
    const rate = { category: 'paid_work', customerKind: null, country: 'RU', inside: true };
    expect((await maria.post('/tax-rates', { ...rate, validFrom: '2020-01-01', rateBp: 2_200 })).status).toBe(201);
    const placed = (await order(anna, { quote, payBy: 'provider' })).body;
    expect(placed).toMatchObject({ price: { toPay: rub(12_200), tax: rub(2_200) }, lines: [{ taxRateBp: 2_200, tax: rub(2_200) }] });
    expect((await maria.post('/tax-rates', { ...rate, validFrom: '2021-01-01', rateBp: null })).status).toBe(201);
    expect((await anna.get(`/orders/${placed.id}`)).body.lines[0].taxRateBp).toBe(2_200);
    expect(codeOf(await maria.post('/tax-rates', { ...rate, validFrom: '2021-01-01', rateBp: 0 }))).toEqual([409, 'tax_rate.exists']);
    const coming = (await maria.post('/tax-rates', { ...rate, validFrom: '2990-01-01', rateBp: 2_500 })).body;
    expect((await maria.delete(`/tax-rates/${coming.id}`)).status).toBe(204);
    const { items } = (await clerk.get('/tax-rates')).body;
    expect(items).toHaveLength(2);
    expect(codeOf(await maria.delete(`/tax-rates/${items[0].id}`))).toEqual([409, 'tax_rate.in_force']);
    expect((await clerk.post('/tax-rates', { ...rate, validFrom: '2990-01-01', rateBp: 0 })).status).toBe(403);
  });
});

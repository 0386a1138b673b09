/** Refunds by staff (SPEC B7; reference: yookassa), their money at every instant. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordCabinetRefund } from '../../db/repositories/provider-refunds.ts';
import { calm } from '../../dev/payment-simulator/dial.ts';
import { isRefusal } from '../../domain/errors.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestStaff } from '../harness/people.ts';
import { balanceOf, inOne, key, lettersOf, openCases, paidIn, rub, spend, statusesOf, takeStep } from './refund-surroundings.ts';

let kontor: Kontor;
let maria: TestStaff;
const clock = new MovableClock();

beforeAll(async () => {
  kontor = await startKontor({ promises: false, clock });
  kontor.simulator.notifyAt(undefined);
});
// Hours pass in some: whoever was signed in before them is not any more.
beforeEach(async () => {
  maria = await kontor.people.staff({ role: 'billing' });
});
afterAll(() => kontor?.stop());
afterEach(() => kontor.simulator.dial(calm));

const refundOf = async (payment: string, amountMinor?: number) =>
  maria.post(
    `/payments/${payment}/refunds`,
    { ...(amountMinor === undefined ? {} : { amount: rub(amountMinor) }), reason: 'Paid twice' },
    key(),
  );

const atProvider = (providerId: string) => kontor.simulator.refunds().filter((refund) => refund.paymentId === providerId);

const read = async (id: string) => (await maria.get(`/refunds/${id}`)).body;

describe('B7: a refund', () => {
  test('leaves the balance at once, is paid back, counted, and told once', async () => {
    const { accountId, payment, providerId } = await paidIn(kontor, 100_000);
    const made = await refundOf(payment, 40_000);
    expect(made).toMatchObject({ status: 201, body: { state: 'requested', amount: rub(40_000), payment, next: { what: 'send' } } });
    expect(await balanceOf(kontor, accountId)).toBe(60_000);
    expect((await maria.get(`/payments/${payment}/refunds`)).body).toMatchObject({
      refundable: rub(60_000),
      items: [{ id: made.body.id }],
    });

    expect(await takeStep(kontor, made.body.id)).toMatchObject({ state: 'succeeded', over: true, steps: [] });
    expect(atProvider(providerId)).toMatchObject([{ amountMinor: 40_000, status: 'succeeded' }]);
    expect(await balanceOf(kontor, accountId)).toBe(60_000);
    expect(await kontor.db.query('select refunded_minor from payment where id = $1', [payment])).toEqual([{ refunded_minor: '40000' }]);
    expect(await lettersOf(kontor, accountId, 'payment.refunded')).toBe(1);
    const story = await read(made.body.id);
    expect(story.events.map((event: { kind: string }) => event.kind)).toEqual(['asked_for', 'sent', 'succeeded']);
    expect(story).toMatchObject({ state: 'succeeded', next: null });
    const [set] = await kontor.db.query<{ sum: string }>(
      `select sum(e.amount_minor) from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
        where e.ledger_account_id like 'refunds_payable:%' and t.about like '%' || $1 || '%'`,
      [made.body.id],
    );
    expect(set).toEqual({ sum: '0' });
  });

  test('gives back all that is unspent when no sum is named, and never more', async () => {
    const { accountId, payment } = await paidIn(kontor, 100_000);
    await spend(kontor, accountId, 70_000);
    expect(await refundOf(payment, 30_001)).toMatchObject({ status: 422, body: { error: { code: 'refund.exceeds_unspent' } } });
    expect(await refundOf(payment)).toMatchObject({ status: 201, body: { amount: rub(30_000) } });
    expect(await refundOf(payment, 1)).toMatchObject({ status: 422, body: { error: { code: 'refund.exceeds_unspent' } } });
    expect(await refundOf(payment)).toMatchObject({ status: 422 });
    expect(await balanceOf(kontor, accountId)).toBe(0);
  });

  test('of money that another payment brought, nothing goes back', async () => {
    const { customer, accountId, payment } = await paidIn(kontor, 50_000);
    await spend(kontor, accountId, 50_000);
    await paidIn(kontor, 80_000, customer);
    expect(await refundOf(payment, 1)).toMatchObject({ status: 422, body: { error: { code: 'refund.exceeds_unspent' } } });
  });

  test('needs a payment that came in, a key, a fresh code, and the right to', async () => {
    const { payment } = await paidIn(kontor, 10_000);
    const wish = { reason: 'Paid twice' };
    expect(await maria.post(`/payments/${payment}/refunds`, wish)).toMatchObject({
      status: 400,
      body: { error: { code: 'money.key_required' } },
    });
    const agent = await kontor.people.staff({ role: 'support' });
    expect((await agent.post(`/payments/${payment}/refunds`, wish, key())).status).toBe(403);
    expect(await maria.post(`/payments/pay_0000000000000000000000000a/refunds`, wish, key())).toMatchObject({ status: 404 });
    for (const amount of [rub(0), rub(-1), rub(1.005), rub(2 ** 53), { amountMinor: '1e3', currency: 'RUB' }])
      expect((await maria.post(`/payments/${payment}/refunds`, { amount, ...wish }, key())).status).toBe(400);
    expect(await maria.post(`/payments/${payment}/refunds`, { amount: { amountMinor: 1, currency: 'USD' }, ...wish }, key())).toMatchObject(
      {
        body: { error: { code: 'money.currency_wrong' } },
      },
    );
    await kontor.db.query(`update payment set state = 'review', transfer_id = null where id = $1`, [payment]);
    expect(await refundOf(payment)).toMatchObject({ status: 409, body: { error: { code: 'payment.not_settled' } } });
  });

  test('the same key twice makes one refund', async () => {
    const { accountId, payment } = await paidIn(kontor, 10_000);
    const same = key();
    const wish = { amount: rub(4_000), reason: 'Paid twice' };
    const [one, two] = await Promise.all([1, 2].map(() => maria.post(`/payments/${payment}/refunds`, wish, same)));
    expect(one!.body).toEqual(two!.body);
    expect(await balanceOf(kontor, accountId)).toBe(6_000);
  });
});

describe('B7: at once', () => {
  test('two refunds of one payment: only what is there goes back', async () => {
    const { accountId, payment } = await paidIn(kontor, 10_000);
    const answers = await Promise.all(Array.from({ length: 6 }, () => refundOf(payment, 7_000)));
    expect(statusesOf(answers)).toEqual([201, 422, 422, 422, 422, 422]);
    expect(await balanceOf(kontor, accountId)).toBe(3_000);
  });

  test('a refund and a spend: what one takes the other does not have', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { accountId, payment } = await paidIn(kontor, 10_000);
      const [refund, spent] = await Promise.all([refundOf(payment, 7_000), spend(kontor, accountId, 7_000)]);
      expect([refund.status === 201, !isRefusal(spent)].filter(Boolean)).toHaveLength(1);
      expect(await balanceOf(kontor, accountId)).toBe(3_000);
    }
  });
});

describe('B7: an answer that does not come', () => {
  test('is asked for again under the same key: the payer is paid once', async () => {
    const { payment, providerId, accountId } = await paidIn(kontor, 10_000);
    const { id } = (await refundOf(payment)).body;
    kontor.simulator.dial({ answersDropped: 1 });
    const plan = await takeStep(kontor, id);
    expect(plan).toMatchObject({ state: 'requested', over: false, steps: [{ kind: 'send' }] });
    expect(new Date(plan.steps[0]!.dueAt).getTime() - clock.now().getTime()).toBeGreaterThan(55_000);
    // Not due yet: nothing is asked.
    const before = kontor.simulator.counts()['POST /refunds'];
    await takeStep(kontor, id);
    expect(kontor.simulator.counts()['POST /refunds']).toBe(before);
    kontor.simulator.dial({ answersDropped: 0 });
    clock.move(61);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'succeeded' });
    expect(atProvider(providerId)).toHaveLength(1);
    expect(await balanceOf(kontor, accountId)).toBe(0);
  });

  test.each(['answersServerErrorDone', 'answersServerErrorUndone', 'answersAccepted', 'answersThrottled', 'answersUnreadable'] as const)(
    '%s is no failure',
    async (trouble) => {
      const { payment, providerId, accountId } = await paidIn(kontor, 10_000);
      const { id } = (await refundOf(payment)).body;
      kontor.simulator.dial({ [trouble]: 1 });
      expect(await takeStep(kontor, id)).toMatchObject({ state: 'requested' });
      kontor.simulator.dial({ [trouble]: 0 });
      clock.move(3_601);
      expect((await takeStep(kontor, id)).state).toBe('succeeded');
      expect(atProvider(providerId)).toHaveLength(1);
      expect(await balanceOf(kontor, accountId)).toBe(0);
    },
  );

  test('after 20 hours it is looked for and not repeated', async () => {
    const { payment, providerId } = await paidIn(kontor, 10_000);
    const { id } = (await refundOf(payment, 6_000)).body;
    kontor.simulator.dial({ answersServerErrorDone: 1 });
    await takeStep(kontor, id);
    kontor.simulator.dial({ answersServerErrorDone: 0 });
    clock.move(25 * 3600);
    const before = kontor.simulator.counts()['POST /refunds'];
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'requested', steps: [{ kind: 'find' }] });
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'succeeded' });
    expect(kontor.simulator.counts()['POST /refunds']).toBe(before);
    expect(atProvider(providerId)).toHaveLength(1);
  });

  test('what no list holds two days later was never made: the money is on the balance again', async () => {
    const { payment, accountId, providerId } = await paidIn(kontor, 10_000);
    const { id } = (await refundOf(payment)).body;
    kontor.simulator.dial({ answersServerErrorUndone: 1 });
    await takeStep(kontor, id);
    kontor.simulator.dial(calm);
    clock.move(21 * 3600);
    await takeStep(kontor, id);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'requested', steps: [{ kind: 'find' }] });
    expect(await balanceOf(kontor, accountId)).toBe(0);
    clock.move(28 * 3600);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'canceled', over: true });
    expect(await balanceOf(kontor, accountId)).toBe(10_000);
    expect(atProvider(providerId)).toHaveLength(0);
    expect(await openCases(kontor, `refund:${id}`)).toMatchObject([{ kind: 'refund.canceled', detail: { why: 'never_made' } }]);
  });

  test('a no after a lost answer is not believed before the list was looked through', async () => {
    const { payment, providerId, accountId } = await paidIn(kontor, 10_000);
    const { id } = (await refundOf(payment)).body;
    // The refund is made, its answer lost, and its key forgotten: the same again is refused, as nothing is left to pay back.
    kontor.simulator.dial({ answersDropped: 1 });
    await takeStep(kontor, id);
    kontor.simulator.dial({ answersDropped: 0 });
    await kontor.simulator.moveClock(25 * 3600);
    clock.move(61);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'requested', steps: [{ kind: 'find' }] });
    expect(await balanceOf(kontor, accountId)).toBe(0);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'succeeded' });
    expect(atProvider(providerId)).toHaveLength(1);
    await kontor.simulator.moveClock(-25 * 3600);
  });
});

describe('B7: a refund that the provider does not make', () => {
  test('cancelled: there is no notification, it is asked for, and the money comes back with his own reason', async () => {
    const { payment, accountId } = await paidIn(kontor, 10_000);
    kontor.simulator.dial({ refundsPending: 1 });
    const { id } = (await refundOf(payment)).body;
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'pending', steps: [{ kind: 'ask' }] });
    clock.move(11);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'pending', steps: [{ kind: 'ask' }] });
    await kontor.simulator.settleRefund((await read(id)).providerId, 'canceled');
    clock.move(31);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'canceled', over: true });
    expect(await balanceOf(kontor, accountId)).toBe(10_000);
    expect(await read(id)).toMatchObject({ state: 'canceled', cancelledBy: 'yoo_money', cancelledFor: 'general_decline' });
    expect(await openCases(kontor, `refund:${id}`)).toMatchObject([
      { kind: 'refund.canceled', detail: { why: 'general_decline', payment } },
    ]);
    expect(await lettersOf(kontor, accountId, 'payment.refunded')).toBe(0);
    // What came back can be refunded again.
    expect((await maria.get(`/payments/${payment}/refunds`)).body.refundable).toEqual(rub(10_000));
  });

  test('refused, as its window is over there: the same', async () => {
    const { payment, accountId } = await paidIn(kontor, 10_000);
    const { id } = (await refundOf(payment)).body;
    await kontor.simulator.moveClock(4 * 365 * 86_400);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'canceled' });
    await kontor.simulator.moveClock(-4 * 365 * 86_400);
    expect(await balanceOf(kontor, accountId)).toBe(10_000);
    expect((await read(id)).cancelledFor).toBe('invalid_request payment_id');
  });

  test('three years after the payment it is not even asked', async () => {
    const { payment } = await paidIn(kontor, 10_000);
    await kontor.db.query(`update payment set settled_at = settled_at - interval '1096 days' where id = $1`, [payment]);
    expect(await refundOf(payment)).toMatchObject({ status: 422, body: { error: { code: 'refund.window_over' } } });
    expect((await maria.get(`/payments/${payment}/refunds`)).body.refundable).toEqual(rub(0));
  });
});

describe('B7: a refund made in the provider’s cabinet', () => {
  const told = async (providerId: string) => {
    const listed = await kontor.provider.listRefunds({ paymentId: providerId }, null);
    if (listed.kind !== 'answer') throw new Error(listed.kind);
    return listed.found.items[0]!;
  };
  const record = async (refund: Awaited<ReturnType<typeof told>>) =>
    inOne(kontor, (em) => recordCabinetRefund(em, kontor.clock.now(), refund));

  test('leaves the balance once, however often it is told, and is a case', async () => {
    const { payment, providerId, accountId } = await paidIn(kontor, 10_000);
    await kontor.simulator.refundInCabinet(providerId, 4_000);
    const refund = await told(providerId);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => record(refund)));
    expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual(['known', 'known', 'known', 'known', 'taken']);
    expect(await balanceOf(kontor, accountId)).toBe(6_000);
    const { items, refundable } = (await maria.get(`/payments/${payment}/refunds`)).body;
    expect(items).toMatchObject([{ origin: 'cabinet', state: 'succeeded', askedBy: null, amount: rub(4_000) }]);
    expect(refundable).toEqual(rub(6_000));
    expect(await openCases(kontor, `refund:${items[0].id}`)).toMatchObject([{ kind: 'refund.from_cabinet' }]);
    expect(await lettersOf(kontor, accountId, 'payment.refunded')).toBe(1);
    expect(await lettersOf(kontor, accountId, 'spending.frozen')).toBe(0);
  });

  test('of money that was spent: the balance goes below, and spending is frozen', async () => {
    const { providerId, accountId } = await paidIn(kontor, 10_000);
    await spend(kontor, accountId, 9_000);
    await kontor.simulator.refundInCabinet(providerId, 10_000);
    expect(await record(await told(providerId))).toBe('taken');
    expect(await balanceOf(kontor, accountId)).toBe(-9_000);
    expect(await kontor.db.query('select frozen_for from billing where account_id = $1', [accountId])).toEqual([
      { frozen_for: 'clawback' },
    ]);
    expect(await spend(kontor, accountId, 1)).toMatchObject({ refused: 'balance.frozen' });
    expect(await lettersOf(kontor, accountId, 'spending.frozen')).toBe(1);
  });

  test('told before our own call was answered, it is ours: paid back once', async () => {
    const { payment, providerId, accountId } = await paidIn(kontor, 10_000);
    const { id } = (await refundOf(payment)).body;
    kontor.simulator.dial({ answersDropped: 1 });
    await takeStep(kontor, id);
    kontor.simulator.dial({ answersDropped: 0 });
    const refund = await told(providerId);
    expect(refund.refundId).toBe(id);
    expect(await record(refund)).toBe('taken');
    expect(await record(refund)).toBe('known');
    expect(await read(id)).toMatchObject({ state: 'succeeded', origin: 'staff' });
    expect(await balanceOf(kontor, accountId)).toBe(0);
    expect((await maria.get(`/payments/${payment}/refunds`)).body.items).toHaveLength(1);
  });

  test('of a payment that nobody here knows: a case', async () => {
    const refund = { id: 'foreign-1', state: 'succeeded', paymentId: 'foreign', amountMinor: 5, currency: 'RUB', refundId: null } as const;
    const none = { cancelledBy: null, cancelledFor: null, createdAt: clock.now() };
    expect(await record({ ...refund, ...none })).toBe('payment_unknown');
    expect(await openCases(kontor, 'provider-refund:foreign-1')).toMatchObject([{ kind: 'refund.payment_unknown' }]);
  });

  test('in another currency: nothing is moved, and a person looks', async () => {
    const { providerId, accountId } = await paidIn(kontor, 10_000);
    await kontor.simulator.refundInCabinet(providerId, 4_000);
    const refund = await told(providerId);
    expect(await record({ ...refund, currency: 'USD' })).toBe('known');
    expect(await balanceOf(kontor, accountId)).toBe(10_000);
    expect(await openCases(kontor, `provider-refund:${refund.id}`)).toMatchObject([{ kind: 'refund.differs' }]);
  });

  test('one that we had given up as never made, and that was made after all, is met', async () => {
    const { payment, providerId, accountId } = await paidIn(kontor, 10_000);
    const { id } = (await refundOf(payment)).body;
    await kontor.db.query(`update refund set sent_at = now() - interval '3 days' where id = $1`, [id]);
    await kontor.db.query(`update obligation set kind = 'find' where entity = 'refund:' || $1`, [id]);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'canceled' });
    expect(await balanceOf(kontor, accountId)).toBe(10_000);
    await kontor.provider.createRefund({ refundId: id, key: id, paymentId: providerId, amountMinor: 10_000, currency: 'RUB' });
    expect(await record(await told(providerId))).toBe('taken');
    expect(await balanceOf(kontor, accountId)).toBe(0);
  });
});

test('B7: a provider who has it with another sum is believed in nothing: a person looks, and the money stays set aside', async () => {
  const { payment, accountId, providerId } = await paidIn(kontor, 10_000);
  const { id } = (await refundOf(payment, 6_000)).body;
  // The same id with another body, as nobody of ours would send it.
  await kontor.provider.createRefund({ refundId: id, key: `${id}-other`, paymentId: providerId, amountMinor: 5_000, currency: 'RUB' });
  const listed = await kontor.provider.listRefunds({ paymentId: providerId }, null);
  if (listed.kind !== 'answer') throw new Error(listed.kind);
  expect(await inOne(kontor, (em) => recordCabinetRefund(em, clock.now(), listed.found.items[0]!))).toBe('known');
  expect(await read(id)).toMatchObject({ state: 'pending', next: { what: 'ask' } });
  expect(await openCases(kontor, `refund:${id}`)).toMatchObject([{ kind: 'refund.differs' }]);
  expect(await balanceOf(kontor, accountId)).toBe(4_000);
  clock.move(86_401);
  expect(await takeStep(kontor, id)).toMatchObject({ state: 'pending', steps: [{ kind: 'ask' }] });
});

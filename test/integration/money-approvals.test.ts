/** Money that waits for a second person, corrections of balances and chargebacks (SPEC B7, I10). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { grantBonus, readFunds } from '../../db/repositories/money.ts';
import { takeTimedStep } from '../../db/repositories/timed-steps.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestStaff } from '../harness/people.ts';
import { balanceOf, inOne, key, lettersOf, openCases, paidIn, rub, spend, statusesOf, takeStep } from './refund-surroundings.ts';

let kontor: Kontor;
let maria: TestStaff;
let petr: TestStaff;
const clock = new MovableClock();

beforeAll(async () => {
  kontor = await startKontor({ promises: false, clock });
  kontor.simulator.notifyAt(undefined);
});
beforeEach(async () => {
  maria = await kontor.people.staff({ role: 'billing' });
  petr = await kontor.people.staff({ role: 'billing' });
});
afterAll(() => kontor?.stop());

/** Above the sum that one person may move alone: 10 000,00. */
const large = 1_500_000;

async function waitingRefund(amountMinor = large) {
  const paid = await paidIn(kontor, 2_000_000);
  const made = await maria.post(`/payments/${paid.payment}/refunds`, { amount: rub(amountMinor), reason: 'Paid twice' }, key());
  expect(made).toMatchObject({ status: 201, body: { state: 'awaiting_approval', next: { what: 'lapse' } } });
  return { ...paid, refund: made.body.id as string, approval: made.body.approval as string };
}

const approve = async (who: TestStaff, id: string) => who.post(`/money-approvals/${id}/approval`, undefined, key());
const withdraw = async (who: TestStaff, id: string) => who.post(`/money-approvals/${id}/withdrawal`, undefined, key());
const fundsOf = async (accountId: string) => (await readFunds(kontor.database.fork(), accountId, clock.now()))!;
const stateOf = async (refund: string) => (await maria.get(`/refunds/${refund}`)).body.state;

describe('B7, I10: a refund above the set sum', () => {
  test('waits with its money set aside, and goes when a second person approves it', async () => {
    const { accountId, refund, approval } = await waitingRefund();
    expect(await balanceOf(kontor, accountId)).toBe(500_000);
    expect(kontor.simulator.refunds().filter((one) => one.description === refund)).toHaveLength(0);
    expect((await maria.get(`/money-approvals?state=waiting&account=${accountId}`)).body.items).toMatchObject([
      { id: approval, kind: 'refund', refund: { id: refund }, allowedActions: ['withdraw'], amount: rub(large) },
    ]);
    expect((await petr.get(`/money-approvals/${approval}`)).body.allowedActions).toEqual(['approve', 'withdraw']);

    expect(await approve(maria, approval)).toMatchObject({ status: 409, body: { error: { code: 'approval.second_person' } } });
    expect(await stateOf(refund)).toBe('awaiting_approval');
    expect(await approve(petr, approval)).toMatchObject({ status: 200, body: { state: 'approved', decidedBy: { id: petr.id } } });
    expect(await takeStep(kontor, refund)).toMatchObject({ state: 'succeeded' });
    expect(await balanceOf(kontor, accountId)).toBe(500_000);
  });

  test('exactly at the sum it needs nobody', async () => {
    const { payment } = await paidIn(kontor, 2_000_000);
    const made = await maria.post(`/payments/${payment}/refunds`, { amount: rub(1_000_000), reason: 'Paid twice' }, key());
    expect(made.body).toMatchObject({ state: 'requested', approval: null });
  });

  test('approved twice at once, it goes once', async () => {
    const { refund, approval } = await waitingRefund();
    const olga = await kontor.people.staff({ role: 'administrator' });
    const answers = await Promise.all([approve(petr, approval), approve(olga, approval)]);
    expect(statusesOf(answers)).toEqual([200, 409]);
    expect(await kontor.db.query(`select kind from obligation where entity = 'refund:' || $1`, [refund])).toEqual([{ kind: 'send' }]);
    expect((await maria.get(`/refunds/${refund}`)).body.events.map(({ kind }: { kind: string }) => kind)).toEqual([
      'asked_for',
      'approved',
    ]);
  });

  test('approved and taken back at once: one of both, and the money is where that says', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { accountId, refund, approval } = await waitingRefund();
      const [yes, no] = await Promise.all([approve(petr, approval), withdraw(maria, approval)]);
      expect(statusesOf([yes, no])).toEqual([200, 409]);
      expect(await stateOf(refund)).toBe(yes.status === 200 ? 'requested' : 'withdrawn');
      expect(await balanceOf(kontor, accountId)).toBe(yes.status === 200 ? 500_000 : 2_000_000);
    }
  });

  test('refused by the second person, its money is on the balance again, and can be refunded', async () => {
    const { accountId, payment, refund, approval } = await waitingRefund();
    expect(await withdraw(petr, approval)).toMatchObject({ status: 200, body: { state: 'withdrawn', allowedActions: [] } });
    expect(await stateOf(refund)).toBe('withdrawn');
    expect(await balanceOf(kontor, accountId)).toBe(2_000_000);
    expect((await maria.get(`/payments/${payment}/refunds`)).body.refundable).toEqual(rub(2_000_000));
    expect(await approve(petr, approval)).toMatchObject({ status: 409, body: { error: { code: 'approval.settled' } } });
    expect(await lettersOf(kontor, accountId, 'payment.refunded')).toBe(0);
  });

  test('lapses after a week, not before', async () => {
    const { accountId, refund, approval } = await waitingRefund();
    const [step] = await kontor.db.query<{ id: string; due_at: Date }>(
      `select id, due_at from obligation where entity = 'approval:' || $1`,
      [approval],
    );
    expect(new Date(step!.due_at).getTime() - clock.now().getTime()).toBeGreaterThan(6.99 * 86_400_000);
    const lapse = async () =>
      takeTimedStep(kontor.database, clock, { removeFile: async () => undefined }, `approval:${approval}`, step!.id);
    clock.move(7 * 86_400 - 3_600);
    expect(await lapse()).toMatchObject({ over: false });
    clock.move(3_601);
    expect(await lapse()).toMatchObject({ state: 'lapsed', over: true });
    maria = await kontor.people.staff({ role: 'billing' });
    expect(await stateOf(refund)).toBe('withdrawn');
    expect(await balanceOf(kontor, accountId)).toBe(2_000_000);
    expect((await maria.get(`/money-approvals/${approval}`)).body).toMatchObject({ state: 'lapsed', decidedBy: null });
  });

  test('of a payment that was charged back meanwhile cannot be approved', async () => {
    const { payment, approval } = await waitingRefund();
    expect((await maria.post(`/payments/${payment}/chargeback`, { reason: 'A letter of the bank' }, key())).status).toBe(200);
    expect(await approve(petr, approval)).toMatchObject({ status: 409, body: { error: { code: 'payment.charged_back' } } });
    expect((await withdraw(petr, approval)).status).toBe(200);
  });

  test('agents of the desk see it and decide nothing', async () => {
    const { approval } = await waitingRefund();
    const agent = await kontor.people.staff({ role: 'support' });
    expect((await agent.get(`/money-approvals/${approval}`)).body.allowedActions).toEqual([]);
    expect((await approve(agent, approval)).status).toBe(403);
    expect((await petr.post(`/money-approvals/${approval}/approval`)).body.error.code).toBe('money.key_required');
  });
});

describe('B7: an adjustment', () => {
  const adjust = async (accountId: string, amountMinor: number, money: 'paid' | 'bonus' = 'paid') =>
    maria.post(`/customers/${accountId}/adjustments`, { amount: rub(amountMinor), money, reason: 'An apology' }, key());

  test('moves paid money and bonus, up and down, with its reason', async () => {
    const { accountId } = await kontor.people.customer();
    expect(await adjust(accountId, 5_000)).toMatchObject({
      status: 201,
      body: { state: 'posted', amount: rub(5_000), reason: 'An apology' },
    });
    expect((await adjust(accountId, -2_000)).status).toBe(201);
    expect((await adjust(accountId, 900, 'bonus')).status).toBe(201);
    expect((await adjust(accountId, -400, 'bonus')).status).toBe(201);
    expect(await fundsOf(accountId)).toMatchObject({ paidMinor: 3_000, bonusMinor: 500 });
    const { items } = (await maria.get(`/adjustments?account=${accountId}`)).body;
    expect(items.map((item: { amount: { amountMinor: number } }) => item.amount.amountMinor)).toEqual([-400, 900, -2_000, 5_000]);
    expect((await maria.get(`/adjustments/${items[0].id}`)).body).toEqual(items[0]);
  });

  test('takes no more bonus than there is, and paid money no lower than the limit', async () => {
    const { accountId } = await kontor.people.customer();
    await adjust(accountId, 100, 'bonus');
    expect(await adjust(accountId, -101, 'bonus')).toMatchObject({ status: 422, body: { error: { code: 'adjustment.exceeds_bonus' } } });
    expect(await adjust(accountId, -1)).toMatchObject({ status: 422, body: { error: { code: 'balance.insufficient' } } });
    await kontor.db.query('update billing set credit_limit_minor = 1000 where account_id = $1', [accountId]);
    expect((await adjust(accountId, -1_000)).status).toBe(201);
    expect(await adjust(accountId, -1)).toMatchObject({ status: 422 });
    expect(await fundsOf(accountId)).toMatchObject({ paidMinor: -1_000, bonusMinor: 100 });
  });

  test('of a sum that is none is refused', async () => {
    const { accountId } = await kontor.people.customer();
    for (const amountMinor of [0, 1.5, 2 ** 53, '1e3', null]) expect((await adjust(accountId, amountMinor as number)).status).toBe(400);
    const dollars = { amount: { amountMinor: 5, currency: 'USD' }, money: 'paid', reason: 'An apology' };
    expect((await maria.post(`/customers/${accountId}/adjustments`, dollars, key())).body.error.code).toBe('money.currency_wrong');
    expect((await adjust('acc_0000000000000000000000000a', 5)).status).toBe(404);
  });

  test('above the set sum, either way, moves nothing until a second person approves it, and looks again then', async () => {
    const { accountId } = await paidIn(kontor, 2_000_000);
    const up = (await adjust(accountId, large)).body;
    const down = (await adjust(accountId, -large)).body;
    expect([up.state, down.state]).toEqual(['awaiting_approval', 'awaiting_approval']);
    expect(await balanceOf(kontor, accountId)).toBe(2_000_000);
    await spend(kontor, accountId, 1_000_000);
    expect(await approve(petr, down.approval)).toMatchObject({ status: 422, body: { error: { code: 'balance.insufficient' } } });
    expect((await approve(maria, up.approval)).status).toBe(409);
    const olga = await kontor.people.staff({ role: 'administrator' });
    const both = await Promise.all([approve(petr, up.approval), approve(olga, up.approval)]);
    expect(statusesOf(both)).toEqual([200, 409]);
    expect(await balanceOf(kontor, accountId)).toBe(1_000_000 + large);
    expect((await approve(petr, down.approval)).status).toBe(200);
    expect(await balanceOf(kontor, accountId)).toBe(1_000_000);
  });

  test('taken back while it waits, has moved nothing', async () => {
    const { accountId } = await kontor.people.customer();
    const { id, approval } = (await adjust(accountId, large, 'bonus')).body;
    expect((await withdraw(maria, approval)).status).toBe(200);
    expect((await maria.get(`/adjustments/${id}`)).body.state).toBe('withdrawn');
    expect(await fundsOf(accountId)).toMatchObject({ paidMinor: 0, bonusMinor: 0 });
  });

  test('a debit and a spend at once: what one takes the other does not have', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { accountId } = await paidIn(kontor, 10_000);
      await Promise.all([adjust(accountId, -7_000), spend(kontor, accountId, 7_000)]);
      expect(await balanceOf(kontor, accountId)).toBe(3_000);
    }
  });

  test('bonus that was given is never refunded', async () => {
    const { customer, accountId, payment } = await paidIn(kontor, 1_000);
    await inOne(kontor, (em) =>
      grantBonus(em, { key: `test:${accountId}`, accountId, amountMinor: 5_000, at: clock.now(), by: 'time', about: {} }),
    );
    expect((await maria.get(`/payments/${payment}/refunds`)).body.refundable).toEqual(rub(1_000));
    expect(customer.accountId).toBe(accountId);
  });
});

describe('B7: a chargeback', () => {
  const chargeBack = async (payment: string, amountMinor?: number) =>
    maria.post(
      `/payments/${payment}/chargeback`,
      { ...(amountMinor === undefined ? {} : { amount: rub(amountMinor) }), reason: 'A letter of the bank' },
      key(),
    );

  test('takes what was spent already, freezes spending, is a case and is told; once', async () => {
    const { accountId, payment } = await paidIn(kontor, 10_000);
    await spend(kontor, accountId, 8_000);
    const before = kontor.simulator.counts()['POST /refunds'];
    const answers = await Promise.all([chargeBack(payment), chargeBack(payment)]);
    expect(statusesOf(answers)).toEqual([200, 409]);
    expect(kontor.simulator.counts()['POST /refunds']).toBe(before);
    expect(await balanceOf(kontor, accountId)).toBe(-8_000);
    expect(await spend(kontor, accountId, 1)).toMatchObject({ refused: 'balance.frozen' });
    expect(await openCases(kontor, `payment:${payment}`)).toMatchObject([{ kind: 'payment.charged_back' }]);
    expect(await lettersOf(kontor, accountId, 'spending.frozen')).toBe(1);
    expect(await maria.post(`/payments/${payment}/refunds`, { reason: 'Paid twice' }, key())).toMatchObject({
      body: { error: { code: 'payment.charged_back' } },
    });
  });

  test('takes no more than has not gone back by refunds', async () => {
    const { accountId, payment } = await paidIn(kontor, 10_000);
    const { id } = (await maria.post(`/payments/${payment}/refunds`, { amount: rub(4_000), reason: 'Paid twice' }, key())).body;
    await takeStep(kontor, id);
    expect(await chargeBack(payment, 6_001)).toMatchObject({ status: 422, body: { error: { code: 'money.exceeds_rest' } } });
    expect((await chargeBack(payment)).status).toBe(200);
    expect(await balanceOf(kontor, accountId)).toBe(0);
  });

  test('before a refund was sent, it is not sent any more', async () => {
    const { accountId, payment, providerId } = await paidIn(kontor, 10_000);
    const { id } = (await maria.post(`/payments/${payment}/refunds`, { amount: rub(4_000), reason: 'Paid twice' }, key())).body;
    expect((await chargeBack(payment)).status).toBe(200);
    expect(await balanceOf(kontor, accountId)).toBe(-4_000);
    expect(await takeStep(kontor, id)).toMatchObject({ state: 'canceled' });
    expect(kontor.simulator.refunds().filter((refund) => refund.paymentId === providerId)).toHaveLength(0);
    expect(await balanceOf(kontor, accountId)).toBe(0);
  });
});

describe('B7: the rules of money', () => {
  test('are changed by administrators, and no change is lost', async () => {
    const olga = await kontor.people.staff({ role: 'administrator' });
    const read = await maria.get('/finance-policy');
    expect(read.body).toMatchObject({ approvalAboveMinor: 1_000_000, statementDay: 1 });
    const { revision, ...policy } = read.body;
    const wanted = { ...policy, approvalAboveMinor: 999_999 };
    expect((await maria.put('/finance-policy', wanted)).status).toBe(403);
    expect((await olga.put('/finance-policy', wanted, { 'if-match': '"999"' })).status).toBe(412);
    const changed = await olga.put('/finance-policy', wanted, { 'if-match': read.headers.get('etag')! });
    expect(changed).toMatchObject({ status: 200, body: { approvalAboveMinor: 999_999, revision: revision + 1 } });
    const { payment } = await paidIn(kontor, 2_000_000);
    const made = await maria.post(`/payments/${payment}/refunds`, { amount: rub(1_000_000), reason: 'Paid twice' }, key());
    expect(made.body.state).toBe('awaiting_approval');
    await olga.put('/finance-policy', policy);
  });
});

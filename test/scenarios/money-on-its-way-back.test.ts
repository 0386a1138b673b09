/** Refunds over minutes and weeks (SPEC B7, I10): a provider that says nothing, one that says no later, and nobody who approves. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { calm } from '../../dev/payment-simulator/dial.ts';
import type { TestStaff } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';
import { balanceOf, key, lettersOf, openCases, paidIn, rub, type PaidIn } from '../integration/refund-surroundings.ts';

let story: Story;
let maria: TestStaff;
let paid: PaidIn;
const minute = 60;
const day = 24 * 3600;

beforeAll(async () => {
  story = await beginStory('2035-03-05T07:00:00Z');
  story.simulator.notifyAt(undefined);
});
beforeEach(async () => {
  story.simulator.dial(calm);
  maria = await story.people.staff({ role: 'billing' });
  paid = await paidIn(story, 2_000_000);
});
afterAll(() => story?.stop());

const refund = async (amountMinor: number) =>
  (await maria.post(`/payments/${paid.payment}/refunds`, { amount: rub(amountMinor), reason: 'Paid twice' }, key())).body;
const pass = async (seconds: number) => story.passUntil(new Date(story.now().getTime() + seconds * 1000));
const rowOf = async (id: string) =>
  (await story.db.query<{ state: string; asks: number; provider_id: string | null }>('select * from refund where id = $1', [id]))[0]!;
const becomes = async (id: string, state: string) => until(`the refund is ${state}`, async () => (await rowOf(id)).state === state);
const over = async (workflow: string) =>
  until(`${workflow} is over`, async () => (await story.temporal.workflow.getHandle(workflow).describe()).status.name === 'COMPLETED');
const atProvider = () => story.simulator.refunds().filter(({ paymentId }) => paymentId === paid.providerId);

test('B7: within moments the money is on its way, the customer is told, and its workflow is over', async () => {
  const { id } = await refund(40_000);
  await becomes(id, 'succeeded');
  await over(`refund:${id}`);
  await story.settled();
  expect(atProvider()).toMatchObject([{ amountMinor: 40_000, status: 'succeeded' }]);
  expect(story.mail.to(paid.customer.email)).toHaveLength(1);
  expect(await lettersOf(story, paid.accountId, 'payment.refunded')).toBe(1);
});

test('B7: for three minutes the provider says nothing: he is asked once a minute under one key, and pays once', async () => {
  story.simulator.dial({ answersServerErrorUndone: 1 });
  const { id } = await refund(40_000);
  for (let asks = 1; asks <= 4; asks += 1) {
    await until(`it was handed over for the ${asks}th time`, async () => (await rowOf(id)).asks === asks);
    await until(
      'its next step is planned',
      async () =>
        (await story.db.query('select 1 from obligation where entity = $1 and due_at > $2', [`refund:${id}`, story.now()])).length > 0,
    );
    expect((await rowOf(id)).state).toBe('requested');
    if (asks === 4) story.simulator.dial({ answersServerErrorUndone: 0 });
    await pass(minute + 1);
  }
  await becomes(id, 'succeeded');
  expect((await rowOf(id)).asks).toBe(5);
  expect(atProvider()).toHaveLength(1);
  expect(await balanceOf(story, paid.accountId)).toBe(1_960_000);
});

test('B7: a no that comes a day later is asked for, as nobody tells of it, and the money is on the balance again', async () => {
  story.simulator.dial({ refundsPending: 1 });
  const { id } = await refund(40_000);
  await becomes(id, 'pending');
  await pass(day);
  expect(await rowOf(id)).toMatchObject({ state: 'pending' });
  await story.simulator.settleRefund((await rowOf(id)).provider_id!, 'canceled');
  await pass(day);
  await becomes(id, 'canceled');
  await over(`refund:${id}`);
  expect(await balanceOf(story, paid.accountId)).toBe(2_000_000);
  expect(await openCases(story, `refund:${id}`)).toMatchObject([{ kind: 'refund.canceled', detail: { why: 'general_decline' } }]);
  expect(await lettersOf(story, paid.accountId, 'payment.refunded')).toBe(0);
});

test('I10: what nobody approves lapses after a week: nothing was sent, and the money is on the balance again', async () => {
  const { id, approval } = await refund(1_500_000);
  await pass(7 * day - minute);
  expect(await rowOf(id)).toMatchObject({ state: 'awaiting_approval', asks: 0 });
  expect(await balanceOf(story, paid.accountId)).toBe(500_000);
  await pass(2 * minute);
  await becomes(id, 'withdrawn');
  await over(`refund:${id}`);
  await over(`approval:${approval}`);
  expect(await balanceOf(story, paid.accountId)).toBe(2_000_000);
  expect(atProvider()).toHaveLength(0);
  expect(story.mail.to(paid.customer.email)).toHaveLength(0);
});

test('I10: approved on the sixth day, it goes at once', async () => {
  const { id, approval } = await refund(1_500_000);
  await pass(6 * day);
  const petr = await story.people.staff({ role: 'billing' });
  expect((await petr.post(`/money-approvals/${approval}/approval`, undefined, key())).status).toBe(200);
  await becomes(id, 'succeeded');
  await over(`approval:${approval}`);
  expect(atProvider()).toHaveLength(1);
});

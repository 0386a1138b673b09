/** A payment over days (SPEC B2): the provider's notifications never arrive, and the payer takes his time. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calm } from '../../dev/payment-simulator/dial.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';
import { balanceOf, key, rub } from '../integration/refund-surroundings.ts';

let story: Story;
const hour = 3600;
const day = 24 * hour;

beforeAll(async () => {
  story = await beginStory('2035-03-05T07:00:00Z');
  story.simulator.dial({ ...calm, notificationsLost: 1 });
});
afterAll(() => story?.stop());

const pass = async (seconds: number) => story.passUntil(new Date(story.now().getTime() + seconds * 1000));

test('B2: paid after two days, of which nobody tells: it is on the balance within an hour, once, and its workflow is over', async () => {
  const anna = await story.people.customer();
  const { id } = (await anna.post('/payments', { amount: rub(250_000) }, key())).body;
  const rowOf = async () =>
    (
      await story.db.query<{ state: string; provider_id: string | null; settled_at: Date | null; asks: number }>(
        'select * from payment where id = $1',
        [id],
      )
    )[0]!;
  const providerId = await until('it can be paid', async () => (await rowOf()).provider_id ?? undefined);
  // Other ways to pay give the payer days, where the simulator gives an hour: its clock is set back.
  await story.simulator.moveClock(-3 * day);
  await pass(2 * day);
  expect(await rowOf()).toMatchObject({ state: 'pending' });
  // Ever more seldom, up to once an hour: some ten times within the first hour and a half, then hourly.
  const asked = story.simulator.counts()['GET /payments/{id}'] ?? 0;
  expect(asked).toBeGreaterThanOrEqual(50);
  expect(asked).toBeLessThanOrEqual(58);

  const paidAt = story.now();
  await story.simulator.pay(providerId);
  expect(await story.db.query('select 1 from provider_notification')).toHaveLength(0);
  await pass(hour + 1);
  await until('it is credited', async () => (await rowOf()).state === 'succeeded');
  const { settled_at: settledAt } = await rowOf();
  expect((settledAt!.getTime() - paidAt.getTime()) / 1000).toBeLessThanOrEqual(hour + 60);
  expect(await balanceOf(story, anna.accountId)).toBe(250_000);
  await until('its workflow is over', async () => {
    const { status } = await story.temporal.workflow.getHandle(`payment:${id}`).describe();
    return status.name === 'COMPLETED';
  });
  await story.settled();
  expect(story.mail.to(anna.email)).toHaveLength(1);
  await pass(day);
  expect(await balanceOf(story, anna.accountId)).toBe(250_000);
  expect(story.simulator.payments()).toHaveLength(1);
});

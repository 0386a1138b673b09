/** Topping up against the simulator, which speaks the provider's protocol over HTTP (SPEC B2; reference: yookassa). */
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordNotification } from '../../db/repositories/provider-notifications.ts';
import { takeProviderPayment } from '../../db/repositories/payment-settling.ts';
import type { ApiAnswer } from '../harness/api-driver.ts';
import { historyAtRest, startKontor, type Kontor } from '../harness/kontor.ts';
import { mailTo } from '../harness/mailed.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { systemClock } from '../../system-clock.ts';

let kontor: Kontor;
let vera: TestStaff;

beforeAll(async () => {
  kontor = await startKontor();
  vera = await kontor.people.staff({ role: 'billing' });
});
afterAll(() => kontor?.stop());

let keys = 0;
const keyed = () => ({ 'idempotency-key': `payments-${(keys += 1)}` });
const roubles = (amountMinor: number) => ({ amount: { amountMinor, currency: 'RUB' } });
const codeOf = (answer: ApiAnswer) => [answer.status, answer.body.error?.code];

async function topUp(by: TestCustomer, amountMinor = 100_000): Promise<string> {
  const answer = await by.post('/payments', roubles(amountMinor), keyed());
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const stateOf = async (by: TestCustomer, id: string) => (await by.get(`/payments/${id}`)).body.state as string;
const payable = async (id: string) =>
  until(`${id} can be paid`, async () => {
    const [row] = await kontor.db.query<{ provider_id: string | null }>('select provider_id from payment where id = $1', [id]);
    return row?.provider_id ?? undefined;
  });
const comesTo = async (by: TestCustomer, id: string, state: string) =>
  until(`${id} is ${state}`, async () => (await stateOf(by, id)) === state, 40);
const balanceOf = async (by: TestCustomer) => (await by.get('/balance')).body.balance.amountMinor as number;

describe('a top-up', () => {
  test('B2: is taken at once, can be paid a moment later, and is on the balance when it is paid', async () => {
    const anna = await kontor.people.customer();
    const answer = await anna.post('/payments', roubles(123_400), keyed());
    expect(answer.body).toMatchObject({ state: 'preparing', confirmationUrl: null, next: { what: 'create' } });
    const { id } = answer.body;
    const providerId = await payable(id);
    expect((await anna.get(`/payments/${id}`)).body).toMatchObject({
      state: 'pending',
      confirmationUrl: expect.stringContaining('http'),
      next: { what: 'ask' },
    });
    await kontor.simulator.pay(providerId);
    await comesTo(anna, id, 'succeeded');
    expect(await balanceOf(anna)).toBe(123_400);
    expect((await anna.get(`/payments/${id}`)).body).toMatchObject({ confirmationUrl: null, next: null });
    const mail = await mailTo(kontor.mail, anna.email, /1\s?234,00/u);
    expect(mail.text).toMatch(/1\s234,00/u);
    const page = (await vera.get(`/payments/${id}`)).body;
    expect(page.events.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['begun', 'sent', 'accepted', 'credited']),
    );
    expect(page.unspent).toEqual({ amountMinor: 123_400, currency: 'RUB' });
  });

  test('B2: sums that are none are refused, and nothing is begun', async () => {
    const anna = await kontor.people.customer();
    expect(codeOf(await anna.post('/payments', roubles(99), keyed()))).toEqual([422, 'payment.amount_too_small']);
    expect((await anna.post('/payments', roubles(100), keyed())).status).toBe(201);
    for (const amountMinor of [100.5, -100, 0, 2 ** 53, '1e3', null])
      expect((await anna.post('/payments', { amount: { amountMinor, currency: 'RUB' } }, keyed())).status).toBe(400);
    expect(codeOf(await anna.post('/payments', { amount: { amountMinor: 500, currency: 'USD' } }, keyed()))).toEqual([
      422,
      'money.currency_wrong',
    ]);
    expect(codeOf(await anna.post('/payments', { ...roubles(500), returnUrl: 'http://shop.example/back' }, keyed()))).toEqual([
      422,
      'payment.return_url_invalid',
    ]);
    expect(codeOf(await anna.post('/payments', roubles(500)))).toEqual([400, 'money.key_required']);
    expect((await anna.get('/payments')).body.items).toHaveLength(1);
  });

  test('B2, trap 7: that the payer came back proves nothing', async () => {
    const anna = await kontor.people.customer();
    const id = await topUp(anna);
    await payable(id);
    await fetch(new URL('/links/payment-return?payment=succeeded', kontor.origin));
    expect(await stateOf(anna, id)).toBe('pending');
    expect(await balanceOf(anna)).toBe(0);
  });

  test('B2: one that is declined is told, takes no money, and its reason is kept as it came', async () => {
    const anna = await kontor.people.customer();
    const id = await topUp(anna);
    await kontor.simulator.decline(await payable(id), 'insufficient_funds');
    await comesTo(anna, id, 'canceled');
    expect((await anna.get(`/payments/${id}`)).body.cancelledFor).toBe('insufficient_funds');
    expect(await balanceOf(anna)).toBe(0);
  });

  test('B2: who has the provider asked at once stands in its life; where nothing is asked any more, nothing happens', async () => {
    const anna = await kontor.people.customer();
    const id = await topUp(anna);
    const providerId = await payable(id);
    expect((await vera.post(`/payments/${id}/look`)).status).toBe(200);
    const asked = async () => (await vera.get(`/payments/${id}`)).body.events.filter((one: { kind: string }) => one.kind === 'asked');
    expect(await asked()).toMatchObject([{ by: `staff:${vera.id}` }]);
    await kontor.simulator.pay(providerId);
    await comesTo(anna, id, 'succeeded');
    expect((await vera.post(`/payments/${id}/look`)).status).toBe(200);
    expect(await asked()).toHaveLength(1);
  });

  test('I8: a technician neither sees nor makes payments; a stranger meets what does not exist', async () => {
    const [anna, boris] = [await kontor.people.customer(), await kontor.people.customer()];
    const dmitry = await kontor.people.customer({ account: { id: anna.accountId, role: 'technical' } });
    const id = await topUp(anna);
    expect((await boris.get(`/payments/${id}`)).status).toBe(404);
    expect(codeOf(await dmitry.get(`/payments/${id}`))).toEqual([403, 'auth.not_permitted']);
    expect(codeOf(await dmitry.post('/payments', roubles(500), keyed()))).toEqual([403, 'auth.not_permitted']);
  });

  test('B2: its history in the engine holds ids, states and instants, and nobody’s data', async () => {
    const anna = await kontor.people.customer();
    const wish = { ...roubles(4_400), returnUrl: 'https://shop.example/back?of=anna-petrova' };
    const { id } = (await anna.post('/payments', wish, keyed())).body as { id: string };
    await kontor.simulator.pay(await payable(id));
    await comesTo(anna, id, 'succeeded');
    await kontor.settled();
    const json = historyToJSON(await kontor.temporal.workflow.getHandle(`payment:${id}`).fetchHistory());
    const told = [...json.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)]
      .map(([, data]) => Buffer.from(data!, 'base64').toString('utf8'))
      .join('\n');
    expect(told).toContain(id);
    for (const ofAnna of [anna.email, anna.id, anna.accountId, 'anna-petrova', 'shop.example']) expect(told + json).not.toContain(ofAnna);
  });
});

describe('notifications', () => {
  test('B2, R5, trap 2: ten of each, shuffled, before the call that made it was answered: one credit', async () => {
    kontor.simulator.dial({ notificationsEarly: 1, notificationsRepeated: 9 });
    const anna = await kontor.people.customer();
    const id = await topUp(anna, 7_700);
    await comesTo(anna, id, 'succeeded');
    kontor.simulator.dial({ notificationsEarly: 0, notificationsRepeated: 0 });
    expect(await balanceOf(anna)).toBe(7_700);
    const letters = await kontor.db.query(`select 1 from notification where recipient_id = $1 and event = 'payment.credited'`, [anna.id]);
    expect(letters).toHaveLength(1);
  });

  test('B2, R5: when none comes, the provider is asked; one that comes after all changes nothing', async () => {
    kontor.simulator.dial({ notificationsLost: 1 });
    const anna = await kontor.people.customer();
    const id = await topUp(anna);
    const providerId = await payable(id);
    await kontor.simulator.pay(providerId);
    await comesTo(anna, id, 'succeeded');
    kontor.simulator.dial({ notificationsLost: 0 });
    expect(await kontor.simulator.notify(providerId)).toBe(200);
    await kontor.settled();
    expect(await balanceOf(anna)).toBe(100_000);
    const letters = await kontor.db.query(`select 1 from notification where recipient_id = $1 and event = 'payment.credited'`, [anna.id]);
    expect(letters).toHaveLength(1);
  });

  test('B2, trap 8: one of a payment that nobody knows becomes a case', async () => {
    const objectId = '2e1b0f00-000f-5000-8000-1a2b3c4d5e6f';
    const answer = await fetch(new URL('/webhooks/yookassa', kontor.origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'notification', event: 'payment.succeeded', object: { id: objectId, status: 'succeeded' } }),
    });
    expect(answer.status).toBe(200);
    await until('the case is open', async () => {
      const cases = await kontor.db.query(`select 1 from staff_case where kind = 'payment.unknown_notification' and about = $1`, [
        `provider:${objectId}`,
      ]);
      return cases.length === 1;
    });
  });

  test('B2: a forged sum in a notification is nobody’s matter', async () => {
    const anna = await kontor.people.customer();
    const id = await topUp(anna, 5_000);
    const providerId = await payable(id);
    const told = {
      type: 'notification',
      event: 'payment.succeeded',
      object: { id: providerId, status: 'succeeded', amount: { value: '999999.00', currency: 'RUB' } },
    };
    await fetch(new URL('/webhooks/yookassa', kontor.origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(told),
    });
    await until('it was looked at', async () => {
      const [row] = await kontor.db.query<{ asks: number }>('select asks from payment where id = $1', [id]);
      return row!.asks > 0;
    });
    expect(await stateOf(anna, id)).toBe('pending');
    expect(await balanceOf(anna)).toBe(0);
  });

  test('E: what is no notification is refused, and what is too large, too', async () => {
    const send = async (body: string) =>
      (
        await fetch(new URL('/webhooks/yookassa', kontor.origin), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
      ).status;
    expect(await send('{"type":')).toBe(400);
    expect(await send('[]')).toBe(400);
    expect(await send(JSON.stringify({ event: 'payment.succeeded', object: { id: { $ne: 1 } } }))).toBe(400);
    expect(await send(`{"x":"${'a'.repeat(1_048_576)}"}`)).toBe(413);
  });

  test('B7, trap 5: a refund that was made in the cabinet leaves the balance', async () => {
    const anna = await kontor.people.customer();
    const id = await topUp(anna, 9_000);
    const providerId = await payable(id);
    await kontor.simulator.pay(providerId);
    await comesTo(anna, id, 'succeeded');
    await kontor.simulator.refundInCabinet(providerId, 4_000);
    await until('the balance is smaller', async () => (await balanceOf(anna)) === 5_000);
  });
});

test('B2: two notifications handled in the same instant credit once', async () => {
  const anna = await kontor.people.customer();
  const id = await topUp(anna, 3_300);
  const providerId = await payable(id);
  kontor.simulator.dial({ notificationsLost: 1 });
  await kontor.simulator.pay(providerId);
  kontor.simulator.dial({ notificationsLost: 0 });
  const told = { provider: 'yookassa', event: 'payment.succeeded', objectId: providerId, paymentId: id };
  await Promise.all(Array.from({ length: 10 }, async () => recordNotification(kontor.database, systemClock, told)));
  await anna.post('/notifications/read');
  await comesTo(anna, id, 'succeeded');
  expect(await balanceOf(anna)).toBe(3_300);
});

test('B2, trap 4: one that was given up and is paid all the same is credited', async () => {
  const anna = await kontor.people.customer();
  const id = await topUp(anna, 6_100);
  const providerId = await payable(id);
  // As it stands after days of looking: nobody waits for it any more, and its number was never learned.
  await kontor.db.query(`delete from obligation where entity = 'payment:' || $1`, [id]);
  await kontor.db.query(`update payment set state = 'lapsed', settled_at = now(), provider_id = null where id = $1`, [id]);
  await kontor.simulator.pay(providerId);
  await comesTo(anna, id, 'succeeded');
  expect(await balanceOf(anna)).toBe(6_100);
});

test('B2: one that was given up and is found after all has no end any more', async () => {
  const anna = await kontor.people.customer();
  const id = await topUp(anna, 6_200);
  const providerId = await payable(id);
  await kontor.db.query(`delete from obligation where entity = 'payment:' || $1`, [id]);
  await kontor.db.query(`update payment set state = 'lapsed', settled_at = now(), provider_id = null where id = $1`, [id]);
  const there = await kontor.provider.readPayment(providerId);
  if (there.kind !== 'answer') throw new Error(there.kind);
  const { found } = there;
  await kontor.database.fork().transactional((em) => takeProviderPayment(em, systemClock.now(), id, found, kontor.provider));
  expect(await kontor.db.query('select state, provider_id, settled_at from payment where id = $1', [id])).toEqual([
    { state: 'pending', provider_id: providerId, settled_at: null },
  ]);
});

test('B2, trap 3: money that came otherwise than it was asked for is not credited, and becomes a case', async () => {
  const anna = await kontor.people.customer();
  const id = await topUp(anna, 8_200);
  const providerId = await payable(id);
  await kontor.db.query('update payment set amount_minor = amount_minor + 100 where id = $1', [id]);
  await kontor.simulator.pay(providerId);
  await comesTo(anna, id, 'review');
  expect(await balanceOf(anna)).toBe(0);
  expect(await kontor.db.query(`select 1 from staff_case where detail ->> 'fault' = 'amount' and about like '%' || $1`, [id])).toHaveLength(
    1,
  );
  expect(await kontor.db.query('select 1 from money_in where payment_id = $1', [id])).toHaveLength(0);
});

test('B2: a payment that is made, told of and credited costs at most 60 events', async () => {
  const anna = await kontor.people.customer();
  const id = await topUp(anna, 4_400);
  await kontor.simulator.pay(await payable(id));
  await comesTo(anna, id, 'succeeded');
  await kontor.settled();
  const events = await until('its workflow rests', () => historyAtRest(kontor.temporal, `payment:${id}`));
  expect(events).toBeLessThanOrEqual(60);
});

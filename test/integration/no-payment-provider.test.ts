import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer } from '../harness/people.ts';

let kontor: Kontor;
let anna: TestCustomer;
beforeAll(async () => {
  kontor = await startKontor({ paymentProvider: false });
  anna = await kontor.people.customer({ name: 'Anna Petrova' });
});
afterAll(() => kontor?.stop());

test('B11: without a provider nothing is begun that nobody could take the money for; all else works', async () => {
  const amount = { amountMinor: 10_000, currency: 'RUB' };
  const refused = await anna.post('/payments', { amount }, { 'idempotency-key': 'k1' });
  expect(refused.status).toBe(409);
  expect(refused.body.error.code).toBe('payment.unavailable');
  expect((await anna.get('/payments')).body.items).toEqual([]);
  expect((await anna.get('/balance')).status).toBe(200);
});

test('B4: nor is an order begun that is to be paid through it', async () => {
  const order = { quote: 'quo_01jd3y8k2m5n7p9q1r3s5t7v9w', payBy: 'provider' };
  const refused = await anna.post('/orders', order, { 'idempotency-key': 'k2' });
  expect(refused.body.error.code).toBe('payment.unavailable');
});

test('B2: nobody knocks where there is no door', async () => {
  const knock = { type: 'notification', event: 'payment.succeeded', object: { id: '22e12f66-000f-5000-8000-18db351245c7' } };
  const answer = await fetch(`${kontor.origin}/webhooks/yookassa`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(knock),
  });
  expect(answer.status).toBe(404);
  expect(await kontor.db.query('select 1 from provider_notification')).toEqual([]);
});

test('B11: who is asked where there is nobody answers that he does not know', async () => {
  const { provider } = kontor;
  const within = { from: new Date(0), to: new Date(1) };
  const money = { key: 'k', amountMinor: 1, currency: 'RUB' };
  for (const answer of await Promise.all([
    provider.createPayment({ ...money, paymentId: 'pay_1', returnUrl: 'https://kontor.example', description: '' }),
    provider.readPayment('x'),
    provider.listPayments(within, null),
    provider.createRefund({ ...money, refundId: 'rfd_1', paymentId: 'x' }),
    provider.readRefund('x'),
    provider.listRefunds(within, null),
  ]))
    expect(answer).toEqual({ kind: 'unknown', why: 'unreachable' });
});

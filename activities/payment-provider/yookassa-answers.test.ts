import { describe, expect, test } from 'vitest';
import { readPayment, readPaymentPage, readRefund, readRefundPage } from './yookassa-answers.ts';

const payment = {
  id: '22e12f66-000f-5000-8000-18db351245c7',
  status: 'succeeded',
  amount: { value: '100.00', currency: 'RUB' },
  income_amount: { value: '96.50', currency: 'RUB' },
  created_at: '2031-07-18T10:51:18.139Z',
  recipient: { account_id: '100500', gateway_id: '1' },
  payment_method: { type: 'bank_card', id: 'x', saved: false },
  refunded_amount: { value: '10.00', currency: 'RUB' },
  metadata: { paymentId: 'pay_1' },
  paid: true,
  refundable: true,
  test: false,
};
const refund = {
  id: '216749f7-0016-50be-b000-078d43a63ae4',
  payment_id: payment.id,
  status: 'succeeded',
  amount: { value: '10.00', currency: 'RUB' },
  created_at: '2031-07-19T10:51:18.139+03:00',
  metadata: { refundId: 'rfd_1' },
};
const read = (change: object) => readPayment({ ...payment, ...change }, true);

test('B11: a payment is read as it stands', () => {
  expect(readPayment(payment, true)).toEqual({
    id: payment.id,
    state: 'succeeded',
    amountMinor: 10_000,
    currency: 'RUB',
    createdAt: new Date('2031-07-18T10:51:18.139Z'),
    confirmationUrl: null,
    paymentId: 'pay_1',
    recipient: '100500',
    isTest: false,
    method: 'bank_card',
    cancelledBy: null,
    cancelledFor: null,
    incomeMinor: 9_650,
    refundedMinor: 1_000,
  });
});

describe('what decides about money must be as documented, or nothing is read', () => {
  test.each([
    ['an unknown state', { status: 'half_succeeded' }],
    ['no state', { status: undefined }],
    ['no sum', { amount: undefined }],
    ['a sum that is a number', { amount: { value: 100, currency: 'RUB' } }],
    ['a sum with three decimals', { amount: { value: '100.005', currency: 'RUB' } }],
    ['a sum of no currency', { amount: { value: '100.00', currency: 'roubles' } }],
    ['a sum given back in another currency', { refunded_amount: { value: '10.00', currency: 'USD' } }],
    ['a sum given back that is none', { refunded_amount: { value: 'ten', currency: 'RUB' } }],
    ['no id', { id: undefined }],
    ['an id that is a path', { id: '../refunds' }],
    ['no word on whether it is a test', { test: undefined }],
    ['a test that is a text', { test: 'false' }],
    ['a time that is none', { created_at: 'yesterday' }],
  ])('B2: %s', (_name, change) => expect(read(change)).toBeUndefined());

  test.each([undefined, null, [], 'succeeded', 5, true, {}])('B2: %j is no payment and no page of them', (body) => {
    expect(readPayment(body, true)).toBeUndefined();
    expect(readRefund(body)).toBeUndefined();
    expect(readPaymentPage(body, true)).toBeUndefined();
    expect(readRefundPage(body)).toBeUndefined();
  });
});

describe('what is only told is kept as it came', () => {
  test('B11: methods and reasons come and go: unknown ones are data', () => {
    const found = read({
      status: 'canceled',
      payment_method: { type: 'digital_rouble_by_gaze', gaze: 1 },
      cancellation_details: { party: 'moon', reason: 'eclipse' },
      settled_by: { nobody: ['knows'] },
    });
    expect(found).toMatchObject({ method: 'digital_rouble_by_gaze', cancelledBy: 'moon', cancelledFor: 'eclipse' });
  });

  test.each([
    ['a method that is a text', { payment_method: 'bank_card' }, 'method'],
    ['a reason of a megabyte', { cancellation_details: { party: 'x', reason: 'y'.repeat(1_000_000) } }, 'cancelledFor'],
    ['metadata that are none', { metadata: 'pay_1' }, 'paymentId'],
    ['no recipient', { recipient: undefined }, 'recipient'],
    ['income that is none', { income_amount: 'most of it' }, 'incomeMinor'],
    ['income in another currency', { income_amount: { value: '1.00', currency: 'USD' } }, 'incomeMinor'],
  ])('B11: %s is as good as not said', (_name, change, field) => expect(read(change)?.[field as 'method']).toBeNull());
});

test('B2: a payer is sent to pages alone, by https unless the provider himself is reached without', () => {
  const to = (confirmation_url: unknown, httpsOnly = true) =>
    readPayment({ ...payment, confirmation: { type: 'redirect', confirmation_url } }, httpsOnly)?.confirmationUrl;
  expect(to('https://yoomoney.example/pay?id=1')).toBe('https://yoomoney.example/pay?id=1');
  expect(to('http://127.0.0.1:8090/pay/1', false)).toBe('http://127.0.0.1:8090/pay/1');
  for (const address of ['http://yoomoney.example/pay', 'javascript:alert(1)', 'data:text/html,x', '//evil.example', '', 5, null])
    expect(to(address), String(address)).toBeNull();
  expect(to('javascript:alert(1)', false)).toBeNull();
});

test('B7: a refund is read with our id, from its metadata or from its description; one from the cabinet has none', () => {
  expect(readRefund(refund)).toMatchObject({ refundId: 'rfd_1', state: 'succeeded', amountMinor: 1_000, paymentId: payment.id });
  expect(readRefund({ ...refund, metadata: undefined, description: 'rfd_2' })?.refundId).toBe('rfd_2');
  expect(readRefund({ ...refund, metadata: undefined, description: 'as the customer asked' })?.refundId).toBeNull();
  expect(readRefund({ ...refund, status: 'gone' })).toBeUndefined();
});

test('B10: a page with one item that cannot be read is no page: money would be missing from it', () => {
  const page = { type: 'list', items: [payment, { ...payment, status: 'odd' }], next_cursor: 'x' };
  expect(readPaymentPage(page, true)).toBeUndefined();
  expect(readPaymentPage({ ...page, items: [payment] }, true)).toMatchObject({ items: [{ id: payment.id }], nextCursor: 'x' });
  expect(readRefundPage({ type: 'list', items: [refund] })).toMatchObject({ items: [{ id: refund.id }], nextCursor: null });
});

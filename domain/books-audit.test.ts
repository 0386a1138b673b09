import { describe, expect, test } from 'vitest';
import { auditPeriod, differenceOfPayment, differenceOfRefund, nextAudit, waitForProvider } from './books-audit.ts';

const now = new Date('2026-11-24T09:00:00Z');
const old = new Date('2026-11-20T09:00:00Z');
const young = new Date('2026-11-24T08:30:00Z');
const sum = { amountMinor: 10_000, currency: 'RUB' };

describe('B10: when the books are audited, and of what', () => {
  test('B10: at half past three in Moscow, which is half past midnight in UTC', () => {
    expect(nextAudit(new Date('2026-11-24T00:29:59Z')).toISOString()).toBe('2026-11-24T00:30:00.000Z');
    expect(nextAudit(new Date('2026-11-24T00:30:00Z')).toISOString()).toBe('2026-11-25T00:30:00.000Z');
    expect(nextAudit(new Date('2026-11-24T22:00:00Z')).toISOString()).toBe('2026-11-25T00:30:00.000Z');
    // Moscow was four hours ahead until 26 October 2014.
    expect(nextAudit(new Date('2014-10-25T12:00:00Z')).toISOString()).toBe('2014-10-25T23:30:00.000Z');
    expect(nextAudit(new Date('2014-10-27T12:00:00Z')).toISOString()).toBe('2014-10-28T00:30:00.000Z');
  });

  test('B10: two days before the end of the last one are looked at again; the first begins with the first payment', () => {
    expect(auditPeriod({ doneUpTo: new Date('2026-11-23T00:30:00Z'), firstPaymentAt: old }, now)).toEqual({
      from: new Date('2026-11-21T00:30:00Z'),
      to: now,
    });
    expect(auditPeriod({ doneUpTo: null, firstPaymentAt: old }, now).from).toEqual(old);
    expect(auditPeriod({ doneUpTo: null, firstPaymentAt: null }, now).from).toEqual(new Date('2026-11-22T09:00:00Z'));
  });

  test('B10: a provider who is away is waited for longer each time, within half an hour', () => {
    const since = new Date(now.getTime() - 90_000);
    expect(waitForProvider(now, now)).toBe(30_000);
    expect(waitForProvider(since, now)).toBe(90_000);
    expect(waitForProvider(since, now, 120_000)).toBe(120_000);
    expect(waitForProvider(old, now, 86_400_000)).toBe(1_800_000);
  });
});

describe('B10: what differs', () => {
  test.each([
    ['both succeeded', 'succeeded', 'succeeded', old, undefined],
    ['both wait', 'pending', 'pending', old, undefined],
    ['paid there a moment ago', 'pending', 'succeeded', young, undefined],
    ['paid there, not credited', 'pending', 'succeeded', old, 'books.payment_not_credited'],
    ['paid there, given up here', 'lapsed', 'succeeded', old, 'books.payment_not_credited'],
    ['credited, not paid', 'succeeded', 'pending', young, 'books.payment_not_succeeded'],
    ['credited, called off there', 'succeeded', 'canceled', old, 'books.payment_not_succeeded'],
    ['not paid there, failed here', 'canceled', 'canceled', old, undefined],
  ] as const)('B10: a payment: %s', (_, here, there, at, found) => {
    expect(differenceOfPayment({ ...sum, state: here, begunAt: at }, { ...sum, state: there, createdAt: at }, now)).toBe(found);
  });

  test('B10: a payment that one side lacks, or whose sum differs', () => {
    const here = { ...sum, state: 'succeeded', begunAt: old } as const;
    const there = { ...sum, state: 'succeeded', createdAt: old } as const;
    expect(differenceOfPayment(undefined, there, now)).toBe('books.payment_unknown');
    expect(differenceOfPayment(undefined, { ...there, state: 'canceled' }, now)).toBeUndefined();
    expect(differenceOfPayment(here, undefined, now)).toBe('books.payment_missing');
    expect(differenceOfPayment({ ...here, begunAt: young }, undefined, now)).toBeUndefined();
    expect(differenceOfPayment(here, { ...there, amountMinor: 9_999 }, now)).toBe('books.payment_amount_differs');
    expect(differenceOfPayment(here, { ...there, currency: 'USD' }, now)).toBe('books.payment_amount_differs');
    expect(differenceOfPayment(undefined, undefined, now)).toBeUndefined();
  });

  test.each([
    ['both succeeded', 'succeeded', 'succeeded', old, undefined],
    ['paid back there a moment ago', 'pending', 'succeeded', young, undefined],
    ['paid back there, open here', 'pending', 'succeeded', old, 'books.refund_not_settled'],
    ['paid back there, given back to the balance here', 'canceled', 'succeeded', old, 'books.refund_not_settled'],
    ['paid back here, called off there', 'succeeded', 'canceled', old, 'books.refund_not_succeeded'],
    ['under way on both sides', 'pending', 'pending', old, undefined],
  ] as const)('B10: a refund: %s', (_, here, there, at, found) => {
    expect(differenceOfRefund({ ...sum, state: here, sentAt: at }, { ...sum, state: there, createdAt: at }, now)).toBe(found);
  });
});

import { describe, expect, test } from 'vitest';
import {
  afterAsking,
  afterFinding,
  afterSending,
  askAgainSeconds,
  faultInRefund,
  refundableMinor,
  stepOfSending,
  type Refundable,
} from './refund-life.ts';

const hour = 3600;
const sentAt = new Date('2026-03-02T09:00:00Z');
const later = (seconds: number) => new Date(sentAt.getTime() + seconds * 1000);
const sent = { sentAt, asks: 0, refusedWith: null };

const payment: Refundable = {
  amountMinor: 10_000,
  currency: 'RUB',
  state: 'succeeded',
  settledAt: sentAt,
  chargedBackAt: null,
  goneMinor: 0,
  unspentMinor: 10_000,
};

describe('B7: what of a payment can go back', () => {
  test('is what is unspent, and what was not refunded', () => {
    expect(refundableMinor(payment, sentAt)).toBe(10_000);
    expect(refundableMinor({ ...payment, unspentMinor: 300 }, sentAt)).toBe(300);
    expect(refundableMinor({ ...payment, goneMinor: 9_900 }, sentAt)).toBe(100);
  });

  test('is nothing of what did not come in, was charged back, or is older than any window', () => {
    expect(faultInRefund({ ...payment, state: 'pending', settledAt: null }, 1, sentAt)?.refused).toBe('payment.not_settled');
    expect(faultInRefund({ ...payment, chargedBackAt: sentAt }, 1, sentAt)?.refused).toBe('payment.charged_back');
    expect(faultInRefund(payment, 1, later(3 * 365 * 24 * hour))).toBeUndefined();
    expect(faultInRefund(payment, 1, later(3 * 365 * 24 * hour + 1))?.refused).toBe('refund.window_over');
    expect(faultInRefund({ ...payment, unspentMinor: 0 }, 0, sentAt)?.refused).toBe('refund.exceeds_unspent');
  });
});

describe('B7: a key is used for 20 hours (yookassa, trap 1)', () => {
  test('and not at the 20th', () => {
    expect(stepOfSending({ sentAt }, later(20 * hour - 1)).step).toBe('send');
    expect(stepOfSending({ sentAt }, later(20 * hour)).step).toBe('find');
  });

  test('an answer that did not come is asked for in a minute, or when the provider says', () => {
    const unknown = { kind: 'unknown', why: 'timeout' } as const;
    expect(afterSending(sent, unknown, later(5))).toMatchObject({ kind: 'again', step: 'send', dueAt: later(65) });
    expect(afterSending(sent, { ...unknown, retryAfterMs: 300_000 }, later(5))).toMatchObject({ step: 'send', dueAt: later(305) });
    expect(afterSending(sent, unknown, later(20 * hour - 30))).toMatchObject({ step: 'find', dueAt: later(20 * hour + 30) });
  });

  test('a no is believed as the first answer only', () => {
    const no = { kind: 'refused', code: 'invalid_request', parameter: 'amount.value' } as const;
    expect(afterSending(sent, no, later(1))).toEqual({ kind: 'give_back', why: 'invalid_request amount.value' });
    expect(afterSending({ ...sent, asks: 1 }, no, later(61))).toMatchObject({ kind: 'again', step: 'find' });
  });

  test('a list that could not be read to its end decides nothing', () => {
    for (const answer of [
      { kind: 'unknown', why: 'timeout' },
      { kind: 'refused', code: 'invalid_request' },
    ] as const)
      expect(afterFinding(sent, answer, later(72 * hour))).toMatchObject({ kind: 'again', step: 'find' });
    expect(afterFinding(sent, { kind: 'not_found' }, later(48 * hour - 1))).toMatchObject({ kind: 'again', step: 'find' });
    expect(afterFinding(sent, { kind: 'not_found' }, later(48 * hour))).toEqual({ kind: 'give_back', why: 'never_made' });
  });
});

describe('B7: what the provider has is asked for', () => {
  test('soon at first, once a day in the end, and never given up', () => {
    expect(Array.from({ length: 12 }, (_, asks) => askAgainSeconds(asks))).toEqual([
      10, 30, 60, 300, 900, 3600, 10_800, 21_600, 86_400, 86_400, 86_400, 86_400,
    ]);
    expect(afterAsking({ sentAt, asks: 9 }, { kind: 'not_found' }, later(9 * 24 * hour))).toMatchObject({ kind: 'again', needsLook: true });
  });
});

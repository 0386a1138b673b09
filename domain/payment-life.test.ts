import { describe, expect, test } from 'vitest';
import {
  askAgainAfterSeconds,
  describePayment,
  faultInPayment,
  isReturnUrl,
  keyIsGoodForSeconds,
  maxReturnUrlCharacters,
  paymentStates,
  paymentStory,
  sendAgainAfterSeconds,
  type FoundPayment,
} from './payment-life.ts';

const hour = 3600;
const asked = { amountMinor: 10_000, currency: 'RUB' };
const shop = { shopId: '506751', takesTestMoney: false };
const found: FoundPayment = {
  ...asked,
  id: '2e1b0f00-000f-5000-8000-1a2b3c4d5e6f',
  state: 'succeeded',
  confirmationUrl: null,
  paymentId: 'pay_01',
  recipient: '506751',
  isTest: false,
  method: 'bank_card',
  cancelledBy: null,
  cancelledFor: null,
  incomeMinor: null,
};

describe('B2: schedules', () => {
  test('an answer that says nothing: the same again each minute, and each quarter of an hour when that goes on', () => {
    expect([1, 2, 15, 16, 100].map(sendAgainAfterSeconds)).toEqual([60, 60, 60, 900, 900]);
  });

  test('a payment that is open: after ten seconds, then twice as long each time, up to an hour', () => {
    expect([0, 1, 2, 8, 9, 10_000].map(askAgainAfterSeconds)).toEqual([10, 20, 40, 2_560, hour, hour]);
  });

  test('trap 1: a key is used for less than the day that the provider remembers it', () => {
    expect(keyIsGoodForSeconds).toBe(20 * hour);
  });
});

describe('B2, trap 3: what makes a payment not the one that was asked for', () => {
  test('nothing, where it is', () => {
    expect(faultInPayment(asked, found, shop)).toBeUndefined();
    expect(faultInPayment(asked, { ...found, recipient: null }, shop)).toBeUndefined();
    expect(faultInPayment(asked, { ...found, isTest: true }, { ...shop, takesTestMoney: true })).toBeUndefined();
  });

  test.each([
    ['currency', { currency: 'USD' }],
    ['currency', { currency: 'USD', amountMinor: 1 }],
    ['amount', { amountMinor: 9_999 }],
    ['amount', { amountMinor: 10_001 }],
    ['recipient', { recipient: '506752' }],
    ['recipient', { recipient: '' }],
    ['test', { isTest: true }],
  ] as const)('its %s: %j', (fault, otherwise) => {
    expect(faultInPayment(asked, { ...found, ...otherwise }, shop)).toBe(fault);
  });
});

describe('B2: where a payer may be sent back to', () => {
  test.each(['https://shop.example/back?x=1', 'http://localhost:8080/', 'http://127.0.0.1/', 'http://127.1.2.3/', 'http://[::1]:80/x'])(
    '%s',
    (url) => expect(isReturnUrl(url)).toBe(true),
  );

  test.each([
    '',
    '/back',
    'shop.example',
    'http://shop.example/',
    'http://localhost.example/',
    'http://127.0.0.1.example/',
    'https://anna:word@shop.example/',
    'https://anna@shop.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    `https://shop.example/${'a'.repeat(maxReturnUrlCharacters)}`,
  ])('not %s', (url) => expect(isReturnUrl(url)).toBe(false));

  test('and as far as its length goes, to the last character', () => {
    const base = 'https://shop.example/';
    expect(isReturnUrl(base.padEnd(maxReturnUrlCharacters, 'a'))).toBe(true);
    expect(isReturnUrl(base.padEnd(maxReturnUrlCharacters + 1, 'a'))).toBe(false);
  });
});

test('trap 1: what the payer reads is the same at each try, and short enough', () => {
  const id = `pay_${'0'.repeat(26)}`;
  expect(describePayment(id, null)).toBe(describePayment(id, null));
  expect(describePayment(id, null).length).toBeLessThanOrEqual(128);
  expect(describePayment(id, `ord_${'0'.repeat(26)}`).length).toBeLessThanOrEqual(128);
});

describe('what operators read', () => {
  const payment = { id: 'pay_01', begunAt: new Date('2026-03-02T09:00:00Z'), providerId: 'prv-1', sends: 0, next: undefined };

  test.each(paymentStates)('of one that is %s: a sentence with its name, and what is next where anything is', (state) => {
    const alone = paymentStory({ ...payment, state });
    expect(alone).toMatch(/^Payment pay_01, begun .+\.$/u);
    expect(alone).not.toMatch(/undefined|null/u);
    const next = { kind: 'ask', dueAt: new Date('2026-03-02T10:00:00Z') } as const;
    expect(paymentStory({ ...payment, state, next })).toMatch(/\. The provider is asked how it stands .*10:00.*\.$/u);
  });

  test('of how often it was sent', () => {
    const sent = (sends: number) => paymentStory({ ...payment, state: 'preparing', sends });
    expect(sent(0)).toContain('is yet to be sent');
    expect(sent(1)).toContain('was sent to the provider once without');
    expect(sent(7)).toContain('7 times');
  });
});

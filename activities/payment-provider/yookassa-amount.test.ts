import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAmount, spellAmount } from './yookassa-amount.ts';

test('B11: every sum of whole kopecks is spelled with two decimals and read again as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), (amountMinor) => {
      const spelled = spellAmount(amountMinor, 'RUB');
      expect(spelled.value).toMatch(/^\d+\.\d{2}$/);
      expect(readAmount(spelled)).toEqual({ amountMinor, currency: 'RUB' });
    }),
  );
});

test.each([
  [1, '0.01'],
  [99, '0.99'],
  [100, '1.00'],
  [101, '1.01'],
  [429_496_729_601, '4294967296.01'],
])('B11: %i kopecks are %s', (amountMinor, value) => expect(spellAmount(amountMinor, 'RUB').value).toBe(value));

test.each([0, -1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('B11: %d never leaves as a sum', (amountMinor) => {
  expect(() => spellAmount(amountMinor, 'RUB')).toThrow(RangeError);
});

test.each([
  '1e3',
  '1.005',
  '1.0',
  '1',
  '-1.00',
  '+1.00',
  ' 1.00',
  '1.00\n',
  '1,00',
  '0x10.00',
  '١.٠٠',
  '90071992547409931.00',
  '',
  100,
  1.0,
  null,
  undefined,
  ['1.00'],
])('B11: %j is read as no sum', (value) => expect(readAmount({ value, currency: 'RUB' })).toBeUndefined());

test.each(['rub', 'RU', 'RUBL', '₽', '', null, 643])('B11: %j is no currency', (currency) => {
  expect(readAmount({ value: '1.00', currency })).toBeUndefined();
});

test('B11: no sum is read from what is none', () => {
  for (const nothing of [undefined, null, 'x', 5, [], {}]) expect(readAmount(nothing)).toBeUndefined();
});

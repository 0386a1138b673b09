import { describe, expect, test } from 'vitest';
import { readAmountMinor, spellMoney } from './money.ts';

const rub = (amountMinor: number) => spellMoney({ amountMinor, currency: 'RUB' }).replaceAll(/\s/g, ' ');

describe('money', () => {
  test('T16: a sum is spelled to the kopeck, in groups of three', () => {
    expect([1, 99, 100, 500_000, 1_250_000, 10_000_000_000].map(rub)).toEqual([
      '0,01 ₽',
      '0,99 ₽',
      '1,00 ₽',
      '5 000,00 ₽',
      '12 500,00 ₽',
      '100 000 000,00 ₽',
    ]);
    expect(rub(-1_250_005)).toBe('-12 500,05 ₽');
    expect(rub(Number.MAX_SAFE_INTEGER)).toBe('90 071 992 547 409,91 ₽');
  });

  test('T16: a sum does not break at the end of a line', () => {
    expect(spellMoney({ amountMinor: 1_250_000, currency: 'RUB' })).not.toContain(' ');
  });

  test('T16: other currencies are spelled with their own digits', () => {
    expect(spellMoney({ amountMinor: 1_250, currency: 'JPY' }).replaceAll(/\s/g, ' ')).toBe('1 250 ¥');
    expect(spellMoney({ amountMinor: 1_250, currency: 'EUR' }).replaceAll(/\s/g, ' ')).toBe('12,50 €');
  });

  test('T16: a sum is read as it is typed, and what is none is not read', () => {
    expect(['12500', '12 500,00 ₽', '12500.5', '0,01', ' 1\u00a0000 '].map(readAmountMinor)).toEqual([
      1_250_000, 1_250_000, 1_250_050, 1, 100_000,
    ]);
    for (const none of ['', '-5', '1,234', '1.2.3', '1e5', '0x10', 'много', '99999999999999'])
      expect(readAmountMinor(none), none).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentageOff, priceOrder, type OfferedLine } from './order.ts';
import { faultInUse, readPromoCode, type PromoTerms } from './promo-code.ts';
import { taxMinor, taxOf, type TaxRate } from './tax-rate.ts';

const line = (listMinor: number, more: Partial<OfferedLine['tax']> = {}): OfferedLine => ({
  fulfilment: 'quote',
  about: 'quo_1',
  listMinor,
  tax: { category: 'paid_work', rateBp: null, inside: true, ...more },
});
const percentage = (percentageBp: number) => ({ gain: { kind: 'percentage', percentageBp } as const, fits: () => true });
const fixed = (fixedMinor: number) => ({ gain: { kind: 'fixed', fixedMinor, currency: 'RUB' } as const, fits: () => true });

describe('the price of an order', () => {
  test('B5: the larger of the two discounts wins, they are never summed, and on a tie the code is not used up', () => {
    expect(priceOrder([line(10_000)], 1_000, percentage(2_000))).toMatchObject({ discountMinor: 2_000, discountFrom: 'promo' });
    expect(priceOrder([line(10_000)], 2_000, percentage(2_000))).toMatchObject({ discountMinor: 2_000, discountFrom: 'personal' });
    expect(priceOrder([line(10_000)], 0, null)).toMatchObject({ discountMinor: 0, discountFrom: null, totalMinor: 10_000 });
    expect(priceOrder([line(300), line(400)], 0, fixed(500)).lines.map((each) => each.priceMinor)).toEqual([0, 200]);
  });

  test('B5, B13: no discount is more than the price, and the total is what its parts come to', () => {
    const lines = fc.array(fc.integer({ min: 0, max: 10_000_000_000 }), { minLength: 1, maxLength: 5 });
    const bp = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(lines, bp, bp, fc.boolean(), (lists, personal, promo, inside) => {
        const price = priceOrder(
          lists.map((list) => line(list, { rateBp: 2_200, inside })),
          personal,
          promo > 0 ? percentage(promo) : null,
        );
        expect(price.totalMinor).toBe(price.listMinor - price.discountMinor + price.taxOnTopMinor);
        expect(price.taxOnTopMinor).toBe(inside ? 0 : price.taxMinor);
        for (const each of price.lines) expect(each.discountMinor).toBeLessThanOrEqual(each.listMinor);
        expect(price.discountMinor).toBe(
          Math.max(...[personal, promo].map((off) => lists.reduce((sum, list) => sum + percentageOff(list, off), 0))),
        );
      }),
    );
  });

  test('B5: a percentage is exact at sums that doubles are not', () => {
    expect(percentageOff(9_999_999_999, 3_333)).toBe(3_332_999_999);
  });
});

describe('tax', () => {
  const rate = (more: Partial<TaxRate>): TaxRate => ({
    seller: 'main',
    category: 'paid_work',
    customerKind: null,
    country: null,
    validFrom: '2026-01-01',
    rateBp: 2_000,
    inside: true,
    ...more,
  });
  const of = (rates: TaxRate[], day: string) => taxOf(rates, 'main', 'paid_work', { kind: 'company', country: 'RU' }, day).rateBp;

  test('B13: the rate of the day, of the country before that of none, the latest first; without a row no tax', () => {
    expect(of([], '2026-05-01')).toBeNull();
    expect(of([rate({})], '2025-12-31')).toBeNull();
    expect(of([rate({}), rate({ validFrom: '2026-05-01', rateBp: 2_200 })], '2026-05-01')).toBe(2_200);
    expect(of([rate({ country: 'RU', rateBp: 500 }), rate({ customerKind: 'company', rateBp: 700 })], '2026-05-01')).toBe(500);
    expect(of([rate({ country: 'KZ', rateBp: 500 }), rate({ customerKind: 'person', rateBp: 700 })], '2026-05-01')).toBeNull();
  });

  test('B13: in the price or on top of it, rounded half up', () => {
    expect(taxMinor(12_200, { rateBp: 2_200, inside: true })).toBe(2_200);
    expect(taxMinor(10_000, { rateBp: 2_200, inside: false })).toBe(2_200);
    expect(taxMinor(25, { rateBp: 1_000, inside: false })).toBe(3);
    expect(taxMinor(10_000, { rateBp: null, inside: false })).toBe(0);
  });
});

describe('a promo code', () => {
  const terms: PromoTerms = {
    gain: { kind: 'percentage', percentageBp: 1_000 },
    validFrom: new Date('2026-01-01T00:00:00Z'),
    validUntil: new Date('2026-02-01T00:00:00Z'),
    totalCap: 2,
    accountCap: 1,
    fits: null,
    isWithdrawn: false,
  };
  const fault = (more: Partial<PromoTerms>, at: string, uses = { total: 0, byAccount: 0 }) =>
    faultInUse({ ...terms, ...more }, uses, ['quote'], 'RUB', new Date(at))?.refused;

  test('B5: is good from its first instant to the one before its end, for what it fits, until it is used up', () => {
    expect(fault({}, '2026-01-01T00:00:00Z')).toBeUndefined();
    expect(fault({}, '2025-12-31T23:59:59.999Z')).toBe('promo_code.not_yet_valid');
    expect(fault({}, '2026-01-31T23:59:59.999Z')).toBeUndefined();
    expect(fault({}, '2026-02-01T00:00:00Z')).toBe('promo_code.expired');
    expect(fault({ isWithdrawn: true }, '2026-01-02T00:00:00Z')).toBe('promo_code.not_valid');
    expect(fault({ fits: ['pln_1'] }, '2026-01-02T00:00:00Z')).toBe('promo_code.does_not_fit');
    expect(fault({ gain: { kind: 'fixed', fixedMinor: 1, currency: 'EUR' } }, '2026-01-02T00:00:00Z')).toBe('promo_code.does_not_fit');
    expect(fault({}, '2026-01-02T00:00:00Z', { total: 2, byAccount: 0 })).toBe('promo_code.used_up');
    expect(fault({}, '2026-01-02T00:00:00Z', { total: 1, byAccount: 1 })).toBe('promo_code.used_by_you');
  });

  test('B5: is read as it is typed and pasted; what is none is none', () => {
    for (const typed of ['SPRING-10', ' spring-10 ', 'spring‑10', 'SPRING – 10', 'ЅРRING-10'])
      expect(readPromoCode(typed), typed).toBe('SPRING-10');
    for (const typed of ['', 'AB', 'A'.repeat(41), 'ЖУК-10', "X';--", '-ABC', 'A'.repeat(1_000)])
      expect(readPromoCode(typed), typed).toBeUndefined();
  });
});

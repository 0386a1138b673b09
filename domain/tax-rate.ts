/**
 * Tax (SPEC B13): a table of rates by seller, category, kind of customer, country and the day from which each is valid. What was
 * ordered keeps the rate it was ordered at.
 */

/** We sell as one company so far; the table has a column for more. */
export const mainSeller = 'main';
/** What paid work on a ticket is taxed as. */
export const paidWorkCategory = 'paid_work';
export const taxCategoryPattern = /^[a-z][a-z0-9_]{1,39}$/;

export const customerKinds = ['person', 'sole_trader', 'company'] as const;
export type CustomerKind = (typeof customerKinds)[number];

/** The seller's clocks say which day it is. */
export const sellersTimeZone = 'Europe/Moscow';

export interface TaxRate {
  readonly seller: string;
  readonly category: string;
  /** Null: every kind. */
  readonly customerKind: CustomerKind | null;
  /** ISO 3166; null: every country. */
  readonly country: string | null;
  /** `2026-01-01`: from that day on, by the seller's clocks. */
  readonly validFrom: string;
  /** In hundredths of a percent; null: without tax. */
  readonly rateBp: number | null;
  /** Whether prices have it in them; else it comes on top. */
  readonly inside: boolean;
}

export interface TaxedCustomer {
  readonly kind: CustomerKind;
  readonly country: string;
}

/** What a line is taxed at. `rateBp` null: without tax. */
export interface AppliedTax {
  readonly category: string;
  readonly rateBp: number | null;
  readonly inside: boolean;
}

/**
 * The rate for this customer on this day. Of the rows that fit, those that name his country win over those that name none,
 * then those that name his kind, and among equals the one that came into force last. Where none fits: without tax.
 * @param day by the seller's clocks, `2026-11-24`
 */
export function taxOf(rates: readonly TaxRate[], seller: string, category: string, customer: TaxedCustomer, day: string): AppliedTax {
  const [best] = rates
    .filter(
      (rate) =>
        rate.seller === seller &&
        rate.category === category &&
        (rate.customerKind === null || rate.customerKind === customer.kind) &&
        (rate.country === null || rate.country === customer.country) &&
        rate.validFrom <= day,
    )
    .toSorted((a, b) => specificity(b) - specificity(a) || (a.validFrom < b.validFrom ? 1 : -1));
  return best ? { category, rateBp: best.rateBp, inside: best.inside } : { category, rateBp: null, inside: true };
}

function specificity({ country, customerKind }: TaxRate): number {
  return (country === null ? 0 : 2) + (customerKind === null ? 0 : 1);
}

/** Which day it is by the seller's clocks, `2026-11-24`. */
export function sellersDay(at: Date): string {
  return dayFormat.format(at);
}

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: sellersTimeZone, year: 'numeric', month: '2-digit', day: '2-digit' });

/**
 * The tax of a price, in minor units, rounded half up: in it (`price × rate ∕ (1 + rate)`), or on top of it (`price × rate`).
 * @param priceMinor at most 10 000 000 000
 */
export function taxMinor(priceMinor: number, { rateBp, inside }: Pick<AppliedTax, 'rateBp' | 'inside'>): number {
  if (rateBp === null) return 0;
  return divideHalfUp(BigInt(priceMinor) * BigInt(rateBp), inside ? 10_000n + BigInt(rateBp) : 10_000n);
}

function divideHalfUp(dividend: bigint, divisor: bigint): number {
  return Number((2n * dividend + divisor) / (2n * divisor));
}

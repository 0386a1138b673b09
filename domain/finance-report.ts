/** Reports of money (SPEC A3, B2, B7): how few numbers are made of many. Pure; sums are in minor units. */

/** How a payment has come out, as reports count it. */
export const paymentOutcomes = ['succeeded', 'failed', 'lapsed', 'waiting'] as const;
export type PaymentOutcome = (typeof paymentOutcomes)[number];

/** The states of payments that make each outcome. One that a person must look at has come to no end yet. */
export const statesOfOutcome = {
  succeeded: ['succeeded'],
  failed: ['canceled'],
  lapsed: ['lapsed'],
  waiting: ['preparing', 'pending', 'review'],
} as const satisfies Record<PaymentOutcome, readonly string[]>;

export const refundOutcomes = ['succeeded', 'failed', 'waiting'] as const;
export type RefundOutcome = (typeof refundOutcomes)[number];

export const refundStatesOfOutcome = {
  succeeded: ['succeeded'],
  failed: ['canceled', 'withdrawn'],
  waiting: ['awaiting_approval', 'requested', 'pending'],
} as const satisfies Record<RefundOutcome, readonly string[]>;

/** So many took so long. */
export interface Taken {
  readonly seconds: number;
  readonly count: number;
}

/**
 * The time within which such a share had come out, rounded up to seconds; null where there were none.
 * @param share above 0, up to 1
 */
export function secondsOfShare(taken: readonly Taken[], share: number): number | null {
  const total = taken.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { seconds, count } of taken.toSorted((a, b) => a.seconds - b.seconds)) {
    seen += count;
    if (seen >= total * share) return seconds;
  }
  return null;
}

/** Beginnings of the kinds of cases that are about money. */
export const moneyCasePrefixes = ['books.', 'ledger.', 'payment.', 'refund.', 'order.', 'chargeback.', 'money.', 'credit.'] as const;

/** Corrections of a balance by staff (SPEC B7). */
import { refuse, type Refusal } from './errors.ts';
import type { Funds } from './ledger.ts';
import { spellMoney } from './money.ts';

export const adjustmentStates = ['awaiting_approval', 'posted', 'withdrawn'] as const;
export type AdjustmentState = (typeof adjustmentStates)[number];

/** What the customer paid, or what we gave him. */
export const adjustedMoneys = ['paid', 'bonus'] as const;
export type AdjustedMoney = (typeof adjustedMoneys)[number];

/**
 * Why so much cannot be taken away; undefined where it can, and where money is given. Bonus ends at nothing. Paid money may go
 * down to the credit limit and no further, as a purchase may: a correction makes nobody owe more than he agreed to. Whoever must
 * go below raises the limit first, by a deed of its own; only what left without us (a chargeback, a refund in the provider's
 * cabinet) passes it.
 */
export function faultInDebit(
  funds: Pick<Funds, 'currency' | 'paidMinor' | 'bonusMinor' | 'creditLimitMinor'>,
  money: AdjustedMoney,
  amountMinor: number,
): Refusal<'adjustment.exceeds_bonus' | 'balance.insufficient'> | undefined {
  if (amountMinor >= 0) return undefined;
  const { currency, paidMinor, bonusMinor, creditLimitMinor } = funds;
  if (money === 'bonus')
    return bonusMinor + amountMinor < 0
      ? refuse('adjustment.exceeds_bonus', { bonus: spellMoney({ amountMinor: bonusMinor, currency }) })
      : undefined;
  const missingMinor = -creditLimitMinor - (paidMinor + amountMinor);
  return missingMinor > 0 ? refuse('balance.insufficient', { missing: spellMoney({ amountMinor: missingMinor, currency }) }) : undefined;
}

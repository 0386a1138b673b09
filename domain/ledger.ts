/**
 * The books in words (SPEC B1, B3): which accounts there are, what kinds of transfers, and what a customer's balances come to.
 *
 * Amounts are in minor units and seen from the other side: positive is what we owe. A customer's balance is positive when he
 * has money with us; what the provider holds for us (`clearing`) is negative by as much.
 */

/** Per customer: money he paid, and money we gave. Ours: held by the provider, its fees, earned, promised back, corrected, given away, brought along. */
export const ledgerAccountKinds = [
  'paid',
  'bonus',
  'clearing',
  'fees',
  'revenue',
  'refunds_payable',
  'adjustments',
  'bonus_granted',
  'opening',
] as const;
export type LedgerAccountKind = (typeof ledgerAccountKinds)[number];
export type OwnAccountKind = Exclude<LedgerAccountKind, 'paid' | 'bonus'>;

/** Accounts that accountants read the other way round: what we have and what we gave away (assets and expenses). */
export function isReadInverted(kind: LedgerAccountKind): boolean {
  return kind === 'clearing' || kind === 'fees' || kind === 'bonus_granted';
}

export const transferKinds = [
  'top_up',
  'purchase',
  'reversal',
  'adjustment',
  'bonus',
  'refund',
  'refund_settled',
  'refund_returned',
  'cabinet_refund',
  'chargeback',
  'fee',
  'opening',
] as const;
export type TransferKind = (typeof transferKinds)[number];

/** Least top-up, in minor units (SPEC B2), and most of any one sum: a hundred million roubles. */
export const minTopUpMinor = 100;
export const maxAmountMinor = 10_000_000_000;

/** Rows that each of our own accounts is spread over, so that no one row is the queue of all (reference: ledger-and-licences). */
export const ledgerShards = 16;

export interface LedgerEntry {
  readonly account: string;
  /** Not zero. */
  readonly amountMinor: number;
}

export function paidAccount(accountId: string): string {
  return `paid:${accountId}`;
}

export function bonusAccount(accountId: string): string {
  return `bonus:${accountId}`;
}

/**
 * One of our own accounts, such as `revenue:RUB:07`.
 * @param accountId whose money moves: all of one customer's transfers fall on rows of one number, so that those of one
 * transaction are locked in one order, `clearing` → `fees` → `revenue` → `refunds_payable`, and no two wait for each other
 */
export function ownAccount(kind: OwnAccountKind, currency: string, accountId: string): string {
  // FNV-1a: spreads well, and the same account always falls on the same row.
  let hash = 0x811c9dc5;
  for (let at = 0; at < accountId.length; at += 1) hash = Math.imul(hash ^ accountId.charCodeAt(at), 0x01000193) >>> 0;
  return `${kind}:${currency}:${String(hash % ledgerShards).padStart(2, '0')}`;
}

/** What an account has and may owe. */
export interface Funds {
  readonly currency: string;
  /** Below zero where credit is used. */
  readonly paidMinor: number;
  readonly bonusMinor: number;
  readonly creditLimitMinor: number;
  /** A use of credit is overdue: no more of it until it is paid (SPEC B3). */
  readonly isOverdue: boolean;
  /** Nothing is spent until staff have looked (SPEC B7). */
  readonly isFrozen: boolean;
}

/** What customers see of it (SPEC B3). */
export interface Balance {
  readonly balanceMinor: number;
  readonly bonusMinor: number;
  readonly creditLimitMinor: number;
  readonly creditUsedMinor: number;
  /** What can be spent now: balance, then credit. */
  readonly availableMinor: number;
}

export function balanceOf(funds: Funds): Balance {
  const creditUsedMinor = Math.max(0, -funds.paidMinor);
  const limit = funds.isOverdue ? 0 : funds.creditLimitMinor;
  const available = funds.isFrozen ? 0 : Math.max(0, funds.bonusMinor + Math.max(0, funds.paidMinor + limit));
  return {
    balanceMinor: funds.paidMinor + funds.bonusMinor,
    bonusMinor: funds.bonusMinor,
    creditLimitMinor: funds.creditLimitMinor,
    creditUsedMinor,
    availableMinor: available,
  };
}

/** How a spend is taken: bonus first, then what was paid, then credit (SPEC B3, B7). */
export function legsOfSpend({ bonusMinor }: Pick<Funds, 'bonusMinor'>, amountMinor: number): { bonusMinor: number; paidMinor: number } {
  const fromBonus = Math.min(Math.max(0, bonusMinor), amountMinor);
  return { bonusMinor: fromBonus, paidMinor: amountMinor - fromBonus };
}

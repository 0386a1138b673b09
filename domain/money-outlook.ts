/**
 * Everything that will or may happen with money (SPEC M4). Each next step of what moves money is a row with its sum; a forecast
 * of cash is the sum of these by day, apart what is owed and what somebody has still to decide.
 */

/** Of what a next step of money is; the first part of its entity's name. A use of credit is due on its own day. */
export const moneyMatters = ['payment', 'refund', 'approval', 'order', 'quote', 'credit', 'books', 'statements'] as const;
export type MoneyMatter = (typeof moneyMatters)[number];

/** Those that an account is told of its own money: what staff wait for among themselves is not among them. */
export const ownMatters = ['payment', 'refund', 'order', 'quote', 'credit'] as const satisfies readonly MoneyMatter[];

/** Which way money would go, seen from us: `none` moves none, such as an audit or an order that a payment is under way for. */
export const moneyFlows = ['in', 'out', 'none'] as const;
export type MoneyFlow = (typeof moneyFlows)[number];

/** What is owed by somebody is certain; what waits for a payer, a customer or a second person is not. */
export function isCertain(matter: string): boolean {
  return matter === 'refund' || matter === 'credit';
}

/** Days that a forecast tells of when nobody says how many, and at most. */
export const usualForecastDays = 30;
export const maxForecastDays = 366;

/** Sums of a day or of all, in minor units. */
export interface CashFlows {
  readonly inCertainMinor: number;
  readonly inPossibleMinor: number;
  readonly outCertainMinor: number;
  readonly outPossibleMinor: number;
}

/** What a part of a forecast comes to: so much of a flow, from so many steps. */
export interface FlowSum {
  readonly flow: MoneyFlow;
  readonly certain: boolean;
  readonly amountMinor: number;
}

export function flowsOf(sums: readonly FlowSum[]): CashFlows {
  const of = (flow: MoneyFlow, certain: boolean) =>
    sums.filter((sum) => sum.flow === flow && sum.certain === certain).reduce((total, { amountMinor }) => total + amountMinor, 0);
  return {
    inCertainMinor: of('in', true),
    inPossibleMinor: of('in', false),
    outCertainMinor: of('out', true),
    outPossibleMinor: of('out', false),
  };
}

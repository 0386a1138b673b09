/**
 * What an order costs (SPEC B4, B5, B13): pure, and exact in integers of minor units. The larger of the personal discount and a
 * promo code wins; they are never summed, and on a tie the code is not used up.
 */
import type { PromoGain } from './promo-code.ts';
import { taxMinor, type AppliedTax } from './tax-rate.ts';

/** What an order can deliver. A kind is added with what fulfils it (db/repositories/order-fulfilments). */
export const fulfilmentKinds = ['quote'] as const;
export type FulfilmentKind = (typeof fulfilmentKinds)[number];

export const orderStates = ['open', 'paid', 'cancelled', 'abandoned'] as const;
export type OrderState = (typeof orderStates)[number];

export const payingWays = ['balance', 'provider'] as const;
export type PayingWay = (typeof payingWays)[number];

export const discountSources = ['personal', 'promo'] as const;
export type DiscountSource = (typeof discountSources)[number];

export const orderActions = ['pay', 'cancel'] as const;
export type OrderAction = (typeof orderActions)[number];

/** Orders of one account that may wait to be paid at the same time. */
export const maxOpenOrders = 50;

/** A thing as it is offered. */
export interface OfferedLine {
  readonly fulfilment: FulfilmentKind;
  /** The id of what is delivered, such as `quo_…`. */
  readonly about: string;
  readonly listMinor: number;
  readonly tax: AppliedTax;
}

/** The same with what it costs this customer. */
export interface PricedLine extends OfferedLine {
  readonly discountMinor: number;
  /** List price less discount; tax is in it where `tax.inside`, else on top. */
  readonly priceMinor: number;
  readonly taxMinor: number;
}

export interface OrderPrice {
  readonly lines: readonly PricedLine[];
  readonly listMinor: number;
  readonly discountMinor: number;
  readonly discountFrom: DiscountSource | null;
  /** Tax that comes on top of prices without it. */
  readonly taxOnTopMinor: number;
  readonly taxMinor: number;
  /** What is paid. */
  readonly totalMinor: number;
}

/**
 * Prices an order.
 * @param personalBp the account's own discount, 0–10 000 hundredths of a percent, on every line
 * @param promo what a code takes off the lines it fits; a fixed sum is taken off them in their order, down to nothing
 */
export function priceOrder(
  offered: readonly OfferedLine[],
  personalBp: number,
  promo: { readonly gain: PromoGain; readonly fits: (kind: FulfilmentKind) => boolean } | null,
): OrderPrice {
  const personal = offered.map((line) => percentageOff(line.listMinor, personalBp));
  const byCode = promo ? promoOff(offered, promo) : offered.map(() => 0);
  const discountFrom = sum(byCode) > sum(personal) ? 'promo' : sum(personal) > 0 ? 'personal' : null;
  const discounts = discountFrom === 'promo' ? byCode : personal;
  const lines = offered.map((line, index): PricedLine => {
    const discountMinor = discounts[index]!;
    const priceMinor = line.listMinor - discountMinor;
    return { ...line, discountMinor, priceMinor, taxMinor: taxMinor(priceMinor, line.tax) };
  });
  const taxOnTopMinor = sum(lines.filter((line) => !line.tax.inside).map((line) => line.taxMinor));
  const listMinor = sum(lines.map((line) => line.listMinor));
  const discountMinor = sum(discounts);
  return {
    lines,
    listMinor,
    discountMinor,
    discountFrom,
    taxOnTopMinor,
    taxMinor: sum(lines.map((line) => line.taxMinor)),
    totalMinor: listMinor - discountMinor + taxOnTopMinor,
  };
}

/** A percentage of a sum, rounded down to a whole minor unit: a discount is never more than its percentage says. */
export function percentageOff(listMinor: number, percentageBp: number): number {
  return Number((BigInt(listMinor) * BigInt(percentageBp)) / 10_000n);
}

function promoOff(
  offered: readonly OfferedLine[],
  { gain, fits }: { readonly gain: PromoGain; readonly fits: (kind: FulfilmentKind) => boolean },
): number[] {
  let left = gain.kind === 'fixed' ? gain.fixedMinor : 0;
  return offered.map((line) => {
    if (!fits(line.fulfilment)) return 0;
    if (gain.kind === 'percentage') return percentageOff(line.listMinor, gain.percentageBp);
    const off = Math.min(left, line.listMinor);
    left -= off;
    return off;
  });
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** What its customer may do with an order now; whether his role may is asked elsewhere. */
export function allowedOrderActions(state: OrderState): OrderAction[] {
  return state === 'open' ? [...orderActions] : [];
}

/** What operators read of it: ids, states and instants, nothing that a person wrote. */
export function orderStory(state: OrderState, what: readonly string[], expiresAt: string | null): string {
  const order = `An order of ${what.join(', ')}`;
  switch (state) {
    case 'open':
      return `${order} waits to be paid${expiresAt === null ? '' : ` until ${expiresAt}`}.`;
    case 'abandoned':
      return `${order} was not paid in time.`;
    default:
      return `${order} was ${state}.`;
  }
}

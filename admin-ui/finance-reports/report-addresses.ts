/** The lists that the numbers of reports of money are made of. */
import { startOfDay } from '../../domain/missing-year.ts';

interface Days {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

function instantsOf({ from, to, zone }: Days): { from: string; to: string } {
  const after = new Date(Date.parse(to) + 86_400_000).toISOString().slice(0, 10);
  return { from: startOfDay(zone, from).toISOString(), to: startOfDay(zone, after).toISOString() };
}

function listAddress(list: string, filter: Readonly<Record<string, string | undefined>>): string {
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  return `/${list}?${new URLSearchParams({ filter: JSON.stringify(given), page: '1', perPage: '25' }).toString()}`;
}

/** Payments begun on these days, in these states; commas between several. */
export function paymentsAddress(days: Days, state?: string, account?: string): string {
  return listAddress('payments', { ...instantsOf(days), state, account });
}

/** Refunds asked for on these days. */
export function refundsAddress(days: Days, state?: string, account?: string): string {
  return listAddress('refunds', { ...instantsOf(days), state, account });
}

/** Orders that were paid on these days. */
export function ordersAddress(days: Days, account?: string): string {
  const { from, to } = instantsOf(days);
  return listAddress('orders', { settledFrom: from, settledTo: to, state: 'paid', account });
}

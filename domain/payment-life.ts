/**
 * The life of a payment through a provider (SPEC B2; reference: yookassa). Its states, what is asked of the provider and when,
 * what is wrong with an answer, and the sentence that operators read.
 */
import { minTopUpMinor } from './ledger.ts';
import type { Money } from './money.ts';
import type { Plan } from './planned-step.ts';
import { spellInstant } from './ticket-story.ts';

/**
 * preparing: the provider has yet to say that it knows of it · pending: the payer can pay · succeeded: credited · canceled: the
 * provider says that it will never be paid · lapsed: the provider never knew of it, as far as its list shows · review: money
 * came, and not as was asked for: it is not credited, and a person must look.
 */
export const paymentStates = ['preparing', 'pending', 'succeeded', 'canceled', 'lapsed', 'review'] as const;
export type PaymentState = (typeof paymentStates)[number];

/** Whether the payer may still be paying: of these an account has only so many at once. */
export const openPaymentStates = ['preparing', 'pending'] as const satisfies readonly PaymentState[];
export const maxOpenPayments = 50;

/** create: have the provider make it · find: look for it in the provider's list · ask: read how it stands there. */
export const paymentStepKinds = ['create', 'find', 'ask'] as const;
export type PaymentStepKind = (typeof paymentStepKinds)[number];

/** What happened to a payment, as its timeline tells. */
export const paymentEventKinds = [
  'begun',
  'sent',
  'unanswered',
  'refused',
  'accepted',
  'notified',
  'asked',
  'credited',
  'fee',
  'order_paid',
  'order_not_paid',
  'canceled',
  'lapsed',
  'review',
  'twice',
] as const;
export type PaymentEventKind = (typeof paymentEventKinds)[number];

export const maxReturnUrlCharacters = 2_048;

/** The provider through which new payments go; its name stands in each payment. */
export const paymentProviderName = 'yookassa';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Seconds since the first try after which nothing is sent again under its key. The provider forgets a key after 24 hours, and
 * the same request would be a new charge (reference: yookassa, trap 1); four hours are left for clocks and queues.
 */
export const keyIsGoodForSeconds = 20 * hour;

/** Seconds until the same is sent again after an answer that says nothing: a minute as the provider asks, longer when that goes on. */
export function sendAgainAfterSeconds(sends: number): number {
  return sends <= 15 ? minute : 15 * minute;
}

/** Seconds until the provider is asked again how a payment stands: ten, then twice as long each time, up to an hour. */
export function askAgainAfterSeconds(asks: number): number {
  return Math.min(10 * 2 ** Math.min(asks, 20), hour);
}

/** One that the list did not show is looked for once a day for so long, as lists may be late. */
export const looksAgainAfterSeconds = day;
export const looksForSeconds = 3 * day;
/** Seconds until a list that could not be read is asked for again. */
export const findAgainAfterSeconds = 5 * minute;
/** The list is read from so much before the first try on: clocks differ. */
export const listReachesBackSeconds = 10 * minute;

/** What the provider says of a payment, as far as rules need it. */
export interface FoundPayment extends Money {
  readonly id: string;
  readonly state: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';
  readonly confirmationUrl: string | null;
  /** Our own id of it; null for what we did not make. */
  readonly paymentId: string | null;
  readonly recipient: string | null;
  readonly isTest: boolean;
  readonly method: string | null;
  readonly cancelledBy: string | null;
  readonly cancelledFor: string | null;
  readonly incomeMinor: number | null;
}

/** The shop that money must be paid to, and whether a test's money counts there. */
export interface Shop {
  readonly shopId: string;
  readonly takesTestMoney: boolean;
}

export type PaymentFault = 'amount' | 'currency' | 'recipient' | 'test';

/** What makes a payment not the one that was asked for (trap 3); undefined when nothing does. Where the provider does not name the shop it is ours. */
export function faultInPayment(asked: Money, found: FoundPayment, shop: Shop): PaymentFault | undefined {
  if (found.currency !== asked.currency) return 'currency';
  if (found.amountMinor !== asked.amountMinor) return 'amount';
  if (found.recipient !== null && found.recipient !== shop.shopId) return 'recipient';
  return found.isTest && !shop.takesTestMoney ? 'test' : undefined;
}

/** Least and most of a top-up, in the account's minor units (SPEC B2). */
export const topUpMinor = { min: minTopUpMinor, max: 100_000_000 } as const;

/** Whether the payer may be sent there afterwards: by https, or to this machine itself. */
export function isReturnUrl(text: string): boolean {
  // URL parsers pass over line breaks, and the database keeps no NUL: neither stands in an address.
  if (text.length > maxReturnUrlCharacters || /\p{Cc}/u.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/u.test(hostname));
}

/** What the payer reads at the provider's: at most 128 characters, and nobody's data. The same at each try, as the key demands. */
export function describePayment(id: string, orderId: string | null): string {
  return orderId === null ? `Пополнение баланса · balance top-up · ${id}` : `Оплата заказа · order ${orderId}`;
}

/** What the workflow needs to know to wait. */
export interface PaymentPlan extends Plan<PaymentStepKind> {
  readonly state: PaymentState;
  /** What it waits for, in a sentence for operators: English and UTC, ids and instants, nothing that a person wrote. */
  readonly story: string;
  /** Nothing is to be done: neither now nor later. */
  readonly over: boolean;
}

/** What operators read of it. */
export function paymentStory(payment: {
  readonly id: string;
  readonly state: PaymentState;
  readonly begunAt: Date;
  readonly providerId: string | null;
  readonly sends: number;
  readonly next: { readonly kind: PaymentStepKind; readonly dueAt: Date } | undefined;
}): string {
  const { id, state, begunAt, providerId, sends, next } = payment;
  const named = `Payment ${id}, begun ${spellInstant(begunAt)}`;
  const then = next === undefined ? '' : ` ${nextWords[next.kind]} ${spellInstant(next.dueAt)}.`;
  switch (state) {
    case 'preparing':
      return sends === 0
        ? `${named}, is yet to be sent to the provider.${then}`
        : `${named}, was sent to the provider ${sends === 1 ? 'once' : `${sends} times`} without a clear answer.${then}`;
    case 'pending':
      return `${named}, waits for its payer as ${providerId} at the provider.${then}`;
    case 'succeeded':
      return `${named}, was paid as ${providerId} and is credited.${then}`;
    case 'canceled':
      return `${named}, was not paid: the provider has ended it.${then}`;
    case 'lapsed':
      return `${named}, never reached the provider, as far as its list shows.${then}`;
    case 'review':
      return `${named}, is not as it was asked for and is not credited: a person must look.${then}`;
  }
}

const nextWords: Readonly<Record<PaymentStepKind, string>> = {
  create: 'It is sent (again, under the same key)',
  find: 'The provider’s list is searched for it',
  ask: 'The provider is asked how it stands',
};

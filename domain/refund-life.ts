/**
 * The life of a refund (SPEC B7; reference: yookassa): wished by staff, perhaps approved by a second person, sent to the
 * provider under a key of its own until he answers, then asked for until it is over. An answer that nobody got is never a no.
 */
import { refuse, type Refusal } from './errors.ts';
import { spellMoney } from './money.ts';
import type { Plan } from './planned-step.ts';
import { spellInstant } from './ticket-story.ts';

export const refundStates = ['awaiting_approval', 'requested', 'pending', 'succeeded', 'canceled', 'withdrawn'] as const;
export type RefundState = (typeof refundStates)[number];

/** States in which its money is gone from the balance: set aside, or paid back. */
export const standingRefundStates = ['awaiting_approval', 'requested', 'pending', 'succeeded'] as const satisfies readonly RefundState[];

export const refundOrigins = ['staff', 'cabinet'] as const;
export type RefundOrigin = (typeof refundOrigins)[number];

/** Hand it to the provider · look for it in his list, as its key may be forgotten there · ask what became of it. */
export const refundStepKinds = ['send', 'find', 'ask'] as const;
export type RefundStepKind = (typeof refundStepKinds)[number];

/** What the workflow of a refund needs to know to wait. */
export interface RefundPlan extends Plan<RefundStepKind> {
  readonly state: RefundState;
  /** For operators: ids, states and instants. */
  readonly story: string;
  readonly over: boolean;
}

/** Nothing will ever happen to it again. */
export function refundIsOver(state: RefundState): boolean {
  return state === 'succeeded' || state === 'canceled' || state === 'withdrawn';
}

/** The provider forgets a key after 24 hours, and repeating it then would pay back twice: from 20 hours on it is not repeated. */
export const sendUntilSeconds = 20 * 3600;
/** An answer that did not come is asked for again about once a minute (reference: yookassa, Errors). */
export const sendAgainSeconds = 60;
/** Looked for once an hour until two days after it was first sent: by then what is in no list was never made. */
export const findAgainSeconds = 3600;
export const findUntilSeconds = 48 * 3600;
/** Refunds that the provider has not decided for so long become a case: some banks take days, none of them weeks. */
export const slowRefundSeconds = 7 * 24 * 3600;

/** No method of payment can be refunded later than this (reference: yookassa, trap 6); what is shorter, the provider says himself. */
export const refundWindowDays = 3 * 365;

const askAfterSeconds = [10, 30, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 24 * 3600] as const;

/** Seconds until it is asked for again, having been asked for so often: soon at first, once a day in the end. */
export function askAgainSeconds(asks: number): number {
  return askAfterSeconds[Math.min(asks, askAfterSeconds.length - 1)]!;
}

/** What of a payment can go back. */
export interface Refundable {
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: string;
  readonly settledAt: Date | null;
  readonly chargedBackAt: Date | null;
  /** Refunded, or set aside for refunds. */
  readonly goneMinor: number;
  /** Of its money so much is unspent. */
  readonly unspentMinor: number;
}

/** How much of a payment can be refunded now (SPEC B7): what is unspent, and was not refunded before. */
export function refundableMinor(payment: Refundable, at: Date): number {
  if (faultInPayment(payment, at)) return 0;
  return Math.max(0, Math.min(payment.unspentMinor, payment.amountMinor - payment.goneMinor));
}

type RefundRefusal = Refusal<'payment.not_settled' | 'payment.charged_back' | 'refund.window_over' | 'refund.exceeds_unspent'>;

/** Why so much of a payment cannot be refunded; undefined where it can. */
export function faultInRefund(payment: Refundable, amountMinor: number, at: Date): RefundRefusal | undefined {
  const fault = faultInPayment(payment, at);
  if (fault) return refuse(fault);
  const unspentMinor = refundableMinor(payment, at);
  if (amountMinor > unspentMinor || unspentMinor === 0)
    return refuse('refund.exceeds_unspent', { unspent: spellMoney({ amountMinor: unspentMinor, currency: payment.currency }) });
  return undefined;
}

function faultInPayment(payment: Refundable, at: Date): 'payment.not_settled' | 'payment.charged_back' | 'refund.window_over' | undefined {
  if (payment.state !== 'succeeded' || !payment.settledAt) return 'payment.not_settled';
  if (payment.chargedBackAt) return 'payment.charged_back';
  if (at.getTime() - payment.settledAt.getTime() > refundWindowDays * 24 * 3600 * 1000) return 'refund.window_over';
  return undefined;
}

/** A refund as the provider has it. His reasons are data, kept as they came. */
export interface RefundAtProvider {
  readonly id: string;
  readonly state: 'pending' | 'succeeded' | 'canceled';
  /** The provider's id of the payment. */
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Our own id of it; null for one that was made in the cabinet. */
  readonly refundId: string | null;
  readonly cancelledBy: string | null;
  readonly cancelledFor: string | null;
}

/** What came of handing it to the provider, or of asking for it. */
export type RefundAnswer =
  | { readonly kind: 'found'; readonly refund: RefundAtProvider }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly code: string; readonly parameter?: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly retryAfterMs?: number };

/** What is done next with a refund that is not over. */
export type AfterAnswer =
  | { readonly kind: 'take'; readonly refund: RefundAtProvider }
  /** It was never made: its money goes back to the balance. */
  | { readonly kind: 'give_back'; readonly why: string }
  | { readonly kind: 'again'; readonly step: RefundStepKind; readonly dueAt: Date; readonly why?: string; readonly needsLook?: boolean };

export interface SentRefund {
  /** When it was first handed over. */
  readonly sentAt: Date;
  /** How often it was handed over before, without an answer. */
  readonly asks: number;
  /** With what the provider refused to take it again, after an answer of his was lost. */
  readonly refusedWith: string | null;
}

/** What follows from an answer to `send`. A no counts only as the first answer: later it may speak of what the first try did. */
export function afterSending(sent: SentRefund, answer: RefundAnswer, at: Date): AfterAnswer {
  const again = later(at, sendAgainSeconds);
  switch (answer.kind) {
    case 'found':
      return { kind: 'take', refund: answer.refund };
    case 'not_found':
    case 'refused': {
      const code = answer.kind === 'refused' ? wordsOf(answer) : 'not_found';
      if (sent.asks === 0) return { kind: 'give_back', why: code };
      return { kind: 'again', step: 'find', dueAt: at, why: code };
    }
    case 'unknown': {
      const asked = answer.retryAfterMs === undefined ? again : new Date(at.getTime() + Math.min(answer.retryAfterMs, 3_600_000));
      return { kind: 'again', ...stepOfSending(sent, asked > again ? asked : again), why: answer.why, needsLook: isSetting(answer) };
    }
  }
}

/** The provider's own code, with what it is about: `invalid_request amount.value`. */
function wordsOf({ code, parameter }: { readonly code: string; readonly parameter?: string }): string {
  return parameter === undefined ? code : `${code} ${parameter}`;
}

/** Our credentials are not taken: no waiting mends that. */
function isSetting(answer: RefundAnswer): boolean {
  return answer.kind === 'unknown' && answer.why === 'not_admitted';
}

/** Which step an instant belongs to: past the 20 hours nothing is handed over any more. */
export function stepOfSending({ sentAt }: Pick<SentRefund, 'sentAt'>, dueAt: Date): { step: 'send' | 'find'; dueAt: Date } {
  return { step: dueAt.getTime() - sentAt.getTime() >= sendUntilSeconds * 1000 ? 'find' : 'send', dueAt };
}

/** What follows from looking through the provider's list: `not_found` is a list that was read to its end. */
export function afterFinding(sent: SentRefund, answer: RefundAnswer, at: Date): AfterAnswer {
  if (answer.kind === 'found') return { kind: 'take', refund: answer.refund };
  if (answer.kind !== 'not_found')
    return {
      kind: 'again',
      step: 'find',
      dueAt: later(at, sendAgainSeconds),
      why: answer.kind === 'refused' ? wordsOf(answer) : answer.why,
      needsLook: answer.kind === 'refused' || isSetting(answer),
    };
  if (at.getTime() - sent.sentAt.getTime() >= findUntilSeconds * 1000) return { kind: 'give_back', why: sent.refusedWith ?? 'never_made' };
  return { kind: 'again', step: 'find', dueAt: later(at, findAgainSeconds) };
}

/** What follows from asking for one that the provider has. That he does not know it any more is never taken for an end. */
export function afterAsking(
  { asks, sentAt }: { readonly asks: number; readonly sentAt: Date },
  answer: RefundAnswer,
  at: Date,
): AfterAnswer {
  const slow = at.getTime() - sentAt.getTime() >= slowRefundSeconds * 1000;
  if (answer.kind === 'found' && answer.refund.state !== 'pending') return { kind: 'take', refund: answer.refund };
  const seconds = answer.kind === 'unknown' ? Math.max(sendAgainSeconds, Math.min(3600, askAgainSeconds(asks))) : askAgainSeconds(asks);
  return {
    kind: 'again',
    step: 'ask',
    dueAt: later(at, seconds),
    needsLook: slow || answer.kind === 'not_found' || answer.kind === 'refused' || isSetting(answer),
  };
}

function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}

/** What operators read of it: ids, states and instants, nothing that a person wrote. */
export function refundStory(refund: {
  readonly state: RefundState;
  readonly paymentId: string;
  readonly askedForAt: Date;
  readonly asks: number;
}): string {
  const wished = `A refund of ${refund.paymentId}, wished ${spellInstant(refund.askedForAt)}`;
  switch (refund.state) {
    case 'awaiting_approval':
      return `${wished}, waits for a second person's approval.`;
    case 'requested':
      return refund.asks === 0
        ? `${wished}, is about to be sent to the provider.`
        : `${wished}, was sent; no answer came ${refund.asks} times.`;
    case 'pending':
      return `${wished}, is with the provider.`;
    case 'succeeded':
      return `${wished}, was paid back.`;
    case 'canceled':
      return `${wished}, was not made; the money is back on the balance.`;
    case 'withdrawn':
      return `${wished}, was taken back before it was sent.`;
  }
}

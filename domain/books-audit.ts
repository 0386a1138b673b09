/**
 * The audit of the books (SPEC B1, B10): our own invariants first, then what the provider has against what we have, payments
 * and refunds, in both directions. What differs becomes a case; nothing is ever corrected in silence.
 */
import { localDate, startOfDay } from './missing-year.ts';

export const auditStates = ['running', 'done', 'failed'] as const;
export type AuditState = (typeof auditStates)[number];

export const auditStages = ['ledger', 'payments', 'refunds', 'over'] as const;
export type AuditStage = (typeof auditStages)[number];

/** How far an audit is, as its workflow and the console are told. */
export interface AuditProgress {
  readonly state: AuditState;
  readonly stage: AuditStage;
  readonly accountsChecked: number;
  readonly paymentsCompared: number;
  readonly refundsCompared: number;
  readonly findings: number;
  /** Set while the provider is away: when he is asked again. */
  readonly againAt?: string;
}

const day = 86_400_000;
const auditZone = 'Europe/Moscow';
const auditMinute = 3 * 60 + 30;
/** What was under way at the end of the last audit is looked at again. */
const overlapMs = 2 * day;

/** When the books are audited next after an instant: at half past three of the clocks of Moscow, also where these are changed. */
export function nextAudit(at: Date): Date {
  const today = localDate(auditZone, at);
  const tomorrow = new Date(Date.parse(today) + day).toISOString().slice(0, 10);
  const [first, second] = [today, tomorrow].map((date) => new Date(startOfDay(auditZone, date).getTime() + auditMinute * 60_000));
  return first! > at ? first! : second!;
}

/**
 * What is compared: from two days before the end of the last audit that was done until now. The first one begins with the
 * first payment, or two days ago.
 */
export function auditPeriod(
  last: { readonly doneUpTo: Date | null; readonly firstPaymentAt: Date | null },
  now: Date,
): { from: Date; to: Date } {
  const usual = new Date(now.getTime() - overlapMs);
  if (last.doneUpTo) return { from: new Date(Math.min(last.doneUpTo.getTime() - overlapMs, usual.getTime())), to: now };
  return { from: last.firstPaymentAt && last.firstPaymentAt < usual ? last.firstPaymentAt : usual, to: now };
}

/**
 * A payment or refund younger than this is still being asked for: that the two sides differ means nothing yet. A payer has an hour
 * to pay, and the provider is asked at least once in another.
 */
export const unsettledMs = 3 * 3_600_000;

/** A provider who is away for longer than this: the audit is given up, and the next one makes up for it. */
export const givesUpAfterMs = day;

/** How long to wait for a provider who is away: as long as he has been away already, from half a minute to half an hour. */
export function waitForProvider(awaySince: Date, now: Date, retryAfterMs = 0): number {
  const waited = Math.min(Math.max(now.getTime() - awaySince.getTime(), 30_000), 1_800_000);
  return Math.min(Math.max(waited, retryAfterMs), 1_800_000);
}

/** One side's word on a payment or a refund. */
export interface MoneyFact {
  readonly amountMinor: number;
  readonly currency: string;
}

/** What an audit may find; each is the kind of a case. */
export const moneyFindings = [
  'books.payment_unknown',
  'books.payment_doubled',
  'books.payment_not_credited',
  'books.payment_not_succeeded',
  'books.payment_amount_differs',
  'books.payment_missing',
  'books.refund_not_settled',
  'books.refund_not_succeeded',
  'books.refund_amount_differs',
  'books.refund_missing',
] as const;
export type MoneyFinding = (typeof moneyFindings)[number];

export interface PaymentHere extends MoneyFact {
  readonly state: 'preparing' | 'pending' | 'succeeded' | 'canceled' | 'lapsed' | 'review';
  readonly begunAt: Date;
}
export interface PaymentThere extends MoneyFact {
  readonly state: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';
  readonly createdAt: Date;
}

/** In what the two sides differ; undefined where they agree, or may still come to agree by themselves. */
export function differenceOfPayment(here: PaymentHere | undefined, there: PaymentThere | undefined, now: Date): MoneyFinding | undefined {
  if (!here) return there?.state === 'succeeded' ? 'books.payment_unknown' : undefined;
  if (!there) return isYoung(here.begunAt, now) ? undefined : 'books.payment_missing';
  if (here.amountMinor !== there.amountMinor || here.currency !== there.currency) return 'books.payment_amount_differs';
  if (here.state === 'succeeded') return there.state === 'succeeded' ? undefined : 'books.payment_not_succeeded';
  return there.state === 'succeeded' && !isYoung(there.createdAt, now) ? 'books.payment_not_credited' : undefined;
}

export interface RefundHere extends MoneyFact {
  readonly state: 'awaiting_approval' | 'requested' | 'pending' | 'succeeded' | 'canceled' | 'withdrawn';
  readonly sentAt: Date | null;
}
export interface RefundThere extends MoneyFact {
  readonly state: 'pending' | 'succeeded' | 'canceled';
  readonly createdAt: Date;
}

/** The same of a refund. One that succeeded there and is unknown here is no difference but news: it was made in the cabinet. */
export function differenceOfRefund(here: RefundHere | undefined, there: RefundThere | undefined, now: Date): MoneyFinding | undefined {
  if (!here) return undefined;
  if (!there) return here.sentAt && isYoung(here.sentAt, now) ? undefined : 'books.refund_missing';
  if (here.amountMinor !== there.amountMinor || here.currency !== there.currency) return 'books.refund_amount_differs';
  if (here.state === 'succeeded') return there.state === 'succeeded' ? undefined : 'books.refund_not_succeeded';
  return there.state === 'succeeded' && !isYoung(there.createdAt, now) ? 'books.refund_not_settled' : undefined;
}

function isYoung(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() < unsettledMs;
}

/** What operators read, in numbers alone. */
export function auditStory({ state, stage, accountsChecked, paymentsCompared, refundsCompared, findings, againAt }: AuditProgress): string {
  const done = `${accountsChecked} accounts checked, ${paymentsCompared} payments and ${refundsCompared} refunds compared, ${findings} found.`;
  if (state === 'failed') return `Given up: the provider could not be asked. ${done}`;
  if (state === 'done') return `Done. ${done}`;
  const now = {
    ledger: 'Checks the ledger',
    payments: 'Compares payments with the provider',
    refunds: 'Compares refunds with the provider',
    over: 'Ends',
  }[stage];
  return `${now}${againAt === undefined ? '' : `; the provider is away, asked again at ${againAt}`}. ${done}`;
}

/**
 * Reads what YooKassa answers. What decides about money must be as documented, or nothing is read (undefined: unknown, ask
 * again); what is only told (method, reasons, parties) is data that comes and goes, and is kept as it came
 * (reference: yookassa, trap 9). Unknown fields are passed over.
 */
import { z } from 'zod';
import { readAmount } from './yookassa-amount.ts';
import { providerPaymentStates, providerRefundStates, type Page, type ProviderPayment, type ProviderRefund } from './port.ts';

const amount = z.unknown().transform((value, context) => {
  const found = readAmount(value);
  if (found) return found;
  context.addIssue({ code: 'custom', message: 'is no amount' });
  return z.NEVER;
});
/** What is no such text is as good as not said. */
const word = z.string().min(1).max(128).nullable().catch(null);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const identifier = z.string().regex(/^[\w-]{1,128}$/);
const cancellation = z.object({ party: word, reason: word }).catch({ party: null, reason: null });

const payment = z.object({
  id: identifier,
  status: z.enum(providerPaymentStates),
  amount,
  created_at: instant,
  confirmation: z
    .object({ confirmation_url: z.string().max(4096) })
    .nullable()
    .catch(null),
  metadata: z.object({ paymentId: word }).catch({ paymentId: null }),
  recipient: z.object({ account_id: word }).catch({ account_id: null }),
  test: z.boolean(),
  payment_method: z.object({ type: word }).catch({ type: null }),
  cancellation_details: cancellation,
  income_amount: amount.nullable().catch(null),
  refunded_amount: amount.optional(),
});

const refund = z.object({
  id: identifier,
  status: z.enum(providerRefundStates),
  payment_id: identifier,
  amount,
  created_at: instant,
  description: word,
  metadata: z.object({ refundId: word }).catch({ refundId: null }),
  cancellation_details: cancellation,
});

const page = z.object({ items: z.array(z.unknown()).max(1000), next_cursor: z.string().min(1).max(512).nullish() });

/** @param httpsOnly whether payers may be sent to https addresses alone, as ever but with the simulator */
export function readPayment(body: unknown, httpsOnly: boolean): ProviderPayment | undefined {
  const { success, data } = payment.safeParse(body);
  if (!success) return undefined;
  const refunded = data.refunded_amount;
  const income = data.income_amount;
  if (refunded && refunded.currency !== data.amount.currency) return undefined;
  return {
    id: data.id,
    state: data.status,
    ...data.amount,
    createdAt: data.created_at,
    confirmationUrl: payersAddress(data.confirmation?.confirmation_url, httpsOnly),
    paymentId: data.metadata.paymentId,
    recipient: data.recipient.account_id,
    isTest: data.test,
    method: data.payment_method.type,
    cancelledBy: data.cancellation_details.party,
    cancelledFor: data.cancellation_details.reason,
    incomeMinor: income?.currency === data.amount.currency ? income.amountMinor : null,
    refundedMinor: refunded?.amountMinor ?? 0,
  };
}

/** Where a browser is sent: never anything but a page. */
function payersAddress(text: string | undefined, httpsOnly: boolean): string | null {
  const url = text === undefined ? null : URL.parse(text);
  return url && (url.protocol === 'https:' || (url.protocol === 'http:' && !httpsOnly)) ? url.href : null;
}

export function readRefund(body: unknown): ProviderRefund | undefined {
  const { success, data } = refund.safeParse(body);
  if (!success) return undefined;
  return {
    id: data.id,
    state: data.status,
    paymentId: data.payment_id,
    ...data.amount,
    createdAt: data.created_at,
    // Shops of an older contract are not given their metadata back; the description is everybody's.
    refundId: data.metadata.refundId ?? (data.description?.startsWith('rfd_') ? data.description : null),
    cancelledBy: data.cancellation_details.party,
    cancelledFor: data.cancellation_details.reason,
  };
}

export function readPaymentPage(body: unknown, httpsOnly: boolean): Page<ProviderPayment> | undefined {
  return readPage(body, (item) => readPayment(item, httpsOnly));
}

export function readRefundPage(body: unknown): Page<ProviderRefund> | undefined {
  return readPage(body, readRefund);
}

/** One item that cannot be read spoils the page: passed over in silence, money would be missing from it. */
function readPage<Item>(body: unknown, read: (item: unknown) => Item | undefined): Page<Item> | undefined {
  const { success, data } = page.safeParse(body);
  if (!success) return undefined;
  const items = data.items.map(read).filter((item) => item !== undefined);
  return items.length === data.items.length ? { items, nextCursor: data.next_cursor ?? null } : undefined;
}

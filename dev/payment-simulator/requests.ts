/** What the provider is asked, checked as its documents say. Each throws {@link Refusal} with the parameter that is wrong. */
import { Refusal, type NewPayment } from './cashier.ts';

type Given = Readonly<Record<string, unknown>>;

/** The smallest sum that the provider takes, one rouble. */
const smallestMinor = 100;

export function readNewPayment(body: unknown): NewPayment {
  const given = objectOf(body, undefined);
  const confirmation = objectOf(given['confirmation'], 'confirmation');
  if (confirmation['type'] !== 'redirect') throw new Refusal('This shop confirms by redirect', 'confirmation.type');
  const returnUrl = textOf(confirmation['return_url'], 2048, 'confirmation.return_url');
  if (returnUrl === undefined || !URL.canParse(returnUrl)) throw new Refusal('It is no address', 'confirmation.return_url');
  const capture = given['capture'] ?? false;
  if (typeof capture !== 'boolean') throw new Refusal('It is true or false', 'capture');
  const sum = amountOf(given['amount']);
  if (sum.amountMinor < smallestMinor) throw new Refusal('Amount is less than the smallest', 'amount.value');
  return { ...sum, capture, returnUrl, ...along(given, 128) };
}

export function readNewRefund(body: unknown): {
  paymentId: string;
  amountMinor: number;
  currency: string;
  description?: string;
  metadata?: Record<string, string>;
} {
  const given = objectOf(body, undefined);
  const paymentId = textOf(given['payment_id'], 36, 'payment_id');
  if (!paymentId) throw new Refusal('It is missing', 'payment_id');
  const sum = amountOf(given['amount']);
  if (sum.amountMinor < 1) throw new Refusal('Amount is less than the smallest', 'amount.value');
  return { paymentId, ...sum, ...along(given, 250) };
}

/** How much of a payment is captured; undefined for all of it. */
export function readCapture(body: unknown): number | undefined {
  const given = objectOf(body, undefined);
  return given['amount'] === undefined ? undefined : amountOf(given['amount']).amountMinor;
}

function along(given: Given, longest: number): { description?: string; metadata?: Record<string, string> } {
  const description = textOf(given['description'], longest, 'description');
  const metadata = given['metadata'] === undefined ? undefined : objectOf(given['metadata'], 'metadata');
  const pairs = Object.entries(metadata ?? {});
  if (pairs.length > 16) throw new Refusal('It has more than 16 keys', 'metadata');
  for (const [key, value] of pairs)
    if (key.length > 32 || typeof value !== 'string' || value.length > 512) throw new Refusal('A key or a value is too long', 'metadata');
  return { ...(description !== undefined && { description }), ...(metadata && { metadata: metadata as Record<string, string> }) };
}

function amountOf(value: unknown): { amountMinor: number; currency: string } {
  const given = objectOf(value, 'amount');
  const text = given['value'];
  if (typeof text !== 'string' || !/^\d{1,10}\.\d{2}$/.test(text)) throw new Refusal('It is no sum such as 100.00', 'amount.value');
  if (given['currency'] !== 'RUB') throw new Refusal('This shop takes roubles', 'amount.currency');
  return { amountMinor: Number(text.replace('.', '')), currency: 'RUB' };
}

function objectOf(value: unknown, parameter: string | undefined): Given {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('It is missing, or no object', parameter);
  return value as Given;
}

function textOf(value: unknown, longest: number, parameter: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > longest)
    throw new Refusal(`It is no text of ${longest} characters at the most`, parameter);
  return value;
}

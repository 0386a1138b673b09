/**
 * YooKassa behind the provider port (SPEC B11; reference: yookassa): a thin client on `fetch`. Why no library:
 * docs/decisions/0018-payment-provider.md.
 *
 * It asks, reads and classifies, and decides nothing. What it cannot understand is unknown, never failed.
 */
import { readPayment, readPaymentPage, readRefund, readRefundPage } from './yookassa-answers.ts';
import { spellAmount } from './yookassa-amount.ts';
import type { PaymentProvider, ProviderAnswer } from './port.ts';

/** The provider answers 500 after 30 seconds; who hangs up before never hears that (reference: yookassa, Errors). */
const standardTimeoutMs = 40_000;
/** A page of a hundred payments has some 200 KB. */
const largestAnswerBytes = 4 * 1024 * 1024;
/** Items of a page, the most that the provider gives. */
const pageSize = 100;

export interface YooKassaSettings {
  readonly shopId: string;
  readonly secret: string;
  /** Without a slash at the end, such as `https://api.yookassa.ru/v3`. */
  readonly url: string;
  /** Whether money of a test shop is money; see {@link PaymentProvider}. */
  readonly takesTestMoney: boolean;
  /** After which nobody knows what was done. */
  readonly timeoutMs?: number;
}

/** Payments and refunds with YooKassa. Its promises never reject: what goes wrong is an answer. */
export function yooKassa(settings: YooKassaSettings): PaymentProvider {
  const httpsOnly = settings.url.startsWith('https:');
  const payment = (body: unknown) => readPayment(body, httpsOnly);
  const payments = (body: unknown) => readPaymentPage(body, httpsOnly);
  const get = <Found>(path: string, read: (body: unknown) => Found | undefined) => ask(settings, { method: 'GET', path }, read);
  return {
    name: 'yookassa',
    shopId: settings.shopId,
    takesTestMoney: settings.takesTestMoney,
    createPayment: ({ paymentId, key, amountMinor, currency, returnUrl, description }) => {
      const body = {
        amount: spellAmount(amountMinor, currency),
        capture: true,
        confirmation: { type: 'redirect', return_url: returnUrl },
        description,
        metadata: { paymentId },
      };
      return ask(settings, { method: 'POST', path: '/payments', key, body }, payment);
    },
    readPayment: (id) => get(`/payments/${encodeURIComponent(id)}`, sameId(id, payment)),
    listPayments: ({ from, to }, cursor) => get(`/payments?${createdWithin(from, to, cursor)}`, payments),
    createRefund: ({ refundId, key, paymentId, amountMinor, currency }) => {
      const body = { payment_id: paymentId, amount: spellAmount(amountMinor, currency), description: refundId, metadata: { refundId } };
      return ask(settings, { method: 'POST', path: '/refunds', key, body }, readRefund);
    },
    readRefund: (id) => get(`/refunds/${encodeURIComponent(id)}`, sameId(id, readRefund)),
    listRefunds: (within, cursor) => {
      const query =
        'paymentId' in within ? listQuery({ payment_id: within.paymentId }, cursor) : createdWithin(within.from, within.to, cursor);
      return get(`/refunds?${query}`, readRefundPage);
    },
  };
}

/** An answer about something else is none. */
function sameId<Found extends { readonly id: string }>(id: string, read: (body: unknown) => Found | undefined) {
  return (body: unknown): Found | undefined => {
    const found = read(body);
    return found?.id === id ? found : undefined;
  };
}

function createdWithin(from: Date, to: Date, cursor: string | null): string {
  return listQuery({ 'created_at.gte': from.toISOString(), 'created_at.lt': to.toISOString() }, cursor);
}

function listQuery(filter: Record<string, string>, cursor: string | null): string {
  return new URLSearchParams({ ...filter, limit: String(pageSize), ...(cursor === null ? {} : { cursor }) }).toString();
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Of what is done at most once, however often it is asked. */
  readonly key?: string;
  readonly body?: unknown;
}

async function ask<Found>(
  settings: YooKassaSettings,
  question: Question,
  read: (body: unknown) => Found | undefined,
): Promise<ProviderAnswer<Found>> {
  let status: number;
  let body: unknown;
  try {
    const response = await send(settings, question);
    status = response.status;
    body = await readBody(response);
  } catch (error) {
    return { kind: 'unknown', why: error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable' };
  }
  if (status !== 200) return withoutResult(status, body);
  const found = read(body);
  return found === undefined ? { kind: 'unknown', why: 'unreadable' } : { kind: 'answer', found };
}

async function send({ shopId, secret, url, timeoutMs }: YooKassaSettings, { method, path, key, body }: Question): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${shopId}:${secret}`).toString('base64')}`,
      accept: 'application/json',
      ...(key === undefined ? {} : { 'idempotence-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    // Our secret goes to nobody else.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs ?? standardTimeoutMs),
  });
}

/** The JSON of an answer; undefined when it is none, or larger than any that is meant. */
async function readBody(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > largestAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * What an answer without a result means. 401 and 403 speak of our credentials and not of what was asked: something that was asked
 * before may well have been done, so they are unknown too.
 */
function withoutResult(status: number, body: unknown): ProviderAnswer<never> {
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const wait = told['retry_after'];
  const later = typeof wait === 'number' && wait >= 0 && wait <= 86_400_000 ? { retryAfterMs: Math.ceil(wait) } : {};
  if (status === 202) return { kind: 'unknown', why: 'accepted', ...later };
  if (status === 429) return { kind: 'unknown', why: 'throttled', ...later };
  if (status === 404) return { kind: 'not_found' };
  if (status === 401 || status === 403) return { kind: 'unknown', why: 'not_admitted' };
  if (status === 400 || status === 405 || status === 415) {
    const parameter = shortText(told['parameter']);
    return { kind: 'refused', code: shortText(told['code']) ?? `http_${status}`, ...(parameter === undefined ? {} : { parameter }) };
  }
  return status >= 500 ? { kind: 'unknown', why: 'server_error', ...later } : { kind: 'unknown', why: 'unreadable' };
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 128) : undefined;
}

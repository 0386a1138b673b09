/** The provider's API, version 3, as far as Kontor speaks it (reference: yookassa). */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Books, SimulatedPayment, SimulatedRefund } from './books.ts';
import { Refusal, type Cashier } from './cashier.ts';
import type { Chance, Dial } from './dial.ts';
import { readCapture, readNewPayment, readNewRefund } from './requests.ts';
import { paymentObject, refundObject, type Surroundings } from './objects.ts';

/** An idempotence key is forgotten after this: the same request is a new charge then (trap 1). */
const keyLivesMs = 24 * 3600_000;
export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly key: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** `cut` closes the connection without an answer. */
export type ApiAnswer = { readonly status: number; readonly body: unknown } | { readonly html: string } | 'cut';

export interface ApiParts {
  readonly books: Books;
  readonly cashier: Cashier;
  readonly now: () => Date;
  readonly dial: () => Dial;
  readonly chance: () => Chance;
  readonly count: (what: string) => void;
  readonly surroundings: () => Surroundings;
  readonly secret: string;
  /** After this the provider answers 500, whatever came of it. */
  readonly patienceMs: number;
  /** Everything that is due is done, and what is to be told has been sent. */
  readonly tellAtOnce: () => Promise<void>;
  readonly wait: (ms: number) => Promise<void>;
}

export class ProviderApi {
  private readonly parts: ApiParts;

  constructor(parts: ApiParts) {
    this.parts = parts;
  }

  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const { chance, dial, count } = this.parts;
    count(`${request.method} ${request.url.pathname.replace(/^\/v3/, '').replace(/^\/(payments|refunds)\/[^/]+/, '/$1/{id}')}`);
    if (!this.admits(request.authorization))
      return problem(401, 'invalid_credentials', 'Error in shopId or secret key. Check their validity.', 'Authorization');
    if (chance().hits(dial().answersThrottled)) {
      count('answers throttled');
      return { status: 429, body: { ...errorBody('too_many_requests', 'Too many requests'), retry_after: 2_000 } };
    }
    if (chance().hits(dial().answersServerErrorUndone)) return serverError();
    const answered = await this.dutiful(request);
    const failed = isPost(request) ? this.misbehave() : undefined;
    const slow = await this.beSlow(request, answered);
    return slow ?? failed ?? answered;
  }

  /** As the documents say it, without any misbehaviour. */
  private async dutiful(request: ApiRequest): Promise<ApiAnswer> {
    try {
      return isPost(request) ? await this.once(request) : this.read(request.url);
    } catch (error) {
      if (error instanceof Refusal) return problem(400, 'invalid_request', error.message, error.parameter);
      throw error;
    }
  }

  /** What was done is done; what the caller hears of it is another matter. */
  private misbehave(): ApiAnswer | undefined {
    const { chance, dial } = this.parts;
    if (chance().hits(dial().answersServerErrorDone)) return serverError();
    if (chance().hits(dial().answersDropped)) return 'cut';
    if (chance().hits(dial().answersUnreadable)) return { html: '<!doctype html><title>Maintenance</title><p>We are back soon.' };
    return undefined;
  }

  private async beSlow(request: ApiRequest, answered: ApiAnswer): Promise<ApiAnswer | undefined> {
    const { chance, dial, wait, cashier, patienceMs } = this.parts;
    const longest = dial().answersLatencyMs;
    if (longest === 0) return undefined;
    const ms = Math.ceil(chance().next() * longest);
    await wait(Math.min(ms, patienceMs));
    if (ms <= patienceMs) return undefined;
    // The provider tries to cancel what it could not answer in time, and does not always manage it.
    const id = typeof answered === 'object' && 'body' in answered ? (answered.body as { id?: unknown }).id : undefined;
    if (request.url.pathname === '/v3/payments' && isPost(request) && typeof id === 'string' && chance().hits(0.5))
      cashier.decline(id, 'general_decline', 'yoo_money');
    return serverError();
  }

  /** The same key within a day: the first answer again. */
  private async once(request: ApiRequest): Promise<ApiAnswer> {
    const { books, now, chance, dial, count } = this.parts;
    if (request.contentType?.split(';')[0] !== 'application/json')
      return problem(415, 'unsupported_media_type', 'Content-Type must be application/json');
    const { key } = request;
    if (!key || key.length > 64) return problem(400, 'invalid_request', 'Idempotence key is missing or too long', 'Idempotence-Key');
    const bodyHash = createHash('sha256').update(`${request.url.pathname}\n${request.body}`).digest('hex');
    const kept = books.keys.get(key);
    if (kept && now().getTime() - new Date(kept.at).getTime() < keyLivesMs) {
      if (kept.bodyHash !== bodyHash) return problem(400, 'invalid_request', 'Idempotence key duplicated', 'Idempotence-Key');
      count('answers repeated');
      return { status: 200, body: kept.answer };
    }
    // Nothing waits between the look and this line: of two at once under one key, one finds the other's answer.
    const body = this.post(request);
    books.keep({ kind: 'key', id: key, bodyHash, at: now().toISOString(), answer: body });
    if (request.url.pathname === '/v3/payments' && chance().hits(dial().notificationsEarly)) await this.payEarly(body);
    if (chance().hits(dial().answersAccepted)) {
      count('answers accepted');
      return { status: 202, body: { type: 'processing', description: 'The request is being processed', retry_after: 1_800 } };
    }
    return { status: 200, body };
  }

  private post({ url, body }: ApiRequest): Record<string, unknown> {
    const { cashier } = this.parts;
    const given = readJson(body);
    const [, id, deed] = /^\/v3\/payments\/([^/]+)\/(capture|cancel)$/.exec(url.pathname) ?? [];
    if (url.pathname === '/v3/payments') return this.payment(cashier.begin(readNewPayment(given)));
    if (url.pathname === '/v3/refunds') {
      const { paymentId, amountMinor, currency, ...along } = readNewRefund(given);
      return this.refund(cashier.refund(paymentId, amountMinor, currency, along));
    }
    if (id === undefined || !this.parts.books.payments.has(id)) throw new Refusal('There is no such resource');
    if (deed === 'cancel') return this.payment(cashier.cancel(id));
    return this.payment(cashier.capture(id, readCapture(given)));
  }

  /** Paid, and told of, before the shop hears that there is a payment (trap 2). */
  private async payEarly(created: Record<string, unknown>): Promise<void> {
    this.parts.cashier.pay(String(created['id']));
    await this.parts.tellAtOnce();
  }

  private read(url: URL): ApiAnswer {
    const { books } = this.parts;
    const [, resource, id] = /^\/v3\/(payments|refunds)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (resource === undefined) return problem(404, 'not_found', 'There is no such resource');
    if (id !== undefined) {
      const payment = resource === 'payments' ? books.payments.get(id) : undefined;
      const refund = resource === 'refunds' ? books.refunds.get(id) : undefined;
      if (payment) return { status: 200, body: this.payment(payment) };
      if (refund) return { status: 200, body: this.refund(refund) };
      return problem(404, 'not_found', `There is no ${resource === 'payments' ? 'payment' : 'refund'} with this id`);
    }
    const found =
      resource === 'payments'
        ? list([...books.payments.values()], url.searchParams, (one) => this.payment(one))
        : list([...books.refunds.values()], url.searchParams, (one) => this.refund(one));
    return { status: 200, body: found };
  }

  private payment(payment: SimulatedPayment): Record<string, unknown> {
    return paymentObject(payment, this.parts.surroundings());
  }

  private refund(refund: SimulatedRefund): Record<string, unknown> {
    return refundObject(refund, this.parts.surroundings());
  }

  private admits(authorization: string | undefined): boolean {
    const hash = (text: string) => createHash('sha256').update(text).digest();
    const expected = `Basic ${Buffer.from(`${this.parts.surroundings().shopId}:${this.parts.secret}`).toString('base64')}`;
    return timingSafeEqual(hash(authorization ?? ''), hash(expected));
  }
}

/** Newest first, a page at a time. The cursor says what the last page ended with. */
function list<One extends { id: string; createdAt: string; status: string; paymentId?: string }>(
  all: One[],
  query: URLSearchParams,
  write: (one: One) => unknown,
): unknown {
  const limit = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refusal('Incorrect limit', 'limit');
  const [from, later, until, before] = ['gte', 'gt', 'lte', 'lt'].map((bound) => instantOf(query, `created_at.${bound}`));
  const within = (createdAt: string) =>
    (from === undefined || createdAt >= from) &&
    (later === undefined || createdAt > later) &&
    (until === undefined || createdAt <= until) &&
    (before === undefined || createdAt < before);
  const after = query.get('cursor');
  const place = (one: One) => `${one.createdAt}_${one.id}`;
  const found = all
    .filter((one) => within(one.createdAt))
    .filter((one) => [null, one.status].includes(query.get('status')))
    .filter((one) => [null, one.paymentId].includes(query.get('payment_id')))
    .toSorted((one, other) => (place(one) < place(other) ? 1 : -1))
    .filter((one) => after === null || place(one) < Buffer.from(after, 'base64url').toString());
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    type: 'list',
    items: items.map(write),
    ...(found.length > limit && last && { next_cursor: Buffer.from(place(last)).toString('base64url') }),
  };
}

/** As ours are spelled, so that the texts compare as the instants do. */
function instantOf(query: URLSearchParams, name: string): string | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  const instant = new Date(given);
  if (Number.isNaN(instant.getTime())) throw new Refusal('It is no instant', name);
  return instant.toISOString();
}

function isPost({ method }: ApiRequest): boolean {
  return method === 'POST';
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal('The body is no JSON');
  }
}

function errorBody(code: string, description: string, parameter?: string): Record<string, unknown> {
  return { type: 'error', id: 'e0000000-0000-5000-8000-000000000000', code, description, ...(parameter && { parameter }) };
}

function problem(status: number, code: string, description: string, parameter?: string): ApiAnswer {
  return { status, body: errorBody(code, description, parameter) };
}

function serverError(): ApiAnswer {
  return { status: 500, body: { ...errorBody('internal_server_error', 'Internal server error'), retry_after: 1_800 } };
}

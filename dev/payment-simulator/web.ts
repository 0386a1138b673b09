/** The pages in the browser, and the same handles as JSON: what a person presses here, a program may post. */
import type { Locale } from '../../domain/locale.ts';
import { locales, preferredLocale } from '../../domain/locale.ts';
import { readAmountMinor } from '../../domain/money.ts';
import { cabinetPage, type CabinetState } from './cabinet-page.ts';
import { cardOf } from './cards.ts';
import { Refusal } from './cashier.ts';
import { calm } from './dial.ts';
import { missingPage, payerPage, securePage } from './payer-page.ts';
import { pagePolicy, sheetStyle } from './sheet.ts';
import type { PaymentSimulator } from './simulator.ts';

export interface WebRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What the pages act on. */
export interface Handles extends Omit<PaymentSimulator, 'stop'> {
  state(): CabinetState;
  capture(id: string): Promise<void>;
}

/** @returns undefined for what is none of ours */
export async function answerWeb(handles: Handles, request: WebRequest): Promise<WebAnswer | undefined> {
  const { method, url, headers } = request;
  const deed = /^\/(?:pay|control)\//.test(url.pathname) && method === 'POST';
  // A page of another site must not press these buttons through the browser of who visits it.
  if (deed && !['same-origin', 'none', undefined].includes(headers['sec-fetch-site'])) return json(403, { error: 'from another site' });
  const locale = spokenLocale(request);
  if (url.pathname === '/sheet.css') return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8' }, body: sheetStyle };
  if (url.pathname === '/' && method === 'GET') return page(200, cabinetPage(handles.state(), locale));
  if (url.pathname === '/control' && method === 'GET') return json(200, handles.state());
  const [, id, step] = /^\/pay\/([\w-]+)(\/secure)?$/.exec(url.pathname) ?? [];
  if (id !== undefined) return payer(handles, request, locale, id, step !== undefined);
  return url.pathname.startsWith('/control/') && method === 'POST' ? control(handles, request, locale) : undefined;
}

async function payer(handles: Handles, request: WebRequest, locale: Locale, id: string, secured: boolean): Promise<WebAnswer> {
  const payment = handles.payments().find((each) => each.id === id);
  if (!payment) return page(404, missingPage(locale));
  if (request.method !== 'POST') return page(200, payerPage(payment, locale));
  const given = new URLSearchParams(request.body);
  const way = given.get('way') ?? 'bank_card';
  const number = given.get('card') ?? request.url.searchParams.get('card') ?? '';
  const card = cardOf(number);
  if (payment.status === 'pending') {
    if (secured) {
      if (given.get('answer') === 'yes') await handles.payByCard(id, number);
      else await handles.decline(id, '3d_secure_failed');
    } else if (way === 'decline') await handles.decline(id, 'general_decline');
    else if (way !== 'bank_card') await handles.pay(id, { type: way });
    else if (card === undefined) return page(422, payerPage(payment, locale, number));
    else if (card.secure === true) return page(200, securePage(payment, locale, card.number));
    else await handles.payByCard(id, number);
  }
  return seeOther(`/pay/${id}?lang=${locale}`);
}

async function control(handles: Handles, request: WebRequest, locale: Locale): Promise<WebAnswer> {
  const asForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  try {
    const given = readBody(request.body, asForm);
    const answer = await act(handles, request.url.pathname, given);
    if (answer === undefined) return json(404, { error: 'there is no such handle' });
    return asForm ? seeOther(`/?lang=${locale}`) : json(200, answer);
  } catch (error) {
    const why = refusalIn(error);
    if (why === undefined) throw error;
    return asForm ? page(422, cabinetPage(handles.state(), locale, why)) : json(422, { error: why });
  }
}

/** What is wrong with what was wished; undefined for a fault of ours. */
function refusalIn(error: unknown): string | undefined {
  return error instanceof Refusal || error instanceof RangeError || error instanceof SyntaxError ? error.message : undefined;
}

async function act(handles: Handles, path: string, given: Record<string, string>): Promise<unknown> {
  if (path === '/control/clock') {
    const seconds = Number(given['moveSeconds']);
    if (!Number.isFinite(seconds) || Math.abs(seconds) > 5 * 366 * 86_400)
      throw new RangeError('moveSeconds is no number, or more than five years');
    await handles.moveClock(seconds);
    return handles.state();
  }
  if (path === '/control/dial') {
    const { calm: toCalm, ...changes } = given;
    handles.dial(toCalm === undefined ? numbersOf(changes) : calm);
    return handles.state();
  }
  const [, resource, id, deed] = /^\/control\/(payments|refunds)\/([\w-]+)\/(\w+)$/.exec(path) ?? [];
  if (id === undefined) return undefined;
  return resource === 'payments' ? actOnPayment(handles, id, deed!, given) : actOnRefund(handles, id, deed!);
}

async function actOnPayment(handles: Handles, id: string, deed: string, given: Record<string, string>): Promise<unknown> {
  const { card, method, reason, party, amount } = given;
  switch (deed) {
    case 'pay':
      if (card !== undefined) await handles.payByCard(id, card);
      else await (method === undefined ? handles.pay(id) : handles.pay(id, { type: method }));
      break;
    case 'decline':
      await handles.decline(id, reason, party);
      break;
    case 'expire':
      await handles.expire(id);
      break;
    case 'capture':
      await handles.capture(id);
      break;
    case 'notify':
      await handles.notify(id);
      break;
    case 'refund': {
      const minor = readAmountMinor(amount ?? '');
      if (minor === undefined || minor === 0) throw new RangeError('amount is no sum, such as 100,00');
      return handles.refundInCabinet(id, minor);
    }
    default:
      return undefined;
  }
  return handles.payments().find((payment) => payment.id === id);
}

async function actOnRefund(handles: Handles, id: string, deed: string): Promise<unknown> {
  if (deed === 'succeed') await handles.settleRefund(id, 'succeeded');
  else if (deed === 'cancel') await handles.settleRefund(id, 'canceled');
  else if (deed === 'notify') await handles.notify(id);
  else return undefined;
  return handles.refunds().find((refund) => refund.id === id);
}

function readBody(body: string, asForm: boolean): Record<string, string> {
  if (body === '') return {};
  const given = asForm ? Object.fromEntries(new URLSearchParams(body)) : (JSON.parse(body) as Record<string, unknown>);
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}

function numbersOf(given: Record<string, string>): Record<string, number> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, Number(value.replace(',', '.'))]));
}

function spokenLocale({ url, headers }: WebRequest): Locale {
  const asked = url.searchParams.get('lang');
  return locales.find((locale) => locale === asked) ?? preferredLocale(headers['accept-language']) ?? 'en';
}

function page(status: number, body: string): WebAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy, 'cache-control': 'no-store' },
    body,
  };
}

function json(status: number, value: unknown): WebAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

function seeOther(location: string): WebAnswer {
  return { status: 303, headers: { location }, body: '' };
}

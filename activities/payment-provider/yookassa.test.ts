import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreatePayment, PaymentProvider } from './port.ts';
import { yooKassa } from './yookassa.ts';

/** A provider that answers whatever a test wants. */
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    asked.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    answer(request, response, body);
  });
});
let origin: string;
let provider: PaymentProvider;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = yooKassa({ shopId: '100500', secret: 'live_key', url: `${origin}/v3`, takesTestMoney: false, timeoutMs: 300 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const wanted: CreatePayment = {
  paymentId: 'pay_1',
  key: 'pay_1-1',
  amountMinor: 12_345,
  currency: 'RUB',
  returnUrl: 'https://desk.kontor.example/links/payment-return',
  description: 'Top-up CS',
};
const made = {
  id: '22e12f66-000f-5000-8000-18db351245c7',
  status: 'pending',
  amount: { value: '123.45', currency: 'RUB' },
  created_at: '2031-07-18T10:51:18.139Z',
  recipient: { account_id: '100500', gateway_id: '1' },
  confirmation: { type: 'redirect', confirmation_url: `http://127.0.0.1/pay` },
  metadata: { paymentId: 'pay_1' },
  paid: false,
  refundable: false,
  test: false,
};
const json = (status: number, body: unknown) => (_request: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

test('B2: a payment is asked for as documented: captured at once, by redirect, under our key, with our id in its metadata', async () => {
  answer = json(200, made);
  expect(await provider.createPayment(wanted)).toMatchObject({
    kind: 'answer',
    found: { id: made.id, state: 'pending', amountMinor: 12_345 },
  });
  const { method, url, headers, body } = asked.at(-1)!;
  expect({ method, url }).toEqual({ method: 'POST', url: '/v3/payments' });
  expect(headers).toMatchObject({
    'idempotence-key': 'pay_1-1',
    authorization: `Basic ${Buffer.from('100500:live_key').toString('base64')}`,
    'content-type': 'application/json',
  });
  expect(JSON.parse(body)).toEqual({
    amount: { value: '123.45', currency: 'RUB' },
    capture: true,
    confirmation: { type: 'redirect', return_url: wanted.returnUrl },
    description: 'Top-up CS',
    metadata: { paymentId: 'pay_1' },
  });
});

test('B7: a refund carries our id twice, as not every shop is given its metadata back', async () => {
  answer = json(200, { id: 'r-1', payment_id: made.id, status: 'succeeded', amount: made.amount, created_at: made.created_at });
  await provider.createRefund({ refundId: 'rfd_1', key: 'rfd_1', paymentId: made.id, amountMinor: 100, currency: 'RUB' });
  expect(JSON.parse(asked.at(-1)!.body)).toEqual({
    payment_id: made.id,
    amount: { value: '1.00', currency: 'RUB' },
    description: 'rfd_1',
    metadata: { refundId: 'rfd_1' },
  });
});

test('B10: lists are asked by the time of creation, from it on and up to it, with the cursor of the page before', async () => {
  answer = json(200, { type: 'list', items: [made], next_cursor: 'c 2' });
  const within = { from: new Date('2031-07-18T00:00:00Z'), to: new Date('2031-07-19T00:00:00Z') };
  expect(await provider.listPayments(within, null)).toMatchObject({ kind: 'answer', found: { nextCursor: 'c 2' } });
  await provider.listPayments(within, 'c 2');
  const query = new URL(asked.at(-1)!.url, origin).searchParams;
  expect(Object.fromEntries(query)).toEqual({
    'created_at.gte': '2031-07-18T00:00:00.000Z',
    'created_at.lt': '2031-07-19T00:00:00.000Z',
    limit: '100',
    cursor: 'c 2',
  });
});

describe('what is not known to have failed is unknown', () => {
  test.each([
    [202, { type: 'processing', retry_after: 1800 }, { why: 'accepted', retryAfterMs: 1800 }],
    [500, { type: 'error', code: 'internal_server_error' }, { why: 'server_error' }],
    [502, undefined, { why: 'server_error' }],
    [504, undefined, { why: 'server_error' }],
    [429, { type: 'error', code: 'too_many_requests', retry_after: 2000.5 }, { why: 'throttled', retryAfterMs: 2001 }],
    [401, { type: 'error', code: 'invalid_credentials' }, { why: 'not_admitted' }],
    [403, { type: 'error', code: 'forbidden' }, { why: 'not_admitted' }],
    [201, made, { why: 'unreadable' }],
    [418, made, { why: 'unreadable' }],
    [202, { retry_after: -5 }, { why: 'accepted' }],
    [202, { retry_after: '1800' }, { why: 'accepted' }],
    [202, { retry_after: 1e300 }, { why: 'accepted' }],
  ])('B11: %i with %j', async (status, body, expected) => {
    answer = json(status, body);
    expect(await provider.createPayment(wanted)).toEqual({ kind: 'unknown', ...expected });
  });

  test('B11: an answer that does not come, a connection that breaks, and nobody there', async () => {
    answer = () => {};
    expect(await provider.createPayment(wanted)).toEqual({ kind: 'unknown', why: 'timeout' });
    answer = (request) => request.socket.destroy();
    expect(await provider.createPayment(wanted)).toEqual({ kind: 'unknown', why: 'unreachable' });
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"id":', () => response.destroy());
    };
    expect(await provider.createPayment(wanted)).toEqual({ kind: 'unknown', why: 'unreachable' });
    const nobody = yooKassa({ shopId: '1', secret: 'x', url: 'http://127.0.0.1:9/v3', takesTestMoney: false });
    expect(await nobody.readPayment('x')).toEqual({ kind: 'unknown', why: 'unreachable' });
  });

  test('B11: an answer that trickles for ever is a time-out too', async () => {
    const timers: NodeJS.Timeout[] = [];
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      timers.push(setInterval(() => response.write(' '), 20));
    };
    expect(await provider.createPayment(wanted)).toEqual({ kind: 'unknown', why: 'timeout' });
    for (const timer of timers) clearInterval(timer);
  });

  test.each([
    ['no JSON', '<!doctype html><title>Maintenance</title>'],
    ['half a JSON', '{"id": "x"'],
    ['nothing', ''],
    ['a list instead of a payment', '[]'],
    ['another state than there is', JSON.stringify({ ...made, status: 'odd' })],
  ])('B11: 200 with %s', async (_name, body) => {
    answer = (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    expect(await provider.createPayment(wanted)).toEqual({ kind: 'unknown', why: 'unreadable' });
  });

  test('B11: an answer larger than any that is meant is not read to its end', async () => {
    let written = 0;
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (written < 200_000_000 && !response.destroyed) {
          written += 65_536;
          if (!response.write(' '.repeat(65_536))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    expect(await provider.createPayment(wanted)).toMatchObject({ kind: 'unknown' });
    expect(written).toBeLessThan(50_000_000);
  });

  test('B11: an answer about another payment than was asked for', async () => {
    answer = json(200, made);
    expect(await provider.readPayment('33333333-000f-5000-8000-18db351245c7')).toEqual({ kind: 'unknown', why: 'unreadable' });
    expect(await provider.readPayment(made.id)).toMatchObject({ kind: 'answer' });
  });

  test('B11: a redirect is not followed: our secret goes to nobody else', async () => {
    const before = asked.length;
    answer = (_request, response) => void response.writeHead(307, { location: `${origin}/elsewhere` }).end();
    expect(await provider.createPayment(wanted)).toEqual({ kind: 'unknown', why: 'unreadable' });
    expect(asked.length - before).toBe(1);
  });
});

test('B11: a refusal says its code and parameter, shortened; what is missing is told apart', async () => {
  answer = json(400, { type: 'error', code: 'invalid_request', parameter: 'amount.value', description: 'x' });
  expect(await provider.createPayment(wanted)).toEqual({ kind: 'refused', code: 'invalid_request', parameter: 'amount.value' });
  answer = json(400, { code: 'y'.repeat(5000) });
  expect(await provider.createPayment(wanted)).toEqual({ kind: 'refused', code: 'y'.repeat(128) });
  answer = json(400, 'what?');
  expect(await provider.createPayment(wanted)).toEqual({ kind: 'refused', code: 'http_400' });
  answer = json(404, { type: 'error', code: 'not_found' });
  expect(await provider.readRefund('x')).toEqual({ kind: 'not_found' });
});

test('B11: an id with a path in it stays an id', async () => {
  answer = json(404, {});
  await provider.readPayment('../shops?x=1#');
  expect(asked.at(-1)!.url).toBe('/v3/payments/..%2Fshops%3Fx%3D1%23');
});

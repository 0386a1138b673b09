import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PaymentProvider, ProviderAnswer, ProviderPayment } from '../../activities/payment-provider/port.ts';
import { yooKassa } from '../../activities/payment-provider/yookassa.ts';
import { until } from '../../test/harness/until.ts';
import { startPaymentSimulator, type PaymentSimulator, type SimulatorOptions } from './simulator.ts';

/** The shop: hears notifications and answers as a test wants. */
const heard: { event: string; object: { id: string; status: string; [field: string]: unknown }; at: number }[] = [];
let shopAnswers = 200;
const shop = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    heard.push({ ...JSON.parse(Buffer.concat(chunks).toString()), at: performance.now() });
    response.writeHead(shopAnswers).end();
  });
});

let simulator: PaymentSimulator;
let provider: PaymentProvider;
const started: PaymentSimulator[] = [];

async function begin(options: Omit<SimulatorOptions, 'port' | 'notificationUrl'> = {}): Promise<void> {
  const notificationUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/webhooks/yookassa`;
  simulator = await startPaymentSimulator({ port: 0, notificationUrl, ...options });
  started.push(simulator);
  provider = yooKassa({ shopId: simulator.shopId, secret: simulator.secret, url: simulator.url, takesTestMoney: true, timeoutMs: 5_000 });
}

beforeEach(async () => {
  heard.length = 0;
  shopAnswers = 200;
  if (!shop.listening) await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  await begin();
});
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
});

function found<Found>(answer: ProviderAnswer<Found>): Found {
  if (answer.kind !== 'answer') throw new Error(`no answer but ${JSON.stringify(answer)}`);
  return answer.found;
}

const topUp = {
  paymentId: 'pay_1',
  key: 'k1',
  amountMinor: 10_050,
  currency: 'RUB',
  returnUrl: 'https://kontor.example/',
  description: 'x',
};
const ask = (more: Partial<typeof topUp> = {}) => provider.createPayment({ ...topUp, ...more });
const create = async (more: Partial<typeof topUp> = {}): Promise<ProviderPayment> => found(await ask(more));
const look = async (id: string) => found(await provider.readPayment(id));
const paid = async (more: Partial<typeof topUp> = {}, method?: { type: string }) => {
  const { id } = await create({ key: `key-${Math.random()}`, ...more });
  await simulator.pay(id, method);
  return id;
};
const refund = (paymentId: string, amountMinor: number, key = `refund-${Math.random()}`) =>
  provider.createRefund({ refundId: 'rfd_1', key, paymentId, amountMinor, currency: 'RUB' });

/** Asks without our client, to see the bare answer. */
async function bare(path: string, init: RequestInit = {}): Promise<{ status: number; body: any }> {
  const authorization = `Basic ${Buffer.from(`${simulator.shopId}:${simulator.secret}`).toString('base64')}`;
  const response = await fetch(simulator.url + path, {
    ...init,
    headers: { authorization, 'content-type': 'application/json', ...init.headers },
  });
  return { status: response.status, body: await response.json() };
}

describe('idempotence keys', () => {
  test('B2: the same key with the same body is the first answer again, and no second payment', async () => {
    const first = await create();
    await simulator.pay(first.id);
    // What was answered first, not what has become of it since.
    expect(await create()).toEqual(first);
    expect(simulator.payments()).toHaveLength(1);
    expect(simulator.counts()['answers repeated']).toBe(1);
  });

  test('B2: twenty at once under one key make one payment', async () => {
    for (const early of [0, 1]) {
      simulator.dial({ notificationsEarly: early });
      const all = await Promise.all(Array.from({ length: 20 }, () => create({ key: `at once ${early}` })));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(simulator.payments()).toHaveLength(1 + early);
    }
  });

  test('B2: the same key with another body is refused', async () => {
    await create();
    expect(await ask({ amountMinor: 10_051 })).toEqual({ kind: 'refused', code: 'invalid_request', parameter: 'Idempotence-Key' });
  });

  test('B2: after 24 hours the same key is a new charge (trap 1)', async () => {
    const first = await create();
    await simulator.moveClock(24 * 3600 - 60);
    expect((await create()).id).toBe(first.id);
    await simulator.moveClock(61);
    expect((await create()).id).not.toBe(first.id);
    expect(simulator.payments()).toHaveLength(2);
  });

  test('B2: a missing key, and one of 65 characters, are refused', async () => {
    const body = JSON.stringify({
      amount: { value: '1.00', currency: 'RUB' },
      confirmation: { type: 'redirect', return_url: 'https://x.example' },
    });
    expect(await bare('/payments', { method: 'POST', body })).toMatchObject({ status: 400, body: { parameter: 'Idempotence-Key' } });
    expect(await ask({ key: 'x'.repeat(65) })).toMatchObject({ kind: 'refused', parameter: 'Idempotence-Key' });
    expect((await ask({ key: 'x'.repeat(64) })).kind).toBe('answer');
  });
});

describe('what is asked wrongly', () => {
  test('B11: another shop, and another secret, are not let in', async () => {
    for (const wrong of [
      { shopId: '1', secret: simulator.secret },
      { shopId: simulator.shopId, secret: 'x' },
    ])
      expect(await yooKassa({ ...wrong, url: simulator.url, takesTestMoney: true }).readPayment('x')).toEqual({
        kind: 'unknown',
        why: 'not_admitted',
      });
  });

  test.each([
    [{ amountMinor: 99 }, 'amount.value'],
    [{ currency: 'USD' }, 'amount.currency'],
    [{ returnUrl: 'nowhere' }, 'confirmation.return_url'],
    [{ returnUrl: `https://x.example/${'y'.repeat(2048)}` }, 'confirmation.return_url'],
    [{ description: 'x'.repeat(129) }, 'description'],
  ])('B11: %j is refused', async (wrong, parameter) => {
    expect(await ask(wrong)).toEqual({ kind: 'refused', code: 'invalid_request', parameter });
    expect(simulator.payments()).toEqual([]);
  });

  test('B11: a body that is no JSON, and one of another type', async () => {
    const headers = { 'idempotence-key': 'k' };
    expect((await bare('/payments', { method: 'POST', body: '{', headers })).status).toBe(400);
    expect((await bare('/payments', { method: 'POST', body: 'x', headers: { ...headers, 'content-type': 'text/plain' } })).status).toBe(
      415,
    );
  });
});

describe('the life of a payment', () => {
  test('B2: objects have the fields that the provider’s own description demands', async () => {
    const id = await paid();
    const { body } = await bare(`/payments/${id}`);
    expect(Object.keys(body)).toEqual(
      expect.arrayContaining(['id', 'status', 'amount', 'created_at', 'paid', 'test', 'refundable', 'recipient']),
    );
    expect(body.id).toHaveLength(36);
    expect(body.recipient).toEqual({ account_id: '100500', gateway_id: expect.any(String) });
    await refund(id, 100);
    const { body: list } = await bare('/refunds');
    expect(list).toMatchObject({ type: 'list' });
    expect(Object.keys(list.items[0])).toEqual(expect.arrayContaining(['id', 'payment_id', 'status', 'amount', 'created_at']));
  });

  test.each([
    ['5555 5555 5555 4444', 'succeeded', null],
    ['5555555555554477', 'succeeded', null],
    ['5555555555554600', 'canceled', 'insufficient_funds'],
    ['5555555555554543', 'canceled', 'card_expired'],
    ['4222222222222220', 'canceled', 'invalid_card_number'],
  ])('B11: card %s: %s %s', async (card, state, reason) => {
    const { id } = await create();
    await simulator.payByCard(id, card);
    expect(await look(id)).toMatchObject({ state, cancelledFor: reason, method: 'bank_card' });
    expect(heard.map(({ event }) => event)).toEqual([`payment.${state}`]);
  });

  test('B2: a final state never changes, whatever is pressed', async () => {
    const { id } = await create();
    await simulator.decline(id, 'insufficient_funds');
    await simulator.pay(id);
    await simulator.expire(id);
    expect(await look(id)).toMatchObject({ state: 'canceled', cancelledFor: 'insufficient_funds' });
    expect(heard).toHaveLength(1);
  });

  test('B2: what nobody pays within an hour is cancelled, and told of', async () => {
    const { id } = await create();
    await simulator.moveClock(3599);
    expect((await look(id)).state).toBe('pending');
    await simulator.moveClock(2);
    expect(await look(id)).toMatchObject({ state: 'canceled', cancelledBy: 'yoo_money', cancelledFor: 'expired_on_confirmation' });
    expect(heard.map(({ event }) => event)).toEqual(['payment.canceled']);
  });

  test('B11: the provider is called by both of his names', async () => {
    simulator.dial({ olderParty: 1 });
    const { id } = await create();
    await simulator.expire(id);
    expect((await look(id)).cancelledBy).toBe('yoo_kassa');
  });

  test('B11: without capture a paid payment waits, is captured in part, cancelled, or runs out', async () => {
    const body = JSON.stringify({
      amount: { value: '50.00', currency: 'RUB' },
      confirmation: { type: 'redirect', return_url: 'https://x.example' },
    });
    const post = (path: string, key: string, what = body) =>
      bare(path, { method: 'POST', body: what, headers: { 'idempotence-key': key } });
    const ids = await Promise.all(['a', 'b', 'c'].map(async (key) => String((await post('/payments', key)).body.id)));
    expect((await post(`/payments/${ids[0]}/capture`, 'early', '{}')).status).toBe(400);
    for (const id of ids) await simulator.pay(id);
    expect((await look(ids[0]!)).state).toBe('waiting_for_capture');
    expect(
      (await post(`/payments/${ids[0]}/capture`, 'd', JSON.stringify({ amount: { value: '20.00', currency: 'RUB' } }))).body.amount.value,
    ).toBe('20.00');
    expect((await post(`/payments/${ids[1]}/cancel`, 'e', '{}')).body.cancellation_details).toEqual({
      party: 'merchant',
      reason: 'canceled_by_merchant',
    });
    await simulator.moveClock(7 * 86_400 + 1);
    expect((await look(ids[2]!)).cancelledFor).toBe('expired_on_capture');
  });
});

describe('refunds', () => {
  test('B7: partly, twice, up to what was paid and no further', async () => {
    const id = await paid({ amountMinor: 10_000 });
    expect(found(await refund(id, 3_000))).toMatchObject({ state: 'succeeded', refundId: 'rfd_1', amountMinor: 3_000 });
    expect((await refund(id, 7_001)).kind).toBe('refused');
    expect((await refund(id, 7_000)).kind).toBe('answer');
    expect((await look(id)).refundedMinor).toBe(10_000);
    expect(found(await provider.listRefunds({ paymentId: id }, null)).items).toHaveLength(2);
    expect(heard.filter(({ event }) => event === 'refund.succeeded')).toHaveLength(2);
  });

  test('B7: two at once never give back more than was paid', async () => {
    const id = await paid({ amountMinor: 10_000 });
    const kinds = (await Promise.all([refund(id, 6_000), refund(id, 6_000)])).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['answer', 'refused']);
  });

  test('B7: one that waits counts as taken until it is cancelled, of which nobody is told (trap 5)', async () => {
    simulator.dial({ refundsPending: 1 });
    const id = await paid({ amountMinor: 10_000 });
    heard.length = 0;
    const { id: refundId } = found(await refund(id, 6_000));
    expect((await look(id)).refundedMinor).toBe(0);
    expect((await refund(id, 6_000)).kind).toBe('refused');
    await simulator.settleRefund(refundId, 'canceled');
    expect(found(await provider.readRefund(refundId))).toMatchObject({ state: 'canceled', cancelledFor: 'general_decline' });
    expect((await refund(id, 6_000)).kind).toBe('answer');
    expect(heard).toEqual([]);
  });

  test('B7: one made in the cabinet has an id that we never saw, and nothing of ours (trap 5)', async () => {
    const id = await paid({ amountMinor: 10_000 });
    const { id: refundId } = await simulator.refundInCabinet(id, 4_000);
    expect(found(await provider.readRefund(refundId))).toMatchObject({ refundId: null, paymentId: id, amountMinor: 4_000 });
    expect(heard.at(-1)).toMatchObject({ event: 'refund.succeeded', object: { id: refundId } });
  });

  test('B7: methods differ in their windows, and in whether a part can go back (trap 6)', async () => {
    const whole = await paid({ amountMinor: 10_000 }, { type: 'sber_loan' });
    expect((await refund(whole, 5_000)).kind).toBe('refused');
    expect((await refund(whole, 10_000)).kind).toBe('answer');
    const [bySbp, byCard] = [await paid({}, { type: 'sbp' }), await paid()];
    await simulator.moveClock(366 * 86_400);
    expect((await refund(bySbp, 100)).kind).toBe('refused');
    expect((await refund(byCard, 100)).kind).toBe('answer');
  });

  test('B7: what is not paid, and what there is not, gives nothing back', async () => {
    const { id } = await create();
    expect((await refund(id, 100)).kind).toBe('refused');
    expect((await refund('33333333-000f-5000-8000-18db351245c7', 100)).kind).toBe('refused');
  });
});

test('B10: lists go by creation, newest first, a page at a time, and lose and repeat nothing', async () => {
  const made: string[] = [];
  for (let count = 0; count < 203; count++) {
    made.push((await create({ key: `k${count}`, paymentId: `pay_${count}` })).id);
    // Several within one millisecond, too.
    if (count % 50 === 0) await simulator.moveClock(1);
  }
  const within = { from: new Date(simulator.now().getTime() - 3600_000), to: new Date(simulator.now().getTime() + 1000) };
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: readonly ProviderPayment[]; nextCursor: string | null } = found(await provider.listPayments(within, cursor));
    expect(page.items.length).toBeLessThanOrEqual(100);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen.toSorted()).toEqual(made.toSorted());
  const last = (await look(made.at(-1)!)).createdAt;
  expect(found(await provider.listPayments({ from: new Date(last.getTime() + 1), to: within.to }, null)).items).toEqual([]);
  expect(found(await provider.listPayments({ from: within.from, to: last }, null)).items.map(({ id }) => id)).not.toContain(made.at(-1));
});

test('B10: a list is bounded by instants in any spelling; what is none is refused', async () => {
  await create();
  const day = (offset: string) => encodeURIComponent(`2001-01-01T00:00:00${offset}`);
  for (const offset of ['Z', '.000Z', '+03:00']) {
    expect((await bare(`/payments?created_at.gt=${day(offset)}`)).body.items).toHaveLength(1);
    expect((await bare(`/payments?created_at.lte=${day(offset)}`)).body.items).toEqual([]);
  }
  expect(await bare('/payments?created_at.gte=yesterday')).toMatchObject({ status: 400, body: { parameter: 'created_at.gte' } });
  expect((await bare('/payments?limit=101')).status).toBe(400);
});

describe('notifications', () => {
  test('B2: only 200 acknowledges; it is told again for 24 hours, and then no more', async () => {
    shopAnswers = 500;
    const { id } = await create();
    await simulator.pay(id);
    expect(heard).toHaveLength(1);
    for (let hour = 0; hour < 30; hour++) await simulator.moveClock(3600);
    const attempts = heard.length;
    expect(attempts).toBeGreaterThan(5);
    expect(new Set(heard.map(({ object }) => object.id))).toEqual(new Set([id]));
    await simulator.moveClock(86_400);
    expect(heard).toHaveLength(attempts);
  });

  test('B2: 202 and 204 acknowledge nothing; 200 ends it', async () => {
    for (const status of [202, 204]) {
      shopAnswers = status;
      await paid();
    }
    expect(heard).toHaveLength(2);
    shopAnswers = 200;
    await simulator.moveClock(11);
    expect(heard).toHaveLength(4);
    await simulator.moveClock(86_400);
    expect(heard).toHaveLength(4);
    expect(simulator.counts()['notifications acknowledged']).toBe(2);
  });

  test('B2: repeated, at the same moment', async () => {
    simulator.dial({ notificationsRepeated: 9 });
    await paid();
    expect(heard).toHaveLength(10);
  });

  test('B2: lost', async () => {
    simulator.dial({ notificationsLost: 1 });
    const id = await paid();
    await simulator.moveClock(2 * 86_400);
    expect(heard).toEqual([]);
    expect((await look(id)).state).toBe('succeeded');
  });

  test('B2: delayed, by the simulator’s clock', async () => {
    simulator.dial({ notificationsDelaySeconds: 7200 });
    await paid();
    expect(heard).toEqual([]);
    await simulator.moveClock(7200);
    expect(heard).toHaveLength(1);
  });

  test('B2: out of order: the later one comes first', async () => {
    simulator.dial({ notificationsReordered: 1 });
    const first = await paid();
    simulator.dial({ notificationsReordered: 0 });
    const second = await paid();
    await until('both are told', async () => heard.length === 2);
    expect(heard.map(({ object }) => object.id)).toEqual([second, first]);
  });

  test('B2: early: paid and told of before the call that makes the payment is answered (trap 2)', async () => {
    simulator.dial({ notificationsEarly: 1 });
    const answered = create().then((payment) => ({ payment, at: performance.now() }));
    const { payment, at } = await answered;
    expect(payment.state).toBe('pending');
    expect(heard).toMatchObject([{ event: 'payment.succeeded', object: { id: payment.id, metadata: { paymentId: 'pay_1' } } }]);
    expect(heard[0]!.at).toBeLessThan(at);
  });

  test('B2: by hand, as often as one likes', async () => {
    const id = await paid();
    expect(await simulator.notify(id)).toBe(200);
    expect(await simulator.notify(id, 'payment.canceled')).toBe(200);
    expect(heard.map(({ event }) => event)).toEqual(['payment.succeeded', 'payment.succeeded', 'payment.canceled']);
  });
});

describe('misbehaviour', () => {
  test.each([
    ['answersServerErrorDone', 'server_error', 1],
    ['answersServerErrorUndone', 'server_error', 0],
    ['answersAccepted', 'accepted', 1],
    ['answersThrottled', 'throttled', 0],
    ['answersDropped', 'unreachable', 1],
    ['answersUnreadable', 'unreadable', 1],
  ] as const)(
    'B11: %s is unknown to the caller (%s), and %i payments are made; asked again under the same key there is one',
    async (name, why, made) => {
      simulator.dial({ [name]: 1 });
      expect(await ask()).toMatchObject({ kind: 'unknown', why });
      expect(simulator.payments()).toHaveLength(made);
      simulator.dial({ [name]: 0 });
      const payment = await create();
      expect(simulator.payments().map(({ id }) => id)).toEqual([payment.id]);
    },
  );

  test('B11: what is not answered in time is a 500, and was cancelled or was not: both come', async () => {
    await begin({ patienceMs: 20, dial: { answersLatencyMs: 400 } });
    const asks = await Promise.all(Array.from({ length: 30 }, (_, count) => ask({ key: `slow${count}` })));
    expect(asks.filter((answer) => answer.kind === 'unknown' && answer.why === 'server_error').length).toBeGreaterThan(15);
    const states = simulator.payments().map(({ status }) => status);
    expect(states).toHaveLength(30);
    expect(new Set(states)).toEqual(new Set(['pending', 'canceled']));
  });

  test('B11: the same seed brings the same trouble', async () => {
    const run = async (seed: number) => {
      await begin({ dial: { seed, answersServerErrorDone: 0.3, answersThrottled: 0.3, notificationsLost: 0.5, olderParty: 0.5 } });
      const kinds: string[] = [];
      for (let count = 0; count < 30; count++) {
        const answer = await ask({ key: `k${count}` });
        kinds.push(answer.kind === 'unknown' ? answer.why : answer.kind);
        const payment = simulator.payments().at(-1);
        if (payment && count % 3 === 0) await simulator.decline(payment.id, 'x', 'yoo_money');
      }
      return { kinds, payments: simulator.payments().map(({ id, cancellation }) => [id, cancellation?.party]), counts: simulator.counts() };
    };
    const [first, again, other] = [await run(42), await run(42), await run(43)];
    expect(again).toEqual(first);
    expect(other.kinds).not.toEqual(first.kinds);
  });

  test.each([
    { notificationsLost: 1.5 },
    { notificationsRepeated: 2.5 },
    { answersLatencyMs: -1 },
    { colour: 1 },
    { olderParty: Number.NaN },
  ])('B11: the dial cannot be turned to %j', (wrong) => expect(() => simulator.dial(wrong as object)).toThrow(RangeError));
});

describe('what outlives a stop', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-simulator-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('O1: payments, refunds, keys, notifications that wait, the moved clock and the dial are there after a start, also behind half a line', async () => {
    await begin({ folder });
    const first = await create();
    await simulator.pay(first.id);
    await simulator.refundInCabinet(first.id, 1_000);
    shopAnswers = 503;
    const second = await create({ key: 'k2' });
    await simulator.pay(second.id);
    await simulator.moveClock(3_000);
    simulator.dial({ olderParty: 0.25 });
    const now = simulator.now().getTime();
    const before = { payments: simulator.payments(), refunds: simulator.refunds() };
    await simulator.stop();
    started.splice(started.indexOf(simulator), 1);
    appendFileSync(join(folder, 'journal.jsonl'), '{"kind":"payment","id":"half');

    heard.length = 0;
    shopAnswers = 200;
    await begin({ folder });
    expect({ payments: simulator.payments(), refunds: simulator.refunds() }).toEqual(before);
    expect(simulator.now().getTime() - now).toBeGreaterThanOrEqual(0);
    expect((await create()).id).toBe(first.id);
    expect((await (await fetch(`${simulator.origin}/control`)).json()).dial.olderParty).toBe(0.25);
    await simulator.moveClock(3_600);
    expect(heard.map(({ object }) => object.id)).toEqual([second.id]);
    expect(await look(first.id)).toMatchObject({ state: 'succeeded', refundedMinor: 1_000 });
  });
});

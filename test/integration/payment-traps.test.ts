/**
 * Payments where the provider says nothing, something else, or no (SPEC B2, R6; reference: yookassa). Their steps are taken by
 * hand, by a clock that is moved to each, so that days pass at once.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { yooKassa } from '../../activities/payment-provider/yookassa.ts';
import type { PaymentProvider } from '../../activities/payment-provider/port.ts';
import { paymentActivities } from '../../activities/payments.ts';
import { OutboxBell } from '../../db/outbox-bell.ts';
import { takeProviderPayment } from '../../db/repositories/payment-settling.ts';
import { beginPaymentStep, finishPaymentStep, type PaymentAnswer } from '../../db/repositories/payment-steps.ts';
import { maxOpenPayments, type FoundPayment, type PaymentPlan, type Shop } from '../../domain/payment-life.ts';
import { calm } from '../../dev/payment-simulator/dial.ts';
import { startPaymentSimulator, type PaymentSimulator } from '../../dev/payment-simulator/simulator.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer } from '../harness/people.ts';
import { PostgresAway } from '../harness/postgres-away.ts';
import { until } from '../harness/until.ts';
import { balanceOf, openCases } from './refund-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
const clock = new MovableClock();
const hour = 3600;

beforeAll(async () => {
  kontor = await startKontor({ clock, promises: false });
  // The payer's side is asked; of what nobody tells, nobody hears by accident.
  kontor.simulator.notifyAt(undefined);
});
beforeEach(async () => {
  kontor.simulator.dial(calm);
  anna = await kontor.people.customer();
});
afterAll(() => kontor?.stop());

const wish = async (by: TestCustomer, amountMinor = 100_000) =>
  by.post('/payments', { amount: { amountMinor, currency: 'RUB' } }, { 'idempotency-key': randomUUID() });

async function begun(amountMinor?: number): Promise<string> {
  const answer = await wish(anna, amountMinor);
  expect(answer.status).toBe(201);
  return answer.body.id;
}

interface Row {
  state: string;
  provider_id: string | null;
  asked_at: Date;
  asks: number;
  cancelled_for: string | null;
}
const rowOf = async (id: string) => (await kontor.db.query<Row>('select * from payment where id = $1', [id]))[0]!;
const stepOf = async (id: string) =>
  (
    await kontor.db.query<{ id: string; kind: string; due_at: Date }>(
      `select id, kind, due_at from obligation where entity = 'payment:' || $1`,
      [id],
    )
  )[0];
const happened = async (id: string) =>
  (await kontor.db.query<{ kind: string }>('select kind from money_event where payment_id = $1 order by id', [id])).map(({ kind }) => kind);
const letters = async () =>
  (
    await kontor.db.query<{ event: string }>(`select event from notification where recipient_id = $1 and category = 'finance'`, [anna.id])
  ).map(({ event }) => event);
const posts = () => kontor.simulator.counts()['POST /payments'] ?? 0;
const atProvider = (id: string) => kontor.simulator.payments().filter(({ metadata }) => metadata?.['paymentId'] === id);

/** Lets time pass until the payment's next step, and takes it as its workflow would. @returns what it was, undefined when none is left */
async function take(id: string, provider: PaymentProvider = kontor.provider): Promise<string | undefined> {
  const step = await stepOf(id);
  if (!step) return undefined;
  const early = step.due_at.getTime() - clock.now().getTime();
  if (early > 0) clock.move(early / 1000 + 0.001);
  const { database } = kontor;
  await paymentActivities({ database, clock, bell: new OutboxBell(database), provider }).takePaymentStep(id, step.id);
  return step.kind;
}

/** Sends it as often as the schedule says. @returns how often */
async function sendInVain(id: string): Promise<number> {
  let sends = 0;
  while ((await stepOf(id))?.kind === 'create') {
    await take(id);
    sends += 1;
    expect(sends).toBeLessThan(200);
  }
  return sends;
}

const sinceFirstTry = async (id: string) => (clock.now().getTime() - (await rowOf(id)).asked_at.getTime()) / 1000;

describe('B2, trap 1: for hours no answer says anything', () => {
  test('nothing is sent from 20 hours after the first try on; the list shows what was made, and it is credited once', async () => {
    kontor.simulator.dial({ answersServerErrorDone: 1 });
    const before = posts();
    const id = await begun();
    const sends = await sendInVain(id);
    expect(await sinceFirstTry(id)).toBeLessThan(20 * hour);
    expect(posts() - before).toBe(sends);
    expect(atProvider(id)).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ state: 'preparing', provider_id: null });
    expect((await happened(id)).filter((kind) => kind === 'unanswered')).toHaveLength(1);
    // A day after the first try the provider knows the key no more: the same request would be another charge.
    clock.move(6 * hour);
    expect(await take(id)).toBe('find');
    expect(await rowOf(id)).toMatchObject({ provider_id: atProvider(id)[0]!.id });
    while (await take(id));
    expect(posts() - before).toBe(sends);
    expect(atProvider(id)).toHaveLength(1);
    // The payer never had an address to pay at: the provider ended it, and that is told.
    expect(await rowOf(id)).toMatchObject({ state: 'canceled', cancelled_for: 'expired_on_confirmation' });
    expect(await letters()).toEqual(['payment.failed']);
  });

  test('one that was paid there meanwhile is found by the list and credited', async () => {
    kontor.simulator.dial({ answersServerErrorDone: 1 });
    const id = await begun(7_700);
    await take(id);
    await kontor.simulator.pay(atProvider(id)[0]!.id);
    await sendInVain(id);
    const before = posts();
    expect(await take(id)).toBe('find');
    expect(posts()).toBe(before);
    expect(await rowOf(id)).toMatchObject({ state: 'succeeded' });
    expect(await stepOf(id)).toBeUndefined();
    expect(await balanceOf(kontor, anna.accountId)).toBe(7_700);
    expect(await letters()).toEqual(['payment.credited']);
  });

  test('a worker that was away for two days sends nothing any more', async () => {
    kontor.simulator.dial({ answersServerErrorDone: 1 });
    const id = await begun();
    await take(id);
    clock.move(48 * hour);
    kontor.simulator.dial(calm);
    const before = posts();
    expect(await take(id)).toBe('create');
    expect(await take(id)).toBe('find');
    expect(posts()).toBe(before);
    expect(atProvider(id)).toHaveLength(1);
    expect((await rowOf(id)).provider_id).toBe(atProvider(id)[0]!.id);
  });

  test('one that the list does not show has lapsed: told once, looked for daily for three days, and over', async () => {
    kontor.simulator.dial({ answersServerErrorUndone: 1 });
    const id = await begun();
    await sendInVain(id);
    const before = posts();
    // The list cannot be read either: that is no word about the payment.
    expect(await take(id)).toBe('find');
    expect(await rowOf(id)).toMatchObject({ state: 'preparing' });
    expect((await stepOf(id))!.kind).toBe('find');
    kontor.simulator.dial(calm);
    await take(id);
    expect(await rowOf(id)).toMatchObject({ state: 'lapsed' });
    const lapsed = clock.now();
    let looks = 0;
    for (let last = clock.now(); await take(id); last = clock.now(), looks += 1)
      expect((clock.now().getTime() - last.getTime()) / hour / 1000).toBeCloseTo(24, 2);
    expect(looks).toBe(3);
    expect((clock.now().getTime() - lapsed.getTime()) / hour / 1000).toBeCloseTo(72, 1);
    expect(posts()).toBe(before);
    expect(await rowOf(id)).toMatchObject({ state: 'lapsed' });
    expect((await happened(id)).filter((kind) => kind === 'lapsed')).toHaveLength(1);
    expect(await letters()).toEqual(['payment.failed']);
    expect(await balanceOf(kontor, anna.accountId)).toBe(0);
  });
});

async function found(id: string): Promise<FoundPayment> {
  const answer = await kontor.provider.readPayment((await rowOf(id)).provider_id!);
  if (answer.kind !== 'answer') throw new Error(answer.kind);
  return answer.found;
}

/** The next step is taken, and the provider answers this. */
async function answered(id: string, answer: PaymentAnswer, shop: Shop = kontor.provider): Promise<PaymentPlan | undefined> {
  const step = (await stepOf(id))!;
  const early = step.due_at.getTime() - clock.now().getTime();
  if (early > 0) clock.move(early / 1000 + 0.001);
  const asked = await beginPaymentStep(kontor.database, clock, id, step.id);
  return finishPaymentStep(kontor.database, clock, step.id, asked!, answer, shop);
}

describe('B2, trap 3: money that came otherwise than it was asked for', () => {
  test.each([
    ['currency', { currency: 'USD' }, {}],
    ['recipient', { recipient: '999999' }, {}],
    ['test', { isTest: true }, { takesTestMoney: false }],
  ] as const)('its %s: not credited, no letter, a case, and a person must look', async (fault, otherwise, rules) => {
    const id = await begun(8_200);
    await take(id);
    await kontor.simulator.pay((await rowOf(id)).provider_id!);
    const shop = { shopId: kontor.provider.shopId, takesTestMoney: true, ...rules };
    const plan = await answered(id, { kind: 'found', payment: { ...(await found(id)), ...otherwise } }, shop);
    expect(plan).toMatchObject({ state: 'review', over: true });
    expect(await openCases(kontor, `payment:${id}`)).toMatchObject([{ kind: 'payment.review', detail: { fault } }]);
    expect(await balanceOf(kontor, anna.accountId)).toBe(0);
    expect(await kontor.db.query('select 1 from money_in where payment_id = $1', [id])).toHaveLength(0);
    expect(await letters()).toEqual([]);
  });
});

describe('R6: a 500 after the provider’s patience', () => {
  let slow: PaymentSimulator;
  let provider: PaymentProvider;
  beforeAll(async () => {
    slow = await startPaymentSimulator({ port: 0, patienceMs: 20, now: () => clock.now(), dial: { answersLatencyMs: 60_000, seed: 11 } });
    provider = yooKassa({ shopId: slow.shopId, secret: slow.secret, url: slow.url, takesTestMoney: true });
  });
  afterAll(() => slow?.stop());

  test('one that was done is paid and credited once; one that was cancelled is told of once; neither is made twice', async () => {
    const ids: string[] = [];
    for (let each = 0; each < 8; each += 1) ids.push(await begun(1_000));
    for (const id of ids) expect(await take(id, provider)).toBe('create');
    for (const id of ids) expect(await rowOf(id)).toMatchObject({ state: 'preparing', provider_id: null });
    const cancelled = slow.payments().filter(({ status }) => status === 'canceled').length;
    // The seed brings both.
    expect(cancelled).toBeGreaterThan(0);
    expect(cancelled).toBeLessThan(ids.length);
    slow.dial({ answersLatencyMs: 0 });
    for (const id of ids) await take(id, provider);
    for (const { id, status } of slow.payments()) if (status === 'pending') await slow.pay(id);
    for (const id of ids) while (await take(id, provider));
    const states = await Promise.all(ids.map(async (id) => (await rowOf(id)).state));
    expect(states.filter((state) => state === 'canceled')).toHaveLength(cancelled);
    expect(states.filter((state) => state === 'succeeded')).toHaveLength(ids.length - cancelled);
    expect(slow.payments()).toHaveLength(ids.length);
    expect(await balanceOf(kontor, anna.accountId)).toBe(1_000 * (ids.length - cancelled));
    expect((await letters()).filter((event) => event === 'payment.failed')).toHaveLength(cancelled);
  });
});

describe('B2: a 429', () => {
  test('is no answer: the same is sent again, in a minute', async () => {
    kontor.simulator.dial({ answersThrottled: 1 });
    const id = await begun();
    await take(id);
    expect(await rowOf(id)).toMatchObject({ state: 'preparing', asks: 1 });
    expect(((await stepOf(id))!.due_at.getTime() - clock.now().getTime()) / 1000).toBeCloseTo(60, 0);
    kontor.simulator.dial(calm);
    await take(id);
    expect(await rowOf(id)).toMatchObject({ state: 'pending' });
    expect(atProvider(id)).toHaveLength(1);
  });

  test.each([
    [600_000, 600],
    [2_000, 60],
    [86_400_000, hour],
  ])('that asks for %i ms is heard within reason: %i s', async (retryAfterMs, seconds) => {
    const id = await begun();
    await answered(id, { kind: 'unknown', why: 'throttled', retryAfterMs });
    expect(((await stepOf(id))!.due_at.getTime() - clock.now().getTime()) / 1000).toBeCloseTo(seconds, 0);
  });
});

describe('B2: the provider refuses', () => {
  test('the first try: never made, a case, one letter, and nothing more is asked', async () => {
    const id = await begun();
    // Somebody used the key for something else.
    await kontor.provider.createPayment({
      paymentId: 'another',
      key: id,
      amountMinor: 500,
      currency: 'RUB',
      returnUrl: 'https://shop.example/',
      description: 'Another',
    });
    await take(id);
    expect(await rowOf(id)).toMatchObject({ state: 'canceled', cancelled_for: 'invalid_request', provider_id: null });
    expect(await openCases(kontor, `payment:${id}`)).toMatchObject([{ kind: 'payment.refused', detail: { why: 'invalid_request' } }]);
    expect(await letters()).toEqual(['payment.failed']);
    expect(await stepOf(id)).toBeUndefined();
    expect(atProvider(id)).toHaveLength(0);
  });

  test('the repeat of one whose answer was lost: the list decides, and what was made can be paid', async () => {
    kontor.simulator.dial({ answersDropped: 1 });
    const id = await begun(3_300);
    await take(id);
    kontor.simulator.dial(calm);
    // The repeat is not as the first try was, and is refused for that.
    await kontor.db.query(`update payment set return_url = 'https://shop.example/elsewhere' where id = $1`, [id]);
    expect(await take(id)).toBe('create');
    expect(await rowOf(id)).toMatchObject({ state: 'preparing' });
    expect(await letters()).toEqual([]);
    expect(await take(id)).toBe('find');
    expect(await rowOf(id)).toMatchObject({ state: 'pending', provider_id: atProvider(id)[0]!.id });
    await kontor.simulator.pay(atProvider(id)[0]!.id);
    await take(id);
    expect(await balanceOf(kontor, anna.accountId)).toBe(3_300);
    expect(await letters()).toEqual(['payment.credited']);
  });
});

test('B2: a payment that was told of while a try was under way is not given up for that try’s answer', async () => {
  for (const answer of [{ kind: 'refused', code: 'invalid_request' }, { kind: 'not_found' }] as const) {
    const id = await begun();
    const step = (await stepOf(id))!;
    const asked = (await beginPaymentStep(kontor.database, clock, id, step.id))!;
    const { paymentId, amountMinor, currency, returnUrl } = asked;
    const made = await kontor.provider.createPayment({ paymentId, key: id, amountMinor, currency, returnUrl, description: 'Top-up' });
    if (made.kind !== 'answer') throw new Error(made.kind);
    const there = made.found;
    await kontor.database.fork().transactional((em) => takeProviderPayment(em, clock.now(), id, there, kontor.provider));
    const plan = await finishPaymentStep(kontor.database, clock, step.id, asked, answer, kontor.provider);
    expect(plan).toMatchObject({ state: 'pending', steps: [{ kind: 'ask' }] });
  }
  expect(await letters()).toEqual([]);
});

test('B2: the same answer taken twice at the very same time credits once', async () => {
  const id = await begun(4_400);
  await take(id);
  await kontor.simulator.pay((await rowOf(id)).provider_id!);
  const step = (await stepOf(id))!;
  clock.move(hour);
  const asked = (await beginPaymentStep(kontor.database, clock, id, step.id))!;
  const answer = { kind: 'found', payment: await found(id) } as const;
  const plans = await Promise.all(
    Array.from({ length: 8 }, async () => finishPaymentStep(kontor.database, clock, step.id, asked, answer, kontor.provider)),
  );
  for (const plan of plans) expect(plan).toMatchObject({ state: 'succeeded', over: true });
  expect(await balanceOf(kontor, anna.accountId)).toBe(4_400);
  expect((await happened(id)).filter((kind) => kind === 'credited')).toHaveLength(1);
  expect(await kontor.db.query('select 1 from money_in where payment_id = $1', [id])).toHaveLength(1);
  expect(await letters()).toEqual(['payment.credited']);
});

test('B2: of open payments an account has fifty, whoever hurries; one that ends makes room', async () => {
  for (let each = 0; each < maxOpenPayments - 3; each += 1) await begun(100);
  const answers = await Promise.all(Array.from({ length: 10 }, async () => wish(anna, 100)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
  const refused = await wish(anna, 100);
  expect([refused.status, refused.body.error.code]).toEqual([429, 'payment.too_many_open']);
  const [open] = await kontor.db.query<{ id: string }>('select id from payment where account_id = $1 limit 1', [anna.accountId]);
  await answered(open!.id, { kind: 'refused', code: 'invalid_request' });
  expect((await wish(anna, 100)).status).toBe(201);
});

describe('B2: the address that the provider knocks at', () => {
  const objectId = '2e1b0f00-000f-5000-8000-0a0b0c0d0e0f';
  const knock = async (origin: string, headers: Record<string, string> = {}) =>
    fetch(new URL('/webhooks/yookassa', origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ type: 'notification', event: 'payment.succeeded', object: { id: objectId, status: 'succeeded' } }),
    });
  const stored = async ({ db }: Kontor) => db.query('select 1 from provider_notification where object_id = $1', [objectId]);

  test('answers 403 to who is not the provider, whatever he says of himself, and stores nothing', async () => {
    const strict = await startKontor({ promises: false, notifierNetworks: ['185.71.76.0/27', '2a02:5180::/32'] });
    try {
      for (const headers of [{}, { 'x-forwarded-for': '185.71.76.1' }, { 'x-real-ip': '185.71.76.1' }, { forwarded: 'for=185.71.76.1' }]) {
        const answer = await knock(strict.origin, headers);
        expect(answer.status).toBe(403);
        expect(await answer.json()).toMatchObject({ error: { code: 'webhook.foreign_address' } });
      }
      expect(await stored(strict)).toHaveLength(0);
    } finally {
      await strict.stop();
    }
  });

  test('behind a proxy that is known believes his word, and no word before it', async () => {
    const proxied = await startKontor({ promises: false, proxyHops: 1, notifierNetworks: ['185.71.76.0/27', '2a02:5180::/32'] });
    const from = async (address: string) => (await knock(proxied.origin, { 'x-forwarded-for': address })).status;
    try {
      expect(await from('185.71.76.31')).toBe(200);
      expect(await from('2a02:5180:0:1509::1')).toBe(200);
      expect(await from('185.71.76.32')).toBe(403);
      expect(await from('185.71.76.1, 203.0.113.9')).toBe(403);
    } finally {
      await proxied.stop();
    }
  });

  test('answers 503 while the inbox cannot be written, and takes it when told again', async () => {
    const away = await PostgresAway.begin(kontor);
    try {
      const answer = await knock(kontor.origin);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ error: { code: 'service.unavailable' } });
    } finally {
      await away.end();
    }
    await until('it is stored', async () => (await knock(kontor.origin)).status === 200);
    expect(await stored(kontor)).not.toHaveLength(0);
  });
});

import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPaymentSimulator, type PaymentSimulator } from './simulator.ts';
import { simulatorWords } from './words.ts';

let simulator: PaymentSimulator;
beforeAll(async () => {
  simulator = await startPaymentSimulator({ port: 0 });
});
afterAll(() => simulator.stop());

async function newPayment(more: { description?: string; return_url?: string } = {}): Promise<string> {
  const { return_url = 'https://kontor.example/links/payment-return', description = 'Top-up' } = more;
  const response = await fetch(`${simulator.url}/payments`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${simulator.shopId}:${simulator.secret}`).toString('base64')}`,
      'idempotence-key': `k${Math.random()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      amount: { value: '12500.50', currency: 'RUB' },
      capture: true,
      confirmation: { type: 'redirect', return_url },
      description,
    }),
  });
  return ((await response.json()) as { id: string }).id;
}

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(simulator.origin + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const press = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
  const response = await fetch(simulator.origin + path, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
  return { status: response.status, location: response.headers.get('location'), text: await response.text() };
};
const stateOf = (id: string) => simulator.payments().find((payment) => payment.id === id);

describe.each(['en', 'ru'] as const)('in %s', (locale) => {
  const words = simulatorWords[locale];

  test('B11: every page says that no money moves and what it proves, in the language that is read', async () => {
    const [pending, done] = [await newPayment(), await newPayment()];
    await simulator.pay(done);
    for (const path of ['/', `/pay/${pending}`, `/pay/${done}`, '/pay/nothing']) {
      const { text } = await get(path, { 'accept-language': `${locale}-XX,fr;q=0.5` });
      expect(text, path).toContain(`<html lang="${locale}">`);
      expect(text, path).toContain(words.notice);
    }
    const asked = await press(`/pay/${pending}?lang=${locale}`, { way: 'bank_card', card: '5555555555554477' });
    expect(asked.text).toContain(words.notice);
  });

  test('B11: a payer types a card, and sees what became of it and the way back', async () => {
    const id = await newPayment();
    expect((await get(`/pay/${id}?lang=${locale}`)).text).toContain('12\u00a0500,50\u00a0₽');
    const { status, location } = await press(`/pay/${id}?lang=${locale}`, { way: 'bank_card', card: '5555 5555 5555 4444' });
    expect({ status, location }).toEqual({ status: 303, location: `/pay/${id}?lang=${locale}` });
    const { text } = await get(location!);
    expect(text).toContain(words.result.paid);
    expect(text).toContain('href="https://kontor.example/links/payment-return"');
    expect(stateOf(id)?.status).toBe('succeeded');
  });

  test('B11: the bank that asks first is answered yes or no', async () => {
    for (const [answer, status] of [
      ['yes', 'succeeded'],
      ['no', 'canceled'],
    ] as const) {
      const id = await newPayment();
      const asked = await press(`/pay/${id}?lang=${locale}`, { way: 'bank_card', card: '5555555555554477' });
      expect(asked.text).toContain(words.secure.title);
      expect(stateOf(id)?.status).toBe('pending');
      await press(/action="(\/pay\/[^"]+)"/.exec(asked.text)![1]!.replaceAll('&amp;', '&'), { answer });
      expect(stateOf(id)?.status).toBe(status);
      if (answer === 'no') expect((await get(`/pay/${id}?lang=${locale}`)).text).toContain(words.reasons['3d_secure_failed']!.slice(1));
    }
  });

  test('B11: what is no card number is told at its field, and nothing is lost', async () => {
    const id = await newPayment();
    const { status, text } = await press(`/pay/${id}?lang=${locale}`, { way: 'bank_card', card: '12"><b>34' });
    expect(status).toBe(422);
    expect(text).toContain(words.pay.noCard);
    expect(text).toContain('value="12&quot;&gt;&lt;b&gt;34"');
    expect(stateOf(id)?.status).toBe('pending');
  });
});

test('B11: pressed twice, a payment is paid once; declined after that, it stays paid', async () => {
  const id = await newPayment();
  await Promise.all([press(`/pay/${id}`, { way: 'sbp' }), press(`/pay/${id}`, { way: 'sbp' })]);
  await press(`/pay/${id}`, { way: 'decline' });
  expect(stateOf(id)).toMatchObject({ status: 'succeeded', method: { type: 'sbp' } });
});

test('B11: what the shop wrote stays text, and leads nowhere but to pages', async () => {
  const id = await newPayment({ description: '<script>alert(1)</script>', return_url: 'javascript:alert(1)' });
  expect((await get(`/pay/${id}`)).text).toContain('&lt;script&gt;');
  await simulator.decline(id, '<img src=x>');
  const { text, headers } = await get(`/pay/${id}`);
  expect(text).not.toMatch(/javascript:|<img/);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await get('/')).text).not.toMatch(/<script|<img/);
});

describe('the cabinet', () => {
  test('B7: refunds, clock and dial are turned by pressing, and what cannot be done is said', async () => {
    const id = await newPayment();
    await press(`/control/payments/${id}/pay`, {});
    expect(await press(`/control/payments/${id}/refund`, { amount: '500,50' })).toMatchObject({ status: 303 });
    expect(simulator.refunds().at(-1)).toMatchObject({ paymentId: id, amountMinor: 50_050, status: 'succeeded' });
    for (const amount of ['12500,50', '-1', '1.005', 'all of it', '0'])
      expect((await press(`/control/payments/${id}/refund?lang=en`, { amount })).text).toContain(simulatorWords.en.control.refused);
    const before = simulator.now().getTime();
    await press('/control/clock', { moveSeconds: '3600' });
    expect(simulator.now().getTime() - before).toBeGreaterThanOrEqual(3600_000);
    await press('/control/dial', { notificationsLost: '0,5', seed: '11' });
    expect((await get('/')).text).toContain('value="0.5"');
    expect((await press('/control/dial', { notificationsLost: '2' })).status).toBe(422);
    await press('/control/dial', { notificationsLost: '0,7', calm: 'yes' });
    expect((await get('/control')).text).toContain('"notificationsLost":0,');
  });

  test('B11: the same by a program, as JSON', async () => {
    const id = await newPayment();
    const post = async (path: string, body: unknown = {}) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(simulator.origin + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: await response.json() };
    };
    expect(await post(`/control/payments/${id}/decline`, { reason: 'call_issuer' })).toMatchObject({
      status: 200,
      body: { status: 'canceled' },
    });
    expect((await post(`/control/payments/nothing/pay`)).status).toBe(422);
    expect((await post(`/control/payments/${id}/fly`)).status).toBe(404);
    expect((await post('/control/clock', { moveSeconds: 'never' })).status).toBe(422);
    expect((await post('/control/dial', { colour: 1 })).status).toBe(422);
  });
});

test('B11: no other site presses the buttons, or reads the pages under a name of its own', async () => {
  const id = await newPayment();
  expect((await press(`/pay/${id}`, { way: 'sbp' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await press(`/control/payments/${id}/pay`, {}, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect(stateOf(id)?.status).toBe('pending');
  const status = await new Promise((resolve) => {
    request(simulator.origin, { headers: { host: 'attacker.example' } }, (response) => resolve(response.resume().statusCode)).end();
  });
  expect(status).toBe(421);
  expect((await get('/nothing')).status).toBe(404);
});

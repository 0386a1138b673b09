import { request } from 'node:http';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { errorCodes } from '../../domain/errors.ts';
import { catalogue } from '../../api/errors.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { ask, exampleBody, expectEnvelope, json, operations, pathOf } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let boris: TestCustomer;
let oleg: TestPerson;

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer({ locale: 'ru' });
  boris = await kontor.people.customer({ locale: 'en' });
  oleg = await kontor.people.staff({ locale: 'ru' });
});
afterAll(() => kontor?.stop());

describe('E: an answer names its request', () => {
  test('by the caller’s id when it is well-formed, in every kind of answer', async () => {
    for (const id of ['a', 'order-4711', 'A.b_c-9', 'x'.repeat(64)])
      for (const path of ['/me', '/nothing', '/tickets/CS-1'])
        expect((await anna.get(path, { 'x-request-id': id })).headers.get('x-request-id')).toBe(id);
    expect((await ask(kontor.origin, 'GET', '/health/live', { 'x-request-id': 'mine' })).headers.get('x-request-id')).toBe('mine');
  });

  test('by one of ours when the caller’s is not, or there is none', async () => {
    const ours = /^[0-9a-f-]{36}$/;
    for (const id of ['', ' ', 'x'.repeat(65), 'a b', 'a;b', '<script>', 'é', '{"a":1}', 'a/b'])
      expect((await anna.get('/me', { 'x-request-id': id })).headers.get('x-request-id')).toMatch(ours);
    const first = await anna.get('/me');
    expect(first.headers.get('x-request-id')).toMatch(ours);
    expect((await anna.get('/me')).headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });
});

describe('E: a refusal speaks the caller’s language', () => {
  const russian = /[А-Яа-я]/;

  test('by Accept-Language, with its weights, before anybody is known', async () => {
    for (const accepted of ['ru', 'RU', 'ru-RU', 'ru-RU,ru;q=0.9,en;q=0.8', 'de, ru;q=0.5', 'en;q=0.1, ru', 'en;q=0, ru;q=0.1'])
      expect((await ask(kontor.origin, 'GET', '/api/v1/me', { 'accept-language': accepted })).body.error.message).toMatch(russian);
    for (const accepted of ['en', 'de', '*', '', 'ru;q=0', ';;;,,,q=', 'en, ru', 'x'.repeat(6_000)])
      expect((await ask(kontor.origin, 'GET', '/api/v1/me', { 'accept-language': accepted })).body.error.message).not.toMatch(russian);
  });

  test('by the person’s own when he names none; the header wins', async () => {
    for (const person of [anna, oleg]) {
      expect((await person.get('/tickets/CS-2147483000')).body.error.message).toMatch(russian);
      expect((await person.get('/tickets/CS-2147483000', { 'accept-language': 'en' })).body.error.message).not.toMatch(russian);
      const fields = (await person.get('/tickets?limit=0')).body.error.details;
      expect(fields[0].message).toMatch(russian);
    }
    expect((await boris.get('/tickets/CS-2147483000')).body.error.message).not.toMatch(russian);
    expect(
      (await boris.post('/tickets', { subject: 'A', body: 'B', category: 'nothing' }, { 'accept-language': 'ru' })).body.error.message,
    ).toMatch(russian);
  });

  test('has words for each code in both, and a status that fits', () => {
    for (const code of errorCodes) {
      expect(catalogue[code].ru).toMatch(russian);
      expect(catalogue[code].en).not.toMatch(russian);
      expect(catalogue[code].status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('E: addresses and methods', () => {
  test('an unknown address is 404 in the envelope, whoever asks', async () => {
    const odd = [
      '/',
      '/api',
      '/api/',
      '/api/v1',
      '/api/v1/',
      '/api/v1/me/',
      '/api/v1//me',
      '/API/V1/me',
      '/api/v2/me',
      '/api/v1/tickets/CS-1/nothing',
      '/.env',
      '/api/v1/..%2fstaff/v1/me',
      '/api/v1/%2e%2e%2fstaff%2fv1%2fme',
      '/health',
      '/metrics',
      '/admin/../api/v1/nothing',
      `/${'a'.repeat(4_000)}`,
      '/api/v1/me%00',
      '/%00',
      '/api/v1/me;x=1',
      '/api/docs/../../package.json',
      '/api/docs/%2e%2e%2fpackage.json',
    ];
    for (const path of odd) {
      expectEnvelope(await ask(kontor.origin, 'GET', path), 404, 'request.not_found');
      expectEnvelope(await ask(kontor.origin, 'GET', path, { ...anna.credentials }), 404, 'request.not_found');
    }
  });

  test('a method that an address does not take is 405 and names those it takes', async () => {
    const methods = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'PROPFIND'];
    for (const operation of operations) {
      const [path = ''] = pathOf(operation, { number: 'CS-1' }).split('?');
      // A word in a path may also stand where another path has an id.
      const taken = operations
        .filter((other) => new RegExp(`^${other.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path))
        .map((other) => other.method);
      const allowed = new Set(taken.includes('GET') ? [...taken, 'HEAD'] : taken);
      for (const method of methods.filter((other) => !allowed.has(other))) {
        const answer = await ask(kontor.origin, method, path, { ...anna.credentials });
        expectEnvelope(answer, 405, 'request.method_not_allowed');
        expect(new Set(answer.headers.get('allow')?.split(', '))).toEqual(allowed);
      }
    }
  });

  test('TRACE gives nothing of the request back', async () => {
    const { status, text } = await rawRequest('TRACE', '/api/v1/me', { cookie: 'kontor=secret' });
    expect(status).toBe(405);
    expect(text).not.toContain('secret');
  });

  test('HEAD answers like GET without a body', async () => {
    const [head, get] = [
      await ask(kontor.origin, 'HEAD', '/api/v1/me', { ...anna.credentials }),
      await ask(kontor.origin, 'GET', '/api/v1/me', { ...anna.credentials }),
    ];
    expect([head.status, head.text, head.headers.get('content-type')]).toEqual([200, '', get.headers.get('content-type')]);
    expect((await ask(kontor.origin, 'HEAD', '/api/v1/me')).status).toBe(401);
  });

  test('a method cannot be named in a header or a query', async () => {
    for (const headers of [{ 'x-http-method-override': 'DELETE' }, { 'x-method-override': 'DELETE' }])
      expect((await anna.get('/me', headers)).status).toBe(200);
    expectEnvelope(
      await ask(kontor.origin, 'POST', '/api/v1/me?_method=PATCH', { ...json, ...anna.credentials }, '{"name":"Mallory"}'),
      405,
    );
  });
});

describe('E: answers are data: never framed, sniffed, cached or run', () => {
  test('in success and refusal alike', async () => {
    for (const answer of [
      await anna.get('/me'),
      await anna.get('/nothing'),
      await ask(kontor.origin, 'GET', '/api/v1/me'),
      await ask(kontor.origin, 'GET', '/health/live'),
    ]) {
      const { headers } = answer;
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('server')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('and a page of another site is told nothing by CORS', async () => {
    const answer = await ask(kontor.origin, 'OPTIONS', '/api/v1/tickets', {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

test('R2, E: with the database away every route answers 503 with Retry-After, and says that nothing was changed', async () => {
  const away = await startKontor({ promises: false });
  try {
    const customer = await away.people.customer();
    const staff = await away.people.staff();
    await cutOff(away);
    for (const operation of operations.filter((one) => !one.name.endsWith('/sign-out'))) {
      const ofTheirs = operation.tree === 'staff' ? staff.credentials : customer.credentials;
      const credentials = operation.open ? {} : ofTheirs;
      const answer = await ask(
        away.origin,
        operation.method,
        pathOf(operation, { number: 'CS-1' }),
        { ...json, ...credentials },
        operation.method === 'GET' ? undefined : JSON.stringify(operation.open && operation.body ? exampleBody(operation.body) : {}),
      );
      expectEnvelope(answer, 503, 'service.unavailable');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await ask(away.origin, 'GET', '/health/live')).status).toBe(200);
    expect((await ask(away.origin, 'GET', '/health/ready')).status).toBe(503);
  } finally {
    await away.stop();
  }
});

/** Lets no connection of the product's role live or begin, as a full server does. */
async function cutOff({ db }: Kontor): Promise<void> {
  const admin = new Client({ connectionString: inject('postgresAdminUrl') });
  await admin.connect();
  try {
    await admin.query(`alter database ${db.name} connection limit 0`);
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'kontor_app'`, [db.name]);
  } finally {
    await admin.end();
  }
}

/** For what fetch would not send. */
function rawRequest(method: string, path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${kontor.origin}${path}`, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve({ status: response.statusCode!, text }));
    });
    sent.on('error', reject).end();
  });
}

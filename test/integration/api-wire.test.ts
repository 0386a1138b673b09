import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedIn } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { testPassword, type TestCustomer } from '../harness/people.ts';
import { ask, changesOf, expectEnvelope, json } from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
const folder = mkdtempSync(join(tmpdir(), 'kontor-console-'));

beforeAll(async () => {
  mkdirSync(join(folder, 'console/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'TOP SECRET');
  writeFileSync(join(folder, 'console/index.html'), '<title>Console</title>');
  writeFileSync(join(folder, 'console/assets/a.js'), 'export {}');
  kontor = await startKontor({ promises: false, consoleFolder: join(folder, 'console') });
  anna = await kontor.people.customer();
});
afterAll(async () => {
  await kontor?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Sent {
  status: number;
  /** Whether an earlier request's connection carried it. */
  reused: boolean;
}

function send(agent: Agent, method: string, path: string, headers: Record<string, string>, body?: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const sent = request(`${kontor.origin}${path}`, { agent, method, headers }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode!, reused: sent.reusedSocket }));
    });
    sent.on('error', reject).end(body);
  });
}

/** Sends bytes as they are and returns the first line of what comes back, until the other side or we have had enough. */
function sendBytes(...bytes: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(kontor.origin).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', reject).on('close', () => resolve(answer.split('\r\n')[0]!));
    for (const part of bytes) socket.write(part, 'latin1');
  });
}

test('R13, E: a refusal that did not need the body waits for its end, and leaves the connection usable', async () => {
  const message = JSON.stringify({ body: 'x'.repeat(300_000) });
  const refusals: [number, string, Record<string, string>, string][] = [
    [401, '/api/v1/tickets/CS-1/messages', json, message],
    [404, '/api/v1/nothing', json, message],
    [405, '/api/v1/me', json, message],
    [415, '/api/v1/tickets', { 'content-type': 'text/plain', ...anna.credentials }, message],
    [413, '/api/v1/tickets', { ...json, ...anna.credentials }, 'x'.repeat(2_000_000)],
    [403, '/api/v1/auth/sign-in', { ...json, origin: 'https://evil.example' }, JSON.stringify({ email: 'a', password: 'b' })],
  ];
  const agents = refusals.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const refused = refusals.map(async ([, path, headers, body], index) => {
    const agent = agents[index]!;
    await send(agent, 'GET', '/health/live', {});
    const first = await sendSlowly(agent, path, { ...headers, 'content-length': String(body.length) }, body);
    return [first, await send(agent, 'GET', '/api/v1/me', { ...anna.credentials })];
  });
  const seen = await Promise.all(refused).finally(() => agents.forEach((agent) => agent.destroy()));
  expect(seen).toEqual(
    refusals.map(([status]) => [
      { status, reused: true },
      { status: 200, reused: true },
    ]),
  );
});

/** As over a slow line: the second half comes more than half a second after the first, when a server could have lost its patience. */
async function sendSlowly(agent: Agent, path: string, headers: Record<string, string>, body: string): Promise<Sent> {
  const sent = request(`${kontor.origin}${path}`, { agent, method: 'POST', headers });
  const answered = new Promise<Sent>((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode!, reused: sent.reusedSocket }));
    });
  });
  answered.catch(() => undefined);
  sent.write(body.slice(0, body.length / 2));
  for (const started = performance.now(); performance.now() - started < 650;) await ask(kontor.origin, 'GET', '/health/live');
  sent.end(body.slice(body.length / 2));
  return answered;
}

test('E: a body without a length is bounded, too', async () => {
  const stream = (pieces: number) =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"subject":"A","category":"technical","body":"'));
        for (let piece = 0; piece < pieces; piece += 1) controller.enqueue(new Uint8Array(65_536).fill(120));
        controller.enqueue(new TextEncoder().encode('"}'));
        controller.close();
      },
    });
  const post = (pieces: number) =>
    fetch(`${kontor.origin}/api/v1/tickets`, {
      method: 'POST',
      headers: { ...json, ...anna.credentials },
      body: stream(pieces),
      duplex: 'half',
    } as RequestInit);
  expect((await post(1)).status).toBe(201);
  expect((await post(2)).status).toBe(400);
  expect((await post(17)).status).toBe(413);
});

describe('E: requests that no honest client writes', () => {
  const host = 'Host: 127.0.0.1\r\n';
  const whole: [name: string, status: number, request: string][] = [
    ['no Host', 400, 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['a Host that is none', 400, 'GET /health/live HTTP/1.1\r\nHost: a/b?c@d\r\n\r\n'],
    [
      'length and chunks at once',
      400,
      `POST /api/v1/auth/sign-in HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', 400, `POST /api/v1/auth/sign-in HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
    ['a length that is no number', 400, `POST /api/v1/auth/sign-in HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`],
    ['a header that goes on in the next line', 400, `GET /health/live HTTP/1.1\r\n${host}X-A: 1\r\n\tb: 2\r\n : \u0000\r\n\r\n`],
    ['headers of 20 KiB', 431, `GET /health/live HTTP/1.1\r\n${host}Cookie: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['an address of 20 KiB', 431, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`],
    ['an unknown method', 400, `BREW /health/live HTTP/1.1\r\n${host}\r\n`],
    ['a NUL in a header', 400, `GET /health/live HTTP/1.1\r\n${host}X-Request-Id: a\u0000b\r\n\r\n`],
    ['another host’s whole address', 404, `GET http://evil.example/nothing HTTP/1.1\r\n${host}\r\n`],
    ['a backslash in the address', 400, `GET /api\\v1\\me HTTP/1.1\r\n${host}\r\n`],
  ];
  test.each(whole)('%s: %d, and the API goes on', async (_name, status, bytes) => {
    expect(await sendBytes(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await ask(kontor.origin, 'GET', '/health/live')).status).toBe(200);
  });

  test('a caller who leaves in the middle of his body changes nothing', async () => {
    const changes = await changesOf(kontor.db, async () => {
      for (let index = 0; index < 10; index += 1) {
        const socket = connect(Number(new URL(kontor.origin).port), '127.0.0.1');
        socket.on('error', () => undefined);
        const head = `POST /api/v1/tickets HTTP/1.1\r\n${host}Authorization: ${anna.credentials['authorization']}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n`;
        await new Promise<void>((resolve) => socket.write(`${head}{"subject":"A","body":"B","category":"technical"}`, () => resolve()));
        await new Promise<void>((resolve) => socket.on('close', () => resolve()).destroy());
      }
      expect((await anna.get('/me')).status).toBe(200);
    });
    expect(changes).toEqual([]);
  });
});

test('E: the console’s folder is all of the disk that can be read', async () => {
  expect((await ask(kontor.origin, 'GET', '/admin/assets/a.js')).text).toBe('export {}');
  const up = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '....//', '..;/', '%252e%252e%252f', '..%c0%af', '/', '%00/../'];
  const bytes = up.flatMap((step) =>
    ['/admin/', '/admin/assets/', '/api/docs/'].flatMap((start) => [1, 2, 3].map((times) => `${start}${step.repeat(times)}secret.txt`)),
  );
  for (const path of [...bytes, ...bytes.map((path) => path.replace('secret.txt', 'etc/passwd'))]) {
    const answer = await new Promise<string>((resolve, reject) => {
      request(kontor.origin, { path, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
    expect(answer).not.toMatch(/TOP SECRET|root:/);
  }
  expectEnvelope(await ask(kontor.origin, 'GET', '/admin/assets/missing.js'), 404, 'request.not_found');
});

test('I7, E: fifty tokens are the most, also when they are asked for at once', async () => {
  const { email } = await kontor.people.customer();
  const boris = await signedIn(kontor.origin, 'customer', email, testPassword);
  const answers = await Promise.all(Array.from({ length: 70 }, (_, index) => boris.post('/me/tokens', { name: `Token ${index}` })));
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(49);
  for (const answer of answers.filter((one) => one.status !== 201)) expectEnvelope(answer, 422, 'token.too_many');
  expect((await boris.get('/me/tokens')).body.items).toHaveLength(50);
});

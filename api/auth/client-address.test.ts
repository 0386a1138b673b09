import { request } from 'node:http';
import { serve, type ServerType } from '@hono/node-server';
import fc from 'fast-check';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientAddress, networkOf } from './client-address.ts';

/** One server for each number of proxies, on both address families. */
const servers: ServerType[] = [];
const ports: number[] = [];

beforeAll(async () => {
  for (const hops of [0, 1, 2]) {
    const app = new Hono().get('/', (c) => c.text(clientAddress(c, hops)));
    await new Promise<void>((resolve) => {
      const server = serve({ fetch: app.fetch, hostname: '::', port: 0 }, ({ port }) => {
        ports.push(port);
        resolve();
      });
      servers.push(server);
    });
  }
});
afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

/** What a server behind so many proxies takes for the caller; a header given twice is sent twice. */
async function seen(hops: number, forwardedFor?: string | string[], host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
    const asked = request({ host, port: ports[hops]!, headers, agent: false }, (answer) => {
      answer.setEncoding('utf8');
      let text = '';
      answer.on('data', (part: string) => (text += part));
      answer.on('end', () => resolve(text));
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('I6: without a proxy the caller is the socket’s peer, whatever he says of himself', async () => {
  expect(await seen(0)).toBe('127.0.0.1');
  expect(await seen(0, '203.0.113.9')).toBe('127.0.0.1');
  expect(await seen(0, undefined, '::1')).toBe('::1');
});

test('I6: behind proxies the caller is the one the outermost of them heard from; what he wrote himself is not believed', async () => {
  expect(await seen(1, '203.0.113.9')).toBe('203.0.113.9');
  expect(await seen(1, '10.0.0.1, 127.0.0.1, 203.0.113.9')).toBe('203.0.113.9');
  expect(await seen(1, ['198.51.100.1', '203.0.113.9'])).toBe('203.0.113.9');
  expect(await seen(2, '198.51.100.1, 203.0.113.9, 10.0.0.1')).toBe('203.0.113.9');
});

test('I6: what no proxy can have said is answered with the socket’s peer', async () => {
  for (const nonsense of [
    '',
    ' ',
    'unknown',
    '_hidden',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '203.0.113.9,',
    'x'.repeat(4_000),
    '1.2.3.4; drop',
  ])
    expect(await seen(1, nonsense), nonsense).toBe('127.0.0.1');
  // Only one proxy spoke: the request did not come by the way that was configured.
  expect(await seen(2, '203.0.113.9')).toBe('127.0.0.1');
});

test('I6: an address has one spelling', async () => {
  expect(await seen(1, '::ffff:203.0.113.9')).toBe('203.0.113.9');
  expect(await seen(1, '0:0:0:0:0:FFFF:CB00:7109')).toBe('203.0.113.9');
  expect(await seen(1, '2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
  expect(await seen(1, '[2001:db8::1]:4711')).toBe('2001:db8::1');
  expect(await seen(1, '203.0.113.9:4711')).toBe('203.0.113.9');
  expect(await seen(1, 'fe80::1%eth0')).toBe('fe80::1');
});

test('I2: an IPv6 caller is counted by his 64 bits, an IPv4 caller by his address', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('unknown')).toBe('unknown');
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), fc.ipV6(), (groups, other) => {
      const spelled = groups.map((group) => group.toString(16));
      expect(networkOf(spelled.join(':'))).toBe(`${spelled.slice(0, 4).join(':')}::/64`);
      expect(networkOf(other)).toMatch(/^([0-9a-fA-F]+:){4}:\/64$/);
    }),
  );
});

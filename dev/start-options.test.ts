import { expect, test } from 'vitest';
import { essence } from './child-log.ts';
import { sentenceFor, StartError } from './start-error.ts';
import { defaultPorts, readStartOptions } from './start-options.ts';

test('O1: one option moves every port, so that copies live side by side', () => {
  expect(readStartOptions([], {}).ports).toEqual(defaultPorts);
  const moved = readStartOptions(['--port-offset', '100'], {}).ports;
  for (const [name, port] of Object.entries(moved)) expect(port).toBe(defaultPorts[name as keyof typeof defaultPorts] + 100);
});

test('O3: the ports that are settings of the product are taken from its settings', () => {
  const { ports } = readStartOptions(['--port-offset', '1'], { KONTOR_HTTP_PORT: '9000', KONTOR_WORKER_HEALTH_PORT: '9001' });
  expect([ports.http, ports.workerHealth, ports.temporal]).toEqual([9000, 9001, 7234]);
});

test('O3: what cannot be understood is one sentence', () => {
  const wrong: [string[], Record<string, string>][] = [
    [['--port-offset', 'many'], {}],
    [['--port-offset', '-5'], {}],
    [['--port-offset', '20000'], {}],
    [['--nonsense'], {}],
    [['word'], {}],
    [[], { KONTOR_HTTP_PORT: '0' }],
    [[], { KONTOR_DATABASE_URL: 'postgres://elsewhere/kontor' }],
    [[], { KONTOR_DATABASE_ADMIN_URL_FILE: '/run/secrets/url' }],
  ];
  for (const [args, environment] of wrong) expect(() => readStartOptions(args, environment)).toThrow(StartError);
});

test('O3: a full disk and a missing permission are sentences; a fault of the program is none', () => {
  expect(sentenceFor(Object.assign(new Error('write'), { code: 'ENOSPC', path: '/data/x' }))).toBe(
    'The disk is full (/data/x): make room and start again.',
  );
  expect(sentenceFor(Object.assign(new Error('open'), { code: 'EACCES', path: '/data' }))).toMatch(/^No permission \(\/data\)/);
  expect(sentenceFor(new TypeError('x is not a function'))).toBeUndefined();
});

test('O3: of a child’s last words a person sees those that tell something', () => {
  const words = [
    'ready',
    "Error: Cannot find module 'x'",
    '    at Module._load (node:internal/modules/cjs/loader:1341:5)',
    '  code: ‘MODULE_NOT_FOUND’,',
    '}',
    'Node.js v24.21.0',
  ];
  expect(essence(words, 5)).toEqual(['ready', "Error: Cannot find module 'x'"]);
  expect(essence(['one', 'two'], 1)).toEqual(['two']);
});

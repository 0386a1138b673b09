import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceWords } from './device-words.ts';

test('I6: a session’s device is said in words', () => {
  const said: Record<string, string> = {
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0': 'Firefox on Windows',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15':
      'Safari on macOS',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36': 'Chrome on Linux',
    'Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36':
      'Chrome on Android',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0':
      'Microsoft Edge on Windows',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 YaBrowser/25.8.0 Safari/537.36':
      'Yandex Browser on Windows',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1':
      'Safari on iOS',
    'curl/8.5.0': 'curl',
    'python-requests/2.32.3': 'python-requests',
    'Go-http-client/2.0': 'Go-http-client',
    node: 'unknown device',
    '': 'unknown device',
    '   ': 'unknown device',
    'Mozilla/5.0': 'unknown device',
  };
  for (const [userAgent, words] of Object.entries(said)) expect(deviceWords(userAgent, 'en'), userAgent).toBe(words);
});

test('I6: the device is said in the reader’s language', () => {
  expect(deviceWords('Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0', 'ru')).toBe('Firefox на Windows');
  expect(deviceWords('', 'ru')).toBe('неизвестное устройство');
});

test('I6: what a stranger writes there is not said to the person', () => {
  for (const userAgent of [
    'Your account is locked, call +1 555 0100',
    'https://evil.example/login',
    'evil.example/1.0',
    'Mozilla/5.0 (click https://evil.example)',
    '<img src=x onerror=alert(1)>/1.0',
    'a\r\nBcc: x@evil.example',
    `${'A'.repeat(50)}/1`,
    'Иванов/1.0',
  ])
    expect(deviceWords(userAgent, 'en'), userAgent).toBe('unknown device');
});

test('I6: whatever is sent, the words are short, plain and quick', () => {
  const pieces = fc.constantFrom(
    'Mozilla/5.0 ',
    '(',
    ')',
    'Version/',
    'Safari/',
    'Windows NT ',
    'Android ',
    '; ',
    'like Gecko',
    ' ',
    '/',
    '1.2',
  );
  const started = performance.now();
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 5_000 }),
        fc.array(pieces, { maxLength: 2_000 }).map((all) => all.join('')),
      ),
      (userAgent) => {
        expect(deviceWords(userAgent, 'en')).toMatch(/^[A-Za-z0-9][\w .,()+!-]{0,60}$/);
      },
    ),
    { numRuns: 500 },
  );
  for (const character of [' ', '(', '/', 'a', '1', ';']) deviceWords(character.repeat(100_000), 'en');
  expect(performance.now() - started).toBeLessThan(5_000);
});

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeWords } from './places.ts';

test('I6: a session’s place is the country, in the reader’s language', () => {
  expect(placeWords('77.88.8.8')).toEqual({ en: 'Russia', ru: 'Россия' });
  expect(placeWords('8.8.8.8')).toEqual({ en: 'United States', ru: 'Соединенные Штаты' });
  expect(placeWords('2a02:6b8::feed:ff')).toEqual({ en: 'Russia', ru: 'Россия' });
});

test('I6: what lies in no country is said for what it is', () => {
  for (const address of ['127.0.0.1', '127.8.8.8', '::1']) expect(placeWords(address).en, address).toBe('this machine');
  for (const address of ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.1.1', '100.64.0.1', 'fd00::1', 'fe80::1'])
    expect(placeWords(address).en, address).toBe('a private network');
  for (const address of ['203.0.113.9', '192.0.2.1', '224.0.0.1', '0.0.0.0', '2001:db8::1', 'unknown', '', '1.2.3', 'x'.repeat(9_999)])
    expect(placeWords(address).en, address).toBe('an unknown place');
  expect(placeWords('172.32.0.1').en).not.toBe('a private network');
});

test('I6: every address has a place', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (address) => {
      const { en, ru } = placeWords(address);
      expect(en).toMatch(/\S/);
      expect(ru).toMatch(/\S/);
    }),
    { numRuns: 2_000 },
  );
});

test('P11: the data of places take less than 25 MiB of a process, and nothing before they are asked for', () => {
  const script = `
    const settled = () => { for (let time = 0; time < 4; time += 1) gc(); return process.memoryUsage.rss() / 2 ** 20; };
    const { placeWords } = await import('./api/auth/places.ts');
    // Any process that works for a while lets its nursery grow: that is not the places' doing.
    let characters = 0;
    for (let n = 0; n < 200_000; n += 1) characters += (n + '.' + (n % 251)).split('.').length;
    const before = settled();
    for (let n = 0; n < 5000; n += 1) placeWords((n % 223 + 1) + '.' + (n % 251) + '.3.4');
    process.stdout.write(String(settled() - before));`;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(Number(stdout)).toBeGreaterThan(1);
  expect(Number(stdout)).toBeLessThan(25);
});

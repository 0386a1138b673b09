import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ConfigError, paymentDoor, readConfig, settings, shopOrExit } from './config.ts';
import { testShop } from './dev/payment-simulator/test-shop.ts';

const enough = { KONTOR_DATABASE_URL: 'postgres://kontor_app:secret@127.0.0.1:5432/kontor' };

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

test('O3: the defaults suffice but for the database', () => {
  expect(readConfig(enough)).toMatchObject({ KONTOR_HTTP_PORT: 8080, KONTOR_LOG_LEVEL: 'info', KONTOR_TEMPORAL_NAMESPACE: 'kontor' });
  expect(faultsOf({})).toEqual(['KONTOR_DATABASE_URL is missing']);
});

test('O3: every wrong setting is named, not only the first', () => {
  const faults = faultsOf({ KONTOR_DATABASE_URL: 'mysql://x', KONTOR_HTTP_PORT: '99999', KONTOR_LOG_LEVEL: 'loud' });
  for (const name of ['KONTOR_DATABASE_URL', 'KONTOR_HTTP_PORT', 'KONTOR_LOG_LEVEL'])
    expect(
      faults.some((fault) => fault.startsWith(name)),
      name,
    ).toBe(true);
});

test('O3: a misspelt setting is told', () => {
  expect(faultsOf({ ...enough, KONTOR_HTP_PORT: '1' })).toEqual(['KONTOR_HTP_PORT is not a setting of Kontor']);
});

test('O3: a secret may come from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-config-'));
  writeFileSync(join(folder, 'url'), `${enough.KONTOR_DATABASE_URL}\n`);
  expect(readConfig({ KONTOR_DATABASE_URL_FILE: join(folder, 'url') }).KONTOR_DATABASE_URL).toBe(enough.KONTOR_DATABASE_URL);
  rmSync(folder, { recursive: true });
  expect(faultsOf({ KONTOR_DATABASE_URL_FILE: join(folder, 'url') })[0]).toContain('cannot be read');
});

test('O3: plain http is refused for anything but this machine', () => {
  expect(faultsOf({ ...enough, KONTOR_PUBLIC_URL: 'http://desk.company.example' })[0]).toContain('https://');
  for (const url of ['https://desk.company.example', 'http://127.0.0.1:8080', 'http://localhost:8080'])
    expect(faultsOf({ ...enough, KONTOR_PUBLIC_URL: url })).toEqual([]);
});

const shop = { KONTOR_YOOKASSA_SHOP_ID: '123456', KONTOR_YOOKASSA_SECRET: 'live_abc' };

test.each([
  ['the simulator', { KONTOR_YOOKASSA_URL: 'http://127.0.0.1:8090/v3' }, 'KONTOR_YOOKASSA_URL'],
  ['this machine by https', { KONTOR_YOOKASSA_URL: 'https://localhost/v3' }, 'KONTOR_YOOKASSA_URL'],
  ['this machine by its IPv6 address', { KONTOR_YOOKASSA_URL: 'https://[::1]:8443/v3' }, 'KONTOR_YOOKASSA_URL'],
  ['this machine by an address of its network', { KONTOR_YOOKASSA_URL: 'https://127.1.2.3/v3' }, 'KONTOR_YOOKASSA_URL'],
  ['this machine in IPv6 clothes', { KONTOR_YOOKASSA_URL: 'https://[::ffff:127.0.0.1]/v3' }, 'KONTOR_YOOKASSA_URL'],
  ['this machine by the end of its name', { KONTOR_YOOKASSA_URL: 'https://localhost./v3' }, 'KONTOR_YOOKASSA_URL'],
  ['this machine as a number', { KONTOR_YOOKASSA_URL: 'https://2130706433/v3' }, 'KONTOR_YOOKASSA_URL'],
  ['plain http', { KONTOR_YOOKASSA_URL: 'http://api.yookassa.example/v3' }, 'KONTOR_YOOKASSA_URL'],
  ['a test shop', { KONTOR_YOOKASSA_SECRET: 'test_abc' }, 'KONTOR_YOOKASSA_SECRET'],
  ['the simulator’s shop', { KONTOR_YOOKASSA_SHOP_ID: testShop.shopId, KONTOR_YOOKASSA_SECRET: testShop.secret }, 'KONTOR_YOOKASSA_SECRET'],
])('B11: production refuses %s as its payment provider', (_name, wrong, setting) => {
  const faults = faultsOf({ ...enough, ...shop, ...wrong });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(new RegExp(`^${setting} must`));
  expect(faults.join()).not.toContain('abc');
});

test('B11: npm start, on this machine only, may have the simulator; production a shop of its own, or none', () => {
  const simulator = {
    KONTOR_YOOKASSA_URL: 'http://127.0.0.1:8090/v3',
    KONTOR_YOOKASSA_SHOP_ID: testShop.shopId,
    KONTOR_YOOKASSA_SECRET: testShop.secret,
  };
  const embedded = readConfig({ ...enough, ...simulator, KONTOR_MODE: 'embedded' });
  expect(shopOrExit(embedded)).toEqual({ ...testShop, url: 'http://127.0.0.1:8090/v3', takesTestMoney: true });
  const production = readConfig({ ...enough, ...shop });
  expect(shopOrExit(production)).toMatchObject({ shopId: '123456', url: 'https://api.yookassa.ru/v3', takesTestMoney: false });
  expect(paymentDoor(production)?.notifierNetworks).toContain('2a02:5180::/32');
  expect(shopOrExit(readConfig(enough))).toBeUndefined();
  expect(paymentDoor(readConfig(enough))).toBeUndefined();
  expect(faultsOf({ ...enough, KONTOR_YOOKASSA_SECRET: 'live_abc' })[0]).toMatch(/^KONTOR_YOOKASSA_SHOP_ID/);
});

test.each(['10.0.0.0/33', '::1/129', 'somewhere', '10.0.0.1/8/9', '10.0.0.1,', '10.0.0.256'])(
  'B2: %s is no list of addresses for notifications',
  (text) => expect(faultsOf({ ...enough, KONTOR_YOOKASSA_ADDRESSES: text })[0]).toMatch(/^KONTOR_YOOKASSA_ADDRESSES/),
);

test('O3: every setting says what it means', () => {
  for (const [name, setting] of Object.entries(settings)) expect(setting.description, name).toMatch(/\w+.*\./);
});

test('O3: a process with a wrong setting says so in one line and exits with 78', () => {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, ['api/main.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], KONTOR_HTTP_PORT: 'x' },
  });
  expect(status).toBe(78);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('KONTOR_HTTP_PORT');
});

test('B11: a worker that is to pay into the simulator in production says so in one line and exits with 78', () => {
  const { status, stderr } = spawnSync(process.execPath, ['worker/main.ts'], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
    env: { ...enough, PATH: process.env['PATH'], KONTOR_YOOKASSA_SHOP_ID: testShop.shopId, KONTOR_YOOKASSA_SECRET: testShop.secret },
  });
  expect(status).toBe(78);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('KONTOR_YOOKASSA_SECRET must not be of a test shop in production');
});

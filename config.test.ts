import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ConfigError, readConfig, settings } from './config.ts';

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

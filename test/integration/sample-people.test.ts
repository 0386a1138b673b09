import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';
import { until } from '../harness/until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let db: FreshDatabase;
const started: ChildProcess[] = [];

beforeAll(async () => {
  db = await freshDatabase(inject('postgresAdminUrl'));
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await db?.drop();
});
beforeEach(async () => {
  await db.query('delete from app_user');
  await db.query(
    `insert into app_user (id, kind, staff_role, email, name, locale, time_zone, password_hash, password_changed_at, created_at, is_sample)
      values ('usr_sample', 'staff', 'support', 'oleg@kontor.example', 'Oleg', 'en', 'UTC', 'x', now(), now(), true)`,
  );
});

/** Starts a process of the product and gathers its last words. */
function start(
  entry: string,
  environment: Record<string, string> = {},
): { child: ChildProcess; said: () => string; printed: () => string } {
  const child = spawn(process.execPath, [entry], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      KONTOR_DATABASE_URL: db.appUrl,
      KONTOR_SECRETS_KEY: '5a'.repeat(32),
      KONTOR_TEMPORAL_ADDRESS: inject('temporalAddress'),
      KONTOR_HTTP_PORT: '0',
      KONTOR_WORKER_HEALTH_PORT: '0',
      ...environment,
    },
  });
  started.push(child);
  let [said, printed] = ['', ''];
  child.stderr.on('data', (part) => (said += part));
  child.stdout.on('data', (part) => (printed += part));
  return { child, said: () => said, printed: () => printed };
}

test.each(['api/main.ts', 'worker/main.ts'])('I8: in production %s does not start where sample people can sign in', async (entry) => {
  const { child, said, printed } = start(entry);
  await until('the process ends', () => child.exitCode !== null);
  expect({ code: child.exitCode, printed: printed() }).toEqual({ code: 78, printed: '' });
  expect(said()).toMatch(/^Kontor does not start: KONTOR_MODE is production, and the database has sample people.*runbook.*\n$/);
});

test('I8: it starts on this machine’s own stack, and where the sample people are shut out', async () => {
  const embedded = start('api/main.ts', { KONTOR_MODE: 'embedded' });
  await until('the API listens', () => embedded.printed().includes('the API listens'));
  await db.query('update app_user set disabled_at = now() where is_sample');
  const production = start('api/main.ts');
  await until('the API listens', () => production.printed().includes('the API listens'));
  for (const { child } of [embedded, production]) child.kill();
});

test('I8: a production process that came up before its database ends when it finds sample people there', async () => {
  await db.query(`revoke connect on database ${db.name} from kontor_app, public`);
  try {
    const { child, printed } = start('api/main.ts');
    await until('the API listens', () => printed().includes('the API listens'));
    expect(child.exitCode).toBeNull();
    await db.query(`grant connect on database ${db.name} to kontor_app`);
    await until('the process ends', () => child.exitCode !== null);
    expect(child.exitCode).toBe(78);
  } finally {
    await db.query(`grant connect on database ${db.name} to kontor_app`);
  }
});

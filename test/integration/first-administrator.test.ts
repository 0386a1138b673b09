import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase(inject('postgresAdminUrl'));
});
afterAll(() => db?.drop());
beforeEach(async () => {
  await db.query('delete from mailed_link');
  await db.query('delete from invitation');
  await db.query('delete from app_user');
});

interface Ending {
  readonly code: number | null;
  readonly said: string;
  readonly printed: string;
}

async function firstAdministrator(args: string[], environment: Record<string, string> = {}): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['api/first-administrator.ts', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], KONTOR_DATABASE_URL: db.appUrl, KONTOR_PUBLIC_URL: 'https://desk.company.example', ...environment },
    });
    let [printed, said] = ['', ''];
    child.stdout.on('data', (part) => (printed += part));
    child.stderr.on('data', (part) => (said += part));
    child.on('close', (code) => resolve({ code, said, printed }));
  });
}

async function addAdministrator(email: string, disabled: boolean): Promise<void> {
  await db.query(
    `insert into app_user (id, kind, staff_role, email, name, locale, time_zone, password_hash, password_changed_at, created_at, disabled_at)
      values ($1, 'staff', 'administrator', $1, 'Maria', 'ru', 'UTC', 'x', now(), now(), $2)`,
    [email, disabled ? new Date() : null],
  );
}

/** The invitation that a printed link leads to, if it is good. */
async function invitationOf(printed: string): Promise<Record<string, unknown> | undefined> {
  const hash = createHash('sha256').update(new URL(printed).hash.slice(1)).digest('hex');
  const [row] = await db.query(
    `select i.email, i.staff_role, i.account_id, i.invited_by_id, i.revoked_at, round(extract(epoch from l.expires_at - l.created_at))::int as seconds
      from mailed_link l join invitation i on i.id = l.about where l.token_hash = $1 and l.purpose = 'invitation' and l.used_at is null`,
    [hash],
  );
  return row;
}

test('I8: a new installation’s first administrator is invited by a command, for 24 hours and without a password', async () => {
  const { code, printed, said } = await firstAdministrator(['--email', 'Oleg@Company.example', '--locale', 'ru']);
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringMatching(/good once, until \d{4}-\d\d-\d\d \d\d:\d\d UTC/) });
  expect(printed).toMatch(/^https:\/\/desk\.company\.example\/links\/invitation\?lang=ru#[\w-]{43}\n$/);
  expect(await invitationOf(printed.trim())).toEqual({
    email: 'oleg@company.example',
    staff_role: 'administrator',
    account_id: null,
    invited_by_id: null,
    revoked_at: null,
    seconds: 86_400,
  });
  expect(await db.query('select 1 from app_user')).toEqual([]);
  const [line] = await db.query('select actor_kind, actor_id, action, object, after, request_id from audit_line order by id desc limit 1');
  expect(line).toEqual({
    actor_kind: 'nobody',
    actor_id: null,
    action: 'staff.first_administrator',
    object: expect.stringMatching(/^invitation:inv_/),
    after: { role: 'administrator', administrators: 'none' },
    request_id: null,
  });
});

test('I8: said again, the link before is no longer good', async () => {
  const first = await firstAdministrator(['--email', 'oleg@company.example']);
  const second = await firstAdministrator(['--email', 'maria@company.example']);
  expect(await invitationOf(first.printed.trim())).toBeUndefined();
  expect(await invitationOf(second.printed.trim())).toMatchObject({ email: 'maria@company.example' });
});

test('I8: while there is an administrator the command refuses, unless one more is asked for; and that is audited', async () => {
  await addAdministrator('maria@company.example', false);
  const refused = await firstAdministrator(['--email', 'oleg@company.example']);
  expect(refused).toEqual({ code: 1, printed: '', said: expect.stringContaining('--another') });
  expect(await db.query('select 1 from invitation')).toEqual([]);

  const { code, printed } = await firstAdministrator(['--email', 'oleg@company.example', '--another']);
  expect(code).toBe(0);
  expect(await invitationOf(printed.trim())).toMatchObject({ staff_role: 'administrator' });
  const [line] = await db.query(`select after from audit_line where action = 'staff.first_administrator' order by id desc limit 1`);
  expect(line).toEqual({ after: { role: 'administrator', administrators: 'some' } });
});

test('I8: an administrator who left is none', async () => {
  await addAdministrator('maria@company.example', true);
  expect((await firstAdministrator(['--email', 'oleg@company.example'])).code).toBe(0);
  // His address stays his.
  expect(await firstAdministrator(['--email', 'MARIA@company.example'])).toEqual({
    code: 1,
    printed: '',
    said: expect.stringContaining('belongs to somebody'),
  });
});

test('I8: what cannot be done is said in one line, and nothing of how we are made', async () => {
  for (const args of [
    [],
    ['--email', 'nobody'],
    ['--email', 'a@b.example, c@d.example'],
    ['--email', 'a@b.example', '--locale', 'xx'],
    ['--password', 'x'],
  ])
    expect(await firstAdministrator(args), args.join(' ')).toEqual({
      code: 64,
      printed: '',
      said: expect.stringMatching(/^Say: --email .*\n$/),
    });
  const away = await firstAdministrator(['--email', 'oleg@company.example'], { KONTOR_DATABASE_URL: 'postgres://a:b@127.0.0.1:1/kontor' });
  expect(away).toEqual({ code: 1, printed: '', said: expect.stringMatching(/^Nobody was invited: .*\n$/) });
  expect((await firstAdministrator(['--email', 'oleg@company.example'], { KONTOR_DATABASE_URL: '' })).code).toBe(78);
});

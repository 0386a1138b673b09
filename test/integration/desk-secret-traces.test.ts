/**
 * What a server's secret leaves behind in its whole life (SPEC T17; security.md, secrets at rest): sealed in its row while it
 * stands, in the answer of a look, and nowhere else; after its end nowhere at all.
 *
 * One long story, told once; the tests then look at what it left.
 */
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeTimedStep } from '../../db/repositories/timed-steps.ts';
import { signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import { testPassword, type TestStaff } from '../harness/people.ts';

let kontor: Kontor;
const clock = new MovableClock();
const logged: string[] = [];
const stated: string[] = [];
/** Secrets that lived to their end, one by each way; and one that never came to live. */
const secrets = ['byTimeQ7geheimK1', 'byClosingQ7geheimK2', 'byCustomerQ7geheimK3', 'byStaffQ7geheimK4', 'brokenQ7geheimK5'] as const;
const accesses: string[] = [];
const numbers: string[] = [];
/** Every answer but those of the looks. */
const answered: string[] = [];
let seen = 0;

/** Every form in which a text may hide: as it is, in base 64 and in hexadecimal. */
const forms = secrets.flatMap((secret) => [
  secret,
  ...[0, 1, 2].map((shift) =>
    Buffer.from(`${'.'.repeat(shift)}${secret}`)
      .toString('base64')
      .slice(shift ? 4 : 0, -4),
  ),
  Buffer.from(secret).toString('hex'),
]);
const found = (text: string) => forms.filter((form) => text.includes(form));

// What is sent to PostgreSQL is heard at the driver: statements with their values, as its log could show them.
const driver = pg.Client.prototype as unknown as { query: (...given: unknown[]) => unknown };
const told = Object.getOwnPropertyDescriptor(driver, 'query')!;
beforeAll(() => {
  driver.query = function heard(this: pg.Client, ...given: unknown[]) {
    const [statement, values] = given as [string | { text?: string; values?: unknown } | undefined, unknown];
    stated.push(typeof statement === 'string' ? statement : (statement?.text ?? ''));
    stated.push(JSON.stringify([(typeof statement === 'object' && statement.values) || null, Array.isArray(values) ? values : null]));
    return Reflect.apply(told.value as typeof driver.query, this, given);
  };
});

beforeAll(async () => {
  kontor = await startKontor({ clock, onLogLine: (line) => logged.push(line) });
  await kontor.db.query('create table outbox_seen (row text)');
  await kontor.db.query(
    `create function keep_outbox() returns trigger language plpgsql security definer as $$ begin insert into outbox_seen values (new::text); return new; end $$`,
  );
  await kontor.db.query('create trigger keep_outbox after insert on outbox for each row execute function keep_outbox()');
  const anna = await kontor.people.customer();
  const oleg = await kontor.people.staff();
  const own = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  for (const secret of secrets.slice(0, 4)) await lend(own, oleg, secret);
  await goWrong(own, oleg);
  await end(own, oleg);
  // A wish wakes the dispatcher, as the worker's activity would after the step.
  await anna.post('/notifications/read');
  await kontor.settled();
}, 60_000);
afterAll(async () => {
  Object.defineProperty(driver, 'query', told);
  await kontor?.stop();
});

async function lend(own: ApiDriver, oleg: TestStaff, secret: string): Promise<void> {
  const { number } = (await own.post('/tickets', { subject: 'A server', body: 'Please look', category: 'technical' })).body;
  const body = { address: '203.0.113.7', way: 'secret', secret };
  const key = { 'idempotency-key': `lend-${number}` };
  const lent = await own.post(`/tickets/${number}/server-accesses`, body, key);
  const again = await own.post(`/tickets/${number}/server-accesses`, body, key);
  expect([lent.status, again.status]).toEqual([201, 201]);
  numbers.push(number);
  accesses.push(lent.body.id);
  const looked = await oleg.post(
    `/tickets/${number}/server-accesses/${lent.body.id}/views`,
    { reason: 'To read the log' },
    { 'idempotency-key': `look-${number}` },
  );
  expect(looked.body.secret).toBe(secret);
  seen += 1;
  const repeat = await oleg.post(
    `/tickets/${number}/server-accesses/${lent.body.id}/views`,
    { reason: 'To read the log' },
    { 'idempotency-key': `look-${number}` },
  );
  const lists = await Promise.all(
    [own, oleg].flatMap((reader) =>
      ['server-accesses', 'history?limit=100', 'messages'].map((what) => reader.get(`/tickets/${number}/${what}`)),
    ),
  );
  answered.push(...[lent, again, repeat, ...lists].map((answer) => JSON.stringify([answer.body, [...answer.headers]])));
}

/** Requests that are refused, and one that fails in the middle of it. */
async function goWrong(own: ApiDriver, oleg: TestStaff): Promise<void> {
  const secret = secrets[4];
  const { number } = (await own.post('/tickets', { subject: 'A server', body: 'Please look', category: 'technical' })).body;
  const lendTo = (more: object) =>
    own.post(`/tickets/${number}/server-accesses`, { address: '203.0.113.7', way: 'secret', secret, ...more });
  const refused = [
    await lendTo({ address: `root:${secret}@host` }),
    await lendTo({ login: secret.repeat(9) }),
    await lendTo({ way: secret }),
    await lendTo({ secret: [secret] }),
    await own.post(`/tickets/CS-999999999/server-accesses`, { address: '203.0.113.7', way: 'secret', secret }),
    await oleg.post(`/tickets/${number}/server-accesses`, { address: '203.0.113.7', way: 'secret', secret }),
  ];
  await kontor.db.query('revoke insert on server_access from kontor_app');
  const failed = await lendTo({});
  await kontor.db.query('grant insert on server_access to kontor_app');
  expect(failed.status).toBe(500);
  answered.push(...[...refused, failed].map(({ body }) => JSON.stringify(body)));
}

async function end(own: ApiDriver, oleg: TestStaff): Promise<void> {
  const at = (which: number) => `/tickets/${numbers[which]}/server-accesses/${accesses[which]}`;
  await own.post(`/tickets/${numbers[1]}/resolution`);
  await own.delete(at(2));
  await oleg.delete(at(3));
  clock.move(72 * 3600);
  const [step] = await kontor.db.query<{ id: string }>('select id from obligation where entity = $1', [`server-access:${accesses[0]}`]);
  await takeTimedStep(kontor.database, clock, { removeFile: async () => undefined }, `server-access:${accesses[0]}`, step!.id);
}

/** Every row of every table as text, by table. */
async function everyRow(): Promise<Map<string, string>> {
  const tables = await kontor.db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const rows: [string, string][] = [];
  for (const { name } of tables) {
    const [row] = await kontor.db.query<{ all: string | null }>(`select string_agg(t::text, E'\\n') as all from "${name}" t`);
    rows.push([name, row!.all ?? '']);
  }
  return new Map(rows);
}

test('T17: the net catches a secret in each of these forms', () => {
  for (const secret of secrets)
    for (const shape of ['utf8', 'hex', 'base64'] as const)
      for (const before of ['', 'a', 'bc'])
        expect(found(Buffer.from(`${before}${secret} and more`).toString(shape)), shape).not.toEqual([]);
});

test('T17: it was seen as often as staff looked, and is in no other answer', () => {
  expect(seen).toBe(4);
  expect(answered.length).toBeGreaterThan(30);
  expect(found(answered.join('\n'))).toEqual([]);
});

test('T17: it is in no row of any table, and neither is its seal once the access is over', async () => {
  const rows = await everyRow();
  expect(rows.get('server_access')).toContain(accesses[0]!);
  expect(rows.get('outbox_seen')).toContain(`server-access:${accesses[0]}`);
  for (const [table, text] of rows) expect(found(text), table).toEqual([]);
  const left = await kontor.db.query<{ id: string; ended_by: string }>('select id, ended_by from server_access where secret is null');
  expect(new Map(left.map(({ id, ended_by }) => [id, ended_by]))).toEqual(
    new Map([
      [accesses[0], 'time'],
      [accesses[1], 'closing'],
      [accesses[2], 'customer'],
      [accesses[3], 'staff'],
    ]),
  );
  expect(rows.get('server_access')).not.toMatch(/\b1\.[0-9a-f]{8}\./);
});

test('T17: PostgreSQL was never told it, in no statement and as no value', () => {
  expect(stated.some((statement) => statement.includes('server_access'))).toBe(true);
  expect(stated.length).toBeGreaterThan(200);
  expect(found(stated.join('\n'))).toEqual([]);
});

test('T17: no workflow’s history holds it', async () => {
  const deliveries = await kontor.db.query<{ id: string }>('select id from delivery');
  const workflows = [
    ...accesses.map((id) => `server-access:${id}`),
    ...numbers.map((number) => `ticket:${number}`),
    ...deliveries.map(({ id }) => `notification:${id}`),
  ];
  expect(deliveries.length).toBeGreaterThan(8);
  for (const id of workflows) {
    const json = historyToJSON(await kontor.temporal.workflow.getHandle(id).fetchHistory());
    const payloads = [...json.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data]) => Buffer.from(data!, 'base64').toString('utf8'));
    expect(payloads.length, id).toBeGreaterThan(0);
    expect(found([json, ...payloads].join('\n')), id).toEqual([]);
  }
});

test('T17: no line of the log holds it, also not of the request that failed', () => {
  expect(logged.some((line) => line.includes('unexpected error'))).toBe(true);
  expect(found(logged.join('\n'))).toEqual([]);
});

test('T17: no mail holds it, and each look was mailed', () => {
  const mails = kontor.mail.mails.map((mail) => `${mail.subject}\n${mail.text}\n${String(mail.html)}`);
  expect(mails.filter((mail) => mail.includes('looked at the secret')).length).toBe(4);
  expect(found(mails.join('\n'))).toEqual([]);
});

/** An audit of the books outlives its worker, and a provider who is away (SPEC B10, R1). */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../dev/node-process.ts';
import { freePort } from '../../dev/ports.ts';
import { newId } from '../../db/new-id.ts';
import { creditMoney } from '../../db/repositories/money.ts';
import { startKontor, testSecretsKey, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let folder: string;
const clock = new MovableClock();
const started: NodeProcess[] = [];
/** Payments that the provider does not know: each is asked for by itself. */
const count = 30;

beforeAll(async () => {
  kontor = await startKontor({ clock, promises: false });
  kontor.simulator.notifyAt(undefined);
  folder = mkdtempSync(join(tmpdir(), 'kontor-audit-'));
  const anna = await kontor.people.customer();
  const at = clock.now();
  const begunAt = new Date(at.getTime() - 3 * 3_600_000);
  for (let index = 0; index < count; index += 1) {
    const id = newId('payment', at);
    const movement = { accountId: anna.accountId, amountMinor: 10_000, key: `payment:${id}`, at, by: 'provider', about: { payment: id } };
    const posted = await kontor.database
      .fork()
      .transactional((em) => creditMoney(em, { ...movement, kind: 'top_up', against: 'clearing', paymentId: id }));
    await kontor.db.query(
      `insert into payment (id, account_id, amount_minor, currency, state, provider, provider_id, return_url, begun_by_id, begun_at, transfer_id, settled_at)
        values ($1, $2, 10000, 'RUB', 'succeeded', 'yookassa', $3, 'https://kontor.example/', $4, $5, $6, $7)`,
      [id, anna.accountId, randomUUID(), anna.id, begunAt, posted.transferId, at],
    );
  }
});
afterAll(async () => {
  await Promise.all(started.map((worker) => worker.end(10_000)));
  await kontor?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The worker as an installation runs it. */
async function startWorker(): Promise<NodeProcess> {
  const worker = await startNodeProcess({
    args: ['worker/main.ts'],
    logFile: join(folder, 'worker.log'),
    environment: {
      PATH: process.env['PATH'],
      HOME: folder,
      TZ: 'UTC',
      KONTOR_DATABASE_URL: kontor.db.appUrl,
      KONTOR_TEMPORAL_ADDRESS: inject('temporalAddress'),
      KONTOR_TEMPORAL_NAMESPACE: inject('temporalNamespace'),
      KONTOR_TASK_QUEUE: kontor.taskQueue,
      KONTOR_WORKER_HEALTH_PORT: String(await freePort()),
      KONTOR_SECRETS_KEY: testSecretsKey,
      KONTOR_SMTP_URL: kontor.mail.url,
      KONTOR_FILES_FOLDER: join(folder, 'files'),
      KONTOR_LOG_LEVEL: 'warn',
      // Production refuses the simulator.
      KONTOR_MODE: 'embedded',
      KONTOR_YOOKASSA_SHOP_ID: kontor.simulator.shopId,
      KONTOR_YOOKASSA_SECRET: kontor.simulator.secret,
      KONTOR_YOOKASSA_URL: kontor.simulator.url,
    },
  });
  started.push(worker);
  return worker;
}

test('B10, R1: a worker killed in the middle of an audit: another goes on, and each payment is compared once', async () => {
  const maria = await kontor.people.staff({ role: 'billing' });
  // Slow enough for the blow to fall in the middle.
  await kontor.db.query(
    `create or replace function take_time() returns trigger language plpgsql as $$ begin perform pg_sleep(0.2); return new; end $$`,
  );
  await kontor.db.query('create trigger slow before update on books_audit for each row execute function take_time()');
  const { id } = (await maria.post('/books-audits', {})).body;
  const read = async () => (await maria.get(`/books-audits/${id}`)).body;

  const first = await startWorker();
  await until('some are compared', async () => (await read()).paymentsCompared >= 5, 40);
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const atDeath = await read();
  expect(atDeath.state).toBe('running');
  expect(atDeath.paymentsCompared).toBeLessThan(count);
  await kontor.db.query('drop trigger slow on books_audit');

  await startWorker();
  const done = await until(
    'the audit has ended',
    async () => {
      const now = await read();
      return now.state === 'running' ? undefined : now;
    },
    60,
  );
  expect(done).toMatchObject({ state: 'done', paymentsCompared: count, findings: count });
  const [cases] = await kontor.db.query<{ n: number }>(
    `select count(*)::integer as n from staff_case where kind = 'books.payment_missing'`,
  );
  expect(cases!.n).toBe(count);
  const [left] = await kontor.db.query<{ n: number }>('select count(*)::integer as n from books_audit_sight');
  expect(left!.n).toBe(0);
}, 120_000);

test('B10: a provider who is away is waited for; once he answers, the audit ends', async () => {
  const maria = await kontor.people.staff({ role: 'billing' });
  kontor.simulator.dial({ answersServerErrorUndone: 1 });
  const { id } = (await maria.post('/books-audits', {})).body;
  const read = async () => (await maria.get(`/books-audits/${id}`)).body;
  const away = await until(
    'he is away',
    async () => {
      const now = await read();
      return now.awaySince === null ? undefined : now;
    },
    60,
  );
  expect(away).toMatchObject({ state: 'running', stage: 'payments' });
  expect(new Date(away.againAt).getTime() - new Date(away.awaySince).getTime()).toBe(30_000);
  kontor.simulator.dial({ answersServerErrorUndone: 0 });
  const done = await until(
    'the audit has ended',
    async () => {
      const now = await read();
      return now.state === 'running' ? undefined : now;
    },
    90,
  );
  expect(done).toMatchObject({ state: 'done', awaySince: null, findings: count });
}, 180_000);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../dev/node-process.ts';
import { freePort } from '../../dev/ports.ts';
import { startKontor, testSecretsKey, type Kontor } from '../harness/kontor.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
let folder: string;
const started: NodeProcess[] = [];

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  folder = mkdtempSync(join(tmpdir(), 'kontor-job-'));
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
    },
  });
  started.push(worker);
  return worker;
}

test('A5, R1: a worker killed in the middle of long work: another ends it, and each ticket is moved once', async () => {
  const anna = await kontor.people.customer();
  const maria = await kontor.people.staff({ role: 'administrator' });
  const durations = { autoCloseAfterSeconds: 604_800, archiveAfterSeconds: 604_800, warnBeforeSeconds: 86_400 };
  const policy = (await maria.post('/timing-policies', { names: { en: 'A week' }, ...durations })).body.id;
  await maria.post('/queues', { category: 'long', names: { en: 'Long' }, timingPolicy: policy });
  const count = 60;
  for (let index = 0; index < count; index += 1) {
    const { number } = (await anna.post('/tickets', { subject: 'Long', body: 'Long', category: 'long' })).body;
    await maria.post(`/tickets/${number}/messages`, { body: 'Please try again' });
  }
  await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...durations, autoCloseAfterSeconds: 259_200 });
  // Slow enough for the blow to fall in the middle.
  await kontor.db.query(
    `create function take_time() returns trigger language plpgsql as $$ begin perform pg_sleep(0.2); return new; end $$`,
  );
  await kontor.db.query('create trigger slow before update on job_item for each row execute function take_time()');
  const { job } = (await maria.post(`/timing-policies/${policy}/retiming`, {})).body;
  const settled = async () =>
    Number(
      (await kontor.db.query<{ n: string }>(`select count(*) as n from job_item where job_id = $1 and state <> 'pending'`, [job]))[0]!.n,
    );

  const first = await startWorker();
  await until('some are moved', async () => (await settled()) >= 8, 40);
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const atDeath = await settled();
  expect(atDeath).toBeLessThan(count);
  await kontor.db.query('drop trigger slow on job_item');

  await startWorker();
  const ended = await until(
    'the job has ended',
    async () => {
      const { body } = await maria.get(`/jobs/${job}`);
      return body.state === 'running' ? undefined : body;
    },
    60,
  );
  expect(ended).toMatchObject({ state: 'done', total: count, done: count, skipped: 0 });
  const moved = await kontor.db.query<{ n: number }>(
    `select count(*)::integer as n from ticket_event where kind = 'retime' group by ticket_number`,
  );
  expect(moved.map((row) => row.n)).toEqual(Array.from({ length: count }, () => 1));
});

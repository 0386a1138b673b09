import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../dev/node-process.ts';
import { freePort } from '../../dev/ports.ts';
import { startKontor, testSecretsKey, type Kontor } from '../harness/kontor.ts';
import type { TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';

/** Tickets that the work is about. */
const count = 60;

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

/** Begins the work, kills the worker that does it in the middle, and has another end it. */
async function endsAllTheSame(maria: TestStaff, begin: () => Promise<{ body: { job: string } }>): Promise<void> {
  // Slow enough for the blow to fall in the middle.
  await kontor.db.query(
    `create or replace function take_time() returns trigger language plpgsql as $$ begin perform pg_sleep(0.2); return new; end $$`,
  );
  await kontor.db.query('create trigger slow before update on job_item for each row execute function take_time()');
  const { job } = (await begin()).body;
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

  const second = await startWorker();
  const ended = await until(
    'the job has ended',
    async () => {
      const { body } = await maria.get(`/jobs/${job}`);
      return body.state === 'running' ? undefined : body;
    },
    60,
  );
  expect(ended).toMatchObject({ state: 'done', total: count, done: count, skipped: 0 });
  await second.end(10_000);
}

/** How many lines of history of this kind each ticket has that has any. */
async function linesOf(kind: string): Promise<number[]> {
  const rows = await kontor.db.query<{ n: number }>(
    'select count(*)::integer as n from ticket_event where kind = $1 group by ticket_number',
    [kind],
  );
  return rows.map(({ n }) => n);
}

test('A5, R1: a worker killed in the middle of long work: another ends it, and each ticket is moved once', async () => {
  const anna = await kontor.people.customer();
  const maria = await kontor.people.staff({ role: 'administrator' });
  const durations = { autoCloseAfterSeconds: 604_800, archiveAfterSeconds: 604_800, warnBeforeSeconds: 86_400 };
  const policy = (await maria.post('/timing-policies', { names: { en: 'A week' }, ...durations })).body.id;
  await maria.post('/queues', { category: 'long', names: { en: 'Long' }, timingPolicy: policy });
  for (let index = 0; index < count; index += 1) {
    const { number } = (await anna.post('/tickets', { subject: 'Long', body: 'Long', category: 'long' })).body;
    await maria.post(`/tickets/${number}/messages`, { body: 'Please try again' });
  }
  await maria.put(`/timing-policies/${policy}`, { names: { en: 'Three days' }, ...durations, autoCloseAfterSeconds: 259_200 });
  await endsAllTheSame(maria, () => maria.post(`/timing-policies/${policy}/retiming`, {}));
  expect(await linesOf('retime')).toEqual(Array.from({ length: count }, () => 1));
}, 90_000);

test('S7, A5, R1: the same with a decree that moves what is promised: each deadline is moved once, and is waited for', async () => {
  const anna = await kontor.people.customer();
  const maria = await kontor.people.staff({ role: 'administrator' });
  const aroundTheClock = { zone: 'UTC', weekdays: [1, 2, 3, 4, 5, 6, 7], opens: 0, closes: 1_440, honourShortDays: false, years: {} };
  const calendar = (await maria.post('/calendars', { names: { en: 'Around the clock' }, ...aroundTheClock })).body;
  const terms = { response: { amount: 240, unit: 'hours' }, criticalFix: null, calendar: calendar.id, hours: null };
  const plan = (await maria.post('/sla-plans', { names: { en: 'Ten days' }, rank: 10, ...terms })).body.id;
  const timingPolicy = (await maria.get('/timing-policies')).body.items[0].id;
  await maria.post('/queues', { category: 'promised', names: { en: 'Promised' }, timingPolicy, slaPlan: plan });
  const dueAt = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const { number } = (await anna.post('/tickets', { subject: 'Promised', body: 'Promised', category: 'promised' })).body;
    dueAt.set(number, Date.parse((await maria.get(`/tickets/${number}`)).body.breachesAt));
  }
  const inFiveDays = new Date(kontor.clock.now().getTime() + 5 * 86_400_000).toISOString().slice(0, 10);
  const years = { [inFiveDays.slice(0, 4)]: { decree: null, daysOff: [inFiveDays], workingWeekends: [], shortDays: [] } };
  const decreed = await maria.patch(`/calendars/${calendar.id}`, { years }, { 'if-match': `"${calendar.revision}"` });
  expect(decreed.status).toBe(200);
  await endsAllTheSame(maria, () => maria.post('/service-retimings', { scope: 'calendar', id: calendar.id }));
  expect(await linesOf('retime_clocks')).toEqual(Array.from({ length: count }, () => 1));
  for (const [number, before] of dueAt) {
    expect(Date.parse((await maria.get(`/tickets/${number}`)).body.breachesAt)).toBe(before + 86_400_000);
    const [step] = await kontor.db.query<{ due_at: Date }>(
      `select due_at from obligation where entity = $1 and kind = 'first_response_breach'`,
      [`ticket:${number}`],
    );
    expect(step!.due_at.getTime()).toBe(before + 86_400_000);
  }
}, 90_000);

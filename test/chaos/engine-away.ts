/**
 * QUALITY R3, for tickets: the engine is away, and the desk stays open. What was promised happens once, at the latest a
 * minute after the engine is back.
 */
import { join } from 'node:path';
import { until } from '../harness/until.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { Checks } from './checks.ts';
import { openDesk, type Desk } from './desk.ts';
import { lineOf, type ChaosOptions, type Fault } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { startKillableEngine, type KillableEngine } from './killable-servers.ts';
import { checkAcknowledged, checkTold, Load, sendMarkers } from './load.ts';
import { answer, openTicket } from './ticket-witness.ts';

const backWithinSeconds = 60;
/** Some five wishes a second: a large support desk on a bad day. */
const light = { pairs: 4, pauseMs: 800 };

export const engineAway: Fault = {
  name: 'engine',
  about: 'R3: the engine is killed under a light load and comes back on its data',
  run: async (ground, options) => [
    await lineOf(`R3 engine away for ${options.outageSeconds} s`, 1, async () => {
      const folder = join(ground.folder, 'engine');
      const engine = await startKillableEngine(folder);
      const desk = await openDesk({ ...ground, temporalAddress: engine.address, temporalNamespace: engine.namespace, folder }, 'engine');
      try {
        return await outage(desk, engine, options);
      } finally {
        await desk.close();
        await engine.stop();
      }
    }),
  ],
};

async function outage(desk: Desk, engine: KillableEngine, { outageSeconds }: ChaosOptions): Promise<{ checks: number; seen: string }> {
  const checks = new Checks();
  const load = await Load.of(desk, light);
  load.start();
  await until('the load is under way', () => load.measured('before').requests >= 60, 60);
  const sleepers = await putToSleep(desk, Math.ceil(outageSeconds / 2));

  await engine.kill();
  const awaySince = performance.now();
  load.phase = 'away';
  const away = () => (performance.now() - awaySince) / 1000;
  await until('half of the outage is over', () => away() >= outageSeconds / 2, outageSeconds);
  await restartEverything(checks, desk, load);
  await until('the outage is over', () => away() >= outageSeconds, outageSeconds);
  await load.pause();
  checks.equal('requests that were not answered at once, with the engine or without', [...load.refused, load.refusedSignIns], [0]);
  checks.equal(
    'nobody closed the sleeping tickets meanwhile',
    await statesOf(sleepers),
    sleepers.map(() => 'awaiting_customer'),
  );

  await engine.start('kept');
  const backSince = performance.now();
  await until(
    'what fell due meanwhile is done',
    async () => (await statesOf(sleepers)).every((status) => status === 'archived'),
    backWithinSeconds,
  );
  await desk.settled(backWithinSeconds);
  const back = (performance.now() - backSince) / 1000;
  checks.holds(`everything promised is done within ${backWithinSeconds} s`, back <= backWithinSeconds, back);

  const customers = [...load.customers, ...sleepers.map((sleeper) => sleeper.customer)];
  await desk.calm();
  await sendMarkers(desk, customers);
  await desk.calm();
  checks.equal('mails that came twice', (await checkAcknowledged(checks, desk, load)) + (await checkTold(checks, desk, customers)), 0);
  await checkInvariants(checks, desk);
  return {
    checks: checks.made,
    seen: `${latencies(load)}; all done ${back.toFixed(1)} s after it was back; ${load.acknowledged.messages} messages`,
  };
}

interface Sleeper {
  readonly customer: TestCustomer;
  readonly staff: TestPerson;
  readonly number: string;
}

/** Tickets that wait for their customers, and will be closed and archived by time while the engine is away. */
async function putToSleep(desk: Desk, seconds: number): Promise<Sleeper[]> {
  const category = await desk.queue({ autoClose: seconds, archive: 1 });
  const staff = await desk.people.staff();
  const sleepers: Sleeper[] = [];
  for (let ticket = 0; ticket < 3; ticket += 1) {
    const customer = await desk.people.customer();
    const number = await openTicket(customer, category, 'I shall look tomorrow');
    await answer(staff, number);
    sleepers.push({ customer, staff, number });
  }
  const numbers = sleepers.map(({ number }) => `ticket:${number}`);
  await until(
    'the engine has heard of them',
    async () => (await desk.query('select 1 from outbox where entity = any($1)', [numbers])).length === 0,
  );
  return sleepers;
}

async function statesOf(sleepers: readonly Sleeper[]): Promise<string[]> {
  return Promise.all(sleepers.map(async ({ staff, number }) => (await staff.get(`/tickets/${number}`)).body.status as string));
}

/** Both processes are killed and started while the engine is away: the API works, the worker waits. */
async function restartEverything(checks: Checks, desk: Desk, load: Load): Promise<void> {
  await load.pause();
  await Promise.all([desk.api.kill(), desk.worker.kill()]);
  await Promise.all([desk.api.start(), desk.worker.start()]);
  await until('the API is ready without the engine', () => desk.api.isReady());
  checks.equal('the worker lives and waits', [await desk.worker.isAlive(), await desk.worker.isReady()], [true, false]);
  load.start();
}

function latencies(load: Load): string {
  const words = (phase: string) => {
    const { requests, p50, p99 } = load.measured(phase);
    return `${requests} requests p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms`;
  };
  return `with engine ${words('before')}, without ${words('away')}`;
}

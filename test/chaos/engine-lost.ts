/**
 * QUALITY R3, the worst of it: the engine comes back with nothing, as from a disk that was lost. Facts and next steps are
 * in PostgreSQL; the dispatcher's sweep finds what nobody keeps any more and starts it again.
 */
import { join } from 'node:path';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { Checks } from './checks.ts';
import { openDesk, type Desk } from './desk.ts';
import { lineOf, type Fault } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { startKillableEngine, type KillableEngine } from './killable-servers.ts';
import { checkTold, sendMarkers } from './load.ts';
import { answer, openTicket } from './ticket-witness.ts';

const backWithinSeconds = 60;
const autoClose = 5;
const archive = 2;

export const engineLost: Fault = {
  name: 'engine-lost',
  about: 'R3: the engine comes back with its data lost',
  run: async (ground) => [
    await lineOf('R3 engine comes back empty', 1, async () => {
      const folder = join(ground.folder, 'engine-lost');
      const engine = await startKillableEngine(folder);
      const desk = await openDesk(
        { ...ground, temporalAddress: engine.address, temporalNamespace: engine.namespace, folder },
        'engine-lost',
      );
      try {
        return await loseEverything(desk, engine);
      } finally {
        await desk.close();
        await engine.stop();
      }
    }),
  ],
};

async function loseEverything(desk: Desk, engine: KillableEngine): Promise<{ checks: number; seen: string }> {
  const checks = new Checks();
  const staff = await desk.people.staff();
  const category = await desk.queue({ autoClose, archive });
  const dull = await openCast(desk, staff, category);

  await engine.kill();
  await engine.start('lost');
  const backSince = performance.now();
  desk.mail.refuseWith(null);
  await passThreeMinutes(desk);
  // People go on: their news finds no workflow, and starts one.
  await answer(staff, dull.waiting.number);

  const status = async ({ number }: Known) => (await staff.get(`/tickets/${number}`)).body.status as string;
  const all = Object.values(dull);
  await until(
    'every ticket is closed and archived',
    async () => (await Promise.all(all.map(status))).every((now) => now === 'archived'),
    backWithinSeconds + autoClose + archive,
  );
  await desk.settled(backWithinSeconds);
  const back = (performance.now() - backSince) / 1000;

  const customers = all.map(({ customer }) => customer);
  await desk.calm();
  await sendMarkers(desk, customers);
  await desk.calm();
  checks.equal('mails that came twice', await checkTold(checks, desk, customers), 0);
  for (const { number } of all) {
    const steps = (await staff.get(`/tickets/${number}/history`)).body.items as { what: string; by: { side: string } }[];
    checks.equal(
      `time closed and archived ${number} once`,
      steps.filter((step) => step.by.side === 'time').map((step) => step.what),
      number === dull.closed.number ? ['archive'] : ['auto_close', 'archive'],
    );
  }
  await checkInvariants(checks, desk, { engineForgot: true });
  return { checks: checks.made, seen: `all done ${back.toFixed(1)} s after the empty engine was there` };
}

interface Known {
  readonly customer: TestCustomer;
  readonly number: string;
}

/** A ticket in each state in which somebody is owed something; the mail of the last is held up at the mail server. */
async function openCast(
  desk: Desk,
  staff: TestPerson,
  category: string,
): Promise<Record<'silent' | 'closed' | 'waiting' | 'unsent', Known>> {
  const open = async (): Promise<Known> => {
    const customer = await desk.people.customer();
    return { customer, number: await openTicket(customer, category, 'Will you remember?') };
  };
  // Long steps first, so that nothing falls due before the engine is lost.
  const [waiting, silent, closed, unsent] = [await open(), await open(), await open(), await open()];
  await desk.calm();
  desk.mail.refuseWith(451);
  await answer(staff, unsent.number);
  await answer(staff, silent.number);
  await staff.post(`/tickets/${closed.number}/closing`, { reason: null });
  await until('the engine has heard of everything', async () => (await desk.query('select 1 from outbox')).length === 0);
  return { silent, closed, waiting, unsent };
}

/**
 * Moves what has happened three minutes into the past: as if the outage had lasted so much longer. The sweep leaves a
 * step two minutes to be taken before it takes its workflow for lost.
 */
async function passThreeMinutes(desk: Desk): Promise<void> {
  const columns = await desk.query<{ table_name: string; column_name: string }>(
    `select table_name, column_name from information_schema.columns
      where table_name in ('ticket', 'obligation', 'notification', 'delivery') and data_type = 'timestamp with time zone'`,
  );
  for (const [table, instants] of Map.groupBy(columns, (column) => column.table_name))
    await desk.query(`update ${table} set ${instants.map(({ column_name: at }) => `${at} = ${at} - interval '180 s'`).join(', ')}`);
}

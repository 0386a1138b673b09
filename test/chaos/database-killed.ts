/** QUALITY R2, as far as tickets go: PostgreSQL is killed under load and comes back. Nothing acknowledged is lost, nothing is half done. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestCustomer } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { Checks } from './checks.ts';
import { sendOnce } from './client.ts';
import { openDesk, type Desk } from './desk.ts';
import { lineOf, type ChaosOptions, type Fault } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { startKillablePostgres, type KillablePostgres } from './killable-servers.ts';
import { checkAcknowledged, Load, sendMarkers } from './load.ts';

const readyWithinSeconds = 30;
/** More at once than the API has connections, so that a kill finds every place of the pool in a transaction. */
const dense = { pairs: 14, pauseMs: 5 };

export const databaseKilled: Fault = {
  name: 'database',
  about: 'R2: PostgreSQL is killed under load (immediate shutdown, then SIGKILL of its first process) and comes back',
  run: async (ground, options) => [
    await lineOf('R2 PostgreSQL killed under load', options.rounds, async () => {
      const folder = join(ground.folder, 'database');
      const postgres = await startKillablePostgres(folder);
      try {
        const desk = await openDesk({ ...ground, postgresAdminUrl: postgres.adminUrl, folder }, 'database');
        try {
          return await kills(desk, postgres, options);
        } finally {
          await desk.close();
        }
      } finally {
        await postgres.remove();
      }
    }),
  ],
};

async function kills(desk: Desk, postgres: KillablePostgres, { rounds }: ChaosOptions): Promise<{ checks: number; seen: string }> {
  const checks = new Checks();
  const load = await Load.of(desk, dense);
  const asker = await desk.people.customer();
  const ready: number[] = [];
  load.start();
  for (let round = 0; round < rounds; round += 1) {
    const enough = load.tickets.size + 2 * dense.pairs;
    await until('the load is under way', () => load.tickets.size >= enough, 60);
    await postgres.kill(round % 2 ? 'kill' : 'immediate');
    await checkRefusal(checks, desk, asker);
    await postgres.start();
    const backSince = performance.now();
    await until('the API is ready again', () => desk.api.isReady(), readyWithinSeconds);
    ready.push((performance.now() - backSince) / 1000);
  }
  const enough = load.tickets.size + dense.pairs;
  await until('the load goes on', () => load.tickets.size >= enough, readyWithinSeconds);
  await load.pause();

  const strange = load.refused.filter((answer) => answer?.status !== 503 || !answer.headers.get('retry-after'));
  checks.equal(
    'answers that are neither a success nor 503 with Retry-After',
    strange.map((answer) => answer?.status ?? 'none'),
    [],
  );
  checks.equal('the same processes still run', [await desk.api.isAlive(), await desk.worker.isAlive()], [true, true]);
  await desk.calm(90);
  await sendMarkers(desk, load.customers);
  await desk.calm();
  const again = await checkAcknowledged(checks, desk, load);
  // A mail whose row could not be written after DATA is sent again, with its Message-ID: the documented exception.
  checks.holds('mails that came twice are those under way at a kill', again <= rounds * 8, again);
  await checkInvariants(checks, desk);
  const { messages } = load.acknowledged;
  return {
    checks: checks.made,
    seen: `ready ${Math.max(...ready).toFixed(1)} s after it was back at the most; ${messages} messages, ${load.refused.length} times 503, ${again} mails twice (same Message-ID)`,
  };
}

async function checkRefusal(checks: Checks, desk: Desk, asker: TestCustomer): Promise<void> {
  const refused = await sendOnce(asker, {
    path: '/tickets',
    body: { subject: 'Now?', body: 'Now.', category: 'technical' },
    key: randomUUID(),
  });
  checks.equal('a wish without PostgreSQL', [refused?.status, refused?.body.error?.code], [503, 'service.unavailable']);
  checks.holds('it says when to come back', Number(refused?.headers.get('retry-after')) > 0);
  checks.equal('the API knows that it is not ready', await desk.api.isReady(), false);
}

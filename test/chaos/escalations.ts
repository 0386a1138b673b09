/**
 * QUALITY R1 for service levels (SPEC S5): the worker dies at each boundary of a breach, or is away over the warning and the
 * breach together. Each level of each deadline has been told once, to whom it concerns, and each mail came once.
 */
import { letQueuePromise } from '../harness/promising-queue.ts';
import type { TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { Checks } from './checks.ts';
import { openDesk, type Desk, type Ground } from './desk.ts';
import { lineOf, type ChaosOptions, type Fault, type Line } from './fault.ts';
import type { Boundary } from './fault-proxy.ts';
import { checkInvariants } from './invariants.ts';

interface Harm {
  readonly name: string;
  /** Where the worker dies; left out, it dies as soon as the ticket is open and stays away over both levels. */
  readonly boundary?: Boundary;
  /** Both levels are told together, and then only the breach is mailed. */
  readonly together?: true;
}

const commit = /^commit/i;

const harms: readonly Harm[] = [
  { name: 'worker: before the COMMIT of a breach', boundary: { statement: commit, when: 'before', within: ['clock_breach'] } },
  {
    name: 'worker: after the COMMIT of a breach, before it hears',
    boundary: { statement: commit, when: 'after', within: ['clock_breach'] },
  },
  {
    name: 'worker: after the COMMIT of a warning, before it hears',
    boundary: { statement: commit, when: 'after', within: ['clock_warning'] },
  },
  { name: 'worker: away over the warning and the breach', together: true },
];

/** The response is due after as many seconds; staff are warned at three quarters. */
const promisedSeconds = 6;

export const escalations: Fault = {
  name: 'escalation',
  about: 'R1, S5: kill -9 of the worker around a warning and a breach; each is told once',
  run: async (ground, { rounds, only }: ChaosOptions) =>
    Promise.all(harms.filter((harm) => harm.name.includes(only)).map((harm) => runHarm(ground, harm, rounds))),
};

async function runHarm(ground: Ground, harm: Harm, rounds: number): Promise<Line> {
  return lineOf(`R1 ${harm.name}`, rounds, async () => {
    const desk = await openDesk(ground, `escalation-${harms.indexOf(harm)}`);
    try {
      const checks = new Checks();
      const [oleg, maria] = [await desk.people.staff(), await desk.people.staff({ role: 'administrator' })];
      const category = await desk.queue({ autoClose: 600, archive: 600 });
      await letQueuePromise((sql, values) => desk.query(sql, values), category, promisedSeconds / 60);
      await desk.query(
        `with queue as (select id from queue where category = $1), worked as (insert into queue_staff select id, $2 from queue)
          insert into queue_duty select id, $3 from queue`,
        [category, oleg.id, maria.id],
      );
      for (let round = 0; round < rounds; round += 1) await strike(checks, desk, harm, category, { oleg, maria }, round + 1);
      await desk.calm();
      await checkInvariants(checks, desk);
      return { checks: checks.made };
    } finally {
      await desk.close();
    }
  });
}

async function strike(
  checks: Checks,
  desk: Desk,
  harm: Harm,
  category: string,
  { oleg, maria }: Readonly<Record<'oleg' | 'maria', TestPerson>>,
  round: number,
): Promise<void> {
  const anna = await desk.people.customer();
  const trap =
    harm.boundary &&
    desk.worker.proxy.arm(harm.boundary, async () => {
      await desk.worker.kill();
      return 'cut';
    });
  const { number } = (await anna.post('/tickets', { subject: 'Panel', body: 'It does not start', category })).body as { number: string };
  await desk.settled();
  if (trap) {
    await until(`the boundary is reached: ${harm.name}`, () => trap.reached, promisedSeconds + 30);
    await trap.sprung;
  } else {
    await desk.worker.kill();
    const due = new Date((await oleg.get(`/tickets/${number}`)).body.next.at as string).getTime();
    await until('both levels are past', () => Date.now() > due + 500, promisedSeconds + 10);
  }
  await desk.worker.start();

  const id = Number(number.slice(3));
  const told = () =>
    desk.query<{ kind: string }>(`select kind from ticket_event where ticket_number = $1 and kind like 'clock_%' order by at, kind desc`, [
      id,
    ]);
  await until('the breach is told', async () => (await told()).some(({ kind }) => kind === 'clock_breach'), 90);
  // What might still come a second time comes before the answer to this: both go through the ticket's own workflow.
  await oleg.post(`/tickets/${number}/messages`, { body: 'Please restart it' });
  await desk.calm();
  checks.equal(
    'each level is in the history once',
    (await told()).map(({ kind }) => kind),
    ['clock_warning', 'clock_breach'],
  );
  const notified = await desk.query<{ event: string; recipient_id: string }>(
    `select event, recipient_id from notification where ticket_number = $1 and event like 'staff.deadline_%' order by event desc`,
    [id],
  );
  checks.equal(
    'whoever works in the queue is warned, whoever is on duty is called, once',
    notified.map(({ event, recipient_id }) => [event, recipient_id]),
    [
      ['staff.deadline_near', oleg.id],
      ['staff.deadline_missed', maria.id],
    ],
  );
  checks.equal('the calls that were mailed', desk.mail.to(maria.email).length, round);
  checks.equal('the warnings that were mailed', desk.mail.to(oleg.email).length, harm.together ? 0 : round);
  const [run] = await desk.query<{ outcome: string }>(
    'select y.outcome from clock_run r join clock_tally y on y.id = r.tally_id where r.ticket_number = $1',
    [id],
  );
  checks.equal('the late answer counts as such', run?.outcome, 'breached');
}

/**
 * QUALITY R1, for tickets: SIGKILL of API and worker (with it the dispatcher) at every boundary of a wish and of a step
 * that time takes. The client repeats its request with the same key, as real clients do; then everything has happened
 * exactly once, and the workflow knows, which the next deadlines prove by falling due.
 */
import { randomUUID } from 'node:crypto';
import { until } from '../harness/until.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { Checks } from './checks.ts';
import { insist, sendOnce, wasReplayed, type KeyedRequest } from './client.ts';
import { openDesk, type Desk, type Ground } from './desk.ts';
import { lineOf, type ChaosOptions, type Fault, type Line } from './fault.ts';
import type { Boundary } from './fault-proxy.ts';
import { checkInvariants } from './invariants.ts';
import { answer, checkLife, lifeAfter, type WishKind } from './ticket-witness.ts';

interface Case {
  readonly name: string;
  readonly victim: 'api' | 'worker';
  readonly wishes: readonly WishKind[];
  /** Where the victim dies, in a round whose wish carries this text and is about this ticket (none yet, when it is opened). */
  readonly boundary: (text: string, number: string) => Boundary;
  /** The victim holds still at the boundary until the client has its answer: the harm comes after it. */
  readonly afterAnswer: boolean;
  /** Whether the first request had committed: then its repeat is a replay. */
  readonly committed: boolean;
  /** Seconds until silence closes the ticket. Long where all kills of a desk must come before, short where time itself is hit. */
  readonly autoClose: number;
  /** The wish's mail is out before the kill, or it might be hit between DATA and its row, which has a line of its own. */
  readonly mailFirst?: boolean;
  /** No bell has told of it: the sweep must find it before anything else is done. */
  readonly unheard?: boolean;
  /** The workflow has looked already, and staff answer while the victim is dead: the start then waits again beside a happening. */
  readonly answeredMeanwhile?: boolean;
  /** Mails that may come twice, with the same Message-ID, in each round: the one documented exception. */
  readonly copies?: number;
}

const everyWish: readonly WishKind[] = ['opening', 'customer reply', 'staff reply'];
const mailedWish: readonly WishKind[] = ['opening', 'staff reply'];
/** The product sweeps every 30 s. */
const sweepWithinSeconds = 40;
const late = 15;
const soon = 4;

const commit = /^commit/i;

const cases: readonly Case[] = [
  {
    name: 'API: before the COMMIT of a wish',
    victim: 'api',
    wishes: everyWish,
    boundary: (text) => ({ statement: commit, when: 'before', within: [text] }),
    afterAnswer: false,
    committed: false,
    autoClose: late,
  },
  {
    name: 'API: after the COMMIT, before it hears',
    victim: 'api',
    wishes: everyWish,
    boundary: (text) => ({ statement: commit, when: 'after', within: [text] }),
    afterAnswer: false,
    committed: true,
    autoClose: late,
  },
  {
    name: 'API: after its answer, before the bell',
    victim: 'api',
    wishes: everyWish,
    boundary: () => ({ statement: /\bnotify\b/i, when: 'before' }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
    unheard: true,
  },
  {
    name: 'dispatcher: before the outbox is read',
    victim: 'worker',
    wishes: everyWish,
    boundary: () => ({ statement: /from outbox o\b/, when: 'before' }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
  },
  {
    name: 'dispatcher: after start/signal, before the row goes',
    victim: 'worker',
    wishes: everyWish,
    boundary: () => ({ statement: /^delete from outbox/, when: 'before' }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
    mailFirst: true,
  },
  {
    name: 'dispatcher: after the row went',
    victim: 'worker',
    wishes: everyWish,
    boundary: () => ({ statement: /^delete from outbox/, when: 'after' }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
    mailFirst: true,
  },
  {
    name: 'dispatcher: after the start, then an answer comes',
    victim: 'worker',
    wishes: ['opening'],
    boundary: () => ({ statement: /^delete from outbox/, when: 'before' }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
    mailFirst: true,
    answeredMeanwhile: true,
  },
  {
    name: 'worker: while the workflow reads the facts',
    victim: 'worker',
    wishes: everyWish,
    boundary: () => ({ statement: /left join obligation o\b/, when: 'after' }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
    mailFirst: true,
  },
  {
    name: 'worker: before the COMMIT of an auto-close',
    victim: 'worker',
    wishes: ['staff reply'],
    boundary: (_, number) => ({ statement: commit, when: 'before', within: ['"kind":"auto_close"', number] }),
    afterAnswer: true,
    committed: true,
    autoClose: soon,
  },
  {
    name: 'worker: after the COMMIT of an auto-close',
    victim: 'worker',
    wishes: ['staff reply'],
    boundary: (_, number) => ({ statement: commit, when: 'after', within: ['"kind":"auto_close"', number] }),
    afterAnswer: true,
    committed: true,
    autoClose: soon,
  },
  {
    name: 'worker: after the COMMIT of an archiving',
    victim: 'worker',
    wishes: ['staff reply'],
    boundary: (_, number) => ({ statement: commit, when: 'after', within: ['"kind":"archive"', number] }),
    afterAnswer: true,
    committed: true,
    autoClose: soon,
  },
  {
    name: 'worker: before the mail is sent',
    victim: 'worker',
    wishes: mailedWish,
    boundary: () => ({ statement: /from delivery d\b/, when: 'after' }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
  },
  {
    name: 'worker: after DATA, before the row is written',
    victim: 'worker',
    wishes: mailedWish,
    boundary: () => ({ statement: /^update delivery/, when: 'before' }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
    copies: 1,
  },
  {
    name: 'worker: after the row of a mail is COMMITted',
    victim: 'worker',
    wishes: mailedWish,
    boundary: () => ({ statement: commit, when: 'after', within: ['update delivery'] }),
    afterAnswer: true,
    committed: true,
    autoClose: late,
  },
];

/** Desks that run side by side: most of a round is waiting for deadlines. */
const desksAtOnce = 4;

export const killAtBoundaries: Fault = {
  name: 'kill',
  about: 'R1: kill -9 of API, dispatcher and worker at every boundary of a wish and of a step of time',
  run: async (ground, { rounds, only }: ChaosOptions) => {
    const chosen = cases.filter((harm) => harm.name.includes(only));
    // The longest first: a killed delivery is tried again after a minute.
    const waiting = chosen.toReversed();
    const lines = new Map<Case, Line>();
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) lines.set(next, await runCase(ground, next, rounds));
    };
    await Promise.all(Array.from({ length: desksAtOnce }, lane));
    return chosen.map((each) => lines.get(each)!);
  },
};

async function runCase(ground: Ground, harm: Case, rounds: number): Promise<Line> {
  return lineOf(`R1 ${harm.name}`, rounds, async () => {
    const desk = await openDesk(ground, `kill-${cases.indexOf(harm)}`);
    try {
      const checks = new Checks();
      const staff = await desk.people.staff();
      const category = await desk.queue({ autoClose: harm.autoClose, archive: 3 });
      const struck: Struck[] = [];
      for (let round = 0; round < rounds; round += 1)
        struck.push(await strike(checks, desk, harm, { staff, category, wish: harm.wishes[round % harm.wishes.length]! }));
      if (harm.unheard)
        await until('the sweep has found it', async () => (await desk.query('select 1 from outbox')).length === 0, sweepWithinSeconds);
      const copies = await Promise.all(
        struck.map((each) =>
          checkLife(checks, desk, { ...each, staff, autoClose: harm.autoClose, answered: harm.answeredMeanwhile === true }),
        ),
      );
      await desk.calm();
      await checkInvariants(checks, desk);
      const second = copies.reduce((sum, each) => sum + each, 0);
      checks.holds('a mail came twice only where it may', second <= (harm.copies ?? 0) * rounds, { second });
      return { checks: checks.made, seen: second ? `${second} of ${rounds} mails came twice, with the same Message-ID` : '' };
    } finally {
      await desk.close();
    }
  });
}

interface Struck {
  readonly wish: WishKind;
  readonly customer: TestCustomer;
  readonly number: string;
}

/** One round: a wish, a kill at the boundary, a new process, and the client's repeats. */
async function strike(
  checks: Checks,
  desk: Desk,
  harm: Case,
  { staff, category, wish }: { staff: TestPerson; category: string; wish: WishKind },
): Promise<Struck> {
  const victim = desk[harm.victim];
  const customer = await desk.people.customer();
  const before = await lifeAfter(desk, wish, { customer, staff, category });
  const text = randomUUID();
  const request: KeyedRequest = before.wishAs(text);

  const answered = Promise.withResolvers<void>();
  const trap = victim.proxy.arm(harm.boundary(text, before.number), async () => {
    if (harm.afterAnswer) await answered.promise;
    if (harm.answeredMeanwhile) await hasLookedOnce(desk, customer);
    if (harm.mailFirst) await hasNoMailUnderWay(desk, customer);
    await victim.kill();
    return 'cut';
  });
  const first = await sendOnce(before.by, request);
  answered.resolve();
  await until(`the boundary is reached: ${harm.name}`, () => trap.reached, harm.autoClose + 30);
  await trap.sprung;
  checks.equal('the client of a killed API has no answer, any other has one', first?.status, harm.afterAnswer ? 201 : undefined);

  if (harm.answeredMeanwhile) await answer(staff, first?.body.number as string);
  await victim.start();
  const { answer: second } = await insist(before.by, request);
  checks.equal('the repeat is answered', second.status, 201);
  checks.equal('the repeat is a replay if the first had committed', wasReplayed(second), harm.committed);
  const { answer: third } = await insist(before.by, request);
  checks.equal('a third is a replay', wasReplayed(third), true);
  checks.equal('the same wish has the same answer', third.body, second.body);
  if (first) checks.equal('the repeat has the answer of the first', second.body, first.body);
  return { wish, customer, number: second.body.number as string };
}

/** The new ticket's workflow has read the facts, and waits for news: what it is not told from now on it does not know. */
async function hasLookedOnce(desk: Desk, customer: TestCustomer): Promise<void> {
  const number = (await customer.get('/tickets')).body.items[0].number as string;
  // A query is answered after the workflow has done all it can do by itself.
  await until('the workflow has read the facts', async () => {
    await desk.engine.workflow.getHandle(`ticket:${number}`).query('__temporal_workflow_metadata');
    return true;
  });
}

async function hasNoMailUnderWay(desk: Desk, customer: TestCustomer): Promise<void> {
  const deliveries = await desk.query<{ id: string }>(
    'select d.id from delivery d join notification n on n.id = d.notification_id where n.recipient_id = $1',
    [customer.id],
  );
  for (const { id } of deliveries)
    await until(
      `the workflow of ${id} has ended`,
      async () => (await desk.engine.workflow.getHandle(`notification:${id}`).describe()).status.name === 'COMPLETED',
    );
}

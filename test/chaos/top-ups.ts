/**
 * QUALITY R1, R5 and R6 for top-ups (SPEC B2): processes die at every boundary between a customer, the provider and the books;
 * the provider answers late, wrongly or not at all, and tells of payments twice, too early, in any order or never. Each time
 * the provider has one payment, the books have one credit, and the customer one letter.
 */
import { randomUUID } from 'node:crypto';
import type { Dial } from '../../dev/payment-simulator/dial.ts';
import type { TestCustomer } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { Checks } from './checks.ts';
import { insist, sendOnce } from './client.ts';
import { openDesk, type Desk, type Ground } from './desk.ts';
import type { Boundary } from './fault-proxy.ts';
import { lineOf, type ChaosOptions, type Fault, type Line } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { checkMoney } from './money-invariants.ts';
import { checkPaidOnce, isCredited, isPayable, topUpOf } from './payer.ts';

const commit = /^commit/i;
const amountMinor = 12_345;

interface Kill {
  readonly name: string;
  readonly victim: 'api' | 'worker';
  readonly boundary: (text: string, desk: Desk) => Boundary;
  /** The payer's doing that leads there: asking for the top-up, or paying it. */
  readonly by: 'asking' | 'paying';
}

const kills: readonly Kill[] = [
  {
    name: 'API: before the COMMIT of a top-up',
    victim: 'api',
    by: 'asking',
    boundary: (text) => ({ statement: commit, when: 'before', within: [text] }),
  },
  {
    name: 'API: after the COMMIT of a top-up',
    victim: 'api',
    by: 'asking',
    boundary: (text) => ({ statement: commit, when: 'after', within: [text] }),
  },
  {
    name: 'worker: the provider has it, before the COMMIT that remembers',
    victim: 'worker',
    by: 'asking',
    boundary: (_, desk) => ({ statement: commit, when: 'before', within: [desk.simulator.origin] }),
  },
  {
    name: 'worker: after the COMMIT that remembers',
    victim: 'worker',
    by: 'asking',
    boundary: (_, desk) => ({ statement: commit, when: 'after', within: [desk.simulator.origin] }),
  },
  {
    name: 'API: a notification, before the COMMIT of its row',
    victim: 'api',
    by: 'paying',
    boundary: () => ({ statement: commit, when: 'before', within: ['provider_notification'] }),
  },
  {
    name: 'API: a notification, after the COMMIT of its row',
    victim: 'api',
    by: 'paying',
    boundary: () => ({ statement: commit, when: 'after', within: ['provider_notification'] }),
  },
  {
    name: 'worker: before the COMMIT of the credit',
    victim: 'worker',
    by: 'paying',
    boundary: () => ({ statement: commit, when: 'before', within: ['ledger_post'] }),
  },
  {
    name: 'worker: after the COMMIT of the credit',
    victim: 'worker',
    by: 'paying',
    boundary: () => ({ statement: commit, when: 'after', within: ['ledger_post'] }),
  },
];

/** How the provider behaves while ten top-ups are asked for and paid. */
const troubles: readonly { readonly name: string; readonly dial: Partial<Dial> }[] = [
  {
    name: 'R5 each notification ten times, shuffled and late',
    dial: { notificationsRepeated: 9, notificationsDelaySeconds: 3, notificationsReordered: 0.5 },
  },
  { name: 'R5 notifications before the provider has answered', dial: { notificationsEarly: 1, notificationsRepeated: 2 } },
  { name: 'R5 no notification at all', dial: { notificationsLost: 1 } },
  { name: 'R6 500 with either outcome, at first', dial: { answersServerErrorDone: 0.4, answersServerErrorUndone: 0.4 } },
  {
    name: 'R6 202, cut connections and pages of HTML, at first',
    dial: { answersAccepted: 0.3, answersDropped: 0.3, answersUnreadable: 0.2, answersThrottled: 0.2 },
  },
];

/** So long the provider is in trouble, where its answers are. */
const troubledSeconds = 8;
const payers = 10;

export const topUps: Fault = {
  name: 'top-ups',
  about: 'R1, R5, R6: kill -9 around a payment; notifications ten times, early, never; answers that say nothing',
  run: async (ground, options) => {
    const lines: Line[] = [];
    for (const kill of kills.filter(({ name }) => name.includes(options.only))) lines.push(await runKill(ground, kill, options));
    for (const trouble of troubles.filter(({ name }) => name.includes(options.only)))
      lines.push(
        await lineOf(trouble.name, 1, async () =>
          withDesk(ground, 'trouble', async (checks, desk) => beTroubled(checks, desk, trouble.dial)),
        ),
      );
    return lines;
  },
};

async function runKill(ground: Ground, kill: Kill, { rounds }: ChaosOptions): Promise<Line> {
  return lineOf(`R1 ${kill.name}`, rounds, async () =>
    withDesk(ground, `top-up-${kills.indexOf(kill)}`, async (checks, desk) => {
      for (let round = 0; round < rounds; round += 1) await strike(checks, desk, kill);
    }),
  );
}

async function withDesk(ground: Ground, name: string, work: (checks: Checks, desk: Desk) => Promise<void>): Promise<{ checks: number }> {
  const desk = await openDesk(ground, name);
  const checks = new Checks();
  try {
    await work(checks, desk);
    await desk.calm();
    await checkInvariants(checks, desk);
    await checkMoney(checks, desk);
    return { checks: checks.made };
  } finally {
    await desk.close();
  }
}

async function strike(checks: Checks, desk: Desk, kill: Kill): Promise<void> {
  const customer = await desk.people.customer();
  const victim = desk[kill.victim];
  const text = randomUUID();
  const request = topUpOf(amountMinor, text);
  const arm = () =>
    victim.proxy.arm(kill.boundary(text, desk), async () => {
      await victim.kill();
      return 'cut';
    });
  const dies = async (trap: ReturnType<typeof arm>) => {
    await until(`the boundary is reached: ${kill.name}`, () => trap.reached, 60);
    await trap.sprung;
    await victim.start();
  };

  const early = kill.by === 'asking' ? arm() : undefined;
  await sendOnce(customer, request);
  if (early) await dies(early);
  const { answer } = await insist(customer, request);
  checks.equal('the top-up is taken', answer.status, 201);
  const id = answer.body.id as string;
  const providerId = await isPayable(desk, id, 90);
  const late = kill.by === 'paying' ? arm() : undefined;
  await desk.simulator.pay(providerId);
  if (late) await dies(late);
  await isCredited(desk, id, 90);
  await desk.calm();
  await checkPaidOnce(checks, desk, customer, id, amountMinor);
}

/** Ten people top up and pay while the provider is in trouble; then it is not any more. */
async function beTroubled(checks: Checks, desk: Desk, dial: Partial<Dial>): Promise<void> {
  desk.simulator.dial(dial);
  const asked: { customer: TestCustomer; id: string }[] = [];
  for (let each = 0; each < payers; each += 1) {
    const customer = await desk.people.customer();
    const { answer } = await insist(customer, topUpOf(amountMinor));
    asked.push({ customer, id: answer.body.id as string });
  }
  if (Object.keys(dial).some((setting) => setting.startsWith('answers'))) {
    await new Promise((resolve) => setTimeout(resolve, troubledSeconds * 1000));
    desk.simulator.dial({
      answersServerErrorDone: 0,
      answersServerErrorUndone: 0,
      answersAccepted: 0,
      answersDropped: 0,
      answersUnreadable: 0,
      answersThrottled: 0,
    });
  }
  await Promise.all(
    asked.map(async ({ id }) => {
      const providerId = await isPayable(desk, id, 150);
      if (desk.simulator.payments().find((payment) => payment.id === providerId)?.status === 'pending')
        await desk.simulator.pay(providerId);
      await isCredited(desk, id, 120);
    }),
  );
  await desk.calm();
  for (const { customer, id } of asked) await checkPaidOnce(checks, desk, customer, id, amountMinor);
}

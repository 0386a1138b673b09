/**
 * QUALITY R1 for charges (SPEC B4, T16): processes die at every boundary of a purchase, from the balance and through the
 * provider. Each time it is paid once, and delivered once; and what was not paid was not delivered.
 */
import { randomUUID } from 'node:crypto';
import { until } from '../harness/until.ts';
import { Checks } from './checks.ts';
import { insist, sendOnce, wasReplayed, type KeyedRequest } from './client.ts';
import { openDesk, type Desk, type Ground } from './desk.ts';
import type { Boundary } from './fault-proxy.ts';
import { lineOf, type ChaosOptions, type Fault, type Line } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { checkMoney } from './money-invariants.ts';
import { isCredited, isPayable } from './payer.ts';
import { fund, offerWork } from './spends.ts';
import { openTicket } from './ticket-witness.ts';

const commit = /^commit/i;
const amountMinor = 25_000;

interface Kill {
  readonly name: string;
  readonly payBy: 'balance' | 'provider';
  readonly boundary: Boundary;
}

const kills: readonly Kill[] = [
  {
    name: 'API: before the COMMIT of a purchase',
    payBy: 'balance',
    boundary: { statement: commit, when: 'before', within: ['ledger_post'] },
  },
  {
    name: 'API: after the COMMIT of a purchase',
    payBy: 'balance',
    boundary: { statement: commit, when: 'after', within: ['ledger_post'] },
  },
  {
    name: 'worker: an order’s money came, before the COMMIT',
    payBy: 'provider',
    boundary: { statement: commit, when: 'before', within: ['ledger_post', 'sales_order'] },
  },
  {
    name: 'worker: an order’s money came, after the COMMIT',
    payBy: 'provider',
    boundary: { statement: commit, when: 'after', within: ['ledger_post', 'sales_order'] },
  },
];

export const charges: Fault = {
  name: 'charges',
  about: 'R1: kill -9 of API and worker around a purchase, from the balance and through the provider',
  run: async (ground, options) => {
    const lines: Line[] = [];
    for (const kill of kills.filter(({ name }) => name.includes(options.only))) lines.push(await runKill(ground, kill, options));
    return lines;
  },
};

async function runKill(ground: Ground, kill: Kill, { rounds }: ChaosOptions): Promise<Line> {
  return lineOf(`R1 ${kill.name}`, rounds, async () => {
    const desk = await openDesk(ground, `charge-${kills.indexOf(kill)}`);
    const checks = new Checks();
    try {
      for (let round = 0; round < rounds; round += 1) await strike(checks, desk, kill);
      await desk.calm();
      await checkInvariants(checks, desk);
      await checkMoney(checks, desk);
      return { checks: checks.made };
    } finally {
      await desk.close();
    }
  });
}

async function strike(checks: Checks, desk: Desk, kill: Kill): Promise<void> {
  const [customer, staff] = [await desk.people.customer(), await desk.people.staff()];
  const number = await openTicket(customer, 'technical', 'An hour of work');
  const quote = await offerWork(staff, number, amountMinor);
  if (kill.payBy === 'balance') await fund(desk, customer.accountId, amountMinor);
  const victim = desk[kill.payBy === 'balance' ? 'api' : 'worker'];
  const trap = victim.proxy.arm(kill.boundary, async () => {
    await victim.kill();
    return 'cut';
  });
  const dies = async () => {
    await until(`the boundary is reached: ${kill.name}`, () => trap.reached, 60);
    await trap.sprung;
    await victim.start();
  };

  const request: KeyedRequest = { path: '/orders', body: { quote, payBy: kill.payBy }, key: randomUUID() };
  const first = await sendOnce(customer, request);
  if (kill.payBy === 'balance') {
    await dies();
    checks.equal('the client of a killed API has no answer', first, undefined);
  }
  const { answer } = await insist(customer, request);
  checks.equal('the order is taken', answer.status, 201);
  if (kill.payBy === 'balance')
    checks.equal('the repeat is a replay if the first had committed', wasReplayed(answer), kill.boundary.when === 'after');
  else {
    const [payment] = await desk.query<{ id: string }>('select id from payment where order_id = $1', [answer.body.id]);
    await desk.simulator.pay(await isPayable(desk, payment!.id));
    await dies();
    await isCredited(desk, payment!.id, 90);
  }
  const [sold] = (await customer.get(`/tickets/${number}/quotes`)).body.items as { state: string }[];
  checks.equal('the quote is accepted', sold?.state, 'accepted');
  const { balance } = (await customer.get('/balance')).body as { balance: { amountMinor: number } };
  checks.equal('the money is spent, once', balance.amountMinor, 0);
}

/**
 * QUALITY R3 for money: the engine is away, and what is bought from the balance is bought; top-ups say that they are being
 * prepared. Within a minute after the engine is back each can be paid, and is credited once.
 */
import { join } from 'node:path';
import type { TestCustomer } from '../harness/people.ts';
import { Checks } from './checks.ts';
import { insist } from './client.ts';
import { openDesk, type Desk } from './desk.ts';
import { lineOf, type ChaosOptions, type Fault } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { startKillableEngine, type KillableEngine } from './killable-servers.ts';
import { checkMoney } from './money-invariants.ts';
import { checkPaidOnce, isCredited, isPayable, topUpOf } from './payer.ts';
import { fund, offerWork } from './spends.ts';
import { openTicket } from './ticket-witness.ts';

const backWithinSeconds = 60;
const people = 5;
const amountMinor = 50_000;

export const moneyEngineAway: Fault = {
  name: 'engine-money',
  about: 'R3: the engine is killed; people top up and buy, and it comes back on its data',
  run: async (ground, options) => [
    await lineOf(`R3 money without the engine for ${options.outageSeconds} s`, 1, async () => {
      const folder = join(ground.folder, 'engine-money');
      const engine = await startKillableEngine(folder);
      const desk = await openDesk(
        { ...ground, temporalAddress: engine.address, temporalNamespace: engine.namespace, folder },
        'engine-money',
      );
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
  const staff = await desk.people.staff();
  const buyers: { customer: TestCustomer; number: string; quote: string }[] = [];
  for (let each = 0; each < people; each += 1) {
    const customer = await desk.people.customer();
    const number = await openTicket(customer, 'technical', 'Two hours of work');
    buyers.push({ customer, number, quote: await offerWork(staff, number, amountMinor) });
    await fund(desk, customer.accountId, amountMinor);
  }
  await desk.settled();

  await engine.kill();
  const awaySince = performance.now();
  const asked: { customer: TestCustomer; id: string }[] = [];
  for (const { customer, number, quote } of buyers) {
    const bought = await customer.post(`/tickets/${number}/quotes/${quote}/acceptance`, undefined, { 'idempotency-key': `buy-${quote}` });
    checks.equal('what is bought from the balance is bought', [bought.status, bought.body.state], [200, 'accepted']);
    const { answer, before } = await insist(customer, topUpOf(amountMinor));
    checks.equal(
      'a top-up is taken at once, and is being prepared',
      [before.length, answer.status, answer.body.state],
      [0, 201, 'preparing'],
    );
    asked.push({ customer, id: answer.body.id as string });
  }
  const rest = outageSeconds * 1000 - (performance.now() - awaySince);
  if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));

  await engine.start('kept');
  const backSince = performance.now();
  const providerIds = await Promise.all(asked.map(async ({ id }) => isPayable(desk, id, backWithinSeconds)));
  const back = (performance.now() - backSince) / 1000;
  checks.holds(`all can be paid within ${backWithinSeconds} s`, back <= backWithinSeconds, back);
  for (const id of providerIds) await desk.simulator.pay(id);
  for (const { id } of asked) await isCredited(desk, id);
  await desk.calm();
  for (const { customer, id } of asked) await checkPaidOnce(checks, desk, customer, id, amountMinor);
  await checkInvariants(checks, desk);
  await checkMoney(checks, desk);
  return { checks: checks.made, seen: `all could be paid ${back.toFixed(1)} s after it was back` };
}

/**
 * QUALITY R9: fifty spends race for one balance and one credit limit, round after round. So many are paid as the money
 * suffices for, none more; whatever is refused is as it was, and is paid when money comes.
 */
import { openDatabase } from '../../db/database.ts';
import { creditMoney } from '../../db/repositories/money.ts';
import { systemClock } from '../../system-clock.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { Checks } from './checks.ts';
import { openDesk, type Desk } from './desk.ts';
import { lineOf, type Fault } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { checkMoney } from './money-invariants.ts';
import { openTicket } from './ticket-witness.ts';

const spendsAtOnce = 50;
/** As many offers as one ticket may have open. */
const perTicket = 20;
const priceMinor = 1_000;

export const spends: Fault = {
  name: 'spends',
  about: `R9: ${spendsAtOnce} quotes accepted at once against money for some of them`,
  run: async (ground, { rounds }) => {
    const desk = await openDesk(ground, 'spends');
    try {
      return [
        await lineOf(`R9 ${spendsAtOnce} spends at once`, rounds, async () => {
          const checks = new Checks();
          const staff = await desk.people.staff();
          for (let round = 0; round < rounds; round += 1) await race(checks, desk, staff, round);
          await desk.calm(120);
          await checkInvariants(checks, desk);
          await checkMoney(checks, desk);
          return { checks: checks.made };
        }),
      ];
    } finally {
      await desk.close();
    }
  },
};

/** Each round another share of the money is balance, credit and too little. */
async function race(checks: Checks, desk: Desk, staff: TestPerson, round: number): Promise<void> {
  const customer = await desk.people.customer();
  const affordable = 5 + ((round * 7) % (spendsAtOnce - 10));
  const balanceMinor = priceMinor * Math.ceil(affordable / 2);
  // A little more than a whole number of them: the rest suffices for none.
  const limitMinor = priceMinor * affordable - balanceMinor + (round % 3) * 300;
  await desk.query('update billing set credit_limit_minor = $1 where account_id = $2', [limitMinor, customer.accountId]);
  await fund(desk, customer.accountId, balanceMinor);
  const offers = await offer(customer, staff);

  const answers = await Promise.all(offers.map(({ number, id }) => customer.post(`/tickets/${number}/quotes/${id}/acceptance`)));
  const accepted = answers.filter((answer) => answer.status === 200).length;
  const refused = answers.filter((answer) => answer.body.error?.code === 'balance.insufficient').length;
  checks.equal('so many are paid as there is money for, the others refused', [accepted, refused], [affordable, spendsAtOnce - affordable]);
  const [paid] = await desk.query<{ balance: string }>(`select balance_minor as balance from ledger_account where id = 'paid:' || $1`, [
    customer.accountId,
  ]);
  checks.equal('the balance is what is left', Number(paid?.balance), balanceMinor - affordable * priceMinor);

  await fund(desk, customer.accountId, priceMinor);
  const again = offers[answers.findIndex((answer) => answer.status !== 200)]!;
  const late = await customer.post(`/tickets/${again.number}/quotes/${again.id}/acceptance`);
  checks.equal('what was refused is paid when there is money', late.status, 200);
}

async function offer(customer: TestCustomer, staff: TestPerson): Promise<{ number: string; id: string }[]> {
  const offers: { number: string; id: string }[] = [];
  for (let number = ''; offers.length < spendsAtOnce;) {
    if (offers.length % perTicket === 0) number = await openTicket(customer, 'technical', 'Several things');
    offers.push({ number, id: await offerWork(staff, number, priceMinor) });
  }
  return offers;
}

/** Staff offer paid work on the ticket. @returns the quote's id */
export async function offerWork(staff: TestPerson, number: string, amountMinor: number): Promise<string> {
  const offered = await staff.post(`/tickets/${number}/quotes`, {
    description: 'One hour',
    amount: { amountMinor, currency: 'RUB' },
    validUntil: new Date(Date.now() + 48 * 3_600_000).toISOString(),
  });
  return offered.body.id as string;
}

let funded = 0;

/** Money that the customer brings along. */
export async function fund(desk: Desk, accountId: string, amountMinor: number): Promise<void> {
  const database = await openDatabase(desk.databaseUrl, 2);
  try {
    const key = `chaos:${accountId}:${(funded += 1)}`;
    const at = systemClock.now();
    await database
      .fork()
      .transactional((em) =>
        creditMoney(em, { accountId, amountMinor, key, at, by: 'time', about: {}, kind: 'opening', against: 'opening' }),
      );
  } finally {
    await database.close();
  }
}

/** QUALITY R10: the same request sent 20 times at once with one `Idempotency-Key` has one effect and one answer, where money moves too. */
import { randomUUID } from 'node:crypto';
import type { ApiAnswer, ApiDriver } from '../harness/api-driver.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { Checks } from './checks.ts';
import { insist, sendOnce, wasReplayed, type KeyedRequest } from './client.ts';
import { openDesk, type Desk } from './desk.ts';
import { fund, offerWork } from './spends.ts';
import { topUpOf } from './payer.ts';
import { checkMoney } from './money-invariants.ts';
import { lineOf, type Fault } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { answer, openTicket } from './ticket-witness.ts';

const atOnce = 20;
const wishKinds = ['opening', 'replying', 'closing', 'topping up', 'buying'] as const;
type WishKind = (typeof wishKinds)[number];

export const sameKey: Fault = {
  name: 'same-key',
  about: `R10: the same request ${atOnce} times at once: opening, replying, closing, topping up, buying`,
  run: async (ground, { rounds }) => {
    const desk = await openDesk(ground, 'same-key');
    try {
      const staff = await desk.people.staff();

      const lines = [];
      for (const kind of wishKinds)
        lines.push(
          await lineOf(`R10 ${kind}, ${atOnce} at once`, rounds, async () => {
            const checks = new Checks();
            for (let round = 0; round < rounds; round += 1) await oneRound(checks, desk, staff, kind);
            await desk.calm();
            await checkInvariants(checks, desk);
            await checkMoney(checks, desk);
            return { checks: checks.made };
          }),
        );
      return lines;
    } finally {
      await desk.close();
    }
  },
};

async function oneRound(checks: Checks, desk: Desk, staff: TestPerson, kind: WishKind): Promise<void> {
  const customer = await desk.people.customer();
  const stranger = await desk.people.customer();
  const { by, request, other } = await prepare(desk, customer, staff, kind);
  const before = await effects(desk, customer);
  const answers = await Promise.all(Array.from({ length: atOnce }, () => sendOnce(by, request)));
  const texts = new Set(answers.map((each) => `${each?.status} ${JSON.stringify(each?.body)}`));
  checks.equal('all are answered alike, to the letter', texts.size, 1);
  checks.equal('the answer is a success', [200, 201].includes(answers[0]?.status ?? 0), true);
  checks.equal('one was the first, the others are replays', answers.filter((each) => each && wasReplayed(each)).length, atOnce - 1);
  const once = await effects(desk, customer);
  checks.equal('there is one effect', once - before, 1);

  const late = await insist(by, request);
  checks.equal('a late repeat has the same answer', JSON.stringify(late.answer.body), JSON.stringify(answers[0]?.body));
  refusedAsReused(checks, await sendOnce(by, other));
  checks.equal('nothing of that was done', await effects(desk, customer), once);
  // The key is the actor's own: in somebody else's hand it names another wish.
  if (kind === 'opening') {
    const theirs = await insist(stranger, request);
    checks.equal('another person’s same key is another wish', [theirs.answer.status, wasReplayed(theirs.answer)], [201, false]);
    checks.holds('and has an answer of its own', theirs.answer.body.number !== late.answer.body.number);
  }
}

async function prepare(
  desk: Desk,
  customer: TestCustomer,
  staff: TestPerson,
  kind: WishKind,
): Promise<{ by: ApiDriver; request: KeyedRequest; other: KeyedRequest }> {
  const key = randomUUID();
  if (kind === 'opening') {
    const ticket = { subject: 'Twenty clicks', body: 'I pressed it again and again.', category: 'technical' };
    return {
      by: customer,
      request: { path: '/tickets', body: ticket, key },
      other: { path: '/tickets', body: { ...ticket, subject: 'Another' }, key },
    };
  }
  if (kind === 'topping up') {
    const { path, body } = topUpOf(5_000);
    return { by: customer, request: { path, body, key }, other: { path, body: topUpOf(5_001).body, key } };
  }
  const number = await openTicket(customer, 'technical', 'Twenty clicks');
  if (kind === 'buying') {
    await fund(desk, customer.accountId, 3_000);
    const [one, another] = [await offerWork(staff, number, 1_000), await offerWork(staff, number, 1_000)];
    const accept = (id: string) => ({ path: `/tickets/${number}/quotes/${id}/acceptance`, key });
    return { by: customer, request: accept(one), other: accept(another) };
  }
  await answer(staff, number);
  if (kind === 'replying')
    return {
      by: customer,
      request: { path: `/tickets/${number}/messages`, body: { body: 'Thank you' }, key },
      other: { path: `/tickets/${number}/messages`, body: { body: 'No' }, key },
    };
  return {
    by: staff,
    request: { path: `/tickets/${number}/closing`, body: { reason: 'Solved' }, key },
    other: { path: `/tickets/${number}/closing`, body: { reason: 'Spam' }, key },
  };
}

/** Lines of history of all of the customer's tickets, and his payments: each wish that has an effect writes one. */
async function effects(desk: Desk, customer: TestCustomer): Promise<number> {
  const [row] = await desk.query<{ n: string }>(
    `select (select count(*) from ticket_event e join ticket t on t.number = e.ticket_number where t.account_id = $1)
      + (select count(*) from payment where account_id = $1) as n`,
    [customer.accountId],
  );
  return Number(row?.n);
}

function refusedAsReused(checks: Checks, answered: ApiAnswer | undefined): void {
  checks.equal(
    'the same key with another body is refused',
    [answered?.status, answered?.body.error?.code],
    [409, 'idempotency.key_reused'],
  );
}

/** A payment that came in, at the provider and in the books, and the hands that move refunds of it. */
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { refundActivities } from '../../activities/refunds.ts';
import { newId } from '../../db/new-id.ts';
import { OutboxBell } from '../../db/outbox-bell.ts';
import { creditMoney, readFunds, spendMoney } from '../../db/repositories/money.ts';
import type { RefundPlan } from '../../domain/refund-life.ts';
import type { Kontor } from '../harness/kontor.ts';
import type { TestCustomer } from '../harness/people.ts';

export interface PaidIn {
  readonly customer: TestCustomer;
  readonly accountId: string;
  readonly payment: string;
  /** The provider's id of it. */
  readonly providerId: string;
}

export const rub = (amountMinor: number) => ({ amountMinor, currency: 'RUB' });

/** A key that nobody used before. */
export const key = () => ({ 'idempotency-key': randomUUID() });

export async function inOne<Done>(kontor: Kontor, work: (em: EntityManager) => Promise<Done>): Promise<Done> {
  return kontor.database.fork().transactional(work);
}

/** A customer pays so much in, and the provider knows of it. */
export async function paidIn(kontor: Kontor, amountMinor: number, known?: TestCustomer): Promise<PaidIn> {
  const customer = known ?? (await kontor.people.customer());
  const { accountId } = customer;
  const at = kontor.clock.now();
  const payment = newId('payment', at);
  const returnUrl = 'https://shop.example/back';
  const made = await kontor.provider.createPayment({
    paymentId: payment,
    key: payment,
    amountMinor,
    currency: 'RUB',
    returnUrl,
    description: 'Top-up',
  });
  if (made.kind !== 'answer') throw new Error(`the simulator answered ${made.kind}`);
  await kontor.simulator.pay(made.found.id);
  await inOne(kontor, async (em) => {
    await em.execute(
      `insert into payment (id, account_id, amount_minor, currency, state, provider, provider_id, return_url, begun_by_id, begun_at)
        values (?, ?, ?, 'RUB', 'pending', 'yookassa', ?, ?, ?, ?)`,
      [payment, accountId, amountMinor, made.found.id, returnUrl, customer.id, at],
    );
    const { transferId } = await creditMoney(em, {
      key: `payment:${payment}`,
      accountId,
      amountMinor,
      at,
      by: 'provider',
      about: { payment },
      kind: 'top_up',
      against: 'clearing',
      paymentId: payment,
    });
    await em.execute(`update payment set state = 'succeeded', transfer_id = ?, settled_at = ? where id = ?`, [transferId, at, payment]);
  });
  return { customer, accountId, payment, providerId: made.found.id };
}

export async function balanceOf(kontor: Kontor, accountId: string): Promise<number> {
  return (await readFunds(kontor.database.fork(), accountId, kontor.clock.now()))!.paidMinor;
}

export async function spend(kontor: Kontor, accountId: string, amountMinor: number): ReturnType<typeof spendMoney> {
  return inOne(kontor, (em) =>
    spendMoney(em, { key: `test:${randomUUID()}`, accountId, amountMinor, at: kontor.clock.now(), by: 'time', about: { order: 'ord_1' } }),
  );
}

/** Takes the refund's next step now, as its workflow would when the time comes; what there is of it afterwards. */
export async function takeStep(kontor: Kontor, id: string): Promise<RefundPlan> {
  const { database, clock, provider } = kontor;
  const activities = refundActivities({ database, clock, bell: new OutboxBell(database), provider });
  const plan = await activities.readRefundPlan(id);
  const taken = await activities.takeRefundStep(id, plan!.steps[0]!.id);
  return taken!;
}

export async function openCases(kontor: Kontor, about: string): Promise<{ kind: string; detail: Record<string, string> }[]> {
  return kontor.db.query('select kind, detail from staff_case where about = $1 and settled_at is null order by opened_at', [about]);
}

/** How often this was told to the account, by mail. */
export async function lettersOf(kontor: Kontor, accountId: string, event: string): Promise<number> {
  const rows = await kontor.db.query('select 1 from notification where account_id = $1 and event = $2', [accountId, event]);
  return rows.length;
}

/** The statuses of answers that raced, the lowest first. */
export function statusesOf(answers: readonly { readonly status: number }[]): number[] {
  return answers.map(({ status }) => status).toSorted((a, b) => a - b);
}

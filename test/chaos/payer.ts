/** A customer who tops up and pays, and what he must find afterwards. */
import { randomUUID } from 'node:crypto';
import type { TestCustomer } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import type { Checks } from './checks.ts';
import type { KeyedRequest } from './client.ts';
import type { Desk } from './desk.ts';

/** A top-up that can be told from all others, by the text in its return address. */
export function topUpOf(amountMinor: number, text: string = randomUUID()): KeyedRequest {
  return {
    path: '/payments',
    body: { amount: { amountMinor, currency: 'RUB' }, returnUrl: `https://shop.example/back?${text}` },
    key: randomUUID(),
  };
}

/** Waits until the provider has the payment and the payer can go there. @returns the provider's id */
export async function isPayable(desk: Desk, paymentId: string, seconds = 40): Promise<string> {
  return until(
    `${paymentId} can be paid`,
    async () => {
      const [row] = await desk.query<{ provider_id: string }>(
        'select provider_id from payment where id = $1 and confirmation_url is not null',
        [paymentId],
      );
      return row?.provider_id;
    },
    seconds,
  );
}

/** Waits until the money is on the balance. */
export async function isCredited(desk: Desk, paymentId: string, seconds = 60): Promise<void> {
  await until(
    `${paymentId} is credited`,
    async () => (await desk.query(`select 1 from payment where id = $1 and state = 'succeeded'`, [paymentId])).length === 1,
    seconds,
  );
}

/** The money came once: with the provider, in the books, and in one letter to whoever pays. */
export async function checkPaidOnce(
  checks: Checks,
  desk: Desk,
  customer: TestCustomer,
  paymentId: string,
  amountMinor: number,
): Promise<void> {
  const made = desk.simulator.payments().filter((payment) => payment.metadata?.['paymentId'] === paymentId);
  checks.equal(
    'payments that the provider has of it',
    made.map(({ status }) => status),
    ['succeeded'],
  );
  const { balance } = (await customer.get('/balance')).body as { balance: { amountMinor: number } };
  checks.equal('the balance', balance.amountMinor, amountMinor);
  const letters = await desk.query(`select 1 from notification where recipient_id = $1 and event = 'payment.credited'`, [customer.id]);
  checks.equal('letters that tell of it', letters.length, 1);
}

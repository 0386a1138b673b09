/**
 * Money for a new installation to show: top-ups that were paid, declined and left, a used credit limit, a discount, a refund,
 * a promo code, an order that waits. Made through the API and on the simulator's page by the sample people, and settled by the
 * worker like anything else; what is there already stays as it is.
 */
import { itemsOf, type Ask } from './sample-desk.ts';
import { until } from './until.ts';

export interface Till {
  readonly maria: Ask;
  readonly anna: Ask;
  readonly boris: Ask;
  /** A ticket of each that can have a quote. */
  readonly numbers: Readonly<Record<'brokenPanel' | 'backups', string>>;
}

/** What the payer does: types this card, chooses another way, or goes away. */
type Deed = { readonly card: string } | { readonly way: string } | 'leave';

const roubles = (amount: number) => ({ amountMinor: amount * 100, currency: 'RUB' });
const get = (ask: Ask, path: string) => ask(path, undefined, undefined, 'GET');

export async function addFinance({ maria, anna, boris, numbers }: Till, now: Date): Promise<void> {
  if ((await itemsOf(anna, '/payments')).length === 0) {
    const paid = await pay(anna, 50_000, { card: '5555555555554444' }, 'anna-1');
    await Promise.all([
      pay(boris, 10_000, { way: 'sbp' }, 'boris-1'),
      pay(boris, 3_000, { card: '5555555555554600' }, 'boris-2'),
      pay(boris, 2_500, 'leave', 'boris-3'),
    ]);
    await maria(`/payments/${paid}/refunds`, { amount: roubles(1_500), reason: 'Paid twice by mistake' }, 'sample-refund');
  }
  const [altair, vega] = [await accountOf(maria, 'Altair Hosting'), await accountOf(maria, 'Vega')];
  await maria(`/customers/${altair}/credit-limit`, { limit: roubles(20_000), termDays: 14 }, undefined, 'PUT');
  await maria(`/customers/${vega}/discount`, { percent: 5 }, undefined, 'PUT');
  await buyOnCredit(maria, boris, numbers.backups, now);
  if ((await itemsOf(maria, `/promo-codes?code=${promoCode}`)).length === 0) await maria('/promo-codes', welcome(now), 'sample-promo-code');
  await leaveUnpaid(maria, anna, numbers.brokenPanel, now);
}

const promoCode = 'WELCOME10';

function welcome(now: Date): object {
  return {
    code: promoCode,
    gain: { kind: 'percentage', percentageBp: 1_000 },
    validFrom: now.toISOString(),
    validUntil: new Date(now.getTime() + 90 * 86_400_000).toISOString(),
    totalCap: 100,
    accountCap: 1,
    fits: null,
    note: 'For new customers, the first quarter',
  };
}

/** @returns the payment's id once the payer has done his deed and it is known what came of it */
async function pay(payer: Ask, amount: number, deed: Deed, key: string): Promise<string> {
  const { id } = await payer('/payments', { amount: roubles(amount) }, `sample-payment-${key}`);
  const path = `/payments/${String(id)}`;
  const address = await until(async () => ((await get(payer, path))['confirmationUrl'] as string | null) ?? undefined, 60_000, 100);
  if (!address) throw new Error('the sample data stopped: the provider was not heard of within a minute (is the worker up?)');
  if (deed === 'leave') return String(id);
  const pressed = await fetch(address, { method: 'POST', body: new URLSearchParams({ ...deed }), redirect: 'manual' });
  if (pressed.status !== 303) throw new Error(`the sample data stopped: the payer’s page answered ${pressed.status}`);
  const settled = await until(async () => (await get(payer, path))['settledAt'] ?? undefined, 60_000, 100);
  if (!settled) throw new Error('the sample data stopped: a payment was not settled within a minute (is the worker up?)');
  return String(id);
}

async function accountOf(staff: Ask, name: string): Promise<string> {
  const [found] = await itemsOf(staff, `/customers?search=${encodeURIComponent(name)}`);
  if (!found) throw new Error(`the sample data stopped: there is no customer ${name}`);
  return String(found['id']);
}

/** Paid work for more than is on the balance: the rest is credit, due in two weeks. */
async function buyOnCredit(maria: Ask, boris: Ask, number: string, now: Date): Promise<void> {
  const what = 'Backups in three parallel streams, set up and watched for a week: **4 hours**.';
  const id = await quote(maria, number, what, 14_500, now);
  if (id) await boris(`/tickets/${number}/quotes/${id}/acceptance`, undefined, 'sample-acceptance');
}

/** An order with a promo code that its customer went to pay and has not: it waits a day, and the code's use with it. */
async function leaveUnpaid(maria: Ask, anna: Ask, number: string, now: Date): Promise<void> {
  const id = await quote(maria, number, 'Починим права на `/run` на всех двенадцати серверах за вас: **1 час**.', 3_000, now);
  if (id) await anna('/orders', { quote: id, payBy: 'provider', promoCode }, 'sample-order');
}

/** @returns undefined when the ticket has one already */
async function quote(maria: Ask, number: string, description: string, amount: number, now: Date): Promise<string | undefined> {
  const path = `/tickets/${number}/quotes`;
  if ((await itemsOf(maria, path)).length > 0) return undefined;
  const validUntil = new Date(now.getTime() + 14 * 86_400_000).toISOString();
  return String((await maria(path, { description, amount: roubles(amount), validUntil }, `sample-quote-${number}-${validUntil}`))['id']);
}

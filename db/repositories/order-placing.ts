/**
 * Placing an order for what is held (SPEC B4, B5): priced with the larger discount, then paid from the balance at once, or kept
 * open for a payment through the provider. Locks: ticket → what hangs on it → order → promo code → account.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CustomerActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { spellMoney } from '../../domain/money.ts';
import { maxOpenOrders, priceOrder, type FulfilmentKind, type OfferedLine, type OrderPrice } from '../../domain/order.ts';
import { faultInUse, promoFits, readPromoCode } from '../../domain/promo-code.ts';
import { mainSeller } from '../../domain/tax-rate.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { auditWish } from '../audit.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { readBilling } from './billing.ts';
import { readFinancePolicy } from './finance-policy.ts';
import { readFunds, spendMoney } from './money.ts';
import { closeUnpaid } from './order-closing.ts';
import type { Held } from './order-fulfilments.ts';
import { completeOrder, type HeldOrder } from './order-paying.ts';
import { insertOrder, lockOpenOrdersOf, readOrder, showOrder } from './order-row.ts';
import { beginPayment } from './payments.ts';
import { lockBySpelling, reserveUse, usesOf, type PromoCode } from './promo-codes.ts';
import { taxReader } from './tax-rates.ts';
import { deedOf } from './ticket-deed.ts';
import { beginTimed, planTimedStep } from './timed-entities.ts';

/** How an order is paid: from the balance in this transaction, or at the provider, where the payer comes back from. */
export type Paying = { readonly by: 'balance' } | { readonly by: 'provider'; readonly returnUrl: string };

/** What is ordered, held before. */
export interface OrderedThing {
  readonly fulfilment: FulfilmentKind;
  readonly about: string;
  readonly held: Held;
}

/**
 * Orders one thing. Earlier orders of it that nobody paid are over with this one. Where it is refused nothing has happened.
 * @param typedCode a promo code, as it was typed
 */
export async function placeHeld(
  wish: Wish<CustomerActor>,
  at: Date,
  thing: OrderedThing,
  { typedCode, paying }: { readonly typedCode?: string | undefined; readonly paying: Paying },
): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const offer = await thing.held.offer(at);
  if (isRefusal(offer)) return offer;
  const earlier = await lockOpenOrdersOf(em, thing.fulfilment, thing.about);
  const promo = await promoFor(em, at, typedCode, { accountId: actor.accountId, thing, currency: offer.currency, earlier });
  if (isRefusal(promo)) return promo;
  const { fulfilment, about } = thing;
  const { listMinor, taxCategory } = offer;
  const price = (await pricerFor(em, at, actor.accountId)).priceOf({ fulfilment, about, listMinor, taxCategory }, promo);
  if (paying.by === 'provider' && (await countOpen(em, actor.accountId)) - earlier.length >= maxOpenOrders)
    return refuse('order.too_many_open');

  return allOrNothing(em, async () => {
    for (const id of earlier) await closeUnpaid(em, at, { id, accountId: actor.accountId }, 'cancelled');
    const id = newId('order', at);
    // What costs nothing is paid at once, whichever way was meant.
    const waits = paying.by === 'provider' && price.totalMinor > 0;
    const expiresAt = waits ? new Date(at.getTime() + (await readFinancePolicy(em)).orderStandsSeconds * 1000) : null;
    const promoCodeId = promo && price.discountFrom === 'promo' ? promo.id : null;
    const order = { id, accountId: actor.accountId, currency: offer.currency, price, descriptions: [offer.description] };
    await insertOrder(em, at, { ...order, promoCodeId, placedById: actor.userId, expiresAt });
    if (promoCodeId !== null) await reserveUse(em, at, { promoCodeId, accountId: actor.accountId, orderId: id });
    if (expiresAt) await planAbandoning(em, at, { id, accountId: actor.accountId, totalMinor: price.totalMinor, about }, expiresAt);
    await auditWish(wish, 'order.place', `order:${id}`, at, { after: { what: about, ...spelledPrice(price, offer.currency) } });
    const held: HeldOrder = {
      order: (await readOrder(em, id))!,
      lines: [{ line: (await readOrder(em, id))!.lines[0]!, held: thing.held }],
    };
    const paid = await payHeld(wish, at, held, paying);
    return isRefusal(paid) ? paid : { id };
  });
}

/**
 * Pays an open order that is held and can be paid: from the balance, then credit, or by a payment of exactly its total. On a
 * refusal the caller takes back what this wrote.
 */
export async function payHeld(wish: Wish<CustomerActor>, at: Date, held: HeldOrder, paying: Paying): Promise<Refusal | undefined> {
  const { em, actor } = wish;
  const { id, account, totalMinor, currency } = held.order;
  if (paying.by === 'provider' && totalMinor > 0) {
    // Its money would come in, and could not buy it.
    if ((await readFunds(em, account.id, at))!.isFrozen) return refuse('balance.frozen');
    const payment = await beginPayment(wish, {
      accountId: account.id,
      amountMinor: totalMinor,
      currency,
      orderId: id,
      returnUrl: paying.returnUrl,
    });
    if (isRefusal(payment)) return payment;
    await showOrder(em, at, { id, accountId: account.id });
    return undefined;
  }
  const spent = await spendFor(wish, at, held.order, `customer:${actor.userId}`);
  if (isRefusal(spent)) return spent;
  await completeOrder(em, deedOf(wish, at), held, { by: 'balance', transferId: spent });
  return undefined;
}

async function spendFor({ em }: Wish, at: Date, order: HeldOrder['order'], by: string): Promise<string | null | Refusal> {
  const { id, account, totalMinor: amountMinor } = order;
  if (amountMinor === 0) return null;
  const spent = await spendMoney(em, { key: `order:${id}`, accountId: account.id, amountMinor, at, by, about: { order: id } });
  return isRefusal(spent) ? spent : spent.transferId;
}

/** Takes back whatever was written where the outcome is a refusal: a refusal is an answer that is kept, and changed nothing. */
export async function allOrNothing<Outcome>(em: EntityManager, work: () => Promise<Outcome>): Promise<Outcome> {
  await em.execute('savepoint order_wish');
  const outcome = await work();
  await em.execute(isRefusal(outcome) ? 'rollback to savepoint order_wish' : 'release savepoint order_wish');
  return outcome;
}

/** The code that was typed, held until the transaction ends, if it may be used for this. */
async function promoFor(
  em: EntityManager,
  at: Date,
  typed: string | undefined,
  of: {
    readonly accountId: string;
    readonly thing: OrderedThing;
    readonly currency: string;
    readonly earlier: readonly string[];
  },
): Promise<PromoCode | Refusal | undefined> {
  if (typed === undefined) return undefined;
  const spelling = readPromoCode(typed);
  const promo = spelling === undefined ? undefined : await lockBySpelling(em, spelling);
  if (!promo) return refuse('promo_code.not_found');
  const uses = await usesOf(em, promo.id, of.accountId, of.earlier);
  return faultInUse(promo, uses, [of.thing.fulfilment], of.currency, at) ?? promo;
}

/** A thing as it is priced. */
export type PricedThing = Omit<OfferedLine, 'tax'> & { readonly taxCategory: string };

/** What things cost this customer now, each the larger of his discount and a code's, with tax; and what he has to pay with. */
export async function pricerFor(
  em: EntityManager,
  at: Date,
  accountId: string,
): Promise<{
  readonly currency: string;
  readonly availableMinor: number;
  readonly priceOf: (thing: PricedThing, promo?: PromoCode) => OrderPrice;
}> {
  const { currency, customerKind: kind, country, discountBp, availableMinor } = (await readBilling(em, accountId, at))!;
  const taxFor = await taxReader(em, at);
  return {
    currency,
    availableMinor,
    priceOf: ({ taxCategory, ...thing }, promo) =>
      priceOrder(
        [{ ...thing, tax: taxFor(mainSeller, taxCategory, { kind, country }) }],
        discountBp,
        promo ? { gain: promo.gain, fits: (kindOfThing) => promoFits(promo, kindOfThing) } : null,
      ),
  };
}

async function planAbandoning(
  em: EntityManager,
  at: Date,
  order: { readonly id: string; readonly accountId: string; readonly totalMinor: number; readonly about: string },
  expiresAt: Date,
): Promise<void> {
  await planTimedStep(em, at, {
    entity: timedEntity('order', order.id),
    accountId: order.accountId,
    kind: 'abandon',
    dueAt: expiresAt,
    rule: `orderStands ${Math.round((expiresAt.getTime() - at.getTime()) / 1000)} s`,
    amountMinor: order.totalMinor,
  });
  await beginTimed(em, at, 'order', order.id, `of ${order.about}`);
}

async function countOpen(em: EntityManager, accountId: string): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `select count(*)::integer as count from sales_order where account_id = ? and state = 'open'`,
    [accountId],
  );
  return row!.count;
}

function spelledPrice({ totalMinor, discountMinor }: OrderPrice, currency: string): Record<string, string> {
  const spell = (amountMinor: number) => spellMoney({ amountMinor, currency });
  return { amount: spell(totalMinor), ...(discountMinor === 0 ? {} : { discount: spell(discountMinor) }) };
}

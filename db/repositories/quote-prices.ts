/** What quotes cost their customers (SPEC T16, B5): as they were paid, or as they would be now. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { fulfilmentKinds, type DiscountSource, type OrderPrice } from '../../domain/order.ts';
import { faultInUse, readPromoCode, type PromoGain } from '../../domain/promo-code.ts';
import { moveQuote } from '../../domain/quote.ts';
import { paidWorkCategory } from '../../domain/tax-rate.ts';
import { pricerFor, type PricedThing } from './order-placing.ts';
import { findBySpelling, usesOf } from './promo-codes.ts';
import { readQuote, type QuoteView } from './quote-row.ts';

export interface QuotePrice extends Pick<OrderPrice, 'listMinor' | 'discountMinor' | 'taxMinor' | 'totalMinor'> {
  readonly discountFrom: DiscountSource | null;
  /** Whether balance and credit suffice for it now; null where it is paid. */
  readonly suffices: boolean | null;
  /** The order that paid for it; null while none has. */
  readonly order: string | null;
}

/** The price of each quote that was paid or can still be, by its id. */
export async function pricesOfQuotes(em: EntityManager, quotes: readonly QuoteView[], at: Date): Promise<ReadonlyMap<string, QuotePrice>> {
  const prices = await paidPrices(
    em,
    quotes.filter(({ chargedAt }) => chargedAt !== null),
  );
  const pricers = new Map<string, Awaited<ReturnType<typeof pricerFor>>>();
  for (const quote of quotes.filter(({ state }) => state === 'offered')) {
    const pricer = pricers.get(quote.account.id) ?? (await pricerFor(em, at, quote.account.id));
    pricers.set(quote.account.id, pricer);
    const { listMinor, discountMinor, taxMinor, totalMinor, discountFrom } = pricer.priceOf(thingOf(quote));
    const suffices = totalMinor <= pricer.availableMinor;
    prices.set(quote.id, { listMinor, discountMinor, taxMinor, totalMinor, discountFrom, suffices, order: null });
  }
  return prices;
}

function thingOf({ id, amountMinor }: QuoteView): PricedThing {
  return { fulfilment: 'quote', about: id, listMinor: amountMinor, taxCategory: paidWorkCategory };
}

async function paidPrices(em: EntityManager, paid: readonly QuoteView[]): Promise<Map<string, QuotePrice>> {
  if (paid.length === 0) return new Map();
  const rows = await em.execute<
    { about: string; order: string; list: string; discount: string; tax: string; total: string; source: DiscountSource | null }[]
  >(
    `select l.about, o.id as order, o.list_minor as list, o.discount_minor as discount, l.tax_minor as tax, o.total_minor as total, o.discount_from as source
      from order_line l join sales_order o on o.id = l.order_id where l.fulfilment = 'quote' and o.state = 'paid' and l.about = any(?::text[])`,
    [`{${paid.map(({ id }) => id).join(',')}}`],
  );
  return new Map(
    rows.map((row) => [
      row.about,
      {
        listMinor: Number(row.list),
        discountMinor: Number(row.discount),
        taxMinor: Number(row.tax),
        totalMinor: Number(row.total),
        discountFrom: row.source,
        suffices: null,
        order: row.order,
      },
    ]),
  );
}

export interface PromoPreview {
  readonly code: string;
  readonly gain: PromoGain;
  readonly currency: string;
  /** Of the quote; null where none is named. */
  readonly price: OrderPrice | null;
}

/** What a promo code would do to the price of a quote, now and for this account. Nothing is reserved. */
export async function previewPromoCode(
  em: EntityManager,
  at: Date,
  accountId: string,
  typed: string,
  quoteId: string | undefined,
): Promise<PromoPreview | Refusal> {
  const spelling = readPromoCode(typed);
  const promo = spelling === undefined ? undefined : await findBySpelling(em, spelling);
  if (!promo) return refuse('promo_code.not_found');
  const pricer = await pricerFor(em, at, accountId);
  const quote = quoteId === undefined ? undefined : await offeredQuote(em, at, accountId, quoteId);
  if (isRefusal(quote)) return quote;
  const uses = await usesOf(em, promo.id, accountId, quote ? await openOrdersOf(em, quote.id) : []);
  const fault = faultInUse(promo, uses, quote ? ['quote'] : fulfilmentKinds, pricer.currency, at);
  if (fault) return fault;
  const { code, gain } = promo;
  return { code, gain, currency: pricer.currency, price: quote ? pricer.priceOf(thingOf(quote), promo) : null };
}

async function offeredQuote(em: EntityManager, at: Date, accountId: string, id: string): Promise<QuoteView | Refusal> {
  const quote = await readQuote(em, id, at);
  if (quote?.account.id !== accountId) return refuse('quote.not_found');
  const state = moveQuote(quote.life, 'accept', at);
  return isRefusal(state) ? state : quote;
}

/** A use that an earlier order of the same holds is given back when it is ordered anew. */
async function openOrdersOf(em: EntityManager, quoteId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select o.id from sales_order o join order_line l on l.order_id = o.id where o.state = 'open' and l.fulfilment = 'quote' and l.about = ?`,
    [quoteId],
  );
  return rows.map(({ id }) => id);
}

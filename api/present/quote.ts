/** How paid work looks in answers (SPEC T16). */
import { z } from '@hono/zod-openapi';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/actor.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { customerMay, staffMay } from '../../domain/permissions.ts';
import { allowedQuoteActions, customerQuoteActions, quoteStates, staffQuoteActions } from '../../domain/quote.ts';
import { pricesOfQuotes, type QuotePrice } from '../../db/repositories/quote-prices.ts';
import type { QuoteView } from '../../db/repositories/quote-row.ts';
import { idOf, instant, moneySchema, orNull, personSchema } from '../schemas.ts';
import { presentPrice, priceSchema } from './order.ts';

const quoteFields = {
  id: idOf('quote'),
  ticket: z.string().openapi({ example: 'CS-000123' }),
  state: z.enum(quoteStates).openapi({
    description:
      'expired: nobody answered in time · withdrawn: staff took it back, or the ticket went to the archive · done: accepted, and the work is done',
  }),
  description: z.string().openapi({ description: 'Markdown' }),
  amount: moneySchema,
  offeredBy: personSchema,
  offeredAt: instant,
  validUntil: instant.openapi({ description: 'It can be answered before this instant.' }),
  settledBy: orNull(personSchema).openapi({ description: 'Who answered or withdrew it; null while it is open, and where time did.' }),
  settledAt: instant.nullable(),
  doneBy: orNull(personSchema),
  doneAt: instant.nullable(),
  chargedAt: instant.nullable().openapi({ description: 'When it was paid for; null until then.' }),
  price: orNull(
    priceSchema
      .extend({
        suffices: z
          .boolean()
          .nullable()
          .openapi({ description: 'Whether balance and credit suffice for it now; null where it is paid, and for who may not see them.' }),
        order: idOf('order').nullable().openapi({ description: 'The order that paid for it.' }),
      })
      .openapi('QuotePrice'),
  ).openapi({ description: 'What it costs: as it was paid, or as it would be paid now. Null where it was not and will not be.' }),
  next: orNull(
    z
      .object({
        what: z.literal('expire'),
        at: instant,
        hold: z
          .object({ until: instant.nullable().openapi({ description: 'Null: until somebody lifts it.' }) })
          .nullable()
          .openapi({ description: 'Set while a hold keeps this from happening.' }),
      })
      .openapi('QuoteNext'),
  ).openapi({ description: 'What happens next by itself.' }),
};

export const customerQuoteSchema = z.object({ ...quoteFields, allowedActions: z.array(z.enum(customerQuoteActions)) }).openapi('Quote');
export const staffQuoteSchema = z
  .object({ ...quoteFields, account: personSchema, allowedActions: z.array(z.enum(staffQuoteActions)) })
  .openapi('StaffQuote');

function fieldsOf(quote: QuoteView, price: QuotePrice | undefined, seesFunds: boolean) {
  return {
    id: quote.id,
    ticket: spellTicketNumber(quote.ticketNumber),
    state: quote.state,
    description: quote.description,
    amount: { amountMinor: quote.amountMinor, currency: quote.currency },
    offeredBy: quote.offeredBy,
    offeredAt: quote.offeredAt.toISOString(),
    validUntil: quote.validUntil.toISOString(),
    settledBy: quote.settledBy,
    settledAt: quote.settledAt?.toISOString() ?? null,
    doneBy: quote.doneBy,
    doneAt: quote.doneAt?.toISOString() ?? null,
    chargedAt: quote.chargedAt?.toISOString() ?? null,
    price: price ? { ...presentPrice(price, quote.currency), suffices: seesFunds ? price.suffices : null, order: price.order } : null,
    next:
      quote.state === 'offered'
        ? {
            what: 'expire' as const,
            at: quote.validUntil.toISOString(),
            hold: quote.heldUntil === undefined ? null : { until: quote.heldUntil?.toISOString() ?? null },
          }
        : null,
  };
}

/** How quotes are shown to this reader, with what they cost. */
export async function presentCustomerQuotes(
  em: EntityManager,
  quotes: readonly QuoteView[],
  reader: Actor,
  at: Date,
): Promise<z.infer<typeof customerQuoteSchema>[]> {
  const prices = await pricesOfQuotes(em, quotes, at);
  return quotes.map((quote) => presentCustomerQuote(quote, prices.get(quote.id), reader, at));
}

function presentCustomerQuote(
  quote: QuoteView,
  price: QuotePrice | undefined,
  reader: Actor,
  at: Date,
): z.infer<typeof customerQuoteSchema> {
  const may = reader.kind === 'customer' && customerMay(reader.role, 'quote.answer');
  const seesFunds = reader.kind === 'customer' && customerMay(reader.role, 'balance.read');
  return { ...fieldsOf(quote, price, seesFunds), allowedActions: may ? allowedQuoteActions(quote.life, customerQuoteActions, at) : [] };
}

/** The same for staff. */
export async function presentStaffQuotes(
  em: EntityManager,
  quotes: readonly QuoteView[],
  reader: Actor,
  at: Date,
): Promise<z.infer<typeof staffQuoteSchema>[]> {
  const prices = await pricesOfQuotes(em, quotes, at);
  return quotes.map((quote) => presentStaffQuote(quote, prices.get(quote.id), reader, at));
}

function presentStaffQuote(quote: QuoteView, price: QuotePrice | undefined, reader: Actor, at: Date): z.infer<typeof staffQuoteSchema> {
  const may = reader.kind === 'staff' && staffMay(reader.role, 'quote.offer');
  return {
    ...fieldsOf(quote, price, true),
    account: quote.account,
    allowedActions: may ? allowedQuoteActions(quote.life, staffQuoteActions, at) : [],
  };
}

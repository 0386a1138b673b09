/** How paid work looks in answers (SPEC T16). */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../../domain/actor.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { customerMay, staffMay } from '../../domain/permissions.ts';
import { allowedQuoteActions, customerQuoteActions, quoteStates, staffQuoteActions } from '../../domain/quote.ts';
import type { QuoteView } from '../../db/repositories/quote-row.ts';
import { idOf, instant, moneySchema, orNull, personSchema } from '../schemas.ts';

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
  chargedAt: instant.nullable().openapi({ description: 'When the sum was charged to the balance; null until then.' }),
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

function fieldsOf(quote: QuoteView) {
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

export function presentCustomerQuote(quote: QuoteView, reader: Actor, at: Date): z.infer<typeof customerQuoteSchema> {
  const may = reader.kind === 'customer' && customerMay(reader.role, 'quote.answer');
  return { ...fieldsOf(quote), allowedActions: may ? allowedQuoteActions(quote.life, customerQuoteActions, at) : [] };
}

export function presentStaffQuote(quote: QuoteView, reader: Actor, at: Date): z.infer<typeof staffQuoteSchema> {
  const may = reader.kind === 'staff' && staffMay(reader.role, 'quote.offer');
  return {
    ...fieldsOf(quote),
    account: quote.account,
    allowedActions: may ? allowedQuoteActions(quote.life, staffQuoteActions, at) : [],
  };
}

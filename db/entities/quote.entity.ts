import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { QuoteState } from '../../domain/quote.ts';

/** Paid work that staff offered on a ticket, and what became of it (SPEC T16). */
export const Quote = defineEntity({
  name: 'Quote',
  tableName: 'quote',
  properties: {
    id: p.text().primary(),
    ticketNumber: p.integer(),
    accountId: p.text(),
    description: p.text(),
    amountMinor: p.bigint('number'),
    currency: p.text(),
    offeredById: p.text(),
    offeredAt: p.datetime(3),
    validUntil: p.datetime(3),
    state: p.text().$type<QuoteState>(),
    /** Who answered or withdrew it; null while it is open, and where time or the ticket's end did. */
    settledById: p.text().strictNullable(),
    settledAt: p.datetime(3).strictNullable(),
    doneById: p.text().strictNullable(),
    doneAt: p.datetime(3).strictNullable(),
    chargedAt: p.datetime(3).strictNullable(),
  },
});
export type Quote = InferEntity<typeof Quote>;

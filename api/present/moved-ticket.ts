/** Deadlines old beside new, as previews of re-timing and of holds show them (SPEC T8, S7, M3). */
import { z } from '@hono/zod-openapi';
import { spellTicketNumber } from '../../domain/ids.ts';
import { moveNotes, type MovedStep } from '../../domain/moved-steps.ts';
import { stepKinds } from '../../domain/ticket-life.ts';
import type { HeldPage } from '../../db/repositories/holds.ts';
import type { MovedPage, MovedTicket } from '../../db/repositories/moved-tickets.ts';
import { readCursor, spellCursor } from '../cursor.ts';
import { cursorQuery, idOf, instant, limitQuery, orNull } from '../schemas.ts';

const left = z.int().nullable();
export const movedTicketSchema = z
  .object({
    ticket: z.string().openapi({ example: 'CS-000123' }),
    subject: z.string(),
    steps: z.array(
      z.object({
        what: z.enum(stepKinds),
        old: instant.nullable().openapi({ description: 'Null: there is no such step yet.' }),
        new: instant.nullable().openapi({ description: 'Null: it will not happen, or nobody can say yet when.' }),
        note: z.enum(moveNotes).nullable().openapi({
          description: 'breach_taken_back: the promise can be kept after all; waits: the clock stands still, see `leftMinutes`.',
        }),
        leftMinutes: orNull(z.object({ old: left, new: left })).openapi({ description: 'Working time left to a clock that waits.' }),
      }),
    ),
  })
  .openapi('MovedTicket');

const total = z.int().nullable().openapi({ description: 'Tickets in all; told with the first page only.' });
export const movedTicketsSchema = z
  .object({ items: z.array(movedTicketSchema), nextCursor: z.string().nullable(), total })
  .openapi('MovedTickets');

const quotesShown = 200;
const movedQuoteSchema = z
  .object({
    quote: idOf('quote'),
    ticket: z.string().openapi({ example: 'CS-000123' }),
    old: instant,
    new: instant.nullable().openapi({ description: 'Null: nobody can say yet when it ends.' }),
  })
  .openapi('MovedQuote');

/** What holds do: to tickets, and to open offers. */
export const heldTicketsSchema = movedTicketsSchema
  .extend({
    quotes: z
      .array(movedQuoteSchema)
      .nullable()
      .openapi({ description: `Open quotes, no more than ${quotesShown}, those that end first; told with the first page only.` }),
    totalQuotes: z.int().nullable().openapi({ description: 'Quotes in all; told with the first page only.' }),
  })
  .openapi('HeldTickets');

export const movedTicketsQuery = { cursor: cursorQuery, limit: limitQuery };

const order = 'moved';

/** The place after which a page begins. */
export function movedAfter(cursor: string | undefined): number | undefined {
  return readCursor(cursor, order, { value: 'instantOrNull', key: 'integer' })?.key;
}

export function presentMoved(page: MovedPage): z.infer<typeof movedTicketsSchema> {
  return { items: page.items.map(presentMovedTicket), nextCursor: nextMoved(page), total: page.total ?? null };
}

export function presentMovedTicket({ number, subject, steps }: MovedTicket): z.infer<typeof movedTicketSchema> {
  return { ticket: spellTicketNumber(number), subject, steps: steps.map(presentStep) };
}

function presentStep({ what, old, new: then, note, leftMs }: MovedStep): z.infer<typeof movedTicketSchema>['steps'][number] {
  const minutes = (ms: number | null) => ms && Math.floor(ms / 60_000);
  return {
    what,
    old: old?.toISOString() ?? null,
    new: then?.toISOString() ?? null,
    note: note ?? null,
    leftMinutes: leftMs ? { old: minutes(leftMs.old), new: minutes(leftMs.new) } : null,
  };
}

/** Where the next page begins; null after the last. */
export function nextMoved({ items, more }: MovedPage): string | null {
  const last = items.at(-1);
  return more && last ? spellCursor(order, null, last.number) : null;
}

export function presentHeld({ quotes, ...page }: HeldPage): z.infer<typeof heldTicketsSchema> {
  const shown = quotes?.slice(0, quotesShown).map(({ id, ticketNumber, old, new: then }) => ({
    quote: id,
    ticket: spellTicketNumber(ticketNumber),
    old: old.toISOString(),
    new: then?.toISOString() ?? null,
  }));
  return { ...presentMoved(page), quotes: shown ?? null, totalQuotes: quotes?.length ?? null };
}

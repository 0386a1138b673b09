/** Deadlines old beside new, as previews of re-timing and of holds show them (SPEC T8, M3). */
import { z } from '@hono/zod-openapi';
import { spellTicketNumber } from '../../domain/ids.ts';
import { stepKinds } from '../../domain/ticket-life.ts';
import type { MovedPage } from '../../db/repositories/moved-tickets.ts';
import { readCursor, spellCursor } from '../cursor.ts';
import { cursorQuery, instant, limitQuery } from '../schemas.ts';

const movedTicketSchema = z
  .object({
    ticket: z.string().openapi({ example: 'CS-000123' }),
    subject: z.string(),
    steps: z.array(
      z.object({
        what: z.enum(stepKinds),
        old: instant,
        new: instant.nullable().openapi({ description: 'Null: it will not happen, or nobody can say yet when.' }),
      }),
    ),
  })
  .openapi('MovedTicket');

export const movedTicketsSchema = z
  .object({
    items: z.array(movedTicketSchema),
    nextCursor: z.string().nullable(),
    total: z.int().nullable().openapi({ description: 'Tickets in all; told with the first page only.' }),
  })
  .openapi('MovedTickets');

export const movedTicketsQuery = { cursor: cursorQuery, limit: limitQuery };

const order = 'moved';

/** The place after which a page begins. */
export function movedAfter(cursor: string | undefined): number | undefined {
  return readCursor(cursor, order, { value: 'instantOrNull', key: 'integer' })?.key;
}

export function presentMoved({ items, more, total }: MovedPage): z.infer<typeof movedTicketsSchema> {
  const last = items.at(-1);
  return {
    items: items.map(({ number, subject, steps }) => ({
      ticket: spellTicketNumber(number),
      subject,
      steps: steps.map((step) => ({ what: step.what, old: step.old.toISOString(), new: step.new?.toISOString() ?? null })),
    })),
    nextCursor: more && last ? spellCursor(order, null, last.number) : null,
    total: total ?? null,
  };
}

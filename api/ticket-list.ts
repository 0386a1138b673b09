/** Lists of tickets, for customers and staff alike: in an order, or by the words they hold (SPEC T10). */
import { z } from '@hono/zod-openapi';
import type { EntityManager } from '@mikro-orm/postgresql';
import { readTicketNumber } from '../domain/ids.ts';
import { countTickets, listTickets, type TicketFilter, type TicketView } from '../db/repositories/ticket-reads.ts';
import {
  countFound,
  readNewest,
  readQuestion,
  searchTickets,
  unreadTotalBound,
  type FoundPlace,
  type FoundTicket,
  type Search,
} from '../db/repositories/ticket-search.ts';
import type { TicketReader } from '../db/repositories/unread.ts';
import { readCursor, spellCursor } from './cursor.ts';
import { ApiError } from './errors.ts';
import { lineText, orNull } from './schemas.ts';
import { readTicketOrder, spellTicketCursor, ticketAfter } from './ticket-order.ts';

/** Totals are exact up to here, then "500+": counting on would read more pages than a list may (QUALITY P5). */
const totalBound = 500;
const defaultSort = '-updatedAt';
/** The one order of what is found; its cursors are of no other list. */
const searchSort = '-lastMessageAt';
const searchOrder = 'search';

export const searchQuery = lineText(200, 'обновление панели').openapi({
  description:
    'Words that the subject or a message holds, in any form, Russian or English; all must occur, and the last may be the beginning of one. Signs mean nothing. A ticket’s number finds the ticket. Looks through active and archived tickets unless `archived` says otherwise; the newest message comes first.',
});

const mark = z.array(z.int()).openapi({ description: 'Where it begins and its length, in UTF-16 units.', example: [10, 10] });
const hitSchema = z
  .object({
    subject: z.array(mark).openapi({ description: 'Where in the subject the words stand.' }),
    excerpt: orNull(
      z.object({
        text: z.string(),
        marks: z.array(mark),
        note: z.boolean().openapi({ description: 'It stands in a note that customers never see.' }),
      }),
    ),
  })
  .openapi('TicketHit');

/** What a row of a list has beside the ticket. */
export const rowFields = { hit: orNull(hitSchema).openapi({ description: 'Set in answers to a search.' }) };

export interface ListAsked {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ListPage {
  readonly views: readonly (TicketView & Partial<Pick<FoundTicket, 'hit'>>)[];
  readonly nextCursor: string | null;
}

/** One page of a list of tickets. */
export async function readListPage(
  em: EntityManager,
  asked: ListAsked,
  filter: TicketFilter,
  reader: TicketReader,
  at: Date,
): Promise<ListPage> {
  if (asked.q === undefined) return readOrdered(em, asked, filter, reader, at);
  return readFound(em, await searchOf(em, asked, filter, reader), at);
}

/** The same, and how many tickets the whole list has, up to a bound. */
export async function readCountedPage(
  em: EntityManager,
  asked: ListAsked,
  filter: TicketFilter,
  reader: TicketReader,
  at: Date,
): Promise<ListPage & { readonly pageInfo: { total: number; exact: boolean } }> {
  if (asked.q !== undefined) {
    const search = await searchOf(em, asked, filter, reader);
    const newest = await readNewest(em, search);
    return { ...(await readFound(em, search, at, newest)), pageInfo: await countFound(em, search, at, newest) };
  }
  const bound = filter.unread === undefined ? totalBound : unreadTotalBound;
  const page = await readOrdered(em, asked, filter, reader, at);
  const total = await countTickets(em, filter, bound + 1, reader, raisesFor(reader, filter));
  return { ...page, pageInfo: { total: Math.min(total, bound), exact: total <= bound } };
}

async function readOrdered(em: EntityManager, asked: ListAsked, filter: TicketFilter, reader: TicketReader, at: Date): Promise<ListPage> {
  const { sort = defaultSort, limit, cursor } = asked;
  const raises = raisesFor(reader, filter);
  const page = { ...readTicketOrder(sort), limit, raises, after: ticketAfter(cursor, sort, raises) };
  const { views, more } = await listTickets(em, filter, page, at, reader);
  const last = views.at(-1);
  return { views, nextCursor: more && last ? spellTicketCursor(sort, last, raises) : null };
}

/** Staff see what is overdue first, in every list (SPEC S5), but for tickets that they name; a customer's list is in the order he asked for. */
function raisesFor({ side }: TicketReader, { numbers }: TicketFilter): boolean {
  return side === 'staff' && numbers === undefined;
}

async function readFound(em: EntityManager, search: Search, at: Date, newest?: readonly FoundPlace[]): Promise<ListPage> {
  const { views, end } = await searchTickets(em, search, at, newest);
  return { views, nextCursor: end ? spellCursor(searchOrder, end.at, end.number) : null };
}

async function searchOf(em: EntityManager, asked: ListAsked, filter: TicketFilter, reader: TicketReader): Promise<Search> {
  const { q = '', sort = searchSort, limit, cursor } = asked;
  if (sort !== searchSort) throw new ApiError('search.sort_fixed');
  const named = readTicketNumber(q);
  const question = await readQuestion(em, q);
  if (!question && named === undefined) throw new ApiError('search.only_common_words');
  const after = readCursor(cursor, searchOrder, { value: 'instant', key: 'integer' });
  return { question, named, filter, reader, limit, after: after && { at: after.value, number: after.key } };
}

/** Where the words of a search stand in a row; null in a list that was not searched. */
export function presentHit({ hit }: ListPage['views'][number]): z.infer<typeof hitSchema> | null {
  if (!hit) return null;
  const spell = (marks: readonly (readonly [number, number])[]) => marks.map(([start, length]) => [start, length]);
  const { excerpt } = hit;
  return { subject: spell(hit.subject), excerpt: excerpt && { ...excerpt, marks: spell(excerpt.marks) } };
}

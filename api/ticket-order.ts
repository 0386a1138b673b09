import type { TicketPage, TicketSort, TicketView } from '../db/repositories/ticket-reads.ts';
import { isCursorOf, readCursor, spellCursor } from './cursor.ts';

/** Reads `-updatedAt` as "newest first". */
export function readTicketOrder(sort: string): { sort: TicketSort; descending: boolean } {
  return { sort: sort.replace(/^-/, '') as TicketSort, descending: sort.startsWith('-') };
}

/** In which part of a list a page ended: that of broken promises, which comes first whatever the order of the others, has its own. */
const raised = 'raised, then ';

/**
 * The row after which the page begins.
 * @param raises whether broken promises come first in this list
 */
export function ticketAfter(cursor: string | undefined, sort: string, raises: boolean): TicketPage['after'] {
  if (raises && isCursorOf(cursor, raised + sort)) {
    const { value, key } = readCursor(cursor, raised + sort, { value: 'instant', key: 'integer' })!;
    return { raised: true, value, number: key };
  }
  const value = sort.endsWith('number') ? 'integer' : nullableSorts.some((field) => sort.endsWith(field)) ? 'instantOrNull' : 'instant';
  const read = readCursor(cursor, sort, { value, key: 'integer' });
  return read && { raised: false, value: read.value, number: read.key };
}

const nullableSorts = ['waitingSince', 'breachesAt'] as const satisfies readonly TicketSort[];

/** @param raises the same */
export function spellTicketCursor(sort: string, { ticket }: TicketView, raises: boolean): string {
  if (raises && ticket.breachedAt) return spellCursor(raised + sort, ticket.breachedAt.toISOString(), ticket.number);
  const { sort: field } = readTicketOrder(sort);
  const value = ticket[field];
  return spellCursor(sort, value instanceof Date ? value.toISOString() : value, ticket.number);
}

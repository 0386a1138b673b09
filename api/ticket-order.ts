import type { TicketPage, TicketSort, TicketView } from '../db/repositories/ticket-reads.ts';
import { readCursor, spellCursor } from './cursor.ts';

/** Reads `-updatedAt` as "newest first". */
export function readTicketOrder(sort: string): { sort: TicketSort; descending: boolean } {
  return { sort: sort.replace(/^-/, '') as TicketSort, descending: sort.startsWith('-') };
}

/** The row after which the page begins. */
export function ticketAfter(cursor: string | undefined, sort: string): TicketPage['after'] {
  const value = sort.endsWith('number') ? 'integer' : sort.endsWith('waitingSince') ? 'instantOrNull' : 'instant';
  const read = readCursor(cursor, sort, { value, key: 'integer' });
  return read && { value: read.value, number: read.key };
}

export function spellTicketCursor(sort: string, { ticket }: TicketView): string {
  const { sort: field } = readTicketOrder(sort);
  const value = ticket[field];
  return spellCursor(sort, value instanceof Date ? value.toISOString() : value, ticket.number);
}

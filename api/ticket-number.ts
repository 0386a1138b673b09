import { readTicketNumber } from '../domain/ids.ts';
import { ApiError } from './errors.ts';

/** A text that is no ticket number names no ticket: 404, as for a number that nobody has. */
export function ticketNumberOf(text: string): number {
  const number = readTicketNumber(text);
  if (number === undefined) throw new ApiError('ticket.not_found');
  return number;
}

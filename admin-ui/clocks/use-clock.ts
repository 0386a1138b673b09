import type { StaffTicket, TicketClock } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { readClockNow, type ClockReading } from './clock-reading.ts';
import { useClockWords, type ClockWords } from './clock-words.ts';
import { useClockCalendars, type ClockCalendar } from './use-clock-calendars.ts';

/** What a clock's words need of its ticket. */
export type ClockedTicket = Pick<StaffTicket, 'clocks' | 'serviceLevel' | 'fixedAt'>;

/** How a clock of a ticket stands now, by its calendar, with the words for it; it counts on by itself. */
export function useClock(
  ticket: ClockedTicket,
  clock: TicketClock,
): { reading: ClockReading; counted: ClockCalendar | undefined; words: ClockWords; now: Date } {
  const now = useNow();
  const counted = useClockCalendars(ticket.clocks)(clock);
  const words = useClockWords(ticket.fixedAt);
  return { reading: readClockNow(clock, now, counted?.calendar), counted, words, now };
}

import { useQueries } from '@tanstack/react-query';
import { compileCalendar, type BusinessCalendar, type CalendarDefinition } from '../../domain/business-calendar.ts';
import type { TicketClock } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';

/** What a clock counts by, ready to count with. */
export interface ClockCalendar {
  readonly calendar: BusinessCalendar;
  /** How long a whole working day is. */
  readonly dayMs: number;
}

/** What was made of each definition: a version never changes, and making it ready costs more than asking it. */
const made = new WeakMap<CalendarDefinition, Map<string, ClockCalendar>>();

/**
 * The calendars that these clocks count by, each read once: a version of one never changes. So a page counts on by itself,
 * without asking the server how much working time is left.
 * @returns undefined for a clock whose calendar was not read yet
 */
export function useClockCalendars(clocks: readonly TicketClock[]): (clock: TicketClock) => ClockCalendar | undefined {
  const refs = new Map(clocks.map(({ calendar }) => [`${calendar.id}@${calendar.version}`, calendar]));
  const names = [...refs.keys()];
  const read = useQueries({
    queries: [...refs.values()].map(({ id, version }) => ({
      queryKey: ['calendar-version', id, version],
      queryFn: () => request<CalendarDefinition>('GET', `/calendars/${inPath(id)}/versions/${version}`),
      staleTime: Infinity,
      gcTime: Infinity,
    })),
  });
  return ({ calendar: { id, version }, hours }) => {
    const definition = read[names.indexOf(`${id}@${version}`)]?.data;
    return definition && madeReady(definition, hours);
  };
}

function madeReady(definition: CalendarDefinition, hours: TicketClock['hours']): ClockCalendar {
  const ready = made.get(definition) ?? new Map<string, ClockCalendar>();
  made.set(definition, ready);
  const key = hours ? `${hours.opens}-${hours.closes}` : '';
  const { opens, closes } = hours ?? definition;
  const known = ready.get(key) ?? { calendar: compileCalendar(definition, hours), dayMs: (closes - opens) * 60_000 };
  ready.set(key, known);
  return known;
}

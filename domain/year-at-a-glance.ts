/** A calendar's year, day by day (SPEC S2): what is worked, and what the year itself says of it. */
import { earlyByMinutes, plannedDays, type CalendarDefinition, type PlannedDay } from './business-calendar.ts';
import { saidDays, type SaidOfDay } from './calendar-change.ts';

export interface GlancedDay extends PlannedDay {
  readonly said: SaidOfDay;
}

export interface YearAtAGlance {
  readonly days: readonly GlancedDay[];
  readonly workingDays: number;
  /** Opening hours of its working days, by their clocks. */
  readonly workingMinutes: number;
}

export type Glanced = Pick<CalendarDefinition, 'weekdays' | 'opens' | 'closes' | 'honourShortDays' | 'years'>;

/** A year that the calendar does not know is one of plain weeks. */
export function yearAtAGlance(calendar: Glanced, year: number): YearAtAGlance {
  const said = saidDays(calendar.years[year]);
  const days = plannedDays(calendar, year).map((day) => ({ ...day, said: said.get(day.date) ?? 'nothing' }));
  const worked = days.filter(({ isWorked }) => isWorked);
  const early = worked.filter(({ endsEarly }) => endsEarly).length;
  return { days, workingDays: worked.length, workingMinutes: worked.length * (calendar.closes - calendar.opens) - early * earlyByMinutes };
}

/** The week that official calendars count working days by (`data/ru-working-calendar.json`). */
export const officialWeek = { weekdays: [1, 2, 3, 4, 5], opens: 540, closes: 1_020, honourShortDays: true } as const;

/** What can be a calendar at all (SPEC S2): every calendar that is kept has working time, so that every deadline has an end. */
import { earlyByMinutes, plannedDays, type CalendarDefinition, type CalendarYear } from './business-calendar.ts';
import { refuse, type ErrorCode, type Refusal } from './errors.ts';

/** Years that a calendar may know, and how many of them. */
export const calendarYears = { first: 1970, last: 2200, most: 60 } as const;

/** The shortest day's work, in minutes; also of a day that ends an hour early. */
export const shortestWindowMinutes = 60;
const minutesOfDay = 1_440;

export type CalendarRefusal = Extract<
  ErrorCode,
  | 'calendar.zone_unknown'
  | 'calendar.hours_invalid'
  | 'calendar.weekdays_invalid'
  | 'calendar.years_invalid'
  | 'calendar.date_invalid'
  | 'calendar.no_working_day'
>;

/** The first thing that is wrong with a calendar; undefined for one that can be counted with. */
export function objectionToCalendar(definition: CalendarDefinition): Refusal<CalendarRefusal> | undefined {
  const { zone, weekdays, years } = definition;
  if (!isZone(zone)) return refuse('calendar.zone_unknown', { zone: zone.slice(0, 64) });
  if (!areWeekdays(weekdays)) return refuse('calendar.weekdays_invalid');
  if (!areOpeningHours(definition)) return refuse('calendar.hours_invalid');
  const given = Object.entries(years);
  if (given.length > calendarYears.most || !given.every(([year]) => isYear(year))) return refuse('calendar.years_invalid');
  for (const [year, said] of given) {
    const objection = objectionToYear(definition, year, said);
    if (objection) return objection;
  }
  return undefined;
}

function isZone(zone: string): boolean {
  // Offsets such as `+03:00` are names to Intl, but no zones: they know no daylight saving.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function areWeekdays(weekdays: readonly number[]): boolean {
  const known = weekdays.every((weekday) => Number.isInteger(weekday) && weekday >= 1 && weekday <= 7);
  return weekdays.length > 0 && known && new Set(weekdays).size === weekdays.length;
}

function areOpeningHours({ opens, closes, honourShortDays }: CalendarDefinition): boolean {
  const least = shortestWindowMinutes + (honourShortDays ? earlyByMinutes : 0);
  return Number.isInteger(opens) && Number.isInteger(closes) && opens >= 0 && closes <= minutesOfDay && closes - opens >= least;
}

function isYear(year: string): boolean {
  return /^\d{4}$/.test(year) && Number(year) >= calendarYears.first && Number(year) <= calendarYears.last;
}

function objectionToYear(definition: CalendarDefinition, year: string, said: CalendarYear): Refusal<CalendarRefusal> | undefined {
  const days = new Map(plannedDays(definition, Number(year)).map((day) => [day.date, day]));
  const wrong = (date: string) => refuse('calendar.date_invalid', { date: date.slice(0, 10), year });
  for (const dates of [said.daysOff, said.workingWeekends, said.shortDays]) {
    const stranger = dates.find((date, index) => !days.has(date) || dates.indexOf(date) !== index);
    if (stranger !== undefined) return wrong(stranger);
  }
  const contradiction = [
    ...said.workingWeekends.filter((date) => said.daysOff.includes(date)),
    ...said.shortDays.filter((date) => !days.get(date)!.isWorked),
  ][0];
  if (contradiction !== undefined) return wrong(contradiction);
  return [...days.values()].some(({ isWorked }) => isWorked) ? undefined : refuse('calendar.no_working_day', { year });
}

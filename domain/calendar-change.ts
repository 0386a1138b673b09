/** What a change makes of a calendar (SPEC S2): how it is kept, whether it is another one, and what is different then. */
import type { CalendarDefinition, CalendarYear } from './business-calendar.ts';

/** The same calendar as it is kept: everything in its order, nothing twice. */
export function tidyCalendar({ zone, weekdays, opens, closes, honourShortDays, years }: CalendarDefinition): CalendarDefinition {
  return {
    zone,
    weekdays: [...new Set(weekdays)].toSorted((a, b) => a - b),
    opens,
    closes,
    honourShortDays,
    years: Object.fromEntries(Object.entries(years).map(([year, days]) => [year, tidyYear(days)])),
  };
}

function tidyYear({ decree, daysOff, workingWeekends, shortDays }: CalendarYear): CalendarYear {
  const inOrder = (dates: readonly string[]) => [...new Set(dates)].toSorted();
  return { decree, daysOff: inOrder(daysOff), workingWeekends: inOrder(workingWeekends), shortDays: inOrder(shortDays) };
}

/** What a year says of one day: nothing, or how it differs from its day of the week. */
export const saidOfDay = ['nothing', 'day_off', 'worked', 'short', 'worked_short'] as const;
export type SaidOfDay = (typeof saidOfDay)[number];

/** The days that a year says something of. */
export function saidDays(year: CalendarYear | undefined): ReadonlyMap<string, SaidOfDay> {
  const said = new Map<string, SaidOfDay>();
  for (const date of year?.workingWeekends ?? []) said.set(date, 'worked');
  for (const date of year?.shortDays ?? []) said.set(date, said.has(date) ? 'worked_short' : 'short');
  for (const date of year?.daysOff ?? []) said.set(date, 'day_off');
  return said;
}

/** The year that says this of its days. */
export function yearSaying(decree: string | null, days: ReadonlyMap<string, SaidOfDay>): CalendarYear {
  const dates = (...wanted: SaidOfDay[]) => [...days].flatMap(([date, said]) => (wanted.includes(said) ? [date] : [])).toSorted();
  return { decree, daysOff: dates('day_off'), workingWeekends: dates('worked', 'worked_short'), shortDays: dates('short', 'worked_short') };
}

/** Fields of a definition beside its years. */
export const calendarSettings = ['zone', 'weekdays', 'opens', 'closes', 'honourShortDays'] as const;
export type CalendarSetting = (typeof calendarSettings)[number];

export interface ChangedDay {
  readonly date: string;
  readonly before: SaidOfDay;
  readonly after: SaidOfDay;
}

export interface ChangedYear {
  readonly year: number;
  readonly change: 'added' | 'removed' | 'changed';
  /** Whether it follows another document. */
  readonly decree: boolean;
  /** Days of which another thing is said, in order. */
  readonly days: readonly ChangedDay[];
}

export interface CalendarDifference {
  readonly settings: readonly CalendarSetting[];
  readonly years: readonly ChangedYear[];
}

/** What is different in the second, a tidy calendar as the first is. */
export function calendarDifference(before: CalendarDefinition, after: CalendarDefinition): CalendarDifference {
  const years = new Set([...Object.keys(before.years), ...Object.keys(after.years)].map(Number));
  return {
    settings: calendarSettings.filter((setting) => String(before[setting]) !== String(after[setting])),
    years: [...years].toSorted((a, b) => a - b).flatMap((year) => changedYear(year, before.years[year], after.years[year]) ?? []),
  };
}

export function isDifferent({ settings, years }: CalendarDifference): boolean {
  return settings.length > 0 || years.length > 0;
}

function changedYear(year: number, before: CalendarYear | undefined, after: CalendarYear | undefined): ChangedYear | undefined {
  const [said, sayNow] = [saidDays(before), saidDays(after)];
  const days = [...new Set([...said.keys(), ...sayNow.keys()])]
    .toSorted()
    .map((date): ChangedDay => ({ date, before: said.get(date) ?? 'nothing', after: sayNow.get(date) ?? 'nothing' }))
    .filter((day) => day.before !== day.after);
  const decree = (before?.decree ?? null) !== (after?.decree ?? null);
  if (!before) return { year, change: 'added', decree, days };
  if (!after) return { year, change: 'removed', decree, days };
  return days.length > 0 || decree ? { year, change: 'changed', decree, days } : undefined;
}

/** Official working calendars that Kontor comes with: what an administrator adopts year by year, and compares his own with. */
import type { CalendarYear } from '../../domain/business-calendar.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { officialRussianYears } from './official-calendar-ru.ts';

export interface OfficialCalendar {
  /** ISO 3166, as calendars name the region that they follow. */
  readonly region: string;
  readonly name: LocalisedText;
  readonly years: Readonly<Record<string, CalendarYear>>;
}

export const officialCalendars: readonly OfficialCalendar[] = [
  {
    region: 'RU',
    name: { en: 'Official calendar of the Russian Federation', ru: 'Производственный календарь Российской Федерации' },
    years: officialRussianYears,
  },
];

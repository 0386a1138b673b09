/** How a calendar's days, years and regions read. A date is a local one, such as `2026-11-04`, whatever the reader's zone. */
import { useMemo } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import type { Locale } from '../../domain/locale.ts';
import type { SaidOfDay } from '../../domain/calendar-change.ts';
import { runsOf } from '../../domain/service-words.ts';

const tags: Readonly<Record<Locale, string>> = { en: 'en-GB', ru: 'ru' };

/** What a day is at a glance: what the year says of it, else what its day of the week says. */
export type DayKind = 'working' | 'free' | Exclude<SaidOfDay, 'nothing'>;

export function kindOf({ said, isWorked }: { readonly said: SaidOfDay; readonly isWorked: boolean }): DayKind {
  if (said !== 'nothing') return said;
  return isWorked ? 'working' : 'free';
}

/** “2025–2027, 2029”. */
export function spellYears(years: readonly number[]): string {
  return runsOf(years)
    .map(([first, last]) => (first === last ? String(first) : `${first}–${last}`))
    .join(', ');
}

export interface CalendarWords {
  /** “Wednesday 4 November 2026”. */
  day(date: string): string;
  /** “Wed 4 Nov”. */
  shortDay(date: string): string;
  /** “November”. */
  month(date: string): string;
  /** Days of the week from Monday on. */
  readonly weekdays: readonly { readonly short: string; readonly long: string }[];
  kind(kind: DayKind): string;
  /** “Russia”. */
  region(code: string): string;
  /** A document by its name; a government's decree, as official data spell it, in the reader's language. */
  decree(text: string): string;
  /** “2 223”. */
  count(number: number): string;
}

export function useCalendarWords(): CalendarWords {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const tag = tags[locale as Locale];
  return useMemo(() => calendarWords(tag, translate), [tag, translate]);
}

function calendarWords(tag: string, translate: (key: string, values?: object) => string): CalendarWords {
  const spell = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' });
    return (date: string) => format.format(new Date(date)).replace(/,/, '');
  };
  const [short, long] = [spell({ weekday: 'short' }), spell({ weekday: 'long' })];
  const month = spell({ month: 'long' });
  return {
    day: spell({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: spell({ weekday: 'short', day: 'numeric', month: 'short' }),
    month: (date) => capitalised(month(date), tag),
    // The first of January 2024 was a Monday.
    weekdays: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ short: short(`2024-01-0${day}`), long: long(`2024-01-0${day}`) })),
    kind: (kind) => translate(`kontor.calendars.year.kind.${kind}`),
    region: (code) => regionName(code, tag),
    decree: (text) => {
      const [, date, number] = /^Government decree ([\d.]+) No\. (\d+)$/.exec(text) ?? [];
      return date && number ? translate('kontor.calendars.year.governmentDecree', { date, number }) : text;
    },
    count: (number) => number.toLocaleString('en').replaceAll(',', '\u202f'),
  };
}

function capitalised(word: string, tag: string): string {
  return word.charAt(0).toLocaleUpperCase(tag) + word.slice(1);
}

/** A part of a country has no name that browsers know. */
function regionName(code: string, tag: string): string {
  const [country = code, part] = code.split('-');
  const name = new Intl.DisplayNames(tag, { type: 'region', fallback: 'code' }).of(country) ?? country;
  return part === undefined ? name : `${name}, ${part}`;
}

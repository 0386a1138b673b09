/**
 * What is promised, in words (SPEC S1): the same for customers, staff and letters. Spaces within a number do not break.
 */
import type { WorkingHours } from './business-calendar.ts';
import type { Locale } from './locale.ts';
import type { Target, TargetUnit, TermsSource } from './service-level.ts';

type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

const unitWords: Readonly<Record<Locale, Readonly<Record<TargetUnit, Forms>>>> = {
  en: {
    minutes: { one: 'working minute', other: 'working minutes' },
    hours: { one: 'working hour', other: 'working hours' },
    days: { one: 'working day', other: 'working days' },
  },
  ru: {
    minutes: { one: 'рабочая минута', few: 'рабочие минуты', many: 'рабочих минут', other: 'рабочей минуты' },
    hours: { one: 'рабочий час', few: 'рабочих часа', many: 'рабочих часов', other: 'рабочего часа' },
    days: { one: 'рабочий день', few: 'рабочих дня', many: 'рабочих дней', other: 'рабочего дня' },
  },
};

const plurals: Readonly<Record<Locale, Intl.PluralRules>> = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') };
const numbers: Readonly<Record<Locale, Intl.NumberFormat>> = { en: new Intl.NumberFormat('en'), ru: new Intl.NumberFormat('ru') };

/** “16 working hours”, “5 рабочих дней”. */
export function targetInWords({ amount, unit }: Target, locale: Locale): string {
  const forms = unitWords[locale][unit];
  return `${numbers[locale].format(amount)} ${forms[plurals[locale].select(amount)] ?? forms.other}`;
}

/** “2 h 5 min”, “3 d 4 h”: plain time, rounded down; of what lasts for days nobody counts minutes. */
export function stretchInWords(milliseconds: number, locale: Locale): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24];
  const { d, h, min } = stretchWords[locale];
  const parts = [
    { amount: days, word: d },
    { amount: hours, word: h },
    { amount: days ? 0 : minutes % 60, word: min },
  ].filter(({ amount }) => amount > 0);
  return parts.map(({ amount, word }) => `${numbers[locale].format(amount)} ${word}`).join(' ') || `0 ${min}`;
}

const stretchWords: Readonly<Record<Locale, Readonly<Record<'d' | 'h' | 'min', string>>>> = {
  en: { d: 'd', h: 'h', min: 'min' },
  ru: { d: 'дн.', h: 'ч', min: 'мин' },
};

/**
 * Why just this is promised to a ticket: “by the account’s agreement”, “default of the queue Technical”.
 * @param queue the name of the queue whose default it is; null where that cannot be said any more
 */
export function sourceInWords(source: TermsSource, queue: string | null, locale: Locale): string {
  if (source !== 'queue') return sourceWords[source][locale];
  if (queue === null)
    return { en: 'default of the queue it was opened in', ru: 'по умолчанию для очереди, в которой создан запрос' }[locale];
  return { en: `default of the queue ${queue}`, ru: `по умолчанию для очереди «${queue}»` }[locale];
}

const sourceWords: Readonly<Record<Exclude<TermsSource, 'queue'>, Readonly<Record<Locale, string>>>> = {
  agreement: { en: 'by the account’s agreement', ru: 'по соглашению с аккаунтом' },
  cited_licence: { en: 'by the plan of the licence it cites', ru: 'по плану указанной лицензии' },
  account_licence: { en: 'by the best plan of the account’s licences', ru: 'по лучшему плану лицензий аккаунта' },
};

/** When it is worked: by which clock, on which days of the week, and from when till when. */
export interface WorkingTime extends WorkingHours {
  /** IANA name, such as `Europe/Moscow`. */
  readonly zone: string;
  /** ISO days of the week, 1 for Monday to 7. */
  readonly weekdays: readonly number[];
}

/** “Mon–Fri, 11:00–20:00, Europe/Moscow”. Days off and worked Saturdays are the calendar's to tell. */
export function workingTimeInWords({ zone, weekdays, ...hours }: WorkingTime, locale: Locale): string {
  return `${weekdaysInWords(weekdays, locale)}, ${hoursInWords(hours, locale)}, ${zone}`;
}

/** “11:00–20:00”, “around the clock”. */
export function hoursInWords({ opens, closes }: WorkingHours, locale: Locale): string {
  if (opens === 0 && closes === 1_440) return { en: 'around the clock', ru: 'круглосуточно' }[locale];
  return spellHours({ opens, closes });
}

/** “11:00–20:00”, whoever reads it. */
export function spellHours({ opens, closes }: WorkingHours): string {
  return `${clockOf(opens)}–${clockOf(closes)}`;
}

/** Minutes since midnight as a clock shows them: “09:30”; the end of the day is “24:00”. */
export function clockOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Reads what {@link clockOf} spells, and “9:30” as well; undefined for what no clock shows. */
export function minutesOfClock(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hours === undefined) return undefined;
  const read = Number(hours) * 60 + Number(minutes);
  return read <= 1_440 ? read : undefined;
}

const weekdayWords: Readonly<Record<Locale, readonly string[]>> = {
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  ru: ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'],
};

/** “Mon–Fri”, “Mon–Wed, Fri”, “every day”. */
export function weekdaysInWords(weekdays: readonly number[], locale: Locale): string {
  const worked = [1, 2, 3, 4, 5, 6, 7].filter((day) => weekdays.includes(day));
  if (worked.length === 7) return { en: 'every day', ru: 'ежедневно' }[locale];
  if (worked.length === 0) return { en: 'on single days', ru: 'в отдельные дни' }[locale];
  const word = (day: number) => weekdayWords[locale][day - 1]!;
  return runsOf(worked)
    .map(([first, last]) => (last === first ? word(first) : `${word(first)}${last === first + 1 ? ', ' : '–'}${word(last)}`))
    .join(', ');
}

/** First and last of each row of numbers that follow one another. */
export function runsOf(days: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last?.[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}

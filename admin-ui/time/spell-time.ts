/** How instants and durations read. Pure: zone, language and now are handed in. */
import type { Locale } from '../../domain/locale.ts';

export interface ReaderTime {
  readonly locale: Locale;
  readonly timeZone: string;
}

// The British spelling has the day before the month and 24 hours, as both languages of the desk expect.
const tags: Readonly<Record<Locale, string>> = { en: 'en-GB', ru: 'ru' };
const formats = new Map<string, Intl.DateTimeFormat>();

function format({ locale, timeZone }: ReaderTime, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${locale} ${timeZone} ${JSON.stringify(options)}`;
  const known = formats.get(name) ?? new Intl.DateTimeFormat(tags[locale], { ...options, timeZone });
  formats.set(name, known);
  return known;
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** "Mon 1 Dec 13:14"; with the year when it is another one than now. */
export function spellMoment(at: Date, now: Date, reader: ReaderTime): string {
  return `${spellDay(at, now, reader)} ${format(reader, clock).format(at)}`;
}

/** "Mon 1 Dec"; with the year when it is another one than now. */
export function spellDay(at: Date, now: Date, reader: ReaderTime): string {
  const year = format(reader, { year: 'numeric' });
  const day = format(reader, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(year.format(at) === year.format(now) ? {} : { year: 'numeric' }),
  });
  return day.format(at).replace(',', '');
}

/** "1 Dec": for a row, where the weekday would cost more than it tells. */
export function spellDate(at: Date, now: Date, reader: ReaderTime): string {
  const year = format(reader, { year: 'numeric' });
  return format(reader, { day: 'numeric', month: 'short', ...(year.format(at) === year.format(now) ? {} : { year: 'numeric' }) }).format(
    at,
  );
}

/** "1 Dec 2026": where the year is never to be guessed. */
export function spellDateOfYear(at: Date, reader: ReaderTime): string {
  return format(reader, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

/** "13:14". */
export function spellClock(at: Date, reader: ReaderTime): string {
  return format(reader, clock).format(at);
}

/** "Monday 1 December 2026, 13:14:05 GMT+3": leaves no question open. */
export function spellExactly(at: Date, reader: ReaderTime): string {
  return format(reader, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at);
}

/** Whether both instants lie on one day of the reader's calendar. */
export function sameDay(one: Date, other: Date, reader: ReaderTime): boolean {
  const day = format(reader, { year: 'numeric', month: 'numeric', day: 'numeric' });
  return day.format(one) === day.format(other);
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** "5 min ago", "3 h ago", "yesterday", "2 d ago"; older than a week by its date. */
export function spellAgo(at: Date, now: Date, reader: ReaderTime): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  if (Math.abs(seconds) >= 7 * day) return spellDay(at, now, reader);
  const relative = new Intl.RelativeTimeFormat(tags[reader.locale], { numeric: 'auto', style: 'short' });
  if (Math.abs(seconds) < minute) return relative.format(0, 'second');
  if (Math.abs(seconds) < hour) return relative.format(-Math.trunc(seconds / minute), 'minute');
  if (Math.abs(seconds) < day) return relative.format(-Math.trunc(seconds / hour), 'hour');
  return relative.format(-Math.trunc(seconds / day), 'day');
}

/** The parts of a duration that a person would say: "3 h 20 min", "7 d", "2 d 4 h". Below a minute, seconds. */
export function durationParts(seconds: number): { unit: 'd' | 'h' | 'min' | 's'; value: number }[] {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < minute) return whole === 0 ? [] : [{ unit: 's', value: whole }];
  const parts = [
    { unit: 'd' as const, value: Math.floor(whole / day) },
    { unit: 'h' as const, value: Math.floor((whole % day) / hour) },
    { unit: 'min' as const, value: Math.floor((whole % hour) / minute) },
  ];
  const first = parts.findIndex((part) => part.value > 0);
  return parts.slice(first, first + 2).filter((part) => part.value > 0);
}

/** The instant at which the reader's wall clock shows this: `2026-12-01T09:00` in his zone. */
export function instantOfWallClock(text: string, timeZone: string): Date | undefined {
  // Some engines make a date of nearly anything.
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined;
  const asIfUtc = new Date(`${text}:00Z`);
  if (Number.isNaN(asIfUtc.getTime())) return undefined;
  // Twice, as the first guess may lie on the other side of a change of the clocks.
  const guess = new Date(asIfUtc.getTime() - offsetMilliseconds(asIfUtc, timeZone));
  return new Date(asIfUtc.getTime() - offsetMilliseconds(guess, timeZone));
}

/** What the reader's wall clock shows, as `2026-12-01T09:00`. */
export function wallClockOf(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetMilliseconds(at, timeZone)).toISOString().slice(0, 16);
}

function offsetMilliseconds(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((candidate) => candidate.type === type)?.value ?? '00';
  const shown = Date.UTC(
    Number(part('year')),
    Number(part('month')) - 1,
    Number(part('day')),
    Number(part('hour')),
    Number(part('minute')),
    Number(part('second')),
  );
  return shown - Math.trunc(at.getTime() / 1000) * 1000;
}

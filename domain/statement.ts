/** Monthly statements (SPEC B6): which months there are, and when they begin and end. Business time is Moscow's. */
import { refuse, type Refusal } from './errors.ts';
import type { Locale } from './locale.ts';
import { localDate, startOfDay } from './missing-year.ts';

/** Months are counted in the business calendar's zone, whoever reads: a statement is one document, the same for all. */
export const statementZone = 'Europe/Moscow';

export interface StatementMonth {
  /** `2026-11`. */
  readonly month: string;
  readonly startsAt: Date;
  /** The first instant after it. */
  readonly endsAt: Date;
  /** It runs: the statement tells what there is until now. */
  readonly isRunning: boolean;
}

/** The month by its name, such as `2026-11`; refused where it has not begun. */
export function statementMonth(month: string, now: Date): StatementMonth | Refusal<'statement.not_yet'> {
  const startsAt = startOf(month);
  const endsAt = startOf(monthAfter(month, 1));
  if (startsAt > now) return refuse('statement.not_yet');
  return { month, startsAt, endsAt, isRunning: endsAt > now };
}

/** The month that this instant is in. */
export function monthOf(at: Date): string {
  return localDate(statementZone, at).slice(0, 7);
}

/** The month so many after this one. */
export function monthAfter(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const index = year * 12 + number - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** When the statements of the month before are mailed next: at 09:00 of this day of the month, after this instant. */
export function nextStatementsAt(dayOfMonth: number, after: Date): Date {
  const month = monthOf(after);
  const at = (of: string) => new Date(startOfDay(statementZone, `${of}-${String(dayOfMonth).padStart(2, '0')}`).getTime() + 9 * 3_600_000);
  const first = at(month);
  return first > after ? first : at(monthAfter(month, 1));
}

/** The month in words: `November 2026`, «ноябрь 2026 г.». */
export function spellMonth(month: string, locale: Locale): string {
  const form = new Intl.DateTimeFormat(locale === 'ru' ? 'ru-RU' : 'en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return form.format(new Date(`${month}-01T00:00:00Z`));
}

function startOf(month: string): Date {
  return startOfDay(statementZone, `${month}-01`);
}

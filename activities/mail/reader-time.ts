import type { Locale } from '../../domain/locale.ts';

/** An instant in the reader's language and zone, with the zone's name, as every promise in a mail is told (SPEC C3). */
export function spellForReader(at: Date, { locale, timeZone }: { readonly locale: Locale; readonly timeZone: string }): string {
  const form = new Intl.DateTimeFormat(locale === 'ru' ? 'ru-RU' : 'en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone });
  return `${form.format(at)} (${timeZone})`;
}

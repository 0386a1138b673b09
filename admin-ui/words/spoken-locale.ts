import { locales, type Locale } from '../../domain/locale.ts';

let spoken: Locale = browserLocale();

/** The language the console speaks now; requests ask for the same one. */
export function spokenLocale(): Locale {
  return spoken;
}

export function speak(locale: Locale): void {
  spoken = locale;
  document.documentElement.lang = locale;
}

/** The first of the browser's languages that Kontor speaks. */
export function browserLocale(): Locale {
  for (const tag of navigator.languages) {
    const known = locales.find((locale) => tag.toLowerCase().split('-')[0] === locale);
    if (known) return known;
  }
  return 'en';
}

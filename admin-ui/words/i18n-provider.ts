import polyglotI18nProvider from 'ra-i18n-polyglot';
import englishMessages from 'ra-language-english';
import * as russian from 'ra-language-russian';
import type { I18nProvider } from 'react-admin';
import { locales, type Locale } from '../../domain/locale.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';
import { speak, spokenLocale } from './spoken-locale.ts';

interface Words {
  [key: string]: string | Words;
}

/** Lays one set of messages over another, so that a word missing in Russian falls back to English. */
export function layOver(below: Words, above: Words): Words {
  const laid: Words = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = laid[key];
    laid[key] = typeof value === 'object' && typeof under === 'object' ? layOver(under, value) : value;
  }
  return laid;
}

// The package is CommonJS: depending on who loads it, its default export is one level deeper.
const russianOfReactAdmin = ('default' in russian.default ? (russian.default as { default: unknown }).default : russian.default) as Words;
const english = layOver(englishMessages as unknown as Words, en);
const messages: Readonly<Record<Locale, Words>> = { en: english, ru: layOver(layOver(english, russianOfReactAdmin), ru) };

const names: Readonly<Record<Locale, string>> = { en: 'English', ru: 'Русский' };

function known(locale: string): Locale {
  return locales.find((candidate) => candidate === locale) ?? 'en';
}

export const i18nProvider: I18nProvider = polyglotI18nProvider(
  (locale) => {
    speak(known(locale));
    return messages[known(locale)] as never;
  },
  spokenLocale(),
  locales.map((locale) => ({ locale, name: names[locale] })),
  { allowMissing: false },
);

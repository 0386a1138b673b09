/** Languages Kontor itself speaks. Texts that staff write may have more (SPEC, languages). */
export const locales = ['en', 'ru'] as const;
export type Locale = (typeof locales)[number];

/** A text by locale, as staff write it. English is what falls back, so it is always there. */
export type LocalisedText = Readonly<{ en: string } & Record<string, string>>;

/** The text in the reader's language, else in English. */
export function inLocale(text: LocalisedText, locale: string): string {
  return text[locale] ?? text.en;
}

/**
 * The first language of an `Accept-Language` header that Kontor speaks, by weight, then by order (RFC 9110, 12.5.4).
 * @returns undefined when it names none
 */
export function preferredLocale(acceptLanguage: string | undefined): Locale | undefined {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter((range) => range.weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return wanted.map((range) => locales.find((locale) => locale === range.language)).find((locale) => locale !== undefined);
}

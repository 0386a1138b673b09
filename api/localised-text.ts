/** Texts that staff write for readers: a map by locale, of which English is always there (SPEC, languages). */
import { z } from '@hono/zod-openapi';
import { locales, type LocalisedText } from '../domain/locale.ts';
import { bodyText, lineText } from './schemas.ts';

/** One line in each language. */
export function localisedLine(maxCharacters: number, example: LocalisedText): z.ZodType<LocalisedText> {
  return inEachLocale((words) => lineText(maxCharacters, words), example);
}

/** Many lines in each language, as Markdown. */
export function localisedBody(maxCharacters: number, example: LocalisedText): z.ZodType<LocalisedText> {
  return inEachLocale((words) => bodyText(words, maxCharacters), example);
}

/** As it is answered: whatever languages there are. */
export const localised = z.record(z.string(), z.string()).openapi({ example: { en: 'In English', ru: 'По-русски' } });

function inEachLocale(field: (example: string) => z.ZodType<string>, example: LocalisedText): z.ZodType<LocalisedText> {
  const fields = locales.map((locale) => {
    const words = field(example[locale] ?? example.en);
    return [locale, locale === 'en' ? words : words.optional()] as const;
  });
  return z.strictObject(Object.fromEntries(fields)).openapi({ example }) as unknown as z.ZodType<LocalisedText>;
}

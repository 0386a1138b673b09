import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { ru } from './ru.ts';

interface Words {
  [key: string]: string | Words;
}

function flat(words: Words, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
}

const holes = (text: string) => [...new Set(text.match(/%\{\w+\}/g))].toSorted();

describe('the console’s words', () => {
  const russian = new Map(flat(ru));

  test.each(flat(en))('A1: %s has its values, its plural forms and its own words in Russian', (key, english) => {
    const text = russian.get(key)!;
    for (const form of text.split('||||')) expect(holes(form)).toEqual(holes(english));
    if (english.includes('||||') && english.includes('smart_count')) expect(text.split('||||')).toHaveLength(3);
    if (!/^(kontor\.name|kontor\.next\.short\.quiet)$/.test(key) && /[a-z]{2}/i.test(english.replaceAll(/%\{\w+\}/g, '')))
      expect(text).toMatch(/[а-яё]/i);
  });
});

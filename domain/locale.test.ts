import { expect, test } from 'vitest';
import { inLocale, preferredLocale } from './locale.ts';

test('the language is the caller’s first that Kontor speaks', () => {
  expect(preferredLocale('ru-RU,ru;q=0.9,en;q=0.8')).toBe('ru');
  expect(preferredLocale('de, en;q=0.5, ru;q=0.7')).toBe('ru');
  expect(preferredLocale('pl')).toBeUndefined();
  expect(preferredLocale('ru;q=0')).toBeUndefined();
  expect(preferredLocale(undefined)).toBeUndefined();
});

test('a text without the reader’s language falls back to English', () => {
  expect(inLocale({ en: 'Technical', ru: 'Техническая' }, 'ru')).toBe('Техническая');
  expect(inLocale({ en: 'Technical' }, 'ru')).toBe('Technical');
});

import { describe, expect, test } from 'vitest';
import { maxBodyCharacters } from '../../domain/written-text.ts';
import { standardScope, type ScopeGroup } from './support-scope.ts';

/** How many items of each stance a group has, and words that each must hold, in the order of the page they come from. */
function ofSource(source: ScopeGroup['source']): ScopeGroup[] {
  return standardScope.filter((group) => group.source === source);
}

function titles(group: ScopeGroup, stance: string): string[] {
  return group.items.filter((item) => item.stance === stance).map(({ title }) => title['ru']!);
}

function expectTitles(group: ScopeGroup | undefined, stance: string, words: readonly RegExp[]): void {
  const found = titles(group!, stance);
  expect(found.length, `${group!.section.en}, ${stance}`).toBe(words.length);
  for (const [at, word] of words.entries()) expect(found[at]).toMatch(word);
}

describe('the catalogue that an installation begins with', () => {
  test('T15: holds all that ISPsystem does not do, five and what others installed, and the two it does for money', () => {
    const [servers, development, ...none] = ofSource('ispsystem');
    expect(none).toEqual([]);
    expectTitles(servers, 'not_covered', [
      /неисправностей сервера/,
      /настройка системы и стороннего ПО/,
      /сети/,
      /PHP, MySQL/,
      /EOL/,
      /стороннего ПО/,
    ]);
    expectTitles(servers, 'covered', []);
    expectTitles(development, 'paid', [/плагинов и доработок наших/, /внешних подрядчиков/]);
    expect(
      [servers!, development!].every(({ product, edition, category }) => product === null && edition === null && category === 'technical'),
    ).toBe(true);
  });

  test('T15: holds all six groups of Bitrix24, on-premise, each with what support does and does not do', () => {
    const groups = ofSource('bitrix24');
    const [installation, performance, updates, errors, integration, using, ...none] = groups;
    expect(none).toEqual([]);
    expect(groups.every(({ product, edition }) => product === 'bitrix24' && edition === 'on_premise')).toBe(true);
    expectTitles(installation, 'covered', [/установке продукта/, /Типичные/, /выбору серверного ПО/, /переносу/]);
    expectTitles(installation, 'not_covered', [
      /^Установка продукта/,
      /резервных копий/,
      /^Диагностика серверного/,
      /^Установка серверного/,
    ]);
    expectTitles(performance, 'covered', [/серверному ПО/, /параметрам/, /кешированию/]);
    expectTitles(performance, 'not_covered', [/Настройка ПО/, /нагрузочное/, /Оптимизация кода/]);
    expectTitles(updates, 'covered', [/ключом/, /установленное обновление/]);
    expectTitles(updates, 'not_covered', [/прокси/, /системы обновлений/]);
    expectTitles(errors, 'covered', [/эксплуатации/, /самого продукта/]);
    expectTitles(errors, 'not_covered', [/установки/, /базы данных/, /Конфигурация/, /серверном ПО/]);
    expectTitles(integration, 'covered', [/интеграции/, /API/, /стандартной поставки/]);
    expectTitles(integration, 'not_covered', [
      /программирования/,
      /заданной логикой/,
      /Диагностика созданных/,
      /компонентов/,
      /модулей/,
      /публичных/,
      /Изменение кода/,
      /платёжными/,
    ]);
    expectTitles(using, 'covered', [/модулей/, /лицензирования/, /многосайтовости/, /безопасности/, /Пожелания/, /документации/]);
    expectTitles(using, 'not_covered', []);
  });

  test('T15: says of each category of ISPGo what it is for', () => {
    expect(ofSource('ispgo').map(({ category }) => category)).toEqual(['technical', 'billing', 'licence', 'general', 'other']);
    expect(ofSource('ispgo').every(({ items }) => items.length === 1 && items[0]!.stance === 'covered')).toBe(true);
  });

  test('T15: each item is told in both languages, by a title and a text that a customer can be sent', () => {
    const items = standardScope.flatMap((group) => group.items);
    expect(items.length).toBe(8 + 41 + 5);
    for (const { title, text } of items) {
      for (const [locale, letters] of [
        ['en', /^[^а-яё]+$/i],
        ['ru', /[а-яё]/i],
      ] as const) {
        expect(title[locale]).toMatch(letters);
        expect(text[locale]).toMatch(letters);
        expect(text[locale]).toMatch(/\.$/);
        expect([...text[locale]!].length).toBeLessThan(maxBodyCharacters);
      }
    }
    expect(new Set(items.map(({ title }) => title.en)).size).toBe(items.length);
  });
});

import { describe, expect, test } from 'vitest';
import { isCity, partnersFor, refusableBy, scopeRefusalText, scopeStances, type TellablePartner } from './support-scope.ts';

function partner(name: string, city: { en: string; ru: string }): TellablePartner {
  return { name, city, skills: [{ en: 'Servers', ru: 'Серверы' }], address: `https://${name.toLowerCase()}.example`, text: null };
}
const moscow = { en: 'Moscow', ru: 'Москва' };
const oryol = { en: 'Oryol', ru: 'Орёл' };

test.each(scopeStances)('T15: whether %s can be a reason to refuse', (stance) => {
  const expected = { covered: { refused: 'scope_item.covered' }, paid: { refused: 'scope_item.offer_quote' }, not_covered: undefined };
  expect(refusableBy({ stance, withdrawn: false })).toEqual(expected[stance]);
  expect(refusableBy({ stance, withdrawn: true })).toEqual({ refused: 'scope_item.withdrawn' });
});

describe('partners', () => {
  test('T15: a city is known in any of its languages, in any case, with ё or е', () => {
    for (const named of ['Орёл', 'орел', ' ORYOL ', 'oryol']) expect(isCity(oryol, named)).toBe(true);
    for (const named of ['', 'Ory', 'Москва', null]) expect(isCity(oryol, named)).toBe(false);
  });

  test('T15: his own city comes first, the others keep their order, and ten are told at the most', () => {
    const many = [...Array(12).keys()].map((at) => partner(`P${at}`, at === 7 || at === 11 ? oryol : moscow));
    const told = partnersFor(many, 'Орел').map(({ name }) => name);
    expect(told).toEqual(['P7', 'P11', 'P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P8']);
    expect(partnersFor(many, null).map(({ name }) => name)).toEqual([...Array(10).keys()].map((at) => `P${at}`));
    expect(partnersFor([], 'Орёл')).toEqual([]);
  });
});

describe('a refusal by the catalogue', () => {
  const text = { en: 'Support does not set networks up.', ru: 'Поддержка не настраивает сети.' };

  test('T15: says what the agent adds, the text and the partners, in the customer’s language', () => {
    const told = {
      text,
      comment: ' Мы проверили.\n',
      partners: [{ ...partner('Vega', oryol), text: { en: 'Any day', ru: 'В любой день,\nи ночью' } }],
    };
    expect(scopeRefusalText(told, 'ru')).toBe(
      'Мы проверили.\n\nПоддержка не настраивает сети.\n\nС этим могут помочь партнёры:\n\n- **Vega**, Орёл: Серверы. <https://vega.example> В любой день, и ночью',
    );
  });

  test('T15: without partners and without a comment it is the text alone, and English where there is no other', () => {
    expect(scopeRefusalText({ text, comment: null, partners: [] }, 'en')).toBe(text.en);
    expect(scopeRefusalText({ text: { en: text.en }, comment: null, partners: [] }, 'ru')).toBe(text.en);
  });
});

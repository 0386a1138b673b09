import { expect, test } from 'vitest';
import { excerptOf, markWords } from './found-words.ts';

const marked = (text: string, stems: string[]) => markWords(text, stems).map(([start, length]) => text.slice(start, start + length));

test('T10: words are marked in every form that begins as the stem, whatever their case, and ё counts as е', () => {
  expect(marked('Обновления панели; ОБНОВЛЕНИЕ, не новое', ['обновлен'])).toEqual(['Обновления', 'ОБНОВЛЕНИЕ']);
  expect(marked('Ёлка и елка', ['елк'])).toEqual(['Ёлка', 'елка']);
  expect(marked('updates an update', ['updat'])).toEqual(['updates', 'update']);
  expect(marked('reupdate', ['updat'])).toEqual([]);
  expect(markWords('a text', [])).toEqual([]);
});

test('T10: an excerpt is short, shows the first hit, and says where it was cut', () => {
  const long = `${'раньше '.repeat(100)}обновление ${'позже '.repeat(100)}`;
  const found = excerptOf(long, ['обновлен']);
  expect(found?.text.length).toBeLessThan(220);
  expect(found?.text).toMatch(/^… раньше .*обновление позже .*позже …$/);
  expect(found?.marks.map(([start, length]) => found.text.slice(start, start + length))).toEqual(['обновление']);
});

test('T10: an excerpt is one line, and nothing is cut where the text is short or one long word', () => {
  expect(excerptOf('two\n\nlines here', ['line'])).toEqual({ text: 'two lines here', marks: [[4, 5]] });
  expect(excerptOf(`${'x'.repeat(300)} hit`, ['hit'])?.text).toBe('… hit');
  expect(excerptOf('x'.repeat(3_000), ['x'])?.text.length).toBeLessThan(220);
  expect(excerptOf('nothing of it', ['hit'])).toBeUndefined();
});

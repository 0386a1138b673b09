import { expect, test } from 'vitest';
import { readPercentBp, spellPercentBp } from './percent.ts';

test('B5: percentages are read as people type them, and never rounded', () => {
  expect(['20', '7,5', '12.25 %', ' 0,01%', '100', '0'].map(readPercentBp)).toEqual([2000, 750, 1225, 1, 10_000, 0]);
  expect(['100,01', '101', '1e1', '-5', '1,005', '', '%', '½', '٢'].map(readPercentBp)).toEqual(Array.from({ length: 9 }, () => undefined));
});

test('B5: what is spelled is read back as the same', () => {
  for (const bp of [0, 1, 10, 99, 100, 750, 1225, 2000, 9_999, 10_000]) expect(readPercentBp(spellPercentBp(bp))).toBe(bp);
  expect(spellPercentBp(750)).toBe('7,5\u00a0%');
});

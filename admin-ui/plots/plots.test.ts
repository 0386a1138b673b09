import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharePerCent } from './number-words.ts';
import { labelledColumns, ticksUpTo } from './scale.ts';

describe('A3: plots', () => {
  test('A3: lines are drawn at whole round numbers, and the highest column stays below the last', () => {
    expect(ticksUpTo(0)).toEqual([0, 1]);
    expect(ticksUpTo(3)).toEqual([0, 1, 2, 3]);
    expect(ticksUpTo(9)).toEqual([0, 5, 10]);
    expect(ticksUpTo(41)).toEqual([0, 20, 40, 60]);
    expect(ticksUpTo(1_000)).toEqual([0, 500, 1_000]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (greatest) => {
        const ticks = ticksUpTo(greatest);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(greatest);
        expect(ticks.length).toBeLessThanOrEqual(5);
        expect(ticks.every((tick) => Number.isInteger(tick))).toBe(true);
      }),
    );
  });

  test('A3: of many columns so many have a word below as there is room for', () => {
    expect([...labelledColumns(3, 6)]).toEqual([0, 1, 2]);
    expect([...labelledColumns(30, 6)]).toEqual([0, 5, 10, 15, 20, 25]);
    expect([...labelledColumns(0, 6)]).toEqual([]);
  });

  test('S8: a share is told to a tenth, and all of it only of all', () => {
    expect(sharePerCent(0.93333)).toBe(93.3);
    expect(sharePerCent(0.99999)).toBe(99.9);
    expect(sharePerCent(1)).toBe(100);
    expect(sharePerCent(0.00001)).toBe(0.1);
    expect(sharePerCent(0)).toBe(0);
  });
});

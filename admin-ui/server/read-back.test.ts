import { describe, expect, test } from 'vitest';
import { readBack, readEarlier, type ReadPage } from './read-back.ts';

/** A list of this many, read in threes; counts how often it is asked. */
function listOf(length: number): { readPage: ReadPage<{ id: string }>; asked: () => number; grow: (by: number) => void } {
  let asked = 0;
  let has = length;
  return {
    asked: () => asked,
    grow: (by) => (has += by),
    readPage: async (cursor) => {
      asked += 1;
      const below = cursor === undefined ? has + 1 : Number(cursor);
      const items = [1, 2, 3].map((step) => below - step).filter((place) => place > 0);
      const last = items.at(-1) ?? 0;
      return { items: items.map((place) => ({ id: String(place) })), nextCursor: last > 1 ? String(last) : null };
    },
  };
}
const ids = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => Number(id));

describe('A2: a long list is read from its end', () => {
  test('first the newest, then what came before on demand, then there is nothing more', async () => {
    const { readPage, asked } = listOf(7);
    const first = await readBack(readPage, undefined);
    expect(ids(first)).toEqual([5, 6, 7]);
    const second = await readEarlier(readPage, first);
    const third = await readEarlier(readPage, second);
    expect(ids(third)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([first.earlier === null, third.earlier]).toEqual([false, null]);
    expect(asked()).toBe(3);
  });

  test('what is new joins what was read, with no gap and nothing twice', async () => {
    const { readPage, grow, asked } = listOf(20);
    let known = await readBack(readPage, undefined);
    known = await readEarlier(readPage, known);
    grow(1);
    known = await readBack(readPage, known);
    expect(ids(known)).toEqual([15, 16, 17, 18, 19, 20, 21]);
    expect(asked()).toBe(3);
    grow(5);
    known = await readBack(readPage, known);
    expect(ids(known)).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26]);
    known = await readEarlier(readPage, known);
    expect(ids(known).slice(0, 4)).toEqual([12, 13, 14, 15]);
  });

  test('after a very long absence what was read is forgotten rather than shown with a gap', async () => {
    const { readPage, grow } = listOf(10);
    const known = await readBack(readPage, undefined);
    grow(100);
    const after = await readBack(readPage, known);
    expect(ids(after)).toEqual(Array.from({ length: 12 }, (_, at) => 99 + at));
    expect(after.earlier).not.toBeNull();
  });

  test('what has been taken away from the end is gone', async () => {
    const { readPage, grow } = listOf(5);
    const known = await readBack(readPage, undefined);
    grow(-1);
    expect(ids(await readBack(readPage, known))).toEqual([1, 2, 3, 4]);
  });
});

import { describe, expect, test } from 'vitest';
import { CursorPages } from './cursor-pages.ts';

/** An API with this many rows, 10 a page, whose cursor is where the next page begins. */
function apiOf(rows: number) {
  const asked: (string | undefined)[] = [];
  const read = async (cursor: string | undefined) => {
    asked.push(cursor);
    const from = Number(cursor ?? 0);
    const items = Array.from({ length: Math.min(10, rows - from) }, (_row, at) => from + at);
    return { items, nextCursor: from + 10 < rows ? String(from + 10) : null, pageInfo: { total: rows, exact: true } };
  };
  return { asked, read };
}

describe('numbered pages over cursors', () => {
  test('T10: a page that follows a known one costs one request', async () => {
    const { asked, read } = apiOf(35);
    const pages = new CursorPages();
    expect((await pages.read('list', 1, read)).items[0]).toBe(0);
    expect((await pages.read('list', 2, read)).items[0]).toBe(10);
    expect((await pages.read('list', 4, read)).items).toEqual([30, 31, 32, 33, 34]);
    expect(asked).toEqual([undefined, '10', '20', '30']);
    expect((await pages.read('list', 2, read)).items[0]).toBe(10);
    expect(asked).toHaveLength(5);
  });

  test('T10: a page is reached after a reload, and one beyond the end is empty', async () => {
    const { read } = apiOf(35);
    expect((await new CursorPages().read('list', 3, read)).items[0]).toBe(20);
    expect((await new CursorPages().read('list', 9, read)).items).toEqual([]);
  });

  test('T10: two lists never share their cursors', async () => {
    const pages = new CursorPages();
    await pages.read('one', 1, apiOf(35).read);
    const other = apiOf(35);
    await pages.read('other', 2, other.read);
    expect(other.asked).toEqual([undefined, '10']);
  });
});

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { looksLikeId, maxTicketNumber, readTicketNumber, spellId, spellTicketNumber } from './ids.ts';

test('T2: a number is CS- and at least six digits', () => {
  expect(spellTicketNumber(1)).toBe('CS-000001');
  expect(spellTicketNumber(1_234_567)).toBe('CS-1234567');
});

test('T2: a number is read the way people say it', () => {
  for (const text of ['CS-000123', 'cs-123', '123', ' CS-00000123 ']) expect(readTicketNumber(text)).toBe(123);
});

test('T2: what is no number is not read as one', () => {
  for (const text of [
    '',
    'CS-',
    'CS-0',
    '0',
    '-1',
    '1e3',
    '12 3',
    'CS-000123x',
    '99999999999',
    String(maxTicketNumber + 1),
    "1' or '1'='1",
  ])
    expect(readTicketNumber(text), text).toBeUndefined();
});

test('ids name their kind, never repeat and sort by the instant they were made', () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => spellId('message', new Date(1_700_000_000_000 + index), randomBytes(10)));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => looksLikeId('message', id))).toBe(true);
  expect(looksLikeId('message', ids[0]!.replace('msg_', 'usr_'))).toBe(false);
});

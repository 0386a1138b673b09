import { describe, expect, test } from 'vitest';
import type { CannedReply } from '../../server/answers.ts';
import { fitting, slashAt } from './canned.ts';

const reply = (id: string, shortcut: string | null, title: string, categories: string[] | null = null): CannedReply => ({
  id,
  shortcut,
  title: { en: title, ru: `${title} по-русски` },
  body: { en: 'x' },
  categories,
  uses: 0,
  updatedAt: '',
  withdrawnAt: null,
  revision: 1,
});
const replies = [
  reply('a', 'logs', 'Ask for logs'),
  reply('b', 'log', 'Ask for the panel log'),
  reply('c', null, 'Thank you', ['sales']),
  reply('d', 'thanks', 'We thank you'),
];
const ids = (query: string, category = 'technical') => fitting(replies, query, category).map(({ id }) => id);
const caret = (text: string) => ({ text, from: text.length, to: text.length });

describe('T13: canned replies by typing a stroke', () => {
  test('the stroke counts at the beginning of a line only', () => {
    expect(slashAt(caret('/'))).toEqual({ from: 0, query: '' });
    expect(slashAt(caret('Hello\n/лог'))).toEqual({ from: 6, query: 'лог' });
    expect(slashAt(caret('look at /var'))).toBeUndefined();
    expect(slashAt(caret('/var/log'))).toBeUndefined();
    expect(slashAt({ text: '/log', from: 0, to: 4 })).toBeUndefined();
  });

  test('found by shortcut or title in any language, of the ticket’s queue, the exact shortcut first', () => {
    expect(ids('')).toEqual(['a', 'b', 'd']);
    expect(ids('log')).toEqual(['b', 'a']);
    expect(ids('PANEL ask')).toEqual(['b']);
    expect(ids('русски')).toEqual(['a', 'b', 'd']);
    expect(ids('thank', 'sales')).toEqual(['d', 'c']);
    expect(ids('nothing')).toEqual([]);
  });
});

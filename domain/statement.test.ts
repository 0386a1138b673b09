import { describe, expect, test } from 'vitest';
import { monthAfter, monthOf, nextStatementsAt, spellMonth, statementMonth } from './statement.ts';

const at = (text: string) => new Date(text);

describe('monthly statements', () => {
  test('B6: a month begins and ends at midnight in Moscow, whoever reads', () => {
    expect(statementMonth('2026-11', at('2026-12-24T00:00:00Z'))).toEqual({
      month: '2026-11',
      startsAt: at('2026-10-31T21:00:00Z'),
      endsAt: at('2026-11-30T21:00:00Z'),
      isRunning: false,
    });
    // Moscow's clocks went back in October 2014.
    expect(statementMonth('2014-10', at('2026-12-24T00:00:00Z'))).toMatchObject({
      startsAt: at('2014-09-30T20:00:00Z'),
      endsAt: at('2014-10-31T21:00:00Z'),
    });
  });

  test('B6: the month that runs says so, from its first instant to its last; one that has not begun has no statement', () => {
    expect(statementMonth('2026-11', at('2026-10-31T20:59:59.999Z'))).toEqual({ refused: 'statement.not_yet' });
    expect(statementMonth('2026-11', at('2026-10-31T21:00:00.000Z'))).toMatchObject({ isRunning: true });
    expect(statementMonth('2026-11', at('2026-11-30T20:59:59.999Z'))).toMatchObject({ isRunning: true });
    expect(statementMonth('2026-11', at('2026-11-30T21:00:00.000Z'))).toMatchObject({ isRunning: false });
    expect(monthOf(at('2026-10-31T21:00:00Z'))).toBe('2026-11');
  });

  test('B6: months are counted over the turn of the year, in both directions', () => {
    expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1), monthAfter('2026-03', -15), monthAfter('2026-11', 0)]).toEqual([
      '2027-01',
      '2025-12',
      '2024-12',
      '2026-11',
    ]);
  });

  test('N2: statements are told at 09:00 in Moscow of the day that is set, and never at the instant they were told', () => {
    expect(nextStatementsAt(1, at('2026-11-30T20:59:59.999Z'))).toEqual(at('2026-12-01T06:00:00Z'));
    expect(nextStatementsAt(1, at('2026-12-01T06:00:00Z'))).toEqual(at('2027-01-01T06:00:00Z'));
    expect(nextStatementsAt(28, at('2026-12-01T06:00:00Z'))).toEqual(at('2026-12-28T06:00:00Z'));
  });

  test('A1: a month is told in the reader’s words', () => {
    expect([spellMonth('2026-11', 'en'), spellMonth('2026-11', 'ru')]).toEqual(['November 2026', 'ноябрь 2026 г.']);
  });
});

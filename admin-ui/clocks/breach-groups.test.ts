import { describe, expect, test } from 'vitest';
import { breachGroupOf, groupedRows, pressesUntil } from './breach-groups.ts';
import type { ShownClock } from './clock-reading.ts';

/** 21:10 on 12 January in Moscow. */
const now = new Date('2026-01-12T18:10:00Z');
const clock = (dueAt: string | null, more: Partial<ShownClock> = {}): ShownClock => ({
  what: 'first_response',
  state: 'running',
  target: { amount: 16, unit: 'hours' },
  dueAt,
  warnsAt: null,
  breachedAt: null,
  hold: null,
  ...more,
});
const groupOf = (...clocks: ShownClock[]) => breachGroupOf({ clocks }, now, 'Europe/Moscow');

describe('what breaches next', () => {
  test('S8: broken, within an hour, today, later: by the reader’s day', () => {
    expect(groupOf(clock('2026-01-12T18:09:59Z'))).toBe('overdue');
    expect(groupOf(clock('2026-01-12T19:09:59Z'))).toBe('hour');
    expect(groupOf(clock('2026-01-12T19:10:00Z'))).toBe('today');
    expect(groupOf(clock('2026-01-12T20:59:59Z'))).toBe('today');
    expect(groupOf(clock('2026-01-12T21:00:00Z'))).toBe('later');
    expect(breachGroupOf({ clocks: [clock('2026-01-12T21:00:00Z')] }, now, 'UTC')).toBe('today');
  });

  test('S8: a ticket stands by the most urgent of its clocks; what a hold keeps stands last', () => {
    const later = clock('2026-02-01T09:00:00Z', { what: 'fix' });
    expect(groupOf(later, clock('2026-01-12T18:30:00Z'))).toBe('hour');
    expect(groupOf(clock(null, { what: 'fix', state: 'paused' }), later)).toBe('later');
    expect(groupOf(clock('2026-01-12T17:00:00Z', { hold: { until: null } }))).toBe('held');
    expect(groupOf(clock('2026-01-12T17:00:00Z', { hold: { until: null } }), later)).toBe('later');
  });

  test('S8: what is today’s business ends with the reader’s day, and late in the evening an hour from now', () => {
    expect(pressesUntil(now, 'Europe/Moscow')).toEqual(new Date('2026-01-12T21:00:00Z'));
    expect(pressesUntil(new Date('2026-01-12T20:30:00Z'), 'Europe/Moscow')).toEqual(new Date('2026-01-12T21:30:00Z'));
    expect(pressesUntil(new Date('2026-10-24T12:00:00Z'), 'Europe/Berlin')).toEqual(new Date('2026-10-24T22:00:00Z'));
    expect(pressesUntil(new Date('2026-10-25T12:00:00Z'), 'Europe/Berlin')).toEqual(new Date('2026-10-25T23:00:00Z'));
  });

  test('S8: groups keep their order and the rows’ own within them', () => {
    expect(groupedRows(['a', 'b', 'c', 'd'], ['held', 'overdue', 'later', 'overdue'])).toEqual([
      { group: 'overdue', rows: ['b', 'd'] },
      { group: 'later', rows: ['c'] },
      { group: 'held', rows: ['a'] },
    ]);
  });
});

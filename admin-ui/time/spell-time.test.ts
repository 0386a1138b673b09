import { describe, expect, test } from 'vitest';
import {
  durationParts,
  instantOfWallClock,
  sameDay,
  spellAgo,
  spellDateOfYear,
  spellExactly,
  spellMoment,
  wallClockOf,
} from './spell-time.ts';

const moscow = { locale: 'en', timeZone: 'Europe/Moscow' } as const;
const moscowRu = { locale: 'ru', timeZone: 'Europe/Moscow' } as const;
const now = new Date('2026-11-24T10:14:00Z');

describe('instants as people read them', () => {
  test('A1: a moment is spelled in the reader’s zone and language, with the year only when it is another one', () => {
    expect(spellMoment(new Date('2026-12-01T10:14:00Z'), now, moscow)).toBe('Tue 1 Dec 13:14');
    expect(spellMoment(new Date('2026-12-01T10:14:00Z'), now, moscowRu)).toMatch(/^вт 1 дек\.? 13:14$/);
    expect(spellMoment(new Date('2027-01-01T00:00:00Z'), now, moscow)).toBe('Fri 1 Jan 2027 03:00');
    expect(spellExactly(new Date('2026-12-01T10:14:05Z'), moscow)).toContain('13:14:05 GMT+3');
  });

  test('A1: a date that may lie in any year has its year', () => {
    expect(spellDateOfYear(new Date('2026-12-31T22:00:00Z'), moscow)).toBe('1 Jan 2027');
    expect(spellDateOfYear(new Date('2026-11-24T10:14:00Z'), moscowRu)).toMatch(/^24 нояб\.? 2026 г\.$/);
  });

  test('A1: what was is told relative to now, and by its date after a week', () => {
    const ago = (seconds: number) => spellAgo(new Date(now.getTime() - seconds * 1000), now, moscow);
    expect(ago(5)).toBe('now');
    expect(ago(-5)).toBe('now');
    expect(ago(59 * 60)).toBe('59 min ago');
    expect(ago(3 * 3600)).toMatch(/^3 hr?\.? ago$/);
    expect(ago(25 * 3600)).toBe('yesterday');
    expect(ago(8 * 86_400)).toBe('Mon 16 Nov');
  });

  test('A1: a day is a day of the reader’s calendar', () => {
    expect(sameDay(new Date('2026-11-24T20:59:00Z'), now, moscow)).toBe(true);
    expect(sameDay(new Date('2026-11-24T21:00:00Z'), now, moscow)).toBe(false);
  });

  test('A1: a duration has the two units a person would say', () => {
    expect(durationParts(12_000)).toEqual([
      { unit: 'h', value: 3 },
      { unit: 'min', value: 20 },
    ]);
    expect(durationParts(604_800)).toEqual([{ unit: 'd', value: 7 }]);
    expect(durationParts(86_400 + 60)).toEqual([{ unit: 'd', value: 1 }]);
    expect(durationParts(42)).toEqual([{ unit: 's', value: 42 }]);
    expect(durationParts(0)).toEqual([]);
  });

  test('T4: a snooze by the wall clock is the same instant in any zone, across a change of the clocks too', () => {
    expect(instantOfWallClock('2026-12-01T09:00', 'Europe/Moscow')?.toISOString()).toBe('2026-12-01T06:00:00.000Z');
    expect(instantOfWallClock('2026-10-25T12:00', 'Europe/Berlin')?.toISOString()).toBe('2026-10-25T11:00:00.000Z');
    expect(instantOfWallClock('2026-10-24T12:00', 'Europe/Berlin')?.toISOString()).toBe('2026-10-24T10:00:00.000Z');
    expect(instantOfWallClock('nonsense', 'UTC')).toBeUndefined();
    expect(wallClockOf(new Date('2026-12-01T06:00:00Z'), 'Europe/Moscow')).toBe('2026-12-01T09:00');
  });
});

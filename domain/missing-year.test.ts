import { describe, expect, test } from 'vitest';
import type { CalendarYear } from './business-calendar.ts';
import { localDate, missingYear, lookFrom, lookAfter, readYearLook, spellYearLook, startOfDay } from './missing-year.ts';

const plain: CalendarYear = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };
const knowing = (zone: string, ...years: number[]) => ({ zone, years: Object.fromEntries(years.map((year) => [year, plain])) });
const moscow = knowing('Europe/Moscow', 2025, 2026, 2027);

describe('S2: a missing year', () => {
  test('S2: the coming year is asked for from 1 November, midnight of the calendar’s zone', () => {
    expect(missingYear(moscow, new Date('2027-10-31T20:59:59.999Z'))).toBeNull();
    expect(missingYear(moscow, new Date('2027-10-31T21:00:00Z'))).toBe(2028);
    expect(missingYear(moscow, new Date('2027-12-31T20:59:59Z'))).toBe(2028);
    expect(missingYear(knowing('Europe/Moscow', 2027, 2028), new Date('2027-12-31T20:00:00Z'))).toBeNull();
    expect(missingYear(moscow, new Date('2026-11-23T10:00:00Z'))).toBeNull();
  });

  test('S2: a year that began without being added is missing until it is', () => {
    expect(missingYear(moscow, new Date('2028-03-01T00:00:00Z'))).toBe(2028);
    expect(missingYear(knowing('Europe/Moscow', 2028), new Date('2028-03-01T00:00:00Z'))).toBeNull();
  });

  test('S2: looks are on 1 November, 1 December and 1 January, and only those that would find something', () => {
    const dates: string[] = [];
    for (let at = new Date('2026-11-23T10:00:00Z'); dates.length < 5;) {
      const { date, year, dueAt } = lookAfter(moscow, at);
      dates.push(`${date} ${year}`);
      at = dueAt;
    }
    expect(dates).toEqual(['2027-11-01 2028', '2027-12-01 2028', '2028-01-01 2028', '2028-11-01 2029', '2028-12-01 2029']);
    expect(lookFrom(moscow, '2027-11-01').date).toBe('2027-11-01');
    expect(lookAfter(moscow, new Date('2027-11-01T05:00:00Z')).date).toBe('2027-12-01');
    expect(lookAfter(knowing('Europe/Moscow', 2027, 2028), new Date('2027-11-05T05:00:00Z')).date).toBe('2028-11-01');
    // A hole is found as well.
    expect(lookAfter(knowing('UTC', 2026, 2028), new Date('2026-02-01T00:00:00Z'))).toMatchObject({ date: '2026-11-01', year: 2027 });
  });

  test.each([
    ['Europe/Moscow', '2027-11-01', '2027-10-31T21:00:00.000Z'],
    ['UTC', '2027-11-01', '2027-11-01T00:00:00.000Z'],
    ['America/New_York', '2027-11-01', '2027-11-01T04:00:00.000Z'],
    ['America/New_York', '2027-12-01', '2027-12-01T05:00:00.000Z'],
    ['Pacific/Kiritimati', '2028-01-01', '2027-12-31T10:00:00.000Z'],
    ['Pacific/Pago_Pago', '2028-01-01', '2028-01-01T11:00:00.000Z'],
    ['Asia/Kathmandu', '2027-11-01', '2027-10-31T18:15:00.000Z'],
    // Clocks were put on at midnight: the day begins at one o'clock.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
  ])('S2: in %s the day %s begins at %s', (zone, date, instant) => {
    const start = startOfDay(zone, date);
    expect(start.toISOString()).toBe(instant);
    expect(localDate(zone, start)).toBe(date);
    expect(localDate(zone, new Date(start.getTime() - 1)) < date).toBe(true);
  });

  test('S2: a look is spelled so that it can be read again', () => {
    expect(readYearLook(spellYearLook({ year: 2028, date: '2027-11-01' }))).toBe('2027-11-01');
    expect(readYearLook('autoCloseAfter 604800 s (tpl_1)')).toBeUndefined();
    expect(readYearLook(null)).toBeUndefined();
  });
});

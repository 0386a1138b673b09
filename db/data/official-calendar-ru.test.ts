import { expect, test } from 'vitest';
import { officialWeek, yearAtAGlance } from '../../domain/year-at-a-glance.ts';
import { officialRussianYears } from './official-calendar-ru.ts';

// As the Ministry of Labour counts them for the five-day week of 40 hours.
test.each([
  [2025, 247, 1972],
  [2026, 247, 1972],
  [2027, 247, 1972],
])('S2: of %i it has %i working days and %i hours, as the official calendar counts them', (year, workingDays, hours) => {
  expect(yearAtAGlance({ ...officialWeek, years: officialRussianYears }, year)).toMatchObject({ workingDays, workingMinutes: hours * 60 });
});

test('S2: every date of a year lies in it, and is named once', () => {
  for (const [year, { daysOff, workingWeekends, shortDays }] of Object.entries(officialRussianYears))
    for (const dates of [daysOff, workingWeekends, shortDays]) {
      expect(new Set(dates).size).toBe(dates.length);
      for (const date of dates) expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
      expect(dates.filter((date) => !date.startsWith(`${year}-`))).toEqual([]);
    }
});

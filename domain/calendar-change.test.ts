import { describe, expect, test } from 'vitest';
import type { CalendarDefinition } from './business-calendar.ts';
import { calendarDifference, isDifferent, saidDays, tidyCalendar, yearSaying } from './calendar-change.ts';

const year2026 = {
  decree: null,
  daysOff: ['2026-01-01', '2026-05-01'],
  workingWeekends: ['2026-02-21'],
  shortDays: ['2026-02-21', '2026-04-30'],
};
const calendar: CalendarDefinition = {
  zone: 'Europe/Moscow',
  weekdays: [1, 2, 3, 4, 5],
  opens: 660,
  closes: 1200,
  honourShortDays: false,
  years: { '2026': year2026 },
};

describe('S2: changes of a calendar', () => {
  test('S2: order and repetition make no other calendar', () => {
    const muddled = {
      ...calendar,
      weekdays: [5, 1, 2, 3, 4, 1],
      years: { '2026': { ...year2026, daysOff: ['2026-05-01', '2026-01-01', '2026-05-01'] } },
    };
    expect(tidyCalendar(muddled)).toEqual(calendar);
    expect(isDifferent(calendarDifference(calendar, tidyCalendar(muddled)))).toBe(false);
  });

  test('S2: what a year says of its days is read and written back', () => {
    expect(Object.fromEntries(saidDays(year2026))).toEqual({
      '2026-01-01': 'day_off',
      '2026-05-01': 'day_off',
      '2026-02-21': 'worked_short',
      '2026-04-30': 'short',
    });
    expect(yearSaying(null, saidDays(year2026))).toEqual(year2026);
    expect(saidDays(undefined).size).toBe(0);
  });

  test('S2: the difference names settings, years, days and documents, each way', () => {
    const after: CalendarDefinition = {
      ...calendar,
      zone: 'Asia/Omsk',
      weekdays: [1, 2, 3, 4, 5, 6],
      closes: 1140,
      honourShortDays: true,
      years: {
        '2026': { ...year2026, decree: 'A decree', daysOff: ['2026-01-01', '2026-12-31'], shortDays: ['2026-02-21', '2026-04-30'] },
        '2027': { decree: null, daysOff: ['2027-01-01'], workingWeekends: [], shortDays: [] },
      },
    };
    const changed = [
      { date: '2026-05-01', before: 'day_off', after: 'nothing' },
      { date: '2026-12-31', before: 'nothing', after: 'day_off' },
    ];
    const settings = ['zone', 'weekdays', 'closes', 'honourShortDays'];
    expect(calendarDifference(calendar, after)).toEqual({
      settings,
      years: [
        { year: 2026, change: 'changed', decree: true, days: changed },
        { year: 2027, change: 'added', decree: false, days: [{ date: '2027-01-01', before: 'nothing', after: 'day_off' }] },
      ],
    });
    const back = calendarDifference(after, calendar);
    expect(back.settings).toEqual(settings);
    expect(back.years.map(({ year, change }) => [year, change])).toEqual([
      [2026, 'changed'],
      [2027, 'removed'],
    ]);
    expect(back.years[0]!.days).toEqual(changed.map(({ date, before, after: then }) => ({ date, before: then, after: before })));
  });

  test('S2: a year with no days off is another calendar than one that does not know it', () => {
    const after = { ...calendar, years: { ...calendar.years, '2027': { decree: null, daysOff: [], workingWeekends: [], shortDays: [] } } };
    expect(calendarDifference(calendar, after).years).toEqual([{ year: 2027, change: 'added', decree: false, days: [] }]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { officialRussianYears } from '../db/data/official-calendar-ru.ts';
import { compileCalendar, plannedDays, type CalendarDefinition, type CalendarYear } from './business-calendar.ts';
import { objectionToCalendar } from './calendar-definition.ts';

const moscow: CalendarDefinition = {
  zone: 'Europe/Moscow',
  weekdays: [1, 2, 3, 4, 5],
  opens: 660,
  closes: 1200,
  honourShortDays: false,
  years: officialRussianYears,
};
const refusedAs = (change: Partial<CalendarDefinition>) => objectionToCalendar({ ...moscow, ...change })?.refused;
const saying = (said: Partial<CalendarYear>, year = 2026) => ({
  years: { [year]: { decree: null, daysOff: [], workingWeekends: [], shortDays: [], ...said } },
});

describe('what can be a calendar', () => {
  test('S2: the official one can, with and without its short days, and so can one that knows no year', () => {
    expect(objectionToCalendar(moscow)).toBeUndefined();
    expect(objectionToCalendar({ ...moscow, honourShortDays: true })).toBeUndefined();
    expect(objectionToCalendar({ ...moscow, years: {} })).toBeUndefined();
  });

  test.each(['Europe/Moscow', 'UTC', 'Asia/Kolkata', 'Pacific/Apia', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3'])(
    'S2: %s is a zone',
    (zone) => {
      expect(refusedAs({ zone })).toBeUndefined();
    },
  );

  test.each(['', ' ', 'Europe/Atlantis', 'Moscow', '+03:00', '-0500', 'Europe/Moscow ', '1'])('S2: “%s” is no zone', (zone) => {
    expect(refusedAs({ zone })).toBe('calendar.zone_unknown');
  });

  test('S2: a zone that is refused is told back no longer than a zone can be', () => {
    expect(objectionToCalendar({ ...moscow, zone: 'x'.repeat(10_000) })?.about).toEqual({ zone: 'x'.repeat(64) });
  });

  test.each([[[]], [[0]], [[8]], [[1.5]], [[1, 1]], [[Number.NaN]]])('S2: %j are no days of the week', (weekdays) => {
    expect(refusedAs({ weekdays })).toBe('calendar.weekdays_invalid');
  });

  test.each([
    [0, 1440, undefined],
    [0, 60, undefined],
    [1380, 1440, undefined],
    [0, 59, 'calendar.hours_invalid'],
    [1381, 1440, 'calendar.hours_invalid'],
    [-60, 600, 'calendar.hours_invalid'],
    [600, 1441, 'calendar.hours_invalid'],
    [1200, 660, 'calendar.hours_invalid'],
    [660, 660, 'calendar.hours_invalid'],
    [660.5, 1200, 'calendar.hours_invalid'],
    [Number.NaN, 1200, 'calendar.hours_invalid'],
  ])('S2: hours of %d to %d: %s', (opens, closes, refused) => {
    expect(refusedAs({ opens, closes })).toBe(refused);
  });

  test('S2: where short days end early, an hour is left of them', () => {
    expect(refusedAs({ honourShortDays: true, opens: 660, closes: 780 })).toBeUndefined();
    expect(refusedAs({ honourShortDays: true, opens: 660, closes: 779 })).toBe('calendar.hours_invalid');
  });

  test('S2: years from 1970 to 2200, 60 at the most', () => {
    expect(refusedAs(saying({}, 1970))).toBeUndefined();
    expect(refusedAs(saying({}, 2200))).toBeUndefined();
    for (const year of [1969, 2201, 20_260]) expect(refusedAs(saying({}, year))).toBe('calendar.years_invalid');
    const plain = saying({}).years['2026']!;
    for (const year of ['next', '2026.5', '02026', ' 2026', '__proto__x'])
      expect(refusedAs({ years: { [year]: plain } })).toBe('calendar.years_invalid');
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [2000 + index, plain]));
    expect(refusedAs({ years: many(60) })).toBeUndefined();
    expect(refusedAs({ years: many(61) })).toBe('calendar.years_invalid');
  });

  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-32',
    '2025-12-31',
    '2027-01-01',
    '2026-1-1',
    '01.01.2026',
    '',
    '2026-01-01T00:00',
  ])('S2: “%s” is no date of 2026, in whichever list', (date) => {
    for (const list of ['daysOff', 'workingWeekends', 'shortDays'] as const)
      expect(objectionToCalendar({ ...moscow, ...saying({ [list]: [date] }) })).toEqual({
        refused: 'calendar.date_invalid',
        about: { date: date.slice(0, 10), year: '2026' },
      });
  });

  test('S2: a leap day is one', () => {
    expect(refusedAs(saying({ daysOff: ['2028-02-29'] }, 2028))).toBeUndefined();
  });

  test('S2: a date stands in a list once, and says one thing', () => {
    for (const list of ['daysOff', 'workingWeekends', 'shortDays'] as const)
      expect(refusedAs(saying({ [list]: ['2026-04-30', '2026-04-30'] }))).toBe('calendar.date_invalid');
    expect(refusedAs(saying({ daysOff: ['2026-02-07'], workingWeekends: ['2026-02-07'] }))).toBe('calendar.date_invalid');
    expect(refusedAs(saying({ daysOff: ['2026-04-30'], shortDays: ['2026-04-30'] }))).toBe('calendar.date_invalid');
  });

  test('S2: only a worked day can be short', () => {
    expect(refusedAs(saying({ shortDays: ['2026-02-06'] }))).toBeUndefined();
    expect(refusedAs(saying({ shortDays: ['2026-02-07'] }))).toBe('calendar.date_invalid');
    expect(refusedAs(saying({ shortDays: ['2026-02-07'], workingWeekends: ['2026-02-07'] }))).toBeUndefined();
  });

  test('S2: a year without any working day is no year to count deadlines in', () => {
    const every = plannedDays({ ...moscow, weekdays: [1], years: {} }, 2026).flatMap(({ date, isWorked }) => (isWorked ? [date] : []));
    const onMondays = (daysOff: string[], workingWeekends: string[] = []) =>
      objectionToCalendar({ ...moscow, weekdays: [1], ...saying({ daysOff, workingWeekends }) });
    expect(onMondays(every)).toEqual({ refused: 'calendar.no_working_day', about: { year: '2026' } });
    expect(onMondays(every.slice(1))).toBeUndefined();
    expect(onMondays(every, ['2026-02-07'])).toBeUndefined();
  });

  test('S2: whatever nobody objects to can be counted with: the longest promises have an end', () => {
    const date = fc.integer({ min: 0, max: 370 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));
    const dates = fc.array(date, { maxLength: 4 });
    const drawn = fc.record({
      zone: fc.constantFrom('Europe/Berlin', 'Pacific/Apia', 'Nowhere'),
      weekdays: fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 3 }),
      opens: fc.integer({ min: -1, max: 1440 }),
      closes: fc.integer({ min: 0, max: 1441 }),
      honourShortDays: fc.boolean(),
      years: fc.record({
        2026: fc.record({ decree: fc.constant(null), daysOff: dates, workingWeekends: dates, shortDays: dates }),
      }),
    });
    const from = new Date('2026-03-01T00:00Z');
    let taken = 0;
    fc.assert(
      fc.property(drawn, (definition) => {
        if (objectionToCalendar(definition)) return;
        taken += 1;
        const calendar = compileCalendar(definition);
        expect(calendar.after(from, 4_000 * 3_600_000).getTime()).toBeGreaterThan(from.getTime());
        expect(calendar.endOfWorkingDay(from, 500).getTime()).toBeGreaterThan(from.getTime());
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(10);
  });
});

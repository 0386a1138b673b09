import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxTargetAmount, targetUnits, termsSources } from './service-level.ts';
import {
  clockOf,
  hoursInWords,
  minutesOfClock,
  sourceInWords,
  spellHours,
  stretchInWords,
  targetInWords,
  weekdaysInWords,
  workingTimeInWords,
} from './service-words.ts';

describe('what is promised, in words', () => {
  test.each([
    [{ amount: 16, unit: 'hours' }, '16 working hours', '16 рабочих часов'],
    [{ amount: 1, unit: 'hours' }, '1 working hour', '1 рабочий час'],
    [{ amount: 3, unit: 'hours' }, '3 working hours', '3 рабочих часа'],
    [{ amount: 5, unit: 'days' }, '5 working days', '5 рабочих дней'],
    [{ amount: 1, unit: 'days' }, '1 working day', '1 рабочий день'],
    [{ amount: 11, unit: 'days' }, '11 working days', '11 рабочих дней'],
    [{ amount: 21, unit: 'days' }, '21 working days', '21 рабочий день'],
    [{ amount: 22, unit: 'days' }, '22 working days', '22 рабочих дня'],
    [{ amount: 111, unit: 'days' }, '111 working days', '111 рабочих дней'],
    [{ amount: 1, unit: 'minutes' }, '1 working minute', '1 рабочая минута'],
    [{ amount: 4, unit: 'minutes' }, '4 working minutes', '4 рабочие минуты'],
    [{ amount: 12, unit: 'minutes' }, '12 working minutes', '12 рабочих минут'],
    [{ amount: 100_000, unit: 'minutes' }, '100,000 working minutes', '100\u00a0000 рабочих минут'],
  ] as const)('S1: %j is spelled with the plural of each language', (target, en, ru) => {
    expect(targetInWords(target, 'en')).toBe(en);
    expect(targetInWords(target, 'ru')).toBe(ru);
  });

  test('S1: no amount is spelled as a part of one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...targetUnits), fc.nat(), (unit, seed) => {
        const amount = 1 + (seed % maxTargetAmount[unit]);
        expect(targetInWords({ amount, unit }, 'ru')).not.toMatch(/рабочей минуты|рабочего/);
        expect(targetInWords({ amount, unit }, 'en').endsWith('s')).toBe(amount !== 1);
      }),
    );
  });

  test.each([
    [59_999, '0 min', '0 мин'],
    [60_000, '1 min', '1 мин'],
    [3_600_000, '1 h', '1 ч'],
    [7_500_000, '2 h 5 min', '2 ч 5 мин'],
    [273_900_000, '3 d 4 h', '3 дн. 4 ч'],
  ])('S5: %i ms are told as people say them', (milliseconds, en, ru) => {
    expect(stretchInWords(milliseconds, 'en')).toBe(en);
    expect(stretchInWords(milliseconds, 'ru')).toBe(ru);
  });

  test('S1: why just this is promised; a queue that cannot be told any more is not named', () => {
    expect(termsSources.map((source) => sourceInWords(source, 'Technical', 'en'))).toEqual([
      'by the account’s agreement',
      'by the plan of the licence it cites',
      'by the best plan of the account’s licences',
      'default of the queue Technical',
    ]);
    expect(sourceInWords('queue', 'Техническая', 'ru')).toBe('по умолчанию для очереди «Техническая»');
    expect(sourceInWords('queue', null, 'en')).toBe('default of the queue it was opened in');
  });

  test.each([
    [[1, 2, 3, 4, 5], 'Mon–Fri', 'пн–пт'],
    [[1, 2, 3, 5], 'Mon–Wed, Fri', 'пн–ср, пт'],
    [[6, 7], 'Sat, Sun', 'сб, вс'],
    [[7, 1], 'Mon, Sun', 'пн, вс'],
    [[1, 2, 3, 4, 5, 6, 7], 'every day', 'ежедневно'],
    [[], 'on single days', 'в отдельные дни'],
  ] as const)('S2: days %j', (weekdays, en, ru) => {
    expect(weekdaysInWords(weekdays, 'en')).toBe(en);
    expect(weekdaysInWords(weekdays, 'ru')).toBe(ru);
  });

  test('S2: when it is worked', () => {
    const moscow = { zone: 'Europe/Moscow', weekdays: [1, 2, 3, 4, 5], opens: 660, closes: 1_200 };
    expect(workingTimeInWords(moscow, 'en')).toBe('Mon–Fri, 11:00–20:00, Europe/Moscow');
    expect(workingTimeInWords(moscow, 'ru')).toBe('пн–пт, 11:00–20:00, Europe/Moscow');
    expect(hoursInWords({ opens: 0, closes: 1_440 }, 'en')).toBe('around the clock');
    expect(hoursInWords({ opens: 0, closes: 1_440 }, 'ru')).toBe('круглосуточно');
    expect(spellHours({ opens: 570, closes: 1_440 })).toBe('09:30–24:00');
  });

  test('S2: a clock’s time is read as it is spelled, and what no clock shows is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_440 }), (minutes) => {
        expect(minutesOfClock(clockOf(minutes))).toBe(minutes);
      }),
    );
    expect(minutesOfClock(' 9:05 ')).toBe(545);
    for (const none of ['', '24:01', '25:00', '9', '09:60', '9.30', '-1:00', '100:00']) expect(minutesOfClock(none)).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import { officialWeek, yearAtAGlance } from './year-at-a-glance.ts';

const years = {
  '2025': {
    decree: null,
    daysOff: ['2025-01-01', '2025-11-03', '2025-11-04'],
    workingWeekends: ['2025-11-01'],
    shortDays: ['2025-11-01', '2025-12-30'],
  },
};

describe('S2: a year at a glance', () => {
  test('S2: each day says whether it is worked, and what the year says of it', () => {
    const { days, workingDays, workingMinutes } = yearAtAGlance({ ...officialWeek, years }, 2025);
    expect(days).toHaveLength(365);
    const of = (date: string) => days.find((day) => day.date === date);
    expect(of('2025-11-01')).toEqual({ date: '2025-11-01', isWorked: true, endsEarly: true, said: 'worked_short' });
    expect(of('2025-11-03')).toEqual({ date: '2025-11-03', isWorked: false, endsEarly: false, said: 'day_off' });
    expect(of('2025-11-05')).toEqual({ date: '2025-11-05', isWorked: true, endsEarly: false, said: 'nothing' });
    expect(of('2025-11-08')).toEqual({ date: '2025-11-08', isWorked: false, endsEarly: false, said: 'nothing' });
    expect([workingDays, workingMinutes]).toEqual([261 - 3 + 1, 259 * 480 - 120]);
  });

  test('S2: where short days are not honoured they end as others do', () => {
    const glance = yearAtAGlance({ ...officialWeek, honourShortDays: false, years }, 2025);
    expect(glance.workingMinutes).toBe(259 * 480);
    expect(glance.days.find(({ date }) => date === '2025-12-30')).toMatchObject({ said: 'short', endsEarly: false });
  });

  test('S2: a year that is not known is one of plain weeks', () => {
    expect(yearAtAGlance({ ...officialWeek, years }, 2028)).toMatchObject({ workingDays: 260, workingMinutes: 260 * 480 });
    expect(yearAtAGlance({ ...officialWeek, years }, 2028).days).toHaveLength(366);
  });
});

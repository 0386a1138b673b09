import { describe, expect, test } from 'vitest';
import { clockRunsAddress, presetDays, presetOf, readReportFilter, readRunFilter, readStep, reportAddress } from './report-filter.ts';

const plan = 'sla_0000000000000000000000000a';
const read = (query: string) => readReportFilter(new URLSearchParams(query));

describe('S8: what reports are narrowed to', () => {
  test('S8: it stands in the page’s address, and what is no filter is left out', () => {
    const filter = { from: '2026-11-01', to: '2026-11-30', plan, agent: 'none', kind: 'fix' };
    expect(read(reportAddress(filter, 'week').split('?')[1]!)).toEqual(filter);
    expect(read(`from=yesterday&plan=x&queue=${plan}&kind=late&zone=Europe/Moscow&other=1`)).toEqual({ zone: 'Europe/Moscow' });
    expect(reportAddress({})).toBe('/service-reports');
  });

  test('S8: a number leads to its list by the same filter and what makes the number', () => {
    const address = new URL(
      clockRunsAddress({ plan }, { outcome: 'breached', ended: false, perCentOver: null, minutesOver: 60 }),
      'http://desk',
    );
    const filter = JSON.parse(address.searchParams.get('filter')!) as Record<string, unknown>;
    expect(readRunFilter(filter)).toEqual({ plan, outcome: 'breached', ended: 'false', minutesOver: '60' });
    expect(readRunFilter({ outcome: 'late', ended: 1, withinHours: '-1', view: 'mine' })).toEqual({});
  });

  test('S8: the trend has neither few parts nor very many, unless the address says which', () => {
    const step = (query: string) => readStep(new URLSearchParams(query), read(query));
    expect(step('')).toBe('day');
    expect(step('from=2026-01-01&to=2026-03-31')).toBe('week');
    expect(step('from=2024-01-01&to=2026-03-31')).toBe('month');
    expect(step('from=2024-01-01&to=2026-03-31&step=day')).toBe('day');
    expect(step('step=decade')).toBe('day');
  });

  test('S8: a preset is known again by its days', () => {
    const today = '2026-03-05';
    expect(presetDays('lastMonth', today)).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(presetDays('month', today)).toEqual({ from: '2026-03-01', to: today });
    expect(presetDays('days30', today)).toEqual({ from: '2026-02-04', to: today });
    expect(presetDays('lastMonth', '2026-01-31')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
    expect(presetOf(presetDays('year', today), today)).toBe('year');
    expect(presetOf({}, today)).toBe('days30');
    expect(presetOf({ from: '2026-02-05', to: today }, today)).toBeUndefined();
  });
});

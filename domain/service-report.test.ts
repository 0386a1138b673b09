import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from './errors.ts';
import { localDate } from './missing-year.ts';
import {
  complianceOf,
  maxReportDays,
  partsOfPeriod,
  reportPeriod,
  reportSteps,
  shareBounds,
  spreadOf,
  type ReportPeriod,
} from './service-report.ts';

const now = new Date('2026-11-23T21:30:00Z');

function period(from: string | undefined, to: string | undefined, zone = 'Europe/Moscow'): ReportPeriod {
  const read = reportPeriod({ from, to, zone }, now);
  if (isRefusal(read)) throw new Error(read.refused);
  return read;
}

describe('S8: the period of a report is local days of a zone', () => {
  test('S8: a day in Moscow begins three hours before it does in UTC', () => {
    const day = period('2026-11-23', '2026-11-23');
    expect(day.startsAt.toISOString()).toBe('2026-11-22T21:00:00.000Z');
    expect(day.endsAt.toISOString()).toBe('2026-11-23T21:00:00.000Z');
  });

  test('S8: without ends it is the last thirty days of the zone; half past nine in the evening in London is tomorrow in Moscow', () => {
    expect(period(undefined, undefined)).toMatchObject({ from: '2026-10-26', to: '2026-11-24' });
    expect(period(undefined, undefined, 'Europe/London')).toMatchObject({ from: '2026-10-25', to: '2026-11-23' });
    expect(period(undefined, '2026-03-01')).toMatchObject({ from: '2026-01-31', to: '2026-03-01' });
    expect(period('2026-11-01', undefined)).toMatchObject({ from: '2026-11-01', to: '2026-11-24' });
  });

  test('S8: a day on which the clocks change is as long as it is', () => {
    const hours = ({ startsAt, endsAt }: ReportPeriod) => (endsAt.getTime() - startsAt.getTime()) / 3_600_000;
    expect(hours(period('2026-03-29', '2026-03-29', 'Europe/Berlin'))).toBe(23);
    expect(hours(period('2026-10-25', '2026-10-25', 'Europe/Berlin'))).toBe(25);
    // In Santiago the clocks skip midnight, in Havana it strikes twice; Samoa left a whole day out.
    expect(hours(period('2026-09-06', '2026-09-06', 'America/Santiago'))).toBe(23);
    expect(hours(period('2026-11-01', '2026-11-01', 'America/Havana'))).toBe(25);
    expect(hours(period('2011-12-30', '2011-12-30', 'Pacific/Apia'))).toBe(0);
    expect(hours(period('2026-10-04', '2026-10-04', 'Australia/Lord_Howe'))).toBe(23.5);
  });

  test('S8: a period that ends before it begins, or lasts for more than three years, is refused', () => {
    const refused = (from: string, to: string) => reportPeriod({ from, to, zone: 'UTC' }, now);
    expect(refused('2026-11-02', '2026-11-01')).toEqual({ refused: 'service_report.period_reversed' });
    expect(refused('2023-11-23', '2026-11-23')).toMatchObject({ refused: 'service_report.period_too_long', about: { days: '1096' } });
    expect(refused('2023-11-24', '2026-11-23')).toMatchObject({ from: '2023-11-24' });
    expect(reportPeriod({ from: '2026-12-01', zone: 'UTC' }, now)).toEqual({ refused: 'service_report.period_reversed' });
  });

  test('S8: weeks begin on Monday, months on their first, and the period cuts what is at its ends', () => {
    const spans = (step: 'week' | 'month') =>
      partsOfPeriod(period('2026-01-28', '2026-02-10'), step).map(({ from, to }) => `${from} ${to}`);
    expect(spans('week')).toEqual(['2026-01-28 2026-02-01', '2026-02-02 2026-02-08', '2026-02-09 2026-02-10']);
    expect(spans('month')).toEqual(['2026-01-28 2026-01-31', '2026-02-01 2026-02-10']);
  });

  test('S8: the parts of any period follow one another without gaps, and each begins with its own day', () => {
    const zones = ['Europe/Moscow', 'Europe/Berlin', 'America/Santiago', 'Asia/Kathmandu', 'America/Havana', 'Australia/Lord_Howe', 'UTC'];
    const days = fc.integer({ min: 0, max: 5_000 }).map((day) => new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(...zones),
        fc.constantFrom(...reportSteps),
        (from, more, zone, step) => {
          const to = new Date(Date.parse(from) + more * 86_400_000).toISOString().slice(0, 10);
          const whole = period(from, to, zone);
          const parts = partsOfPeriod(whole, step);
          expect([parts[0]!.startsAt, parts.at(-1)!.endsAt]).toEqual([whole.startsAt, whole.endsAt]);
          expect([parts[0]!.from, parts.at(-1)!.to]).toEqual([from, to]);
          for (const [at, part] of parts.entries()) {
            if (at > 0) expect(part.startsAt).toEqual(parts[at - 1]!.endsAt);
            expect(localDate(zone, part.startsAt)).toBe(part.from);
            expect(localDate(zone, new Date(part.startsAt.getTime() - 1))).not.toBe(part.from);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('S8: three years with a leap day among them have 1,096 days', () => {
    expect(partsOfPeriod(period('2023-11-24', '2026-11-23'), 'day')).toHaveLength(maxReportDays);
  });
});

describe('S8: where the time that a clock took lies', () => {
  const hour = 3_600_000;
  const spreadAt = (takenMs: number, allowanceMs = 16 * hour) => {
    const spread = spreadOf({ kind: 'fix', outcome: 'met', takenMs, allowanceMs })!;
    return { kind: spread >> 24, part: (spread >> 20) & 15, minutes: spread & 0xf_ffff };
  };

  test('S8: sixteen hours of sixteen are all of the allowance and 960 minutes; a moment more is the next part and minute', () => {
    expect(spreadAt(16 * hour)).toEqual({ kind: 2, part: 9, minutes: 960 });
    expect(spreadAt(16 * hour + 1)).toEqual({ kind: 2, part: 10, minutes: 961 });
    expect(spreadAt(0)).toEqual({ kind: 2, part: 0, minutes: 0 });
    expect(spreadAt(1)).toEqual({ kind: 2, part: 0, minutes: 1 });
  });

  test('S8: whatever it took, its part is the one whose bounds it lies between', () => {
    const durations = fc.integer({ min: 1, max: 500 * 24 * hour });
    fc.assert(
      fc.property(durations, durations, (takenMs, allowanceMs) => {
        const { part, minutes } = spreadAt(takenMs, allowanceMs);
        const [over, upTo] = [shareBounds[part - 1] ?? -1, shareBounds[part] ?? Number.POSITIVE_INFINITY];
        expect((100 * takenMs) / allowanceMs).toBeGreaterThan(over);
        expect((100 * takenMs) / allowanceMs).toBeLessThanOrEqual(upTo);
        expect(minutes).toBe(Math.ceil(takenMs / 60_000));
      }),
    );
  });

  test('S8: what takes longer than two years counts as having taken two; what was neither kept nor broken lies nowhere', () => {
    expect(spreadAt(9_000 * 24 * hour)).toEqual({ kind: 2, part: 12, minutes: 2 ** 20 - 1 });
    expect(spreadOf({ kind: 'fix', outcome: 'void', takenMs: 1, allowanceMs: 1 })).toBeNull();
  });
});

describe('S8: how promises were kept', () => {
  test('S8: what was neither kept nor broken counts with neither; what is open and broken counts as broken, and is told', () => {
    expect(
      complianceOf([
        { outcome: 'met', open: false, runs: 6 },
        { outcome: 'breached', open: false, runs: 1 },
        { outcome: 'breached', open: true, runs: 1 },
        { outcome: 'void', open: false, runs: 9 },
      ]),
    ).toEqual({ met: 6, breached: 2, stillOpen: 1, void: 9, share: 0.75 });
  });

  test('S8: nothing has no share', () => {
    expect(complianceOf([])).toEqual({ met: 0, breached: 0, stillOpen: 0, void: 0, share: null });
    expect(complianceOf([{ outcome: 'void', open: false, runs: 3 }]).share).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileCalendar, type CalendarDefinition, type CalendarRef } from './business-calendar.ts';
import { movedClocks, sameClocks } from './moved-steps.ts';
import {
  nothingPromised,
  pauseClock,
  resumeClock,
  retimedClock,
  shiftedClock,
  startClock,
  type ServiceClock,
  type ServiceLevel,
} from './service-clock.ts';
import type { ServiceTerms, Target } from './service-level.ts';
import { noClocks, retimedClocks, type ClockedLife } from './ticket-clocks.ts';

const hour = 3_600_000;
/** Monday to Friday, 11 to 20 in Moscow: nine hours a day. */
const week: CalendarDefinition = {
  zone: 'Europe/Moscow',
  weekdays: [1, 2, 3, 4, 5],
  opens: 660,
  closes: 1200,
  honourShortDays: false,
  years: {},
};
const off = (...daysOff: string[]) => ({ ...week, years: { '2026': { decree: null, daysOff, workingWeekends: [], shortDays: [] } } });
/** The second version has the 11th and the 25th of March off; the other calendar works at night. */
const calendars = {
  'cal_week@1': compileCalendar(week),
  'cal_week@2': compileCalendar(off('2026-03-11', '2026-03-25')),
  'cal_night@1': compileCalendar({ ...week, opens: 0, closes: 1440 }),
};
const calendarOf: ServiceLevel['calendarOf'] = ({ id, version }) => calendars[`${id}@${version}` as keyof typeof calendars];
const [first, second, night]: CalendarRef[] = [
  { id: 'cal_week', version: 1 },
  { id: 'cal_week', version: 2 },
  { id: 'cal_night', version: 1 },
];

function level(terms: Partial<ServiceTerms> = {}, calendar: CalendarRef = first!): ServiceLevel {
  const promised = { id: 'trm_1', response: target(16), criticalFix: { amount: 5, unit: 'days' } as const, hours: null };
  return { terms: { ...promised, calendarId: calendar.id, ...terms }, calendar, calendarOf };
}

function target(amount: number, unit: Target['unit'] = 'hours'): Target {
  return { amount, unit };
}

/** Local time in Moscow, in March 2026: the 9th is a Monday. */
function march(day: number, time: string): Date {
  return new Date(`2026-03-${String(day).padStart(2, '0')}T${time}:00+03:00`);
}

function lifeWith(clocks: Partial<ClockedLife['clocks']>, more: Partial<ClockedLife> = {}): ClockedLife {
  return {
    status: 'awaiting_staff',
    waitingSince: march(9, '12:00'),
    firstRespondedAt: null,
    fixedAt: null,
    clocks: { ...noClocks, ...clocks },
    ...more,
  };
}

const response = startClock('first_response', march(9, '12:00'), level())!;
const fix = startClock('fix', march(9, '12:00'), level())!;

describe('one clock re-timed', () => {
  test('S7: what was overdue before stays overdue since the same instant, however often it is re-timed', () => {
    const strict = level({ id: 'trm_2', response: target(1) });
    const once = retimedClock(response, strict, march(10, '12:00'))!;
    expect(once).toMatchObject({ dueAt: march(10, '12:00'), warnsAt: march(10, '12:00') });
    expect(retimedClock(once, strict, march(10, '13:00')), 'held, say: nobody has been told yet').toEqual(once);
    expect(retimedClock(response, level({}, second), march(10, '19:30')), 'and so does what no version changes').toMatchObject({
      dueAt: march(10, '19:00'),
    });
  });

  test('S7: what was used stays used, also where less was allowed in between', () => {
    const waits = pauseClock(fix, level(), march(13, '20:00'));
    const strict = level({ id: 'trm_2', criticalFix: target(1, 'days') });
    const shorter = retimedClock(waits, strict, march(14, '12:00'))!;
    expect(shorter).toMatchObject({ dueAt: null, breachedAt: null });
    expect(resumeClock(shorter, strict, march(16, '12:00')).dueAt, 'nothing is left: it is due as it runs on').toEqual(march(16, '12:00'));
    expect(retimedClock(shorter, level(), march(14, '13:00'))).toEqual(waits);
  });

  test('S7: the hours that holds gave back stay given back', () => {
    const shifted = shiftedClock(response, level(), 3 * hour);
    expect(shifted.dueAt).toEqual(march(11, '13:00'));
    expect(retimedClock(shifted, level({}, second), march(9, '13:00'))!.dueAt).toEqual(march(12, '13:00'));
    expect(retimedClock(shifted, level({ id: 'trm_2', response: target(4) }), march(9, '13:00'))!.dueAt).toEqual(march(9, '19:00'));
  });

  test('S7: a breach is taken back where the promise can still be kept, and stands where not', () => {
    const broken: ServiceClock = { ...response, warned: true, warnsAt: null, breachedAt: march(10, '19:00') };
    const kinder = retimedClock(broken, level({ id: 'trm_2', response: target(5, 'days') }), march(10, '19:30'))!;
    expect(kinder).toMatchObject({ breachedAt: null, dueAt: march(16, '20:00'), warnsAt: null });
    expect(retimedClock(broken, level({ id: 'trm_2', response: target(17) }), march(11, '19:30'))).toMatchObject({
      breachedAt: march(10, '19:00'),
      dueAt: march(10, '19:00'),
    });
  });

  const someTarget = fc.oneof(
    fc.record({ amount: fc.integer({ min: 1, max: 80 }), unit: fc.constant('hours' as const) }),
    fc.record({ amount: fc.integer({ min: 1, max: 12 }), unit: fc.constant('days' as const) }),
  );
  const someLevel = fc
    .record({ criticalFix: someTarget, calendar: fc.constantFrom(first!, second!, night!), id: fc.constantFrom('trm_1', 'trm_2') })
    .map(({ criticalFix, calendar, id }) => level({ criticalFix, id }, calendar));
  const instant = fc.integer({ min: 0, max: 20 * 24 * 60 }).map((minutes) => new Date(march(2, '00:00').getTime() + minutes * 60_000));
  /** A clock with a past: begun, paused and let run on again, moved by holds. */
  const someClock = fc
    .record({
      from: instant,
      of: someLevel,
      deeds: fc.array(fc.record({ what: fc.constantFrom('pause', 'resume', 'shift'), minutes: fc.nat(4000) }), { maxLength: 6 }),
    })
    .map(({ from, of, deeds }) => {
      let clock = startClock('fix', from, of)!;
      let at = from;
      for (const { what, minutes } of deeds) {
        at = new Date(at.getTime() + minutes * 60_000);
        if (what === 'pause') clock = pauseClock(clock, of, at);
        if (what === 'resume') clock = resumeClock(clock, of, at);
        if (what === 'shift') clock = shiftedClock(clock, of, minutes * 60_000);
        // What falls due is told.
        if (clock.warnsAt && clock.warnsAt <= at) clock = { ...clock, warned: true, warnsAt: null };
        if (clock.dueAt && clock.dueAt <= at) clock = { ...clock, breachedAt: clock.breachedAt ?? clock.dueAt, warnsAt: null };
      }
      return { clock, of, at };
    });

  test('S7: by the terms and the version that it goes by already nothing changes', () => {
    fc.assert(
      fc.property(someClock, ({ clock, of, at }) => {
        expect(retimedClock(clock, of, at)).toEqual(clock);
      }),
      { numRuns: 300 },
    );
  });

  test('S7: doing it twice is doing it once, whenever; and what was to come lies at the earliest now', () => {
    fc.assert(
      fc.property(someClock, someLevel, fc.nat(5000), ({ clock, at }, to, later) => {
        const once = retimedClock(clock, to, at)!;
        expect(retimedClock(once, to, new Date(at.getTime() + later * 60_000))).toEqual(once);
        if (once.dueAt && clock.dueAt) expect(once.dueAt.getTime()).toBeGreaterThanOrEqual(Math.min(at.getTime(), clock.dueAt.getTime()));
        expect(once.dueAt === null).toBe(clock.dueAt === null);
      }),
      { numRuns: 500 },
    );
  });

  test('S7: re-timed to others and back, all is as it was, unless it has run out meanwhile', () => {
    fc.assert(
      fc.property(someClock, someLevel, ({ clock, of, at }, to) => {
        const there = retimedClock(clock, to, at)!;
        fc.pre(!clock.breachedAt);
        expect(retimedClock(there, of, at)).toEqual(clock);
      }),
      { numRuns: 300 },
    );
  });

  test('S7: one more day off never makes a deadline earlier', () => {
    fc.assert(
      fc.property(instant, someTarget, (from, criticalFix) => {
        const clock = startClock('fix', from, level({ criticalFix }))!;
        const moved = retimedClock(clock, level({ criticalFix }, second), from)!;
        expect(moved.dueAt!.getTime()).toBeGreaterThanOrEqual(clock.dueAt!.getTime());
        expect(moved.warnsAt!.getTime()).toBeGreaterThanOrEqual(clock.warnsAt!.getTime());
      }),
      { numRuns: 500 },
    );
  });
});

describe('the clocks of a ticket re-timed', () => {
  test('S7: another version of a calendar counts anew what it counts, by each clock’s own promise, and begins none', () => {
    const elsewhere = startClock('fix', march(9, '12:00'), level({ id: 'trm_night' }, night))!;
    const broughtByMerge = startClock('next_response', march(9, '12:00'), level({ id: 'trm_9', response: target(20) }))!;
    const counted = retimedClocks(
      lifeWith({ response: broughtByMerge, fix: elsewhere }),
      { calendar: second! },
      { ...nothingPromised, calendarOf },
      march(9, '13:00'),
    );
    expect(counted.response).toMatchObject({ termsId: 'trm_9', target: target(20), calendar: second, dueAt: march(12, '14:00') });
    expect(counted.fix).toBe(elsewhere);
    const bare = retimedClocks(lifeWith({}), { calendar: second! }, { ...nothingPromised, calendarOf }, march(9, '13:00'));
    expect(bare).toEqual(noClocks);
    expect(retimedClocks(lifeWith(counted), { calendar: second! }, { ...nothingPromised, calendarOf }, march(9, '14:00'))).toEqual(counted);
  });

  test('S7: what other terms do not promise any more goes, and what waits gets what they promise', () => {
    const how = { criticalSince: march(9, '14:00'), ownTerms: 'trm_1' };
    expect(retimedClocks(lifeWith({ response, fix }), how, null, march(9, '15:00'))).toEqual(noClocks);
    const begun = retimedClocks(lifeWith({}), how, level({ id: 'trm_2' }), march(9, '15:00'));
    expect(begun.response).toMatchObject({ kind: 'first_response', since: march(9, '12:00'), dueAt: march(10, '19:00'), termsId: 'trm_2' });
    expect(begun.fix).toMatchObject({ since: march(9, '14:00'), dueAt: march(16, '20:00') });
    const late = retimedClocks(lifeWith({}), how, level(), march(30, '12:00'));
    expect([late.response?.dueAt, late.response?.warnsAt, late.fix?.dueAt]).toEqual([
      march(30, '12:00'),
      march(30, '12:00'),
      march(30, '12:00'),
    ]);
  });

  test('S7: a fix that begins while the customer’s answer is awaited waits too; what is fixed gets none', () => {
    const how = { criticalSince: march(9, '12:00') };
    const awaiting = lifeWith({}, { status: 'awaiting_customer', waitingSince: null });
    expect(retimedClocks(awaiting, how, level(), march(10, '12:00'))).toMatchObject({
      response: null,
      fix: { dueAt: null, from: march(10, '12:00'), leftMs: (8 + 4 * 9) * hour },
    });
    expect(retimedClocks(awaiting, how, level(), march(30, '12:00')).fix).toMatchObject({ dueAt: null, leftMs: 0 });
    expect(retimedClocks(lifeWith({}, { fixedAt: march(9, '15:00') }), how, level(), march(10, '12:00')).fix).toBeNull();
  });

  test('S7, T13: a clock that a merge brought keeps its promise where it is due first, and goes along where not', () => {
    const brought = startClock('first_response', march(9, '12:00'), level({ id: 'trm_source', response: target(4) }))!;
    const how = { criticalSince: null, ownTerms: 'trm_1' };
    const at = march(9, '13:00');
    expect(retimedClocks(lifeWith({ response: brought }), how, level({ id: 'trm_2' }), at).response).toBe(brought);
    expect(retimedClocks(lifeWith({ response: brought }), how, null, at).response).toBe(brought);
    const stricter = retimedClocks(lifeWith({ response: brought }), how, level({ id: 'trm_2', response: target(2) }), at).response;
    expect(stricter).toMatchObject({ termsId: 'trm_2', dueAt: march(9, '14:00') });
  });
});

describe('what is told of it', () => {
  const tell = (before: ClockedLife['clocks'], after: ClockedLife['clocks']) => movedClocks(before, after);

  test('S7: each step that moves, old beside new; also one that begins, and one that goes', () => {
    const moved = retimedClock(response, level({}, second), march(9, '13:00'))!;
    expect(tell({ response, fix: null }, { response: moved, fix: null }), 'the day off lies behind it').toEqual([]);
    expect(sameClocks({ response, fix: null }, { response: moved, fix: null }), 'but another version counts it').toBe(false);
    const later = retimedClock(fix, level({}, second), march(9, '13:00'))!;
    expect(tell({ response: null, fix }, { response: null, fix: later })).toEqual([
      { what: 'fix_warning', old: fix.warnsAt, new: later.warnsAt },
      { what: 'fix_breach', old: march(16, '20:00'), new: march(17, '20:00') },
    ]);
    expect(tell(noClocks, { response, fix: null })).toEqual([
      { what: 'first_response_warning', old: null, new: march(10, '15:00') },
      { what: 'first_response_breach', old: null, new: march(10, '19:00') },
    ]);
    expect(tell({ response, fix: null }, noClocks).map((step) => [step.what, step.new])).toEqual([
      ['first_response_warning', null],
      ['first_response_breach', null],
    ]);
  });

  test('S7: a breach that is taken back, and what is left to a clock that waits', () => {
    const broken: ServiceClock = { ...response, warned: true, warnsAt: null, breachedAt: march(10, '19:00') };
    const kinder = retimedClock(broken, level({ response: target(20) }), march(10, '19:30'))!;
    expect(tell({ response: broken, fix: null }, { response: kinder, fix: null })).toEqual([
      { what: 'first_response_breach', old: march(10, '19:00'), new: march(11, '14:00'), note: 'breach_taken_back' },
    ]);
    const waits = pauseClock(fix, level(), march(10, '12:00'));
    const less = retimedClock(waits, level({ criticalFix: target(4, 'days') }), march(10, '13:00'))!;
    expect(tell({ response: null, fix: waits }, { response: null, fix: less })).toEqual([
      { what: 'fix_breach', old: null, new: null, note: 'waits', leftMs: { old: waits.leftMs, new: waits.leftMs - 9 * hour } },
    ]);
  });
});

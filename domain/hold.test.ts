import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileCalendar } from './business-calendar.ts';
import { accountsInstead, covers, endOf, shiftMissed, shiftOf, stoodStillMs, stops, workingTime, type Hold } from './hold.ts';
import type { Deadlines } from './moved-deadlines.ts';
import { leftMs, pauseClock, resumeClock, shiftedClock, startClock, type ServiceClock, type ServiceLevel } from './service-clock.ts';
import { clockStepKinds, noClocks } from './ticket-clocks.ts';

const hours = 3_600_000;
const at = new Date('2026-11-23T10:00:00Z');
const after = (ms: number) => new Date(at.getTime() + ms);
const hourOf = (instant: Date) => (instant.getTime() - at.getTime()) / hours;
const hoursOf = (from: Date, to: Date) => Array.from({ length: hourOf(to) - hourOf(from) }, (_, index) => hourOf(from) + index);
const hold: Hold = {
  id: 'hld_1',
  scope: 'all',
  scopeId: null,
  kinds: null,
  from: after(-hours),
  until: null,
  shifts: true,
  liftingAt: null,
};
const step = { kind: 'auto_close', entity: 'ticket:CS-000001', accountId: 'acc_1', queueId: 'que_1' };

test('M3: a hold on everything stops every step, from its beginning until it is lifted', () => {
  expect(stops(hold, step, at)).toBe(true);
  expect(stops(hold, step, after(-hours - 1))).toBe(false);
  expect(stops({ ...hold, until: after(1) }, step, at)).toBe(true);
});

test('M3: a hold past its end goes on holding until it is lifted, so that nothing closes in between', () => {
  expect(stops({ ...hold, until: at }, step, after(hours))).toBe(true);
});

test('M3: a hold on a queue, an account or a ticket stops that one only', () => {
  expect(covers({ ...hold, scope: 'queue', scopeId: 'que_1' }, step)).toBe(true);
  expect(covers({ ...hold, scope: 'queue', scopeId: 'que_2' }, step)).toBe(false);
  expect(covers({ ...hold, scope: 'queue', scopeId: 'que_1' }, { ...step, queueId: null })).toBe(false);
  expect(covers({ ...hold, scope: 'account', scopeId: 'acc_1' }, step)).toBe(true);
  expect(covers({ ...hold, scope: 'account', scopeId: 'acc_2' }, step)).toBe(false);
  expect(covers({ ...hold, scope: 'entity', scopeId: 'ticket:CS-000001' }, step)).toBe(true);
  expect(covers({ ...hold, scope: 'entity', scopeId: 'ticket:CS-000002' }, step)).toBe(false);
});

test('M3: a hold may name the kinds it stops, and some steps no hold stops', () => {
  expect(covers({ ...hold, kinds: ['auto_close'] }, step)).toBe(true);
  expect(covers({ ...hold, kinds: ['archive'] }, step)).toBe(false);
  expect(covers({ ...hold, kinds: ['reminders'] }, { ...step, kind: 'warn' })).toBe(true);
  for (const kind of ['purge', 'destroy_secret', 'lift', 'work']) expect(covers(hold, { ...step, kind })).toBe(false);
});

describe('how long a clock stood still', () => {
  test('M3: no longer than the clock ran, and no longer than the hold stood', () => {
    const stood = { from: at, to: after(10 * hours) };
    expect(stoodStillMs(after(-hours), stood, [])).toBe(10 * hours);
    expect(stoodStillMs(after(4 * hours), stood, [])).toBe(6 * hours);
    expect(stoodStillMs(after(11 * hours), stood, [])).toBe(0);
    expect(stoodStillMs(null, stood, [])).toBe(10 * hours);
  });

  test('M3: what other holds account for is not counted again', () => {
    const stood = { from: at, to: after(10 * hours) };
    const others = [
      { from: after(2 * hours), to: after(4 * hours) },
      { from: after(3 * hours), to: after(5 * hours) },
      { from: after(9 * hours), to: null },
    ];
    expect(stoodStillMs(null, stood, others)).toBe(6 * hours);
    expect(stoodStillMs(null, stood, [{ from: after(-hours), to: null }])).toBe(0);
  });

  test('M3: several holds count once, whatever their order and however they overlap', () => {
    const stretches = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(stretches, fc.integer({ min: -20, max: 120 }), (drawn, sinceHour) => {
        const holds = drawn.map(([from, length], index): Hold & { to: Date } => ({
          ...hold,
          id: `hld_${index}`,
          from: after(from * hours),
          to: after((from + length) * hours),
        }));
        const timing = `autoCloseAfter ${1000 * 3600} s (tpl_test)`;
        let closesAt = after((sinceHour + 1000) * hours);
        const lifted = holds.toSorted((a, b) => a.to.getTime() - b.to.getTime());
        for (const [index, each] of lifted.entries()) {
          // The others that stand at that moment: placed by then, and not lifted before.
          const standing = lifted.slice(index + 1).filter((other) => other.from <= each.to);
          const life: Deadlines = { warnsAt: null, closesAt, archivesAt: null, timing };
          const { closingMs } = shiftOf(
            { life, entity: step.entity, accountId: 'acc_1', queueId: 'que_1' },
            each,
            each.to,
            undefined,
            standing,
          );
          closesAt = new Date(closesAt.getTime() + closingMs);
        }
        const held = new Set(drawn.flatMap(([from, length]) => Array.from({ length }, (_, hour) => from + hour)));
        const expected = [...held].filter((hour) => hour >= sinceHour).length;
        expect(closesAt).toEqual(after((sinceHour + 1000 + expected) * hours));
      }),
      { numRuns: 500 },
    );
  });

  test('M3, T4: deadlines that lay aside while holds were lifted are given back as if they had never been laid aside', () => {
    const stretches = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(stretches, fc.integer({ min: -20, max: 120 }), fc.integer({ min: 0, max: 3 }), (drawn, sinceHour, still) => {
        const holds = drawn.map(([from, length], index) => ({
          ...hold,
          id: `hld_${index}`,
          from: after(from * hours),
          to: after((from + length) * hours),
        }));
        // Those that nobody has lifted yet account for their time themselves.
        const [standing, past] = [holds.slice(0, still), holds.slice(still)];
        const closesAt = after((sinceHour + 1000) * hours);
        const life: Deadlines = { warnsAt: null, closesAt, archivesAt: null, timing: `autoCloseAfter ${1000 * 3600} s (tpl_test)` };
        const ticket = { life, entity: step.entity, accountId: 'acc_1', queueId: 'que_1' };
        const { closingMs } = shiftMissed(ticket, past, standing);
        const held = new Set(past.flatMap(({ from, to }) => hoursOf(from, to)));
        const theirs = Math.min(...standing.map(({ from }) => hourOf(from)), Number.POSITIVE_INFINITY);
        expect(closingMs).toBe([...held].filter((hour) => hour >= sinceHour && hour < theirs).length * hours);
      }),
      { numRuns: 500 },
    );
  });

  test('M3: a deadline is never moved to an earlier instant', () => {
    const instants = fc.integer({ min: -500, max: 500 });
    fc.assert(
      fc.property(instants, instants, instants, fc.option(instants), (closes, from, to, other) => {
        const life = { warnsAt: null, closesAt: after(closes * hours), archivesAt: null, timing: 'autoCloseAfter 604800 s (tpl_test)' };
        const standing = other === null ? [] : [{ ...hold, id: 'hld_2', from: after(other * hours) }];
        const moved = shiftOf({ life, ...step }, { ...hold, from: after(from * hours) }, after(to * hours), undefined, standing);
        expect(moved.closingMs).toBeGreaterThanOrEqual(0);
        expect(moved.archivingMs).toBe(0);
      }),
    );
  });
});

describe('what lifting moves', () => {
  const life: Deadlines = {
    warnsAt: after(24 * hours),
    closesAt: after(48 * hours),
    archivesAt: null,
    timing: 'autoCloseAfter 604800 s, warnBefore 86400 s (tpl_test)',
  };
  const ticket = { life, entity: step.entity, accountId: 'acc_1', queueId: 'que_1' };
  const nothingElse = { archivingMs: 0, responseMs: 0, fixMs: 0 };

  test('M3: a closing that the hold stops, by as long as it stood; also when it fell due under it', () => {
    expect(shiftOf(ticket, hold, after(5 * hours), undefined, [])).toEqual({ closingMs: 6 * hours, ...nothingElse });
    expect(shiftOf(ticket, hold, after(99 * hours), undefined, [])).toEqual({ closingMs: 100 * hours, ...nothingElse });
  });

  test('M3: nothing that the hold does not stop, and nothing that was due before it stood', () => {
    expect(shiftOf(ticket, { ...hold, kinds: ['reminders'] }, after(5 * hours), undefined, []).closingMs).toBe(0);
    expect(shiftOf(ticket, { ...hold, scope: 'queue', scopeId: 'que_2' }, after(5 * hours), undefined, []).closingMs).toBe(0);
    expect(shiftOf(ticket, { ...hold, from: after(50 * hours) }, after(60 * hours), undefined, []).closingMs).toBe(0);
  });

  test('M3: what a lifting that was broken off has counted is not counted again', () => {
    expect(shiftOf(ticket, hold, after(5 * hours), { closing: after(2 * hours) }, []).closingMs).toBe(3 * hours);
  });

  test('M3: of two that stand at once the one lifted last accounts for it; one that does not shift accounts for nothing', () => {
    const other = { ...hold, id: 'hld_2' };
    expect(accountsInstead(other, hold)).toBe(true);
    expect(accountsInstead({ ...other, shifts: false }, hold)).toBe(false);
    expect(accountsInstead(hold, hold)).toBe(false);
    const [early, late] = [
      { ...hold, liftingAt: at },
      { ...other, liftingAt: after(1) },
    ];
    expect([accountsInstead(late, early), accountsInstead(early, late)]).toEqual([true, false]);
    const same = { ...other, liftingAt: at };
    expect([accountsInstead(same, early), accountsInstead(early, same)]).toEqual([true, false]);
  });

  test('M3: lifted without shifting, a hold moves what others left to it and no more', () => {
    const left = [
      { ...hold, id: 'hld_2', from: after(-2 * hours), to: after(3 * hours) },
      { ...hold, id: 'hld_3', from: after(2 * hours), to: after(4 * hours) },
      { ...hold, id: 'hld_4', kinds: ['reminders'] as const, to: after(9 * hours) },
    ];
    const stood = { ...hold, from: at, shifts: false };
    expect(shiftOf(ticket, stood, after(9 * hours), undefined, [], left).closingMs).toBe(4 * hours);
    expect(shiftOf(ticket, stood, after(9 * hours), { closing: after(hours) }, [], left).closingMs).toBe(3 * hours);
    expect(shiftOf(ticket, stood, after(9 * hours), undefined, [{ ...hold, id: 'hld_5', from: after(hours) }], left).closingMs).toBe(hours);
    expect(shiftOf(ticket, stood, after(9 * hours), undefined, [], []).closingMs).toBe(0);
  });

  test('M3: a hold that has an end counts to it, one lifted before to then', () => {
    expect(endOf({ until: after(hours) }, after(2 * hours))).toEqual(after(hours));
    expect(endOf({ until: after(hours) }, at)).toEqual(at);
    expect(endOf({ until: null }, at)).toEqual(at);
  });
});

describe('the clocks of a service level under holds', () => {
  /** Monday to Friday, 11 to 20 in Moscow: nine hours a day. The 9th of March 2026 is a Monday. */
  const calendar = compileCalendar({
    zone: 'Europe/Moscow',
    weekdays: [1, 2, 3, 4, 5],
    opens: 660,
    closes: 1200,
    honourShortDays: false,
    years: {},
  });
  const level: ServiceLevel = {
    terms: { id: 'trm_1', response: { amount: 16, unit: 'hours' }, criticalFix: null, calendarId: 'cal_1', hours: null },
    calendar: { id: 'cal_1', version: 1 },
    calendarOf: () => calendar,
  };
  const march = (day: number, time: string) => new Date(`2026-03-${String(day).padStart(2, '0')}T${time}:00+03:00`);
  const stood = (from: Date, more: Partial<Hold> = {}): Hold => ({ ...hold, from, ...more });
  const started = (since: Date): ServiceClock => startClock('first_response', since, level)!;
  const untimed: Deadlines = { warnsAt: null, closesAt: null, archivesAt: null, timing: null };
  const ticketWith = (clock: ServiceClock) => ({
    life: { ...untimed, clocks: { ...noClocks, response: clock } },
    calendarOf: level.calendarOf,
    entity: step.entity,
    accountId: 'acc_1',
    queueId: 'que_1',
  });
  const lifted = (clock: ServiceClock, each: Hold, to: Date, standing: readonly Hold[] = []): ServiceClock => {
    const { responseMs } = shiftOf(ticketWith(clock), each, to, undefined, standing);
    return shiftedClock(clock, level, responseMs);
  };

  test('M3: a hold of the kind stops each of their steps, and no other kind does', () => {
    for (const kind of clockStepKinds) {
      expect(covers(stood(at, { kinds: ['clocks'] }), { ...step, kind })).toBe(true);
      expect(covers(stood(at, { kinds: ['auto_close', 'archive', 'reminders'] }), { ...step, kind })).toBe(false);
    }
  });

  test('M3: what it gives back is working time, not the time on the wall', () => {
    const clock = started(march(12, '12:00'));
    expect(clock.dueAt).toEqual(march(13, '19:00'));
    const after = lifted(clock, stood(march(13, '18:00')), march(16, '12:00'));
    expect(after.dueAt, 'three hours, over a weekend').toEqual(march(16, '13:00'));
    expect(after.warnsAt).toEqual(march(13, '18:00'));
    expect(leftMs(after, level, march(16, '12:00')), 'just what was left when it began').toBe(leftMs(clock, level, march(13, '18:00')));
  });

  test('M3: a hold over a weekend, or a night, moves nothing', () => {
    const clock = started(march(12, '12:00'));
    expect(lifted(clock, stood(march(13, '20:00')), march(16, '11:00'))).toBe(clock);
    expect(lifted(clock, stood(march(12, '20:30')), march(13, '10:59'))).toBe(clock);
  });

  test('M3: one that began under the hold gets back what it ran under it', () => {
    const clock = started(march(12, '15:00'));
    expect(lifted(clock, stood(march(9, '11:00')), march(12, '17:00')).dueAt).toEqual(calendar.after(clock.dueAt!, 2 * hours));
  });

  test('M3: what was due before, waits, or is broken, is not moved', () => {
    const clock = started(march(12, '12:00'));
    expect(lifted(clock, stood(march(13, '19:01')), march(16, '19:00'))).toBe(clock);
    const waits = pauseClock(clock, level, march(12, '15:00'));
    expect(lifted(waits, stood(march(12, '16:00')), march(13, '19:00'))).toBe(waits);
    const broken = { ...clock, breachedAt: march(13, '19:00'), warnsAt: null };
    expect(lifted(broken, stood(march(13, '12:00')), march(16, '19:00'))).toBe(broken);
  });

  test('M3: a pause ends what a hold may give back: it counts from where the clock ran on', () => {
    const waits = pauseClock(started(march(9, '12:00')), level, march(10, '12:00'));
    const runsOn = resumeClock(waits, level, march(12, '12:00'));
    const { responseMs } = shiftOf(ticketWith(runsOn), stood(march(9, '13:00')), march(12, '14:00'), undefined, []);
    expect(responseMs).toBe(2 * hours);
  });

  const instants = fc.integer({ min: 0, max: 30 * 24 * 4 }).map((quarters) => new Date(march(2, '00:00').getTime() + quarters * 900_000));
  const stretches = fc.array(fc.tuple(instants, fc.integer({ min: 1, max: 400 })), { minLength: 1, maxLength: 5 });

  test('M3: of holds however they overlap, in whatever order they are lifted, each working minute is given back once', () => {
    fc.assert(
      fc.property(instants, stretches, (since, drawn) => {
        const clock = { ...started(since), dueAt: calendar.after(since, 2000 * hours), leftMs: 2000 * hours };
        const holds = drawn.map(([from, quarters], index) => ({
          ...stood(from, { id: `hld_${index}` }),
          to: new Date(from.getTime() + quarters * 900_000),
        }));
        const inOrder = holds.toSorted((a, b) => a.to.getTime() - b.to.getTime());
        let after: ServiceClock = clock;
        for (const [index, each] of inOrder.entries()) {
          const standing = inOrder.slice(index + 1).filter((other) => other.from <= each.to);
          after = lifted(after, each, each.to, standing);
        }
        // Quarter by quarter, as nobody would do it.
        let held = 0;
        for (let quarter = march(2, '00:00').getTime(); quarter < march(31, '00:00').getTime() + 10 * 24 * hours; quarter += 900_000) {
          const [from, to] = [new Date(quarter), new Date(quarter + 900_000)];
          if (from >= since && holds.some((each) => each.from <= from && to <= each.to)) held += calendar.workingMs(from, to);
        }
        expect(after.dueAt).toEqual(held === 0 ? clock.dueAt : calendar.after(clock.dueAt, held));
        expect(after.leftMs).toBe(clock.leftMs + held);
        // Given back at once, after a merge or a "thank you" that needed no answer, it is the same.
        const { responseMs } = shiftMissed(ticketWith(clock), holds, []);
        expect(responseMs).toBe(held);
      }),
      { numRuns: 200 },
    );
  });

  test('M3: a hold leaves as much working time as there was, and outside of working time it takes none', () => {
    fc.assert(
      fc.property(instants, instants, fc.integer({ min: 0, max: 600 }), (since, from, quarters) => {
        const clock = started(since);
        fc.pre(from >= since && from <= clock.dueAt!);
        const to = new Date(from.getTime() + quarters * 900_000);
        const after = lifted(clock, stood(from), to);
        expect(leftMs(after, level, to)).toBe(leftMs(clock, level, from));
        if (workingTime(calendar).between(from, to) === 0) expect(after).toBe(clock);
        expect(after.dueAt!.getTime()).toBeGreaterThanOrEqual(clock.dueAt!.getTime());
      }),
      { numRuns: 500 },
    );
  });
});

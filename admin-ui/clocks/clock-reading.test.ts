import { describe, expect, test } from 'vitest';
import { compileCalendar } from '../../domain/business-calendar.ts';
import { promiseBefore, readClockNow, readClocksNow, standsUntil, workingTimeParts, type ShownClock } from './clock-reading.ts';

const moscow = compileCalendar({
  zone: 'Europe/Moscow',
  weekdays: [1, 2, 3, 4, 5],
  opens: 660,
  closes: 1200,
  honourShortDays: false,
  years: {},
});
const hours = (amount: number) => amount * 3_600_000;
/** Mon 12 Jan 2026, 11:40 in Moscow. */
const now = new Date('2026-01-12T08:40:00Z');
const clock = (more: Partial<ShownClock> = {}): ShownClock => ({
  what: 'first_response',
  state: 'running',
  target: { amount: 16, unit: 'hours' },
  dueAt: '2026-01-13T12:00:00Z',
  warnsAt: '2026-01-13T08:00:00Z',
  breachedAt: null,
  hold: null,
  ...more,
});

describe('how a clock stands', () => {
  test('S4: what is left is working time, and told as plain time only where the whole stretch is worked', () => {
    expect(readClockNow(clock(), now, moscow)).toEqual({
      is: 'running',
      at: new Date('2026-01-13T12:00:00Z'),
      left: { milliseconds: hours(12) + 20 * 60_000, plain: false },
    });
    expect(readClockNow(clock({ dueAt: '2026-01-12T12:00:00Z' }), now, moscow)).toMatchObject({
      left: { milliseconds: hours(3) + 20 * 60_000, plain: true },
    });
  });

  test('S4: until the calendar is there, what is left is what the server told', () => {
    const told = (leftMinutes: number) => readClockNow(clock({ leftMinutes }), now);
    expect(told(740)).toMatchObject({ left: { milliseconds: 740 * 60_000, plain: false } });
    expect(told(27 * 60 + 20)).toMatchObject({ left: { plain: true } });
    expect(readClockNow(clock({ leftMinutes: 1 }), now, moscow)).toMatchObject({ left: { milliseconds: hours(12) + 20 * 60_000 } });
  });

  test('S4: a snooze does not stop a clock: the promise that is due before it ends is known', () => {
    const due = '2026-01-13T12:00:00Z';
    const before = (until: string, ...clocks: ShownClock[]) => promiseBefore(clocks, new Date(until), now);
    expect(before('2026-01-13T12:00:00.001Z', clock())).toEqual({ what: 'first_response', at: new Date(due) });
    expect(before(due, clock())).toBeUndefined();
    const fix = clock({ what: 'fix', dueAt: '2026-01-13T09:00:00Z' });
    expect(before('2026-01-14T06:00:00Z', clock(), fix)).toEqual({ what: 'fix', at: new Date('2026-01-13T09:00:00Z') });
    const held = clock({ hold: { id: 'hld_x', reason: '', until: null } as never });
    const paused = clock({ state: 'paused', dueAt: null });
    expect(before('2026-02-01T06:00:00Z', held, paused, clock({ state: 'breached', dueAt: '2026-01-12T08:00:00Z' }))).toBeUndefined();
  });

  test('S4: outside working hours nothing runs down', () => {
    const at = (instant: string) => readClockNow(clock(), new Date(instant), moscow);
    const evening = at('2026-01-12T17:00:00Z');
    expect(evening).toMatchObject({ left: { milliseconds: hours(4) } });
    expect(at('2026-01-12T23:00:00Z')).toEqual(evening);
    expect(at('2026-01-13T08:00:00Z')).toMatchObject({ left: { milliseconds: hours(4), plain: true } });
  });

  test('S2: while nobody works it says when it will run again', () => {
    const stands = (instant: string) => standsUntil(readClockNow(clock(), new Date(instant), moscow), new Date(instant), moscow);
    expect(stands('2026-01-12T17:00:00Z')).toEqual(new Date('2026-01-13T08:00:00Z'));
    expect(stands('2026-01-12T16:59:59Z')).toBeUndefined();
    expect(stands('2026-01-13T08:00:00Z')).toBeUndefined();
    expect(standsUntil(readClockNow(clock({ state: 'paused', dueAt: null }), now, moscow), now, moscow)).toBeUndefined();
  });

  test('S3: days that were promised are counted as they were: those after today, and what is left of the last', () => {
    const days = { amount: 5, unit: 'days' } as const;
    const left = (instant: string, dueAt: string) => readClockNow(clock({ target: days, dueAt }), new Date(instant), moscow);
    const friday = '2026-01-16T17:00:00Z';
    // Received on Friday before: whatever the hour, five working days are left, until the next Friday's end.
    for (const at of ['2026-01-09T05:00:00Z', '2026-01-09T16:00:00Z', '2026-01-11T12:00:00Z'])
      expect(left(at, friday)).toMatchObject({ left: { days: { whole: 5, restMs: 0 } } });
    const nextDay = left('2026-01-15T12:00:00Z', '2026-01-16T11:00:00Z');
    expect('left' in nextDay && nextDay.left).toEqual({ milliseconds: hours(8), plain: false });
    expect(left('2026-01-14T12:00:00Z', '2026-01-16T11:00:00Z')).toMatchObject({ left: { days: { whole: 1, restMs: hours(3) } } });
    expect(left('2026-01-16T12:00:00Z', friday)).toMatchObject({ left: { milliseconds: hours(5), plain: true } });
  });

  test('S5: it is near from its warning on, whether time has come or staff were told already', () => {
    expect(readClockNow(clock(), new Date('2026-01-13T07:59:59Z'), moscow).is).toBe('running');
    expect(readClockNow(clock(), new Date('2026-01-13T08:00:00Z'), moscow).is).toBe('near');
    expect(readClockNow(clock({ warnsAt: null }), now, moscow).is).toBe('near');
  });

  test('S5: over is over, also while the engine is away to say so; by how much is working time', () => {
    const over = { is: 'overdue', at: new Date('2026-01-09T16:20:00Z'), over: { milliseconds: hours(1) + 20 * 60_000, plain: false } };
    const missed = clock({ dueAt: '2026-01-09T16:20:00Z' });
    expect(readClockNow(missed, now, moscow)).toEqual(over);
    expect(readClockNow({ ...missed, state: 'breached', breachedAt: '2026-01-09T16:20:03Z' }, now, moscow)).toEqual(over);
  });

  test('S5: a page whose clock lags a little behind the server’s does not count below nothing', () => {
    const told = clock({ state: 'breached', dueAt: '2026-01-12T08:40:05Z', breachedAt: '2026-01-12T08:40:05Z' });
    expect(readClockNow(told, now, moscow)).toMatchObject({ is: 'overdue', over: { milliseconds: 0 } });
  });

  test('M3: what a hold keeps from breaking is not overdue; what was broken before it stays so', () => {
    const hold = { until: '2026-01-20T06:00:00Z' };
    expect(readClockNow(clock({ dueAt: '2026-01-09T16:20:00Z', hold }), now, moscow)).toEqual({
      is: 'held',
      at: new Date('2026-01-09T16:20:00Z'),
      until: new Date('2026-01-20T06:00:00Z'),
    });
    expect(readClockNow(clock({ hold: { until: null } }), now, moscow)).toMatchObject({ is: 'held', until: null });
    expect(readClockNow(clock({ state: 'breached', breachedAt: '2026-01-13T12:00:00Z', hold }), now, moscow).is).toBe('overdue');
  });

  test('S4: a clock that waits for the customer, or was stopped by a fix, keeps what it has left', () => {
    const waits = clock({ what: 'fix', state: 'paused', dueAt: null, warnsAt: null, leftMinutes: 250 });
    expect(readClockNow(waits, now, moscow)).toEqual({
      is: 'paused',
      left: { milliseconds: hours(4) + 10 * 60_000, plain: false },
      missed: false,
    });
    expect(readClockNow({ ...waits, state: 'fixed', breachedAt: '2026-01-12T08:00:00Z' }, now)).toMatchObject({
      is: 'fixed',
      missed: true,
    });
    expect(readClockNow({ ...waits, leftMinutes: undefined }, now)).toMatchObject({ is: 'paused', left: undefined });
    expect(readClockNow({ ...waits, state: 'not_counted' }, now)).toEqual({ is: 'not_counted' });
  });

  test('S5: of two clocks the promise that was broken first stands first, then the one that is due first', () => {
    const order = (...clocks: ShownClock[]) => readClocksNow(clocks, now).map(({ reading }) => reading.is);
    const [later, sooner] = [clock(), clock({ what: 'fix', dueAt: '2026-01-12T12:00:00Z', warnsAt: null })];
    const missed = clock({ state: 'breached', dueAt: '2026-01-12T08:00:00Z', breachedAt: '2026-01-12T08:00:00Z' });
    expect(order(later, sooner)).toEqual(['near', 'running']);
    expect(order(sooner, missed)).toEqual(['overdue', 'near']);
    expect(order(clock({ state: 'paused', dueAt: null }), later)).toEqual(['running', 'paused']);
  });
});

describe('working time as people say it', () => {
  test('S3: days that were promised are left as working days, the rest as hours; hours stay hours, however many', () => {
    expect(workingTimeParts(hours(43), hours(9))).toEqual([
      { unit: 'days', value: 4 },
      { unit: 'h', value: 7 },
    ]);
    expect(workingTimeParts(hours(8) + 90_000, hours(9))).toEqual([
      { unit: 'h', value: 8 },
      { unit: 'min', value: 1 },
    ]);
    expect(workingTimeParts(hours(43) + 20 * 60_000)).toEqual([
      { unit: 'h', value: 43 },
      { unit: 'min', value: 20 },
    ]);
    expect(workingTimeParts(30_000)).toEqual([]);
  });
});

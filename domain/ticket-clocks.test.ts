import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileCalendar, type CalendarDefinition, type CalendarRef } from './business-calendar.ts';
import { isRefusal } from './errors.ts';
import type { ServiceLevel } from './service-clock.ts';
import { claimedFix, clockSteps, endedRuns, pressureOf, resumedRun, standingClocks } from './ticket-clocks.ts';
import { dueStep, moveOfStep, moveTicket, newTicketLife, nextSteps, type Move, type TicketLife, type TimingPolicy } from './ticket-life.ts';

/** Monday to Friday, 11 to 20 in Moscow, without holidays: nine hours a day. */
const week: CalendarDefinition = {
  zone: 'Europe/Moscow',
  weekdays: [1, 2, 3, 4, 5],
  opens: 660,
  closes: 1200,
  honourShortDays: false,
  years: {},
};
const [present, older]: CalendarRef[] = [
  { id: 'cal_week', version: 2 },
  { id: 'cal_week', version: 1 },
];
const ready = compileCalendar(week);
const withDayOff = compileCalendar({
  ...week,
  years: { '2026': { decree: null, daysOff: ['2026-03-11'], workingWeekends: [], shortDays: [] } },
});

function level(given: Partial<ServiceLevel['terms']> = {}, decreed = false): ServiceLevel {
  return {
    terms: {
      id: 'trm_1',
      response: { amount: 16, unit: 'hours' },
      criticalFix: { amount: 5, unit: 'days' },
      calendarId: 'cal_week',
      hours: null,
      ...given,
    },
    calendar: decreed ? present! : older!,
    calendarOf: (ref) => (ref.version === present!.version ? withDayOff : ready),
  };
}

const promised = level();
const policy: TimingPolicy = {
  id: 'tpl_week',
  autoCloseAfterSeconds: 168 * 3600,
  archiveAfterSeconds: 168 * 3600,
  warnBeforeSeconds: 24 * 3600,
  reopenAfterManualClose: true,
  service: promised,
};

/** Local time in Moscow, in March 2026: the 9th is a Monday. */
function march(day: number, time: string): Date {
  return new Date(`2026-03-${String(day).padStart(2, '0')}T${time}:00+03:00`);
}

function moved(life: TicketLife, at: Date, ...moves: Move[]): TicketLife {
  return moves.reduce((before, move) => {
    const after = moveTicket(before, move, policy, at);
    if (isRefusal(after)) throw new Error(`${move.kind}: ${after.refused}`);
    return after;
  }, life);
}

const answer = (nextStepBy: 'customer' | 'staff' = 'customer'): Move => ({ kind: 'staff_message', staffId: 'usr_oleg', nextStepBy });
const opened = newTicketLife(march(9, '12:00'), promised);
const answered = moved(opened, march(9, '15:00'), answer());

describe('the clock of the response', () => {
  test('S4, S5: an opening starts the first response; staff are warned at three quarters', () => {
    expect(nextSteps(opened)).toEqual([
      { kind: 'first_response_warning', dueAt: march(10, '15:00'), rule: 'first_response 16 hours (trm_1, cal_week@1)' },
      { kind: 'first_response_breach', dueAt: march(10, '19:00'), rule: 'first_response 16 hours (trm_1, cal_week@1)' },
    ]);
    expect(pressureOf(opened.clocks)).toEqual({ breachesAt: march(10, '19:00'), breachedAt: null });
  });

  test('S3: days end at closing time of the last of them, wherever in the day it came', () => {
    const days = level({ response: { amount: 5, unit: 'days' } });
    for (const time of ['00:10', '12:00', '19:59', '23:50'])
      expect(nextSteps(newTicketLife(march(9, time), days)).at(-1)?.dueAt).toEqual(march(16, '20:00'));
  });

  test('S4: only a public message of staff stops it', () => {
    const kept: Move[] = [
      { kind: 'internal_note' },
      { kind: 'take', staffId: 'usr_oleg' },
      { kind: 'assign', staffId: 'usr_maria' },
      { kind: 'transfer', keepsAssignee: true },
      { kind: 'prioritise' },
      { kind: 'tag' },
      { kind: 'split' },
      { kind: 'snooze', until: march(20, '12:00') },
      { kind: 'customer_message' },
    ];
    const busy = moved(opened, march(9, '14:00'), ...kept);
    expect(busy.clocks).toEqual(opened.clocks);
    expect(moved(busy, march(9, '15:00'), answer()).clocks.response).toBeNull();
  });

  test('S4, T4: “we are looking into it” is a first response, and the customer waits on since the same moment', () => {
    const owed = moved(opened, march(9, '15:00'), answer('staff'));
    expect(owed).toMatchObject({ firstRespondedAt: march(9, '15:00'), status: 'in_progress' });
    expect(owed.clocks.response).toMatchObject({ kind: 'next_response', since: march(9, '12:00'), dueAt: march(10, '19:00') });
    const again = moved(owed, march(9, '16:00'), answer('staff'));
    expect(again.clocks).toEqual(owed.clocks);
    const late = moved(opened, march(10, '19:00'), moveOfStep('first_response_warning'), moveOfStep('first_response_breach'));
    const owedLate = moved(late, march(10, '19:30'), answer('staff'));
    expect(clockSteps(owedLate.clocks), 'what was told of the deadline is not told again').toEqual([]);
    expect(pressureOf(owedLate.clocks).breachedAt, 'it is still flagged: nobody has answered').toEqual(march(10, '19:00'));
  });

  test('S4: later ones count from the oldest message that is unanswered', () => {
    const asked = moved(answered, march(10, '12:00'), { kind: 'customer_message' });
    expect(asked.clocks.response).toMatchObject({ kind: 'next_response', since: march(10, '12:00'), dueAt: march(11, '19:00') });
    expect(moved(asked, march(10, '18:00'), { kind: 'customer_message' }).clocks).toEqual(asked.clocks);
    expect(moved(asked, march(10, '18:00'), answer()).clocks.response).toBeNull();
  });

  test('S4: closing stops it, reopening starts the next response', () => {
    const closed = moved(opened, march(9, '15:00'), { kind: 'close' });
    expect(closed.clocks).toEqual({ response: null, fix: null });
    const reopened = moved(moved(answered, march(10, '12:00'), { kind: 'close' }), march(10, '13:00'), { kind: 'reopen' });
    expect(reopened.clocks.response).toMatchObject({ kind: 'next_response', since: march(10, '13:00') });
  });

  test('T4: a message that needs no answer starts nothing that is not given back', () => {
    const thanked = moved(answered, march(10, '12:00'), { kind: 'customer_message' });
    const breached = moved(thanked, march(11, '19:00'), moveOfStep('next_response_warning'), moveOfStep('next_response_breach'));
    for (const life of [thanked, breached]) {
      const back = moved(life, march(11, '19:30'), { kind: 'dismiss' });
      expect(back.clocks).toEqual(answered.clocks);
      expect(endedRuns(life, back, 'dismiss', promised, march(11, '19:30'))).toMatchObject([{ kind: 'next_response', outcome: 'void' }]);
    }
  });

  test('S5: warned once, breached once; what is told is not planned again', () => {
    const warned = moved(opened, march(10, '15:00'), moveOfStep('first_response_warning'));
    expect(clockSteps(warned.clocks).map(({ kind }) => kind)).toEqual(['first_response_breach']);
    expect(moveTicket(warned, moveOfStep('first_response_warning'), policy, march(10, '16:00'))).toMatchObject({
      refused: 'ticket.step_not_due',
    });
    expect(moveTicket(warned, moveOfStep('first_response_breach'), policy, new Date(march(10, '19:00').getTime() - 1))).toMatchObject({
      refused: 'ticket.step_not_due',
    });
    const breached = moved(warned, march(10, '19:00'), moveOfStep('first_response_breach'));
    expect(clockSteps(breached.clocks)).toEqual([]);
    expect(pressureOf(breached.clocks)).toEqual({ breachesAt: null, breachedAt: march(10, '19:00') });
  });

  test('S8: an answer in the very millisecond of the deadline keeps the promise, one later breaks it', () => {
    const due = march(10, '19:00');
    const run = (at: Date, from = opened) => endedRuns(from, moved(from, at, answer()), 'staff_message', promised, at)[0];
    expect(run(due)).toMatchObject({ outcome: 'met', takenMs: 16 * 3_600_000 });
    expect(run(new Date(due.getTime() + 1))).toMatchObject({ outcome: 'breached' });
    expect(run(due, moved(opened, due, moveOfStep('first_response_breach')))).toMatchObject({ outcome: 'breached' });
  });
});

describe('the clock of the fix', () => {
  const critical: TicketLife = { ...opened, clocks: { ...opened.clocks, fix: claimedFix(opened, promised, march(9, '12:00')) } };

  test('S4, T14: it counts from the claim, and waits while the customer’s answer is awaited', () => {
    expect(critical.clocks.fix).toMatchObject({ kind: 'fix', dueAt: march(16, '20:00') });
    const waits = moved(critical, march(10, '11:00'), answer());
    expect(waits.clocks.fix).toMatchObject({ dueAt: null, warnsAt: null, leftMs: 45 * 3_600_000 });
    expect(clockSteps(waits.clocks)).toEqual([]);
    const runs = moved(waits, march(12, '11:00'), { kind: 'customer_message' });
    expect(runs.clocks.fix?.dueAt, 'two working days later').toEqual(march(18, '20:00'));
    expect(runs.clocks.fix?.warnsAt, 'at three quarters of 53 hours').toEqual(march(17, '15:45'));
  });

  test('S4: a claim made while the customer’s answer is awaited begins to count with his answer', () => {
    const fix = claimedFix(answered, promised, march(9, '16:00'));
    expect(fix).toMatchObject({ dueAt: null, leftMs: (4 + 5 * 9) * 3_600_000 });
  });

  test('S4: staff say that it is fixed, the customer contradicts, and it runs on', () => {
    const fixed = moved(critical, march(10, '11:00'), { kind: 'mark_fixed' });
    expect(clockSteps(fixed.clocks).map(({ kind }) => kind)).not.toContain('fix_breach');
    expect(endedRuns(critical, fixed, 'mark_fixed', promised, march(10, '11:00'))).toMatchObject([{ kind: 'fix', outcome: 'met' }]);
    const thanked = moved(fixed, march(10, '12:00'), { kind: 'customer_message' });
    expect(thanked.fixedAt, 'a mere message contradicts nothing').not.toBeNull();
    const contradicted = moved(fixed, march(12, '11:00'), { kind: 'customer_message', notFixed: true });
    expect(contradicted.clocks.fix?.dueAt).toEqual(march(18, '20:00'));
    expect(resumedRun(fixed, contradicted, 'customer_message')).toEqual({ kind: 'fix', since: march(9, '12:00') });
    expect(moved(fixed, march(12, '11:00'), { kind: 'resume_fix' }).clocks).toEqual(contradicted.clocks);
  });

  test('S5: what ran out before an answer paused it is still told', () => {
    const late = moved(critical, march(17, '12:00'), answer());
    expect(clockSteps(late.clocks).map(({ kind }) => kind)).toContain('fix_breach');
    expect(moved(late, march(17, '13:00'), moveOfStep('fix_breach')).clocks.fix?.breachedAt).toEqual(march(17, '13:00'));
  });

  test('T14: a claim that staff refuse does nothing, and counts on should they change their minds', () => {
    const refused: TicketLife = { ...critical, clocks: { ...critical.clocks, fix: { ...critical.clocks.fix!, counts: false } } };
    expect(clockSteps(refused.clocks).map(({ kind }) => kind)).not.toContain('fix_breach');
    expect(moveTicket(refused, { kind: 'mark_fixed' }, policy, march(10, '12:00'))).toMatchObject({ refused: 'ticket.no_fix_promised' });
  });

  test('T4: a message that needs no answer uses nothing of its time', () => {
    const waits = moved(critical, march(10, '11:00'), answer());
    const thanked = moved(waits, march(12, '11:00'), { kind: 'customer_message' });
    const back = moved(thanked, march(13, '11:00'), { kind: 'dismiss' });
    expect(back.clocks.fix).toMatchObject({ dueAt: null, leftMs: waits.clocks.fix!.leftMs });
  });
});

describe('merging', () => {
  test('S4, T13: a merge buys nobody time: what is due first stands, and the undo gives both back', () => {
    const source = newTicketLife(march(9, '11:00'), promised);
    const merged = moved(opened, march(9, '16:00'), { kind: 'absorb', waitingSince: source.waitingSince, clocks: source.clocks });
    expect(merged.clocks.response).toMatchObject({ kind: 'first_response', since: march(9, '11:00'), dueAt: march(10, '18:00') });
    const into = moved(answered, march(9, '16:00'), { kind: 'absorb', waitingSince: source.waitingSince, clocks: source.clocks });
    expect(into.clocks.response, 'in a ticket that was answered before it is the next response').toMatchObject({
      kind: 'next_response',
      dueAt: march(10, '18:00'),
    });
    expect(moved(merged, march(9, '17:00'), { kind: 'release', own: opened, merged }).clocks).toEqual(opened.clocks);
    const absorbed = moved(source, march(9, '16:00'), { kind: 'absorbed' });
    expect(absorbed.clocks).toEqual({ response: null, fix: null });
    expect(moved(absorbed, march(9, '17:00'), { kind: 'unmerge', former: source }).clocks).toEqual(source.clocks);
  });

  test('S5: what a clock told during the merge is not told again after its undo', () => {
    const merged = moved(opened, march(9, '16:00'), { kind: 'absorb', waitingSince: null });
    const told = moved(merged, march(10, '15:00'), moveOfStep('first_response_warning'));
    expect(clockSteps(moved(told, march(10, '16:00'), { kind: 'release', own: opened, merged }).clocks)).toHaveLength(1);
  });
});

describe('merging fixes', () => {
  const critical = (since = march(9, '12:00'), more: Partial<TicketLife> = {}): TicketLife => ({
    ...opened,
    clocks: { ...opened.clocks, fix: claimedFix(opened, promised, since) },
    ...more,
  });
  const absorbing = ({ clocks: { response, fix }, fixedAt }: TicketLife): Move => ({
    kind: 'absorb',
    waitingSince: march(9, '12:00'),
    clocks: { response, fix, fixedAt },
  });

  test('S4, T13: of two critical faults the one that is due first stands, and one that is fixed gives way to one that is not', () => {
    const [early, late] = [critical(), critical(march(10, '12:00'))];
    const fixed = moved(early, march(10, '11:00'), { kind: 'mark_fixed' });
    const after = (target: TicketLife, source: TicketLife) => moved(target, march(10, '13:00'), absorbing(source));
    expect(after(late, early).clocks.fix?.since).toEqual(march(9, '12:00'));
    expect(after(early, late).clocks.fix?.since).toEqual(march(9, '12:00'));
    expect(after(late, fixed)).toMatchObject({ fixedAt: null, clocks: { fix: { since: march(10, '12:00') } } });
    expect(after(fixed, late)).toMatchObject({ fixedAt: null, clocks: { fix: { since: march(10, '12:00') } } });
    expect(after(opened, fixed)).toMatchObject({ fixedAt: march(10, '11:00'), clocks: { fix: { dueAt: null } } });
  });

  test('S4, T13: what came along stays due first, whatever is done in the ticket then', () => {
    const strict = newTicketLife(march(9, '16:00'), level({ id: 'trm_2', response: { amount: 1, unit: 'hours' } }));
    const merged = moved(opened, march(9, '16:10'), { kind: 'absorb', waitingSince: strict.waitingSince, clocks: strict.clocks });
    expect(merged).toMatchObject({ waitingSince: march(9, '12:00'), clocks: { response: { termsId: 'trm_2', dueAt: march(9, '17:00') } } });
    const busy = moved(merged, march(9, '16:20'), { kind: 'take', staffId: 'usr_oleg' }, { kind: 'customer_message' }, answer('staff'));
    expect(busy.clocks.response).toEqual({ ...merged.clocks.response, kind: 'next_response' });
  });

  test('S4, T13: the oldest message counts, also where nothing had been promised to it', () => {
    const since = march(9, '11:00');
    const merged = moved(opened, march(9, '16:00'), { kind: 'absorb', waitingSince: since, clocks: { response: null } });
    expect(merged.clocks.response).toMatchObject({ since, dueAt: march(10, '18:00') });
  });

  test('S5, T13: what was told where a ticket went on is not told again in it after the undo', () => {
    const source = newTicketLife(march(9, '11:00'), promised);
    const merged = moved(opened, march(9, '16:00'), { kind: 'absorb', waitingSince: source.waitingSince, clocks: source.clocks });
    const told = moved(merged, march(10, '18:00'), moveOfStep('first_response_warning'), moveOfStep('first_response_breach'));
    const absorbed = moved(source, march(9, '16:00'), { kind: 'absorbed' });
    const back = moved(absorbed, march(10, '18:30'), { kind: 'unmerge', former: source, told: told.clocks });
    expect(clockSteps(back.clocks)).toEqual([]);
    expect(pressureOf(back.clocks).breachedAt).toEqual(march(10, '18:00'));
    const released = moved(told, march(10, '18:30'), { kind: 'release', own: opened, merged });
    expect(clockSteps(released.clocks), 'its own deadline has not been told').toHaveLength(2);
  });
});

describe('what is fixed', () => {
  const critical: TicketLife = { ...opened, clocks: { ...opened.clocks, fix: claimedFix(opened, promised, march(9, '12:00')) } };

  test('S5: presses nobody, not even when it was fixed too late; contradicted, it does', () => {
    const late = moved(critical, march(17, '12:00'), { kind: 'mark_fixed' });
    expect(nextSteps(late).map(({ kind }) => kind)).not.toContain('fix_breach');
    expect(pressureOf(standingClocks(late)).breachesAt).toEqual(opened.clocks.response!.dueAt);
    const contradicted = moved(late, march(17, '13:00'), { kind: 'resume_fix' });
    expect(nextSteps(contradicted).map(({ kind }) => kind)).toContain('fix_breach');
  });

  test('S4: a closing keeps it, should the customer come back and contradict; the archive does not', () => {
    const fixed = moved(moved(critical, march(10, '11:00'), { kind: 'mark_fixed' }), march(10, '12:00'), answer());
    const closed = moved(fixed, march(10, '13:00'), { kind: 'close' });
    expect(nextSteps(closed).map(({ kind }) => kind)).toEqual(['archive']);
    const back = moved(closed, march(12, '11:00'), { kind: 'customer_message', notFixed: true });
    expect(back.clocks.fix?.dueAt).toEqual(march(18, '20:00'));
    expect(moved(closed, march(17, '13:00'), { kind: 'archive' }).clocks).toEqual({ response: null, fix: null });
    expect(moved(critical, march(10, '13:00'), { kind: 'close' }).clocks.fix).toBeNull();
  });

  test('S5: what is due of a promise is told before a closing lets it go, the warning first', () => {
    const steps = ['auto_close', 'fix_warning', 'fix_breach'] as const;
    const due = steps.map((kind, hours) => ({ kind, dueAt: march(9, `1${hours}:00`) }));
    expect(dueStep(due, march(10, '12:00'))?.kind).toBe('fix_warning');
    expect(dueStep(due.slice(0, 1), march(10, '12:00'))?.kind).toBe('auto_close');
  });
});

describe('re-timing', () => {
  const retimed = (life: TicketLife, at: Date, to: ServiceLevel, criticalSince: Date | null = null) => {
    const after = moveTicket(life, { kind: 'retime_clocks', criticalSince }, { ...policy, service: to }, at);
    if (isRefusal(after)) throw new Error(after.refused);
    return after;
  };

  test('S7: one more day off moves a deadline by that day, and by nothing where it lies outside', () => {
    const asked = moved(answered, march(10, '12:00'), { kind: 'customer_message' });
    expect(retimed(asked, march(10, '13:00'), level({}, true)).clocks.response?.dueAt).toEqual(march(12, '19:00'));
    expect(retimed(opened, march(9, '13:00'), level({}, true)).clocks.response?.dueAt).toEqual(march(10, '19:00'));
  });

  test('S7: no deadline lies in the past, and a breach is taken back where the promise can still be kept', () => {
    const strict = retimed(opened, march(10, '12:00'), level({ response: { amount: 1, unit: 'hours' } }));
    expect(strict.clocks.response?.dueAt).toEqual(march(10, '12:00'));
    const breached = moved(opened, march(10, '19:00'), moveOfStep('first_response_warning'), moveOfStep('first_response_breach'));
    const kinder = retimed(breached, march(10, '19:30'), level({ response: { amount: 5, unit: 'days' } }));
    expect(pressureOf(kinder.clocks)).toEqual({ breachesAt: march(16, '20:00'), breachedAt: null });
    expect(clockSteps(kinder.clocks), 'who was warned is not warned again').toHaveLength(1);
    expect(retimed(breached, march(11, '19:30'), level({}, true)).clocks.response?.breachedAt).toEqual(march(10, '19:00'));
  });

  test('S7: what waits without a promise gets one from its receipt on, and one that is no longer promised goes', () => {
    const bare = newTicketLife(march(9, '12:00'));
    expect(retimed(bare, march(9, '13:00'), promised).clocks).toEqual(opened.clocks);
    expect(retimed(opened, march(9, '13:00'), level({ response: null })).clocks.response).toBeNull();
    expect(retimed(answered, march(9, '16:00'), promised, march(9, '12:00')).clocks.fix).toMatchObject({ dueAt: null });
  });

  test('S7: re-timing by the same terms and calendar changes nothing', () => {
    expect(retimed(opened, march(9, '13:00'), promised).clocks).toEqual(opened.clocks);
    const waits = moved(moved(opened, march(10, '11:00'), answer()), march(10, '12:00'), { kind: 'customer_message' });
    expect(retimed(waits, march(10, '13:00'), promised).clocks).toEqual(waits.clocks);
  });
});

/** Moves that may come in any order. */
const someMoves: readonly Move[] = [
  { kind: 'customer_message' },
  answer(),
  answer('staff'),
  { kind: 'internal_note' },
  { kind: 'take', staffId: 'usr_oleg' },
  { kind: 'return' },
  { kind: 'dismiss' },
  { kind: 'close' },
  { kind: 'reopen' },
  { kind: 'mark_fixed' },
  { kind: 'resume_fix' },
  { kind: 'shift', by: { closingMs: 0, archivingMs: 0, responseMs: 3_600_000, fixMs: 3_600_000 } },
];

function someLife() {
  return fc
    .record({
      critical: fc.boolean(),
      moves: fc.array(fc.record({ move: fc.constantFrom(...someMoves), minutes: fc.integer({ min: 0, max: 6000 }) }), { maxLength: 30 }),
    })
    .map(({ critical, moves }) => {
      let life: TicketLife = critical
        ? { ...opened, clocks: { ...opened.clocks, fix: claimedFix(opened, promised, march(9, '12:00')) } }
        : opened;
      let at = march(9, '12:00');
      const runs: ReturnType<typeof endedRuns> = [];
      for (const { move, minutes } of moves) {
        at = new Date(at.getTime() + minutes * 60_000);
        for (const step of nextSteps(life).filter((each) => each.dueAt <= at && each.kind.includes('_'))) {
          const taken = moveTicket(life, moveOfStep(step.kind), policy, at);
          if (!isRefusal(taken)) life = taken;
        }
        const after = moveTicket(life, move, policy, at);
        if (isRefusal(after)) continue;
        runs.push(...endedRuns(life, after, move.kind, promised, at));
        life = after;
      }
      return { life, at, runs };
    });
}

describe('whatever happens', () => {
  test('S4: a response runs just while the customer waits, a fix just while staff work on it', () => {
    fc.assert(
      fc.property(someLife(), ({ life }) => {
        const owed = life.status === 'awaiting_staff' || life.status === 'in_progress';
        expect(life.clocks.response !== null).toBe(owed && life.waitingSince !== null);
        expect(life.clocks.response?.kind ?? 'none').toBe(
          life.clocks.response ? (life.firstRespondedAt ? 'next_response' : 'first_response') : 'none',
        );
        const { fix } = life.clocks;
        if (fix && !fix.breachedAt && fix.dueAt && fix.dueAt > life.clocks.fix!.from) expect(life.status).not.toBe('closed');
        if (fix?.dueAt && !owed) expect(fix.breachedAt ?? fix.dueAt, 'only one that has run out does not wait').toBeTruthy();
      }),
    );
  });

  test('S8: every run took no time below nothing, and one that was kept in time took no more than its allowance', () => {
    fc.assert(
      fc.property(someLife(), ({ runs }) => {
        for (const run of runs) {
          expect(run.takenMs).toBeGreaterThanOrEqual(0);
          if (run.outcome === 'met') expect(run.takenMs).toBeLessThanOrEqual(run.allowanceMs + 30 * 3_600_000);
        }
      }),
    );
  });

  test('S4: a clock that is stored and read again is the same', async () => {
    const { readClock } = await import('./service-clock.ts');
    fc.assert(
      fc.property(someLife(), ({ life }) => {
        for (const clock of [life.clocks.response, life.clocks.fix]) expect(readClock(JSON.parse(JSON.stringify(clock)))).toEqual(clock);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDeadlineRule, spellDeadlineRule } from './deadline-rule.ts';
import { isRefusal } from './errors.ts';
import { retimed, sameInstants, shifted } from './moved-deadlines.ts';
import { moveTicket, newTicketLife, type TicketLife, type TimingPolicy } from './ticket-life.ts';
import { timingBounds, timingPresets, warns } from './timing-policy.ts';

const hours = 3_600_000;
const start = new Date('2026-11-23T10:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const week: TimingPolicy = { id: 'tpl_week', reopenAfterManualClose: true, ...timingPresets['7+7'] };
const days: TimingPolicy = { id: 'tpl_days', reopenAfterManualClose: true, ...timingPresets['3+1'] };
const silent: TimingPolicy = { ...week, id: 'tpl_silent', warnBeforeSeconds: 0 };

function must(outcome: ReturnType<typeof moveTicket>): TicketLife {
  if (isRefusal(outcome)) throw new Error(outcome.refused);
  return outcome;
}

const answered = must(moveTicket(newTicketLife(start), { kind: 'staff_message', staffId: 'usr_1', nextStepBy: 'customer' }, week, start));
const closed = must(moveTicket(answered, { kind: 'close' }, week, start));
const warned = must(moveTicket(answered, { kind: 'warn' }, week, after(144 * hours)));

test('T8: a deadline’s rule is spelled and read in one place', () => {
  for (const rule of [
    { kind: 'autoCloseAfter', seconds: 604_800, warnBeforeSeconds: 86_400, policyId: 'tpl_a' },
    { kind: 'autoCloseAfter', seconds: 60, warnBeforeSeconds: 0, policyId: 'tpl_a' },
    { kind: 'archiveAfter', seconds: 60, policyId: 'tpl_a' },
  ] as const)
    expect(readDeadlineRule(spellDeadlineRule(rule))).toEqual(rule);
  for (const none of [null, '', 'snooze', 'tpl_a', 'autoCloseAfter x s (tpl_a)']) expect(readDeadlineRule(none)).toBeUndefined();
});

describe('a policy applied to an open ticket', () => {
  test('T8: counts from where the deadline counted from', () => {
    expect(retimed(answered, days, after(hours))).toMatchObject({ closesAt: after(72 * hours), warnsAt: after(48 * hours) });
    expect(retimed(closed, days, after(hours))).toMatchObject({ archivesAt: after(24 * hours), closesAt: null });
  });

  test('T8: puts no deadline in the past: at the earliest it is now', () => {
    expect(retimed(closed, days, after(30 * hours))!.archivesAt).toEqual(after(30 * hours));
    expect(retimed(answered, { ...days, warnBeforeSeconds: 0 }, after(100 * hours))!.closesAt).toEqual(after(100 * hours));
  });

  test('T9: who was not warned yet is warned first, and has the time that warnings give', () => {
    expect(retimed(answered, days, after(60 * hours))).toMatchObject({ warnsAt: after(60 * hours), closesAt: after(84 * hours) });
    expect(retimed(answered, days, after(100 * hours))).toMatchObject({ warnsAt: after(100 * hours), closesAt: after(124 * hours) });
  });

  test('T9: who was warned is not warned again, and his ticket does not close before he was told', () => {
    expect(retimed(warned, days, after(145 * hours))).toMatchObject({ warnsAt: null, closesAt: after(168 * hours) });
    const longer = retimed(warned, { ...week, autoCloseAfterSeconds: 240 * 3600 }, after(145 * hours))!;
    expect(longer).toMatchObject({ warnsAt: null, closesAt: after(240 * hours) });
    const viaSilent = retimed(
      { ...warned, ...retimed(warned, { ...silent, autoCloseAfterSeconds: 240 * 3600 }, after(145 * hours))! },
      week,
      after(146 * hours),
    )!;
    expect(viaSilent.warnsAt).toBeNull();
  });

  test('T9: a policy that begins to warn warns, and one that warns no more does not', () => {
    const unwarned = must(
      moveTicket(newTicketLife(start), { kind: 'staff_message', staffId: 'usr_1', nextStepBy: 'customer' }, silent, start),
    );
    expect(retimed(unwarned, week, after(hours))).toMatchObject({ warnsAt: after(144 * hours), closesAt: after(168 * hours) });
    expect(retimed(answered, silent, after(hours))).toMatchObject({ warnsAt: null, closesAt: after(168 * hours) });
  });

  test('T4, T8: a snoozed ticket keeps its snooze, and its silence counts from there', () => {
    const snoozed = must(moveTicket(answered, { kind: 'snooze', until: after(200 * hours) }, week, after(hours)));
    const moved = must(moveTicket(snoozed, { kind: 'retime' }, days, after(2 * hours)));
    expect(moved).toMatchObject({ snoozedUntil: after(200 * hours), closesAt: after(272 * hours), warnsAt: after(248 * hours) });
  });

  test('T8: the same policy moves nothing, also what is overdue; and a deadline of unknown beginning stays', () => {
    for (const life of [answered, closed, warned])
      expect(sameInstants(retimed(life, { ...week, id: 'tpl_x' }, after(500 * hours))!, life)).toBe(true);
    expect(retimed({ ...answered, timing: 'tpl_week' }, days, start)).toBeUndefined();
    expect(moveTicket({ ...answered, timing: 'tpl_week' }, { kind: 'retime' }, days, start)).toMatchObject({ closesAt: answered.closesAt });
  });

  test('T8: whatever the policies and the instant, nothing lies in the past that did not, and doing it twice is doing it once', () => {
    const seconds = fc.integer({ min: timingBounds.minSeconds, max: 2_000_000 });
    const drawn = fc.record({
      autoCloseAfterSeconds: seconds,
      archiveAfterSeconds: seconds,
      warnBeforeSeconds: fc.integer({ min: 0, max: 500_000 }),
    });
    fc.assert(
      fc.property(drawn, drawn, fc.integer({ min: 0, max: 2_000_000 }), (before, then, nowSeconds) => {
        const [a, b] = [before, then].map((durations, index) => ({ id: `tpl_${index}`, reopenAfterManualClose: true, ...durations })) as [
          TimingPolicy,
          TimingPolicy,
        ];
        const life = must(moveTicket(newTicketLife(start), { kind: 'staff_message', staffId: 'usr_1', nextStepBy: 'customer' }, a, start));
        const at = after(Math.min(nowSeconds, a.autoCloseAfterSeconds - (warns(a) ? a.warnBeforeSeconds : 0)) * 1000);
        const once = retimed(life, b, at)!;
        expect(once.closesAt!.getTime()).toBeGreaterThanOrEqual(Math.min(at.getTime(), life.closesAt!.getTime()));
        if (warns(b)) {
          expect(once.warnsAt!.getTime()).toBe(once.closesAt!.getTime() - b.warnBeforeSeconds * 1000);
          expect(once.warnsAt!.getTime()).toBeGreaterThanOrEqual(Math.min(at.getTime(), life.warnsAt?.getTime() ?? at.getTime()));
        } else expect(once.warnsAt).toBeNull();
        expect(retimed(once, b, at)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });
});

test('M3: a shift moves the warning with its closing, and the archive for itself', () => {
  expect(shifted(answered, { closingMs: hours, archivingMs: 0 })).toMatchObject({
    warnsAt: after(145 * hours),
    closesAt: after(169 * hours),
    archivesAt: null,
  });
  expect(shifted(closed, { closingMs: hours, archivingMs: 2 * hours })).toMatchObject({ closesAt: null, archivesAt: after(170 * hours) });
  expect(must(moveTicket(warned, { kind: 'shift', by: { closingMs: hours, archivingMs: 0 } }, week, after(145 * hours)))).toMatchObject({
    warnsAt: null,
    closesAt: after(169 * hours),
  });
});

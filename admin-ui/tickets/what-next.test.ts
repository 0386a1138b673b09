import { describe, expect, test } from 'vitest';
import type { NextStep, TicketClock } from '../server/answers.ts';
import { whatNext } from './what-next.ts';

const now = new Date('2026-11-24T10:00:00Z');
const step = (what: NextStep['what'], at: string, rule = 'autoCloseAfter 604800 s (tpl_x)'): NextStep => ({ what, at, rule, hold: null });
const ticket: Parameters<typeof whatNext>[0] = {
  status: 'awaiting_staff',
  steps: [],
  waitingSince: '2026-11-24T06:40:00Z',
  assignee: null,
  clocks: [],
};
const clock = (what: TicketClock['what'], dueAt: string | null, state: TicketClock['state'] = 'running'): TicketClock => ({
  what,
  state,
  dueAt,
  since: '2026-11-24T06:40:00Z',
  warnsAt: null,
  breachedAt: state === 'breached' ? dueAt : null,
  target: { amount: 16, unit: 'hours' },
  targetText: '16 working hours',
  allowanceMinutes: 960,
  rule: `${what} 16 hours (trm_x, cal_x@1)`,
  calendar: { id: 'cal_x', version: 1 },
  hours: null,
  hold: null,
});

describe('what happens next', () => {
  test('T19: a ticket that waits for us says since when, and who is working on it', () => {
    expect(whatNext(ticket, 'me', now)).toEqual({ is: 'waits', since: new Date('2026-11-24T06:40:00Z') });
    expect(whatNext({ ...ticket, status: 'in_progress', assignee: { id: 'me', name: 'Oleg' } }, 'me', now).is).toBe('yours');
    expect(whatNext({ ...ticket, status: 'in_progress', assignee: { id: 'other', name: 'Kira' } }, 'me', now)).toMatchObject({
      is: 'theirs',
      name: 'Kira',
    });
    expect(whatNext({ ...ticket, status: 'in_progress', waitingSince: null }, 'me', now)).toEqual({ is: 'ours' });
  });

  test('T19: an answered ticket says when it closes, after which silence, and when the customer is warned', () => {
    const steps = [step('warn', '2026-11-30T10:00:00Z', 'warnBefore 86400 s (tpl_x)'), step('auto_close', '2026-12-01T10:00:00Z')];
    expect(whatNext({ ...ticket, status: 'awaiting_customer', waitingSince: null, steps }, 'me', now)).toEqual({
      is: 'closes',
      at: new Date('2026-12-01T10:00:00Z'),
      overdue: false,
      silenceSeconds: 604_800,
      warnsAt: new Date('2026-11-30T10:00:00Z'),
    });
  });

  test('T19: a step that is late is told as late, never as future', () => {
    const steps = [step('archive', '2026-11-24T09:00:00Z', 'archiveAfter 120 s (tpl_x)')];
    expect(whatNext({ ...ticket, status: 'closed', steps }, 'me', now)).toMatchObject({
      is: 'archives',
      overdue: true,
      silenceSeconds: 120,
    });
  });

  test('T19, S4: while staff owe something, the promise that breaks first comes first, unless a snooze ends before it', () => {
    const [sooner, later] = [clock('next_response', '2026-11-24T15:00:00Z'), clock('fix', '2026-12-08T17:00:00Z')];
    const wakes = (at: string) => [step('wake', at, 'snooze')];
    expect(whatNext({ ...ticket, clocks: [later, sooner] }, 'me', now)).toEqual({ is: 'clock', clock: sooner });
    expect(whatNext({ ...ticket, clocks: [sooner], steps: wakes('2026-11-25T06:00:00Z') }, 'me', now)).toMatchObject({ is: 'clock' });
    expect(whatNext({ ...ticket, clocks: [sooner], steps: wakes('2026-11-24T12:00:00Z') }, 'me', now)).toMatchObject({ is: 'snoozed' });
  });

  test('T19, S5: what is overdue already comes before everything; a clock that stands still is not what comes next', () => {
    const missed = clock('first_response', '2026-11-24T09:00:00Z', 'breached');
    expect(whatNext({ ...ticket, clocks: [clock('fix', '2026-12-08T17:00:00Z'), missed] }, 'me', now)).toEqual({
      is: 'clock',
      clock: missed,
    });
    const waits = { ...ticket, status: 'awaiting_customer' as const, waitingSince: null, clocks: [clock('fix', null, 'paused')] };
    expect(whatNext({ ...waits, steps: [step('auto_close', '2026-12-01T10:00:00Z')] }, 'me', now).is).toBe('closes');
    expect(whatNext({ ...ticket, clocks: [clock('fix', null, 'fixed')] }, 'me', now).is).toBe('waits');
  });

  test('T4: a snooze comes before everything else, and the archive has nothing next', () => {
    const steps = [step('wake', '2026-11-25T06:00:00Z', 'snooze'), step('auto_close', '2026-12-01T10:00:00Z')];
    expect(whatNext({ ...ticket, status: 'awaiting_customer', steps }, 'me', now)).toMatchObject({
      is: 'snoozed',
      at: new Date('2026-11-25T06:00:00Z'),
    });
    expect(whatNext({ ...ticket, status: 'archived' }, 'me', now)).toEqual({ is: 'archived' });
  });
});

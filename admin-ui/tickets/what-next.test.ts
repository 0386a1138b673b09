import { describe, expect, test } from 'vitest';
import type { NextStep } from '../server/answers.ts';
import { whatNext } from './what-next.ts';

const now = new Date('2026-11-24T10:00:00Z');
const step = (what: NextStep['what'], at: string, rule = 'autoCloseAfter 604800 s (tpl_x)'): NextStep => ({ what, at, rule, hold: null });
const ticket: Parameters<typeof whatNext>[0] = {
  status: 'awaiting_staff',
  steps: [],
  waitingSince: '2026-11-24T06:40:00Z',
  assignee: null,
};

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

  test('T4: a snooze comes before everything else, and the archive has nothing next', () => {
    const steps = [step('wake', '2026-11-25T06:00:00Z', 'snooze'), step('auto_close', '2026-12-01T10:00:00Z')];
    expect(whatNext({ ...ticket, status: 'awaiting_customer', steps }, 'me', now)).toMatchObject({
      is: 'snoozed',
      at: new Date('2026-11-25T06:00:00Z'),
    });
    expect(whatNext({ ...ticket, status: 'archived' }, 'me', now)).toEqual({ is: 'archived' });
  });
});

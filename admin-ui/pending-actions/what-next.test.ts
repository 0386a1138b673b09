import { describe, expect, test } from 'vitest';
import type { WaitingChange } from '../server/answers.ts';
import { whatNext } from './what-next.ts';

const now = new Date('2026-11-24T10:00:00Z');
const inThreeDays = '2026-11-27T10:00:00.000Z';
const inAWeek = '2026-12-01T10:00:00.000Z';
const oleg = { id: 'usr_o', name: 'Oleg' };
const waiting: WaitingChange = {
  id: 'pac_1',
  kind: 'email_change',
  state: 'pending',
  user: { id: 'usr_a', name: 'Anna', email: 'anna@vega.example' },
  begunBy: oleg,
  ticketNumber: null,
  reason: 'lost mailbox',
  oldEmail: 'anna@vega.example',
  newEmail: 'anna@new.example',
  begunAt: now.toISOString(),
  confirmedAt: null,
  approvedBy: null,
  coolsUntil: inThreeDays,
  lapsesAt: inAWeek,
  settledAt: null,
  next: { what: 'lapse', at: inAWeek, hold: null },
  allowedActions: [],
};
const confirmed: WaitingChange = { ...waiting, confirmedAt: now.toISOString(), next: { what: 'take_effect', at: inThreeDays, hold: null } };

describe('what happens next to a change', () => {
  test('I5: until it is confirmed it may come to nothing, and may be refused as long as it cools', () => {
    expect(whatNext(waiting, now)).toEqual({ is: 'confirm', at: new Date(inAWeek), vetoUntil: new Date(inThreeDays) });
    expect(whatNext({ ...waiting, approvedBy: oleg, coolsUntil: now.toISOString() }, now)).toEqual({
      is: 'confirm',
      at: new Date(inAWeek),
      atOnce: true,
    });
    expect(whatNext({ ...waiting, coolsUntil: null }, now)).toMatchObject({ is: 'confirm', atOnce: true });
  });

  test('I5: once confirmed it takes effect after its time unless it is refused; late only while the engine is away', () => {
    expect(whatNext(confirmed, now)).toEqual({ is: 'takesEffect', at: new Date(inThreeDays) });
    expect(whatNext(confirmed, new Date(inThreeDays))).toEqual({ is: 'overdue', at: new Date(inThreeDays) });
    expect(whatNext({ ...confirmed, approvedBy: oleg }, now)).toMatchObject({ is: 'takesEffectAnyway' });
    expect(whatNext(waiting, new Date(inAWeek))).toMatchObject({ is: 'overdueLapse' });
  });

  test('I10: a hold is told, and what it holds is not called late', () => {
    const held = { ...confirmed, next: { what: 'take_effect' as const, at: inThreeDays, hold: { until: null } } };
    expect(whatNext(held, new Date(inAWeek))).toEqual({ is: 'takesEffect', at: new Date(inThreeDays), heldUntil: null });
  });

  test('I10: what is over says how and when', () => {
    for (const state of ['done', 'vetoed', 'withdrawn', 'lapsed'] as const)
      expect(whatNext({ ...waiting, state, next: null, settledAt: inThreeDays }, now)).toEqual({ is: state, at: new Date(inThreeDays) });
  });
});

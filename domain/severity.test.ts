import { describe, expect, test } from 'vitest';
import { claimSeverity, decideSeverity, type Severity } from './severity.ts';
import { ticketStatuses } from './ticket-life.ts';

const claimedAt = new Date('2026-11-23T10:00:00Z');
const decidedAt = new Date('2026-11-23T11:00:00Z');
const now = new Date('2026-11-23T12:00:00Z');
const claimed: Severity = { state: 'claimed', claimedAt, decidedAt: null };
const confirmed: Severity = { state: 'confirmed', claimedAt, decidedAt };
const refused: Severity = { state: 'refused', claimedAt, decidedAt };

describe('a claim', () => {
  test('T14: the clock counts from its receipt', () => {
    expect(claimSeverity('awaiting_staff', null, now, now)).toEqual({ state: 'claimed', claimedAt: now, decidedAt: null });
  });

  test.each(ticketStatuses)('T14: in a ticket that is %s it is taken, unless a message must open it first, or nothing can', (status) => {
    const outcome = claimSeverity(status, null, null, now);
    const refusals = { closed: { refused: 'ticket.closed' }, archived: { refused: 'ticket.archived' } };
    expect(outcome).toEqual(status in refusals ? refusals[status as 'closed'] : { state: 'claimed', claimedAt: now, decidedAt: null });
  });

  test.each([claimed, confirmed])('T14: stands once: $state', (severity) => {
    expect(claimSeverity('in_progress', severity, now, now)).toEqual({ refused: 'severity.claimed_already' });
  });

  test('T14: after a refusal it needs something new, written since', () => {
    for (const wroteAt of [null, claimedAt, decidedAt])
      expect(claimSeverity('in_progress', refused, wroteAt, now)).toEqual({ refused: 'severity.nothing_new' });
    const since = new Date(decidedAt.getTime() + 1);
    expect(claimSeverity('in_progress', refused, since, now)).toEqual({ state: 'claimed', claimedAt: now, decidedAt: null });
  });
});

describe('what staff decide', () => {
  test.each([
    [claimed, 'confirm', 'confirmed'],
    [claimed, 'refuse', 'refused'],
    [confirmed, 'refuse', 'refused'],
    [refused, 'confirm', 'confirmed'],
  ] as const)('T14: $0.state, they $1: $2, and the claim’s instant stays', (severity, decision, state) => {
    expect(decideSeverity('awaiting_customer', severity, decision, 'One user only', now)).toEqual({ state, claimedAt, decidedAt: now });
  });

  test('T14: a refusal says why to the customer, a confirmation need not', () => {
    expect(decideSeverity('in_progress', claimed, 'refuse', null, now)).toEqual({ refused: 'severity.reason_missing' });
    expect(decideSeverity('in_progress', claimed, 'confirm', null, now)).toMatchObject({ state: 'confirmed' });
  });

  test('T14: nothing is decided twice, without a claim, or in the archive', () => {
    expect(decideSeverity('in_progress', confirmed, 'confirm', null, now)).toEqual({ refused: 'severity.decided_already' });
    expect(decideSeverity('in_progress', refused, 'refuse', 'Again', now)).toEqual({ refused: 'severity.decided_already' });
    expect(decideSeverity('in_progress', null, 'confirm', null, now)).toEqual({ refused: 'severity.not_claimed' });
    expect(decideSeverity('archived', claimed, 'confirm', null, now)).toEqual({ refused: 'ticket.archived' });
  });
});

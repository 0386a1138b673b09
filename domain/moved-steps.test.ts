import { describe, expect, test } from 'vitest';
import { summaryOfMoves, type MovedStep } from './moved-steps.ts';

const at = new Date('2026-11-24T10:00:00Z');
const after = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
const step = (what: MovedStep['what'], old: Date | null, then: Date | null): MovedStep => ({ what, old, new: then });

describe('what a re-timing does, summed up', () => {
  test('S7: tickets are counted by their promises, with the greatest move each way, and those that are overdue at once', () => {
    const { summary, count } = countOf([
      [step('first_response_warning', after(10), after(900)), step('first_response_breach', after(60), after(90))],
      [step('next_response_breach', after(60), after(61)), step('fix_breach', after(500), after(380))],
      [step('first_response_breach', after(60), after(0))],
      [step('first_response_breach', null, after(30))],
      [step('first_response_breach', after(-10), null)],
      [step('auto_close', after(60), after(9_000))],
    ]);
    expect(count).toBe(6);
    expect(summary).toEqual({ later: 2, mostLaterMs: 30 * 60_000, earlier: 2, mostEarlierMs: 120 * 60_000, overdue: 1 });
  });
});

function countOf(tickets: readonly MovedStep[][]) {
  const moves = summaryOfMoves(at);
  for (const steps of tickets) moves.count(steps);
  return { summary: moves.summary, count: tickets.length };
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from './errors.ts';
import {
  allowedQuoteActions,
  customerQuoteActions,
  faultInValidity,
  moveQuote,
  quoteMoves,
  quoteStates,
  quoteStory,
  quoteTable,
  quoteValiditySeconds,
  staffQuoteActions,
  type QuoteLife,
  type QuoteMove,
  type QuoteState,
} from './quote.ts';

const offeredAt = new Date('2026-12-01T10:00:00Z');
const validUntil = new Date('2026-12-08T10:00:00Z');
const before = new Date(validUntil.getTime() - 1);
const life = (state: QuoteState, more: Partial<QuoteLife> = {}): QuoteLife => ({ state, validUntil, isHeld: false, ...more });

describe('a quote', () => {
  test('T16: of every state and move, exactly these lead on', () => {
    const led: [QuoteState, QuoteMove, string][] = [];
    for (const state of quoteStates)
      for (const move of quoteMoves) {
        const outcome = moveQuote(life(state), move, move === 'expire' ? validUntil : before);
        if (typeof outcome === 'string') led.push([state, move, outcome]);
      }
    expect(led).toEqual([
      ['offered', 'accept', 'accepted'],
      ['offered', 'decline', 'declined'],
      ['offered', 'withdraw', 'withdrawn'],
      ['offered', 'expire', 'expired'],
      ['accepted', 'complete', 'done'],
    ]);
  });

  test.each(quoteMoves)('T16: whatever else is asked, %s is refused with a code of its own and nothing changes', (move) => {
    for (const state of quoteStates) {
      const outcome = quoteTable[move][state];
      if (!outcome.startsWith('quote.')) continue;
      expect(moveQuote(life(state), move, before)).toEqual({ refused: outcome });
    }
  });

  test('T16: in the millisecond of its end it can no longer be answered, and may expire; before it is the other way round', () => {
    expect(moveQuote(life('offered'), 'accept', before)).toBe('accepted');
    expect(moveQuote(life('offered'), 'expire', before)).toEqual({ refused: 'quote.not_due' });
    for (const answer of customerQuoteActions) expect(moveQuote(life('offered'), answer, validUntil)).toEqual({ refused: 'quote.expired' });
    expect(moveQuote(life('offered'), 'expire', validUntil)).toBe('expired');
  });

  test('T16: at any instant exactly one of answering and expiring is possible', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000, max: 10_000 }), fc.boolean(), (milliseconds, isHeld) => {
        const at = new Date(validUntil.getTime() + milliseconds);
        const offered = life('offered', { isHeld });
        expect(isRefusal(moveQuote(offered, 'accept', at))).not.toBe(isRefusal(moveQuote(offered, 'expire', at)));
      }),
    );
  });

  test('M3: while a hold keeps it from expiring it may be answered', () => {
    const late = new Date(validUntil.getTime() + 86_400_000);
    expect(moveQuote(life('offered', { isHeld: true }), 'accept', late)).toBe('accepted');
    expect(moveQuote(life('offered', { isHeld: true }), 'expire', late)).toEqual({ refused: 'quote.not_due' });
  });

  test('T16: each side is shown what it may do now', () => {
    const shown = (state: QuoteState, at = before) => [
      allowedQuoteActions(life(state), customerQuoteActions, at),
      allowedQuoteActions(life(state), staffQuoteActions, at),
    ];
    expect(shown('offered')).toEqual([['accept', 'decline'], ['withdraw']]);
    expect(shown('offered', validUntil)).toEqual([[], ['withdraw']]);
    expect(shown('accepted')).toEqual([[], ['complete']]);
    for (const over of ['declined', 'expired', 'withdrawn', 'done'] as const) expect(shown(over)).toEqual([[], []]);
  });

  test('T16: an offer stands for an hour at least and for 90 days at most', () => {
    const fault = (seconds: number) => faultInValidity(new Date(offeredAt.getTime() + seconds * 1000), offeredAt);
    expect(fault(quoteValiditySeconds.min)).toBeUndefined();
    expect(fault(quoteValiditySeconds.max)).toBeUndefined();
    for (const wrong of [-3600, 0, quoteValiditySeconds.min - 0.001, quoteValiditySeconds.max + 0.001])
      expect(fault(wrong), String(wrong)).toBe('quote.validity_out_of_range');
  });

  test('A4: operators read how it stands in a sentence', () => {
    const story = (state: QuoteState) => quoteStory(state, 'CS-000123', { offeredAt, validUntil });
    expect(story('offered')).toBe(
      "A quote on CS-000123, offered Tue 1 Dec 10:00 UTC, waits for the customer's answer until Tue 8 Dec 10:00 UTC.",
    );
    expect(story('withdrawn')).toBe('A quote on CS-000123, offered Tue 1 Dec 10:00 UTC, was withdrawn.');
  });
});

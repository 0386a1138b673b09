/**
 * Paid work on a ticket (SPEC T16): staff offer it for a sum until an instant, the customer accepts or declines, and what
 * was accepted is marked when it is done. An offer that nobody answers expires by itself; one whose ticket goes to the
 * archive is withdrawn with it.
 */
import { refuse, type ErrorCode, type Refusal } from './errors.ts';
import { spellInstant } from './ticket-story.ts';

export const quoteStates = ['offered', 'accepted', 'declined', 'expired', 'withdrawn', 'done'] as const;
export type QuoteState = (typeof quoteStates)[number];

/** Least and most that a quote may cost, in minor units: a kopeck, and a hundred million roubles. */
export const quoteAmountMinor = { min: 1, max: 10_000_000_000 } as const;
export const maxQuoteDescriptionCharacters = 4_000;

/** How long an offer may stand, in seconds: an hour at least, 90 days at most. */
export const quoteValiditySeconds = { min: 3600, max: 90 * 24 * 3600 } as const;

/** Offers that may be open on one ticket at the same time: archiving withdraws them one by one, in its own transaction. */
export const maxOpenQuotes = 20;

/** What people and time do with a quote. */
export const quoteMoves = ['accept', 'decline', 'withdraw', 'complete', 'expire'] as const;
export type QuoteMove = (typeof quoteMoves)[number];

/** The part of a quote that its moves rule over. */
export interface QuoteLife {
  readonly state: QuoteState;
  /** Until when it may be answered, this instant not included; a hold that is lifted may move it. */
  readonly validUntil: Date;
  /** Whether a hold keeps it from expiring now: then it may be answered for as long as that stands. */
  readonly isHeld: boolean;
}

export type QuoteRefusal = Extract<ErrorCode, `quote.${string}`>;
type Outcome = QuoteState | QuoteRefusal;

/** The whole table. Every pair that is not a state is refused with the code that stands there. */
// prettier-ignore
export const quoteTable: Readonly<Record<QuoteMove, Readonly<Record<QuoteState, Outcome>>>> = {
  accept:   { offered: 'accepted',           accepted: 'quote.settled', declined: 'quote.settled',      expired: 'quote.expired',      withdrawn: 'quote.settled',      done: 'quote.settled' },
  decline:  { offered: 'declined',           accepted: 'quote.settled', declined: 'quote.settled',      expired: 'quote.expired',      withdrawn: 'quote.settled',      done: 'quote.settled' },
  withdraw: { offered: 'withdrawn',          accepted: 'quote.settled', declined: 'quote.settled',      expired: 'quote.expired',      withdrawn: 'quote.settled',      done: 'quote.settled' },
  complete: { offered: 'quote.not_accepted', accepted: 'done',          declined: 'quote.not_accepted', expired: 'quote.not_accepted', withdrawn: 'quote.not_accepted', done: 'quote.settled' },
  expire:   { offered: 'expired',            accepted: 'quote.settled', declined: 'quote.settled',      expired: 'quote.settled',      withdrawn: 'quote.settled',      done: 'quote.settled' },
};

/**
 * What a move makes of a quote, or why it is refused. In the very millisecond in which an offer ends it can no longer be
 * answered and it may expire: both sides agree who was first, whoever asks first.
 */
export function moveQuote(life: QuoteLife, move: QuoteMove, at: Date): QuoteState | Refusal<QuoteRefusal> {
  const outcome = quoteTable[move][life.state];
  if (outcome.startsWith('quote.')) return refuse(outcome as QuoteRefusal);
  if ((move === 'accept' || move === 'decline') && hasEnded(life, at)) return refuse('quote.expired');
  if (move === 'expire' && !hasEnded(life, at)) return refuse('quote.not_due');
  return outcome as QuoteState;
}

function hasEnded({ validUntil, isHeld }: QuoteLife, at: Date): boolean {
  return at >= validUntil && !isHeld;
}

/** Whether an offer made now may stand until then. */
export function faultInValidity(validUntil: Date, at: Date): QuoteRefusal | undefined {
  const seconds = (validUntil.getTime() - at.getTime()) / 1000;
  return seconds < quoteValiditySeconds.min || seconds > quoteValiditySeconds.max ? 'quote.validity_out_of_range' : undefined;
}

export const customerQuoteActions = ['accept', 'decline'] as const satisfies readonly QuoteMove[];
export const staffQuoteActions = ['withdraw', 'complete'] as const satisfies readonly QuoteMove[];

/** What this side may do with it now; pages show nothing else. Whether the reader's role may is asked elsewhere. */
export function allowedQuoteActions<Action extends QuoteMove>(life: QuoteLife, actions: readonly Action[], at: Date): Action[] {
  return actions.filter((action) => typeof moveQuote(life, action, at) === 'string');
}

/** What operators read of it: ids, states and instants, nothing that a person wrote. */
export function quoteStory(state: QuoteState, ticket: string, { offeredAt, validUntil }: { offeredAt: Date; validUntil: Date }): string {
  const offered = `A quote on ${ticket}, offered ${spellInstant(offeredAt)}`;
  switch (state) {
    case 'offered':
      return `${offered}, waits for the customer's answer until ${spellInstant(validUntil)}.`;
    case 'expired':
      return `${offered}, expired unanswered.`;
    case 'done':
      return `${offered}, was accepted and is done.`;
    default:
      return `${offered}, was ${state}.`;
  }
}

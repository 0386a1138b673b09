/**
 * What merging makes of tickets, as far as lives and claims go (SPEC T3, T13, T14), and which ticket would be there if one of
 * several that were merged into it had not been. Pure.
 */
import { isRefusal } from './errors.ts';
import { pressesMore, type Severity } from './severity.ts';
import { moveTicket, type Move, type TicketLife, type TimingPolicy } from './ticket-life.ts';

/** A ticket as a merge finds it. */
export interface MergedTicket<Claim extends Severity = Severity> {
  readonly life: TicketLife;
  readonly severity: Claim | null;
}

/** The move of the ticket that another is merged into; a claim that presses more comes along, and with it the fix. */
export function absorbing({ life, severity }: MergedTicket, into: MergedTicket): Extract<Move, { kind: 'absorb' }> {
  const { waitingSince, fixedAt } = life;
  const { response, fix } = life.clocks;
  const counted = fix && { ...fix, counts: severity?.state !== 'refused' };
  return {
    kind: 'absorb',
    waitingSince,
    clocks: pressesMore(severity, into.severity) ? { response, fix: counted, fixedAt } : { response },
  };
}

/** One of the tickets that were merged into another. */
export interface OneMerged<Claim extends Severity = Severity> {
  readonly ticket: MergedTicket<Claim>;
  readonly at: Date;
  /** What the other went by then. */
  readonly policy: TimingPolicy;
}

/**
 * The ticket as it would be with just these merged into it, and nothing else done with it.
 * @param own what it was before the first of them
 * @param merged in the order of time
 */
export function withMerged<Claim extends Severity>(own: MergedTicket<Claim>, merged: readonly OneMerged<Claim>[]): MergedTicket<Claim> {
  return merged.reduce((into, { ticket, at, policy }) => {
    const life = moveTicket(into.life, absorbing(ticket, into), policy, at);
    if (isRefusal(life)) throw new Error(`what was merged once is refused: ${life.refused}`);
    return { life, severity: pressesMore(ticket.severity, into.severity) ? ticket.severity : into.severity };
  }, own);
}

/**
 * The move of the ticket that another is taken out of again.
 * @param own what it would be without the other
 * @param merged what the merges made of it
 * @param now the claim that it has now: one that somebody decided on meanwhile stays
 */
export function releasing(own: MergedTicket, merged: MergedTicket, now: Severity | null): Extract<Move, { kind: 'release' }> {
  const release = { kind: 'release', own: own.life, merged: merged.life } as const;
  if (!sameSeverity(now, merged.severity)) return release;
  return { ...release, severity: sameSeverity(own.severity, merged.severity) ? 'its_own' : 'goes_back' };
}

function sameSeverity(one: Severity | null, other: Severity | null): boolean {
  return (
    one?.state === other?.state &&
    one?.claimedAt.getTime() === other?.claimedAt.getTime() &&
    one?.decidedAt?.getTime() === other?.decidedAt?.getTime()
  );
}

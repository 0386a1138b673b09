/**
 * Whether a ticket is critical (SPEC T14): the customer claims that nobody can use the product, staff confirm or refuse.
 * The clock counts from the receipt of the claim, whatever they say and whenever.
 */
import { refuse, type ErrorCode, type Refusal } from './errors.ts';
import type { TicketStatus } from './ticket-life.ts';

export const severityStates = ['claimed', 'confirmed', 'refused'] as const;
export type SeverityState = (typeof severityStates)[number];

export const severityDecisions = ['confirm', 'refuse'] as const;
export type SeverityDecision = (typeof severityDecisions)[number];

export interface Severity {
  readonly state: SeverityState;
  /** When the standing claim was received: from here the clock of the fix counts. */
  readonly claimedAt: Date;
  /** When staff decided last; null while nobody has. */
  readonly decidedAt: Date | null;
}

export type SeverityRefusal = Extract<ErrorCode, `severity.${string}` | 'ticket.archived' | 'ticket.closed'>;

/**
 * The customer claims that the ticket is critical. One claim stands at a time. After a refusal he may claim again only
 * once he has written something since: the same claim on the same facts would be a button to press against the staff.
 * A closed ticket is opened by a message first.
 * @param wroteAt when the customer wrote last; null when he has not since the ticket was opened for him
 */
export function claimSeverity(
  status: TicketStatus,
  severity: Severity | null,
  wroteAt: Date | null,
  at: Date,
): Severity | Refusal<SeverityRefusal> {
  if (status === 'archived') return refuse('ticket.archived');
  if (status === 'closed') return refuse('ticket.closed');
  if (severity?.state === 'claimed' || severity?.state === 'confirmed') return refuse('severity.claimed_already');
  if (severity?.decidedAt && (!wroteAt || wroteAt <= severity.decidedAt)) return refuse('severity.nothing_new');
  return { state: 'claimed', claimedAt: at, decidedAt: null };
}

/**
 * Staff confirm or refuse a claim, or take back what they decided: a confirmation by refusing with a reason, a refusal by
 * confirming. The instant of the claim stays through all of it. What the archive holds is decided for good.
 * @param reason what the customer reads; a refusal needs one
 */
export function decideSeverity(
  status: TicketStatus,
  severity: Severity | null,
  decision: SeverityDecision,
  reason: string | null,
  at: Date,
): Severity | Refusal<SeverityRefusal> {
  if (status === 'archived') return refuse('ticket.archived');
  if (!severity) return refuse('severity.not_claimed');
  const state = decision === 'confirm' ? 'confirmed' : 'refused';
  if (severity.state === state) return refuse('severity.decided_already');
  if (state === 'refused' && reason === null) return refuse('severity.reason_missing');
  return { state, claimedAt: severity.claimedAt, decidedAt: at };
}

/** What was refused presses nobody; what nobody has decided yet presses less than what staff confirmed. */
const urgency: Readonly<Record<SeverityState, number>> = { refused: 0, claimed: 1, confirmed: 2 };

/**
 * Whether one claim presses more than the other, or as much and for longer: an urgent ticket would else be lost by merging it
 * (SPEC T13).
 */
export function pressesMore(one: Severity | null, other: Severity | null): boolean {
  const more = urgencyOf(one) - urgencyOf(other);
  return more > 0 || (more === 0 && one !== null && other !== null && one.claimedAt < other.claimedAt);
}

function urgencyOf(severity: Severity | null): number {
  return severity ? urgency[severity.state] : 0;
}

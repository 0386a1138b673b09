import type { ClosedBy, StepKind, TicketStatus } from './ticket-life.ts';

/** What a ticket's workflow needs to know to wait: ids, names and instants, nothing that a person wrote. */
export interface TicketPlan {
  readonly status: TicketStatus;
  readonly category: string;
  readonly closedBy: ClosedBy | null;
  /** What happens next by itself; the step to take now, if one is due, stands first. */
  readonly steps: readonly PlannedStep[];
}

export interface PlannedStep {
  readonly id: string;
  readonly kind: StepKind;
  /** RFC 3339, UTC. */
  readonly dueAt: string;
  /** Set when a hold stops the step now: until when, or null when the hold has no end. */
  readonly heldUntil?: string | null;
}

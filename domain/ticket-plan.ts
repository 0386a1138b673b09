import type { Plan } from './planned-step.ts';
import type { ClockKind } from './service-clock.ts';
import type { ClosedBy, StepKind, TicketStatus } from './ticket-life.ts';

/** What a ticket's workflow needs to know to wait. */
export interface TicketPlan extends Plan<StepKind> {
  readonly status: TicketStatus;
  readonly category: string;
  readonly closedBy: ClosedBy | null;
  /** Set while the ticket is merged into another and that can be undone: it is in the archive, and not over. */
  readonly undoable?: true;
  /** Promises that were broken and still stand: which, and since when, RFC 3339 in UTC. */
  readonly overdue?: readonly { readonly clock: ClockKind; readonly since: string }[];
}

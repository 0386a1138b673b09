/** What others may know of the ticket's workflow: its name, its id, its input, its signals. */
import type { TicketHappening } from '../../domain/ticket.ts';
import type { TicketPlan } from '../../domain/ticket-plan.ts';

export const ticketWorkflowType = 'ticket';

export interface TicketInput {
  /** As the API spells it, such as `CS-000123`. */
  readonly number: string;
  /** Events after which a run hands over to a fresh one. Tests set it low; the default is in `workflows/next-steps`. */
  readonly continueAfterEvents?: number;
}

/** Spelled as the API spells the entity, so that an operator finds a ticket by its number. */
export function ticketWorkflowId(number: string): string {
  return `ticket:${number}`;
}

/** What a signal carries: which fact it tells of. The workflow reads the facts themselves. */
export interface TicketNews {
  readonly revision: number;
  readonly messageId?: string;
  /** Happenings that waited together with this one and are told by it. */
  readonly also?: readonly TicketHappening[];
}

/** What the workflow asks of the world; implemented in `activities/tickets`. */
export interface TicketActivities {
  /** What happens next; undefined when there is no such ticket. */
  readTicketPlan(number: string): Promise<TicketPlan | undefined>;
  /** Takes the step if it still stands and nothing holds it, and says what happens next. */
  takeTicketStep(number: string, stepId: string): Promise<TicketPlan | undefined>;
}

import { makeContinueAsNewFunc, proxyLocalActivities } from '@temporalio/workflow';
import { ticketHappenings } from '../../domain/ticket.ts';
import type { StepKind } from '../../domain/ticket-life.ts';
import type { TicketPlan } from '../../domain/ticket-plan.ts';
import { ticketStory } from '../../domain/ticket-story.ts';
import { shortTransaction } from '../activity-options.ts';
import { keepPromises } from '../next-steps.ts';
import { showOperators } from '../operators-view.ts';
import { ticketWorkflowType, type TicketActivities, type TicketInput } from './contract.ts';

const { readTicketPlan, takeTicketStep } = proxyLocalActivities<TicketActivities>(shortTransaction);

/**
 * The promises of one ticket (SPEC T4, T5, T8, T9, S4, S5).
 *
 * While the customer owes an answer: warn him a day before, close on the seventh day. Once closed: wait seven more
 * days, then archive, and end. While staff owe an answer, or a fix, that was promised by a service level: warn them when a
 * quarter of the time is left, and call whoever is on duty when it is over. Whenever somebody does something, look again.
 * A ticket that was merged into another waits for as long as that can be undone. What the durations are, and whether a step
 * still stands when its time comes, is decided where the facts are: this process only waits, and asks.
 */
export async function ticket(input: TicketInput): Promise<void> {
  await keepPromises<TicketPlan>({
    happenings: ticketHappenings,
    read: () => readTicketPlan(input.number),
    take: (step) => takeTicketStep(input.number, step.id),
    isOver: (plan) => plan.status === 'archived' && plan.undoable !== true,
    tellOperators,
    timerSummaries,
    continueAfterEvents: input.continueAfterEvents,
    startAfresh: () => makeContinueAsNewFunc<typeof ticket>({ workflowType: ticketWorkflowType })(input),
  });
}

function tellOperators(plan: TicketPlan): void {
  const steps = plan.steps.map((step) => ({
    kind: step.kind,
    dueAt: new Date(step.dueAt),
    ...(step.heldUntil === undefined ? {} : { heldUntil: step.heldUntil === null ? null : new Date(step.heldUntil) }),
  }));
  showOperators({
    story: ticketStory(plan.status, plan.closedBy, steps, {
      undoable: plan.undoable === true,
      overdue: (plan.overdue ?? []).map(({ clock, since }) => ({ clock, since: new Date(since) })),
    }),
    status: plan.status,
    queue: plan.category,
    next: steps[0],
  });
}

const timerSummaries: Readonly<Record<StepKind, string>> = {
  warn: 'warns the customer that the ticket will close',
  auto_close: 'closes the ticket unless the customer writes',
  archive: 'archives the ticket unless the customer writes',
  wake: 'ends the snooze',
  first_response_warning: 'warns staff that the first response is due soon',
  first_response_breach: 'calls whoever is on duty unless staff have answered',
  next_response_warning: 'warns staff that the next response is due soon',
  next_response_breach: 'calls whoever is on duty unless staff have answered',
  fix_warning: 'warns staff that the fix is due soon',
  fix_breach: 'calls whoever is on duty unless it is fixed',
};

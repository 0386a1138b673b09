import { makeContinueAsNewFunc, proxyLocalActivities } from '@temporalio/workflow';
import { pendingActionHappenings, pendingActionStory, type PendingActionPlan, type PendingStepKind } from '../../domain/pending-action.ts';
import { shortTransaction } from '../activity-options.ts';
import { keepPromises } from '../next-steps.ts';
import { showOperators } from '../operators-view.ts';
import { pendingActionWorkflowType, type PendingActionActivities, type PendingActionInput } from './contract.ts';

const { readPendingActionPlan, takePendingActionStep } = proxyLocalActivities<PendingActionActivities>(shortTransaction);

/**
 * A change of somebody's doors that does not happen at once (SPEC I5, I10).
 *
 * Until the new address is confirmed: wait for that, and let the change lapse when nobody does. Once it is confirmed, or
 * needs no confirmation: wait until the time is over in which it may be vetoed, and let it take effect. A veto, a second
 * member of staff, a change of mind make it look again. Ends when the change is settled, whichever way.
 */
export async function pendingAction(input: PendingActionInput): Promise<void> {
  await keepPromises<PendingActionPlan>({
    happenings: pendingActionHappenings,
    read: () => readPendingActionPlan(input.id),
    take: (step) => takePendingActionStep(input.id, step.kind),
    isOver: (plan) => plan.state !== 'pending',
    tellOperators,
    timerSummaries,
    continueAfterEvents: input.continueAfterEvents,
    startAfresh: () => makeContinueAsNewFunc<typeof pendingAction>({ workflowType: pendingActionWorkflowType })(input),
  });
}

function tellOperators(plan: PendingActionPlan): void {
  const [step] = plan.steps;
  showOperators({ story: pendingActionStory(plan), status: plan.state, next: step && { kind: step.kind, dueAt: new Date(step.dueAt) } });
}

const timerSummaries: Readonly<Record<PendingStepKind, string>> = {
  take_effect: 'lets the change take effect unless it is vetoed',
  lapse: 'lets the change lapse unless it is confirmed',
};

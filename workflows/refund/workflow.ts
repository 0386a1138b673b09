import { makeContinueAsNewFunc, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { moneyHappenings } from '../../domain/money-entity.ts';
import type { RefundPlan, RefundStepKind } from '../../domain/refund-life.ts';
import { askingProvider, shortTransaction } from '../activity-options.ts';
import { keepPromises } from '../next-steps.ts';
import { showOperators } from '../operators-view.ts';
import { refundWorkflowType, type RefundDeeds, type RefundInput, type RefundReads } from './contract.ts';

const { readRefundPlan } = proxyLocalActivities<RefundReads>(shortTransaction);
const { takeRefundStep } = proxyActivities<RefundDeeds>(askingProvider);

/**
 * One refund (SPEC B7).
 *
 * Its money is set aside from the beginning. Wait for a second person where one is needed. Hand it to the provider under our own
 * key until he answers; once the key may be forgotten there, look for it in his list instead. Ask until it is paid back or was
 * not made. Ends when the money is with the payer, or on the balance again.
 */
export async function refund(input: RefundInput): Promise<void> {
  await keepPromises<RefundPlan>({
    happenings: moneyHappenings,
    read: () => readRefundPlan(input.id),
    take: (step) => takeRefundStep(input.id, step.id),
    isOver: (plan) => plan.over,
    tellOperators,
    timerSummaries,
    continueAfterEvents: input.continueAfterEvents,
    startAfresh: () => makeContinueAsNewFunc<typeof refund>({ workflowType: refundWorkflowType })(input),
  });
}

function tellOperators({ state, story, steps: [step] }: RefundPlan): void {
  showOperators({ story, status: state, next: step && { kind: step.kind, dueAt: new Date(step.dueAt) } });
}

const timerSummaries: Readonly<Record<RefundStepKind, string>> = {
  send: 'hands the refund to the provider again, under the same key',
  find: 'looks for the refund in the provider’s list',
  ask: 'asks the provider what became of the refund',
};

import { makeContinueAsNewFunc, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { moneyHappenings } from '../../domain/money-entity.ts';
import type { PaymentPlan, PaymentStepKind } from '../../domain/payment-life.ts';
import { askingProvider, shortTransaction } from '../activity-options.ts';
import { keepPromises } from '../next-steps.ts';
import { showOperators } from '../operators-view.ts';
import { paymentWorkflowType, type PaymentDeeds, type PaymentInput, type PaymentReads } from './contract.ts';

const { readPaymentPlan } = proxyLocalActivities<PaymentReads>(shortTransaction);
const { takePaymentStep } = proxyActivities<PaymentDeeds>(askingProvider);

/**
 * One payment (SPEC B2).
 *
 * Have the provider make it, under our own key, until he answers; once the key may be forgotten there, look for it in his list
 * instead. Then wait for his word, and ask him anyway, ever more seldom, until it is paid or never will be. What he says is
 * settled where the facts are: credited once, and the order paid that it was for.
 */
export async function payment(input: PaymentInput): Promise<void> {
  await keepPromises<PaymentPlan>({
    happenings: moneyHappenings,
    read: () => readPaymentPlan(input.id),
    take: (step) => takePaymentStep(input.id, step.id),
    isOver: (plan) => plan.over,
    tellOperators,
    timerSummaries,
    continueAfterEvents: input.continueAfterEvents,
    startAfresh: () => makeContinueAsNewFunc<typeof payment>({ workflowType: paymentWorkflowType })(input),
  });
}

function tellOperators({ state, story, steps: [step] }: PaymentPlan): void {
  showOperators({ story, status: state, next: step && { kind: step.kind, dueAt: new Date(step.dueAt) } });
}

const timerSummaries: Readonly<Record<PaymentStepKind, string>> = {
  create: 'has the provider make the payment, under the same key',
  find: 'looks for the payment in the provider’s list',
  ask: 'asks the provider how the payment stands',
};

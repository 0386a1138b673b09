import { makeContinueAsNewFunc, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { moneyHappenings } from '../../domain/money-entity.ts';
import type { ProviderNoticePlan } from '../../domain/provider-notice.ts';
import { askingProvider, shortTransaction } from '../activity-options.ts';
import { keepPromises } from '../next-steps.ts';
import { showOperators } from '../operators-view.ts';
import { providerNoticeWorkflowType, type ProviderNoticeDeeds, type ProviderNoticeInput, type ProviderNoticeReads } from './contract.ts';

const { readProviderNoticePlan } = proxyLocalActivities<ProviderNoticeReads>(shortTransaction);
const { takeProviderNotice } = proxyActivities<ProviderNoticeDeeds>(askingProvider);

/**
 * A notification of the provider that nobody waited for, such as a refund that was made in his cabinet (SPEC B7). Ask him what
 * it is until he answers; record it, or leave it to a person. Ends when it is handled.
 */
export async function providerNotice(input: ProviderNoticeInput): Promise<void> {
  await keepPromises<ProviderNoticePlan>({
    happenings: moneyHappenings,
    read: () => readProviderNoticePlan(input.id),
    take: (step) => takeProviderNotice(input.id, step.id),
    isOver: (plan) => plan.state === 'handled',
    tellOperators: ({ state, story, steps: [step] }) =>
      showOperators({ story, status: state, next: step && { kind: step.kind, dueAt: new Date(step.dueAt) } }),
    timerSummaries: { look: 'asks the provider again what it is about' },
    continueAfterEvents: input.continueAfterEvents,
    startAfresh: () => makeContinueAsNewFunc<typeof providerNotice>({ workflowType: providerNoticeWorkflowType })(input),
  });
}

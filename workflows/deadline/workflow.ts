import { makeContinueAsNewFunc, proxyLocalActivities } from '@temporalio/workflow';
import { timedHappenings, type TimedPlan, type TimedStepKind } from '../../domain/timed-entity.ts';
import { shortTransaction } from '../activity-options.ts';
import { keepPromises } from '../next-steps.ts';
import { showOperators } from '../operators-view.ts';
import { deadlineWorkflowType, type DeadlineActivities, type DeadlineInput } from './contract.ts';

const { readTimedPlan, takeTimedStep } = proxyLocalActivities<DeadlineActivities>(shortTransaction);

/**
 * The one promise of something that is no ticket (SPEC T11, T16, T17, M3, S2).
 *
 * Wait until the file, the quote, the secret or the hold has had its time, and then let it go: purge, expire, destroy, lift. A
 * calendar is looked at, year after year. Whenever somebody uses, answers, extends or ends it before, look again. Ends when nothing more can happen.
 */
export async function deadline(input: DeadlineInput): Promise<void> {
  await keepPromises<TimedPlan>({
    happenings: timedHappenings,
    read: () => readTimedPlan(input.entity),
    take: (step) => takeTimedStep(input.entity, step.id),
    isOver: (plan) => plan.over,
    tellOperators,
    timerSummaries,
    continueAfterEvents: input.continueAfterEvents,
    startAfresh: () => makeContinueAsNewFunc<typeof deadline>({ workflowType: deadlineWorkflowType })(input),
  });
}

function tellOperators({ state, story, steps: [step] }: TimedPlan): void {
  showOperators({ story, status: state, next: step && { kind: step.kind, dueAt: new Date(step.dueAt) } });
}

const timerSummaries: Readonly<Record<TimedStepKind, string>> = {
  purge: 'purges the file unless a message uses it',
  expire: 'lets the quote expire unless the customer answers',
  destroy_secret: 'ends the access and destroys its secret',
  lift: 'lifts the hold',
  flag_year: 'tells administrators if the calendar lacks a year',
  abandon: 'gives the order up unless it is paid',
  credit_due: 'tells that credit is overdue unless it is paid',
  audit_books: 'audits the books of the day',
  send_statements: 'sends the statements of the month',
  lapse: 'lets the wish lapse unless a second person approves it',
};

/** What others may know of the workflow that keeps a single promise: its name, its input, its signals. Its id is the entity's name. */
import type { TimedHappening, TimedPlan } from '../../domain/timed-entity.ts';

export const deadlineWorkflowType = 'deadline';

export interface DeadlineInput {
  /** Such as `quote:quo_01jd3y8k2m5n7p9q1r3s5t7v9w`. */
  readonly entity: string;
  /** Events after which a run hands over to a fresh one. Tests set it low; the default is in `workflows/next-steps`. */
  readonly continueAfterEvents?: number;
}

/** What a signal carries besides its name: the happenings that waited together with it. The workflow reads the facts themselves. */
export interface DeadlineNews {
  readonly also?: readonly TimedHappening[];
}

/** What the workflow asks of the world; implemented in `activities/deadlines`. */
export interface DeadlineActivities {
  /** What happens next; undefined when there is no such entity. */
  readTimedPlan(entity: string): Promise<TimedPlan | undefined>;
  /** Takes the step if it still stands and nothing holds it, and says what happens next. */
  takeTimedStep(entity: string, stepId: string): Promise<TimedPlan | undefined>;
}

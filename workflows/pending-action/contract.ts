/** What others may know of the workflow of a change that waits: its name, its id, its input, its signals. */
import type { PendingActionHappening, PendingActionPlan } from '../../domain/pending-action.ts';

export const pendingActionWorkflowType = 'pendingAction';

export interface PendingActionInput {
  /** Such as `pac_01jd3y8k2m5n7p9q1r3s5t7v9w`. */
  readonly id: string;
  /** Events after which a run hands over to a fresh one. Tests set it low; the default is in `workflows/next-steps`. */
  readonly continueAfterEvents?: number;
}

/** What a signal carries besides its name: the happenings that waited together with it. The workflow reads the facts themselves. */
export interface PendingActionNews {
  readonly also?: readonly PendingActionHappening[];
}

/** What the workflow asks of the world; implemented in `activities/pending-actions`. */
export interface PendingActionActivities {
  /** What happens next; undefined when there is no such change. */
  readPendingActionPlan(id: string): Promise<PendingActionPlan | undefined>;
  /** Takes the step if it still stands and nothing holds it, and says what happens next. */
  takePendingActionStep(id: string, stepKind: string): Promise<PendingActionPlan | undefined>;
}

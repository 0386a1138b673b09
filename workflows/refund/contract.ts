/** What others may know of the workflow of a refund: its name, its input, its signals. Its id is the entity's name. */
import type { MoneyHappening } from '../../domain/money-entity.ts';
import type { RefundPlan } from '../../domain/refund-life.ts';

export const refundWorkflowType = 'refund';

export interface RefundInput {
  /** Such as `rfd_01jd3y8k2m5n7p9q1r3s5t7v9w`. */
  readonly id: string;
  /** Events after which a run hands over to a fresh one. Tests set it low; the default is in `workflows/next-steps`. */
  readonly continueAfterEvents?: number;
}

/** What a signal carries besides its name: the happenings that waited together with it. The workflow reads the facts themselves. */
export interface RefundNews {
  readonly also?: readonly MoneyHappening[];
}

/** What the workflow asks of the world; implemented in `activities/refunds`. */
export interface RefundReads {
  /** What happens next; undefined when there is no such refund. */
  readRefundPlan(id: string): Promise<RefundPlan | undefined>;
}

export interface RefundDeeds {
  /** Asks the provider, if the step still stands, and says what happens next. */
  takeRefundStep(id: string, stepId: string): Promise<RefundPlan | undefined>;
}

/** What others may know of the workflow of a refund: its name, its input, its signals. Its id is the entity's name. */
import type { MoneyHappening } from '../../domain/money-entity.ts';

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

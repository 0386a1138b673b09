/** What others may know of the workflow of a payment: its name, its input, its signals. Its id is the entity's name. */
import type { MoneyHappening } from '../../domain/money-entity.ts';
import type { PaymentPlan } from '../../domain/payment-life.ts';

export const paymentWorkflowType = 'payment';

export interface PaymentInput {
  /** Such as `pay_01jd3y8k2m5n7p9q1r3s5t7v9w`. */
  readonly id: string;
  /** Events after which a run hands over to a fresh one. Tests set it low; the default is in `workflows/next-steps`. */
  readonly continueAfterEvents?: number;
}

/** What a signal carries besides its name: the happenings that waited together with it. The workflow reads the facts themselves. */
export interface PaymentNews {
  readonly also?: readonly MoneyHappening[];
}

/** What the workflow asks of the world; implemented in `activities/payments`. */
export interface PaymentReads {
  /** What happens next; undefined when there is no such payment. */
  readPaymentPlan(id: string): Promise<PaymentPlan | undefined>;
}

export interface PaymentDeeds {
  /** Asks the provider, if the step still stands, and says what happens next. */
  takePaymentStep(id: string, stepId: string): Promise<PaymentPlan | undefined>;
}

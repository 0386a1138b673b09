/** What others may know of the workflow of a notification that nobody waited for. Its id is the entity's name. */
import type { ProviderNoticePlan } from '../../domain/provider-notice.ts';

export const providerNoticeWorkflowType = 'providerNotice';

export interface ProviderNoticeInput {
  /** The number under which it was stored. */
  readonly id: string;
  readonly continueAfterEvents?: number;
}

/** What the workflow asks of the world; implemented in `activities/provider-notices`. */
export interface ProviderNoticeReads {
  readProviderNoticePlan(id: string): Promise<ProviderNoticePlan | undefined>;
}

export interface ProviderNoticeDeeds {
  /** Asks the provider what it is about, if the step still stands, and says what happens next. */
  takeProviderNotice(id: string, stepId: string): Promise<ProviderNoticePlan | undefined>;
}

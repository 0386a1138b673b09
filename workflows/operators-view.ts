import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { nextStepAtAttribute, nextStepAttribute, queueAttribute, statusAttribute } from './search-attributes.ts';

/** What operators see of an entity in Temporal UI, besides its history. Words and instants of ours only. */
export interface OperatorsView {
  /** A sentence: what it waits for. */
  readonly story: string;
  readonly status: string;
  /** Left out where the entity lies in no queue. */
  readonly queue?: string;
  readonly next: { readonly kind: string; readonly dueAt: Date } | undefined;
}

/** Shows it. Attributes are written only when one changes: each write is an event. */
export function showOperators({ story, status, queue, next }: OperatorsView): void {
  setCurrentDetails(story);
  const written = workflowInfo().typedSearchAttributes;
  const same =
    written.get(statusAttribute) === status &&
    (queue === undefined || written.get(queueAttribute) === queue) &&
    written.get(nextStepAttribute) === next?.kind &&
    written.get(nextStepAtAttribute)?.getTime() === next?.dueAt.getTime();
  if (same) return;
  upsertSearchAttributes([
    { key: statusAttribute, value: status },
    ...(queue === undefined ? [] : [{ key: queueAttribute, value: queue }]),
    { key: nextStepAttribute, value: next?.kind ?? null },
    { key: nextStepAtAttribute, value: next?.dueAt ?? null },
  ]);
}

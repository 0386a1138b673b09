/**
 * Long work (SPEC A5): many things done one after the other, with its progress to be seen, by a workflow of its own that
 * survives a closed page and a killed process. What is to be done to each thing, and what became of it, is a row.
 */
export const jobKinds = ['retime_policy', 'retime_service', 'lift_hold', 'problem_answer'] as const;
export type JobKind = (typeof jobKinds)[number];

/** `failed`: the end was reached, and some items could not be done by any try. */
export const jobStates = ['running', 'done', 'cancelled', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

export const jobItemStates = ['pending', 'done', 'skipped'] as const;
export type JobItemState = (typeof jobItemStates)[number];

/**
 * Why an item was left as it is: nothing would change · it is in a state that allows no change · it belongs to another
 * queue or policy by now · every try to do it failed.
 */
export const skipReasons = ['unchanged', 'not_applicable', 'moved_on', 'failed'] as const;
export type SkipReason = (typeof skipReasons)[number];

/**
 * Most tickets that one wish may re-time: beyond it somebody should say in parts what he wants. What nobody can say in
 * parts, a hold's lifting or an answer to all that a problem has, may be about any number.
 */
export const maxJobItems = 200_000;

/** The entity's name in outbox, workflow ids and next steps. */
export function jobEntity(id: string): string {
  return `job:${id}`;
}

/** The id in such a name; undefined for the name of anything else. */
export function readJobEntity(entity: string): string | undefined {
  return entity.startsWith(jobEntity('')) ? entity.slice(jobEntity('').length) : undefined;
}

/** The one step that a job's row of next steps has: to go on working. It is due when it was last seen to have got on. */
export const workStep = 'work';

/** What the workflow is told; a reason to look again, no more. */
export const jobHappenings = ['stepOverdue'] as const;
export type JobHappening = (typeof jobHappenings)[number];

/** How far a job has come, as its workflow is told. */
export interface JobProgress {
  readonly kind: JobKind;
  readonly state: JobState;
  readonly total: number;
  readonly done: number;
  readonly skipped: number;
}

/** What operators read: "Re-times tickets: 1,200 of 10,000." in numbers alone. */
export function jobStory({ kind, state, total, done, skipped }: JobProgress): string {
  const left = skipped === 0 ? '' : `, ${skipped} left as they are`;
  return `${kind}: ${state}; ${done + skipped} of ${total}${left}.`;
}

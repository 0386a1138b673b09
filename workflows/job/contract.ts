/** What others may know of the workflow of long work: its name, its input. Its id is the entity's name. */
import type { JobHappening, JobProgress } from '../../domain/job.ts';

export const jobWorkflowType = 'job';

export interface JobInput {
  readonly id: string;
  /** Events after which a run hands over to a fresh one. Tests set it low. */
  readonly continueAfterEvents?: number;
}

/** What a signal carries besides its name. */
export interface JobNews {
  readonly also?: readonly JobHappening[];
}

/** What the workflow asks of the world; implemented in `activities/jobs`. */
export interface JobActivities {
  /** Does what it can in half a minute, and says how far the job has come; undefined when there is no such job. */
  workOnJob(id: string): Promise<JobProgress | undefined>;
}

import { defineSignal, makeContinueAsNewFunc, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import { jobHappenings, jobStory, type JobProgress } from '../../domain/job.ts';
import { steadyWork } from '../activity-options.ts';
import { defaultContinueAfterEvents } from '../next-steps.ts';
import { showOperators } from '../operators-view.ts';
import { jobWorkflowType, type JobActivities, type JobInput } from './contract.ts';

const { workOnJob } = proxyActivities<JobActivities>(steadyWork);

/**
 * Long work, batch by batch, until nothing is pending or somebody stopped it (SPEC A5).
 *
 * What is pending, what was done and whether it goes on at all is decided where the facts are: this process only asks for
 * the next batch. A batch whose worker dies is asked for again, and finds done what was done.
 */
export async function job(input: JobInput): Promise<void> {
  // A nudge that the work seems to stand still: asking goes on by itself, nothing is to be done.
  for (const happening of jobHappenings) setHandler(defineSignal(happening), () => undefined);

  for (;;) {
    const progress = await workOnJob(input.id);
    if (!progress) return;
    tellOperators(progress);
    if (progress.state !== 'running') return;
    if (workflowInfo().historyLength >= (input.continueAfterEvents ?? defaultContinueAfterEvents))
      await makeContinueAsNewFunc<typeof job>({ workflowType: jobWorkflowType })(input);
  }
}

function tellOperators(progress: JobProgress): void {
  showOperators({ story: jobStory(progress), status: progress.state, next: undefined });
}

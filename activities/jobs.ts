import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Clock } from '../domain/clock.ts';
import { looksLikeId } from '../domain/ids.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import { workOnJob } from '../db/repositories/jobs.ts';
import type { JobActivities } from '../workflows/job/contract.ts';

/** What the workflow of long work may do: a batch of it. */
export function jobActivities({ database, clock, bell }: { database: Database; clock: Clock; bell: OutboxBell }): JobActivities {
  return {
    // Safe to run again, and beside one that was given up as lost: each item is done under its own row (key: the job's id and the item's position).
    workOnJob: async (id) => {
      if (!looksLikeId('job', id)) throw ApplicationFailure.nonRetryable('not the id of a job', 'job.not_found');
      const context = Context.current();
      const progress = await workOnJob({ database, clock }, id, () => {
        context.heartbeat();
        bell.ring();
        return !context.cancellationSignal.aborted;
      });
      bell.ring();
      return progress;
    },
  };
}

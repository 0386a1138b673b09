import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/**
 * For reads and short transactions. They give up after six seconds and the workflow waits on a durable timer: a local
 * activity that retries for as long as the database is away swells the history (temporal.md).
 */
export const shortTransaction: LocalActivityOptions = {
  startToCloseTimeout: '3s',
  scheduleToCloseTimeout: '6s',
  retry: { initialInterval: '200ms', maximumInterval: '1s' },
};

/** For what talks to the world outside: tried until it is done, or until the activity itself says it is over. */
export const untilDelivered: ActivityOptions = {
  startToCloseTimeout: '60s',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
};

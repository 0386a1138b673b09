import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/**
 * For reads and short transactions. They give up after a few tries and the workflow waits on a durable timer: a local
 * activity that retries for as long as the database is away swells the history. The number of tries is what bounds it:
 * `scheduleToCloseTimeout` alone was seen not to end a local activity that waits between tries.
 */
export const shortTransaction: LocalActivityOptions = {
  startToCloseTimeout: '3s',
  scheduleToCloseTimeout: '6s',
  retry: { initialInterval: '200ms', maximumInterval: '1s', maximumAttempts: 5 },
};

/** For what talks to the world outside: tried until it is done, or until the activity itself says it is over. */
export const untilDelivered: ActivityOptions = {
  // A mail server may take ten minutes to answer after the message (RFC 5321, 4.5.3.2.6). Giving up before means sending
  // it again although it was accepted. A worker that died, or ended in the moment it was handed the task, is noticed by its
  // missing heartbeat, early enough for a code that is good for two minutes.
  startToCloseTimeout: '15m',
  heartbeatTimeout: '15s',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
};

/**
 * For a batch of long work. A worker that died is noticed within the heartbeat's time; the batch itself ends by its own
 * measure long before it would be given up.
 */
export const steadyWork: ActivityOptions = {
  startToCloseTimeout: '5m',
  heartbeatTimeout: '15s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
};

/**
 * For one question to the payment provider, who may think about it for half a minute. An answer that does not come is an
 * answer (unknown), so that tries are few: what fails here is the database, and then the workflow waits on a durable timer.
 */
export const askingProvider: ActivityOptions = {
  startToCloseTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 3 },
};

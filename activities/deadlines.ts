import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Clock } from '../domain/clock.ts';
import { readTimedEntity } from '../domain/timed-entity.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import { readTimedPlan, takeTimedStep } from '../db/repositories/timed-steps.ts';
import type { FileStorage } from '../storage/file-storage.ts';
import type { DeadlineActivities } from '../workflows/deadline/contract.ts';

/** What the workflow of a single promise may do: read the facts, and take the step whose time has come. */
export function deadlineActivities({
  database,
  clock,
  bell,
  storage,
}: {
  database: Database;
  clock: Clock;
  bell: OutboxBell;
  storage: FileStorage;
}): DeadlineActivities {
  const world = { removeFile: async (storageKey: string) => bounded(storage.remove(storageKey)) };
  return {
    readTimedPlan: (entity) => readTimedPlan(database, clock, checked(entity)),
    // Safe to run again: a step that was taken has no row any more (key: `step:<obligation>`).
    takeTimedStep: async (entity, stepId) => {
      const plan = await takeTimedStep(database, clock, world, checked(entity), stepId);
      bell.ring();
      return plan;
    },
  };
}

/** Less than the activity has: the step waits for storage in its transaction. */
const storageMs = 2_000;

/** A storage that hangs must not keep a connection of the pool, of which every promise needs one. The step is asked for again. */
async function bounded(removal: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const tooLong = pause(storageMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error('the storage of files does not answer');
  });
  await Promise.race([removal, tooLong]).finally(() => timer.abort());
}

function checked(entity: string): string {
  if (!readTimedEntity(entity)) throw ApplicationFailure.nonRetryable('not an entity with a promise of its own', 'deadline.not_found');
  return entity;
}

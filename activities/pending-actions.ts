import { ApplicationFailure } from '@temporalio/common';
import type { Clock } from '../domain/clock.ts';
import { looksLikeId } from '../domain/ids.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import { readPendingPlan, takePendingStep } from '../db/repositories/pending-actions.ts';
import type { Vault } from '../db/vault.ts';
import type { PendingActionActivities } from '../workflows/pending-action/contract.ts';

/** What the workflow of a change that waits may do: read the facts, and take a step whose time has come. */
export function pendingActionActivities({
  database,
  clock,
  vault,
  bell,
}: {
  database: Database;
  clock: Clock;
  vault: Vault;
  bell: OutboxBell;
}): PendingActionActivities {
  return {
    readPendingActionPlan: (id) => readPendingPlan(database, clock, checked(id)),
    // Safe to run again: a change that is settled has no step any more (key: the change's id and its state).
    takePendingActionStep: async (id, stepKind) => {
      const plan = await takePendingStep(database, clock, vault, checked(id), stepKind);
      bell.ring();
      return plan;
    },
  };
}

function checked(id: string): string {
  if (!looksLikeId('pendingAction', id)) throw ApplicationFailure.nonRetryable('not the id of a change', 'pending_action.not_found');
  return id;
}

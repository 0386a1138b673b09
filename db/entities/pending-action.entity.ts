import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { PendingActionKind, PendingActionState } from '../../domain/pending-action.ts';

/** A change of somebody's doors that waits for a confirmation, for its time, or for a second person (SPEC I5, I10). */
export const PendingAction = defineEntity({
  name: 'PendingAction',
  tableName: 'pending_action',
  properties: {
    id: p.text().primary(),
    kind: p.text().$type<PendingActionKind>(),
    userId: p.text(),
    begunById: p.text(),
    ticketNumber: p.integer().strictNullable(),
    reason: p.text().strictNullable(),
    oldEmail: p.text(),
    newEmail: p.text().strictNullable(),
    state: p.text().$type<PendingActionState>(),
    begunAt: p.datetime(3),
    coolsUntil: p.datetime(3).strictNullable(),
    lapsesAt: p.datetime(3),
    confirmedAt: p.datetime(3).strictNullable(),
    approvedAt: p.datetime(3).strictNullable(),
    approvedById: p.text().strictNullable(),
    settledAt: p.datetime(3).strictNullable(),
    settledById: p.text().strictNullable(),
    revision: p.integer(),
  },
});
export type PendingAction = InferEntity<typeof PendingAction>;

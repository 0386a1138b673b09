import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { OutboxMessage } from '../outbox.ts';

/** What the engine must hear, written with the fact that causes it. Gone when delivered; parked after five refusals. */
export const OutboxRow = defineEntity({
  name: 'OutboxRow',
  tableName: 'outbox',
  properties: {
    id: p.bigint('bigint').primary().autoincrement(),
    entity: p.text(),
    message: p.json().$type<OutboxMessage>(),
    createdAt: p.datetime(3),
    attempts: p.integer(),
    nextAttemptAt: p.datetime(3).strictNullable(),
    parkedAt: p.datetime(3).strictNullable(),
    lastError: p.text().strictNullable(),
  },
});
export type OutboxRow = InferEntity<typeof OutboxRow>;

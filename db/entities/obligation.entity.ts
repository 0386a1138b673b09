import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { StepKind } from '../../domain/ticket-life.ts';

/** Something that will happen by itself: entity, what, when, by which rule (SPEC M4). It is there until it is done or no longer true. */
export const Obligation = defineEntity({
  name: 'Obligation',
  tableName: 'obligation',
  properties: {
    id: p.text().primary(),
    entity: p.text(),
    accountId: p.text().strictNullable(),
    kind: p.text().$type<StepKind>(),
    dueAt: p.datetime(3),
    rule: p.text(),
    calendarVersion: p.text().strictNullable(),
    amountMinor: p.bigint('bigint').strictNullable(),
    plannedAtRevision: p.integer(),
  },
});
export type Obligation = InferEntity<typeof Obligation>;

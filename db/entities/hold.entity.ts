import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { HoldKind, HoldScope } from '../../domain/hold.ts';

/** A hold somebody placed, with its reason (SPEC M3). While it is being lifted it goes on holding. */
export const HoldRow = defineEntity({
  name: 'HoldRow',
  tableName: 'hold',
  properties: {
    id: p.text().primary(),
    scope: p.text().$type<HoldScope>(),
    scopeId: p.text().strictNullable(),
    kinds: p.array().$type<HoldKind[]>().strictNullable(),
    reason: p.text(),
    fromAt: p.datetime(3),
    untilAt: p.datetime(3).strictNullable(),
    shifts: p.boolean(),
    placedById: p.text(),
    liftingAt: p.datetime(3).strictNullable(),
    liftingJobId: p.text().strictNullable(),
    liftedAt: p.datetime(3).strictNullable(),
    liftedById: p.text().strictNullable(),
  },
});
export type HoldRow = InferEntity<typeof HoldRow>;

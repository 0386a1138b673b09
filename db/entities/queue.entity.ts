import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { LocalisedText } from '../../domain/locale.ts';

/** A category of tickets with its timing (SPEC T1, T8); its name is written by staff, by locale. */
export const Queue = defineEntity({
  name: 'Queue',
  tableName: 'queue',
  properties: {
    id: p.text().primary(),
    category: p.text(),
    name: p.json().$type<LocalisedText>(),
    timingPolicyId: p.text(),
    reopenAfterManualClose: p.boolean(),
    position: p.integer(),
  },
});
export type Queue = InferEntity<typeof Queue>;

import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { LocalisedText } from '../../domain/locale.ts';

/** When tickets of a queue close and leave by themselves (SPEC T8). */
export const TimingPolicyRow = defineEntity({
  name: 'TimingPolicyRow',
  tableName: 'timing_policy',
  properties: {
    id: p.text().primary(),
    name: p.json().$type<LocalisedText>(),
    autoCloseAfterSeconds: p.integer(),
    archiveAfterSeconds: p.integer(),
    warnBeforeSeconds: p.integer(),
  },
});
export type TimingPolicyRow = InferEntity<typeof TimingPolicyRow>;

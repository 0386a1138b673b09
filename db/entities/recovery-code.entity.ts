import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A code for the day the phone is lost: hashed slowly, found by its first characters, good for once (SPEC I3). */
export const RecoveryCode = defineEntity({
  name: 'RecoveryCode',
  tableName: 'recovery_code',
  properties: {
    userId: p.text().primary(),
    hint: p.text().primary(),
    codeHash: p.text(),
    createdAt: p.datetime(3),
    usedAt: p.datetime(3).strictNullable(),
  },
});
export type RecoveryCode = InferEntity<typeof RecoveryCode>;

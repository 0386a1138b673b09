import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** What a customer told of a fault's surroundings, beside his message (SPEC T12). */
export const DiagnosticsRow = defineEntity({
  name: 'DiagnosticsRow',
  tableName: 'diagnostics',
  properties: {
    messageId: p.text().primary(),
    browser: p.text().strictNullable(),
    productVersion: p.text().strictNullable(),
    imageTag: p.text().strictNullable(),
    steps: p.text().strictNullable(),
    affectedEmail: p.text().strictNullable(),
    objectUrl: p.text().strictNullable(),
    containerLogId: p.text().strictNullable(),
    harId: p.text().strictNullable(),
    userSide: p.boolean(),
  },
});
export type DiagnosticsRow = InferEntity<typeof DiagnosticsRow>;

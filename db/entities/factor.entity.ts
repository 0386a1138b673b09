import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/**
 * A second factor of a person (SPEC I3). `pending` while it is being set up, so that a working one stays until its
 * successor is proven. A TOTP secret is sealed; the last accepted time step makes each code good for once.
 */
export const Factor = defineEntity({
  name: 'Factor',
  tableName: 'factor',
  properties: {
    userId: p.text().primary(),
    kind: p.text().$type<'totp' | 'email'>().primary(),
    state: p.text().$type<'pending' | 'active'>().primary(),
    secret: p.text().strictNullable(),
    lastStep: p.bigint('number').strictNullable(),
    codeHash: p.text().strictNullable(),
    codeExpiresAt: p.datetime(3).strictNullable(),
    tries: p.integer(),
    createdAt: p.datetime(3),
    lastUsedAt: p.datetime(3).strictNullable(),
  },
});
export type Factor = InferEntity<typeof Factor>;

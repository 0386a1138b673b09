import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { CustomerAction } from '../../domain/permissions.ts';

/** A personal token for programs, bound to one account; only its SHA-256 is kept (SPEC I7). */
export const ApiToken = defineEntity({
  name: 'ApiToken',
  tableName: 'api_token',
  properties: {
    id: p.text().primary(),
    userId: p.text(),
    accountId: p.text().strictNullable(),
    name: p.text(),
    tokenHash: p.text(),
    scopes: p.array().$type<CustomerAction[]>(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    lastUsedAt: p.datetime(3).strictNullable(),
  },
});
export type ApiToken = InferEntity<typeof ApiToken>;

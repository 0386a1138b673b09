import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { CustomerRole } from '../../domain/permissions.ts';

/** A user in an account, with the role that decides what he may do there (SPEC I1). */
export const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    accountId: p.text().primary(),
    userId: p.text().primary(),
    role: p.text().$type<CustomerRole>(),
    createdAt: p.datetime(3),
  },
});
export type Membership = InferEntity<typeof Membership>;

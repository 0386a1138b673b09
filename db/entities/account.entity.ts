import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A customer: balance, licences and tickets belong to it, users are its members (SPEC I1). */
export const Account = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: {
    id: p.text().primary(),
    name: p.text(),
    currency: p.text(),
    /** Where the customer is, as he calls it: partners of the same city are named first (SPEC T15). */
    city: p.text().strictNullable(),
    createdAt: p.datetime(3),
  },
});
export type Account = InferEntity<typeof Account>;

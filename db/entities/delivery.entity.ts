import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** One notification on its way over one channel, until delivered or no longer worth it (SPEC N3). */
export const Delivery = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  properties: {
    id: p.text().primary(),
    /** Null for a letter that the product itself does not tell. */
    notificationId: p.text().strictNullable(),
    channel: p.text().$type<'email'>(),
    state: p.text().$type<'pending' | 'delivered' | 'expired' | 'refused'>(),
    deliverBefore: p.datetime(3),
    attempts: p.integer(),
    settledAt: p.datetime(3).strictNullable(),
  },
});
export type Delivery = InferEntity<typeof Delivery>;

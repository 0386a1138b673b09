import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** One look at a secret: who, when, and why (SPEC T17). Never changed. */
export const ServerAccessView = defineEntity({
  name: 'ServerAccessView',
  tableName: 'server_access_view',
  properties: {
    id: p.text().primary(),
    serverAccessId: p.text(),
    staffId: p.text(),
    reason: p.text(),
    at: p.datetime(3),
  },
});
export type ServerAccessView = InferEntity<typeof ServerAccessView>;

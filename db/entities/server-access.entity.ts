import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { AccessEnding, AccessWay } from '../../domain/server-access.ts';

/** Access to a server that a customer lent on a ticket (SPEC T17). */
export const ServerAccess = defineEntity({
  name: 'ServerAccess',
  tableName: 'server_access',
  properties: {
    id: p.text().primary(),
    ticketNumber: p.integer(),
    accountId: p.text(),
    address: p.text(),
    sshPort: p.integer(),
    way: p.text().$type<AccessWay>(),
    login: p.text(),
    /** Sealed (db/vault.ts), and gone when the access has ended. Lazy: no list reads it along. */
    secret: p.text().strictNullable().lazy(),
    grantedById: p.text(),
    grantedAt: p.datetime(3),
    endsAt: p.datetime(3),
    endedAt: p.datetime(3).strictNullable(),
    endedBy: p.text().$type<AccessEnding>().strictNullable(),
    endedById: p.text().strictNullable(),
  },
});
export type ServerAccess = InferEntity<typeof ServerAccess>;

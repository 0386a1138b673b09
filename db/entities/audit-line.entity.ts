import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** Who did what to what, with the request that carried it (SPEC I9). Added to, never changed. */
export const AuditLine = defineEntity({
  name: 'AuditLine',
  tableName: 'audit_line',
  properties: {
    id: p.text().primary(),
    at: p.datetime(3),
    actorKind: p.text().$type<'customer' | 'staff' | 'time' | 'nobody'>(),
    actorId: p.text().strictNullable(),
    action: p.text(),
    object: p.text(),
    /** The person it was done to, where that is somebody. */
    whom: p.text().strictNullable(),
    /** Network address the request came from. */
    address: p.text().strictNullable(),
    before: p.json().$type<Record<string, string | null>>().strictNullable(),
    after: p.json().$type<Record<string, string | null>>().strictNullable(),
    requestId: p.text().strictNullable(),
  },
});
export type AuditLine = InferEntity<typeof AuditLine>;

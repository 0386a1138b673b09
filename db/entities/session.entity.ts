import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A signed-in browser. The id is the SHA-256 of the token in the cookie, so that a read of this table signs nobody in (SPEC I6). */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.text().primary(),
    userId: p.text(),
    activeAccountId: p.text().strictNullable(),
    userAgent: p.text(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
});
export type Session = InferEntity<typeof Session>;

import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A signed-in browser. The id is the SHA-256 of the token in the cookie, so that a read of this table signs nobody in (SPEC I6). */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.text().primary(),
    /** What the list of sessions calls it: the id itself stays inside. */
    publicId: p.text(),
    userId: p.text(),
    activeAccountId: p.text().strictNullable(),
    userAgent: p.text(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    address: p.text(),
    lastSeenAt: p.datetime(3),
    /** When its holder last gave a fresh code (SPEC I10). */
    steppedUpAt: p.datetime(3).strictNullable(),
    secondFactor: p.text().$type<'totp' | 'email' | 'recovery'>().strictNullable(),
    /** Set when a new token took its place; requests on their way with the old one are still heard for a moment. */
    supersededAt: p.datetime(3).strictNullable(),
  },
});
export type Session = InferEntity<typeof Session>;

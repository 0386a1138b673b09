import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/**
 * An attempt that waits for its second factor: a sign-in whose password was right, or a signed-in person who is asked for
 * a fresh code. Codes are bound to it, and so are the tries (SPEC I3). The id is a hash of what only its beginner holds.
 */
export const Challenge = defineEntity({
  name: 'Challenge',
  tableName: 'challenge',
  properties: {
    id: p.text().primary(),
    purpose: p.text().$type<'sign_in' | 'step_up'>(),
    userId: p.text(),
    tries: p.integer(),
    codeHash: p.text().strictNullable(),
    codeExpiresAt: p.datetime(3).strictNullable(),
    codesSent: p.integer(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
});
export type Challenge = InferEntity<typeof Challenge>;

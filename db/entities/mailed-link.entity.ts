import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

export type LinkPurpose = 'registration' | 'invitation' | 'password_reset' | 'email_change' | 'veto';

/** A link that was mailed: 256 random bits, of which only the hash is kept; good for once and for a time (security.md). */
export const MailedLink = defineEntity({
  name: 'MailedLink',
  tableName: 'mailed_link',
  properties: {
    tokenHash: p.text().primary(),
    purpose: p.text().$type<LinkPurpose>(),
    about: p.text(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    usedAt: p.datetime(3).strictNullable(),
  },
});
export type MailedLink = InferEntity<typeof MailedLink>;

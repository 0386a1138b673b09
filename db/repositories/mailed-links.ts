import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { MailedLink, type LinkPurpose } from '../entities/mailed-link.entity.ts';

/** Makes a link good for once: 256 random bits, of which only the hash is kept (security.md). Returns its token. */
export async function addLink(em: EntityManager, at: Date, purpose: LinkPurpose, about: string, seconds: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await em.insert(MailedLink, {
    tokenHash: hashOf(token),
    purpose,
    about,
    createdAt: at,
    expiresAt: new Date(at.getTime() + seconds * 1000),
    usedAt: null,
  });
  return token;
}

/** What a link that still stands is about, without using it up: pages say what they ask for before it is done. */
export async function readLink(
  em: EntityManager,
  at: Date,
  token: string,
): Promise<{ purpose: LinkPurpose; about: string; expiresAt: Date } | undefined> {
  const link = await em.findOne(MailedLink, { tokenHash: hashOf(token), usedAt: null, expiresAt: { $gt: at } });
  return link ? { purpose: link.purpose, about: link.about, expiresAt: link.expiresAt } : undefined;
}

/**
 * Uses a link up and says what it is about. Of two who follow it at once one wins: the row is claimed by one statement.
 * Undefined when it was used, is too old, or never was; the transaction that rolls back gives it back.
 */
export async function useLink(em: EntityManager, at: Date, token: string, purpose: LinkPurpose): Promise<string | undefined> {
  const [used] = await em.execute<{ about: string }[]>(
    'update mailed_link set used_at = ? where token_hash = ? and purpose = ? and used_at is null and expires_at > ? returning about',
    [at, hashOf(token), purpose, at],
  );
  return used?.about;
}

/** Takes back every link about this that nobody followed yet. */
export async function voidLinks(em: EntityManager, at: Date, purpose: LinkPurpose, about: string): Promise<void> {
  await em.execute('update mailed_link set used_at = ? where purpose = ? and about = ? and used_at is null', [at, purpose, about]);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Attempts that wait for their second factor. Tries are counted before a code is looked at, so that many at once are no more tries. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Challenge } from '../entities/challenge.entity.ts';

/** Tries at one attempt, codes mailed for one, and how long it waits, in seconds (SPEC I3). */
export const maxTries = 5;
const maxCodesSent = 3;
const challengeSeconds = 10 * 60;

/** Begins an attempt; one with this id that was there before begins anew. */
export async function beginChallenge(
  em: EntityManager,
  at: Date,
  challenge: { id: string; purpose: Challenge['purpose']; userId: string },
): Promise<Date> {
  const expiresAt = new Date(at.getTime() + challengeSeconds * 1000);
  await em.upsert(Challenge, { ...challenge, tries: 0, codeHash: null, codeExpiresAt: null, codesSent: 0, createdAt: at, expiresAt });
  return expiresAt;
}

/** The same for an attempt that may have begun already: its tries go on counting. */
export async function ensureChallenge(
  em: EntityManager,
  at: Date,
  challenge: { id: string; purpose: Challenge['purpose']; userId: string },
): Promise<void> {
  const { id, purpose, userId } = challenge;
  await em.execute('delete from challenge where id = ? and expires_at <= ?', [id, at]);
  await em.execute(
    'insert into challenge (id, purpose, user_id, created_at, expires_at) values (?, ?, ?, ?, ?) on conflict (id) do nothing',
    [id, purpose, userId, at, new Date(at.getTime() + challengeSeconds * 1000)],
  );
}

/** Whose attempt it is, while it still stands. */
export async function readChallenge(em: EntityManager, at: Date, id: string, purpose: Challenge['purpose']): Promise<string | undefined> {
  return (await em.findOne(Challenge, { id, purpose, expiresAt: { $gt: at }, tries: { $lt: maxTries } }, { refresh: true }))?.userId;
}

/** Takes one of the attempt's tries. Undefined when none is left, or it is over. */
export async function takeTry(
  em: EntityManager,
  at: Date,
  id: string,
  purpose: Challenge['purpose'],
): Promise<{ last: boolean } | undefined> {
  const [row] = await em.execute<{ tries: number }[]>(
    'update challenge set tries = tries + 1 where id = ? and purpose = ? and tries < ? and expires_at > ? returning tries',
    [id, purpose, maxTries, at],
  );
  return row && { last: row.tries >= maxTries };
}

/** Binds a mailed code to its attempt; false when no more are mailed for it. */
export async function addCode(em: EntityManager, at: Date, id: string, code: { hash: string; expiresAt: Date }): Promise<boolean> {
  const bound = await em.execute<unknown[]>(
    'update challenge set code_hash = ?, code_expires_at = ?, codes_sent = codes_sent + 1 where id = ? and codes_sent < ? and tries < ? and expires_at > ? returning 1',
    [code.hash, code.expiresAt, id, maxCodesSent, maxTries, at],
  );
  return bound.length > 0;
}

/** Uses the mailed code up: true for one only. It is compared as a keyed hash, so that timing tells nothing of it. */
export async function useCode(em: EntityManager, at: Date, id: string, hash: string): Promise<boolean> {
  const used = await em.execute<unknown[]>(
    'update challenge set code_hash = null, code_expires_at = null where id = ? and code_hash = ? and code_expires_at > ? returning 1',
    [id, hash, at],
  );
  return used.length > 0;
}

/** Ends the attempt; true for the one who ends it. */
export async function endChallenge(em: EntityManager, id: string): Promise<boolean> {
  return (await em.nativeDelete(Challenge, { id })) > 0;
}

/** A changed password or factor ends what was begun with the old one. */
export async function endChallengesOf(em: EntityManager, userId: string): Promise<void> {
  await em.nativeDelete(Challenge, { userId });
}

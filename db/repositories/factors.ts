/** Second factors and recovery codes as rows (SPEC I3). What proves a code is decided here by one statement each. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Factor } from '../entities/factor.entity.ts';
import { RecoveryCode } from '../entities/recovery-code.entity.ts';
import { sealedTotp } from './sealed-totp.ts';
import type { Vault } from '../vault.ts';

type FactorKind = Factor['kind'];
type FactorState = Factor['state'];

/** A person's second factors, as lists show them. */
export interface FactorsView {
  readonly totp: { readonly setAt: Date; readonly lastUsedAt: Date | null } | null;
  readonly email: { readonly setAt: Date; readonly lastUsedAt: Date | null } | null;
  readonly recoveryCodesLeft: number;
}

export async function viewFactors(em: EntityManager, userId: string): Promise<FactorsView> {
  const rows = await em.find(Factor, { userId, state: 'active' });
  const view = (kind: FactorKind) => {
    const row = rows.find((factor) => factor.kind === kind);
    return row ? { setAt: row.createdAt, lastUsedAt: row.lastUsedAt } : null;
  };
  return { totp: view('totp'), email: view('email'), recoveryCodesLeft: await em.count(RecoveryCode, { userId, usedAt: null }) };
}

/** Which factors a person has proven. */
export async function activeFactors(em: EntityManager, userId: string): Promise<FactorKind[]> {
  const rows = await em.find(Factor, { userId, state: 'active' }, { fields: ['kind'] });
  return rows.map((row) => row.kind);
}

/** Begins to set up an app: the secret waits beside the one in use until a code proves it. */
export async function beginTotp(em: EntityManager, vault: Vault, at: Date, userId: string, secret: string): Promise<void> {
  const row = {
    userId,
    kind: 'totp' as const,
    state: 'pending' as const,
    secret: vault.seal(sealedTotp(userId), secret),
    lastStep: null,
    codeHash: null,
    codeExpiresAt: null,
    tries: 0,
    createdAt: at,
    lastUsedAt: null,
  };
  await em.upsert(Factor, row);
}

/** The secret of an app's factor, and its seal, which is like no other; undefined when there is none in this state. */
export async function totpSecret(
  em: EntityManager,
  vault: Vault,
  userId: string,
  state: FactorState,
): Promise<{ secret: string; seal: string } | undefined> {
  const [row] = await em.execute<{ secret: string }[]>(`select secret from factor where user_id = ? and kind = 'totp' and state = ?`, [
    userId,
    state,
  ]);
  return row && { secret: vault.open(sealedTotp(userId), row.secret), seal: row.secret };
}

/**
 * Uses a code up: true for the first who brings this time step or a later one, false for whoever repeats it, also at the
 * same moment and from another process (security.md: one conditional UPDATE).
 * @param seal of the secret that the code was checked with
 */
export async function useStep(em: EntityManager, at: Date, userId: string, seal: string, step: number): Promise<boolean> {
  const used = await em.execute<unknown[]>(
    `update factor set last_step = ?, last_used_at = ? where user_id = ? and kind = 'totp' and secret = ? and (last_step is null or last_step < ?) returning 1`,
    [step, at, userId, seal, step],
  );
  return used.length > 0;
}

/**
 * A factor whose set-up was proven takes the place of the one before. False when none was being set up.
 * @param seal of the secret that was proven: one that somebody put in its place meanwhile is not activated
 */
export async function activateFactor(em: EntityManager, at: Date, userId: string, kind: FactorKind, seal?: string): Promise<boolean> {
  const [pending] = await em.execute<{ secret: string | null }[]>(
    `select secret from factor where user_id = ? and kind = ? and state = 'pending' for update`,
    [userId, kind],
  );
  if (!pending || (seal !== undefined && pending.secret !== seal)) return false;
  await em.execute(`delete from factor where user_id = ? and kind = ? and state = 'active'`, [userId, kind]);
  await em.execute(
    `update factor set state = 'active', created_at = ?, code_hash = null, code_expires_at = null, tries = 0 where user_id = ? and kind = ? and state = 'pending'`,
    [at, userId, kind],
  );
  return true;
}

/** Begins to set up codes by mail, with the hash of the code that was mailed to prove the mailbox. */
export async function beginEmailFactor(
  em: EntityManager,
  at: Date,
  userId: string,
  code: { hash: string; expiresAt: Date },
): Promise<void> {
  await em.upsert(Factor, {
    userId,
    kind: 'email',
    state: 'pending',
    secret: null,
    lastStep: null,
    codeHash: code.hash,
    codeExpiresAt: code.expiresAt,
    tries: 0,
    createdAt: at,
    lastUsedAt: null,
  });
}

/** Takes one of the five tries at the code that was mailed for setting up; undefined when none is left, or no code. */
export async function tryEmailFactorCode(em: EntityManager, at: Date, userId: string, maxTries: number): Promise<string | undefined> {
  const [row] = await em.execute<{ code_hash: string }[]>(
    `update factor set tries = tries + 1 where user_id = ? and kind = 'email' and state = 'pending' and tries < ? and code_expires_at > ? returning code_hash`,
    [userId, maxTries, at],
  );
  return row?.code_hash;
}

export async function noteFactorUse(em: EntityManager, at: Date, userId: string, kind: FactorKind): Promise<void> {
  await em.nativeUpdate(Factor, { userId, kind, state: 'active' }, { lastUsedAt: at });
}

export async function removeFactor(em: EntityManager, userId: string, kind: FactorKind): Promise<boolean> {
  return (await em.nativeDelete(Factor, { userId, kind, state: 'active' })) > 0;
}

/** Takes every factor and recovery code away: the person sets up anew. */
export async function removeFactors(em: EntityManager, userId: string): Promise<void> {
  await em.nativeDelete(Factor, { userId });
  await em.nativeDelete(RecoveryCode, { userId });
}

/** New recovery codes make the old ones void. */
export async function replaceRecoveryCodes(
  em: EntityManager,
  at: Date,
  userId: string,
  codes: readonly { hint: string; hash: string }[],
): Promise<void> {
  await em.nativeDelete(RecoveryCode, { userId });
  await em.insertMany(
    RecoveryCode,
    codes.map(({ hint, hash }) => ({ userId, hint, codeHash: hash, createdAt: at, usedAt: null })),
  );
}

export async function recoveryHash(em: EntityManager, userId: string, hint: string): Promise<string | undefined> {
  return (await em.findOne(RecoveryCode, { userId, hint, usedAt: null }))?.codeHash;
}

/** Uses a recovery code up; false when somebody just did. */
export async function useRecoveryCode(em: EntityManager, at: Date, userId: string, hint: string): Promise<boolean> {
  return (await em.nativeUpdate(RecoveryCode, { userId, hint, usedAt: null }, { usedAt: at })) > 0;
}

/**
 * Proving a second factor (SPEC I3): a code of the authenticator app, a mailed code, a recovery code. The tries are
 * counted before the code is looked at, for the attempt and for the person, so that neither many requests at once nor many
 * attempts buy more of them.
 */
import { randomInt } from 'node:crypto';
import type { Context } from 'hono';
import { audit } from '../../db/audit.ts';
import { addCode, takeTry, useCode } from '../../db/repositories/challenges.ts';
import { activeFactors, noteFactorUse, recoveryHash, totpSecret, useRecoveryCode, useStep } from '../../db/repositories/factors.ts';
import { sendLetter } from '../../db/repositories/letters.ts';
import { findPerson, type Person } from '../../db/repositories/people.ts';
import type { Visit } from '../../db/wish.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { codeSeconds, type LetterKind } from '../../domain/letter.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { performVisit } from '../wish.ts';
import { networkOf } from './client-address.ts';
import { readRecoveryCode, recoveryHint } from './recovery-codes.ts';
import { requirePlace } from './throttle.ts';
import { stepOfCode } from './totp.ts';

export const secondFactorMethods = ['totp', 'email', 'recovery'] as const;
export type SecondFactorMethod = (typeof secondFactorMethods)[number];

export interface Proof {
  readonly method: SecondFactorMethod;
  /** As the person typed it. */
  readonly code: string;
}

/** The attempt a proof is given for, and whose it is. */
export interface Attempt {
  readonly id: string;
  readonly purpose: 'sign_in' | 'step_up';
  readonly userId: string;
  readonly kind: Person['kind'];
}

/** Checks a proof and uses it up. Throws what a caller is told: too many tries, the attempt is over, the code is wrong. */
export async function proveSecondFactor(c: Context<ApiEnvironment>, attempt: Attempt, proof: Proof): Promise<void> {
  const { database, clock, throttle } = c.var.parts;
  const place = await requirePlace(throttle.secondFactor(attempt.userId));
  const taken = await takeTry(database.fork(), clock.now(), attempt.id, attempt.purpose);
  if (!taken) throw new ApiError('auth.attempt_over');
  const proven = await proves(c, attempt, proof).catch(async (failure: unknown) => {
    await place.notTried();
    throw failure;
  });
  if (proven) return place.succeeded();
  await performVisit(c, (visit) => noteWrongCode(visit, attempt, proof.method, taken.last));
  throw new ApiError('auth.code_wrong');
}

/**
 * Wrong codes are in the audit. When an attempt to sign in has used up its tries, its owner is told: whoever came so far
 * knows his password.
 */
async function noteWrongCode(visit: Visit, { userId, purpose }: Attempt, method: SecondFactorMethod, last: boolean): Promise<void> {
  const at = visit.clock.now();
  const action = 'auth.second_factor_failed';
  await audit(visit, 'nobody', at, { action, object: `user:${userId}`, whom: userId, after: { method, purpose } });
  const person = last && purpose === 'sign_in' ? await findPerson(visit.em, userId) : undefined;
  if (!person) return;
  const facts = { ...visit.whence(person.locale), at: at.toISOString() };
  await sendLetter(visit, at, 'sign_in.wrong_codes', { ...person, address: person.email }, facts);
}

async function proves(c: Context<ApiEnvironment>, attempt: Attempt, { method, code }: Proof): Promise<boolean> {
  switch (method) {
    case 'totp':
      return (await provesTotp(c, attempt.userId, 'active', code)) !== undefined;
    case 'email':
      // Whoever reads a member of staff's mail must not become him (security.md, 6.3.6).
      return attempt.kind === 'customer' && provesMailedCode(c, attempt, code);
    case 'recovery':
      return provesRecoveryCode(c, attempt.userId, code);
  }
}

/**
 * Whether it is a code of the person's app that was not used before; uses it up.
 * @returns the seal of the secret it proves, or undefined
 */
export async function provesTotp(
  c: Context<ApiEnvironment>,
  userId: string,
  state: 'pending' | 'active',
  code: string,
): Promise<string | undefined> {
  const { database, vault, clock } = c.var.parts;
  const em = database.fork();
  const kept = await totpSecret(em, vault, userId, state);
  const step = kept && (await stepOfCode(kept.secret, code.replaceAll(/\s/g, ''), clock.now()));
  if (step === undefined) return undefined;
  return (await useStep(em, clock.now(), userId, kept!.seal, step)) ? kept!.seal : undefined;
}

async function provesMailedCode(c: Context<ApiEnvironment>, attempt: Attempt, code: string): Promise<boolean> {
  const { database, vault, clock } = c.var.parts;
  const em = database.fork();
  const hash = vault.fingerprint(attempt.id, code.replaceAll(/\s/g, ''));
  if (!(await useCode(em, clock.now(), attempt.id, hash))) return false;
  await noteFactorUse(em, clock.now(), attempt.userId, 'email');
  return true;
}

async function provesRecoveryCode(c: Context<ApiEnvironment>, userId: string, text: string): Promise<boolean> {
  const { database, passwords } = c.var.parts;
  const code = readRecoveryCode(text);
  const em = database.fork();
  const hash = code === undefined ? undefined : await recoveryHash(em, userId, recoveryHint(code));
  const matches = await passwords.check(hash, code ?? '', networkOf(c.var.address));
  if (matches === undefined) throw new ApiError('auth.busy', { retryAfterSeconds: 2 });
  if (!matches) return false;
  return performVisit(c, async (visit) => {
    const at = visit.clock.now();
    if (!(await useRecoveryCode(visit.em, at, userId, recoveryHint(code!)))) return false;
    const person = await findPerson(visit.em, userId);
    // Its owner should know that one is gone, and that it was he.
    if (person)
      await sendLetter(
        visit,
        at,
        'factor.changed',
        { ...person, address: person.email },
        { ...visit.whence(person.locale), what: 'recovery_code_used', at: at.toISOString() },
      );
    return true;
  });
}

/** Attempts are free for whoever knows the password; letters to the person are not. */
export async function throttleCodes(c: Context<ApiEnvironment>, userId: string): Promise<void> {
  await requirePlace(c.var.parts.throttle.mailedCode(userId));
}

/** Six digits from a cryptographic source. */
export function makeCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

type Addressee = Pick<Person, 'id' | 'email' | 'name' | 'locale' | 'timeZone'>;

/**
 * Mails a code bound to this attempt (SPEC I3): good for two minutes, in place of one that was mailed before.
 * @returns until when it is good
 */
export async function mailCode(
  visit: Visit,
  attempt: { id: string },
  to: Addressee,
  kind: Extract<LetterKind, 'code.sign_in' | 'code.step_up'>,
): Promise<Date | Refusal> {
  const at = visit.clock.now();
  if (!(await activeFactors(visit.em, to.id)).includes('email')) return refuse('auth.code_not_available');
  const code = makeCode();
  const expiresAt = new Date(at.getTime() + codeSeconds * 1000);
  if (!(await addCode(visit.em, at, attempt.id, { hash: visit.vault.fingerprint(attempt.id, code), expiresAt })))
    return refuse('auth.code_not_available');
  await sendLetter(visit, at, kind, { ...to, address: to.email }, { ...visit.whence(to.locale), at: at.toISOString() }, code);
  return expiresAt;
}

/** Setting up factors: an app at a member of staff's first sign-in, and either kind by somebody who is signed in (SPEC I3). */
import type { Context } from 'hono';
import { audit } from '../../db/audit.ts';
import { takeTry } from '../../db/repositories/challenges.ts';
import { activateFactor, activeFactors, beginTotp, replaceRecoveryCodes } from '../../db/repositories/factors.ts';
import { sendLetter } from '../../db/repositories/letters.ts';
import type { FactorChange } from '../../domain/letter.ts';
import { lockPerson, type Person } from '../../db/repositories/people.ts';
import type { Visit } from '../../db/wish.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { performVisit } from '../wish.ts';
import { networkOf } from './client-address.ts';
import { makeRecoveryCodes, recoveryHint } from './recovery-codes.ts';
import { provesTotp } from './second-factor.ts';
import { requirePlace } from './throttle.ts';
import { makeTotpSecret, totpSetUp, type TotpSetUp } from './totp.ts';

type Owner = Pick<Person, 'id' | 'kind' | 'email' | 'name' | 'locale' | 'timeZone'>;

/** Makes the secret that the app will hold; it works once a code has proven it. */
export async function beginTotpSetUp(
  { em, vault, clock }: Pick<Visit, 'em' | 'vault' | 'clock'>,
  publicUrl: URL,
  owner: Pick<Owner, 'id' | 'email'>,
): Promise<TotpSetUp> {
  const secret = makeTotpSecret();
  await beginTotp(em, vault, clock.now(), owner.id, secret);
  return totpSetUp(secret, owner.email, `Kontor ${publicUrl.hostname}`);
}

/** The same for an attempt to sign in: only somebody who has no app yet may set one by his password alone. */
export async function beginTotpAtSignIn(c: Context<ApiEnvironment>, owner: Owner): Promise<TotpSetUp> {
  const { database, vault, clock, publicUrl } = c.var.parts;
  const em = database.fork();
  if ((await activeFactors(em, owner.id)).includes('totp')) throw new ApiError('auth.attempt_over');
  return beginTotpSetUp({ em, vault, clock }, publicUrl, owner);
}

/** Proves the app at the first sign-in. Returns the recovery codes, shown once. */
export async function confirmTotpAtSignIn(c: Context<ApiEnvironment>, attemptId: string, owner: Owner, code: string): Promise<string[]> {
  const { database, clock, throttle } = c.var.parts;
  const place = await requirePlace(throttle.secondFactor(owner.id));
  if (!(await takeTry(database.fork(), clock.now(), attemptId, 'sign_in'))) throw new ApiError('auth.attempt_over');
  const seal = await provesTotp(c, owner.id, 'pending', code);
  if (seal === undefined) throw new ApiError('auth.code_wrong');
  await place.succeeded();
  const codes = await hashedRecoveryCodes(c);
  const set = await performVisit(c, async (visit) => {
    await lockPerson(visit.em, owner.id);
    // Two attempts that both knew the password: the first who sets an app is the one.
    if ((await activeFactors(visit.em, owner.id)).includes('totp')) return false;
    return setFactor(visit, owner, { kind: 'totp', seal }, codes.rows);
  });
  if (!set) throw new ApiError('auth.attempt_over');
  return codes.shown;
}

/** What was proven: the mailbox, or the app with this secret, named by its seal. */
export type ProvenFactor = { readonly kind: 'email' } | { readonly kind: 'totp'; readonly seal: string };

/**
 * Makes a factor whose set-up was proven the one in use, with fresh recovery codes if some are given, and tells its owner.
 * @returns false when none was being set up, or by now another
 */
export async function setFactor(
  visit: Visit,
  owner: Owner,
  proven: ProvenFactor,
  recoveryCodes?: readonly { hint: string; hash: string }[],
): Promise<boolean> {
  const at = visit.clock.now();
  const { kind } = proven;
  if (!(await activateFactor(visit.em, at, owner.id, kind, proven.kind === 'totp' ? proven.seal : undefined))) return false;
  if (recoveryCodes) await replaceRecoveryCodes(visit.em, at, owner.id, recoveryCodes);
  await audit(visit, { kind: owner.kind, userId: owner.id }, at, { action: 'factor.set', object: `factor:${kind}`, whom: owner.id });
  await tellFactorChanged(visit, owner, `${kind}_set`);
  return true;
}

/** Tells the owner that a factor was set or removed. */
export async function tellFactorChanged(visit: Visit, owner: Owner, what: FactorChange): Promise<void> {
  const at = visit.clock.now();
  await sendLetter(
    visit,
    at,
    'factor.changed',
    { ...owner, address: owner.email },
    { ...visit.whence(owner.locale), what, at: at.toISOString() },
  );
}

/** Recovery codes to show, and what is kept of them. Hashing takes its turn among the sign-ins; too busy is told. */
export async function hashedRecoveryCodes(
  c: Context<ApiEnvironment>,
): Promise<{ shown: string[]; rows: { hint: string; hash: string }[] }> {
  const shown = makeRecoveryCodes();
  const rows: { hint: string; hash: string }[] = [];
  for (const code of shown) {
    const hash = await c.var.parts.passwords.hash(code, networkOf(c.var.address));
    if (hash === undefined) throw new ApiError('auth.busy', { retryAfterSeconds: 2 });
    rows.push({ hint: recoveryHint(code), hash });
  }
  return { shown, rows };
}

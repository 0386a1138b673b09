/** Setting up factors: an app at a member of staff's first sign-in, and either kind by somebody who is signed in (SPEC I3). */
import type { Context } from 'hono';
import { takeTry } from '../../db/repositories/challenges.ts';
import { setFirstApp, type FactorOwner, type KeptRecoveryCode } from '../../db/repositories/factor-wishes.ts';
import { activeFactors, beginTotp } from '../../db/repositories/factors.ts';
import type { Visit } from '../../db/wish.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { performVisit } from '../wish.ts';
import { networkOf } from './client-address.ts';
import { makeRecoveryCodes, recoveryHint } from './recovery-codes.ts';
import { provesTotp } from './second-factor.ts';
import { requirePlace } from './throttle.ts';
import { makeTotpSecret, totpSetUp, type TotpSetUp } from './totp.ts';

/** Makes the secret that the app will hold; it works once a code has proven it. */
export async function beginTotpSetUp(
  { em, vault, clock }: Pick<Visit, 'em' | 'vault' | 'clock'>,
  publicUrl: URL,
  owner: Pick<FactorOwner, 'id' | 'email'>,
): Promise<TotpSetUp> {
  const secret = makeTotpSecret();
  await beginTotp(em, vault, clock.now(), owner.id, secret);
  return totpSetUp(secret, owner.email, `Kontor ${publicUrl.hostname}`);
}

/** The same for an attempt to sign in: only somebody who has no app yet may set one by his password alone. */
export async function beginTotpAtSignIn(c: Context<ApiEnvironment>, owner: FactorOwner): Promise<TotpSetUp> {
  const { database, vault, clock, publicUrl } = c.var.parts;
  const em = database.fork();
  if ((await activeFactors(em, owner.id)).includes('totp')) throw new ApiError('auth.attempt_over');
  return beginTotpSetUp({ em, vault, clock }, publicUrl, owner);
}

/** Proves the app at the first sign-in. Returns the recovery codes, shown once. */
export async function confirmTotpAtSignIn(
  c: Context<ApiEnvironment>,
  attemptId: string,
  owner: FactorOwner,
  code: string,
): Promise<string[]> {
  const { database, clock, throttle } = c.var.parts;
  const place = await requirePlace(throttle.secondFactor(owner.id));
  if (!(await takeTry(database.fork(), clock.now(), attemptId, 'sign_in'))) throw new ApiError('auth.attempt_over');
  const seal = await provesTotp(c, owner.id, 'pending', code);
  if (seal === undefined) throw new ApiError('auth.code_wrong');
  await place.succeeded();
  const codes = await hashedRecoveryCodes(c);
  await performVisit(c, (visit) => setFirstApp(visit, owner, seal, codes.rows));
  return codes.shown;
}

/** Recovery codes to show, and what is kept of them. Hashing takes its turn among the sign-ins; too busy is told. */
export async function hashedRecoveryCodes(c: Context<ApiEnvironment>): Promise<{ shown: string[]; rows: KeptRecoveryCode[] }> {
  const shown = makeRecoveryCodes();
  const rows: KeptRecoveryCode[] = [];
  for (const code of shown) {
    const hash = await c.var.parts.passwords.hash(code, networkOf(c.var.address));
    if (hash === undefined) throw new ApiError('auth.busy', { retryAfterSeconds: 2 });
    rows.push({ hint: recoveryHint(code), hash });
  }
  return { shown, rows };
}

/**
 * Signing in: the password, then the second factor (SPEC I2, I3). What is between the two is an attempt: its secret is
 * held by whoever began it, and codes and tries are bound to it. A session begins only when both are done, so that there
 * is no such thing as half a session.
 */
import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { audit } from '../../db/audit.ts';
import { beginChallenge, endChallenge } from '../../db/repositories/challenges.ts';
import { noteDevice } from '../../db/repositories/known-devices.ts';
import { sendLetter } from '../../db/repositories/letters.ts';
import { findForSignIn, isUnchanged, rehashPassword, type Person, type SignInCandidate } from '../../db/repositories/people.ts';
import type { Visit } from '../../db/wish.ts';
import type { Actor } from '../../domain/actor.ts';
import { readEmailAddress } from '../../domain/email-address.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { performVisit } from '../wish.ts';
import { hashToken } from './api-tokens.ts';
import { networkOf } from './client-address.ts';
import { needsRehash } from './passwords.ts';
import type { SecondFactorMethod } from './second-factor.ts';
import type { SessionStart, SignedInAs } from './sessions.ts';
import { requirePlace } from './throttle.ts';

/** What is asked for after the password. */
export interface NextProof {
  readonly what: 'second_factor' | 'set_up_totp';
  /** Names this attempt to the steps that follow; whoever holds it knew the password. */
  readonly attempt: string;
  readonly methods?: readonly SecondFactorMethod[];
  readonly expiresAt: Date;
}

type Signing = Pick<Person, 'id' | 'kind' | 'email' | 'name' | 'locale' | 'timeZone' | 'passwordChangedAt'> & {
  activeAccountId: string | null;
};

/**
 * Checks address and password. Unknown address, wrong password, the other kind of person, somebody disabled and somebody
 * who never confirmed get one answer after one time: the same query, the same places in the throttle, the same slow hash,
 * the same line in the audit.
 */
export async function signIn(
  c: Context<ApiEnvironment>,
  as: SignedInAs,
  email: string,
  password: string,
): Promise<{ person: Signing } | { next: NextProof }> {
  const outcome = await c.var.parts.passwords.signIn(() => signInInTurn(c, as, email, password), networkOf(c.var.address));
  if (!outcome) throw new ApiError('auth.busy', { retryAfterSeconds: 2 });
  return outcome;
}

async function signInInTurn(
  c: Context<ApiEnvironment>,
  as: SignedInAs,
  email: string,
  password: string,
): Promise<{ person: Signing } | { next: NextProof }> {
  const { database, passwords, throttle } = c.var.parts;
  const address = readEmailAddress(email) ?? email.trim().toLowerCase();
  const device = deviceOf(c);
  const found = await findForSignIn(database, address, as, { device, address: c.var.address });
  const trusted = found?.knowsDevice ? device : found?.knowsAddress ? 'address' : null;
  const place = await requirePlace(throttle.signIn({ email: address, address: c.var.address, trusted }));
  const matches = await passwords.check(found?.passwordHash, password, networkOf(c.var.address));
  if (matches === undefined) {
    await place.notTried();
    throw new ApiError('auth.busy', { retryAfterSeconds: 2 });
  }
  // A customer whom his last account let go has nowhere to be.
  if (!matches || !found || (as === 'customer' && found.activeAccountId === null)) {
    await performVisit(c, (visit) =>
      audit(visit, 'nobody', visit.clock.now(), { action: 'auth.sign_in_failed', object: as, whom: found?.id ?? null }),
    );
    throw new ApiError('auth.invalid_credentials');
  }
  await place.succeeded();
  await rehash(c, found, password);
  const next = nextProof(found);
  if (next) return { next: { ...next, ...(await beginAttempt(c, found.id)) } };
  await startSession(c, found, null);
  return { person: found };
}

/** Which proof is missing after the password; undefined when none is. */
function nextProof(found: SignInCandidate): Pick<NextProof, 'what' | 'methods'> | undefined {
  if (found.kind === 'staff')
    return found.factors.includes('totp') ? { what: 'second_factor', methods: ['totp', 'recovery'] } : { what: 'set_up_totp' };
  return found.factors.length ? { what: 'second_factor', methods: [...found.factors, 'recovery'] } : undefined;
}

async function beginAttempt(c: Context<ApiEnvironment>, userId: string): Promise<Pick<NextProof, 'attempt' | 'expiresAt'>> {
  const { database, clock } = c.var.parts;
  const attempt = randomBytes(32).toString('base64url');
  const expiresAt = await beginChallenge(database.fork(), clock.now(), { id: hashToken(attempt), purpose: 'sign_in', userId });
  return { attempt, expiresAt };
}

/** Parameters move with the years; whoever signs in brings his hash up to date. Too busy now: the next time. */
async function rehash(c: Context<ApiEnvironment>, found: SignInCandidate, password: string): Promise<void> {
  if (!needsRehash(found.passwordHash)) return;
  const { database, passwords } = c.var.parts;
  const anew = await passwords.hash(password, networkOf(c.var.address));
  if (anew !== undefined) await rehashPassword(database, found.id, found.passwordHash, anew);
}

/** Ends an attempt and begins the session it led to. Of two who bring the last proof at once, one does. */
export async function finishAttempt(
  c: Context<ApiEnvironment>,
  attempt: string,
  person: Signing,
  method: SecondFactorMethod,
): Promise<void> {
  if (!(await endChallenge(c.var.parts.database.fork(), hashToken(attempt)))) throw new ApiError('auth.attempt_over');
  await startSession(c, person, method);
}

/**
 * Begins a session under a new token and ends the one the browser held before (security.md, 7.2.4). Somebody who signs in
 * from a browser he was never seen with is told by a letter, unless it is his first sign-in ever.
 */
async function startSession(c: Context<ApiEnvironment>, person: Signing, secondFactor: SecondFactorMethod | null): Promise<void> {
  const as: SignedInAs = person.kind;
  const { sessions } = c.var.parts;
  await endSession(c, as);
  const userAgent = (c.req.header('user-agent') ?? '').slice(0, 300);
  const start: SessionStart = {
    userId: person.id,
    as,
    activeAccountId: person.activeAccountId,
    userAgent,
    address: c.var.address,
    secondFactor,
  };
  const device = getCookie(c, sessions.deviceCookieName) ?? '';
  const known = /^[\w-]{43}$/.test(device) ? device : randomBytes(32).toString('base64url');
  await performVisit(c, (visit) => noteSignIn(visit, person, hashToken(known), secondFactor));
  const { token, session } = await sessions.begin(start);
  // What ends every session of his may have come since the password was checked: then it ends this one, too.
  if (!(await isUnchanged(c.var.parts.database, person.id, person.passwordChangedAt))) {
    await sessions.end(session.id);
    throw new ApiError('auth.attempt_over');
  }
  setCookie(c, sessions.cookieName(as), token, sessions.cookieAttributes(as));
  setCookie(c, sessions.deviceCookieName, known, sessions.cookieAttributes('device'));
}

async function noteSignIn(visit: Visit, person: Signing, deviceHash: string, secondFactor: SecondFactorMethod | null): Promise<void> {
  const at = visit.clock.now();
  const seen = await noteDevice(visit.em, at, person.id, deviceHash);
  await audit(visit, { kind: person.kind, userId: person.id }, at, {
    action: 'auth.signed_in',
    object: `user:${person.id}`,
    after: { secondFactor, device: seen },
  });
  if (seen !== 'new') return;
  const facts = { ...visit.whence(person.locale), at: at.toISOString() };
  await sendLetter(visit, at, 'sign_in.new_device', { ...person, address: person.email }, facts);
}

/** Signs the browser out: its session ends and its cookie goes. Without a session it does nothing. */
export async function signOut(c: Context<ApiEnvironment>, as: SignedInAs): Promise<void> {
  const { sessions } = c.var.parts;
  const token = getCookie(c, sessions.cookieName(as));
  const signedIn = token && token.length <= 200 ? await sessions.find(token) : undefined;
  if (signedIn) await performVisit(c, (visit) => noteSignOut(visit, signedIn.actor, signedIn.session.publicId));
  await endSession(c, as);
  deleteCookie(c, sessions.cookieName(as), { path: '/', secure: sessions.cookieAttributes(as).secure });
}

async function noteSignOut(visit: Visit, actor: Actor, publicId: string): Promise<void> {
  await audit(visit, actor, visit.clock.now(), { action: 'auth.signed_out', object: `session:${publicId}`, whom: actor.userId });
}

async function endSession(c: Context<ApiEnvironment>, as: SignedInAs): Promise<void> {
  const token = getCookie(c, c.var.parts.sessions.cookieName(as));
  if (token && token.length <= 200) await c.var.parts.sessions.end(hashToken(token));
}

/** The hash of the browser's device cookie; null without one. */
function deviceOf(c: Context<ApiEnvironment>): string | null {
  const device = getCookie(c, c.var.parts.sessions.deviceCookieName);
  return device && /^[\w-]{43}$/.test(device) ? hashToken(device) : null;
}

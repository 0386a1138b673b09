import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { findByEmail, listMemberships, type Person } from '../../db/repositories/people.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { refuseCrossSite } from './authenticate.ts';
import { hashToken } from './api-tokens.ts';
import type { SignedInAs } from './sessions.ts';

/**
 * Signs a browser in. Unknown address, wrong password and the other kind of person get one answer after one time; a
 * session that the browser held before is ended, so that every sign-in has a new token.
 */
export async function signIn(c: Context<ApiEnvironment>, as: SignedInAs, email: string, password: string): Promise<Person> {
  refuseCrossSite(c);
  const { database, passwords, sessions } = c.var.parts;
  const person = await findByEmail(database, email);
  const fits = person?.kind === as ? person : undefined;
  const matches = await passwords.check(fits?.passwordHash, password);
  if (matches === undefined) throw new ApiError('auth.busy', { retryAfterSeconds: 2 });
  if (!matches || !fits) throw new ApiError('auth.invalid_credentials');
  const [membership] = as === 'customer' ? await listMemberships(database.fork(), fits.id) : [];
  if (as === 'customer' && !membership) throw new ApiError('auth.invalid_credentials');

  await endSession(c, as);
  const { token } = await sessions.begin(fits.id, {
    activeAccountId: membership?.accountId ?? null,
    userAgent: (c.req.header('user-agent') ?? '').slice(0, 300),
  });
  setCookie(c, sessions.cookieName(as), token, sessions.cookieAttributes);
  return fits;
}

/** Signs the browser out: its session ends and its cookie goes. Without a session it does nothing. */
export async function signOut(c: Context<ApiEnvironment>, as: SignedInAs): Promise<void> {
  refuseCrossSite(c);
  await endSession(c, as);
  const { sessions } = c.var.parts;
  deleteCookie(c, sessions.cookieName(as), { path: '/', secure: sessions.cookieAttributes.secure });
}

async function endSession(c: Context<ApiEnvironment>, as: SignedInAs): Promise<void> {
  const token = getCookie(c, c.var.parts.sessions.cookieName(as));
  if (token) await c.var.parts.sessions.end(hashToken(token));
}

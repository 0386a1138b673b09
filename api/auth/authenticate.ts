import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { findByToken } from '../../db/repositories/people.ts';
import { preferredLocale } from '../../domain/locale.ts';
import { customerMay, staffMay, type CustomerAction, type StaffPermission } from '../../domain/permissions.ts';
import type { ApiEnvironment, Caller } from '../context.ts';
import { ApiError } from '../errors.ts';
import { hashToken, looksLikeApiToken } from './api-tokens.ts';
import type { SignedInAs } from './sessions.ts';

/** Lets customers in who may do this in their account. Others meet 401, or what a missing address answers. */
export function customerMayDo(action: CustomerAction): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const caller = await authenticate(c, 'customer');
    if (caller.actor.kind !== 'customer') throw new ApiError('request.not_found');
    if (!customerMay(caller.actor.role, action)) throw new ApiError('auth.not_permitted');
    await next();
  };
}

/** Lets staff in whose role may do this. To a customer the staff's tree does not exist (api.md, 403). */
export function staffMayDo(permission: StaffPermission): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const caller = await authenticate(c, 'staff');
    if (caller.actor.kind !== 'staff') throw new ApiError('request.not_found');
    if (!staffMay(caller.actor.role, permission)) throw new ApiError('auth.not_permitted');
    await next();
  };
}

async function authenticate(c: Context<ApiEnvironment>, as: SignedInAs): Promise<Caller> {
  const caller = (await byToken(c)) ?? (await byCookie(c, as));
  if (!caller) throw new ApiError('auth.required');
  const locale = preferredLocale(c.req.header('accept-language')) ?? caller.locale;
  c.set('locale', locale);
  c.set('caller', { ...caller, locale });
  return caller;
}

/** A request that carries a token is judged by the token alone, so that a stale one is never covered by a cookie. */
async function byToken(c: Context<ApiEnvironment>): Promise<Caller | undefined> {
  const header = c.req.header('authorization');
  if (header === undefined) return undefined;
  const token = /^Bearer ([^\s]{1,200})$/i.exec(header)?.[1];
  if (!token || !looksLikeApiToken(token)) throw new ApiError('auth.required');
  const { database, clock } = c.var.parts;
  const found = await findByToken(database, clock, hashToken(token));
  if (!found) throw new ApiError('auth.required');
  return { ...found, sessionId: null };
}

async function byCookie(c: Context<ApiEnvironment>, as: SignedInAs): Promise<Caller | undefined> {
  const { sessions } = c.var.parts;
  const token = getCookie(c, sessions.cookieName(as));
  if (!token || token.length > 200) return undefined;
  refuseCrossSite(c);
  return sessions.find(token);
}

/**
 * A cookie travels by itself, so a request that changes something must come from our own pages (security.md, CSRF).
 * Browsers say where it comes from in `Sec-Fetch-Site`, older ones in `Origin`; programs say neither.
 */
export function refuseCrossSite(c: Context<ApiEnvironment>): void {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return;
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw new ApiError('auth.cross_site');
    return;
  }
  const origin = c.req.header('origin');
  if (origin !== undefined && origin !== c.var.parts.publicUrl.origin) throw new ApiError('auth.cross_site');
}

import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Actor } from '../../domain/actor.ts';
import { findByToken } from '../../db/repositories/people.ts';
import { preferredLocale } from '../../domain/locale.ts';
import { customerRule, staffRule, stepUpSeconds, type CustomerAction, type StaffPermission } from '../../domain/permissions.ts';
import type { ApiEnvironment, Caller } from '../context.ts';
import { ApiError } from '../errors.ts';
import { hashToken, looksLikeApiToken } from './api-tokens.ts';
import type { SignedInAs } from './sessions.ts';

/** Lets customers in who may do this in their account. Others meet 401, or what a missing address answers. */
export function customerMayDo(action: CustomerAction): MiddlewareHandler<ApiEnvironment> {
  // A route that names no row of the table does not start.
  customerRule(action);
  return async (c, next) => {
    await authenticate(c, 'customer');
    requireMayDo(c, action);
    await next();
  };
}

/** The same inside a route, where what is asked for decides which row of the table it is. */
export function requireMayDo(c: Context<ApiEnvironment>, action: CustomerAction): void {
  const rule = customerRule(action);
  const { actor, session, scopes } = c.var.caller;
  if (actor.kind !== 'customer') throw new ApiError('request.not_found');
  if (!rule.roles.includes(actor.role)) throw new ApiError('auth.not_permitted');
  if (rule.signedIn && !session) throw new ApiError('auth.sign_in_required');
  if (scopes && !scopes.includes(action)) throw new ApiError('auth.scope_missing', { about: { scope: action } });
  if (rule.stepUp) requireFreshCode(c);
}

/** Lets staff in whose role may do this. To a customer the staff's tree does not exist (api.md, 403). */
export function staffMayDo(permission: StaffPermission): MiddlewareHandler<ApiEnvironment> {
  const rule = staffRule(permission);
  return async (c, next) => {
    const caller = await authenticate(c, 'staff');
    if (caller.actor.kind !== 'staff') throw new ApiError('request.not_found');
    if (!rule.roles.includes(caller.actor.role)) throw new ApiError('auth.not_permitted');
    if (rule.stepUp) requireFreshCode(c);
    await next();
  };
}

/** Whoever asks must have given a fresh code within five minutes (SPEC I10); the clock may have been set back meanwhile. */
function requireFreshCode(c: Context<ApiEnvironment>): void {
  const freshAt = c.var.caller.session?.steppedUpAt;
  const age = freshAt ? c.var.parts.clock.now().getTime() - freshAt.getTime() : Number.POSITIVE_INFINITY;
  if (Math.abs(age) >= stepUpSeconds * 1000) throw new ApiError('auth.step_up_required');
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
  return { ...found, session: null };
}

async function byCookie(c: Context<ApiEnvironment>, as: SignedInAs): Promise<Caller | undefined> {
  const { sessions } = c.var.parts;
  const token = getCookie(c, sessions.cookieName(as));
  if (!token || token.length > 200) return undefined;
  refuseCrossSite(c);
  const found = await sessions.find(token);
  return found && { ...found, scopes: null };
}

/**
 * Whether the same caller would be let in again: asked while an answer goes on for hours, long after the request. His session
 * or token is alive, he is who he was, in the same account, and his role may still listen.
 */
export function stillLetIn(c: Context<ApiEnvironment>, as: SignedInAs): () => Promise<boolean> {
  const { sessions, database, clock } = c.var.parts;
  const { actor, session } = c.var.caller;
  const bearer = /^Bearer ([^\s]{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const cookie = session ? getCookie(c, sessions.cookieName(as)) : undefined;
  const hash = bearer === undefined ? undefined : hashToken(bearer);
  return async () => {
    const found = hash === undefined ? await sessions.find(cookie ?? '', { noteUse: false }) : await findByToken(database, clock, hash);
    return found !== undefined && isSameActor(found.actor, actor);
  };
}

function isSameActor(one: Actor, other: Actor): boolean {
  if (one.userId !== other.userId || one.kind !== other.kind || one.role !== other.role) return false;
  return one.kind !== 'customer' || (other.kind === 'customer' && one.accountId === other.accountId);
}

/**
 * A cookie travels by itself, so a request that changes something must come from our own pages (security.md, CSRF).
 * Browsers say where it comes from in `Sec-Fetch-Site`, older ones in `Origin`; programs say neither.
 */
export function refuseCrossSite(c: Context<ApiEnvironment>): void {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') refuseOtherSites(c);
}

/** The same for a question whose asking leaves a trace: a link on another site must not ask it in somebody's name. */
export function refuseOtherSites(c: Context<ApiEnvironment>): void {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw new ApiError('auth.cross_site');
    return;
  }
  const origin = c.req.header('origin');
  if (origin !== undefined && origin !== c.var.parts.publicUrl.origin) throw new ApiError('auth.cross_site');
}

/**
 * Signed-in browsers, by Lucia. The only file that knows it, so that it can be replaced here (security.md).
 *
 * The cookie holds a random token. The session's id, in the database and for Lucia, is the token's SHA-256, computed
 * here and nowhere else. Lucia knows one limit and the machine's clock; ours, idle and absolute, by kind of person, are
 * kept by the rows and the injected clock.
 */
import { randomBytes } from 'node:crypto';
import { Lucia, TimeSpan, type Adapter } from 'lucia';
import type { Actor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Database } from '../../db/database.ts';
import { newId } from '../../db/new-id.ts';
import { actorOf, type ActorRow } from '../../db/repositories/people.ts';
import * as rows from '../../db/repositories/sessions.ts';
import { hashToken } from './api-tokens.ts';

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<rows.SessionAttributes, { row: ActorRow }>;
    DatabaseSessionAttributes: rows.SessionAttributes;
    DatabaseUserAttributes: { row: ActorRow };
  }
}

export type SignedInAs = 'customer' | 'staff';

const hour = 3600 * 1000;
const day = 24 * hour;
/** Without use, and in all; then sign in again. Staff see everybody's money: their sessions end with the day. */
export const sessionLimits: Readonly<Record<SignedInAs, { idleMs: number; absoluteMs: number }>> = {
  customer: { idleMs: 14 * day, absoluteMs: 90 * day },
  staff: { idleMs: 12 * hour, absoluteMs: 7 * day },
};

/** Use is noted so often, so that a busy session does not write at every request. */
const noteUseEveryMs = 60_000;

/** A session that is alive, as far as requests care. */
export interface LiveSession {
  readonly id: string;
  readonly publicId: string;
  readonly steppedUpAt: Date | null;
}

export interface SessionStart {
  readonly userId: string;
  readonly as: SignedInAs;
  readonly activeAccountId: string | null;
  readonly userAgent: string;
  readonly address: string;
  readonly secondFactor: rows.SessionAttributes['secondFactor'];
}

export class Sessions {
  private readonly lucia: Lucia<rows.SessionAttributes, { row: ActorRow }>;
  private readonly database: Database;
  private readonly clock: Clock;
  private readonly secure: boolean;

  /** @param secure whether people reach Kontor by https; plain http is for this machine itself */
  constructor(database: Database, clock: Clock, secure: boolean) {
    this.database = database;
    this.clock = clock;
    this.secure = secure;
    this.lucia = new Lucia(adapter(database, clock), {
      sessionExpiresIn: new TimeSpan(sessionLimits.customer.idleMs, 'ms'),
      getSessionAttributes: (attributes) => attributes,
      getUserAttributes: (attributes) => attributes,
    });
  }

  /** Begins a session and returns its token, for the cookie only. Whoever just proved himself need not do so again at once. */
  async begin({ as, userId, ...start }: SessionStart): Promise<{ token: string; session: LiveSession }> {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + sessionLimits[as].idleMs);
    return this.create(userId, { ...start, publicId: newId('session', now), createdAt: now, lastSeenAt: now, expiresAt, steppedUpAt: now });
  }

  /** Gives a session a new token, at a fresh code (security.md, 7.2.4). Undefined when it is over, or another request did so just now. */
  async renew(sessionId: string): Promise<{ token: string; session: LiveSession } | undefined> {
    const now = this.clock.now();
    const found = await rows.findSession(this.database, sessionId, now);
    if (!found || !(await rows.supersedeSession(this.database, sessionId, now))) return undefined;
    const renewed = await this.create(found.session.userId, { ...found.session.attributes, lastSeenAt: now, steppedUpAt: now });
    // What ends his sessions may have come between the two, and have seen the old one only: then it ends this one, too.
    if (await rows.stillThere(this.database, sessionId)) return renewed;
    await this.end(renewed.session.id);
    return undefined;
  }

  private async create(userId: string, attributes: rows.SessionAttributes): Promise<{ token: string; session: LiveSession }> {
    const token = randomBytes(32).toString('base64url');
    const id = hashToken(token);
    await this.lucia.createSession(userId, attributes, { sessionId: id });
    return { token, session: { id, publicId: attributes.publicId, steppedUpAt: attributes.steppedUpAt } };
  }

  /**
   * Who holds this token, if its session is alive.
   * @param noteUse false for what goes on by itself: an open page alone does not keep a session from running out
   */
  async find(token: string, { noteUse = true } = {}): Promise<{ actor: Actor; locale: Locale; session: LiveSession } | undefined> {
    const { session, user } = await this.lucia.validateSession(hashToken(token));
    if (!session) return undefined;
    const actor = actorOf(user.row);
    if (!actor) return undefined;
    const now = this.clock.now();
    const limits = sessionLimits[actor.kind];
    const endsAt = session.createdAt.getTime() + limits.absoluteMs;
    if (now.getTime() >= endsAt) {
      await this.end(session.id);
      return undefined;
    }
    if (noteUse && now.getTime() - session.lastSeenAt.getTime() >= noteUseEveryMs)
      await rows.noteSessionUse(this.database, session.id, now, new Date(Math.min(now.getTime() + limits.idleMs, endsAt)));
    return { actor, locale: user.row.locale, session: { id: session.id, publicId: session.publicId, steppedUpAt: session.steppedUpAt } };
  }

  async end(sessionId: string): Promise<void> {
    await this.lucia.invalidateSession(sessionId);
  }

  /** The cookie's name: customers and staff have one each, so that a browser can be signed in as both. */
  cookieName(as: SignedInAs): string {
    return this.named(as === 'staff' ? 'kontor-staff' : 'kontor');
  }

  /** A browser that somebody signed in from is known by a cookie of its own, which outlives the session. */
  get deviceCookieName(): string {
    return this.named('kontor-device');
  }

  private named(name: string): string {
    return this.secure ? `__Host-${name}` : name;
  }

  cookieAttributes(as: SignedInAs | 'device'): { httpOnly: true; secure: boolean; sameSite: 'Lax'; path: '/'; maxAge: number } {
    // Browsers keep no cookie longer than 400 days.
    const maxAge = as === 'device' ? 400 * 24 * 3600 : sessionLimits[as].absoluteMs / 1000;
    return { httpOnly: true, secure: this.secure, sameSite: 'Lax', path: '/', maxAge };
  }
}

/** Lucia's seven verbs over our rows. Ids come hashed and are stored as they come; limits are ours (see `Sessions`). */
function adapter(database: Database, clock: Clock): Adapter {
  return {
    getSessionAndUser: async (id) => {
      const found = await rows.findSession(database, id, clock.now());
      if (!found) return [null, null];
      // Lucia would judge the expiry by the machine's clock; the row was judged by ours when it was read.
      return [
        { ...found.session, expiresAt: farAway },
        { id: found.session.userId, attributes: { row: found.user } },
      ];
    },
    getUserSessions: async () => [],
    setSession: (session) => rows.addSession(database, session),
    updateSessionExpiration: async () => undefined,
    deleteSession: (id) => rows.removeSession(database, id),
    deleteUserSessions: async (userId) => {
      await rows.removeSessionsOf(database.fork(), userId);
    },
    deleteExpiredSessions: () => rows.removeExpiredSessions(database, clock.now()),
  };
}

const farAway = new Date(8.64e15);

/**
 * Signed-in browsers, by Lucia. The only file that knows it, so that it can be replaced here (security.md).
 *
 * The cookie holds a random token. The session's id, in the database and for Lucia, is the token's SHA-256, computed
 * here and nowhere else.
 */
import { randomBytes } from 'node:crypto';
import { Lucia, TimeSpan, type Adapter } from 'lucia';
import type { Actor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Database } from '../../db/database.ts';
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

/** Two weeks without use, ninety days in all; then sign in again. */
const idleLimit = new TimeSpan(14, 'd');
const absoluteLimitMs = 90 * 24 * 3600 * 1000;

export type SignedInAs = 'customer' | 'staff';

export class Sessions {
  private readonly lucia: Lucia<rows.SessionAttributes, { row: ActorRow }>;
  private readonly clock: Clock;
  private readonly secure: boolean;

  /** @param secure whether people reach Kontor by https; plain http is for this machine itself */
  constructor(database: Database, clock: Clock, secure: boolean) {
    this.clock = clock;
    this.secure = secure;
    this.lucia = new Lucia(adapter(database, clock), {
      sessionExpiresIn: idleLimit,
      getSessionAttributes: (attributes) => attributes,
      getUserAttributes: (attributes) => attributes,
    });
  }

  /** Begins a session and returns its token, for the cookie only. */
  async begin(userId: string, attributes: Omit<rows.SessionAttributes, 'createdAt'>): Promise<{ token: string; sessionId: string }> {
    const token = randomBytes(32).toString('base64url');
    const sessionId = hashToken(token);
    await this.lucia.createSession(userId, { ...attributes, createdAt: this.clock.now() }, { sessionId });
    return { token, sessionId };
  }

  /** Who holds this token, if its session is alive. */
  async find(token: string): Promise<{ actor: Actor; locale: Locale; sessionId: string } | undefined> {
    const { session, user } = await this.lucia.validateSession(hashToken(token));
    if (!session) return undefined;
    if (this.clock.now().getTime() - session.createdAt.getTime() > absoluteLimitMs) {
      await this.end(session.id);
      return undefined;
    }
    const actor = actorOf(user.row);
    return actor && { actor, locale: user.row.locale, sessionId: session.id };
  }

  async end(sessionId: string): Promise<void> {
    await this.lucia.invalidateSession(sessionId);
  }

  /** The cookie's name: customers and staff have one each, so that a browser can be signed in as both. */
  cookieName(as: SignedInAs): string {
    const name = as === 'staff' ? 'kontor-staff' : 'kontor';
    return this.secure ? `__Host-${name}` : name;
  }

  get cookieAttributes(): { httpOnly: true; secure: boolean; sameSite: 'Lax'; path: '/'; maxAge: number } {
    return { httpOnly: true, secure: this.secure, sameSite: 'Lax', path: '/', maxAge: absoluteLimitMs / 1000 };
  }
}

/** Lucia's seven verbs over our rows. Ids come hashed and are stored as they come. */
function adapter(database: Database, clock: Clock): Adapter {
  return {
    getSessionAndUser: async (id) => {
      const found = await rows.findSession(database, id);
      return found ? [found.session, { id: found.session.userId, attributes: { row: found.user } }] : [null, null];
    },
    getUserSessions: (userId) => rows.listSessions(database, userId),
    setSession: (session) => rows.addSession(database, session),
    updateSessionExpiration: (id, expiresAt) => rows.prolongSession(database, id, expiresAt),
    deleteSession: (id) => rows.removeSession(database, id),
    deleteUserSessions: (userId) => rows.removeSessionsOf(database, userId),
    deleteExpiredSessions: () => rows.removeExpiredSessions(database, clock.now()),
  };
}

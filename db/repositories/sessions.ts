/** Rows of signed-in browsers. The id is the hash of the cookie's token; who calls has hashed it already. */
import type { Database } from '../database.ts';
import { Session } from '../entities/session.entity.ts';
import type { ActorRow } from './people.ts';

export interface StoredSession {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly attributes: SessionAttributes;
}

export interface SessionAttributes {
  readonly activeAccountId: string | null;
  readonly userAgent: string;
  readonly createdAt: Date;
}

/** The session with its user and the membership of its active account, in one query. */
export async function findSession(database: Database, id: string): Promise<{ session: StoredSession; user: ActorRow } | undefined> {
  const [row] = await database
    .fork()
    .execute<(ActorRow & { expires_at: string; created_at: string; user_agent: string; active_account_id: string | null })[]>(
      `select s.expires_at, s.created_at, s.user_agent, s.active_account_id, u.id as user_id, u.kind, u.staff_role, u.locale, m.account_id, m.role
      from session s join app_user u on u.id = s.user_id left join membership m on m.user_id = u.id and m.account_id = s.active_account_id
      where s.id = ?`,
      [id],
    );
  if (!row) return undefined;
  const { expires_at, created_at, user_agent, active_account_id, ...user } = row;
  const attributes = { activeAccountId: active_account_id, userAgent: user_agent, createdAt: new Date(created_at) };
  return { session: { id, userId: user.user_id, expiresAt: new Date(expires_at), attributes }, user };
}

export async function listSessions(database: Database, userId: string): Promise<StoredSession[]> {
  const rows = await database.fork().find(Session, { userId });
  return rows.map(({ id, expiresAt, activeAccountId, userAgent, createdAt }) => ({
    id,
    userId,
    expiresAt,
    attributes: { activeAccountId: activeAccountId ?? null, userAgent, createdAt },
  }));
}

export async function addSession(database: Database, { id, userId, expiresAt, attributes }: StoredSession): Promise<void> {
  await database.fork().insert(Session, { id, userId, expiresAt, ...attributes });
}

export async function prolongSession(database: Database, id: string, expiresAt: Date): Promise<void> {
  await database.fork().nativeUpdate(Session, { id }, { expiresAt });
}

export async function removeSession(database: Database, id: string): Promise<void> {
  await database.fork().nativeDelete(Session, { id });
}

export async function removeSessionsOf(database: Database, userId: string): Promise<void> {
  await database.fork().nativeDelete(Session, { userId });
}

export async function removeExpiredSessions(database: Database, now: Date): Promise<void> {
  await database.fork().nativeDelete(Session, { expiresAt: { $lte: now } });
}

/** Rows of signed-in browsers. The id is the hash of the cookie's token; who calls has hashed it already. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../database.ts';
import { Session } from '../entities/session.entity.ts';
import { askPrepared, preparedStatement } from '../prepared-statements.ts';
import type { ActorRow } from './people.ts';

export interface StoredSession {
  readonly id: string;
  readonly userId: string;
  readonly attributes: SessionAttributes;
}

export interface SessionAttributes {
  readonly publicId: string;
  readonly activeAccountId: string | null;
  readonly userAgent: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  /** Its idle limit: over then, unless it is used before. */
  readonly expiresAt: Date;
  readonly steppedUpAt: Date | null;
  readonly secondFactor: Session['secondFactor'];
}

/** Requests that were on their way when a token was renewed are heard for so long, but open nothing that asks for a fresh code. */
const supersededSeconds = 10;

interface SessionRow extends ActorRow {
  expires_at: string;
  created_at: string;
  last_seen_at: string;
  stepped_up_at: string | null;
  second_factor: Session['secondFactor'];
  user_agent: string;
  address: string;
  public_id: string;
  active_account_id: string | null;
}

/** Asked at every request, so each connection plans it once; exported for the bench that shows its plan. */
export const sessionQuestion = preparedStatement(
  'find-session',
  `select s.expires_at, s.created_at, s.last_seen_at, s.second_factor, s.user_agent, s.address, s.public_id, s.active_account_id,
    case when s.superseded_at is null then s.stepped_up_at end as stepped_up_at,
    u.id as user_id, u.kind, u.staff_role, u.locale, m.account_id, m.role
  from session s join app_user u on u.id = s.user_id and u.disabled_at is null
    left join membership m on m.user_id = u.id and m.account_id = s.active_account_id
  where s.id = $1 and s.expires_at > $2 and (s.superseded_at is null or s.superseded_at > $3)`,
);

/**
 * The session with its user and the membership of its active account: the one query that a signed-in request costs for
 * identity (docs/measurements shows its plan). Undefined when it is over, by the injected clock.
 */
export async function findSession(
  database: Database,
  id: string,
  now: Date,
): Promise<{ session: StoredSession; user: ActorRow } | undefined> {
  const supersededSince = new Date(now.getTime() - supersededSeconds * 1000);
  const [row] = await askPrepared<SessionRow>(database, sessionQuestion, [id, now, supersededSince]);
  if (!row) return undefined;
  const { expires_at, created_at, last_seen_at, stepped_up_at, second_factor, user_agent, address, public_id, active_account_id, ...user } =
    row;
  const attributes: SessionAttributes = {
    publicId: public_id,
    activeAccountId: active_account_id,
    userAgent: user_agent,
    address,
    createdAt: new Date(created_at),
    lastSeenAt: new Date(last_seen_at),
    expiresAt: new Date(expires_at),
    steppedUpAt: stepped_up_at === null ? null : new Date(stepped_up_at),
    secondFactor: second_factor,
  };
  return { session: { id, userId: user.user_id, attributes }, user };
}

/** A person's sessions that are alive, the one used last first. */
export async function listSessions(em: EntityManager, userId: string, now: Date): Promise<Session[]> {
  return em.find(Session, { userId, expiresAt: { $gt: now }, supersededAt: null }, { orderBy: { lastSeenAt: 'desc', id: 'asc' } });
}

export async function addSession(database: Database, { id, userId, attributes }: StoredSession): Promise<void> {
  await database.fork().insert(Session, { id, userId, ...attributes, supersededAt: null });
}

/** Notes that a session is used, and moves its idle limit. */
export async function noteSessionUse(database: Database, id: string, at: Date, expiresAt: Date): Promise<void> {
  await database.fork().nativeUpdate(Session, { id, supersededAt: null }, { lastSeenAt: at, expiresAt });
}

/** Marks that another token took this session's place. False when one did already: of two who renew at once one wins. */
export async function supersedeSession(database: Database, id: string, at: Date): Promise<boolean> {
  return (await database.fork().nativeUpdate(Session, { id, supersededAt: null }, { supersededAt: at })) > 0;
}

/** Whether this session's row was not ended meanwhile, superseded or not; waits for whoever is about to. */
export async function stillThere(database: Database, id: string): Promise<boolean> {
  return (await database.fork().execute<unknown[]>('select 1 from session where id = ? for share', [id])).length > 0;
}

export async function removeSession(database: Database, id: string): Promise<void> {
  await database.fork().nativeDelete(Session, { id });
}

/** Ends one of a person's sessions by the id his list shows; with it goes the row that it took the place of, if any. */
export async function removeSessionByPublicId(em: EntityManager, userId: string, publicId: string): Promise<boolean> {
  return (await em.nativeDelete(Session, { userId, publicId })) > 0;
}

/** Ends every session of a person, but the one to keep. Returns how many. */
export async function removeSessionsOf(em: EntityManager, userId: string, keep?: string): Promise<number> {
  return em.nativeDelete(Session, { userId, ...(keep === undefined ? {} : { id: { $ne: keep } }) });
}

export async function removeExpiredSessions(database: Database, now: Date): Promise<void> {
  const supersededBefore = new Date(now.getTime() - supersededSeconds * 1000);
  await database.fork().nativeDelete(Session, { $or: [{ expiresAt: { $lte: now } }, { supersededAt: { $lt: supersededBefore } }] });
}

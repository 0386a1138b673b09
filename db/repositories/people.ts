/** People, accounts, and how they prove who they are. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Locale } from '../../domain/locale.ts';
import type { CustomerAction, CustomerRole, StaffRole } from '../../domain/permissions.ts';
import type { Database } from '../database.ts';
import { Account } from '../entities/account.entity.ts';
import { ApiToken } from '../entities/api-token.entity.ts';
import { Membership } from '../entities/membership.entity.ts';
import { User } from '../entities/user.entity.ts';
import { newId } from '../new-id.ts';
import { askPrepared, preparedStatement } from '../prepared-statements.ts';

export interface Person {
  readonly id: string;
  readonly kind: 'customer' | 'staff';
  readonly staffRole: StaffRole | null;
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly passwordChangedAt: Date;
}

/** Somebody who may sign in, with what decides how. */
export interface SignInCandidate extends Person {
  readonly passwordHash: string;
  readonly factors: readonly ('totp' | 'email')[];
  readonly activeAccountId: string | null;
  /** Whether he signed in from this browser, or from this network, before. */
  readonly knowsDevice: boolean;
  readonly knowsAddress: boolean;
}

/**
 * Finds who signs in by his address. One query, whether anybody has the address or not: a second one would tell by its
 * time that somebody has.
 * @param from hash of the browser's device cookie, and the caller's network address
 */
export async function findForSignIn(
  database: Database,
  email: string,
  kind: Person['kind'],
  from: { device: string | null; address: string },
): Promise<SignInCandidate | undefined> {
  const [row] = await database.fork().execute<CandidateRow[]>(
    `select u.id, u.kind, u.staff_role, u.email, u.name, u.locale, u.time_zone, u.password_hash, u.password_changed_at,
        (select coalesce(jsonb_agg(f.kind), '[]') from factor f where f.user_id = u.id and f.state = 'active') as factors,
        (select m.account_id from membership m where m.user_id = u.id order by m.created_at, m.account_id limit 1) as account_id,
        exists (select 1 from known_device d where d.user_id = u.id and d.device_hash = ?) as knows_device,
        exists (select 1 from session s where s.user_id = u.id and s.address = ?) as knows_address
      from app_user u where lower(u.email) = ? and u.kind = ? and u.disabled_at is null`,
    [from.device ?? '', from.address, email, kind],
  );
  return row && candidateOf(row);
}

/** The same by id, for an attempt whose password was right; undefined when he was disabled meanwhile. */
export async function findSignedUp(em: EntityManager, id: string): Promise<(Person & { activeAccountId: string | null }) | undefined> {
  const user = await em.findOne(User, { id, disabledAt: null });
  if (!user) return undefined;
  const [membership] = await listMemberships(em, id);
  return { ...user, activeAccountId: membership?.accountId ?? null };
}

interface CandidateRow {
  id: string;
  kind: Person['kind'];
  staff_role: StaffRole | null;
  email: string;
  name: string;
  locale: Locale;
  time_zone: string;
  password_hash: string;
  password_changed_at: string;
  factors: ('totp' | 'email')[];
  account_id: string | null;
  knows_device: boolean;
  knows_address: boolean;
}

function candidateOf(row: CandidateRow): SignInCandidate {
  return {
    id: row.id,
    kind: row.kind,
    staffRole: row.staff_role,
    email: row.email,
    name: row.name,
    locale: row.locale,
    timeZone: row.time_zone,
    passwordHash: row.password_hash,
    passwordChangedAt: new Date(row.password_changed_at),
    factors: row.factors,
    activeAccountId: row.account_id,
    knowsDevice: row.knows_device,
    knowsAddress: row.knows_address,
  };
}

/** Who has this address, disabled or not; no kind of person shares one with another. */
export async function findByEmail(em: EntityManager, email: string): Promise<(Person & { disabledAt: Date | null }) | undefined> {
  const [row] = await em.execute<Record<string, unknown>[]>('select * from app_user where lower(email) = ?', [email]);
  return row && em.map(User, row as never);
}

export async function findPerson(em: EntityManager, id: string): Promise<Person | undefined> {
  return (await em.findOne(User, id)) ?? undefined;
}

/** The hash of somebody's password; undefined when he is no more. */
export async function findPassword(em: EntityManager, id: string): Promise<string | undefined> {
  return (await em.findOne(User, { id, disabledAt: null }, { fields: ['passwordHash'] }))?.passwordHash;
}

/** Holds a person's row until the transaction ends: what is counted of him meanwhile cannot be counted by two at once. */
export async function lockPerson(em: EntityManager, id: string): Promise<void> {
  await em.execute('select 1 from app_user where id = ? for no key update', [id]);
}

/** Makes those who want one address wait for each other, until the transaction ends: who comes second finds it taken. */
export async function lockAddress(em: EntityManager, email: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`address:${email}`]);
}

/**
 * Whether nobody shut this person out, or changed his password, since he was read; waits for whoever is about to.
 * @param passwordChangedAt as it was read
 */
export async function isUnchanged(database: Database, id: string, passwordChangedAt: Date): Promise<boolean> {
  const rows = await database
    .fork()
    .execute<unknown[]>('select 1 from app_user where id = ? and disabled_at is null and password_changed_at = ? for share', [
      id,
      passwordChangedAt,
    ]);
  return rows.length > 0;
}

/** The accounts a customer belongs to, the oldest membership first. */
export async function listMemberships(
  em: EntityManager,
  userId: string,
): Promise<{ accountId: string; accountName: string; role: CustomerRole }[]> {
  return em.execute(
    'select m.account_id as "accountId", a.name as "accountName", m.role from membership m join account a on a.id = m.account_id where m.user_id = ? order by m.created_at, m.account_id',
    [userId],
  );
}

const tokenQuestion = preparedStatement(
  'find-token',
  `select u.id as user_id, u.kind, u.staff_role, u.locale, m.account_id, m.role, t.id as token_id, t.last_used_at, t.scopes
    from api_token t join app_user u on u.id = t.user_id and u.disabled_at is null
      left join membership m on m.user_id = u.id and m.account_id = t.account_id
    where t.token_hash = $1 and t.expires_at > $2`,
);

/** A token's owner and what it may do: undefined when it is unknown or expired, or its account is no longer the owner's. */
export async function findByToken(
  database: Database,
  clock: Clock,
  tokenHash: string,
): Promise<{ actor: Actor; locale: Locale; scopes: readonly CustomerAction[] } | undefined> {
  const now = clock.now();
  const [row] = await askPrepared<ActorRow & { scopes: CustomerAction[] }>(database, tokenQuestion, [tokenHash, now]);
  const actor = row && actorOf(row);
  if (!row || !actor) return undefined;
  await noteUse(database, row, now);
  return { actor, locale: row.locale, scopes: row.scopes };
}

/** Last use is kept to the minute, so that a busy token does not write at every request. */
async function noteUse(database: Database, row: ActorRow, now: Date): Promise<void> {
  if (row.last_used_at && now.getTime() - new Date(row.last_used_at).getTime() < 60_000) return;
  await database.fork().nativeUpdate(ApiToken, { id: row.token_id! }, { lastUsedAt: now });
}

export interface ActorRow {
  user_id: string;
  kind: 'customer' | 'staff';
  staff_role: StaffRole | null;
  locale: Locale;
  account_id: string | null;
  role: CustomerRole | null;
  token_id?: string;
  last_used_at?: string | null;
}

/** The actor a row of user and membership stands for; undefined for a customer without that membership. */
export function actorOf(row: ActorRow): Actor | undefined {
  if (row.kind === 'staff') return { kind: 'staff', userId: row.user_id, role: row.staff_role! };
  if (!row.account_id || !row.role) return undefined;
  return { kind: 'customer', userId: row.user_id, accountId: row.account_id, role: row.role };
}

/** Sets a password, from now on the only one. */
export async function setPassword(em: EntityManager, at: Date, id: string, passwordHash: string): Promise<void> {
  await em.nativeUpdate(User, { id }, { passwordHash, passwordChangedAt: at });
}

/** The same password hashed anew, with today's parameters; nothing if it was changed meanwhile. */
export async function rehashPassword(database: Database, id: string, before: string, after: string): Promise<void> {
  await database.fork().nativeUpdate(User, { id, passwordHash: before }, { passwordHash: after });
}

/** Changes what a person says of himself. */
export async function changePerson(
  em: EntityManager,
  id: string,
  change: { name?: string; locale?: Locale; timeZone?: string },
): Promise<void> {
  await em.nativeUpdate(User, { id }, change);
}

export interface NewPerson {
  /** As `readEmailAddress` spells it. */
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly passwordHash: string;
  readonly isSample?: boolean;
}

/** Adds a member of staff. Throws a unique violation when the address is taken. */
export async function addStaff(em: EntityManager, at: Date, person: NewPerson, role: StaffRole): Promise<string> {
  const id = newId('user', at);
  await em.insert(User, { ...rowOf(person, at), id, kind: 'staff', staffRole: role });
  return id;
}

/** Adds a customer: an account with one owner. Throws a unique violation when the address is taken. */
export async function addCustomer(
  em: EntityManager,
  at: Date,
  person: NewPerson,
  accountName: string,
): Promise<{ userId: string; accountId: string }> {
  const userId = newId('user', at);
  const accountId = newId('account', at);
  await em.insert(User, { ...rowOf(person, at), id: userId, kind: 'customer', staffRole: null });
  await em.insert(Account, { id: accountId, name: accountName, currency: 'RUB', createdAt: at });
  await addMember(em, at, accountId, userId, 'owner');
  return { userId, accountId };
}

/** Adds a customer without an account: he joins one by invitation, in the same transaction. */
export async function addGuest(em: EntityManager, at: Date, person: NewPerson): Promise<string> {
  const id = newId('user', at);
  await em.insert(User, { ...rowOf(person, at), id, kind: 'customer', staffRole: null });
  return id;
}

function rowOf({ isSample = false, ...person }: NewPerson, at: Date) {
  return { ...person, isSample, passwordChangedAt: at, disabledAt: null, createdAt: at };
}

export async function addMember(em: EntityManager, at: Date, accountId: string, userId: string, role: CustomerRole): Promise<void> {
  await em.insert(Membership, { accountId, userId, role, createdAt: at });
}

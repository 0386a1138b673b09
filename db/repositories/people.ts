/** People, accounts, and how they prove who they are. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Locale } from '../../domain/locale.ts';
import type { CustomerRole, StaffRole } from '../../domain/permissions.ts';
import type { Database } from '../database.ts';
import { Account } from '../entities/account.entity.ts';
import { ApiToken } from '../entities/api-token.entity.ts';
import { Membership } from '../entities/membership.entity.ts';
import { User } from '../entities/user.entity.ts';
import { newId } from '../new-id.ts';

export interface Person {
  readonly id: string;
  readonly kind: 'customer' | 'staff';
  readonly staffRole: StaffRole | null;
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly timeZone: string;
}

/** Finds who signs in by e-mail address, letter case aside, with the hash his password is checked against. */
export async function findByEmail(database: Database, email: string): Promise<(Person & { passwordHash: string }) | undefined> {
  // One query, whether anybody has the address or not: a second one would tell by its time that somebody has.
  const em = database.fork();
  const [row] = await em.execute<Record<string, unknown>[]>('select * from app_user where lower(email) = lower(?)', [email]);
  return row && em.map(User, row as never);
}

export async function findPerson(em: EntityManager, id: string): Promise<Person | undefined> {
  return (await em.findOne(User, id)) ?? undefined;
}

/** Holds a person's row until the transaction ends: what is counted of him meanwhile cannot be counted by two at once. */
export async function lockPerson(em: EntityManager, id: string): Promise<void> {
  await em.execute('select 1 from app_user where id = ? for no key update', [id]);
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

/** Who a token's owner is: undefined when the token is unknown or expired, or its account is no longer the owner's. */
export async function findByToken(
  database: Database,
  clock: Clock,
  tokenHash: string,
): Promise<{ actor: Actor; locale: Locale } | undefined> {
  const now = clock.now();
  const [row] = await database.fork().execute<ActorRow[]>(
    `select u.id as user_id, u.kind, u.staff_role, u.locale, m.account_id, m.role, t.id as token_id, t.last_used_at
      from api_token t join app_user u on u.id = t.user_id left join membership m on m.user_id = u.id and m.account_id = t.account_id
      where t.token_hash = ? and t.expires_at > ?`,
    [tokenHash, now],
  );
  const actor = row && actorOf(row);
  if (!row || !actor) return undefined;
  await noteUse(database, row, now);
  return { actor, locale: row.locale };
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

/** Changes what a person says of himself. */
export async function changePerson(
  em: EntityManager,
  id: string,
  change: { name?: string; locale?: Locale; timeZone?: string },
): Promise<void> {
  await em.nativeUpdate(User, { id }, change);
}

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly passwordHash: string;
}

/** Adds a member of staff. Throws a unique violation when the address is taken. */
export async function addStaff(em: EntityManager, at: Date, person: NewPerson, role: StaffRole): Promise<string> {
  const id = newId('user', at);
  await em.insert(User, { ...person, id, kind: 'staff', staffRole: role, createdAt: at });
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
  await em.insert(User, { ...person, id: userId, kind: 'customer', createdAt: at });
  await em.insert(Account, { id: accountId, name: accountName, currency: 'RUB', createdAt: at });
  await addMember(em, at, accountId, userId, 'owner');
  return { userId, accountId };
}

export async function addMember(em: EntityManager, at: Date, accountId: string, userId: string, role: CustomerRole): Promise<void> {
  await em.insert(Membership, { accountId, userId, role, createdAt: at });
}

/** Who belongs to an account, in which role (SPEC I1). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CustomerActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { CustomerRole } from '../../domain/permissions.ts';
import { auditWish } from '../audit.ts';
import { givenIn, type Change } from '../change.ts';
import { Account } from '../entities/account.entity.ts';
import { ApiToken } from '../entities/api-token.entity.ts';
import { Membership } from '../entities/membership.entity.ts';
import { Session } from '../entities/session.entity.ts';
import type { Wish } from '../wish.ts';
import { takeInvitationsBack } from './invitations.ts';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: CustomerRole;
  readonly secondFactorSet: boolean;
  readonly joinedAt: Date;
}

/** The members of an account, the oldest first. */
export async function listMembers(em: EntityManager, accountId: string): Promise<Member[]> {
  const rows = await em.execute<(Omit<Member, 'joinedAt'> & { joinedAt: string })[]>(
    `select u.id, u.name, u.email, m.role, m.created_at as "joinedAt",
        exists (select 1 from factor f where f.user_id = u.id and f.state = 'active') as "secondFactorSet"
      from membership m join app_user u on u.id = m.user_id where m.account_id = ? order by m.created_at, u.id`,
    [accountId],
  );
  return rows.map((row) => ({ ...row, joinedAt: new Date(row.joinedAt) }));
}

/** The account somebody acts in. */
export async function findAccount(em: EntityManager, id: string): Promise<Account | undefined> {
  return (await em.findOne(Account, id)) ?? undefined;
}

/** Changes what the account calls itself and where it is; what is left out stays. */
export async function changeAccount(wish: Wish<CustomerActor>, change: Change<Pick<Account, 'name' | 'city'>>): Promise<void> {
  const { em, actor } = wish;
  const given = givenIn(change);
  if (Object.keys(given).length === 0) return;
  await em.nativeUpdate(Account, { id: actor.accountId }, given);
  await auditWish(wish, 'account.change', `account:${actor.accountId}`, wish.clock.now());
}

/** Gives a member another role. The account's row is held, so that two owners cannot demote each other at once. */
export async function changeRole(wish: Wish<CustomerActor>, userId: string, role: CustomerRole): Promise<Refusal | undefined> {
  const { em, actor } = wish;
  const before = await lockedRole(em, actor.accountId, userId);
  if (!(await isOwner(em, actor))) return refuse('auth.not_permitted');
  if (before === undefined) return refuse('member.not_found');
  if (before === 'owner' && role !== 'owner' && (await isLastOwner(em, actor.accountId))) return refuse('account.last_owner');
  await em.nativeUpdate(Membership, { accountId: actor.accountId, userId }, { role });
  // Only owners invite: what he made as one must not make him one again.
  if (before === 'owner' && role !== 'owner') await takeInvitationsBack(wish, actor, { accountId: actor.accountId, invitedById: userId });
  await auditWish(wish, 'member.change_role', `account:${actor.accountId}`, wish.clock.now(), {
    whom: userId,
    before: { role: before },
    after: { role },
  });
  return undefined;
}

/**
 * Lets a member go, or leave. With him go his tokens for this account and the invitations to it that he made; his sessions
 * act in another of his accounts, or end when he has none.
 */
export async function removeMember(wish: Wish<CustomerActor>, userId: string): Promise<Refusal | undefined> {
  const { em, actor } = wish;
  const { accountId } = actor;
  const role = await lockedRole(em, accountId, userId);
  if (userId !== actor.userId && !(await isOwner(em, actor))) return refuse('auth.not_permitted');
  if (role === undefined) return refuse('member.not_found');
  if (role === 'owner' && (await isLastOwner(em, accountId))) return refuse('account.last_owner');
  await em.nativeDelete(Membership, { accountId, userId });
  await em.nativeDelete(ApiToken, { accountId, userId });
  await takeInvitationsBack(wish, actor, { accountId, invitedById: userId });
  const [other] = await em.execute<{ account_id: string }[]>(
    'select account_id from membership where user_id = ? order by created_at, account_id limit 1',
    [userId],
  );
  if (other) await em.nativeUpdate(Session, { userId, activeAccountId: accountId }, { activeAccountId: other.account_id });
  else await em.nativeDelete(Session, { userId });
  const action = userId === actor.userId ? 'account.leave' : 'member.remove';
  await auditWish(wish, action, `account:${accountId}`, wish.clock.now(), { whom: userId, before: { role } });
  return undefined;
}

/** Acts in another of one's accounts from now on, in this session (SPEC I1). */
export async function switchAccount(wish: Wish<CustomerActor>, sessionId: string, accountId: string): Promise<Refusal | undefined> {
  const { em, actor } = wish;
  if (!(await em.count(Membership, { accountId, userId: actor.userId }))) return refuse('account.not_found');
  await em.nativeUpdate(Session, { id: sessionId, userId: actor.userId }, { activeAccountId: accountId });
  await auditWish(wish, 'account.switch', `account:${accountId}`, wish.clock.now());
  return undefined;
}

async function lockedRole(em: EntityManager, accountId: string, userId: string): Promise<CustomerRole | undefined> {
  await em.execute('select 1 from account where id = ? for no key update', [accountId]);
  const [member] = await em.execute<{ role: CustomerRole }[]>('select role from membership where account_id = ? and user_id = ?', [
    accountId,
    userId,
  ]);
  return member?.role;
}

/** Asked again under the lock: another owner may have taken the role while this request waited. */
async function isOwner(em: EntityManager, { accountId, userId }: CustomerActor): Promise<boolean> {
  return (await em.count(Membership, { accountId, userId, role: 'owner' })) > 0;
}

async function isLastOwner(em: EntityManager, accountId: string): Promise<boolean> {
  return (await em.count(Membership, { accountId, role: 'owner' })) <= 1;
}

/** The company's own people: who they are, what they may do, who left (SPEC I8). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { StaffRole } from '../../domain/permissions.ts';
import { auditWish } from '../audit.ts';
import { User } from '../entities/user.entity.ts';
import type { Wish } from '../wish.ts';
import { endChallengesOf } from './challenges.ts';
import { removeFactors } from './factors.ts';
import { takeInvitationsBack } from './invitations.ts';
import { sendLetter } from './letters.ts';
import { removeSessionsOf } from './sessions.ts';

export interface StaffView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: StaffRole;
  readonly secondFactorSet: boolean;
  readonly disabledAt: Date | null;
  /** Of a session that is still alive. */
  readonly lastSeenAt: Date | null;
}

/** Everybody on the staff by name; those who left come last. */
export async function listStaff(em: EntityManager): Promise<StaffView[]> {
  const rows = await em.execute<
    (Omit<StaffView, 'disabledAt' | 'lastSeenAt'> & { disabledAt: string | null; lastSeenAt: string | null })[]
  >(
    `select u.id, u.name, u.email, u.staff_role as role, u.disabled_at as "disabledAt",
        exists (select 1 from factor f where f.user_id = u.id and f.state = 'active') as "secondFactorSet",
        (select max(s.last_seen_at) from session s where s.user_id = u.id) as "lastSeenAt"
      from app_user u where u.kind = 'staff' order by u.disabled_at is not null, u.name, u.id`,
  );
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return rows.map((row) => ({ ...row, disabledAt: instant(row.disabledAt), lastSeenAt: instant(row.lastSeenAt) }));
}

/** Gives somebody another role; from his next request on he may do what it says. */
export async function changeStaffRole(wish: Wish<StaffActor>, id: string, role: StaffRole): Promise<Refusal | undefined> {
  const person = await lockedStaff(wish, id);
  if (!person) return refuse('staff.not_found');
  if (role !== 'administrator' && (await isLastAdministrator(wish.em, person))) return refuse('staff.last_administrator');
  await wish.em.nativeUpdate(User, { id }, { staffRole: role });
  // Only administrators invite: what he made as one must not bring him, under another address, what he has lost.
  if (role !== 'administrator') await takeInvitationsBack(wish, wish.actor, { accountId: null, invitedById: id });
  await auditWish(wish, 'staff.change_role', `user:${id}`, wish.clock.now(), {
    whom: id,
    before: { role: person.staffRole },
    after: { role },
  });
  return undefined;
}

/** Somebody left: his sessions and the invitations he made end, and he signs in no more. What he did keeps his name. */
export async function deactivateStaff(wish: Wish<StaffActor>, id: string): Promise<Refusal | undefined> {
  const { em } = wish;
  const person = await lockedStaff(wish, id);
  if (!person || person.disabledAt) return refuse('staff.not_found');
  if (await isLastAdministrator(em, person)) return refuse('staff.last_administrator');
  const at = wish.clock.now();
  await em.nativeUpdate(User, { id }, { disabledAt: at });
  await removeSessionsOf(em, id);
  await endChallengesOf(em, id);
  await takeInvitationsBack(wish, wish.actor, { accountId: null, invitedById: id });
  await auditWish(wish, 'staff.deactivate', `user:${id}`, at, { whom: id });
  return undefined;
}

/** Somebody came back. His second factor is the one he had. */
export async function reactivateStaff(wish: Wish<StaffActor>, id: string): Promise<Refusal | undefined> {
  const person = await lockedStaff(wish, id);
  if (!person?.disabledAt) return refuse('staff.not_found');
  await wish.em.nativeUpdate(User, { id }, { disabledAt: null });
  await auditWish(wish, 'staff.reactivate', `user:${id}`, wish.clock.now(), { whom: id });
  return undefined;
}

/** Takes somebody's lost app away: at his next sign-in he sets up another. An administrator knows whom he has before him. */
export async function resetStaffFactor(wish: Wish<StaffActor>, id: string): Promise<Refusal | undefined> {
  const { em } = wish;
  const person = await lockedStaff(wish, id);
  if (!person) return refuse('staff.not_found');
  const at = wish.clock.now();
  await removeFactors(em, id);
  await removeSessionsOf(em, id);
  await endChallengesOf(em, id);
  await sendLetter(wish, at, 'factor.changed', { ...person, address: person.email }, { what: 'reset_by_staff', at: at.toISOString() });
  await auditWish(wish, 'staff.reset_factor', `user:${id}`, at, { whom: id });
  return undefined;
}

/** One lock for all changes of who is on the staff: two administrators must not take each other's role at once. */
async function lockedStaff({ em }: Wish, id: string): Promise<User | undefined> {
  await em.execute(`select pg_advisory_xact_lock(hashtext('staff'))`);
  return (await em.findOne(User, { id, kind: 'staff' }, { refresh: true })) ?? undefined;
}

async function isLastAdministrator(em: EntityManager, person: User): Promise<boolean> {
  if (person.staffRole !== 'administrator' || person.disabledAt) return false;
  return (await em.count(User, { staffRole: 'administrator', disabledAt: null })) <= 1;
}

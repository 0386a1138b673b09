/** Invitations to an account or to the staff (SPEC I1). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, CustomerActor, StaffActor } from '../../domain/actor.ts';
import type { ConsentGiven } from '../../domain/consent.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { invitationSeconds } from '../../domain/letter.ts';
import type { Locale } from '../../domain/locale.ts';
import type { CustomerRole, StaffRole } from '../../domain/permissions.ts';
import { audit, auditWish } from '../audit.ts';
import { Account } from '../entities/account.entity.ts';
import { Invitation } from '../entities/invitation.entity.ts';
import { Membership } from '../entities/membership.entity.ts';
import { newId } from '../new-id.ts';
import type { Visit, Wish } from '../wish.ts';
import { checkConsents, recordConsents } from './consents.ts';
import { sendLetter } from './letters.ts';
import { addLink, readLink, useLink, voidLinks } from './mailed-links.ts';
import { addGuest, addMember, addStaff, findByEmail, findPerson, lockAddress, type Person } from './people.ts';

/** Invitations an account, or the staff, may have open at a time. */
export const maxOpenInvitations = 50;

/** Invites somebody to the owner's account. Whether the address is known to Kontor, he is not told. */
export async function inviteMember(
  wish: Wish<CustomerActor>,
  wanted: { email: string; role: CustomerRole },
): Promise<Invitation | Refusal> {
  const { em, actor } = wish;
  await em.execute('select 1 from account where id = ? for no key update', [actor.accountId]);
  const account = await em.findOneOrFail(Account, actor.accountId);
  const known = await findByEmail(em, wanted.email);
  if (known && (await em.count(Membership, { accountId: actor.accountId, userId: known.id }))) return refuse('member.already');
  const about = { accountId: actor.accountId, role: wanted.role, staffRole: null, email: wanted.email };
  return invite(wish, about, 'invitation.account', account.name, known);
}

/** Invites somebody to the staff. */
export async function inviteStaff(wish: Wish<StaffActor>, wanted: { email: string; role: StaffRole }): Promise<Invitation | Refusal> {
  const known = await findByEmail(wish.em, wanted.email);
  // Administrators see every address; a customer's cannot sign in as staff as well.
  if (known) return refuse('email.taken');
  await wish.em.execute(`select pg_advisory_xact_lock(hashtext('staff_invitation'))`);
  return invite(
    wish,
    { accountId: null, role: null, staffRole: wanted.role, email: wanted.email },
    'invitation.staff',
    undefined,
    undefined,
  );
}

async function invite(
  wish: Wish,
  about: Pick<Invitation, 'accountId' | 'role' | 'staffRole' | 'email'>,
  kind: 'invitation.account' | 'invitation.staff',
  account: string | undefined,
  known: Person | undefined,
): Promise<Invitation | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const open = { accountId: about.accountId, acceptedAt: null, revokedAt: null, expiresAt: { $gt: at } };
  // Whoever invites an address again corrects himself: the link he mailed before, perhaps with another role, is void.
  for (const { id } of await em.find(Invitation, { ...open, email: about.email }, { fields: ['id'] }))
    await revokeInvitation(wish, id, about.accountId);
  if ((await em.count(Invitation, open)) >= maxOpenInvitations) return refuse('invitation.too_many');
  const inviter = await findPerson(em, actor.userId);
  const expiresAt = new Date(at.getTime() + invitationSeconds * 1000);
  const settled = { acceptedAt: null, acceptedById: null, revokedAt: null };
  const invitation = { ...about, ...settled, id: newId('invitation', at), invitedById: actor.userId, createdAt: at, expiresAt };
  await em.insert(Invitation, invitation);
  const token = await addLink(em, at, 'invitation', invitation.id, invitationSeconds);
  const reader = known ?? { id: null, name: null, locale: inviter?.locale ?? 'en', timeZone: inviter?.timeZone ?? 'UTC' };
  const to = { id: reader.id, address: about.email, name: reader.name, locale: reader.locale, timeZone: reader.timeZone };
  const facts = {
    role: about.role ?? about.staffRole!,
    until: expiresAt.toISOString(),
    inviter: inviter?.name ?? '',
    ...(account ? { account } : {}),
  };
  await sendLetter(wish, at, kind, to, facts, token);
  await auditWish(wish, kind === 'invitation.staff' ? 'staff.invite' : 'member.invite', `invitation:${invitation.id}`, at, {
    after: { role: about.role ?? about.staffRole, account: about.accountId },
  });
  return invitation;
}

/** Invitations that wait, the newest first: to an account, or with null to the staff. */
export async function listInvitations(em: EntityManager, accountId: string | null, at: Date): Promise<Invitation[]> {
  const open = { accountId, acceptedAt: null, revokedAt: null, expiresAt: { $gt: at } };
  return em.find(Invitation, open, { orderBy: { createdAt: 'desc', id: 'desc' } });
}

/** Takes an invitation back; its link opens nothing any more. */
export async function revokeInvitation(wish: Wish, id: string, accountId: string | null): Promise<{ id: string } | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const revoked = await em.nativeUpdate(Invitation, { id, accountId, acceptedAt: null, revokedAt: null }, { revokedAt: at });
  if (!revoked) return refuse('invitation.not_found');
  await voidLinks(em, at, 'invitation', id);
  await auditWish(wish, 'invitation.revoke', `invitation:${id}`, at);
  return { id };
}

/**
 * Takes every open invitation back that somebody made, or that goes to an address: to an account, or with null to the staff.
 * Whoever has to go must not come back by one that he made before, or kept.
 */
export async function takeInvitationsBack(
  visit: Visit,
  by: Pick<Actor, 'kind' | 'userId'> | 'nobody',
  which: { readonly accountId: string | null } & ({ readonly invitedById: string } | { readonly email: string }),
): Promise<void> {
  const { em } = visit;
  const at = visit.clock.now();
  const open = await em.find(Invitation, { ...which, acceptedAt: null, revokedAt: null }, { fields: ['id'], orderBy: { id: 'asc' } });
  for (const { id } of open) {
    await em.nativeUpdate(Invitation, { id }, { revokedAt: at });
    await voidLinks(em, at, 'invitation', id);
    await audit(visit, by, at, { action: 'invitation.revoke', object: `invitation:${id}` });
  }
}

/** What an invitation's link says to whoever follows it. */
export interface InvitationView {
  readonly email: string;
  /** Null for the staff. */
  readonly account: string | null;
  readonly role: CustomerRole | StaffRole;
  readonly staff: boolean;
  /** Whether the address belongs to somebody who can sign in: he joins and needs no new password. */
  readonly known: boolean;
}

export async function invitationOf(em: EntityManager, id: string): Promise<InvitationView | undefined> {
  const found = await em.findOne(Invitation, { id, acceptedAt: null, revokedAt: null });
  if (!found) return undefined;
  const account = found.accountId === null ? null : await em.findOne(Account, found.accountId);
  const known = await findByEmail(em, found.email);
  const role = found.role ?? found.staffRole!;
  return { email: found.email, account: account?.name ?? null, role, staff: found.staffRole !== null, known: known?.kind === 'customer' };
}

/** How somebody new wants to be called, and what he signs in with. */
export interface NewcomerDetails {
  readonly name: string;
  readonly passwordHash: string;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly consents: readonly ConsentGiven[];
}

/**
 * Follows an invitation's link. Whoever holds the mailbox joins; one who is new says his name and chooses his password.
 * @param newcomer undefined when nothing was said: enough for somebody who can sign in already
 */
export async function acceptInvitation(
  visit: Visit,
  token: string,
  newcomer: NewcomerDetails | undefined,
): Promise<{ email: string; staff: boolean } | Refusal> {
  const { em } = visit;
  const at = visit.clock.now();
  const link = await readLink(em, at, token);
  const about = link?.purpose === 'invitation' ? await em.findOne(Invitation, { id: link.about }) : null;
  if (!about) return refuse('auth.link_invalid');
  // Before the link, as whoever joins voids the other links to his address.
  await lockAddress(em, about.email);
  const id = await useLink(em, at, token, 'invitation');
  const invitation = id === undefined ? null : await em.findOne(Invitation, { id, acceptedAt: null, revokedAt: null }, { refresh: true });
  if (!invitation) return refuse('auth.link_invalid');
  const person = await joinerOf(visit, invitation, newcomer);
  if (isRefusal(person)) return person;
  if (invitation.accountId !== null) {
    if (await em.count(Membership, { accountId: invitation.accountId, userId: person.userId })) return refuse('member.already');
    await addMember(em, at, invitation.accountId, person.userId, invitation.role!);
  }
  await em.nativeUpdate(Invitation, { id: invitation.id }, { acceptedAt: at, acceptedById: person.userId });
  const staff = invitation.staffRole !== null;
  await audit(visit, { kind: staff ? 'staff' : 'customer', userId: person.userId }, at, {
    action: 'invitation.accept',
    object: `invitation:${invitation.id}`,
    whom: person.userId,
    after: { role: invitation.role ?? invitation.staffRole, account: invitation.accountId },
  });
  // One that was sent twice would let him back in after he was let go.
  await takeInvitationsBack(visit, 'nobody', { accountId: invitation.accountId, email: invitation.email });
  return { email: invitation.email, staff };
}

/** Who joins: somebody who is here already, or a newcomer who is made now. */
async function joinerOf(
  visit: Visit,
  invitation: Invitation,
  newcomer: NewcomerDetails | undefined,
): Promise<{ userId: string } | Refusal> {
  const { em } = visit;
  const at = visit.clock.now();
  const known = await findByEmail(em, invitation.email);
  if (known && (invitation.staffRole !== null || known.disabledAt)) return refuse('email.taken');
  // Staff are never members (SPEC I1); the owner who invited the address could not know.
  if (known?.kind === 'staff') return refuse('invitation.not_for_staff');
  if (known) return { userId: known.id };
  if (!newcomer) return refuse('request.invalid');
  const { consents, ...details } = newcomer;
  const person = { ...details, email: invitation.email };
  if (invitation.staffRole !== null) return { userId: await addStaff(em, at, person, invitation.staffRole) };
  const refused = await checkConsents(em, consents);
  if (refused) return refused;
  const userId = await addGuest(em, at, person);
  await recordConsents(em, at, userId, visit.address, consents);
  return { userId };
}

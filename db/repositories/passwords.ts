/**
 * How a password is changed: by its owner who knows it, or by whoever holds his mailbox (SPEC I4, I5). Both hold the
 * person's row first and then his links to reset, so that of many who change it at once one does, and none waits in a circle.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { linkSeconds } from '../../domain/letter.ts';
import type { Locale } from '../../domain/locale.ts';
import { audit, auditWish } from '../audit.ts';
import { User } from '../entities/user.entity.ts';
import type { Visit, Wish } from '../wish.ts';
import { endChallengesOf } from './challenges.ts';
import { sendLetter } from './letters.ts';
import { addLink, readLink, useLink, voidLinks } from './mailed-links.ts';
import { withdrawOwnChange } from './pending-actions.ts';
import { findByEmail, findPassword, findPerson, lockPerson, setPassword, type Person } from './people.ts';
import { removeSessionsOf } from './sessions.ts';

/**
 * Mails a link to choose a new password, or a letter that nobody here has this address: the caller cannot tell, by the
 * answer or by its time, which of the two it was.
 */
export async function askPasswordReset(visit: Visit, email: string, reader: { locale: Locale; timeZone: string }): Promise<void> {
  const { em } = visit;
  const at = visit.clock.now();
  const found = await findByEmail(em, email);
  const person = found && !found.disabledAt ? found : undefined;
  const token = await addLink(em, at, 'password_reset', person?.id ?? 'nobody', linkSeconds);
  // From where only: what a stranger's program calls itself has no place in a letter that he can have sent to anybody.
  const { place } = visit.whence(reader.locale);
  const facts = { at: at.toISOString(), until: new Date(at.getTime() + linkSeconds * 1000).toISOString(), place };
  if (person) await sendLetter(visit, at, 'password.reset', { ...person, address: person.email }, facts, token);
  else await sendLetter(visit, at, 'password.reset_unknown', { id: null, address: email, name: null, ...reader }, facts);
  await audit(visit, 'nobody', at, { action: 'password.ask_reset', object: `user:${person?.id ?? 'nobody'}`, whom: person?.id ?? null });
}

/** Staff have a link mailed to a customer: they never type or see a password (SPEC I5). */
export async function mailPasswordReset(wish: Wish<StaffActor>, userId: string): Promise<{ id: string } | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const person = await em.findOne(User, { id: userId, kind: 'customer', disabledAt: null });
  if (!person) return refuse('customer.not_found');
  const token = await addLink(em, at, 'password_reset', userId, linkSeconds);
  const facts = { at: at.toISOString(), until: new Date(at.getTime() + linkSeconds * 1000).toISOString() };
  await sendLetter(wish, at, 'password.reset', { ...person, address: person.email }, facts, token);
  await auditWish(wish, 'customer.password_reset', `user:${userId}`, at, { whom: userId });
  return { id: userId };
}

/** Whose password a link is about. */
export async function resetLinkOwner(em: EntityManager, userId: string): Promise<Person | undefined> {
  return (await em.findOne(User, { id: userId, disabledAt: null })) ?? undefined;
}

/**
 * Sets the password by a mailed link. It ends every session and every attempt that began with the old one, and leaves the
 * second factor as it is: whoever holds the mailbox alone does not get in (security.md, 6.4.3). A change of address that
 * was begun from the account is taken back: it may have been somebody else who began it.
 */
export async function resetPassword(visit: Visit, token: string, passwordHash: string): Promise<{ id: string } | Refusal> {
  const { em } = visit;
  const at = visit.clock.now();
  const link = await readLink(em, at, token);
  if (link?.purpose !== 'password_reset') return refuse('auth.link_invalid');
  await lockPerson(em, link.about);
  const person = (await useLink(em, at, token, 'password_reset')) && (await resetLinkOwner(em, link.about));
  if (!person) return refuse('auth.link_invalid');
  await replacePassword(visit, person, passwordHash, undefined);
  await audit(visit, { kind: person.kind, userId: person.id }, at, {
    action: 'password.reset',
    object: `user:${person.id}`,
    whom: person.id,
  });
  return { id: person.id };
}

/**
 * Sets the password its owner chose while signed in; every other session ends, and a change of address that was begun from
 * the account is taken back: whoever changes his password for fear of a stranger thinks of that one, too.
 * @param checked the hash that the old password was checked with: when it is another by now, somebody was faster
 */
export async function changePassword(
  wish: Wish,
  { checked, chosen }: { checked: string; chosen: string },
  keepSession: string,
): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  await lockPerson(em, actor.userId);
  if ((await findPassword(em, actor.userId)) !== checked) return refuse('auth.code_wrong');
  const person = await findPerson(em, actor.userId);
  if (!person) return refuse('auth.required');
  await replacePassword(wish, person, chosen, keepSession);
  await auditWish(wish, 'password.change', `user:${person.id}`, wish.clock.now(), { whom: person.id });
  return { id: person.id };
}

async function replacePassword(visit: Visit, person: Person, passwordHash: string, keepSession: string | undefined): Promise<void> {
  const { em } = visit;
  const at = visit.clock.now();
  await setPassword(em, at, person.id, passwordHash);
  await withdrawOwnChange(visit, person.id);
  await removeSessionsOf(em, person.id, keepSession);
  await endChallengesOf(em, person.id);
  await voidLinks(em, at, 'password_reset', person.id);
  await sendLetter(
    visit,
    at,
    'password.changed',
    { ...person, address: person.email },
    { ...visit.whence(person.locale), at: at.toISOString() },
  );
}

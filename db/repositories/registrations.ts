/** How people become customers or staff: they follow a link that proves their mailbox, and choose their password there (SPEC I1). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { ConsentGiven } from '../../domain/consent.ts';
import { linkSeconds } from '../../domain/letter.ts';
import type { Locale } from '../../domain/locale.ts';
import { audit } from '../audit.ts';
import { Registration } from '../entities/registration.entity.ts';
import { newId } from '../new-id.ts';
import type { Visit } from '../wish.ts';
import { checkConsents, recordConsents } from './consents.ts';
import { sendLetter } from './letters.ts';
import { addLink, useLink } from './mailed-links.ts';
import { addCustomer, findByEmail, lockAddress } from './people.ts';

export interface WantedAccount {
  /** As `readEmailAddress` spells it. */
  readonly email: string;
  readonly name: string;
  readonly accountName: string;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly consents: readonly ConsentGiven[];
}

/**
 * Notes a wish for an account and mails the link that fulfils it. Whether somebody has the address already, the caller
 * cannot tell: the same rows are written, only the letter differs. Nothing he typed stands in it but the address it goes
 * to, or strangers could make us mail their words.
 */
export async function register(visit: Visit, wanted: WantedAccount): Promise<Refusal | undefined> {
  const { em, address } = visit;
  const at = visit.clock.now();
  const refused = await checkConsents(em, wanted.consents);
  if (refused) return refused;
  const known = await findByEmail(em, wanted.email);
  const registration = { ...wanted, id: newId('registration', at), address, createdAt: at, confirmedAt: null, userId: null };
  await em.insert(Registration, registration);
  const token = await addLink(em, at, 'registration', registration.id, linkSeconds);
  const to = known ?? { id: null, name: null, locale: wanted.locale, timeZone: wanted.timeZone };
  const recipient = { id: to.id, address: wanted.email, name: to.name, locale: to.locale, timeZone: to.timeZone };
  const { place } = visit.whence(to.locale);
  const until = new Date(at.getTime() + linkSeconds * 1000).toISOString();
  if (known) await sendLetter(visit, at, 'registration.known', recipient, { place, at: at.toISOString() });
  else await sendLetter(visit, at, 'registration.confirm', recipient, { place, until }, token);
  await audit(visit, 'nobody', at, { action: 'registration.begin', object: `registration:${registration.id}` });
  return undefined;
}

/** Follows the link: now the person and the account are made, with the password that whoever holds the mailbox chose. */
export async function confirmRegistration(visit: Visit, token: string, passwordHash: string): Promise<{ email: string } | Refusal> {
  const { em } = visit;
  const at = visit.clock.now();
  const id = await useLink(em, at, token, 'registration');
  const wanted = id === undefined ? null : await em.findOne(Registration, { id, confirmedAt: null });
  if (!wanted) return refuse('auth.link_invalid');
  await lockAddress(em, wanted.email);
  if (await findByEmail(em, wanted.email)) return refuse('email.taken');
  const { email, name, locale, timeZone } = wanted;
  const { userId, accountId } = await addCustomer(em, at, { email, name, locale, timeZone, passwordHash }, wanted.accountName);
  // Agreed to when he asked, from where he asked; the link proved that it was he.
  await recordConsents(em, wanted.createdAt, userId, wanted.address, wanted.consents);
  await em.nativeUpdate(Registration, { id: wanted.id }, { confirmedAt: at, userId });
  await audit(visit, { kind: 'customer', userId }, at, { action: 'registration.confirm', object: `account:${accountId}`, whom: userId });
  return { email };
}

/** What a registration's link says to whoever follows it. */
export async function registrationOf(em: EntityManager, id: string): Promise<{ email: string } | undefined> {
  const found = await em.findOne(Registration, { id, confirmedAt: null });
  return found ? { email: found.email } : undefined;
}

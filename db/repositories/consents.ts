/** What people agreed to (SPEC D2): a record each, never changed but by its withdrawal. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { consentPurposes, neededConsents, type ConsentGiven, type ConsentPurpose } from '../../domain/consent.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import type { CustomerActor, StaffActor } from '../../domain/actor.ts';
import { auditWish } from '../audit.ts';
import { Consent } from '../entities/consent.entity.ts';
import { ConsentText } from '../entities/consent-text.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

/** The wordings that stand now: the last of each purpose, in the order of the purposes. */
export async function currentTexts(em: EntityManager): Promise<ConsentText[]> {
  const texts = await em.find(ConsentText, {}, { orderBy: { version: 'desc' } });
  return consentPurposes.flatMap((purpose) => texts.find((text) => text.purpose === purpose) ?? []);
}

/**
 * Whether these are what somebody must agree to before he can be a customer: each needed purpose, in the wording that
 * stands. One who read an older wording is shown the new one.
 */
export async function checkConsents(em: EntityManager, given: readonly ConsentGiven[]): Promise<Refusal | undefined> {
  const current = new Map((await currentTexts(em)).map((text) => [text.purpose, text.version]));
  if (given.some(({ purpose, version }) => current.get(purpose) !== version)) return refuse('consent.version_old');
  const missing = neededConsents.find((needed) => !given.some(({ purpose }) => purpose === needed));
  return missing ? refuse('consent.needed', { purpose: missing }) : undefined;
}

/** Records what somebody agreed to. Agreeing again to what stands changes nothing. */
export async function recordConsents(
  em: EntityManager,
  at: Date,
  userId: string,
  address: string,
  given: readonly ConsentGiven[],
): Promise<void> {
  for (const { purpose, version } of given)
    await em.execute(
      `insert into consent (id, user_id, purpose, version, given_at, given_from) values (?, ?, ?, ?, ?, ?)
        on conflict (user_id, purpose) where withdrawn_at is null do nothing`,
      [newId('consent', at), userId, purpose, version, at, address],
    );
}

/** Everything somebody agreed to, the newest first; withdrawn ones are among them. */
export async function listConsents(em: EntityManager, userId: string): Promise<Consent[]> {
  return em.find(Consent, { userId }, { orderBy: { givenAt: 'desc', id: 'desc' } });
}

/** Agrees to the wording that stands; an agreement to an older one ends with it. */
export async function giveConsent(wish: Wish<CustomerActor>, given: ConsentGiven): Promise<Consent | Refusal> {
  const { em, actor, address } = wish;
  const at = wish.clock.now();
  const current = (await currentTexts(em)).find((text) => text.purpose === given.purpose);
  if (!current || current.version !== given.version) return refuse('consent.version_old');
  await em.execute(
    'update consent set withdrawn_at = ?, withdrawn_from = ? where user_id = ? and purpose = ? and version <> ? and withdrawn_at is null',
    [at, address, actor.userId, given.purpose, given.version],
  );
  await recordConsents(em, at, actor.userId, address, [given]);
  await auditWish(wish, 'consent.give', `consent:${given.purpose}`, at, { whom: actor.userId, after: { version: String(given.version) } });
  return em.findOneOrFail(Consent, { userId: actor.userId, purpose: given.purpose, withdrawnAt: null });
}

/** Takes an agreement back. What a customer cannot be without ends with the account, not before. */
export async function withdrawConsent(wish: Wish<CustomerActor>, purpose: ConsentPurpose): Promise<{ purpose: ConsentPurpose } | Refusal> {
  const { em, actor, address } = wish;
  if (neededConsents.includes(purpose)) return refuse('consent.needed', { purpose });
  const at = wish.clock.now();
  const withdrawn = await em.nativeUpdate(
    Consent,
    { userId: actor.userId, purpose, withdrawnAt: null },
    { withdrawnAt: at, withdrawnFrom: address },
  );
  if (!withdrawn) return refuse('consent.not_found');
  await auditWish(wish, 'consent.withdraw', `consent:${purpose}`, at, { whom: actor.userId });
  return { purpose };
}

/** Publishes a new wording; what was agreed to before stays with the old one. */
export async function publishText(
  wish: Wish<StaffActor>,
  text: { purpose: ConsentPurpose; title: LocalisedText; body: LocalisedText },
): Promise<ConsentText> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  await em.execute(`select pg_advisory_xact_lock(hashtext('consent_text'))`);
  const [last] = await em.execute<{ version: number }[]>(
    'select coalesce(max(version), 0) as version from consent_text where purpose = ?',
    [text.purpose],
  );
  const published = { ...text, version: (last?.version ?? 0) + 1, publishedAt: at, publishedById: actor.userId };
  await em.insert(ConsentText, published);
  await auditWish(wish, 'consent_text.publish', `consent_text:${text.purpose}`, at, { after: { version: String(published.version) } });
  return published;
}

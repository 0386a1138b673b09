/** What a person does about his second factors (SPEC I3): each with its line in the audit, and with a letter that tells him. */
import type { CustomerActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { codeSeconds, type FactorChange } from '../../domain/letter.ts';
import { audit, auditWish } from '../audit.ts';
import type { Visit, Wish } from '../wish.ts';
import { maxTries } from './challenges.ts';
import {
  activateFactor,
  activeFactors,
  beginEmailFactor,
  removeFactor,
  removeFactors,
  replaceRecoveryCodes,
  tryEmailFactorCode,
} from './factors.ts';
import { sendLetter } from './letters.ts';
import { isProtected } from './pending-actions.ts';
import { lockPerson, type Person } from './people.ts';

/** Whose factor it is, as far as its letter needs to know. */
export type FactorOwner = Pick<Person, 'id' | 'kind' | 'email' | 'name' | 'locale' | 'timeZone'>;

/** What was proven: the mailbox, or the app with this secret, named by its seal. */
export type ProvenFactor = { readonly kind: 'email' } | { readonly kind: 'totp'; readonly seal: string };

/** What is kept of a recovery code. */
export interface KeptRecoveryCode {
  readonly hint: string;
  readonly hash: string;
}

/** Mails the code by which a customer proves his mailbox. Returns until when it is good. */
export async function mailFactorCode(wish: Wish, owner: FactorOwner, code: string): Promise<Date | Refusal> {
  const { em, vault } = wish;
  if (await isProtected(em, owner.id)) return refuse('person.change_pending');
  const at = wish.clock.now();
  const expiresAt = new Date(at.getTime() + codeSeconds * 1000);
  await beginEmailFactor(em, at, owner.id, { hash: vault.fingerprint(`factor:${owner.id}`, code), expiresAt });
  const facts = { ...wish.whence(owner.locale), at: at.toISOString() };
  await sendLetter(wish, at, 'code.factor', { ...owner, address: owner.email }, facts, code);
  return expiresAt;
}

/** Takes one of the five tries at that code. Call it outside of the wish: a try counts whatever becomes of it. */
export async function tryFactorCode(
  { em, vault, clock }: Pick<Visit, 'em' | 'vault' | 'clock'>,
  userId: string,
  code: string,
): Promise<'right' | 'wrong' | 'not_begun'> {
  const expected = await tryEmailFactorCode(em, clock.now(), userId, maxTries);
  if (expected === undefined) return 'not_begun';
  // Keyed hashes are compared, so that timing tells nothing of the code.
  return vault.fingerprint(`factor:${userId}`, code) === expected ? 'right' : 'wrong';
}

/**
 * From now on the factor that was just proven is asked for. A change that staff began may have come in between.
 * @param recoveryCodes that come with the first factor
 */
export async function setFactor(
  wish: Wish,
  owner: FactorOwner,
  proven: ProvenFactor,
  recoveryCodes: readonly KeptRecoveryCode[] | undefined,
): Promise<Refusal | undefined> {
  await lockPerson(wish.em, owner.id);
  if (await isProtected(wish.em, owner.id)) return refuse('person.change_pending');
  return (await putInUse(wish, owner, proven, recoveryCodes)) ? undefined : refuse('factor.not_begun');
}

/** The same at a member of staff's first sign-in: of two attempts that both knew the password, the first sets the app. */
export async function setFirstApp(
  visit: Visit,
  owner: FactorOwner,
  seal: string,
  recoveryCodes: readonly KeptRecoveryCode[],
): Promise<Refusal | undefined> {
  await lockPerson(visit.em, owner.id);
  if ((await activeFactors(visit.em, owner.id)).includes('totp')) return refuse('auth.attempt_over');
  return (await putInUse(visit, owner, { kind: 'totp', seal }, recoveryCodes)) ? undefined : refuse('auth.attempt_over');
}

/** False when none was being set up, or by now another. */
async function putInUse(
  visit: Visit,
  owner: FactorOwner,
  proven: ProvenFactor,
  recoveryCodes: readonly KeptRecoveryCode[] | undefined,
): Promise<boolean> {
  const { em } = visit;
  const at = visit.clock.now();
  const { kind } = proven;
  if (!(await activateFactor(em, at, owner.id, kind, proven.kind === 'totp' ? proven.seal : undefined))) return false;
  if (recoveryCodes) await replaceRecoveryCodes(em, at, owner.id, recoveryCodes);
  await audit(visit, { kind: owner.kind, userId: owner.id }, at, { action: 'factor.set', object: `factor:${kind}`, whom: owner.id });
  await tellFactorChanged(visit, owner, `${kind}_set`);
  return true;
}

/** A customer goes without a factor from now on; with the last one the recovery codes go too. */
export async function goWithoutFactor(
  wish: Wish<CustomerActor>,
  owner: FactorOwner,
  kind: ProvenFactor['kind'],
): Promise<Refusal | undefined> {
  const { em } = wish;
  await lockPerson(em, owner.id);
  if (await isProtected(em, owner.id)) return refuse('person.change_pending');
  if (!(await removeFactor(em, owner.id, kind))) return refuse('factor.not_found');
  if ((await activeFactors(em, owner.id)).length === 0) await removeFactors(em, owner.id);
  await auditWish(wish, 'factor.remove', `factor:${kind}`, wish.clock.now(), { whom: owner.id });
  await tellFactorChanged(wish, owner, `${kind}_removed`);
  return undefined;
}

/** New recovery codes, which make those from before void. */
export async function renewRecoveryCodes(
  wish: Wish,
  owner: FactorOwner,
  recoveryCodes: readonly KeptRecoveryCode[],
): Promise<Refusal | undefined> {
  const { em } = wish;
  const at = wish.clock.now();
  await lockPerson(em, owner.id);
  if (await isProtected(em, owner.id)) return refuse('person.change_pending');
  if ((await activeFactors(em, owner.id)).length === 0) return refuse('factor.not_found');
  await replaceRecoveryCodes(em, at, owner.id, recoveryCodes);
  await auditWish(wish, 'recovery_codes.make', `user:${owner.id}`, at, { whom: owner.id });
  await tellFactorChanged(wish, owner, 'recovery_codes_made');
  return undefined;
}

async function tellFactorChanged(visit: Visit, owner: FactorOwner, what: FactorChange): Promise<void> {
  const at = visit.clock.now();
  const facts = { ...visit.whence(owner.locale), what, at: at.toISOString() };
  await sendLetter(visit, at, 'factor.changed', { ...owner, address: owner.email }, facts);
}

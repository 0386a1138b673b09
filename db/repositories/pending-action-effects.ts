/** What a change does once nothing stands in its way, whoever's hand it was that came last (SPEC I5). */
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChangeEnding, LetterFacts } from '../../domain/letter.ts';
import { maskAddress } from '../../domain/masked-address.ts';
import { pendingActionEntity, type PendingActionHappening, type PendingActionLife } from '../../domain/pending-action.ts';
import { stepUpSeconds } from '../../domain/permissions.ts';
import type { Audited } from '../audit.ts';
import type { PendingAction } from '../entities/pending-action.entity.ts';
import { Session } from '../entities/session.entity.ts';
import { User } from '../entities/user.entity.ts';
import type { Vault } from '../vault.ts';
import { openCase } from './cases.ts';
import { endChallengesOf } from './challenges.ts';
import { removeFactors } from './factors.ts';
import { sendLetter } from './letters.ts';
import { voidLinks } from './mailed-links.ts';
import { changePendingAction } from './pending-action-row.ts';
import { lockAddress, lockPerson } from './people.ts';
import { removeSessionsOf } from './sessions.ts';

/** By whose hand a change moves on, and what that is written with. */
export interface Hand {
  readonly em: EntityManager;
  readonly vault: Vault;
  readonly at: Date;
  /** Who settles it, for its row; null for time, and for somebody who holds no more than a link. */
  readonly userId: string | null;
  /** Adds the line to the audit, in the hand's name. */
  note(line: Audited): Promise<void>;
}

/**
 * Lets the change take effect, in the transaction that found its time to have come. Every door that the person's earlier
 * address or factor opened is shut with it: links to reset the password, attempts to sign in, sessions.
 */
export async function takeEffect(
  hand: Hand,
  action: PendingAction,
  life: PendingActionLife,
  happening?: PendingActionHappening,
): Promise<void> {
  const { em, at } = hand;
  await lockPerson(em, action.userId);
  await voidLinks(em, at, 'password_reset', action.userId);
  const person = await em.findOneOrFail(User, { id: action.userId });
  if (action.kind === 'email_change' && !(await moveAddress(em, action.userId, action.newEmail!)))
    return endPendingAction(hand, action, { ...life, state: 'lapsed' }, 'not_possible', happening);
  if (action.kind === 'factor_reset') await removeFactors(em, action.userId);
  await endChallengesOf(em, action.userId);
  await endSessions(em, action);
  await settle(hand, action, { ...life, state: 'done' }, happening);
  const { id, name, email, locale, timeZone } = person;
  const reader = { locale, timeZone };
  if (action.kind === 'factor_reset') {
    await sendLetter(hand, at, 'factor.changed', { id, address: email, name, ...reader }, { at: at.toISOString(), what: 'reset_by_staff' });
    return;
  }
  const [oldEmail, newEmail] = [action.oldEmail, action.newEmail!];
  const facts: LetterFacts = { at: at.toISOString(), newEmail, begunBy: action.coolsUntil ? 'staff' : 'self' };
  // The old mailbox may be anybody's by now: it is not called by the person's name, and the product tells of it once.
  await sendLetter(hand, at, 'email.changed', { id: null, address: oldEmail, name: null, ...reader }, { ...facts, oldEmail });
  await sendLetter(hand, at, 'email.changed', { id, address: newEmail, name, ...reader }, { ...facts, oldEmail: maskAddress(oldEmail) });
}

/** Gives the person the address, unless somebody else has got it meanwhile. */
async function moveAddress(em: EntityManager, userId: string, address: string): Promise<boolean> {
  await lockAddress(em, address);
  try {
    // In a savepoint: should somebody have got it all the same, the change ends by itself.
    return await em.transactional(async (inner) => {
      const moved = await inner.execute<unknown[]>(
        'update app_user set email = ? where id = ? and not exists (select 1 from app_user other where lower(other.email) = lower(?) and other.id <> ?) returning 1',
        [address, userId, address, userId],
      );
      return moved.length > 0;
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) return false;
    throw error;
  }
}

/**
 * After what staff began nobody is signed in. After a change of his own its owner stays signed in where he has given a
 * fresh code since shortly before he asked for it: there he is known to be himself.
 */
async function endSessions(em: EntityManager, { userId, coolsUntil, begunAt }: PendingAction): Promise<void> {
  if (coolsUntil) {
    await removeSessionsOf(em, userId);
    return;
  }
  const freshSince = new Date(begunAt.getTime() - stepUpSeconds * 1000);
  await em.nativeDelete(Session, { userId, $or: [{ steppedUpAt: null }, { steppedUpAt: { $lt: freshSince } }] });
}

/**
 * Ends a change that comes to nothing: its links are void, and whoever was told that it began is told that it ended.
 * @param life as it ends
 */
export async function endPendingAction(
  hand: Hand,
  action: PendingAction,
  life: PendingActionLife,
  ending: ChangeEnding,
  happening?: PendingActionHappening,
): Promise<void> {
  const { em, at } = hand;
  await settle(hand, action, life, happening);
  if (ending === 'not_possible')
    await openCase(em, at, { kind: 'change.address_taken', about: pendingActionEntity(action.id), detail: {} });
  const person = await em.findOneOrFail(User, { id: action.userId });
  const { id, email, name, locale, timeZone } = person;
  await sendLetter(
    hand,
    at,
    'change.ended',
    { id, address: email, name, locale, timeZone },
    { at: at.toISOString(), change: action.kind, ending },
  );
}

const settledBy = { done: 'take_effect', vetoed: 'veto', withdrawn: 'withdraw', lapsed: 'lapse', pending: 'change' } as const;

async function settle(hand: Hand, action: PendingAction, life: PendingActionLife, happening?: PendingActionHappening): Promise<void> {
  const { em, at } = hand;
  for (const purpose of ['email_change', 'veto'] as const) await voidLinks(em, at, purpose, action.id);
  await changePendingAction(em, at, action, { ...life, settledAt: at, settledById: hand.userId }, happening);
  const moved = life.state === 'done' ? action.newEmail : null;
  await hand.note({
    action: `pending_action.${settledBy[life.state]}`,
    object: pendingActionEntity(action.id),
    whom: action.userId,
    before: { state: action.state, ...(moved === null ? {} : { email: maskAddress(action.oldEmail) }) },
    after: { state: life.state, ...(moved === null ? {} : { email: maskAddress(moved) }) },
  });
}

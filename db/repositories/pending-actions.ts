/**
 * Changes of somebody's doors that wait: begun, confirmed, vetoed, approved, taken back, and taken by time (SPEC I5, I10).
 *
 * Each is one transaction. Locks are taken in one order: the change's row, which guards its links too, then the person's
 * row, which guards his links to reset the password.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, CustomerActor, StaffActor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/clock.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { LetterFacts } from '../../domain/letter.ts';
import { maskAddress } from '../../domain/masked-address.ts';
import {
  approvePending,
  confirmPending,
  newPendingLife,
  pendingActionEntity,
  takesEffectNow,
  vetoPending,
  withdrawPending,
  type PendingActionKind,
  type PendingActionPlan,
} from '../../domain/pending-action.ts';
import { audit, auditWish } from '../audit.ts';
import type { Database } from '../database.ts';
import { AuditLine } from '../entities/audit-line.entity.ts';
import { PendingAction } from '../entities/pending-action.entity.ts';
import { User } from '../entities/user.entity.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import type { Vault } from '../vault.ts';
import type { Visit, Wish } from '../wish.ts';
import { sendLetter } from './letters.ts';
import { addLink, readLink, useLink, voidLinks } from './mailed-links.ts';
import { endPendingAction, takeEffect, type Hand } from './pending-action-effects.ts';
import {
  changePendingAction,
  lifeOf,
  lockPendingAction,
  planStep,
  readPendingAction,
  type PendingActionView,
} from './pending-action-row.ts';
import { findByEmail, lockPerson } from './people.ts';

/**
 * The customer wants another address (SPEC I5). It is his once he follows the link that is mailed there; the address he has
 * is told. Whether somebody else has the new one is not told him: then that mailbox hears of it instead, no link exists, and
 * the change lapses.
 * @param address as `readEmailAddress` spells it
 */
export async function beginEmailChange(wish: Wish<CustomerActor>, address: string): Promise<PendingActionView | Refusal> {
  const { em, actor } = wish;
  await lockPerson(em, actor.userId);
  const person = await em.findOneOrFail(User, { id: actor.userId });
  if (address === person.email.toLowerCase()) return refuse('email.same');
  if (await isProtected(em, actor.userId)) return refuse('person.change_pending');
  const owner = await findByEmail(em, address);
  const begun = await insertAction(wish, person, { kind: 'email_change', newEmail: address, reason: null, ticketNumber: null });
  if (isRefusal(begun)) return begun;
  const { action, at } = begun;
  const { locale, timeZone } = person;
  const facts: LetterFacts = { at: at.toISOString(), change: 'email_change', begunBy: 'self', until: action.lapsesAt.toISOString() };
  if (owner) await sendLetter(wish, at, 'registration.known', { ...owner, address: owner.email }, { at: at.toISOString() });
  else {
    const token = await addLink(em, at, 'email_change', action.id, secondsUntil(at, action.lapsesAt));
    await sendLetter(wish, at, 'email.confirm', { id: null, address, name: null, locale, timeZone }, facts, token);
  }
  await sendLetter(
    wish,
    at,
    'email.change_begun',
    { ...person, address: person.email },
    { ...facts, ...wish.whence(locale), newEmail: address },
  );
  return viewed(em, at, action.id);
}

export interface BegunByStaff {
  readonly reason: string;
  /** The ticket in which the customer asked for it. */
  readonly ticketNumber?: number | undefined;
}

/**
 * Staff change a customer's address for him (SPEC I5): it takes effect after the new address was confirmed and 72 hours are
 * over in which the old one may veto.
 * @param wanted.email as `readEmailAddress` spells it
 */
export async function beginEmailChangeByStaff(
  wish: Wish<StaffActor>,
  userId: string,
  { email: address, ...because }: BegunByStaff & { readonly email: string },
): Promise<PendingActionView | Refusal> {
  const { em } = wish;
  const person = await concerned(wish, userId, because);
  if (isRefusal(person)) return person;
  if (address === person.email.toLowerCase()) return refuse('email.same');
  if (await findByEmail(em, address)) return refuse('email.taken');
  const begun = await insertAction(wish, person, { kind: 'email_change', newEmail: address, ...because });
  if (isRefusal(begun)) return begun;
  const { action, at } = begun;
  const { locale, timeZone } = person;
  const token = await addLink(em, at, 'email_change', action.id, secondsUntil(at, action.lapsesAt));
  const facts: LetterFacts = { at: at.toISOString(), change: 'email_change', begunBy: 'staff' };
  const stranger = { id: null, address, name: null, locale, timeZone };
  await sendLetter(wish, at, 'email.confirm', stranger, { ...facts, until: action.lapsesAt.toISOString() }, token);
  await offerVeto(wish, person, action, { ...facts, newEmail: address });
  return viewed(em, at, action.id);
}

/** Staff take the second factors away from a customer who lost them: 72 hours later, unless he vetoes (SPEC I5, I10). */
export async function beginFactorReset(
  wish: Wish<StaffActor>,
  userId: string,
  because: BegunByStaff,
): Promise<PendingActionView | Refusal> {
  const person = await concerned(wish, userId, because);
  if (isRefusal(person)) return person;
  const begun = await insertAction(wish, person, { kind: 'factor_reset', newEmail: null, ...because });
  if (isRefusal(begun)) return begun;
  const { action, at } = begun;
  await offerVeto(wish, person, action, { at: at.toISOString(), change: 'factor_reset', begunBy: 'staff' });
  return viewed(wish.em, at, action.id);
}

/** The customer whom staff mean, held until the transaction ends. Staff have doors of their own, which other rules guard. */
async function concerned(wish: Wish<StaffActor>, userId: string, { ticketNumber }: BegunByStaff): Promise<User | Refusal> {
  const { em } = wish;
  await lockPerson(em, userId);
  const person = await em.findOne(User, { id: userId, kind: 'customer', disabledAt: null });
  if (!person) return refuse('customer.not_found');
  if (ticketNumber === undefined) return person;
  const ticket = await em.execute<unknown[]>(
    'select 1 from ticket t join membership m on m.account_id = t.account_id and m.user_id = ? where t.number = ?',
    [userId, ticketNumber],
  );
  return ticket.length ? person : refuse('ticket.not_found');
}

interface Wanted {
  readonly kind: PendingActionKind;
  readonly newEmail: string | null;
  readonly reason: string | null;
  readonly ticketNumber?: number | null | undefined;
}

/** Writes the change, its next step, its audit line and what starts its workflow, unless one of its kind waits already. */
async function insertAction(wish: Wish, person: User, wanted: Wanted): Promise<{ action: PendingAction; at: Date } | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const life = newPendingLife(wanted.kind, actor.kind === 'staff' ? 'staff' : 'self', at);
  const action: PendingAction = {
    ...life,
    id: newId('pendingAction', at),
    userId: person.id,
    begunById: actor.userId,
    ticketNumber: wanted.ticketNumber ?? null,
    reason: wanted.reason,
    oldEmail: person.email,
    newEmail: wanted.newEmail,
    begunAt: at,
    approvedById: null,
    settledAt: null,
    settledById: null,
    revision: 1,
  };
  const inserted = await em.execute<unknown[]>(
    `insert into pending_action (id, kind, user_id, begun_by_id, ticket_number, reason, old_email, new_email, state, begun_at, cools_until, lapses_at, revision)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (user_id, kind) where state = 'pending' do nothing returning 1`,
    [
      action.id,
      action.kind,
      action.userId,
      action.begunById,
      action.ticketNumber,
      action.reason,
      action.oldEmail,
      action.newEmail,
      action.state,
      action.begunAt,
      action.coolsUntil,
      action.lapsesAt,
      action.revision,
    ],
  );
  if (inserted.length === 0) return refuse('pending_action.open_already');
  await planStep(em, at, action);
  await tellEngine(em, at, { kind: 'pending_action.begun', id: action.id, action: action.kind });
  await auditWish(wish, 'pending_action.begin', pendingActionEntity(action.id), at, {
    whom: person.id,
    after: {
      kind: action.kind,
      ...(action.newEmail === null ? {} : { email: maskAddress(action.newEmail) }),
      ...(action.coolsUntil ? { coolsUntil: action.coolsUntil.toISOString() } : {}),
    },
  });
  return { action, at };
}

/** Tells the address that the person has, with the link that stops it for as long as it may be stopped. */
async function offerVeto(wish: Wish, person: User, action: PendingAction, facts: LetterFacts): Promise<void> {
  const { em } = wish;
  const at = wish.clock.now();
  const until = action.coolsUntil ?? action.lapsesAt;
  const token = await addLink(em, at, 'veto', action.id, secondsUntil(at, until));
  await sendLetter(wish, at, 'change.veto', { ...person, address: person.email }, { ...facts, until: until.toISOString() }, token);
}

/**
 * Whoever holds the new mailbox confirms it. A change that has nothing more to wait for takes effect with it; one that staff
 * began waits until nobody may veto it any more.
 */
export async function confirmEmailChange(visit: Visit, token: string): Promise<PendingActionView | Refusal> {
  const { em } = visit;
  const at = visit.clock.now();
  const action = await followLink(visit, token, 'email_change');
  if (!action) return refuse('auth.link_invalid');
  const life = confirmPending(lifeOf(action), at);
  if (isRefusal(life) || (await useLink(em, at, token, 'email_change')) === undefined) return refuse('auth.link_invalid');
  // The mailbox proves nothing of who holds it; only of a change that its owner began is it known that he does.
  const owner = action.coolsUntil === null;
  const hand = handOf(visit, owner ? { kind: 'customer', userId: action.userId } : 'nobody', at);
  await hand.note({ action: 'pending_action.confirm', object: pendingActionEntity(action.id), whom: action.userId });
  if (takesEffectNow(life, at)) await takeEffect(hand, action, life, 'changeConfirmed');
  else await changePendingAction(em, at, action, { ...life }, 'changeConfirmed');
  return viewed(em, at, action.id);
}

/** Whoever holds the old mailbox says no. */
export async function vetoByLink(visit: Visit, token: string): Promise<PendingActionView | Refusal> {
  const { em } = visit;
  const at = visit.clock.now();
  const action = await followLink(visit, token, 'veto');
  const life = action && vetoPending(lifeOf(action));
  if (!life || isRefusal(life) || (await useLink(em, at, token, 'veto')) === undefined) return refuse('auth.link_invalid');
  const hand = handOf(visit, { kind: 'customer', userId: action.userId }, at);
  await endPendingAction(hand, action, life, 'vetoed', 'changeVetoed');
  return viewed(em, at, action.id);
}

/** The change a link is about, held before the link is used up: whoever settles a change voids its links in this order. */
async function followLink({ em, clock }: Visit, token: string, purpose: 'email_change' | 'veto'): Promise<PendingAction | undefined> {
  const link = await readLink(em, clock.now(), token);
  return link?.purpose === purpose ? lockPendingAction(em, link.about) : undefined;
}

/** The person concerned, signed in, says no; what he began himself he takes back. */
export async function veto(wish: Wish<CustomerActor>, id: string): Promise<PendingActionView | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const action = await lockPendingAction(em, id, actor.userId);
  if (!action) return refuse('pending_action.not_found');
  const life = vetoPending(lifeOf(action));
  if (isRefusal(life)) return life;
  if (life.state === 'withdrawn') await endPendingAction(handOf(wish, actor, at), action, life, 'withdrawn', 'changeWithdrawn');
  else await endPendingAction(handOf(wish, actor, at), action, life, 'vetoed', 'changeVetoed');
  return viewed(em, at, id);
}

/**
 * A second member of staff ends the time in which it may be vetoed. What is confirmed takes effect with it; what is not,
 * once it is.
 */
export async function approve(wish: Wish<StaffActor>, id: string): Promise<PendingActionView | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const action = await lockPendingAction(em, id);
  if (!action) return refuse('pending_action.not_found');
  const before = lifeOf(action);
  const life = approvePending(before, action.begunById !== actor.userId, at);
  if (isRefusal(life)) return life;
  if (life === before) return viewed(em, at, id);
  const hand = handOf(wish, actor, at);
  await voidLinks(em, at, 'veto', id);
  await hand.note({
    action: 'pending_action.approve',
    object: pendingActionEntity(id),
    whom: action.userId,
    before: { coolsUntil: action.coolsUntil?.toISOString() ?? null },
    after: { coolsUntil: at.toISOString() },
  });
  const happening = 'changeApproved';
  const approved = await changePendingAction(em, at, action, { ...life, approvedById: actor.userId }, happening);
  if (takesEffectNow(life, at)) await takeEffect(hand, approved, life);
  return viewed(em, at, id);
}

/** Staff take back whatever they are told is wrong, whoever began it. */
export async function withdraw(wish: Wish<StaffActor>, id: string): Promise<PendingActionView | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const action = await lockPendingAction(em, id);
  if (!action) return refuse('pending_action.not_found');
  const life = withdrawPending(lifeOf(action));
  if (isRefusal(life)) return life;
  await endPendingAction(handOf(wish, actor, at), action, life, 'withdrawn', 'changeWithdrawn');
  return viewed(em, at, id);
}

/**
 * Takes back the change of address that the person's own account began, as part of something that proves who he is, such as
 * a new password by mailed link: whoever began the change may have been somebody else at his open browser. It waits for no
 * lock, so that it may be called with any held: a change that is being decided at this very moment is left to who decides.
 */
export async function withdrawOwnChange(visit: Visit, userId: string): Promise<void> {
  const { em } = visit;
  const at = visit.clock.now();
  const [waiting] = await em.execute<{ id: string }[]>(
    `select id from pending_action where user_id = ? and kind = 'email_change' and state = 'pending' and cools_until is null
      for no key update skip locked`,
    [userId],
  );
  const action = waiting && (await lockPendingAction(em, waiting.id));
  const life = action && withdrawPending(lifeOf(action));
  if (!life || isRefusal(life)) return;
  await endPendingAction(handOf(visit, { kind: 'customer', userId }, at), action, life, 'withdrawn', 'changeWithdrawn');
}

/**
 * Whether a change that staff began waits for this person: meanwhile no keys are made and no factors changed (SPEC I5), or
 * whoever tricked staff into beginning it could make himself at home before it is stopped.
 */
export async function isProtected(em: EntityManager, userId: string): Promise<boolean> {
  const waiting = await em.execute<unknown[]>(
    `select 1 from pending_action where user_id = ? and state = 'pending' and cools_until is not null limit 1`,
    [userId],
  );
  return waiting.length > 0;
}

/** What the workflow of a change waits for; undefined when there is no such change. */
export async function readPendingPlan(database: Database, clock: Clock, id: string): Promise<PendingActionPlan | undefined> {
  return planOf(database.fork(), clock.now(), id);
}

/**
 * Time's side: takes the step if it still stands, is due and no hold stops it, then reads the plan anew. "It no longer
 * stands" is an ordinary answer. Running it twice is safe: a change that is settled has no step.
 */
export async function takePendingStep(
  database: Database,
  clock: Clock,
  vault: Vault,
  id: string,
  stepKind: string,
): Promise<PendingActionPlan | undefined> {
  return database.fork().transactional(async (em) => {
    const action = await lockPendingAction(em, id);
    if (!action) return undefined;
    const at = clock.now();
    const plan = await planOf(em, at, id);
    const [step] = plan?.steps ?? [];
    if (step?.kind !== stepKind || step.heldUntil !== undefined || new Date(step.dueAt) > at) return plan;
    const hand = handOfTime(em, vault, at);
    if (step.kind === 'take_effect') await takeEffect(hand, action, lifeOf(action));
    else await endPendingAction(hand, action, { ...lifeOf(action), state: 'lapsed' }, 'lapsed');
    return planOf(em, at, id);
  });
}

async function planOf(em: EntityManager, at: Date, id: string): Promise<PendingActionPlan | undefined> {
  const view = await readPendingAction(em, at, id);
  if (!view) return undefined;
  const { life, next } = view;
  const held = next?.heldUntil === undefined ? {} : { heldUntil: next.heldUntil?.toISOString() ?? null };
  return {
    kind: life.kind,
    state: life.state,
    coolsUntil: life.coolsUntil?.toISOString() ?? null,
    steps: next ? [{ id: next.kind, kind: next.kind, dueAt: next.dueAt.toISOString(), ...held }] : [],
  };
}

async function viewed(em: EntityManager, at: Date, id: string): Promise<PendingActionView> {
  const view = await readPendingAction(em, at, id);
  if (!view) throw new Error('a change that was just written is not there');
  return view;
}

/** A person's hand; `nobody` for who holds a link that does not prove who he is. */
function handOf(visit: Visit, by: Pick<Actor, 'kind' | 'userId'> | 'nobody', at: Date): Hand {
  const { em, vault } = visit;
  return { em, vault, at, userId: by === 'nobody' ? null : by.userId, note: (line) => audit(visit, by, at, line) };
}

/** Time has no request and no address. */
function handOfTime(em: EntityManager, vault: Vault, at: Date): Hand {
  const nobody = { actorId: null, address: null, requestId: null, actorKind: 'time' } as const;
  return {
    em,
    vault,
    at,
    userId: null,
    note: async ({ action, object, whom = null, before = null, after = null }) => {
      await em.insert(AuditLine, { id: newId('auditLine', at), at, ...nobody, action, object, whom, before, after });
    },
  };
}

function secondsUntil(at: Date, until: Date): number {
  return (until.getTime() - at.getTime()) / 1000;
}

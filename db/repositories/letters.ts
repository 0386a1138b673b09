import type { EntityManager } from '@mikro-orm/postgresql';
import { letterRule, type LetterFacts, type LetterKind } from '../../domain/letter.ts';
import type { Locale } from '../../domain/locale.ts';
import { isFinanceEvent, type FinanceNotificationEvent, type SettingNotificationEvent } from '../../domain/notification.ts';
import { Delivery } from '../entities/delivery.entity.ts';
import { Letter } from '../entities/letter.entity.ts';
import { tellPages } from '../change-feed.ts';
import { NotificationRow } from '../entities/notification.entity.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import type { Vault } from '../vault.ts';

/** To whom a letter goes. Somebody we do not know yet has no id, and is not called by a name he typed himself. */
export interface LetterRecipient {
  readonly id: string | null;
  readonly address: string;
  readonly name: string | null;
  readonly locale: Locale;
  readonly timeZone: string;
}

/**
 * Sends a letter with the transaction of the fact that causes it (SPEC N3): a delivery by mail, the outbox row that
 * starts it, and a notification in the product where the letter's kind has one and its recipient can sign in.
 * @param secret the code, or the link's token; sealed here, and wiped when the delivery is settled
 */
export async function sendLetter(
  { em, vault }: { em: EntityManager; vault: Vault },
  at: Date,
  kind: LetterKind,
  to: LetterRecipient,
  facts: LetterFacts,
  secret?: string,
): Promise<void> {
  const deliveryId = newId('delivery', at);
  const sealed = secret === undefined ? null : vault.seal(sealedLetter(deliveryId), secret);
  await writeLetter(em, at, deliveryId, kind, to, facts, sealed);
}

/** The same for a letter that carries no secret: time sends it, which has no vault at hand. */
export async function sendNotice(
  em: EntityManager,
  at: Date,
  kind: Extract<LetterKind, SettingNotificationEvent>,
  to: LetterRecipient,
  facts: LetterFacts,
): Promise<void> {
  await writeLetter(em, at, newId('delivery', at), kind, to, facts, null);
}

/** A letter about an account's money: once for each reader and cause (SPEC N3). */
export async function sendFinanceLetter(
  em: EntityManager,
  at: Date,
  kind: FinanceNotificationEvent,
  eventKey: string,
  accountId: string,
  to: LetterRecipient,
  facts: LetterFacts,
): Promise<void> {
  const known = await em.execute<unknown[]>('select 1 from notification where recipient_id = ? and event_key = ?', [to.id, eventKey]);
  if (known.length === 0) await writeLetter(em, at, newId('delivery', at), kind, to, facts, null, { eventKey, accountId });
}

async function writeLetter(
  em: EntityManager,
  at: Date,
  deliveryId: string,
  kind: LetterKind,
  to: LetterRecipient,
  facts: LetterFacts,
  sealed: string | null,
  about?: { readonly eventKey: string; readonly accountId: string },
): Promise<void> {
  const rule = letterRule(kind);
  const notificationId = rule.event && to.id ? newId('notification', at) : null;
  if (notificationId) {
    await em.insert(NotificationRow, {
      id: notificationId,
      recipientId: to.id!,
      category: isFinanceEvent(rule.event!) ? 'finance' : 'services',
      event: rule.event!,
      eventKey: about?.eventKey ?? `${kind}:${deliveryId}`,
      accountId: about?.accountId ?? null,
      ticketNumber: null,
      messageId: null,
      createdAt: at,
      readAt: null,
    });
    await tellPages(em, at, { userId: to.id! }, { what: 'notification' });
  }
  await em.insert(Delivery, {
    id: deliveryId,
    notificationId,
    channel: 'email',
    state: 'pending',
    deliverBefore: new Date(at.getTime() + rule.deliverWithinSeconds * 1000),
    attempts: 0,
    settledAt: null,
  });
  await em.insert(Letter, {
    deliveryId,
    kind,
    recipientId: to.id,
    address: to.address,
    name: to.name,
    locale: to.locale,
    timeZone: to.timeZone,
    facts,
    secret: sealed,
    createdAt: at,
  });
  await tellEngine(em, at, { kind: 'delivery.wanted', deliveryId, event: `letter.${kind}` });
}

/** Where a letter's secret lies. */
export function sealedLetter(deliveryId: string): { table: string; row: string; field: string } {
  return { table: 'letter', row: deliveryId, field: 'secret' };
}

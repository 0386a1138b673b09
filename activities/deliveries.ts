import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Clock } from '../domain/clock.ts';
import { letterRule } from '../domain/letter.ts';
import type { Database } from '../db/database.ts';
import {
  readDelivery,
  settleDelivery,
  type LetterDelivery,
  type PendingDelivery,
  type RefusalCause,
} from '../db/repositories/deliveries.ts';
import { sealedLetter } from '../db/repositories/letters.ts';
import type { Vault } from '../db/vault.ts';
import type { DeliveryActivities, DeliveryOutcome } from '../workflows/notification/contract.ts';
import { letterMail, type MailSurroundings } from './mail/letter-mail.ts';
import { outsideMail } from './mail/outside-mail.ts';
import { MailRefused, type MailSender, type OutgoingMail } from './mail/smtp.ts';
import { ticketMail } from './mail/ticket-mail.ts';

export interface DeliveryParts extends MailSurroundings {
  readonly database: Database;
  readonly clock: Clock;
  /** Opens the codes and links that letters carry. */
  readonly vault: Vault;
  readonly sender: MailSender;
}

/** What the notification workflow may do. */
export function deliveryActivities(parts: DeliveryParts): DeliveryActivities {
  return { deliver: async (deliveryId) => withHeartbeat(() => deliver(parts, deliveryId)) };
}

/**
 * Sends the mail unless its row says it was sent, and says so. Only a crash, or a database that is away for long, between
 * the server's acceptance and the row's update sends it twice, then with the same message id, by which mail programs show
 * it once (QUALITY R8). It needs no engine around it: codes go out while the engine is away (QUALITY R3).
 *
 * Throws {@link ApplicationFailure} while the mail server is away. Its words name no address: histories and logs hold none.
 */
export async function deliver(parts: DeliveryParts, deliveryId: string): Promise<DeliveryOutcome> {
  const { database, clock, sender } = parts;
  const delivery = await readDelivery(database, clock.now(), deliveryId);
  if (delivery === undefined) throw ApplicationFailure.nonRetryable('no such delivery', 'delivery.not_found');
  if (typeof delivery === 'string') return delivery;
  const { outcome, why } = clock.now() >= delivery.deliverBefore ? expired : await sendOrRefuse(sender, await writeMail(parts, delivery));
  await insist(() => settleDelivery(database, clock, deliveryId, outcome, why));
  return outcome;
}

interface Settled {
  readonly outcome: DeliveryOutcome;
  readonly why?: RefusalCause;
}

const expired: Settled = { outcome: 'expired' };

/** The mail, or undefined when it would have to say a secret that is lost: wiped, or sealed with a key that is gone. */
async function writeMail(parts: DeliveryParts, delivery: PendingDelivery): Promise<OutgoingMail | undefined> {
  if (delivery.about === 'ticket') return ticketMail(delivery, parts);
  if (delivery.about === 'outside') return outsideMail(delivery, parts);
  if (!letterRule(delivery.kind).secret) return letterMail(delivery, undefined, parts);
  const secret = openSecret(parts.vault, delivery);
  return secret === undefined ? undefined : letterMail(delivery, secret, parts);
}

function openSecret(vault: Vault, { id, sealed }: LetterDelivery): string | undefined {
  if (sealed === null) return undefined;
  try {
    return vault.open(sealedLetter(id), sealed);
  } catch {
    // No later try opens it either: staff are told, and whoever waits for it asks for a new one.
    return undefined;
  }
}

async function sendOrRefuse(sender: MailSender, mail: OutgoingMail | undefined): Promise<Settled> {
  if (!mail) return { outcome: 'refused', why: 'secret' };
  try {
    await sender.send(mail);
    return { outcome: 'delivered' };
  } catch (error) {
    if (error instanceof MailRefused) return { outcome: 'refused', why: error.why };
    // The library's error quotes addresses; histories and logs must not (DESIGN, last line of "How it holds").
    throw ApplicationFailure.retryable('the mail server did not take it', 'mail.unavailable');
  }
}

/** Tells the engine every five seconds that this worker lives, so that its death is noticed long before the last timeout. */
async function withHeartbeat<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), 5_000);
  try {
    return await work();
  } finally {
    clearInterval(beating);
  }
}

const insistences = 30;

/** The mail is out: saying so is tried for a minute here, as failing would send it again. */
async function insist(say: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await say();
      return;
    } catch (error) {
      if (attempt >= insistences) throw error;
      await pause(2_000);
    }
  }
}

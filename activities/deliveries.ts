import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Clock } from '../domain/clock.ts';
import type { Database } from '../db/database.ts';
import { readDelivery, settleDelivery } from '../db/repositories/deliveries.ts';
import type { DeliveryActivities, DeliveryOutcome } from '../workflows/notification/contract.ts';
import { MailRefused, type MailSender } from './mail/smtp.ts';
import { ticketMail } from './mail/ticket-mail.ts';

/**
 * What the notification workflow may do.
 * @param mailDomain the right side of message ids
 */
export function deliveryActivities(database: Database, clock: Clock, sender: MailSender, mailDomain: string): DeliveryActivities {
  return {
    /**
     * Sends the mail unless its row says it was sent. Only a crash, or a database that is away for long, between the
     * server's acceptance and the row's update sends it twice, then with the same message id, by which mail programs
     * show it once (QUALITY R8).
     */
    deliver: async (deliveryId): Promise<DeliveryOutcome> =>
      withHeartbeat(async () => {
        const delivery = await readDelivery(database, clock.now(), deliveryId);
        if (delivery === undefined) throw ApplicationFailure.nonRetryable('no such delivery', 'delivery.not_found');
        if (typeof delivery === 'string') return delivery;
        const outcome =
          clock.now() >= delivery.deliverBefore ? 'expired' : await sendOrRefuse(sender, await ticketMail(delivery, mailDomain));
        await insist(() => settleDelivery(database, clock, deliveryId, outcome, outcome === 'refused' ? 'smtp' : ''));
        return outcome;
      }),
  };
}

/** Tells the engine every ten seconds that this worker lives, so that its death is noticed long before the last timeout. */
async function withHeartbeat<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), 10_000);
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

async function sendOrRefuse(sender: MailSender, mail: Parameters<MailSender['send']>[0]): Promise<'delivered' | 'refused'> {
  try {
    await sender.send(mail);
    return 'delivered';
  } catch (error) {
    if (error instanceof MailRefused) return 'refused';
    // The library's error quotes addresses; histories and logs must not (DESIGN, last line of "How it holds").
    throw ApplicationFailure.retryable('the mail server did not take it', 'mail.unavailable');
  }
}

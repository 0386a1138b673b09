/**
 * What the provider sends us (SPEC B2; reference: yookassa, Notifications): which object it is about is stored, and whoever waits
 * for it is told to look. Nothing else of it is believed or kept.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../domain/clock.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import type { Database } from '../database.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import { lockPayment, notePayment } from './payment-row.ts';
import { hurry } from './payments.ts';

/** A notification as far as it is read: which event, of which object, and what it says itself to be of. */
export interface ProviderNotification {
  readonly provider: string;
  readonly event: string;
  readonly objectId: string;
  /** Our own id, from the object's metadata: only a hint at where to look. */
  readonly paymentId: string | null;
}

/** Stores it, and has whoever waits for it look. Done when this returns; told again, it is harmless. */
export async function recordNotification(database: Database, clock: Clock, told: ProviderNotification): Promise<void> {
  await database.fork().transactional(async (em) => {
    const at = clock.now();
    const waiting = told.event.startsWith('refund.') ? await hurryRefund(em, at, told) : await hurryPayment(em, at, told);
    const [row] = await em.execute<{ id: string }[]>(
      `insert into provider_notification (provider, event, object_id, payment_id, refund_id, received_at, handled_at) values (?, ?, ?, ?, ?, ?, ?) returning id::text`,
      [told.provider, told.event, told.objectId, waiting?.paymentId ?? null, waiting?.refundId ?? null, at, waiting ? at : null],
    );
    if (!waiting) await lookInto(em, at, told, row!.id);
  });
}

async function hurryPayment(
  em: EntityManager,
  at: Date,
  told: ProviderNotification,
): Promise<{ paymentId: string; refundId: null } | undefined> {
  const [known] = await em.execute<{ id: string }[]>(
    `select id from payment where provider = ? and (provider_id = ? or id = ?) order by provider_id is distinct from ? limit 1`,
    [told.provider, told.objectId, told.paymentId, told.objectId],
  );
  const payment = known && (await lockPayment(em, known.id));
  // Under another number than its own it is another payment, whatever it says of itself.
  if (!payment || (payment.providerId !== null && payment.providerId !== told.objectId)) return undefined;
  // Nobody waits for it any more, and it came to nothing: should its money have come all the same, it is credited (trap 4).
  if (!payment.next && (payment.state === 'lapsed' || payment.state === 'canceled') && told.event === 'payment.succeeded') return undefined;
  if (payment.next) {
    await notePayment(em, at, payment.id, 'notified', 'provider', { event: told.event });
    await hurry(em, at, payment.id, 'notified');
  }
  return { paymentId: payment.id, refundId: null };
}

async function hurryRefund(
  em: EntityManager,
  at: Date,
  told: ProviderNotification,
): Promise<{ paymentId: string; refundId: string } | undefined> {
  const [refund] = await em.execute<{ id: string; payment_id: string }[]>('select id, payment_id from refund where provider_id = ?', [
    told.objectId,
  ]);
  if (!refund) return undefined;
  const entity = moneyEntity('refund', refund.id);
  const hurried = await em.execute<unknown[]>(
    `update obligation set due_at = least(due_at, ?::timestamptz), rule = 'notified' where entity = ? and kind = 'ask' returning 1`,
    [at, entity],
  );
  if (hurried.length > 0) await tellEngine(em, at, { kind: 'money.happening', entity, happening: 'notified' });
  return { paymentId: refund.payment_id, refundId: refund.id };
}

/** Nobody waits for it: a workflow of its own asks the provider what it is. One at a time for each object. */
async function lookInto(em: EntityManager, at: Date, { provider, objectId }: ProviderNotification, id: string): Promise<void> {
  const [other] = await em.execute<unknown[]>(
    'select 1 from provider_notification where provider = ? and object_id = ? and handled_at is null and id <> ? limit 1',
    [provider, objectId, id],
  );
  if (other) {
    await em.execute('update provider_notification set handled_at = ? where id = ?', [at, id]);
    return;
  }
  const entity = moneyEntity('provider-notice', id);
  await em.execute(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision) values (?, ?, null, 'look', ?, 'at once', 0)`,
    [newId('obligation', at), entity, at],
  );
  await tellEngine(em, at, { kind: 'money.begun', entity });
}

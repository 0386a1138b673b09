/** Notifications that nobody waited for: what they turn out to be about (SPEC B2, B7). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../domain/clock.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import type { FoundPayment, Shop } from '../../domain/payment-life.ts';
import { lookAgainAfterSeconds, looksForSeconds, type ProviderNoticePlan } from '../../domain/provider-notice.ts';
import type { RefundAtProvider } from '../../domain/refund-life.ts';
import type { Database } from '../database.ts';
import { newId } from '../new-id.ts';
import { openCase } from './cases.ts';
import { readPayment } from './payment-row.ts';
import { takeProviderPayment } from './payment-settling.ts';
import { hurry } from './payments.ts';
import { recordCabinetRefund } from './provider-refunds.ts';

interface NoticeRow {
  id: string;
  event: string;
  object_id: string;
  received_at: string;
  handled_at: string | null;
}

/** What it waits for; undefined when there is none. */
export async function readNoticePlan(database: Database, id: string): Promise<ProviderNoticePlan | undefined> {
  return planOf(database.fork(), id);
}

async function planOf(em: EntityManager, id: string): Promise<ProviderNoticePlan | undefined> {
  const [row] = await em.execute<NoticeRow[]>('select * from provider_notification where id = ?::bigint', [id]);
  if (!row) return undefined;
  const steps = await em.execute<{ id: string; due_at: string }[]>('select id, due_at from obligation where entity = ?', [
    moneyEntity('provider-notice', id),
  ]);
  const about = `${row.event} of ${row.object_id}, which nobody here waited for`;
  return {
    state: row.handled_at === null ? 'waiting' : 'handled',
    story: row.handled_at === null ? `Asks the provider about ${about}.` : `Looked into ${about}; the story ends here.`,
    steps: steps.map((step) => ({ id: step.id, kind: 'look', dueAt: new Date(step.due_at).toISOString() })),
  };
}

/** Which object to ask for, if the step still stands; undefined when it does not. */
export async function readNotice(
  database: Database,
  id: string,
  stepId: string,
): Promise<{ isRefund: boolean; objectId: string } | undefined> {
  const [row] = await database
    .fork()
    .execute<NoticeRow[]>(
      `select n.* from provider_notification n join obligation o on o.id = ? and o.entity = 'provider-notice:' || n.id where n.id = ?::bigint and n.handled_at is null`,
      [stepId, id],
    );
  return row && { isRefund: row.event.startsWith('refund.'), objectId: row.object_id };
}

/** What the provider says it is. */
export type NoticedObject =
  | { readonly kind: 'payment'; readonly payment: FoundPayment }
  | { readonly kind: 'refund'; readonly refund: RefundAtProvider }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'unknown' };

/** Acts on what he says: a refund of the cabinet is recorded, one of our own payments is looked at, anything else is a case. */
export async function takeNotice(
  database: Database,
  clock: Clock,
  id: string,
  found: NoticedObject,
  shop: Shop,
): Promise<ProviderNoticePlan | undefined> {
  return database.fork().transactional(async (em) => {
    const [row] = await em.execute<NoticeRow[]>('select * from provider_notification where id = ?::bigint for no key update', [id]);
    const at = clock.now();
    if (!row || row.handled_at !== null) return planOf(em, id);
    if ((await place(em, at, row, found, shop)) === 'later') await lookLater(em, at, row);
    else await settle(em, at, id);
    return planOf(em, id);
  });
}

async function place(em: EntityManager, at: Date, row: NoticeRow, found: NoticedObject, shop: Shop): Promise<'done' | 'later'> {
  const isLate = at.getTime() - new Date(row.received_at).getTime() >= looksForSeconds * 1000;
  if (found.kind === 'refund') {
    const recorded = await recordCabinetRefund(em, at, found.refund);
    if (recorded !== 'payment_not_settled') return 'done';
    if (!isLate) return 'later';
  }
  if (found.kind === 'unknown' && !isLate) return 'later';
  if (found.kind === 'payment' && found.payment.paymentId !== null) {
    const [ours] = await em.execute<{ id: string }[]>('select id from payment where id = ? and (provider_id is null or provider_id = ?)', [
      found.payment.paymentId,
      found.payment.id,
    ]);
    if (ours) {
      // Its own workflow may be over: what the provider says is taken here, and holds there too.
      await takeProviderPayment(em, at, ours.id, found.payment, shop);
      await hurry(em, at, ours.id, 'notified');
      const payment = await readPayment(em, ours.id);
      return payment?.state === 'pending' && payment.next === null && !isLate ? 'later' : 'done';
    }
  }
  const kind = 'payment.unknown_notification';
  await openCase(em, at, {
    kind,
    about: `provider:${row.object_id}`,
    detail: { event: row.event, provider: row.object_id, found: found.kind },
  });
  return 'done';
}

async function lookLater(em: EntityManager, at: Date, row: NoticeRow): Promise<void> {
  const waited = (at.getTime() - new Date(row.received_at).getTime()) / 1000;
  const seconds = lookAgainAfterSeconds(Math.floor(Math.log2(waited / 60 + 1)));
  await em.execute('update obligation set id = ?, due_at = ?, rule = ? where entity = ?', [
    newId('obligation', at),
    new Date(at.getTime() + seconds * 1000),
    `lookAfter ${seconds} s`,
    moneyEntity('provider-notice', row.id),
  ]);
}

async function settle(em: EntityManager, at: Date, id: string): Promise<void> {
  await em.execute('update provider_notification set handled_at = ? where id = ?::bigint', [at, id]);
  await em.execute('delete from obligation where entity = ?', [moneyEntity('provider-notice', id)]);
}

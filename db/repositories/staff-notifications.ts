import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { deliverWithinSeconds, type StaffNotificationEvent } from '../../domain/notification.ts';
import { newId } from '../new-id.ts';
import { entityOf, type OutboxMessage } from '../outbox.ts';

export interface StaffNotice {
  readonly event: StaffNotificationEvent;
  /** Makes one cause one notification for each recipient, however often it is told (SPEC N3). */
  readonly eventKey: string;
  /** Ids of staff; whoever caused it is left out by the caller. */
  readonly recipients: readonly string[];
  readonly number: number;
  readonly at: Date;
  /** True for what cannot wait until somebody looks: a mail goes out as well. */
  readonly mailed?: boolean;
  /** What it tells of besides the ticket: ids, words and instants. */
  readonly about?: string;
}

/** Tells staff what happened in a ticket: in their list and on their open pages, and by mail where that is wished. */
export async function notifyStaff(em: EntityManager, notice: StaffNotice): Promise<void> {
  const { event, number, at, mailed = false } = notice;
  if (notice.recipients.length === 0) return;
  const rows = [...new Set(notice.recipients)].map((recipient) => {
    const delivery = newId('delivery', at);
    const wanted: OutboxMessage = { kind: 'delivery.wanted', deliveryId: delivery, event, number: spellTicketNumber(number) };
    return { recipient, notification: newId('notification', at), delivery, entity: entityOf(wanted), wanted };
  });
  const about = {
    event,
    key: notice.eventKey,
    number,
    at,
    mailed,
    told_of: notice.about ?? null,
    before: new Date(at.getTime() + deliverWithinSeconds[event] * 1000),
    topic: { what: 'notification', ticket: spellTicketNumber(number) },
  };
  await em.execute(notify, [JSON.stringify(about), JSON.stringify(rows)]);
}

const notify = `
with about as (
  select * from jsonb_to_record(?::jsonb) as a (event text, key text, number integer, at timestamptz, mailed boolean, told_of text, before timestamptz, topic jsonb)),
told as (
  select * from jsonb_to_recordset(?::jsonb) as t (recipient text, notification text, delivery text, entity text, wanted jsonb)),
noted as (
  insert into notification (id, recipient_id, category, event, event_key, ticket_number, about, created_at)
    select told.notification, told.recipient, 'support', event, key, number, told_of, at from told, about
  on conflict (recipient_id, event_key) do nothing returning id),
fresh as (
  select told.* from told join noted on noted.id = told.notification),
fed as (
  insert into change_feed (at, topic, staff, user_id) select at, topic, false, recipient from fresh, about),
sent as (
  insert into delivery (id, notification_id, channel, state, deliver_before, attempts)
    select delivery, notification, 'email', 'pending', before, 0 from fresh, about where mailed)
insert into outbox (entity, message, created_at) select entity, wanted, at from fresh, about where mailed`;

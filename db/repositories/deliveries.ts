import type { Clock } from '../../domain/clock.ts';
import type { Locale } from '../../domain/locale.ts';
import type { ClosedBy, TicketStatus } from '../../domain/ticket-life.ts';
import type { NotificationEvent } from '../../domain/notification.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { ticketEntity } from '../../domain/ticket.ts';
import type { Database } from '../database.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';
import { openCase } from './cases.ts';
import { entitySql } from './ticket-row.ts';

/** A delivery that is still to be made, with what its mail says. */
export interface PendingDelivery {
  readonly id: string;
  readonly event: NotificationEvent;
  readonly deliverBefore: Date;
  readonly recipient: { readonly name: string; readonly email: string; readonly locale: Locale; readonly timeZone: string };
  readonly ticket: {
    readonly number: number;
    readonly subject: string;
    readonly closedBy: ClosedBy | null;
    readonly isArchived: boolean;
    readonly closesAt: Date | null;
    readonly archivesAt: Date | null;
  };
  /** The message the event tells of; null when it tells of none. */
  readonly body: string | null;
}

export type SettledState = 'delivered' | 'expired' | 'refused';

/** Reads a delivery: what to send, or what already became of it. Undefined when it never was. */
export async function readDelivery(database: Database, at: Date, id: string): Promise<PendingDelivery | SettledState | undefined> {
  const [row] = await database.fork().execute<DeliveryRow[]>(
    `select d.id, d.state, d.deliver_before, n.event, u.name, u.email, u.locale, u.time_zone, t.number, t.subject, t.status, t.closed_by, t.account_id, ${openHolds} as holds, m.body,
        (select o.due_at from obligation o where o.entity = ${entitySql('t.number')} and o.kind = 'auto_close') as closes_at,
        (select o.due_at from obligation o where o.entity = ${entitySql('t.number')} and o.kind = 'archive') as archives_at
      from delivery d join notification n on n.id = d.notification_id join app_user u on u.id = n.recipient_id
        join ticket t on t.number = n.ticket_number left join message m on m.id = n.message_id and m.visibility = 'public'
      where d.id = ?`,
    [id],
  );
  if (!row) return undefined;
  if (row.state !== 'pending') return row.state;
  return {
    id: row.id,
    event: row.event,
    deliverBefore: new Date(row.deliver_before),
    recipient: { name: row.name, email: row.email, locale: row.locale, timeZone: row.time_zone },
    ticket: {
      number: row.number,
      subject: row.subject,
      closedBy: row.closed_by,
      isArchived: row.status === 'archived',
      closesAt: promised(row, 'auto_close', row.closes_at, at),
      archivesAt: promised(row, 'archive', row.archives_at, at),
    },
    body: row.body,
  };
}

/** An instant that a mail may promise: not one that a hold keeps from being true (SPEC M3). */
function promised({ number, account_id, holds }: DeliveryRow, kind: string, dueAt: string | null, at: Date): Date | null {
  const step = { kind, entity: ticketEntity(spellTicketNumber(number)), accountId: account_id };
  return dueAt !== null && heldUntil(readHolds(holds), step, at) === undefined ? new Date(dueAt) : null;
}

interface DeliveryRow {
  id: string;
  state: 'pending' | SettledState;
  deliver_before: string;
  event: NotificationEvent;
  name: string;
  email: string;
  locale: Locale;
  time_zone: string;
  number: number;
  subject: string;
  status: TicketStatus;
  closed_by: ClosedBy | null;
  account_id: string;
  holds: StoredHolds;
  body: string | null;
  closes_at: string | null;
  archives_at: string | null;
}

/** Records what became of a delivery, once; a refused one becomes a case for staff. */
export async function settleDelivery(database: Database, clock: Clock, id: string, state: SettledState, why: string): Promise<void> {
  await database.fork().transactional(async (em) => {
    const at = clock.now();
    const settled = await em.execute<unknown[]>(
      `update delivery set state = ?, settled_at = ?, attempts = attempts + 1 where id = ? and state = 'pending' returning 1`,
      [state, at, id],
    );
    if (settled.length && state === 'refused')
      await openCase(em, at, { kind: 'delivery.refused', about: `delivery:${id}`, detail: { why } });
  });
}

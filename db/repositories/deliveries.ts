import type { Clock } from '../../domain/clock.ts';
import { codeLetters, letterRule, type LetterFacts, type LetterKind } from '../../domain/letter.ts';
import type { Locale } from '../../domain/locale.ts';
import type { ClosedBy, TicketStatus } from '../../domain/ticket-life.ts';
import type { StaffNotificationEvent, TicketNotificationEvent } from '../../domain/notification.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { ticketEntity } from '../../domain/ticket.ts';
import type { Database } from '../database.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';
import { openCase } from './cases.ts';
import { readOutsideCopy, type OutsideDelivery } from './outside-copies.ts';
import { entitySql } from './ticket-row.ts';
import { readToldThing, type ToldThing } from './told-things.ts';

/** A delivery that is still to be made, with what its mail says: of a ticket, a copy for outside, or a letter about a person's own doors. */
export type PendingDelivery = TicketDelivery | OutsideDelivery | LetterDelivery;

export interface TicketDelivery {
  readonly about: 'ticket';
  readonly id: string;
  readonly event: TicketNotificationEvent | StaffNotificationEvent;
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
  /** What else it tells of. */
  readonly thing?: ToldThing | undefined;
  /** Whether accesses to servers ended with the closing that it tells of. */
  readonly accessEnded?: boolean;
  /** Whether staff wrote the message down on the customer's behalf. */
  readonly writtenDown?: boolean;
  /** The ticket whose messages this one was made of. */
  readonly splitFrom?: number | null;
}

export interface LetterDelivery {
  readonly about: 'letter';
  readonly id: string;
  readonly kind: LetterKind;
  readonly writtenAt: Date;
  readonly deliverBefore: Date;
  /** Somebody we do not know has no name: whoever made us write may have typed one. */
  readonly recipient: { readonly name: string | null; readonly email: string; readonly locale: Locale; readonly timeZone: string };
  readonly facts: LetterFacts;
  /** The code or the link's token as `letter.secret` keeps it; null when it carries none, or it was wiped. */
  readonly sealed: string | null;
}

export type SettledState = 'delivered' | 'expired' | 'refused';

/** Reads a delivery: what to send, or what already became of it. Undefined when it never was. */
export async function readDelivery(database: Database, at: Date, id: string): Promise<PendingDelivery | SettledState | undefined> {
  const [row] = await database.fork().execute<DeliveryRow[]>(
    `select d.id, d.state, d.deliver_before, l.kind, l.recipient_id, l.address, l.name, l.locale, l.time_zone, l.facts, l.secret, l.created_at, c.delivery_id is not null as outside
      from delivery d left join letter l on l.delivery_id = d.id left join outside_copy c on c.delivery_id = d.id where d.id = ?`,
    [id],
  );
  if (!row) return undefined;
  if (row.state !== 'pending') return row.state;
  if (row.kind !== null) return letterOf(row);
  return row.outside ? readOutsideCopy(database.fork(), row) : readTicketDelivery(database, at, row);
}

type DeliveryRow = { id: string; state: 'pending' | SettledState; deliver_before: string; outside: boolean } & (
  | LetterColumns
  | { kind: null }
);

interface LetterColumns {
  kind: LetterKind;
  recipient_id: string | null;
  address: string;
  name: string | null;
  locale: Locale;
  time_zone: string;
  facts: LetterFacts;
  secret: string | null;
  created_at: string;
}

function letterOf(row: Extract<DeliveryRow, LetterColumns>): LetterDelivery {
  return {
    about: 'letter',
    id: row.id,
    kind: row.kind,
    writtenAt: new Date(row.created_at),
    deliverBefore: new Date(row.deliver_before),
    recipient: {
      name: row.recipient_id === null ? null : row.name,
      email: row.address,
      locale: row.locale,
      timeZone: row.time_zone,
    },
    facts: row.facts,
    sealed: row.secret,
  };
}

async function readTicketDelivery(
  database: Database,
  at: Date,
  delivery: { id: string; deliver_before: string },
): Promise<TicketDelivery | undefined> {
  const [row] = await database.fork().execute<TicketRow[]>(
    `select n.event, u.name, u.email, u.locale, u.time_zone, t.number, told.number as told_number, t.subject, t.status, t.closed_by, t.account_id, t.queue_id, ${openHolds} as holds, n.about,
        n.event = 'ticket.closed' and exists (select 1 from server_access s
          where s.ticket_number = t.number and s.ended_by = 'closing' and s.ended_at = n.created_at) as access_ended,
        m.entered_by_id is not null as written_down, t.split_from,
        coalesce(m.body, a.text ->> u.locale, a.text ->> 'en') as body,
        (select o.due_at from obligation o where o.entity = ${entitySql('t.number')} and o.kind = 'auto_close') as closes_at,
        (select o.due_at from obligation o where o.entity = ${entitySql('t.number')} and o.kind = 'archive') as archives_at
      from delivery d join notification n on n.id = d.notification_id join app_user u on u.id = n.recipient_id
        join ticket told on told.number = n.ticket_number
        -- What was said in a ticket that was merged since is answered in the other; only the opening tells its own number.
        join ticket t on t.number = case n.event when 'ticket.created' then told.number else coalesce(told.merged_into, told.number) end
        left join message m on m.id = n.message_id and m.visibility = 'public'
        left join problem_answer a on a.id = n.problem_answer_id
      where d.id = ?`,
    [delivery.id],
  );
  return (
    row && {
      about: 'ticket',
      id: delivery.id,
      event: row.event,
      deliverBefore: new Date(delivery.deliver_before),
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
      thing:
        row.about === null
          ? undefined
          : await readToldThing(database.fork(), { event: row.event, number: row.told_number, about: row.about }, at),
      accessEnded: row.access_ended,
      writtenDown: row.written_down,
      splitFrom: row.split_from,
    }
  );
}

/** An instant that a mail may promise: not one that a hold keeps from being true (SPEC M3). */
function promised({ number, account_id, queue_id, holds }: TicketRow, kind: string, dueAt: string | null, at: Date): Date | null {
  const step = { kind, entity: ticketEntity(spellTicketNumber(number)), accountId: account_id, queueId: queue_id };
  return dueAt !== null && heldUntil(readHolds(holds), step, at) === undefined ? new Date(dueAt) : null;
}

interface TicketRow {
  event: TicketNotificationEvent | StaffNotificationEvent;
  name: string;
  email: string;
  locale: Locale;
  time_zone: string;
  number: number;
  /** The ticket it happened in, which may have been merged since. */
  told_number: number;
  subject: string;
  status: TicketStatus;
  closed_by: ClosedBy | null;
  account_id: string;
  queue_id: string;
  holds: StoredHolds;
  body: string | null;
  about: string | null;
  access_ended: boolean;
  written_down: boolean;
  split_from: number | null;
  closes_at: string | null;
  archives_at: string | null;
}

/** Why a delivery was refused for good: the mail server said so, its address is not one mailbox, or its secret is lost. */
export type RefusalCause = 'smtp' | 'address' | 'secret';

/**
 * Records what became of a delivery, once; a refused one becomes a case for staff. Whatever became of it, a code or a
 * link's token that it carried is gone with the same transaction (security.md, secrets on their way out).
 */
export async function settleDelivery(
  database: Database,
  clock: Clock,
  id: string,
  state: SettledState,
  why: RefusalCause = 'smtp',
): Promise<void> {
  await database.fork().transactional(async (em) => {
    const at = clock.now();
    const settled = await em.execute<unknown[]>(
      `update delivery set state = ?, settled_at = ?, attempts = attempts + 1 where id = ? and state = 'pending' returning 1`,
      [state, at, id],
    );
    const [letter] = await em.execute<{ kind: LetterKind }[]>('update letter set secret = null where delivery_id = ? returning kind', [id]);
    if (settled.length === 0 || state !== 'refused') return;
    // Otherwise strangers could fill the list of cases with addresses that they made up.
    if (why === 'smtp' && letter && letterRule(letter.kind).toAnybody) return;
    await openCase(em, at, { kind: 'delivery.refused', about: `delivery:${id}`, detail: { why } });
  });
}

/** Letters that carry a code and are not settled, the oldest first: what must go out even while the engine is away. */
export async function readPendingCodes(database: Database, limit: number): Promise<string[]> {
  const rows = await database
    .fork()
    .execute<{ id: string }[]>(
      `select d.id from delivery d join letter l on l.delivery_id = d.id where d.state = 'pending' and l.kind = any(?::text[]) order by d.id limit ?`,
      [`{${codeLetters.join(',')}}`, limit],
    );
  return rows.map(({ id }) => id);
}

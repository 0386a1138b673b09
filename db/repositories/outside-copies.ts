/** Copies of public staff messages for outside addresses (SPEC T1): a delivery each, and nothing in the product. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { idPrefixes, spellTicketNumber } from '../../domain/ids.ts';
import type { Locale } from '../../domain/locale.ts';
import { newId } from '../new-id.ts';
import { entityOf, type OutboxMessage } from '../outbox.ts';

/** A copy that is still to be sent, with what its mail says. */
export interface OutsideDelivery {
  readonly about: 'outside';
  readonly id: string;
  readonly deliverBefore: Date;
  readonly recipient: { readonly name: string | null; readonly email: string; readonly locale: Locale };
  readonly ticket: { readonly number: number; readonly subject: string; readonly account: string };
  /** Who added the address, and can say why. */
  readonly addedBy: { readonly name: string; readonly side: 'customer' | 'staff' };
  readonly author: string;
  readonly body: string;
}

/** Whether the id, of those who read along, is an outside address's. */
export function isOutside(id: string): boolean {
  return id.startsWith(`${idPrefixes.outsideAddress}_`);
}

/** Wants a copy of the message delivered to each address, once. */
export async function copyToOutside(
  em: EntityManager,
  happened: {
    readonly number: number;
    readonly messageId: string;
    readonly addresses: readonly string[];
    readonly deliverBefore: Date;
    readonly at: Date;
  },
): Promise<void> {
  const { number, at } = happened;
  const rows = happened.addresses.map((address) => {
    const delivery = newId('delivery', at);
    const wanted: OutboxMessage = {
      kind: 'delivery.wanted',
      deliveryId: delivery,
      event: 'ticket.copied',
      number: spellTicketNumber(number),
    };
    return { address, delivery, entity: entityOf(wanted), wanted };
  });
  await em.execute(copy, [JSON.stringify(rows), happened.deliverBefore, happened.messageId, at]);
}

const copy = `
with told as (
  select * from jsonb_to_recordset(?::jsonb) as t (address text, delivery text, entity text, wanted jsonb)),
sent as (
  insert into delivery (id, notification_id, channel, state, deliver_before, attempts)
    select delivery, null, 'email', 'pending', ?::timestamptz, 0 from told),
copied as (
  insert into outside_copy (delivery_id, address_id, message_id) select delivery, address, ?::text from told)
insert into outbox (entity, message, created_at) select entity, wanted, ?::timestamptz from told`;

/**
 * Reads a copy, written in the language of the ticket's customer, as nobody knows the reader's. One whose address was
 * removed meanwhile is no longer worth sending.
 */
export async function readOutsideCopy(
  em: EntityManager,
  delivery: { readonly id: string; readonly deliver_before: string },
): Promise<OutsideDelivery | undefined> {
  const [row] = await em.execute<CopyRow[]>(
    `select o.address, o.name, o.removed_at, c.locale, t.number, t.subject, a.name as account, u.name as added_by, u.kind as added_side, w.name as author, m.body
      from outside_copy x join ticket_outside_address o on o.id = x.address_id join message m on m.id = x.message_id and m.visibility = 'public'
        join app_user w on w.id = m.author_id join ticket t on t.number = m.ticket_number join account a on a.id = t.account_id
        join app_user c on c.id = t.opened_by_id join app_user u on u.id = o.added_by_id
      where x.delivery_id = ?`,
    [delivery.id],
  );
  return (
    row && {
      about: 'outside',
      id: delivery.id,
      deliverBefore: new Date(row.removed_at ?? delivery.deliver_before),
      recipient: { name: row.name, email: row.address, locale: row.locale },
      ticket: { number: row.number, subject: row.subject, account: row.account },
      addedBy: { name: row.added_by, side: row.added_side },
      author: row.author,
      body: row.body,
    }
  );
}

interface CopyRow {
  address: string;
  name: string | null;
  removed_at: string | null;
  locale: Locale;
  number: number;
  subject: string;
  account: string;
  added_by: string;
  added_side: 'customer' | 'staff';
  author: string;
  body: string;
}

/** What somebody has not read yet, and how far he has (SPEC T10). Marks are no facts: they have no history and no revision. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '../../domain/errors.ts';

/** Who looks at tickets: customers know nothing of notes. */
export interface TicketReader {
  readonly userId: string;
  readonly side: 'customer' | 'staff';
}

/**
 * SQL that is true of a ticket `t` whose newest message this reader has not seen and did not write. The archive is never
 * unread: nothing is expected of anybody there.
 */
export function unreadBy(reader: TicketReader): { sql: string; values: unknown[] } {
  const [writer, visible] =
    reader.side === 'staff' ? ['coalesce(m.entered_by_id, m.author_id)', ''] : ['m.author_id', `and m.visibility = 'public'`];
  return {
    sql: `(t.status <> 'archived' and exists (
      select 1 from (select ${writer} as writer, m.created_at from message m where m.ticket_number = t.number ${visible} order by m.created_at desc, m.id desc limit 1) newest
        where newest.writer <> ? and not exists (
          select 1 from ticket_read r where r.user_id = ? and r.ticket_number = t.number and r.read_at >= newest.created_at)))`,
    values: [reader.userId, reader.userId],
  };
}

/**
 * Remembers that somebody has seen the ticket up to this message. A mark never goes back, so that two pages of one reader do
 * not undo each other.
 * @param accountId when given, a ticket of another account is as unknown as one that does not exist
 */
export async function markRead(
  em: EntityManager,
  reader: TicketReader,
  number: number,
  messageId: string,
  accountId?: string,
): Promise<{ unread: boolean } | Refusal> {
  const [ticket] = await em.execute<{ number: number }[]>(
    `select number from ticket where number = ? ${accountId === undefined ? '' : 'and account_id = ?'}`,
    accountId === undefined ? [number] : [number, accountId],
  );
  if (!ticket) return refuse('ticket.not_found');
  const marked = await em.execute<{ at: string }[]>(
    `insert into ticket_read (user_id, ticket_number, read_at)
        select ?, m.ticket_number, m.created_at from message m
          where m.id = ? and m.ticket_number = ? ${reader.side === 'staff' ? '' : `and m.visibility = 'public'`}
      on conflict (user_id, ticket_number) do update set read_at = greatest(ticket_read.read_at, excluded.read_at)
      returning read_at as at`,
    [reader.userId, messageId, number],
  );
  if (marked.length === 0) return refuse('ticket.message_unknown');
  const { sql, values } = unreadBy(reader);
  const [row] = await em.execute<{ unread: boolean }[]>(`select ${sql} as unread from ticket t where t.number = ?`, [...values, number]);
  return { unread: row?.unread ?? false };
}

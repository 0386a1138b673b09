/** What hangs on a ticket and moves with it when the ticket is merged into another (SPEC T13). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Ticket } from '../entities/ticket.entity.ts';
import type { MovedSeverity } from './merged-severity.ts';
import { moveProblemLinks } from './problems.ts';

/** What a merge moved, so that its undo moves just that back. Attachments and diagnostics hang on their messages. */
export interface Moved {
  readonly messages: readonly string[];
  readonly outsideAddresses: readonly string[];
  /** Users who take part in the target because they took part in the source. */
  readonly participants: readonly string[];
  /** Links that the target has because the source had them. */
  readonly links: readonly { readonly from: number; readonly to: number; readonly kind: string }[];
  readonly quotes: readonly string[];
  readonly serverAccesses: readonly string[];
  /** Problems and wishes that the source was linked to and the target was not. */
  readonly problems: readonly string[];
  /** Set when the target is critical because the source was. */
  readonly severity?: MovedSeverity | undefined;
}

/**
 * Moves all that hangs on a ticket to another; what remembers where it came from keeps the first place. The source keeps its
 * own participants and links beside: an archived ticket tells nobody, and whoever cited it meant it.
 */
export async function moveBelongings(em: EntityManager, from: number, to: number): Promise<Moved> {
  const ids = async (sql: string, values: unknown[]) => (await em.execute<{ id: string }[]>(sql, values)).map(({ id }) => id);
  // The target looks for what ends with it as soon as anything of the kind comes to it.
  await em.execute(
    'update ticket set has_dependents = true where number = ? and not has_dependents and (select has_dependents from ticket where number = ?)',
    [to, from],
  );
  const come = 'set ticket_number = ?, from_number = coalesce(from_number, ticket_number) where ticket_number = ?';
  return {
    messages: await ids(`update message ${come} returning id`, [to, from]),
    // One that reads along there already goes on reading there; twice would be two copies of every answer.
    outsideAddresses: await ids(
      `update ticket_outside_address ${come} and removed_at is null
        and address not in (select address from ticket_outside_address where ticket_number = ? and removed_at is null) returning id`,
      [to, from, to],
    ),
    participants: await ids(
      `insert into ticket_participant (ticket_number, user_id) select ?, user_id from ticket_participant where ticket_number = ?
        on conflict do nothing returning user_id as id`,
      [to, from],
    ),
    links: await em.execute(
      `insert into ticket_link (from_number, to_number, kind)
        select ?, to_number, kind from ticket_link where from_number = ? and to_number <> ?
        union select from_number, ?, kind from ticket_link where to_number = ? and from_number <> ?
        on conflict do nothing returning from_number as "from", to_number as "to", kind`,
      [to, from, to, to, from, to],
    ),
    quotes: await ids('update quote set ticket_number = ? where ticket_number = ? returning id', [to, from]),
    problems: await moveProblemLinks(em, from, to),
    serverAccesses: await ids('update server_access set ticket_number = ? where ticket_number = ? returning id', [to, from]),
  };
}

/** Moves back what a merge moved, and only that. */
export async function moveBelongingsBack(em: EntityManager, to: number, from: number, moved: Moved): Promise<void> {
  const goBack = 'set ticket_number = ?, from_number = nullif(from_number, ?) where id = any(?::text[]) and ticket_number = ?';
  const list = (ids: readonly string[]) => `{${ids.join(',')}}`;
  await em.execute(`update message ${goBack}`, [to, to, list(moved.messages), from]);
  await em.execute(`update ticket_outside_address ${goBack}`, [to, to, list(moved.outsideAddresses), from]);
  await em.execute('delete from ticket_participant where ticket_number = ? and user_id = any(?::text[])', [from, list(moved.participants)]);
  await em.execute(
    `delete from ticket_link l using jsonb_to_recordset(?::jsonb) as m ("from" integer, "to" integer, kind text)
      where l.from_number = m."from" and l.to_number = m."to" and l.kind = m.kind`,
    [JSON.stringify(moved.links)],
  );
  await moveProblemLinks(em, from, to, moved.problems);
  for (const [table, ids] of [
    ['quote', moved.quotes],
    ['server_access', moved.serverAccesses],
  ] as const)
    await em.execute(`update ${table} set ticket_number = ? where id = any(?::text[]) and ticket_number = ?`, [to, list(ids), from]);
}

/** How a ticket's lists tell of its conversation, counted from the messages that lie in it now; nothing where none do. */
export async function conversationOf(
  em: EntityManager,
  number: number,
): Promise<Partial<Pick<Ticket, 'replyCount' | 'lastMessageAt' | 'lastMessageBy'>>> {
  const [row] = await em.execute<{ replies: number; at: string; side: 'customer' | 'staff' }[]>(
    `select (count(*) over ())::integer - 1 as replies, created_at as at, author_side as side from message
      where ticket_number = ? and visibility = 'public' order by created_at desc, id desc limit 1`,
    [number],
  );
  return row ? { replyCount: row.replies, lastMessageAt: new Date(row.at), lastMessageBy: row.side } : {};
}

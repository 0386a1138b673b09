/** Who has a ticket's page open (SPEC T13): of the moment, kept without revision, history or audit. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { tellPages } from '../change-feed.ts';

export interface PresentPerson {
  readonly id: string;
  readonly name: string;
  readonly writing: boolean;
}

/** Pages say so every 15 seconds; who has not been heard for so long has gone. */
export const presentForSeconds = 40;

/**
 * Notes that somebody has a ticket open, and whether he writes.
 * @returns the others who have it open, and whether anything is new, so that their pages must hear; undefined when no such ticket is
 */
export async function bePresent(
  em: EntityManager,
  at: Date,
  { number, userId, writing }: { number: number; userId: string; writing: boolean },
): Promise<{ others: PresentPerson[]; changed: boolean } | undefined> {
  const since = new Date(at.getTime() - presentForSeconds * 1000);
  const [before] = await em.execute<{ known: boolean }[]>(
    `select exists (select 1 from ticket_presence where ticket_number = t.number and user_id = ? and writing = ? and seen_at > ?) as known
      from ticket t where t.number = ?`,
    [userId, writing, since, number],
  );
  if (!before) return undefined;
  await em.execute(
    `insert into ticket_presence (ticket_number, user_id, writing, seen_at) values (?, ?, ?, ?)
      on conflict (ticket_number, user_id) do update set writing = excluded.writing, seen_at = excluded.seen_at`,
    [number, userId, writing, at],
  );
  if (!before.known) await tellOthers(em, at, number, userId);
  return { others: await listOthers(em, number, userId, since), changed: !before.known };
}

/** Somebody leaves the ticket's page. @returns whether he was there */
export async function leaveTicket(em: EntityManager, at: Date, number: number, userId: string): Promise<boolean> {
  const gone = await em.execute<unknown[]>('delete from ticket_presence where ticket_number = ? and user_id = ? returning 1', [
    number,
    userId,
  ]);
  if (gone.length > 0) await tellOthers(em, at, number, userId);
  return gone.length > 0;
}

/** Whose presence it is goes along, so that his own pages do not answer. */
function tellOthers(em: EntityManager, at: Date, number: number, userId: string): Promise<void> {
  return tellPages(em, at, { staff: true }, { what: 'presence', ticket: spellTicketNumber(number), id: userId });
}

async function listOthers(em: EntityManager, number: number, userId: string, since: Date): Promise<PresentPerson[]> {
  return em.execute<PresentPerson[]>(
    `select p.user_id as id, u.name, p.writing from ticket_presence p join app_user u on u.id = p.user_id
      where p.ticket_number = ? and p.user_id <> ? and p.seen_at > ? order by u.name, u.id limit 20`,
    [number, userId, since],
  );
}

/** Forgets who was present long ago. */
export async function forgetPresence(em: EntityManager, now: Date): Promise<void> {
  await em.execute('delete from ticket_presence where seen_at < ?', [new Date(now.getTime() - 3600 * 1000)]);
}

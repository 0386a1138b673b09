import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Whom to tell of what cannot wait in a queue: those on its duty list, else whoever works in it, else the administrators, so
 * that somebody always hears of it. People who are locked out are not counted.
 */
export async function whomToCall(em: EntityManager, queueId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `with found as (
        select d.user_id as id, 1 as rank from queue_duty d where d.queue_id = ?
        union all select s.user_id, 2 from queue_staff s where s.queue_id = ?
        union all select a.id, 3 from app_user a where a.staff_role = 'administrator'),
      able as (
        select f.id, f.rank from found f join app_user u on u.id = f.id where u.kind = 'staff' and u.disabled_at is null)
      select id from able where rank = (select min(rank) from able)`,
    [queueId, queueId],
  );
  return rows.map(({ id }) => id);
}

/**
 * Whom to warn of a deadline that is near (SPEC S5): whoever has the ticket, and those who work in its queue. Where nobody of
 * them is there any more, whoever is called for what is urgent.
 */
export async function whomToWarn(
  em: EntityManager,
  ticket: { readonly queueId: string; readonly assigneeId: string | null },
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select u.id from app_user u where u.kind = 'staff' and u.disabled_at is null
        and (u.id = ? or u.id in (select s.user_id from queue_staff s where s.queue_id = ?)) order by u.id`,
    [ticket.assigneeId, ticket.queueId],
  );
  return rows.length ? rows.map(({ id }) => id) : whomToCall(em, ticket.queueId);
}

/** Whom to tell of a broken promise (SPEC S5): those on duty, and whoever has the ticket. */
export async function whomToTellOfBreach(
  em: EntityManager,
  ticket: { readonly queueId: string; readonly assigneeId: string | null },
): Promise<string[]> {
  const called = await whomToCall(em, ticket.queueId);
  const rows = await em.execute<{ id: string }[]>(`select id from app_user where id = ? and kind = 'staff' and disabled_at is null`, [
    ticket.assigneeId,
  ]);
  return [...new Set([...called, ...rows.map(({ id }) => id)])];
}

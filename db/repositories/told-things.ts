/** What a notification tells of besides its ticket (SPEC N3): read when its mail is written, so that it is as it is then. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Money } from '../../domain/money.ts';
import type { AccessEnding, AccessWay } from '../../domain/server-access.ts';

export type ToldThing =
  | { readonly kind: 'quote'; readonly amount: Money; readonly description: string; readonly validUntil: Date }
  | { readonly kind: 'look'; readonly server: string; readonly by: string; readonly at: Date; readonly reason: string }
  | { readonly kind: 'access'; readonly server: string; readonly way: AccessWay; readonly endedBy: AccessEnding | null };

/** Reads the thing by the id that its notification holds; undefined for what no mail tells more of. */
export async function readToldThing(em: EntityManager, about: string): Promise<ToldThing | undefined> {
  switch (about.slice(0, 3)) {
    case 'quo':
      return readQuote(em, about);
    case 'sav':
      return readLook(em, about);
    case 'sac':
      return readAccess(em, about);
    default:
      return undefined;
  }
}

async function readQuote(em: EntityManager, id: string): Promise<ToldThing | undefined> {
  const [row] = await em.execute<{ amount_minor: string; currency: string; description: string; ends_at: string }[]>(
    `select q.amount_minor, q.currency, q.description, coalesce(o.due_at, q.valid_until) as ends_at
      from quote q left join obligation o on o.entity = 'quote:' || q.id where q.id = ?`,
    [id],
  );
  return (
    row && {
      kind: 'quote',
      amount: { amountMinor: Number(row.amount_minor), currency: row.currency },
      description: row.description,
      validUntil: new Date(row.ends_at),
    }
  );
}

async function readLook(em: EntityManager, id: string): Promise<ToldThing | undefined> {
  const [row] = await em.execute<{ server: string; by: string; at: string; reason: string }[]>(
    `select s.address as server, u.name as by, v.at, v.reason from server_access_view v
        join server_access s on s.id = v.server_access_id join app_user u on u.id = v.staff_id where v.id = ?`,
    [id],
  );
  return row && { kind: 'look', ...row, at: new Date(row.at) };
}

async function readAccess(em: EntityManager, id: string): Promise<ToldThing | undefined> {
  const [row] = await em.execute<{ server: string; way: AccessWay; endedBy: AccessEnding | null }[]>(
    'select address as server, way, ended_by as "endedBy" from server_access where id = ?',
    [id],
  );
  return row && { kind: 'access', ...row };
}

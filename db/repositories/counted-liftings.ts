/** What liftings of a hold have counted already (SPEC M3), as the records of their jobs say. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CountedTo } from '../../domain/hold.ts';

/**
 * Up to where liftings of this hold that were broken off have counted, by entity: what they moved is not moved again. What
 * their record does not name lay aside then, and was not moved.
 * @param one when given, of this entity only, and only what was done until then
 */
export async function countedTo(
  em: EntityManager,
  holdId: string,
  one?: { readonly entity: string; readonly until?: Date },
): Promise<ReadonlyMap<string, CountedTo>> {
  const rows = await em.execute<({ entity: string } & { [deadline in keyof CountedTo]: string | null })[]>(
    `select i.entity, ${Object.entries(recordedAs)
      .map(([deadline, field]) => `max(j.params ->> 'to') filter (where i.before ->> '${field}' is not null) as ${deadline}`)
      .join(', ')}
      from job j join job_item i on i.job_id = j.id and i.state = 'done'
      where j.kind = 'lift_hold' and j.params ->> 'hold' = ? ${one ? 'and i.entity = ?' : ''} ${one?.until ? 'and i.settled_at <= ?' : ''} group by i.entity`,
    [holdId, ...(one ? [one.entity] : []), ...(one?.until ? [one.until] : [])],
  );
  return new Map(
    rows.map(({ entity, ...counted }) => [
      entity,
      Object.fromEntries(Object.entries(counted).flatMap(([deadline, to]) => (to ? [[deadline, new Date(to)]] : []))),
    ]),
  );
}

/** How a lifting's record names each deadline that it moved. */
const recordedAs: Readonly<Record<keyof CountedTo, string>> = {
  closing: 'closesAt',
  archiving: 'archivesAt',
  response: 'responseDueAt',
  fix: 'fixDueAt',
  expiry: 'validUntil',
};

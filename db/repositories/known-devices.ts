import type { EntityManager } from '@mikro-orm/postgresql';

/** More browsers than anybody has; the one not seen for longest is forgotten. */
const mostDevices = 50;

/**
 * Notes that somebody signed in from this browser, known by the hash of its cookie.
 * @returns `known` from before, `new` beside others, or `first` of all
 */
export async function noteDevice(em: EntityManager, at: Date, userId: string, deviceHash: string): Promise<'known' | 'new' | 'first'> {
  const known = await em.execute<unknown[]>('update known_device set last_seen_at = ? where user_id = ? and device_hash = ? returning 1', [
    at,
    userId,
    deviceHash,
  ]);
  if (known.length) return 'known';
  const [others] = await em.execute<{ count: string }[]>('select count(*) as count from known_device where user_id = ?', [userId]);
  await em.execute(
    'insert into known_device (user_id, device_hash, first_seen_at, last_seen_at) values (?, ?, ?, ?) on conflict (user_id, device_hash) do nothing',
    [userId, deviceHash, at, at],
  );
  await em.execute(
    'delete from known_device where user_id = ? and device_hash in (select device_hash from known_device where user_id = ? order by last_seen_at desc offset ?)',
    [userId, userId, mostDevices],
  );
  return Number(others?.count ?? 0) === 0 ? 'first' : 'new';
}

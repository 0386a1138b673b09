import type { Database } from '../database.ts';

const day = 24 * 3600 * 1000;

/**
 * Forgets what identity needs no more: attempts and links that ran out, registrations nobody confirmed (they hold a name
 * and an address of somebody who is no customer), tokens that expired a month ago, browsers not seen for as long as their
 * cookie lives. Facts and the audit stay.
 */
export async function forgetStaleIdentity(database: Database, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * day);
  const em = database.fork();
  await em.execute('delete from challenge where expires_at < ?', [before(1)]);
  await em.execute('delete from mailed_link where expires_at < ?', [before(1)]);
  await em.execute('delete from registration where confirmed_at is null and created_at < ?', [before(7)]);
  await em.execute('delete from api_token where expires_at < ?', [before(30)]);
  await em.execute('delete from known_device where last_seen_at < ?', [before(400)]);
}

import type { Database } from '../database.ts';

const day = 24 * 3600 * 1000;

/** So many rows of a kind go at once, so that the sweep after a flood stays short; the rest goes with the next. */
const forgottenAtOnce = 10_000;

/** What is forgotten how many days after its instant; each condition has its index. */
const stale: readonly { table: string; condition: string; days: number }[] = [
  { table: 'challenge', condition: 'expires_at < ?', days: 1 },
  { table: 'mailed_link', condition: 'expires_at < ?', days: 1 },
  { table: 'registration', condition: 'created_at < ? and confirmed_at is null', days: 7 },
  {
    table: 'letter',
    condition: `created_at < ? and recipient_id is null
      and not exists (select 1 from delivery d where d.id = letter.delivery_id and d.state = 'pending')`,
    days: 14,
  },
  { table: 'api_token', condition: 'expires_at < ?', days: 30 },
  { table: 'known_device', condition: 'last_seen_at < ?', days: 400 },
];

/**
 * Forgets what identity needs no more: attempts and links that ran out, registrations nobody confirmed and letters to
 * somebody we do not know (they hold a name or an address of somebody who is no customer), tokens that expired a month ago,
 * browsers not seen for as long as their cookie lives. Facts and the audit stay.
 */
export async function forgetStaleIdentity(database: Database, now: Date): Promise<void> {
  const em = database.fork();
  for (const { table, condition, days } of stale)
    await em.execute(`delete from ${table} where ctid in (select ctid from ${table} where ${condition} limit ?)`, [
      new Date(now.getTime() - days * day),
      forgottenAtOnce,
    ]);
}

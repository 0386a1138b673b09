/**
 * What open pages must hear (DESIGN, "The outbox"): rows written in the transaction of the fact, read by the API's processes
 * in the order of transactions (docs/decisions/0009-live-pages.md).
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LiveTopic } from '../domain/live-topic.ts';

/** Whom a topic is for; each may be left out. Customers of an account hear only of what is public. */
export interface TopicAudience {
  readonly accountId?: string;
  readonly staff?: boolean;
  /** One person, whatever he is. */
  readonly userId?: string;
}

/**
 * Tells open pages that something changed, when the transaction commits. A ticket's facts tell of themselves
 * (`recordTicketFact`). The caller rings the outbox's bell after the commit, as for every fact.
 */
export async function tellPages(em: EntityManager, at: Date, to: TopicAudience, topic: LiveTopic): Promise<void> {
  await em.execute('insert into change_feed (at, topic, account_id, staff, user_id) values (?, ?::jsonb, ?, ?, ?)', [
    at,
    JSON.stringify(topic),
    to.accountId ?? null,
    to.staff ?? false,
    to.userId ?? null,
  ]);
}

/** A place in the feed. Everything of a transaction lies together; transactions lie in the order of their numbers. */
export interface FeedPosition {
  readonly tx: bigint;
  readonly id: bigint;
}

export interface FeedRow extends FeedPosition {
  readonly topic: LiveTopic;
  readonly accountId: string | null;
  readonly staff: boolean;
  readonly userId: string | null;
}

export interface FeedReading {
  readonly rows: readonly FeedRow[];
  /** Everything up to here has been read. */
  readonly upTo: FeedPosition;
  /** There is more to read at once. */
  readonly more: boolean;
  /** Rows are there that an older transaction, which still runs, keeps back: look again soon. */
  readonly withheld: boolean;
  /** The feed may have forgotten some of what followed the position. */
  readonly forgotten: boolean;
  /** The position lies ahead of this server: it was another's, before a backup was restored. */
  readonly ahead: boolean;
}

/** Whatever runs a statement with values. The feed is read on a connection of its own, which no pool knows. */
export interface FeedConnection {
  query<Row extends object>(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: Row[] }>;
}

/**
 * Reads what follows a position, in order. A row is told only when every transaction before its own has ended: else one
 * that commits later could lie before a position that was read already, and be lost.
 */
export async function readFeed(connection: FeedConnection, after: FeedPosition, limit: number): Promise<FeedReading> {
  const { rows } = await connection.query<StoredRow>({
    name: 'read-change-feed',
    text: feedQuestion,
    values: [String(after.tx), String(after.id), limit + 1],
  });
  const horizon = BigInt(rows[0]!.horizon);
  const found = rows.filter((row) => row.tx !== null).map(feedRowOf);
  const ended = found.filter((row) => row.tx < horizon);
  const told = ended.slice(0, limit);
  const more = ended.length > limit;
  return {
    rows: told,
    upTo: more ? told.at(-1)! : laterOf(after, { tx: horizon, id: 0n }),
    more,
    withheld: found.length > ended.length,
    forgotten: !rows[0]!.known,
    ahead: after.tx > horizon,
  };
}

/** Where the feed ends now. */
export async function readFeedEnd(connection: FeedConnection): Promise<FeedPosition> {
  const { rows } = await connection.query<{ horizon: string }>({
    name: 'read-change-feed-end',
    text: 'select pg_snapshot_xmin(pg_current_snapshot())::text as horizon',
    values: [],
  });
  return { tx: BigInt(rows[0]!.horizon), id: 0n };
}

const feedQuestion = `
with seen as materialized (
  select pg_snapshot_xmin(pg_current_snapshot()) as horizon,
    exists (select 1 from change_feed where (tx, id) <= ($1::xid8, $2::bigint)) as known)
select seen.horizon::text, seen.known, f.tx::text, f.id::text, f.topic, f.account_id, f.staff, f.user_id
  from seen left join lateral (
    select * from change_feed where (tx, id) > ($1::xid8, $2::bigint) order by tx, id limit $3) f on true
  order by f.tx, f.id`;

interface StoredRow {
  horizon: string;
  known: boolean;
  tx: string | null;
  id: string;
  topic: LiveTopic;
  account_id: string | null;
  staff: boolean;
  user_id: string | null;
}

function feedRowOf(row: StoredRow): FeedRow {
  return {
    tx: BigInt(row.tx!),
    id: BigInt(row.id),
    topic: row.topic,
    accountId: row.account_id,
    staff: row.staff,
    userId: row.user_id,
  };
}

export function isLater(one: FeedPosition, other: FeedPosition): boolean {
  return one.tx === other.tx ? one.id > other.id : one.tx > other.tx;
}

function laterOf(one: FeedPosition, other: FeedPosition): FeedPosition {
  return isLater(one, other) ? one : other;
}

/** As an event's id spells it. */
export function spellPosition({ tx, id }: FeedPosition): string {
  return `${tx}-${id}`;
}

/** @returns undefined for what is none of ours */
export function readPosition(text: string): FeedPosition | undefined {
  const found = /^(\d{1,19})-(\d{1,18})$/.exec(text);
  return found ? { tx: BigInt(found[1]!), id: BigInt(found[2]!) } : undefined;
}

/** So many rows go at once, so that the sweep stays short; the rest goes with the next. */
const forgottenAtOnce = 50_000;

/**
 * Forgets what is older than an instant, but for its newest row, which tells that nothing after it is missing; and rows
 * that a backup brought from another server, whose transactions are yet to come here.
 */
export async function forgetOldChanges(em: EntityManager, before: Date): Promise<void> {
  // From the old end: what is fresh is never walked over.
  await em.execute(
    `with fresh as (
        (select tx, id from change_feed where at >= ? order by tx, id limit 1)
        union all select '18446744073709551615'::xid8, 0 order by tx limit 1),
      kept as (
        select f.tx, f.id from change_feed f, fresh where (f.tx, f.id) < (fresh.tx, fresh.id) order by f.tx desc, f.id desc limit 1),
      old as (
        select f.tx, f.id from change_feed f, kept where (f.tx, f.id) < (kept.tx, kept.id) order by f.tx, f.id limit ?)
      delete from change_feed f using old where (f.tx, f.id) = (old.tx, old.id)`,
    [before, forgottenAtOnce],
  );
  await em.execute('delete from change_feed where tx > pg_snapshot_xmax(pg_current_snapshot())');
}

/**
 * Keeps what is indexed of each ticket up to date (SPEC T10), behind the wish: a fact only notes that its ticket's document
 * is out of date, and the dispatcher brings it up to date in batches, soon after. Doing it twice changes nothing.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../domain/clock.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { ticketEntity } from '../../domain/ticket.ts';
import type { Database } from '../database.ts';
import { openCase } from './cases.ts';

/** Serialises who writes documents: each is made of what it was before. */
const refreshLock = 7_201_341;

/** Notes that these tickets' documents must be made anew from all their messages, as some of them moved. */
export async function rebuildDocuments(em: EntityManager, numbers: readonly number[]): Promise<void> {
  await em.execute('insert into search_due (ticket_number, whole) select number, true from unnest(?::integer[]) number', [
    `{${numbers.join(',')}}`,
  ]);
}

/**
 * Brings up to date what was noted first.
 * @param most notes at a time
 * @returns how many notes are done with; fewer than asked for when none is left
 */
export async function refreshDocuments(database: Database, clock: Clock, most: number): Promise<number> {
  const ids = (await database.fork().execute<{ id: string }[]>('select id from search_due order by id limit ?', [most])).map(
    ({ id }) => id,
  );
  if (ids.length === 0) return 0;
  try {
    await refresh(database, ids);
  } catch (error) {
    if (ids.length === 1) await giveUp(database, clock, ids[0]!, error);
    // One that cannot be indexed must not keep the others from it.
    else for (const id of ids) await refresh(database, [id]).catch((fault: unknown) => giveUp(database, clock, id, fault));
  }
  return ids.length;
}

async function refresh(database: Database, ids: readonly string[]): Promise<void> {
  await database.fork().transactional(async (em) => {
    // What a crash takes back with this commit is noted as due again with it: the commit need not wait for the disk.
    await em.execute('set local synchronous_commit = off');
    await em.execute('select pg_advisory_xact_lock(?)', [refreshLock]);
    await em.execute(writeDocuments, [`{${ids.join(',')}}`]);
  });
}

/** While the database is away nothing is given up: only what the database itself refused. */
async function giveUp(database: Database, clock: Clock, id: string, error: unknown): Promise<void> {
  const { code } = error as { code?: string };
  // Class 22, data, and 54, limits: the same again however often it is tried.
  if (code === undefined || !/^(?:22|54)/.test(code)) throw error;
  await database.fork().transactional(async (em) => {
    const [due] = await em.execute<{ ticket_number: number }[]>('delete from search_due where id = ? returning ticket_number', [id]);
    if (!due) return;
    const about = ticketEntity(spellTicketNumber(due.ticket_number));
    await openCase(em, clock.now(), { kind: 'search.not_indexed', about, detail: { why: code } });
  });
}

/** Words are added as messages come; a document that is missing, or whose messages moved, is made of all there is. */
const writeDocuments = `
with due as (delete from search_due where id = any(?::bigint[]) returning ticket_number, message_id, whole),
wanted as materialized (
  select t.number, t.last_message_at, s.words as had,
      search_facets(t.account_id, t.queue_id, t.status, t.priority, t.assignee_id, t.severity, t.tags, t.last_message_at) as facets,
      case when noted.whole or s.number is null then search_ticket_words(t.number) end as made,
      case when not noted.whole and s.number is not null then (
        select search_union(search_words(m.body, case m.visibility when 'internal' then '#' else '' end) order by m.created_at, m.id)
          from message m where m.id = any(noted.messages) and m.ticket_number = t.number) end as added
    from (select ticket_number, bool_or(whole) as whole, array_agg(message_id) as messages from due group by ticket_number) noted
      join ticket t on t.number = noted.ticket_number left join ticket_search s on s.number = t.number),
known as (
  insert into search_word (word, seen)
    select ltrim(word, '#') as plain, count(distinct number) filter (where number % 17 = 0)
      from wanted, unnest(tsvector_to_array(ts_delete(coalesce(made, added), tsvector_to_array(coalesce(had, ''))))) word
      where number % 17 = 0 or ltrim(word, '#') ~ '^[[:alpha:]]{3,30}$'
      group by plain order by plain
  on conflict (word) do update set seen = search_word.seen + excluded.seen where excluded.seen > 0)
insert into ticket_search (number, last_message_at, facets, words)
  select number, last_message_at, facets, coalesce(made, search_join(had, added)) from wanted order by number
on conflict (number) do update set last_message_at = excluded.last_message_at, facets = excluded.facets, words = excluded.words
  where (ticket_search.last_message_at, ticket_search.facets, ticket_search.words) is distinct from (excluded.last_message_at, excluded.facets, excluded.words)`;

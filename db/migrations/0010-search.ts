import { Migration } from '@mikro-orm/migrations';

/**
 * Finding tickets (SPEC T10): what is indexed of each, who has read how far, and the orders that lists are read in.
 *
 * The reasons are in docs/decisions/0010-search.md.
 */
export class Search extends Migration {
  override up(): void {
    this.addSql(words);
    this.addSql(documents);
    this.addSql(walk);
    this.addSql(readMarks);
    this.addSql(orders);
    this.addSql(grants);
    this.addSql('insert into search_due (ticket_number, whole) select number, true from ticket');
  }

  override down(): void {
    this.addSql(ordersBefore);
    this.addSql('drop function search_tickets');
    this.addSql('drop table ticket_read, search_due, search_word, ticket_search');
    this.addSql('drop function search_facets, search_buckets, search_ticket_words');
    this.addSql('drop aggregate search_union (tsvector)');
    this.addSql('drop function search_join, search_words, search_fold');
    this.addSql('drop text search configuration kontor');
  }
}

/**
 * Cyrillic words go to the Russian stemmer, Latin ones to the English, each with its stop words. `search_words` gives a
 * text's words without places: nothing is asked by neighbourhood, and a document without places is a third as large.
 */
const words = `
create text search configuration kontor (copy = pg_catalog.russian);

create function search_fold(written text) returns text language sql immutable strict parallel safe
  return translate(lower(written collate pg_c_utf8), 'ё', 'е');

create function search_words(written text, mark text default '') returns tsvector language sql immutable strict parallel safe
  return (select coalesce(array_to_tsvector(array_agg(mark || lexeme)), '')
    from unnest(to_tsvector('public.kontor'::regconfig, search_fold(written))) where octet_length(lexeme) <= 800);

-- A ticket's words, no more than a tsvector can hold (1 MB) with room to spare: what is said after that is not found.
create function search_join(had tsvector, more tsvector) returns tsvector language sql immutable parallel safe
  return case when more is null or pg_column_size(had) > 200000 then had else had || more end;

create aggregate search_union (tsvector) (sfunc = search_join, stype = tsvector, initcond = '', parallel = safe);
`;

/**
 * What can be found, a row for each ticket. A word that only notes hold carries the mark '#', which no query of a customer
 * asks for. What lists narrow by stands among the words as facets, '@…', so that one index meets them all.
 */
const documents = `
create table ticket_search (
  number integer primary key references ticket (number),
  last_message_at timestamptz(3) not null,
  facets text[] not null,
  words tsvector not null
);

-- Without a list of pending entries, which every search would have to read through.
create index ticket_search_words_idx on ticket_search using gin ((words || array_to_tsvector(facets))) with (fastupdate = off);
create index ticket_search_recent_idx on ticket_search (last_message_at);

-- The words there are, and in how many of every seventeenth ticket each was seen: enough to tell the rare from the common.
create table search_word (word text collate "C" primary key, seen integer not null);

create table search_due (
  id bigint generated always as identity primary key,
  ticket_number integer not null,
  message_id text,
  whole boolean not null default false
);

create function search_ticket_words(asked integer) returns tsvector language sql stable parallel safe
  return (select search_union(said.words order by said.at nulls first)
    from (select search_words(t.subject) as words, null::timestamptz as at from ticket t where t.number = asked
      union all
      select search_words(m.body, case m.visibility when 'internal' then '#' else '' end), m.created_at from message m where m.ticket_number = asked) said);

-- The names of the hours, days, months or years that a window of time touches.
create function search_buckets(grain text, since timestamptz, until timestamptz) returns text[] language sql immutable parallel safe
  return (select array_agg('@' || left(grain, 1) || to_char(bucket, case grain when 'year' then 'YYYY' when 'month' then 'YYYYMM' when 'day' then 'YYYYMMDD' else 'YYYYMMDDHH24' end))
    from generate_series(date_trunc(grain, since at time zone 'UTC'), until at time zone 'UTC' - interval '1 ms', ('1 ' || grain)::interval) bucket);

create function search_facets(account text, queue text, status text, priority text, assignee text, severity text, tags text[], at timestamptz) returns text[]
  language sql immutable parallel safe
  return array['@a:' || account, '@q:' || queue, '@s:' || status, '@p:' || priority, '@w:' || coalesce(assignee, 'none'), '@v:' || coalesce(severity, 'none')] || array(select '@t:' || tag from unnest(tags) tag)
    || search_buckets('year', at, at + interval '1 ms') || search_buckets('month', at, at + interval '1 ms')
    || search_buckets('day', at, at + interval '1 ms') || search_buckets('hour', at, at + interval '1 ms');
`;

/**
 * The newest tickets that a question finds, at least \`enough\` of them if there are so many. An index of words knows no order: a
 * common word would be gathered from all years to show its newest page. So the newest hours are asked first, then two days,
 * the week before, two months, all the rest; a window that holds too many is parted into years, months, days, hours, and
 * its newest part asked first. A window is one more word of the question, which the index intersects.
 *
 * Where one part of the question is known to be rare, that part alone is asked of the index, and the rest of the few
 * documents it gives: a common word's list is long, and to look into it for each of them takes longer.
 */
const walk = `
create function search_tickets(asked tsquery, rare tsquery, before_at timestamptz, before_number integer, enough integer)
returns table (number integer, last_message_at timestamptz) language plpgsql stable rows 500
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  grains constant text[] := array['year', 'month', 'day', 'hour'];
  most constant integer := greatest(enough, 200);
  few constant integer := 400;
  newest timestamptz := least(before_at, (select max(s.last_message_at) from ticket_search s));
  oldest timestamptz := (select min(s.last_message_at) from ticket_search s);
  today timestamptz := date_trunc('day', newest, 'UTC');
  month timestamptz := date_trunc('month', newest, 'UTC') - interval '1 month';
  -- Windows still to be asked, the newest last. A window's grain is that of the names it is asked by; the last has none.
  hour timestamptz := date_trunc('hour', newest, 'UTC');
  since timestamptz[] := array[date_trunc('year', oldest, 'UTC'), month, today - interval '8 days', today - interval '1 day', hour - interval '5 hours'];
  until timestamptz[] := array[month, today - interval '8 days', today - interval '1 day', hour - interval '5 hours', hour + interval '1 hour'];
  grain text[] := array[null, 'month', 'day', 'day', 'hour'];
  at integer := 5;
  a timestamptz; b timestamptz; g text; names text[]; narrowed tsquery; whole boolean;
  numbers integer[]; ats timestamptz[]; found integer := 0;
begin
  if newest is null then return; end if;
  if rare is not null then
    select count(*), array_agg(given.number) filter (where given.fits), array_agg(given.last_message_at) filter (where given.fits) into found, numbers, ats from (
      select s.number, s.last_message_at, (s.words || array_to_tsvector(s.facets)) @@ asked as fits from ticket_search s
        where (s.words || array_to_tsvector(s.facets)) @@ rare limit few + 1) given;
    if found <= few then
      return query select hit.number, hit.at from unnest(numbers, ats) hit (number, at)
        where before_at is null or (hit.at, hit.number) < (before_at, before_number);
      return;
    end if;
    found := 0;
  end if;
  while at > 0 and found < enough loop
    a := since[at]; b := until[at]; g := grain[at]; at := at - 1;
    continue when a >= b or b <= oldest;
    names := search_buckets(g, a, b);
    whole := g is not distinct from 'hour' and cardinality(names) = 1;
    narrowed := case when g is null then asked else asked && array_to_string(array(select quote_literal(name) from unnest(names) name), '|')::tsquery end;
    -- The sums keep the conditions on time and number from being looked up in indexes of their own.
    select array_agg(probe.number), array_agg(probe.last_message_at) into numbers, ats from (
      select s.number, s.last_message_at from ticket_search s
        where (s.words || array_to_tsvector(s.facets)) @@ narrowed
          and s.last_message_at + interval '0' >= a and s.last_message_at + interval '0' < b
          and (before_at is null or (s.last_message_at + interval '0', s.number + 0) < (before_at, before_number))
        limit case when whole then null else most + 1 end) probe;
    if numbers is null then continue; end if;
    if cardinality(numbers) <= most or whole then
      found := found + cardinality(numbers);
      return query select * from unnest(numbers, ats);
      continue;
    end if;
    if g is null then g := 'year';
    elsif cardinality(names) = 1 then g := grains[array_position(grains, g) + 1];
    end if;
    select since[:at] || array_agg(greatest(part at time zone 'UTC', a) order by part),
        until[:at] || array_agg(least((part + ('1 ' || g)::interval) at time zone 'UTC', b) order by part),
        grain[:at] || array_agg(g)
      into since, until, grain
      from generate_series(date_trunc(g, a at time zone 'UTC'), b at time zone 'UTC' - interval '1 ms', ('1 ' || g)::interval) part;
    at := cardinality(since);
  end loop;
end $$;
`;

/** How far somebody has read: the last message he has seen. */
const readMarks = `
create table ticket_read (
  user_id text not null references app_user (id),
  ticket_number integer not null references ticket (number),
  read_at timestamptz(3) not null,
  primary key (user_id, ticket_number)
);
`;

/**
 * Each order that a list offers, over the active tickets, which are few, and over the archive, whose rows no more change: an
 * answer is written into the indexes of the active alone.
 */
const orders = `
drop index ticket_waiting_idx, ticket_updated_idx;
create index ticket_waiting_idx on ticket ((coalesce(waiting_since, 'infinity'::timestamptz)), number) where status <> 'archived';
create index ticket_active_message_idx on ticket (last_message_at desc, number desc) where status <> 'archived';
create index ticket_active_created_idx on ticket (created_at desc, number desc) where status <> 'archived';
create index ticket_status_idx on ticket (status, updated_at desc, number desc) where status <> 'archived';
create index ticket_queue_idx on ticket (queue_id, status, priority, (coalesce(waiting_since, 'infinity'::timestamptz)), number) where status <> 'archived';
create index ticket_owed_idx on ticket ((coalesce(waiting_since, 'infinity'::timestamptz)), number) where status in ('awaiting_staff', 'in_progress');
create index ticket_unassigned_idx on ticket ((coalesce(waiting_since, 'infinity'::timestamptz)), number) where status = 'awaiting_staff' and assignee_id is null;
create index ticket_account_active_idx on ticket (account_id, updated_at desc, number desc) where status <> 'archived';
create index ticket_account_message_idx on ticket (account_id, last_message_at desc, number desc) where status <> 'archived';
create index ticket_snoozed_idx on ticket (updated_at desc, number desc) where snoozed_until is not null;
create index ticket_archive_updated_idx on ticket (updated_at desc, number desc) where status = 'archived';
create index ticket_archive_message_idx on ticket (last_message_at desc, number desc) where status = 'archived';
create index ticket_archive_created_idx on ticket (created_at desc, number desc) where status = 'archived';
create index ticket_archive_waiting_idx on ticket ((coalesce(waiting_since, 'infinity'::timestamptz)), number) where status = 'archived';
create index ticket_archive_queue_idx on ticket (queue_id, updated_at desc, number desc) where status = 'archived';
create index ticket_archive_assignee_idx on ticket (assignee_id, updated_at desc, number desc) where status = 'archived';
create index ticket_archive_nobody_idx on ticket (updated_at desc, number desc) where status = 'archived' and assignee_id is null;
create index ticket_archive_account_message_idx on ticket (account_id, last_message_at desc, number desc) where status = 'archived';
create index ticket_archive_account_idx on ticket (account_id, queue_id, updated_at desc, number desc) where status = 'archived';
`;

const ordersBefore = `
drop index ticket_waiting_idx, ticket_active_message_idx, ticket_active_created_idx, ticket_account_message_idx, ticket_snoozed_idx,
  ticket_archive_updated_idx, ticket_archive_message_idx, ticket_archive_created_idx, ticket_archive_waiting_idx, ticket_archive_queue_idx,
  ticket_archive_assignee_idx, ticket_archive_nobody_idx, ticket_archive_account_idx, ticket_archive_account_message_idx, ticket_account_active_idx, ticket_status_idx, ticket_queue_idx, ticket_owed_idx, ticket_unassigned_idx;
create index ticket_waiting_idx on ticket (waiting_since, number) where waiting_since is not null;
create index ticket_updated_idx on ticket (updated_at desc, number desc);
`;

const grants = `
grant select, insert, update on ticket_search, ticket_read to kontor_app;
grant select, insert, update on search_word to kontor_app;
grant select, insert, delete, update on search_due to kontor_app;
`;

/**
 * Fills a database with what became of the clocks of a desk after years (SPEC S8), straight into the tables: tickets without
 * their conversations, two or three clocks each, by a plan's own calendar and by its terms as they changed.
 */
import { Client } from 'pg';
import { shareBounds } from '../../domain/service-report.ts';
import { dropIndexes } from './dropped-indexes.ts';

/** Clocks that ended, for each ticket of all. */
const runsPerTicket = 2.6;
/** Of all tickets, how many are open now; of these every tenth has broken a promise. */
const openShare = 0.013;

/** What questions may name. */
export interface Desk {
  readonly account: string;
  readonly largeAccount: string;
  readonly agent: string;
  readonly plan: string;
  readonly runs: number;
}

/** @param url the database as superuser: foreign keys are not looked up row by row */
export async function fillWithRuns(url: string, tickets: number, now: Date, say: (line: string) => void): Promise<Desk> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '256MB';
      set statement_timeout = 0; set work_mem = '64MB'; select setseed(0.5)`);
    await client.query(people, [Math.max(50, Math.min(5_000, Math.floor(tickets / 50)))]);
    await client.query(terms);
    const build = await dropIndexes(client, ['ticket', 'clock_run']);
    await client.query(ticketRows, [tickets, now, tickets * (1 - openShare)]);
    say(`${tickets} tickets written`);
    await client.query(tallies);
    const { rowCount } = await client.query(runRows, [tickets, Math.round(tickets * runsPerTicket), now]);
    say(`${rowCount} clocks written`);
    for (const table of ['ticket', 'clock_run']) await build(table, client);
    await client.query('vacuum analyze ticket, clock_run, clock_tally, service_terms');
    await client.query('checkpoint');
    say('indexes built');
    const one = async (sql: string) => (await client.query<{ id: string }>(sql)).rows[0]!.id;
    return {
      account: await one(`select account_id as id from ticket group by account_id order by count(*) offset 40 limit 1`),
      largeAccount: await one(`select account_id as id from ticket group by account_id order by count(*) desc limit 1`),
      agent: 'usr_10000000000000000000000007',
      plan: await one(`select id from sla_plan order by rank desc limit 1`),
      runs: rowCount ?? 0,
    };
  } finally {
    await client.end();
  }
}

const id = (prefix: string, number: string) => `'${prefix}_' || lpad((${number})::text, 26, '0')`;

/** Accounts with a member each, and forty people of the staff. */
const people = `
with accounts as (
  insert into account (id, name, currency, created_at) select ${id('acc', 'n')}, 'Account ' || n, 'RUB', '2023-01-01' from generate_series(1, $1::integer) n),
  customers as (
  insert into app_user (id, email, name, kind, locale, time_zone, password_hash, password_changed_at, created_at)
    select ${id('usr', 'n')}, n || '@customers.example', 'Customer ' || n, 'customer', 'ru', 'Europe/Moscow', '-', '2023-01-01', '2023-01-01' from generate_series(1, $1::integer) n)
insert into app_user (id, email, name, kind, staff_role, locale, time_zone, password_hash, password_changed_at, created_at)
  select replace(${id('usr', 'n')}, 'usr_0', 'usr_1'), n || '@staff.example', 'Agent ' || n, 'staff', 'support', 'ru', 'Europe/Moscow', '-', '2023-01-01', '2023-01-01'
    from generate_series(1, 40) n`;

/** Each plan's terms changed four times over the years. */
const terms = `
insert into service_terms (id, plan_id, version, response, critical_fix, calendar_id, made_at)
  select ${id('trm', `1000 + 10 * p.rank + v`)}, p.id, v, st.response, st.critical_fix, st.calendar_id, st.made_at
    from sla_plan p join service_terms st on st.id = p.terms_id, generate_series(2, 5) v`;

/** $1 tickets until $2, of which those from $3 on are open. Accounts are as unequal as customers are (Zipf, exponent 1). */
const ticketRows = `
insert into ticket (number, account_id, queue_id, opened_by_id, channel, subject, priority, status, assignee_id, reply_count, last_message_at, last_message_by,
    revision, created_at, updated_at, terms_id, terms_source, clocks, breaches_at, breached_at)
  select n, ${id('acc', 'a.place')}, q.ids[1 + floor(random() * cardinality(q.ids))], ${id('usr', 'a.place')}, 'api', 'Ticket number ' || n, 'medium',
      case when is_open then case when n % 3 = 0 then 'in_progress' else 'awaiting_staff' end else 'archived' end,
      case when n % 3 <> 1 then replace(${id('usr', '1 + floor(random() * 40)::integer')}, 'usr_0', 'usr_1') end, 1, at, 'customer', 3, at, at, t.ids[1 + n % cardinality(t.ids)], 'queue',
      case when is_open then jsonb_build_object('fix', null, 'response', jsonb_build_object('kind', 'next_response', 'since', at, 'target', '{"amount": 16, "unit": "hours"}'::jsonb,
        'termsId', t.ids[1 + n % cardinality(t.ids)], 'calendar', jsonb_build_object('id', c.id, 'version', c.version), 'hours', null, 'allowanceMs', 57600000, 'from', at, 'leftMs', 57600000,
        'dueAt', due, 'warnsAt', null, 'warned', true, 'breachedAt', case when is_broken then due end, 'counts', true)) end,
      case when is_open and not is_broken then due end, case when is_open and is_broken then due end
    from (select n, n > $3::numeric as is_open, n % 10 = 0 as is_broken, $2::timestamptz - (1 - n / $1::float8) * interval '3 years' as at,
          case when n % 10 = 0 then $2::timestamptz - random() * interval '5 days' else $2::timestamptz + random() * interval '8 days' end as due
        from generate_series(1, $1::integer) n) each,
      lateral (select floor((1 + (select count(*) from account)) ^ random())::integer as place where each.n is not null) a,
      (select array_agg(id order by position) as ids from queue) q, (select array_agg(id order by id) as ids from service_terms) t, (select id, version from calendar limit 1) c`;

/** Every way in which a clock may count. */
const tallies = `
insert into clock_tally (kind, terms_id, queue_id, agent_id, outcome)
  select k, st.id, q.id, case when a > 0 then replace(${id('usr', 'a')}, 'usr_0', 'usr_1') end, o
    from unnest(array['first_response', 'next_response', 'fix']) k, service_terms st, queue q, generate_series(0, 40) a, unnest(array['met', 'breached', 'void']) o`;

const [kindPlace, partPlace] = [2 ** 24, 2 ** 20];

/** $2 clocks of $1 tickets, in the order in which they ended; nine of ten promises are kept. */
const runRows = `
insert into clock_run (ticket_number, tally_id, since, decided_at, ended_at, allowance_ms, taken_ms, due_at, kind, spread)
  select number, tally, decided - interval '2 days' - place * interval '1 ms', decided, decided, allowance, taken, decided + interval '1 day', kind,
      case when outcome <> 'void' then array_position(array['first_response', 'next_response', 'fix'], kind) * ${kindPlace} - ${kindPlace}
        + width_bucket((taken * 100 + allowance - 1) / allowance - 1, '{${shareBounds.join(',')}}'::bigint[]) * ${partPlace} + (taken + 59999) / 60000 end
    from (select each.*, y.ids[1 + floor(random() * cardinality(y.ids))] as tally,
          case outcome when 'breached' then allowance * (1 + random() ^ 2 * 3) else allowance * random() ^ 1.5 end::bigint as taken
        from (select number, place, decided, kind, case when dice < 0.04 then 'void' when dice < 0.14 then 'breached' else 'met' end as outcome,
              case kind when 'fix' then 486000000 else 57600000 + 32400000 * (place % 4) end::bigint as allowance
            from (select 1 + floor((place - 1) * $1::float8 / $2)::integer as number, place, random() as dice, $3::timestamptz - (1 - place / $2::float8) * interval '3 years' as decided,
                  case when random() < 0.35 then 'first_response' when random() < 0.94 then 'next_response' else 'fix' end as kind
                from generate_series(1, $2::integer) place) drawn) each
          join (select kind, outcome, array_agg(id) as ids from clock_tally group by 1, 2) y using (kind, outcome)) taken`;

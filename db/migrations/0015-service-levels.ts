import { raw } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { spellId } from '../../domain/ids.ts';
import { lookFrom, spellYearLook } from '../../domain/missing-year.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { officialRussianYears } from '../data/official-calendar-ru.ts';

/**
 * Service levels (SPEC S1–S8): calendars, plans and agreements as data with versions, the clocks of tickets, and what became
 * of each clock, for reports.
 *
 * A calendar's version and the terms of a plan are never changed, only followed by others: `kontor_app` adds them. A deadline
 * names the version that gave it. Terms of an agreement name those of its plan that they were made on (`base_id`), and which of
 * them are its own. An agreement that ends when it begins was ended before it began, and has never applied.
 *
 * An installation begins with the official Russian calendar and the two plans of S1; which queue promises what by default is
 * for its administrator to say.
 */
export class ServiceLevels extends Migration {
  override up(): void {
    for (const statement of [calendars, plans, tickets, answered, runs, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
    this.addSql(tallyOf);
    this.addSql(
      raw(
        `insert into calendar (id, name, region, version, created_at, updated_at) values (?, ?::jsonb, 'RU', 1, to_timestamp(0), to_timestamp(0))`,
        [fixedId('calendar', 0), JSON.stringify({ en: 'Russia, five-day week', ru: 'Россия, пятидневная неделя' })],
      ),
    );
    this.addSql(
      raw(`insert into calendar_version (calendar_id, version, definition, made_at) values (?, 1, ?::jsonb, to_timestamp(0))`, [
        fixedId('calendar', 0),
        JSON.stringify(officialHours),
      ]),
    );
    this.promiseToLook();
    for (const [position, plan] of standardPlans.entries()) {
      this.addSql(
        raw(
          `insert into service_terms (id, plan_id, version, response, critical_fix, calendar_id, made_at)
            values (?, ?, 1, ?::jsonb, ?::jsonb, ?, to_timestamp(0))`,
          [
            fixedId('serviceTerms', position),
            fixedId('slaPlan', position),
            JSON.stringify(plan.response),
            JSON.stringify(plan.criticalFix),
            fixedId('calendar', 0),
          ],
        ),
      );
      this.addSql(
        raw(
          `insert into sla_plan (id, name, rank, terms_id, revision, created_at, updated_at)
            values (?, ?::jsonb, ?, ?, 1, to_timestamp(0), to_timestamp(0))`,
          [fixedId('slaPlan', position), JSON.stringify(plan.name), plan.rank, fixedId('serviceTerms', position)],
        ),
      );
    }
  }

  /**
   * The promise that every calendar has: to be looked at on the first 1 November on which it lacks the coming year. On an
   * installation that is younger than that it is overdue, and taken at once.
   */
  private promiseToLook(): void {
    const entity = timedEntity('calendar', fixedId('calendar', 0));
    const look = lookFrom(officialHours, '2025-01-01');
    this.addSql(
      raw(
        `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision) values (?, ?, null, 'flag_year', ?, ?, 0)`,
        [fixedId('obligation', 0), entity, look.dueAt.toISOString(), spellYearLook(look)],
      ),
    );
    this.addSql(
      raw(`insert into outbox (entity, message, created_at) values (?, ?::jsonb, to_timestamp(0))`, [
        entity,
        JSON.stringify({ kind: 'timed.begun', entity, about: 'calendar' }),
      ]),
    );
  }

  /** What was promised cannot be told any more without it: restore a backup instead. */
  override down(): void {
    throw new Error('what was promised cannot be taken away; restore a backup instead');
  }
}

/** The same id on every installation. */
function fixedId(kind: 'calendar' | 'slaPlan' | 'serviceTerms' | 'obligation', position: number): string {
  return spellId(kind, new Date(0), new Uint8Array(10).fill(position, 9));
}

/** 11:00–20:00 in Moscow (SPEC S2). */
const officialHours = {
  zone: 'Europe/Moscow',
  weekdays: [1, 2, 3, 4, 5],
  opens: 660,
  closes: 1200,
  honourShortDays: false,
  years: officialRussianYears,
};

/** The seed's table (SPEC S1). */
const standardPlans = [
  {
    name: { en: 'Team', ru: 'Team' },
    rank: 10,
    response: { amount: 5, unit: 'days' },
    criticalFix: { amount: 30, unit: 'days' },
  },
  {
    name: { en: 'Enterprise', ru: 'Enterprise' },
    rank: 20,
    response: { amount: 16, unit: 'hours' },
    criticalFix: { amount: 15, unit: 'days' },
  },
];

const calendars = `
create table calendar (
  id text primary key,
  name jsonb not null,
  region text,
  version integer not null check (version > 0),
  revision integer not null default 1,
  withdrawn_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create table calendar_version (
  calendar_id text not null references calendar (id),
  version integer not null check (version > 0),
  definition jsonb not null,
  note text,
  made_by_id text references app_user (id),
  made_at timestamptz(3) not null,
  primary key (calendar_id, version)
);
`;

const plans = `
create table service_terms (
  id text primary key,
  plan_id text not null,
  agreement_id text,
  version integer not null check (version > 0),
  response jsonb,
  critical_fix jsonb,
  calendar_id text not null references calendar (id),
  hours jsonb,
  base_id text references service_terms (id),
  own text[] not null default '{}' check (own <@ array['response', 'criticalFix', 'calendarId', 'hours']),
  made_by_id text references app_user (id),
  made_at timestamptz(3) not null
);
create unique index service_terms_version_idx on service_terms (plan_id, version) where agreement_id is null;
create unique index service_terms_agreement_idx on service_terms (agreement_id, version) where agreement_id is not null;
create table sla_plan (
  id text primary key,
  name jsonb not null,
  rank integer not null,
  terms_id text not null references service_terms (id),
  revision integer not null,
  withdrawn_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
alter table service_terms add constraint service_terms_plan_fkey foreign key (plan_id) references sla_plan (id) deferrable initially deferred;
create table service_agreement (
  id text primary key,
  account_id text not null references account (id),
  kind text not null check (kind in ('enterprise', 'cloud_team')),
  terms_id text not null references service_terms (id),
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3),
  note text,
  revision integer not null,
  made_by_id text not null references app_user (id),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check (ends_at is null or ends_at >= starts_at)
);
create index service_agreement_account_idx on service_agreement (account_id, starts_at);
create index service_agreement_created_idx on service_agreement (created_at, id);
alter table service_terms add constraint service_terms_agreement_fkey foreign key (agreement_id) references service_agreement (id) deferrable initially deferred;
alter table queue add column sla_plan_id text references sla_plan (id);
`;

/**
 * Lists of staff have two parts: broken promises, the one broken longest first, and the others in their order. Each part has
 * indexes of its own, as those that wait the longest are those whose promise is broken: the second part would begin behind them
 * all. What lists are narrowed by stands in the index of the first, so that it is read without its rows; what the desk's views are
 * narrowed by, in those of the second, so that they are counted so.
 */
const tickets = `
alter table ticket
  add column terms_id text references service_terms (id),
  add column terms_source text check (terms_source in ('agreement', 'cited_licence', 'account_licence', 'queue')),
  add column first_responded_at timestamptz(3),
  add column fixed_at timestamptz(3),
  add column clocks jsonb,
  add column breaches_at timestamptz(3),
  add column breached_at timestamptz(3),
  add constraint ticket_terms_whole check ((terms_id is null) = (terms_source is null));
create index ticket_breaches_idx on ticket (breaches_at, number) where breaches_at is not null;
create index ticket_breached_idx on ticket (breached_at, number) include (status, assignee_id, queue_id, priority, snoozed_until, severity, account_id, created_at)
  where breached_at is not null;
create index ticket_breaching_idx on ticket ((coalesce(breaches_at, 'infinity'::timestamptz)), number, assignee_id, queue_id, status)
  where status <> 'archived' and breached_at is null;
drop index ticket_active_idx, ticket_active_created_idx, ticket_active_message_idx, ticket_waiting_idx, ticket_owed_idx, ticket_unassigned_idx, ticket_assignee_idx;
create index ticket_active_idx on ticket (updated_at desc, number desc) where status <> 'archived' and breached_at is null;
create index ticket_active_created_idx on ticket (created_at desc, number desc) where status <> 'archived' and breached_at is null;
create index ticket_active_message_idx on ticket (last_message_at desc, number desc) where status <> 'archived' and breached_at is null;
create index ticket_waiting_idx on ticket ((coalesce(waiting_since, 'infinity'::timestamptz)), number) where status <> 'archived' and breached_at is null;
create index ticket_owed_idx on ticket ((coalesce(waiting_since, 'infinity'::timestamptz)), number, queue_id, snoozed_until)
  where status in ('awaiting_staff', 'in_progress') and breached_at is null;
create index ticket_unassigned_idx on ticket ((coalesce(waiting_since, 'infinity'::timestamptz)), number, queue_id, snoozed_until)
  where status = 'awaiting_staff' and assignee_id is null and breached_at is null;
create index ticket_assignee_idx on ticket (assignee_id, updated_at desc) include (status, snoozed_until, breached_at) where status <> 'archived';
create index ticket_terms_idx on ticket (terms_id, number) where terms_id is not null and status <> 'archived';
drop index ticket_timed_idx;
create index ticket_timed_idx on ticket (number)
  where closes_at is not null or archives_at is not null or snoozed_until is not null or clocks is not null;
`;

/**
 * When staff answered first, also in the lives that merges keep which can still be undone: what a merge moved is the other
 * ticket's answer. An undo holds these lives against the tickets, and gives back nothing where they differ.
 */
const answered = `
create temporary table merged_message on commit drop as
  select each.id, g.from_number from ticket_merge g cross join lateral jsonb_array_elements_text(g.moved -> 'messages') as each (id) where g.settled_at is null and g.undone_at is null;
update ticket t set first_responded_at = a.at from (
  select coalesce(g.from_number, m.ticket_number) as number, min(m.created_at) as at from message m left join merged_message g using (id)
    where m.author_side = 'staff' and m.visibility = 'public' group by 1) a where a.number = t.number;
update ticket_merge g set source_before = g.source_before || jsonb_build_object('firstRespondedAt', s.first_responded_at),
    target_before = g.target_before || jsonb_build_object('firstRespondedAt', t.first_responded_at),
    target_after = g.target_after || jsonb_build_object('firstRespondedAt', t.first_responded_at)
  from ticket s, ticket t where s.number = g.from_number and t.number = g.into_number and g.settled_at is null and g.undone_at is null;
${['source_before', 'target_before', 'target_after']
  .map(
    (
      life,
    ) => `update ticket_merge set ${life} = jsonb_set(${life}, '{interrupted}', ${life} -> 'interrupted' || '{"fixSince": null, "fixUsedMs": 0}')
  where jsonb_typeof(${life} -> 'interrupted') = 'object' and settled_at is null and undone_at is null;`,
  )
  .join('\n')}
`;

/**
 * What became of each clock. Reports count millions of runs in one go, so a row is small: what many runs have in common is a
 * tally, which they name. Ordered so that no row has gaps, and what is counted comes before what may be missing.
 *
 * No foreign key leads to the tally: each answer would lock its row. Tallies are never removed.
 *
 * How many different values \`decided_at\` has is set to what reports make of them, days: by the values themselves the planner
 * would expect a sum for each run, and not share the work among processes. \`spread\` is explained in domain/service-report.
 */
const runs = `
create table clock_tally (
  id integer generated always as identity primary key,
  kind text not null check (kind in ('first_response', 'next_response', 'fix')),
  terms_id text not null references service_terms (id),
  queue_id text not null references queue (id),
  agent_id text references app_user (id),
  outcome text not null check (outcome in ('met', 'breached', 'void'))
);
create unique index clock_tally_idx on clock_tally (terms_id, queue_id, kind, outcome, coalesce(agent_id, ''));
create table clock_run (
  ticket_number integer not null references ticket (number),
  tally_id integer not null,
  since timestamptz(3) not null,
  decided_at timestamptz(3) not null,
  ended_at timestamptz(3) not null,
  allowance_ms bigint not null check (allowance_ms > 0),
  taken_ms bigint not null check (taken_ms >= 0),
  spread integer,
  due_at timestamptz(3),
  kind text not null check (kind in ('first_response', 'next_response', 'fix')),
  primary key (ticket_number, kind, since)
);
create index clock_run_decided_idx on clock_run (decided_at);
alter table clock_run alter column decided_at set (n_distinct = 1000);
`;

/** The tally of such runs; the first of them makes it. Who comes second waits for the first, once for each tally. */
const tallyOf = `
create function clock_tally_of(of_kind text, of_terms text, of_queue text, of_agent text, of_outcome text) returns integer language plpgsql as $$
declare
  known integer;
begin
  loop
    select y.id into known from clock_tally y
      where y.terms_id = of_terms and y.queue_id = of_queue and y.kind = of_kind and y.outcome = of_outcome and coalesce(y.agent_id, '') = coalesce(of_agent, '');
    if known is not null then
      return known;
    end if;
    insert into clock_tally (kind, terms_id, queue_id, agent_id, outcome) values (of_kind, of_terms, of_queue, of_agent, of_outcome)
      on conflict do nothing returning id into known;
    if known is not null then
      return known;
    end if;
  end loop;
end;
$$`;

const grants = `
grant select, insert on calendar_version, service_terms, clock_tally to kontor_app;
grant select, insert, update on calendar, sla_plan, service_agreement to kontor_app;
grant select, insert, update, delete on clock_run to kontor_app;
`;

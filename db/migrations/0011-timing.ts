import { Migration } from '@mikro-orm/migrations';

/**
 * Timing that staff edit (SPEC T8), holds that shift and have an end of their own (M3), and long work with its record (A5).
 *
 * A job's items say what was before and after: `kontor_app` can add them and say once what became of each.
 */
export class Timing extends Migration {
  override up(): void {
    for (const statement of [settings, holds, jobs, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
  }

  /** What jobs did cannot be told any more, and holds on a queue would stop nothing: restore a backup instead. */
  override down(): void {
    throw new Error('the record of long work cannot be taken away; restore a backup instead');
  }
}

const settings = `
alter table timing_policy add column revision integer not null default 1;
alter table queue
  add column revision integer not null default 1,
  add column accepts_new boolean not null default true;
create index queue_policy_idx on queue (timing_policy_id);

create table queue_staff (
  queue_id text not null references queue (id),
  user_id text not null references app_user (id),
  primary key (queue_id, user_id)
);
create table queue_duty (
  queue_id text not null references queue (id),
  user_id text not null references app_user (id),
  primary key (queue_id, user_id)
);

-- Previews and jobs walk through what may move by number, among all the archived.
create index ticket_timed_idx on ticket (number) where closes_at is not null or archives_at is not null or snoozed_until is not null;
`;

const jobs = `
create table job (
  id text primary key,
  kind text not null,
  params jsonb not null,
  state text not null check (state in ('running', 'done', 'cancelled', 'failed')),
  total integer not null check (total >= 0),
  done integer not null default 0,
  skipped integer not null default 0,
  started_by_id text references app_user (id),
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  ended_by_id text references app_user (id),
  check ((state = 'running') = (ended_at is null))
);
create index job_started_idx on job (started_at desc, id desc);

create table job_item (
  job_id text not null references job (id),
  position integer not null,
  entity text not null,
  state text not null default 'pending' check (state in ('pending', 'done', 'skipped')),
  why text,
  before jsonb,
  after jsonb,
  settled_at timestamptz(3),
  primary key (job_id, position),
  unique (job_id, entity),
  check ((state = 'pending') = (settled_at is null))
);
create index job_item_pending_idx on job_item (job_id, position) where state = 'pending';
`;

const holds = `
alter table hold drop constraint hold_scope_check;
alter table hold
  add constraint hold_scope_check check (scope in ('all', 'queue', 'account', 'entity')),
  add column shifts boolean not null default true,
  add column lifting_at timestamptz(3),
  add column lifting_job_id text;
alter table hold alter column shifts drop default;
`;

const grants = `
grant delete on timing_policy to kontor_app;
grant select, insert, delete on queue_staff, queue_duty to kontor_app;
grant select, insert on job, job_item to kontor_app;
grant update (state, done, skipped, ended_at, ended_by_id) on job to kontor_app;
grant update (state, why, before, after, settled_at) on job_item to kontor_app;
`;

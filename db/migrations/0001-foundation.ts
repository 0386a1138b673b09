import { Migration } from '@mikro-orm/migrations';

/**
 * The ground: people and accounts, queues and their timing, tickets with their conversation, history and next steps,
 * and the tables every wish writes (idempotency, outbox, audit, notifications).
 *
 * Every instant is `timestamptz(3)`: milliseconds, so that a value that went through JavaScript is the value stored,
 * which cursors and planned steps rely on. No column has a time default: business time comes from the clock alone.
 * `kontor_app` gets what the product does and no more: history and audit can be added to, never changed.
 */
export class Foundation extends Migration {
  override up(): void {
    for (const statement of [people, desk, conversation, promises, everyWish, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
  }

  /** The first migration has nothing to go back to: `npm run reset`, or a restored backup, is the way back. */
  override down(): void {
    throw new Error('the foundation cannot be taken away; restore a backup instead');
  }
}

const people = `
create table app_user (
  id text primary key,
  kind text not null check (kind in ('customer', 'staff')),
  staff_role text check (staff_role in ('support', 'billing', 'administrator')),
  email text not null,
  name text not null,
  locale text not null,
  time_zone text not null,
  password_hash text not null,
  created_at timestamptz(3) not null,
  check ((kind = 'staff') = (staff_role is not null))
);
create unique index app_user_email_key on app_user (lower(email));

create table account (
  id text primary key,
  name text not null,
  currency text not null default 'RUB',
  created_at timestamptz(3) not null
);

create table membership (
  account_id text not null references account (id),
  user_id text not null references app_user (id),
  role text not null check (role in ('owner', 'technical', 'billing')),
  created_at timestamptz(3) not null,
  primary key (account_id, user_id)
);
create index membership_user_idx on membership (user_id);

create table session (
  id text primary key,
  user_id text not null references app_user (id),
  active_account_id text references account (id),
  user_agent text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);
create index session_user_idx on session (user_id);

create table api_token (
  id text primary key,
  user_id text not null references app_user (id),
  account_id text references account (id),
  name text not null,
  token_hash text not null unique,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  last_used_at timestamptz(3)
);
create index api_token_user_idx on api_token (user_id);
`;

const desk = `
create table timing_policy (
  id text primary key,
  name jsonb not null,
  auto_close_after_seconds integer not null check (auto_close_after_seconds > 0),
  archive_after_seconds integer not null check (archive_after_seconds > 0),
  warn_before_seconds integer not null check (warn_before_seconds >= 0)
);

create table queue (
  id text primary key,
  category text not null unique,
  name jsonb not null,
  timing_policy_id text not null references timing_policy (id),
  reopen_after_manual_close boolean not null,
  position integer not null
);

create sequence ticket_number_seq as integer;

create table ticket (
  number integer primary key default nextval('ticket_number_seq'),
  account_id text not null references account (id),
  queue_id text not null references queue (id),
  opened_by_id text not null references app_user (id),
  channel text not null,
  subject text not null,
  priority text not null check (priority in ('low', 'medium', 'high')),
  status text not null check (status in ('awaiting_staff', 'in_progress', 'awaiting_customer', 'closed', 'archived')),
  assignee_id text references app_user (id),
  waiting_since timestamptz(3),
  silent_since timestamptz(3),
  warned_at timestamptz(3),
  snoozed_until timestamptz(3),
  closed_at timestamptz(3),
  closed_by text check (closed_by in ('customer', 'staff', 'time')),
  interrupted jsonb,
  reply_count integer not null,
  last_message_at timestamptz(3) not null,
  last_message_by text not null check (last_message_by in ('customer', 'staff')),
  next_step text,
  next_step_at timestamptz(3),
  revision integer not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index ticket_account_idx on ticket (account_id, updated_at desc, number desc);
create index ticket_updated_idx on ticket (updated_at desc, number desc);
create index ticket_active_idx on ticket (updated_at desc, number desc) where status <> 'archived';
create index ticket_assignee_idx on ticket (assignee_id, updated_at desc) where status <> 'archived';
create index ticket_waiting_idx on ticket (waiting_since, number) where waiting_since is not null;
`;

const conversation = `
create table message (
  id text primary key,
  ticket_number integer not null references ticket (number),
  author_id text not null references app_user (id),
  author_side text not null check (author_side in ('customer', 'staff')),
  visibility text not null check (visibility in ('public', 'internal')),
  next_step_by text check (next_step_by in ('customer', 'staff')),
  channel text not null,
  body text not null,
  created_at timestamptz(3) not null,
  check (visibility = 'public' or author_side = 'staff')
);
create index message_ticket_idx on message (ticket_number, created_at, id);

create table ticket_event (
  id text primary key,
  ticket_number integer not null references ticket (number),
  revision integer not null,
  kind text not null,
  actor_side text not null check (actor_side in ('customer', 'staff', 'time')),
  actor_id text references app_user (id),
  channel text not null,
  visibility text not null check (visibility in ('public', 'internal')),
  data jsonb not null,
  at timestamptz(3) not null
);
create index ticket_event_ticket_idx on ticket_event (ticket_number, at, id);

create table ticket_link (
  from_number integer not null references ticket (number),
  to_number integer not null references ticket (number),
  kind text not null check (kind in ('cites')),
  primary key (from_number, to_number, kind)
);
create index ticket_link_to_idx on ticket_link (to_number);

create table ticket_participant (
  ticket_number integer not null references ticket (number),
  user_id text not null references app_user (id),
  primary key (ticket_number, user_id)
);
`;

const promises = `
create table obligation (
  id text primary key,
  entity text not null,
  account_id text not null references account (id),
  kind text not null,
  due_at timestamptz(3) not null,
  rule text not null,
  calendar_version text,
  amount_minor bigint,
  planned_at_revision integer not null
);
create unique index obligation_entity_idx on obligation (entity, kind);
create index obligation_due_idx on obligation (due_at);

create table hold (
  id text primary key,
  scope text not null check (scope in ('all', 'account', 'entity')),
  scope_id text,
  kinds text[],
  reason text not null,
  from_at timestamptz(3) not null,
  until_at timestamptz(3),
  placed_by_id text not null references app_user (id),
  lifted_at timestamptz(3),
  lifted_by_id text references app_user (id),
  check ((scope = 'all') = (scope_id is null))
);
create index hold_open_idx on hold (from_at) where lifted_at is null;
`;

const everyWish = `
create table idempotency_record (
  actor text not null,
  key text not null,
  request_hash text not null,
  status integer,
  answer jsonb,
  created_at timestamptz(3) not null,
  primary key (actor, key)
);
create index idempotency_record_created_idx on idempotency_record (created_at);

create table outbox (
  id bigint generated always as identity primary key,
  entity text not null,
  message jsonb not null,
  created_at timestamptz(3) not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz(3),
  parked_at timestamptz(3),
  last_error text
);
create index outbox_entity_idx on outbox (entity, id);

create table notification (
  id text primary key,
  recipient_id text not null references app_user (id),
  category text not null check (category in ('services', 'finance', 'support', 'news')),
  event text not null,
  event_key text not null,
  ticket_number integer references ticket (number),
  message_id text references message (id),
  created_at timestamptz(3) not null,
  read_at timestamptz(3),
  unique (recipient_id, event_key)
);
create index notification_recipient_idx on notification (recipient_id, created_at desc, id desc);

create table delivery (
  id text primary key,
  notification_id text not null references notification (id),
  channel text not null check (channel in ('email')),
  state text not null check (state in ('pending', 'delivered', 'expired', 'refused')),
  deliver_before timestamptz(3) not null,
  attempts integer not null,
  settled_at timestamptz(3),
  unique (notification_id, channel)
);

create table audit_line (
  id text primary key,
  at timestamptz(3) not null,
  actor_kind text not null check (actor_kind in ('customer', 'staff', 'time')),
  actor_id text,
  action text not null,
  object text not null,
  before jsonb,
  after jsonb,
  request_id text
);
create index audit_line_object_idx on audit_line (object, at);
create index audit_line_actor_idx on audit_line (actor_id, at);

create table staff_case (
  id text primary key,
  kind text not null,
  about text not null,
  detail jsonb not null,
  opened_at timestamptz(3) not null,
  settled_at timestamptz(3),
  settled_by_id text references app_user (id)
);
create unique index staff_case_open_idx on staff_case (kind, about) where settled_at is null;
`;

const grants = `
grant usage on schema public to kontor_app;
grant select on app_user, account, membership, timing_policy, queue to kontor_app;
grant insert, update on app_user to kontor_app;
grant insert on account, membership to kontor_app;
grant insert, update on timing_policy, queue to kontor_app;
grant usage on sequence ticket_number_seq to kontor_app;
grant select, insert, update, delete on session, api_token, obligation, outbox to kontor_app;
grant select, insert, update on ticket, hold, notification, delivery, staff_case to kontor_app;
grant select, insert, update, delete on idempotency_record to kontor_app;
grant select, insert on message, ticket_event, ticket_link, ticket_participant, audit_line to kontor_app;
`;

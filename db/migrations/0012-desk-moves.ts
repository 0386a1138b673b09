import { Migration } from '@mikro-orm/migrations';

/**
 * What agents do with tickets beside answering (SPEC T13, T1, C6): tags, merging with its undo, splitting, outside addresses
 * that read along, canned replies, and what staff write down on a customer's behalf.
 *
 * A message's text, author and time stay what they were: `kontor_app` may say in which ticket it lies now and where it came
 * from, nothing else. Who takes part and which tickets are tied are no facts but how things stand; the facts are lines of
 * history.
 */
export class DeskMoves extends Migration {
  override up(): void {
    for (const statement of [tickets, merges, outside, cannedReplies, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
  }

  /** Which messages moved where would be forgotten: restore a backup instead. */
  override down(): void {
    throw new Error('merged tickets cannot be told apart again; restore a backup instead');
  }
}

const tickets = `
alter table ticket
  add column tags text[] not null default '{}' check (cardinality(tags) <= 20),
  add column merged_into integer references ticket (number),
  add column split_from integer references ticket (number);
create index ticket_tags_idx on ticket using gin (tags) where tags <> '{}';
create index ticket_merged_idx on ticket (merged_into) where merged_into is not null;

alter table message
  add column entered_by_id text references app_user (id),
  add column from_number integer references ticket (number);

create table ticket_tag (
  tag text primary key check (char_length(tag) between 1 and 40),
  uses integer not null,
  last_used_at timestamptz(3) not null
);
create index ticket_tag_uses_idx on ticket_tag (uses desc, tag);
`;

const merges = `
create table ticket_merge (
  id text primary key,
  from_number integer not null references ticket (number),
  into_number integer not null references ticket (number),
  merged_by_id text not null references app_user (id),
  merged_at timestamptz(3) not null,
  source_before jsonb not null,
  target_before jsonb not null,
  target_after jsonb not null,
  moved jsonb not null,
  settled_at timestamptz(3),
  undone_at timestamptz(3),
  undone_by_id text references app_user (id),
  check (from_number <> into_number),
  check (settled_at is null or undone_at is null),
  check ((undone_at is null) = (undone_by_id is null))
);
create unique index ticket_merge_from_idx on ticket_merge (from_number) where undone_at is null;
create index ticket_merge_undoable_idx on ticket_merge (into_number) where settled_at is null and undone_at is null;
`;

const outside = `
create table ticket_outside_address (
  id text primary key,
  ticket_number integer not null references ticket (number),
  from_number integer references ticket (number),
  address text not null,
  name text,
  added_by_id text not null references app_user (id),
  added_at timestamptz(3) not null,
  removed_at timestamptz(3),
  removed_by_id text references app_user (id)
);
create unique index ticket_outside_address_idx on ticket_outside_address (ticket_number, address) where removed_at is null;

create table outside_copy (
  delivery_id text primary key references delivery (id),
  address_id text not null references ticket_outside_address (id),
  message_id text not null references message (id),
  unique (address_id, message_id)
);
`;

const cannedReplies = `
create table canned_reply (
  id text primary key,
  title jsonb not null,
  body jsonb not null,
  shortcut text,
  categories text[],
  uses integer not null default 0,
  created_by_id text not null references app_user (id),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  withdrawn_at timestamptz(3),
  revision integer not null
);
create unique index canned_reply_shortcut_idx on canned_reply (shortcut) where withdrawn_at is null;
`;

const grants = `
grant update (ticket_number, from_number) on message to kontor_app;
grant delete on ticket_link, ticket_participant to kontor_app;
grant select, insert on ticket_merge, ticket_outside_address, outside_copy to kontor_app;
grant update (settled_at, undone_at, undone_by_id) on ticket_merge to kontor_app;
grant update (ticket_number, from_number, removed_at, removed_by_id) on ticket_outside_address to kontor_app;
grant select, insert, update on ticket_tag, canned_reply to kontor_app;
`;

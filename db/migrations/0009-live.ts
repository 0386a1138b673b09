import { Migration } from '@mikro-orm/migrations';

/**
 * Live pages (SPEC T18), presence and drafts (T13), notifications of staff (N1).
 *
 * A row of the feed says in which transaction it was written: numbers of rows become visible out of order, numbers of
 * transactions below the oldest that still runs do not (docs/decisions/0009). Its first row stands for everything before:
 * what is forgotten is everything but the newest of what is old, so that whoever resumes knows whether anything is missing.
 *
 * Presence is of the moment and is lost with the server, so its table is not logged. A draft's revision is never used
 * twice, not even by another draft: what was saved on an old one is always found out.
 */
export class Live extends Migration {
  override up(): void {
    for (const statement of [feed, presence, drafts].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
  }

  override down(): void {
    this.addSql('drop table ticket_draft');
    this.addSql('drop sequence ticket_draft_revision_seq');
    this.addSql('drop table ticket_presence');
    this.addSql('drop table change_feed');
  }
}

const feed = `
create table change_feed (
  tx xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  at timestamptz(3) not null,
  topic jsonb not null,
  account_id text,
  staff boolean not null,
  user_id text,
  primary key (tx, id)
);
insert into change_feed (at, topic, staff) values ('2000-01-01', '{}', false);
grant select, insert, delete on change_feed to kontor_app;
create index notification_unread_idx on notification (recipient_id, category) where read_at is null;
`;

const presence = `
create unlogged table ticket_presence (
  ticket_number integer not null,
  user_id text not null,
  writing boolean not null,
  seen_at timestamptz(3) not null,
  primary key (ticket_number, user_id)
);
grant select, insert, update, delete on ticket_presence to kontor_app;
`;

const drafts = `
create sequence ticket_draft_revision_seq;
create table ticket_draft (
  user_id text not null references app_user (id),
  ticket_number integer not null references ticket (number),
  kind text not null check (kind in ('reply', 'note')),
  body text not null,
  next_step_by text not null check (next_step_by in ('customer', 'staff')),
  files text[] not null,
  revision bigint not null default nextval('ticket_draft_revision_seq'),
  updated_at timestamptz(3) not null,
  primary key (user_id, ticket_number, kind)
);
grant usage on sequence ticket_draft_revision_seq to kontor_app;
grant select, insert, update, delete on ticket_draft to kontor_app;
`;

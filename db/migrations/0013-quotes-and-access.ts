import { Migration } from '@mikro-orm/migrations';

/**
 * Paid work and access to servers (SPEC T16, T17).
 *
 * What was offered stays as it was offered: only how it stands may change, and on which ticket, as merged tickets move. The charge's instant is the ledger's to write.
 * The table itself sees to it that no secret outlives its access.
 */
export class QuotesAndAccess extends Migration {
  override up(): void {
    for (const statement of [quotes, accesses, beside, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
  }

  /** What was agreed with customers, and who looked at which secret, would be lost: restore a backup instead. */
  override down(): void {
    throw new Error('quotes and the record of views cannot be taken away; restore a backup instead');
  }
}

const quotes = `
create table quote (
  id text primary key,
  ticket_number integer not null references ticket (number),
  account_id text not null references account (id),
  description text not null,
  amount_minor bigint not null check (amount_minor between 1 and 10000000000),
  currency text not null,
  offered_by_id text not null references app_user (id),
  offered_at timestamptz(3) not null,
  valid_until timestamptz(3) not null check (valid_until > offered_at),
  state text not null check (state in ('offered', 'accepted', 'declined', 'expired', 'withdrawn', 'done')),
  settled_by_id text references app_user (id),
  settled_at timestamptz(3),
  done_by_id text references app_user (id),
  done_at timestamptz(3),
  charged_at timestamptz(3),
  check ((state = 'offered') = (settled_at is null)),
  check ((state = 'done') = (done_at is not null)),
  check (charged_at is null or state in ('accepted', 'done'))
);
create index quote_ticket_idx on quote (ticket_number, offered_at, id);
create index quote_offered_idx on quote (offered_at, id);
create index quote_account_idx on quote (account_id, offered_at, id);
create index quote_state_idx on quote (state, offered_at, id);
`;

// Hours, not days: a day of the server's time zone has 23 or 25 of them when its clocks are changed.
const accesses = `
create table server_access (
  id text primary key,
  ticket_number integer not null references ticket (number),
  account_id text not null references account (id),
  address text not null,
  ssh_port integer not null check (ssh_port between 1 and 65535),
  way text not null check (way in ('panel', 'secret')),
  login text not null,
  secret text,
  granted_by_id text not null references app_user (id),
  granted_at timestamptz(3) not null,
  ends_at timestamptz(3) not null check (ends_at > granted_at and ends_at <= granted_at + interval '720 hours'),
  ended_at timestamptz(3),
  ended_by text check (ended_by in ('time', 'closing', 'customer', 'staff')),
  ended_by_id text references app_user (id),
  check ((ended_at is null) = (ended_by is null)),
  check ((secret is not null) = (way = 'secret' and ended_at is null))
);
create index server_access_ticket_idx on server_access (ticket_number, granted_at, id);

create table server_access_view (
  id text primary key,
  server_access_id text not null references server_access (id),
  staff_id text not null references app_user (id),
  reason text not null,
  at timestamptz(3) not null
);
create index server_access_view_idx on server_access_view (server_access_id, at, id);
`;

const beside = `
-- Whether anything was ever offered or lent on the ticket: only then closing and archiving look for what ends with it.
alter table ticket add column has_dependents boolean not null default false;
-- What a notification tells of, when it is no message: a quote, an access, or one look at its secret.
alter table notification add column about text;
`;

const grants = `
grant select, insert on quote, server_access, server_access_view to kontor_app;
grant update (ticket_number, state, settled_by_id, settled_at, done_by_id, done_at) on quote to kontor_app;
grant update (ticket_number, secret, ends_at, ended_at, ended_by, ended_by_id) on server_access to kontor_app;
`;

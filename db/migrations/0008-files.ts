import { Migration } from '@mikro-orm/migrations';

/**
 * Attachments and diagnostics (SPEC T11, T12). The bytes are in storage under a key of our own; here is whose they are,
 * what they are, and which message uses them.
 *
 * The links to the message are checked when the transaction ends: a wish claims its files before it writes anything, so
 * that a refusal leaves nothing to take back.
 */
export class Files extends Migration {
  override up(): void {
    for (const statement of [files, diagnostics, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
  }

  /** What was attached since would be lost to those who read it: restore a backup instead. */
  override down(): void {
    throw new Error('attachments cannot be taken away; restore a backup instead');
  }
}

const files = `
create table file (
  id text primary key,
  account_id text references account (id),
  uploaded_by_id text not null references app_user (id),
  name text not null check (char_length(name) between 1 and 255),
  media_type text not null,
  size_bytes integer not null check (size_bytes between 0 and 10485760),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  is_har boolean not null default false,
  storage_key text not null unique,
  state text not null check (state in ('uploading', 'draft', 'attached')),
  message_id text references message (id) deferrable initially deferred,
  position smallint,
  created_at timestamptz(3) not null,
  check ((state = 'attached') = (message_id is not null)),
  check (state = 'uploading' or sha256 is not null)
);
create index file_message_idx on file (message_id, position) where message_id is not null;
-- What a person has uploaded and not used: bounded, and soon gone.
create index file_unused_idx on file (uploaded_by_id) where message_id is null;
`;

const diagnostics = `
create table diagnostics (
  message_id text primary key references message (id) deferrable initially deferred,
  browser text,
  product_version text,
  image_tag text,
  steps text,
  affected_email text,
  object_url text,
  container_log_id text references file (id),
  har_id text references file (id),
  user_side boolean not null
);
`;

const grants = `
grant select, insert, delete on file to kontor_app;
grant update (media_type, size_bytes, sha256, is_har, state, message_id, position) on file to kontor_app;
grant select, insert on diagnostics to kontor_app;
`;

import { Migration } from '@mikro-orm/migrations';

/**
 * Identity and access (SPEC I1–I10, D2): second factors, links that are mailed, invitations, sessions that say from
 * where, tokens with scopes, changes that wait for their time, letters, consents, and an audit that says whom and from
 * where.
 *
 * A code or a link's token is never kept in the clear: its hash is here for checking, and the letter that carries it holds
 * it sealed until the mail is out.
 */
export class Identity extends Migration {
  override up(): void {
    for (const statement of [people, doors, links, pending, letters, consents, audit, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
  }

  /** Accounts made since would have nobody to sign in: restore a backup instead. */
  override down(): void {
    throw new Error('second factors and consents cannot be taken away; restore a backup instead');
  }
}

const people = `
alter table app_user
  add column disabled_at timestamptz(3),
  add column password_changed_at timestamptz(3),
  add column is_sample boolean not null default false;
update app_user set password_changed_at = created_at;
alter table app_user alter column password_changed_at set not null;
create index account_created_idx on account (created_at, id);
create index app_user_staff_idx on app_user (name) where kind = 'staff';
`;

const doors = `
alter table session
  add column public_id text,
  add column address text not null default '',
  add column last_seen_at timestamptz(3),
  add column stepped_up_at timestamptz(3),
  add column second_factor text check (second_factor in ('totp', 'email', 'recovery')),
  add column superseded_at timestamptz(3);
-- Sessions begun before this have no address and no fresh code: everybody signs in once more.
delete from session;
alter table session alter column public_id set not null, alter column last_seen_at set not null, alter column address drop default;
create unique index session_public_idx on session (public_id) where superseded_at is null;
create index session_expires_idx on session (expires_at);
create index session_superseded_idx on session (superseded_at) where superseded_at is not null;

alter table api_token add column scopes text[] not null default '{}';
update api_token set scopes = array['me.read', 'me.change', 'token.read', 'token.revoke', 'queue.read', 'ticket.read', 'ticket.open', 'ticket.reply', 'ticket.resolve', 'notification.read'];
alter table api_token alter column scopes drop default;
create index api_token_expires_idx on api_token (expires_at);

create table factor (
  user_id text not null references app_user (id),
  kind text not null check (kind in ('totp', 'email')),
  state text not null check (state in ('pending', 'active')),
  secret text,
  last_step bigint,
  code_hash text,
  code_expires_at timestamptz(3),
  tries integer not null default 0,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3),
  primary key (user_id, kind, state),
  check (kind = 'email' or secret is not null)
);

create table recovery_code (
  user_id text not null references app_user (id),
  hint text not null,
  code_hash text not null,
  created_at timestamptz(3) not null,
  used_at timestamptz(3),
  primary key (user_id, hint)
);

create table challenge (
  id text primary key,
  purpose text not null check (purpose in ('sign_in', 'step_up')),
  user_id text not null references app_user (id),
  tries integer not null default 0,
  code_hash text,
  code_expires_at timestamptz(3),
  codes_sent integer not null default 0,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);
create index challenge_expires_idx on challenge (expires_at);
create index challenge_user_idx on challenge (user_id);

create table known_device (
  user_id text not null references app_user (id),
  device_hash text not null,
  first_seen_at timestamptz(3) not null,
  last_seen_at timestamptz(3) not null,
  primary key (user_id, device_hash)
);
create index known_device_seen_idx on known_device (last_seen_at);

create table throttle (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
create index throttle_expire_idx on throttle (expire);
`;

const links = `
create table registration (
  id text primary key,
  email text not null,
  name text not null,
  account_name text not null,
  locale text not null,
  time_zone text not null,
  consents jsonb not null,
  address text not null,
  created_at timestamptz(3) not null,
  confirmed_at timestamptz(3),
  user_id text references app_user (id)
);
create index registration_open_idx on registration (created_at) where confirmed_at is null;

create table invitation (
  id text primary key,
  account_id text references account (id),
  role text check (role in ('owner', 'technical', 'billing')),
  staff_role text check (staff_role in ('support', 'billing', 'administrator')),
  email text not null,
  invited_by_id text references app_user (id),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  accepted_by_id text references app_user (id),
  revoked_at timestamptz(3),
  check ((account_id is null) = (staff_role is not null)),
  check ((role is null) = (account_id is null))
);
create index invitation_account_idx on invitation (account_id, created_at) where account_id is not null;
create index invitation_staff_idx on invitation (created_at) where staff_role is not null;

create table mailed_link (
  token_hash text primary key,
  purpose text not null check (purpose in ('registration', 'invitation', 'password_reset', 'email_change', 'veto')),
  about text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create index mailed_link_about_idx on mailed_link (about);
create index mailed_link_expires_idx on mailed_link (expires_at);
`;

const pending = `
create table pending_action (
  id text primary key,
  kind text not null check (kind in ('email_change', 'factor_reset')),
  user_id text not null references app_user (id),
  begun_by_id text not null references app_user (id),
  ticket_number integer references ticket (number),
  reason text,
  old_email text not null,
  new_email text,
  state text not null check (state in ('pending', 'done', 'vetoed', 'withdrawn', 'lapsed')),
  begun_at timestamptz(3) not null,
  cools_until timestamptz(3),
  lapses_at timestamptz(3) not null,
  confirmed_at timestamptz(3),
  approved_at timestamptz(3),
  approved_by_id text references app_user (id),
  settled_at timestamptz(3),
  settled_by_id text references app_user (id),
  revision integer not null,
  check ((kind = 'email_change') = (new_email is not null)),
  check (approved_by_id is distinct from begun_by_id)
);
create unique index pending_action_open_idx on pending_action (user_id, kind) where state = 'pending';
create index pending_action_user_idx on pending_action (user_id, begun_at);
create index pending_action_begun_idx on pending_action (begun_at, id);
`;

const letters = `
alter table delivery alter column notification_id drop not null;

create table letter (
  delivery_id text primary key references delivery (id),
  kind text not null,
  recipient_id text references app_user (id),
  address text not null,
  name text,
  locale text not null,
  time_zone text not null,
  facts jsonb not null,
  secret text,
  created_at timestamptz(3) not null
);
create index letter_stranger_idx on letter (created_at) where recipient_id is null;
`;

const consents = `
create table consent_text (
  purpose text not null check (purpose in ('terms', 'personal_data', 'marketing')),
  version integer not null,
  title jsonb not null,
  body jsonb not null,
  published_at timestamptz(3) not null,
  published_by_id text references app_user (id),
  primary key (purpose, version)
);
insert into consent_text (purpose, version, title, body, published_at) values
  ('terms', 1, '{"en": "Terms of service", "ru": "Условия обслуживания"}', '{"en": "The service is provided under the terms that the company has agreed with you.", "ru": "Услуги оказываются на условиях договора с компанией."}', '2026-11-01T00:00:00Z'),
  ('personal_data', 1, '{"en": "Processing of personal data", "ru": "Обработка персональных данных"}', '{"en": "Your name, address and messages are processed to provide the service to you.", "ru": "Ваши имя, адрес и сообщения обрабатываются для оказания вам услуг."}', '2026-11-01T00:00:00Z'),
  ('marketing', 1, '{"en": "News and offers", "ru": "Новости и предложения"}', '{"en": "We may send you news and offers by e-mail. You can withdraw this at any time.", "ru": "Мы можем присылать вам новости и предложения по электронной почте. Согласие можно отозвать в любое время."}', '2026-11-01T00:00:00Z');

create table consent (
  id text primary key,
  user_id text not null references app_user (id),
  purpose text not null,
  version integer not null,
  given_at timestamptz(3) not null,
  given_from text not null,
  withdrawn_at timestamptz(3),
  withdrawn_from text,
  foreign key (purpose, version) references consent_text (purpose, version)
);
create unique index consent_standing_idx on consent (user_id, purpose) where withdrawn_at is null;
`;

const audit = `
alter table audit_line drop constraint audit_line_actor_kind_check;
alter table audit_line
  add constraint audit_line_actor_kind_check check (actor_kind in ('customer', 'staff', 'time', 'nobody')),
  add column whom text,
  add column address text;
create index audit_line_at_idx on audit_line (at, id);
create index audit_line_whom_idx on audit_line (whom, at) where whom is not null;
create index audit_line_action_idx on audit_line (action, at);
`;

const grants = `
grant update (name) on account to kontor_app;
grant update (role), delete on membership to kontor_app;
grant select, insert, update, delete on factor, challenge, throttle to kontor_app;
grant select, insert, delete on recovery_code, known_device, registration, mailed_link, letter to kontor_app;
grant update (used_at) on recovery_code, mailed_link to kontor_app;
grant update (last_seen_at) on known_device to kontor_app;
grant update (confirmed_at, user_id) on registration to kontor_app;
grant update (secret) on letter to kontor_app;
grant select, insert on invitation to kontor_app;
grant update (accepted_at, accepted_by_id, revoked_at) on invitation to kontor_app;
grant select, insert, update on pending_action to kontor_app;
grant select, insert on consent_text, consent to kontor_app;
grant update (withdrawn_at, withdrawn_from) on consent to kontor_app;
`;

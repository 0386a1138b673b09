import { raw } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { spellId } from '../../domain/ids.ts';
import { standardScope } from '../data/support-scope.ts';

/**
 * What is critical (SPEC T14), what support does and does not do with the partners who may help (T15), and problems and
 * wishes that many tickets are about (T20).
 *
 * An answer to all and what it came to in each ticket are facts: `kontor_app` adds them and cannot change them. Which
 * tickets are linked is how things stand; that they were linked, and by whom, is in the tickets' histories.
 */
export class ScopeAndProblems extends Migration {
  override up(): void {
    for (const statement of [severity, scope, problems, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
    for (const [position, row] of standardScope.flatMap(({ items, ...group }) => items.map((item) => ({ ...group, ...item }))).entries())
      this.addSql(
        raw(
          `insert into support_scope_item (id, category, product, edition, section, stance, title, text, position, revision, created_at, updated_at)
            values (?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?::jsonb, ?, 1, to_timestamp(0), to_timestamp(0))`,
          [
            fixedId(position),
            row.category,
            row.product,
            row.edition,
            JSON.stringify(row.section),
            row.stance,
            JSON.stringify(row.title),
            JSON.stringify(row.text),
            (position + 1) * 10,
          ],
        ),
      );
  }

  /** Answers that went out cannot be taken back: restore a backup instead. */
  override down(): void {
    throw new Error('answers that were given cannot be taken away; restore a backup instead');
  }
}

/** The same id on every installation, so that the catalogue can be carried from one to another. */
function fixedId(position: number): string {
  return spellId('scopeItem', new Date(0), new Uint8Array(10).fill(position, 9));
}

const severity = `
alter table ticket
  add column severity text check (severity in ('claimed', 'confirmed', 'refused')),
  add column severity_claimed_at timestamptz(3),
  add column severity_decided_at timestamptz(3),
  add column severity_decided_by_id text references app_user (id),
  add constraint ticket_severity_claimed check ((severity is null) = (severity_claimed_at is null)),
  add constraint ticket_severity_decided check (coalesce(severity in ('confirmed', 'refused'), false) = (severity_decided_at is not null));
create index ticket_severity_idx on ticket (updated_at desc, number desc) where severity in ('claimed', 'confirmed') and status <> 'archived';
alter table account add column city text;
`;

const scope = `
create table support_scope_item (
  id text primary key,
  category text not null,
  product text,
  edition text check (edition in ('cloud', 'on_premise')),
  section jsonb not null,
  stance text not null check (stance in ('covered', 'paid', 'not_covered')),
  title jsonb not null,
  text jsonb not null,
  position integer not null,
  withdrawn_at timestamptz(3),
  revision integer not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index support_scope_item_order_idx on support_scope_item (position, id);

create table partner (
  id text primary key,
  name text not null,
  city jsonb not null,
  skills jsonb not null,
  address text not null,
  text jsonb,
  withdrawn_at timestamptz(3),
  revision integer not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
`;

const problems = `
create table problem (
  id text primary key,
  kind text not null check (kind in ('problem', 'wish')),
  internal_title text not null,
  title jsonb not null,
  text jsonb not null,
  status text not null check (status in ('confirmed', 'planned', 'fixed', 'declined')),
  fixed_in text,
  revision integer not null,
  created_by_id text not null references app_user (id),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check ((status = 'fixed') = (fixed_in is not null))
);
create index problem_updated_idx on problem (updated_at desc, id desc);

create table problem_ticket (
  problem_id text not null references problem (id),
  ticket_number integer not null references ticket (number),
  linked_by_id text not null references app_user (id),
  linked_at timestamptz(3) not null,
  primary key (problem_id, ticket_number)
);
create index problem_ticket_ticket_idx on problem_ticket (ticket_number);
create index problem_ticket_linked_idx on problem_ticket (problem_id, linked_at desc, ticket_number desc);

create table problem_answer (
  id text primary key,
  problem_id text not null references problem (id),
  job_id text not null references job (id) unique,
  text jsonb not null,
  next_step_by text not null check (next_step_by in ('customer', 'staff')),
  status text not null check (status in ('confirmed', 'planned', 'fixed', 'declined')),
  fixed_in text,
  given_by_id text not null references app_user (id),
  given_at timestamptz(3) not null,
  channel text not null,
  request_id text not null,
  address text not null
);
create index problem_answer_problem_idx on problem_answer (problem_id, given_at desc, id desc);

create table problem_answer_ticket (
  answer_id text not null references problem_answer (id),
  ticket_number integer not null references ticket (number),
  message_id text references message (id),
  at timestamptz(3) not null,
  primary key (answer_id, ticket_number)
);
alter table notification add column problem_answer_id text references problem_answer (id);
`;

const grants = `
grant select, insert on support_scope_item, partner, problem, problem_ticket, problem_answer, problem_answer_ticket to kontor_app;
grant update (category, product, edition, section, stance, title, text, position, withdrawn_at, revision, updated_at) on support_scope_item to kontor_app;
grant update (name, city, skills, address, text, withdrawn_at, revision, updated_at) on partner to kontor_app;
grant update (kind, internal_title, title, text, status, fixed_in, revision, updated_at) on problem to kontor_app;
grant delete on problem_ticket to kontor_app;
grant update (city) on account to kontor_app;
`;

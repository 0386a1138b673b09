import { raw } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';

/**
 * Payments, refunds, orders, promo codes, tax and the audit of the books (SPEC B2–B7, B10, B13).
 *
 * What a provider told us of is stored before it is acted on (`provider_notification`: which object, never its body). Of a
 * payment and a refund everything that happened is a line of its own (`money_event`), which staff read as a timeline.
 */
export class Payments extends Migration {
  override up(): void {
    for (const statement of [orders, payments, refunds, audits, letters, grants].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
    this.addSql(
      `create trigger money_event_stays before update or delete on money_event for each row execute function ledger_is_immutable()`,
    );
    this.promiseToAudit();
    this.promiseStatements();
  }

  /** The books are audited each night: the promise that every installation has. On a new one it is taken at once, and finds nothing. */
  private promiseToAudit(): void {
    this.addSql(
      raw(
        // oxlint-disable-next-line kontor/no-ambient-time -- a migration has no clock but the database's
        `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision)
          values ('obl_00000000000000000000000b00', 'books:nightly', null, 'audit_books', date_trunc('milliseconds', now()), 'nightly 03:30', 0)`,
        [],
      ),
    );
    this.addSql(
      raw(`insert into outbox (entity, message, created_at) values ('books:nightly', ?::jsonb, to_timestamp(0))`, [
        JSON.stringify({ kind: 'timed.begun', entity: 'books:nightly', about: 'the books' }),
      ]),
    );
  }

  /** Statements are told of each month; the first time of the month before. */
  private promiseStatements(): void {
    this.addSql(
      raw(
        // oxlint-disable-next-line kontor/no-ambient-time -- a migration has no clock but the database's
        `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision)
          values ('obl_00000000000000000000000b01', 'statements:monthly', null, 'send_statements', date_trunc('milliseconds', now()), 'of the month before', 0)`,
        [],
      ),
    );
    this.addSql(
      raw(`insert into outbox (entity, message, created_at) values ('statements:monthly', ?::jsonb, to_timestamp(0))`, [
        JSON.stringify({ kind: 'timed.begun', entity: 'statements:monthly', about: 'monthly statements' }),
      ]),
    );
  }

  /** Money that moved would be forgotten: restore a backup instead. */
  override down(): void {
    throw new Error('payments cannot be taken away; restore a backup instead');
  }
}

const orders = `
create table tax_rate (
  id text primary key,
  seller text not null default 'main',
  category text not null,
  customer_kind text check (customer_kind in ('person', 'sole_trader', 'company')),
  country text,
  valid_from date not null,
  rate_bp integer check (rate_bp between 0 and 10000),
  inside boolean not null default true,
  created_at timestamptz(3) not null
);
create unique index tax_rate_row_idx on tax_rate (seller, category, coalesce(customer_kind, '*'), coalesce(country, '*'), valid_from);

create table promo_code (
  id text primary key,
  code text not null unique check (code ~ '^[A-Z0-9][A-Z0-9-]{2,39}$'),
  kind text not null check (kind in ('percentage', 'fixed')),
  percentage_bp integer check (percentage_bp between 1 and 10000),
  fixed_minor bigint check (fixed_minor between 1 and 10000000000),
  currency text not null default 'RUB',
  valid_from timestamptz(3) not null,
  valid_until timestamptz(3),
  total_cap integer check (total_cap between 1 and 1000000),
  account_cap integer check (account_cap between 1 and 1000000),
  fits text[],
  note text,
  withdrawn_at timestamptz(3),
  created_by_id text not null references app_user (id),
  created_at timestamptz(3) not null,
  revision integer not null default 1,
  check ((kind = 'percentage') = (percentage_bp is not null)),
  check ((kind = 'fixed') = (fixed_minor is not null)),
  check (valid_until is null or valid_until > valid_from)
);

create table sales_order (
  id text primary key,
  account_id text not null references account (id),
  state text not null check (state in ('open', 'paid', 'cancelled', 'abandoned')),
  currency text not null,
  list_minor bigint not null check (list_minor >= 0),
  discount_minor bigint not null check (discount_minor between 0 and list_minor),
  tax_on_top_minor bigint not null check (tax_on_top_minor >= 0),
  total_minor bigint not null check (total_minor = list_minor - discount_minor + tax_on_top_minor),
  discount_from text check (discount_from in ('personal', 'promo')),
  promo_code_id text references promo_code (id),
  placed_by_id text references app_user (id),
  placed_at timestamptz(3) not null,
  expires_at timestamptz(3),
  paid_by text check (paid_by in ('balance', 'provider')),
  transfer_id text references ledger_transfer (id),
  reversal_reason text,
  settled_at timestamptz(3),
  revision integer not null default 1,
  check ((state = 'open') = (settled_at is null)),
  check ((state = 'paid') = (paid_by is not null))
);
create index sales_order_account_idx on sales_order (account_id, placed_at, id);
create index sales_order_placed_idx on sales_order (placed_at, id);
create index sales_order_open_idx on sales_order (placed_at, id) where state = 'open';
create index sales_order_settled_idx on sales_order (settled_at) where settled_at is not null;

create table order_line (
  order_id text not null references sales_order (id),
  position integer not null,
  fulfilment text not null check (fulfilment in ('quote')),
  about text not null,
  description text not null,
  list_minor bigint not null check (list_minor >= 0),
  discount_minor bigint not null check (discount_minor between 0 and list_minor),
  price_minor bigint not null check (price_minor = list_minor - discount_minor),
  tax_category text not null,
  tax_rate_bp integer check (tax_rate_bp between 0 and 10000),
  tax_inside boolean not null,
  tax_minor bigint not null check (tax_minor >= 0),
  primary key (order_id, position)
);
create index order_line_about_idx on order_line (about);
create index sales_order_promo_idx on sales_order (promo_code_id, placed_at, id) where promo_code_id is not null;

create table promo_reservation (
  id text primary key,
  promo_code_id text not null references promo_code (id),
  account_id text not null references account (id),
  order_id text not null unique references sales_order (id),
  state text not null check (state in ('reserved', 'used', 'released')),
  reserved_at timestamptz(3) not null,
  settled_at timestamptz(3),
  check ((state = 'reserved') = (settled_at is null))
);
create index promo_reservation_code_idx on promo_reservation (promo_code_id, account_id) where state <> 'released';
create index promo_reservation_uses_idx on promo_reservation (promo_code_id, reserved_at, id);
`;

const payments = `
create table payment (
  id text primary key,
  account_id text not null references account (id),
  order_id text references sales_order (id),
  amount_minor bigint not null check (amount_minor between 1 and 10000000000),
  currency text not null,
  state text not null check (state in ('preparing', 'pending', 'succeeded', 'canceled', 'lapsed', 'review')),
  provider text not null,
  provider_id text,
  return_url text not null,
  confirmation_url text,
  begun_by_id text not null references app_user (id),
  begun_at timestamptz(3) not null,
  asked_at timestamptz(3),
  asks integer not null default 0,
  method text,
  cancelled_by text,
  cancelled_for text,
  fee_minor bigint check (fee_minor >= 0),
  transfer_id text references ledger_transfer (id),
  settled_at timestamptz(3),
  refunded_minor bigint not null default 0 check (refunded_minor between 0 and amount_minor),
  charged_back_at timestamptz(3),
  revision integer not null default 1,
  check ((state = 'succeeded') = (transfer_id is not null))
);
create unique index payment_provider_idx on payment (provider, provider_id) where provider_id is not null;
create index payment_account_idx on payment (account_id, begun_at, id);
create index payment_begun_idx on payment (begun_at, id);
create index payment_state_idx on payment (state, begun_at, id);
create index payment_order_idx on payment (order_id) where order_id is not null;

create table provider_notification (
  id bigint generated always as identity primary key,
  provider text not null,
  event text not null,
  object_id text not null,
  payment_id text,
  refund_id text,
  received_at timestamptz(3) not null,
  handled_at timestamptz(3)
);
create index provider_notification_object_idx on provider_notification (provider, object_id, id);
create index provider_notification_payment_idx on provider_notification (payment_id, id) where payment_id is not null;

create table money_event (
  id bigint generated always as identity primary key,
  payment_id text references payment (id),
  refund_id text,
  at timestamptz(3) not null,
  kind text not null,
  by text not null,
  data jsonb not null default '{}',
  check ((payment_id is null) <> (refund_id is null))
);
create index money_event_payment_idx on money_event (payment_id, id) where payment_id is not null;
create index money_event_refund_idx on money_event (refund_id, id) where refund_id is not null;
`;

const refunds = `
create table money_approval (
  id text primary key,
  account_id text not null references account (id),
  kind text not null check (kind in ('refund', 'adjustment')),
  about text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  reason text not null,
  state text not null check (state in ('waiting', 'approved', 'withdrawn', 'lapsed')),
  asked_by_id text not null references app_user (id),
  asked_for_at timestamptz(3) not null,
  lapses_at timestamptz(3) not null,
  decided_by_id text references app_user (id),
  decided_at timestamptz(3),
  check ((state = 'waiting') = (decided_at is null)),
  check (state <> 'approved' or decided_by_id <> asked_by_id)
);
create index money_approval_waiting_idx on money_approval (asked_for_at, id) where state = 'waiting';
create index money_approval_asked_idx on money_approval (asked_for_at, id);
create index money_approval_account_idx on money_approval (account_id, asked_for_at, id);

create table refund (
  id text primary key,
  account_id text not null references account (id),
  payment_id text not null references payment (id),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  origin text not null check (origin in ('staff', 'cabinet')),
  state text not null check (state in ('awaiting_approval', 'requested', 'pending', 'succeeded', 'canceled', 'withdrawn')),
  provider_id text,
  reason text,
  asked_by_id text references app_user (id),
  asked_for_at timestamptz(3) not null,
  sent_at timestamptz(3),
  asks integer not null default 0,
  cancelled_by text,
  cancelled_for text,
  reserve_id text references ledger_transfer (id),
  settled_at timestamptz(3),
  approval_id text references money_approval (id),
  revision integer not null default 1
);
create unique index refund_provider_idx on refund (provider_id) where provider_id is not null;
create index refund_payment_idx on refund (payment_id, asked_for_at, id);
create index refund_account_idx on refund (account_id, asked_for_at, id);
create index refund_asked_idx on refund (asked_for_at, id);

create table adjustment (
  id text primary key,
  account_id text not null references account (id),
  amount_minor bigint not null check (amount_minor <> 0),
  currency text not null,
  money text not null check (money in ('paid', 'bonus')),
  state text not null check (state in ('awaiting_approval', 'posted', 'withdrawn')),
  reason text not null,
  asked_by_id text not null references app_user (id),
  asked_for_at timestamptz(3) not null,
  transfer_id text references ledger_transfer (id),
  approval_id text references money_approval (id),
  settled_at timestamptz(3),
  check ((state = 'posted') = (transfer_id is not null))
);
create index adjustment_account_idx on adjustment (account_id, asked_for_at, id);
create index adjustment_asked_idx on adjustment (asked_for_at, id);

create table finance_policy (
  id text primary key check (id = 'main'),
  approval_above_minor bigint not null check (approval_above_minor >= 0),
  order_stands_seconds integer not null check (order_stands_seconds between 300 and 2592000),
  statement_day integer not null check (statement_day between 1 and 28),
  revision integer not null default 1
);
insert into finance_policy (id, approval_above_minor, order_stands_seconds, statement_day) values ('main', 1000000, 86400, 1);

`;

const audits = `
create table books_audit (
  id text primary key,
  state text not null check (state in ('running', 'done', 'failed')),
  begun_at timestamptz(3) not null,
  begun_by_id text references app_user (id),
  period_from timestamptz(3) not null,
  period_to timestamptz(3) not null,
  stage text not null check (stage in ('ledger', 'payments', 'refunds', 'over')),
  cursor text,
  accounts_checked integer not null default 0,
  payments_compared integer not null default 0,
  refunds_compared integer not null default 0,
  findings integer not null default 0,
  fees_minor bigint not null default 0,
  away_since timestamptz(3),
  ended_at timestamptz(3),
  check ((state = 'running') = (ended_at is null))
);
create index books_audit_begun_idx on books_audit (begun_at, id);
create unique index books_audit_running_idx on books_audit ((true)) where state = 'running';

create table books_audit_sight (
  audit_id text not null references books_audit (id),
  object_id text not null,
  primary key (audit_id, object_id)
);

create table books_audit_finding (
  audit_id text not null references books_audit (id),
  case_id text not null references staff_case (id),
  primary key (audit_id, case_id)
);
create index staff_case_matter_idx on staff_case (kind, about);

update obligation o set amount_minor = q.amount_minor from quote q where o.entity = 'quote:' || q.id;
create index obligation_money_idx on obligation (due_at, id)
  where split_part(entity, ':', 1) in ('payment', 'refund', 'approval', 'order', 'quote', 'credit', 'books', 'statements');
create index obligation_money_account_idx on obligation (account_id, due_at, id)
  where account_id is not null and split_part(entity, ':', 1) in ('payment', 'refund', 'approval', 'order', 'quote', 'credit', 'books', 'statements');
`;

const letters = `
alter table notification add column account_id text references account (id);
`;

const grants = `
grant select, insert on tax_rate, order_line, money_event, adjustment, money_approval to kontor_app;
grant update (state, decided_by_id, decided_at) on money_approval to kontor_app;
grant delete on tax_rate to kontor_app;
grant select, insert, update on promo_code, sales_order, promo_reservation, payment, provider_notification, refund, books_audit to kontor_app;
grant update (state, transfer_id, approval_id, settled_at) on adjustment to kontor_app;
grant select, update on finance_policy to kontor_app;
grant select, insert, delete on books_audit_sight to kontor_app;
grant select, insert on books_audit_finding to kontor_app;
grant update (charged_at) on quote to kontor_app;
`;

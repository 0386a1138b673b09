import { Migration } from '@mikro-orm/migrations';

/**
 * The ledger (SPEC B1, B3, B7, M10; reference: ledger-and-licences).
 *
 * Amounts are in minor units and seen from the other side: positive is what we owe, so a customer's balance is positive when
 * he has money with us, and an account of ours (`clearing`, what the provider holds for us) is negative when it is full.
 *
 * `kontor_app` cannot write accounts, transfers or entries. `ledger_post` does, and nothing else: it locks the accounts in the
 * order of their ids, claims the business key, asks whether a customer may spend so much, posts, and chains each entry to the
 * one before it on its account by a hash. Transfers and entries are never changed, whoever asks; at the commit each transfer
 * must add up to zero over two entries at least.
 *
 * Beside the books stands what they mean: `money_in` (paid money, and how much of it is unspent), `money_out` (what was spent
 * of it, and how much of that is still on credit), and which of them were met by which. Per account, paid balance = unspent − on credit.
 */
export class Ledger extends Migration {
  override up(): void {
    for (const statement of [books, meaning, guards].flatMap((part) => part.split(/;\s*\n/)))
      if (statement.trim()) this.addSql(statement.trim());
    for (const routine of [...routines, ...triggers]) this.addSql(routine);
    for (const statement of [openings, grants].flatMap((part) => part.split(/;\s*\n/))) if (statement.trim()) this.addSql(statement.trim());
  }

  /** Books are not taken away: restore a backup instead. */
  override down(): void {
    throw new Error('the ledger cannot be taken away; restore a backup instead');
  }
}

const books = `
create table ledger_account (
  id text collate "C" primary key,
  kind text not null check (kind in ('paid', 'bonus', 'clearing', 'fees', 'revenue', 'refunds_payable', 'adjustments', 'bonus_granted', 'opening')),
  account_id text references account (id),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  balance_minor bigint not null default 0 check (balance_minor between -9007199254740991 and 9007199254740991),
  version bigint not null default 0,
  head bytea not null default '\\x',
  check ((kind in ('paid', 'bonus')) = (account_id is not null)),
  check (kind <> 'bonus' or balance_minor >= 0)
) with (fillfactor = 60);
create unique index ledger_account_customer_idx on ledger_account (account_id, kind) where account_id is not null;
create index ledger_account_kind_idx on ledger_account (kind, id);

create table ledger_transfer (
  id text primary key check (id ~ '^trf_[0-9a-z]{26}$'),
  key text not null unique check (key ~ '^[!-~]{1,200}$'),
  request_hash bytea not null check (octet_length(request_hash) = 32),
  kind text not null check (kind in ('top_up', 'purchase', 'reversal', 'adjustment', 'bonus', 'refund', 'refund_settled', 'refund_returned', 'cabinet_refund', 'chargeback', 'fee', 'opening')),
  reverses text unique references ledger_transfer (id),
  at timestamptz(3) not null check (at >= '1970-01-01T00:00:00Z' and at < '9999-12-31T00:00:00Z'),
  by text not null check (by ~ '^[!-~]{1,100}$'),
  about text not null check (jsonb_typeof(about::jsonb) = 'object' and length(about) <= 2000 and about !~ '[[:cntrl:]]')
);
create index ledger_transfer_at_idx on ledger_transfer (at, id);

create table ledger_entry (
  ledger_account_id text collate "C" not null references ledger_account (id),
  version bigint not null,
  transfer_id text not null references ledger_transfer (id),
  amount_minor bigint not null check (amount_minor <> 0),
  balance_after_minor bigint not null,
  at timestamptz(3) not null,
  hash bytea not null,
  primary key (ledger_account_id, version),
  unique (transfer_id, ledger_account_id)
);
create index ledger_entry_at_idx on ledger_entry (ledger_account_id, at, version);
`;

const meaning = `
create table billing (
  account_id text primary key references account (id),
  credit_limit_minor bigint not null default 0 check (credit_limit_minor between 0 and 10000000000),
  credit_term_days integer check (credit_term_days between 1 and 365),
  discount_bp integer not null default 0 check (discount_bp between 0 and 10000),
  customer_kind text not null default 'company' check (customer_kind in ('person', 'sole_trader', 'company')),
  country text not null default 'RU' check (country ~ '^[A-Z]{2}$'),
  frozen_at timestamptz(3),
  frozen_for text check (frozen_for in ('chargeback', 'clawback', 'staff')),
  freeze_note text,
  revision integer not null default 1,
  check ((frozen_at is null) = (frozen_for is null))
);
create index billing_frozen_idx on billing (account_id) where frozen_at is not null;

create table money_in (
  transfer_id text primary key references ledger_transfer (id),
  account_id text not null references account (id),
  payment_id text,
  amount_minor bigint not null check (amount_minor > 0),
  unspent_minor bigint not null check (unspent_minor between 0 and amount_minor),
  at timestamptz(3) not null
);
create index money_in_unspent_idx on money_in (account_id, at, transfer_id) where unspent_minor > 0;
create unique index money_in_payment_idx on money_in (payment_id) where payment_id is not null;

create table money_out (
  transfer_id text primary key references ledger_transfer (id),
  account_id text not null references account (id),
  amount_minor bigint not null check (amount_minor > 0),
  on_credit_minor bigint not null check (on_credit_minor between 0 and amount_minor),
  due_at timestamptz(3),
  at timestamptz(3) not null
);
create index money_out_on_credit_idx on money_out (account_id, at, transfer_id) where on_credit_minor > 0;
create index money_out_due_idx on money_out (due_at) where on_credit_minor > 0 and due_at is not null;
create index money_out_overdue_idx on money_out (account_id, due_at) where on_credit_minor > 0 and due_at is not null;

create table money_allocation (
  id bigint generated always as identity primary key,
  out_id text not null references money_out (transfer_id),
  in_id text not null references money_in (transfer_id),
  amount_minor bigint not null check (amount_minor <> 0),
  at timestamptz(3) not null
);
create index money_allocation_out_idx on money_allocation (out_id, id);
create index money_allocation_in_idx on money_allocation (in_id, id);
`;

const guards = `
revoke all on ledger_account, ledger_transfer, ledger_entry from public;
`;

/**
 * What an entry's hash is of, behind the hash of the entry before; `domain/ledger-chain` spells the same. No part may hold a
 * line break (the tables' checks see to it), so that no two entries are spelled alike.
 */
const hashed = `sha256(a.head || convert_to(concat_ws(E'\\n', 'kontor-entry/1', a.id, a.currency, (a.version + 1)::text, e.amount::text,
          (a.balance_minor + e.amount)::text, p_id, p_key, encode(p_request, 'hex'), p_kind, coalesce(p_reverses, '-'), spelled_at, p_by, p_about), 'UTF8'))`;

/** Who may make temporary tables cannot put them before ours. */
const asOwner = `language plpgsql security definer set search_path = pg_catalog, public, pg_temp`;

const routines = [
  `create function ledger_is_immutable() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is never changed: a correction is a new transfer' using errcode = 'restrict_violation';
end;
$$`,
  `create function ledger_adds_up() returns trigger ${asOwner} as $$
declare
  of_transfer text;
  total numeric;
  entries bigint;
  currencies bigint;
begin
  if tg_table_name = 'ledger_transfer' then of_transfer := new.id; else of_transfer := new.transfer_id; end if;
  select coalesce(sum(e.amount_minor), 0), count(*), count(distinct a.currency) into total, entries, currencies
    from ledger_entry e join ledger_account a on a.id = e.ledger_account_id where e.transfer_id = of_transfer;
  if total <> 0 or entries < 2 or currencies <> 1 then
    raise exception 'transfer % does not add up', of_transfer using errcode = 'check_violation';
  end if;
  return null;
end;
$$`,
  `create function account_opens_books() returns trigger ${asOwner} as $$
begin
  insert into ledger_account (id, kind, account_id, currency)
    values ('paid:' || new.id, 'paid', new.id, new.currency), ('bonus:' || new.id, 'bonus', new.id, new.currency);
  insert into billing (account_id) values (new.id);
  return null;
end;
$$`,
  // The one way into the books. `insufficient`, `frozen` and `overdue` are answers, and claim nothing. A floor counts only where
  // the account's last entry brought the money that is spent now, and the balance stood there before it.
  `create function ledger_post(p_id text, p_key text, p_request bytea, p_kind text, p_at timestamptz, p_by text, p_reverses text, p_about text, p_entries jsonb, p_floor bigint)
  returns table (outcome text, transfer text, missing_minor bigint) ${asOwner} as $$
declare
  ids text[];
  known ledger_transfer;
  spender record;
  may_reach bigint;
  posted_at timestamptz(3);
  spelled_at text;
  posted integer;
begin
  if coalesce(jsonb_typeof(p_entries), '') <> 'array' or jsonb_array_length(p_entries) not between 2 and 100 then
    raise exception 'a transfer has two entries at least' using errcode = 'check_violation';
  end if;
  select array_agg(x.account order by x.account collate "C") into ids from jsonb_to_recordset(p_entries) as x (account text, amount bigint);
  insert into ledger_account (id, kind, currency)
    select wanted, split_part(wanted, ':', 1), split_part(wanted, ':', 2) from unnest(ids) as wanted
      where wanted ~ '^(clearing|fees|revenue|refunds_payable|adjustments|bonus_granted|opening):[A-Z]{3}:[0-9]{2}$'
        and not exists (select 1 from ledger_account a where a.id = wanted)
    on conflict do nothing;
  perform 1 from ledger_account a where a.id = any (ids) order by a.id for no key update;
  select * into known from ledger_transfer t where t.key = p_key;
  if found then
    return query select case when known.request_hash = p_request then 'repeated' else 'key_reused' end, known.id, 0::bigint;
    return;
  end if;
  if p_kind = 'purchase' then
    for spender in
      select a.balance_minor + x.amount as after, b.frozen_at,
          case when a.kind = 'bonus' then 0 else b.credit_limit_minor end as credit_limit_minor,
          exists (select 1 from money_out o where o.account_id = b.account_id and o.on_credit_minor > 0 and o.due_at <= p_at) as overdue,
          exists (select 1 from ledger_entry e where e.ledger_account_id = a.id and e.version = a.version
            and e.amount_minor > 0 and e.balance_after_minor - e.amount_minor = p_floor) as brought
        from jsonb_to_recordset(p_entries) as x (account text, amount bigint)
          join ledger_account a on a.id = x.account join billing b on b.account_id = a.account_id
        where x.amount < 0
    loop
      may_reach := least(case when spender.brought then p_floor else 0 end, case when spender.overdue then 0 else -spender.credit_limit_minor end);
      if spender.frozen_at is not null then
        return query select 'frozen', null::text, 0::bigint;
        return;
      end if;
      if spender.after < may_reach then
        return query select case when spender.overdue and spender.after >= -spender.credit_limit_minor then 'overdue' else 'insufficient' end,
          null::text, may_reach - spender.after;
        return;
      end if;
    end loop;
  end if;
  -- A customer's transfers lie in one order, no two at one instant: what his balance was after each, and when a month ended, is
  -- then the same however it is asked for.
  select greatest(p_at, max(e.at) + interval '1 millisecond') into posted_at
    from (select distinct split_part(own, ':', 2) as account from unnest(ids) as own where own ~ '^(paid|bonus):') c
      cross join (values ('paid:'), ('bonus:')) as k (kind)
      cross join lateral (select l.at from ledger_entry l where l.ledger_account_id = k.kind || c.account order by l.at desc limit 1) e;
  spelled_at := to_char(posted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  insert into ledger_transfer (id, key, request_hash, kind, reverses, at, by, about)
    values (p_id, p_key, p_request, p_kind, p_reverses, posted_at, p_by, p_about) on conflict (key) do nothing;
  if not found then
    select * into known from ledger_transfer t where t.key = p_key;
    return query select case when known.request_hash = p_request then 'repeated' else 'key_reused' end, known.id, 0::bigint;
    return;
  end if;
  with e as (select x.account, x.amount from jsonb_to_recordset(p_entries) as x (account text, amount bigint)),
    moved as (
      update ledger_account a set balance_minor = a.balance_minor + e.amount, version = a.version + 1, head = ${hashed}
        from e where a.id = e.account returning a.id, a.version, e.amount, a.balance_minor, a.head)
  insert into ledger_entry (ledger_account_id, version, transfer_id, amount_minor, balance_after_minor, at, hash)
    select m.id, m.version, p_id, m.amount, m.balance_minor, posted_at, m.head from moved m;
  get diagnostics posted = row_count;
  if posted <> jsonb_array_length(p_entries) then
    raise exception 'a transfer names an account that is not there' using errcode = 'foreign_key_violation';
  end if;
  if p_kind in ('reversal', 'refund_returned') and p_reverses is not null and exists (
    select 1 from ledger_entry e left join ledger_entry o on o.transfer_id = p_reverses and o.ledger_account_id = e.ledger_account_id
      where e.transfer_id = p_id and (o.amount_minor is null or sign(o.amount_minor) = sign(e.amount_minor) or abs(e.amount_minor) > abs(o.amount_minor))) then
    raise exception 'what is taken back is more, or elsewhere, than what was posted' using errcode = 'check_violation';
  end if;
  return query select 'posted', p_id, 0::bigint;
end;
$$`,
];

const triggers = [
  ...['ledger_transfer', 'ledger_entry'].flatMap((table) => [
    `create trigger ${table}_stays before update or delete on ${table} for each row execute function ledger_is_immutable()`,
    `create trigger ${table}_is_kept before truncate on ${table} for each statement execute function ledger_is_immutable()`,
    `create constraint trigger ${table}_adds_up after insert on ${table} deferrable initially deferred for each row execute function ledger_adds_up()`,
  ]),
  'create trigger ledger_account_stays before delete on ledger_account for each row execute function ledger_is_immutable()',
  'create trigger ledger_account_is_kept before truncate on ledger_account for each statement execute function ledger_is_immutable()',
  'create trigger account_opens_books after insert on account for each row execute function account_opens_books()',
];

/** Customers that are there already, and our own accounts: those of another currency are made when they are first posted to. */
const openings = `
insert into ledger_account (id, kind, account_id, currency)
  select k.kind || ':' || a.id, k.kind, a.id, a.currency from account a, (values ('paid'), ('bonus')) as k (kind);
insert into billing (account_id) select id from account;
insert into ledger_account (id, kind, currency)
  select k.kind || ':RUB:' || lpad(n::text, 2, '0'), k.kind, 'RUB'
    from (values ('clearing'), ('fees'), ('revenue'), ('refunds_payable'), ('adjustments'), ('bonus_granted'), ('opening')) as k (kind), generate_series(0, 15) as n;
`;

const grants = `
revoke all on function ledger_post(text, text, bytea, text, timestamptz, text, text, text, jsonb, bigint), account_opens_books() from public;
grant execute on function ledger_post(text, text, bytea, text, timestamptz, text, text, text, jsonb, bigint) to kontor_app;
grant select on ledger_account, ledger_transfer, ledger_entry, billing to kontor_app;
grant update (credit_limit_minor, credit_term_days, discount_bp, customer_kind, country, frozen_at, frozen_for, freeze_note, revision) on billing to kontor_app;
grant select, insert on money_in, money_out, money_allocation to kontor_app;
grant update (unspent_minor) on money_in to kontor_app;
grant update (on_credit_minor, due_at) on money_out to kontor_app;
`;

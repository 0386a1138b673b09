/** Promo codes as staff keep them, and as orders find them (SPEC B5). Lock order: order → promo code → … → money. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { PromoGain, PromoTerms, PromoUses } from '../../domain/promo-code.ts';
import { auditWish } from '../audit.ts';
import { givenIn, type Change } from '../change.ts';
import { newId } from '../new-id.ts';
import type { Window } from '../window.ts';
import type { Wish } from '../wish.ts';
import type { PersonName } from './ticket-reads.ts';

export interface PromoCode extends PromoTerms {
  readonly id: string;
  readonly code: string;
  readonly note: string | null;
  readonly withdrawnAt: Date | null;
  readonly createdBy: PersonName;
  readonly createdAt: Date;
  /** Uses that were paid, and those whose order still waits. */
  readonly used: number;
  readonly reserved: number;
  readonly revision: number;
}

interface Row {
  id: string;
  code: string;
  kind: 'percentage' | 'fixed';
  percentage_bp: number | null;
  fixed_minor: string | null;
  currency: string;
  valid_from: string;
  valid_until: string | null;
  total_cap: number | null;
  account_cap: number | null;
  fits: string[] | null;
  note: string | null;
  withdrawn_at: string | null;
  created_by: PersonName;
  created_at: string;
  used: number;
  reserved: number;
  revision: number;
}

const columns = `p.*, (select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.id = p.created_by_id) as created_by,
  (select count(*)::integer from promo_reservation r where r.promo_code_id = p.id and r.state <> 'released' and r.state = 'used') as used,
  (select count(*)::integer from promo_reservation r where r.promo_code_id = p.id and r.state <> 'released' and r.state = 'reserved') as reserved`;

function codeOf(row: Row): PromoCode {
  return {
    id: row.id,
    code: row.code,
    gain:
      row.kind === 'percentage'
        ? { kind: 'percentage', percentageBp: row.percentage_bp! }
        : { kind: 'fixed', fixedMinor: Number(row.fixed_minor), currency: row.currency },
    validFrom: new Date(row.valid_from),
    validUntil: row.valid_until === null ? null : new Date(row.valid_until),
    totalCap: row.total_cap,
    accountCap: row.account_cap,
    fits: row.fits,
    note: row.note,
    isWithdrawn: row.withdrawn_at !== null,
    withdrawnAt: row.withdrawn_at === null ? null : new Date(row.withdrawn_at),
    createdBy: row.created_by,
    createdAt: new Date(row.created_at),
    used: row.used,
    reserved: row.reserved,
    revision: row.revision,
  };
}

/** Codes, the newest first. */
export async function listPromoCodes(
  em: EntityManager,
  filter: { readonly withdrawn?: boolean | undefined; readonly code?: string | undefined },
  window: Window,
): Promise<{ items: PromoCode[]; more: boolean }> {
  const sql = ['true'];
  const values: unknown[] = [];
  if (filter.withdrawn !== undefined) sql.push(`p.withdrawn_at is ${filter.withdrawn ? 'not null' : 'null'}`);
  if (filter.code !== undefined) {
    sql.push('starts_with(p.code, ?)');
    values.push(filter.code);
  }
  if (window.after) {
    sql.push('(p.created_at, p.id) < (?::timestamptz, ?)');
    values.push(window.after.at, window.after.id);
  }
  const rows = await em.execute<Row[]>(
    `select ${columns} from promo_code p where ${sql.join(' and ')} order by p.created_at desc, p.id desc limit ?`,
    [...values, window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map(codeOf), more: rows.length > window.limit };
}

export async function findPromoCode(em: EntityManager, id: string): Promise<PromoCode | undefined> {
  const [row] = await em.execute<Row[]>(`select ${columns} from promo_code p where p.id = ?`, [id]);
  return row && codeOf(row);
}

/** The code of this spelling, as `readPromoCode` reads it. */
export async function findBySpelling(em: EntityManager, code: string): Promise<PromoCode | undefined> {
  const [row] = await em.execute<Row[]>(`select ${columns} from promo_code p where p.code = ?`, [code]);
  return row && codeOf(row);
}

/** The same, held until the transaction ends: nobody else takes a use of it meanwhile. */
export async function lockBySpelling(em: EntityManager, code: string): Promise<PromoCode | undefined> {
  await em.execute('select 1 from promo_code where code = ? for no key update', [code]);
  return findBySpelling(em, code);
}

/**
 * How often it is used or reserved, in all and by this account.
 * @param except orders that are given up in this same transaction
 */
export async function usesOf(
  em: EntityManager,
  promoCodeId: string,
  accountId: string,
  except: readonly string[] = [],
): Promise<PromoUses> {
  const [row] = await em.execute<{ total: number; by_account: number }[]>(
    `select count(*)::integer as total, (count(*) filter (where account_id = ?))::integer as by_account
      from promo_reservation where promo_code_id = ? and state <> 'released' and order_id <> all(?::text[])`,
    [accountId, promoCodeId, `{${except.join(',')}}`],
  );
  return { total: row!.total, byAccount: row!.by_account };
}

/** What staff write of a code. */
export interface PromoWords {
  readonly code: string;
  readonly gain: PromoGain;
  readonly validFrom: Date;
  readonly validUntil: Date | null;
  readonly totalCap: number | null;
  readonly accountCap: number | null;
  readonly fits: readonly string[] | null;
  readonly note: string | null;
}

/** Adds a code. Its spelling is its own, for ever: one that was withdrawn too. */
export async function addPromoCode(wish: Wish<StaffActor>, wanted: PromoWords): Promise<PromoCode | Refusal> {
  if (wanted.validUntil !== null && wanted.validUntil <= wanted.validFrom) return refuse('promo_code.ends_before_start');
  const { em } = wish;
  const at = wish.clock.now();
  const id = newId('promoCode', at);
  const added = await em.execute<unknown[]>(
    `insert into promo_code (id, code, kind, percentage_bp, fixed_minor, currency, valid_from, valid_until, total_cap, account_cap, fits, note,
        created_by_id, created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::text[], ?, ?, ?) on conflict (code) do nothing returning 1`,
    [id, wanted.code, ...gainColumns(wanted.gain), ...termsColumns(wanted), wanted.note, wish.actor.userId, at],
  );
  if (!added.length) return refuse('promo_code.code_taken');
  await auditWish(wish, 'promo_code.add', `promo_code:${id}`, at, { after: { code: wanted.code, ...told(wanted) } });
  return (await findPromoCode(em, id))!;
}

export type PromoChange = Change<Omit<PromoWords, 'code' | 'gain'> & { readonly withdrawn: boolean }>;

/**
 * Changes until when, how often and for what a code is good, withdraws it or brings it back. What it takes off stays: orders
 * name it. Orders that hold a use of it keep it.
 * @param known the revision that the change was made on; undefined when the caller does not say
 */
export async function changePromoCode(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  { withdrawn, ...change }: PromoChange,
): Promise<PromoCode | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  await em.execute('select 1 from promo_code where id = ? for no key update', [id]);
  const before = await findPromoCode(em, id);
  if (!before) return refuse('promo_code.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  const after = { ...before, ...givenIn(change), isWithdrawn: withdrawn ?? before.isWithdrawn };
  if (after.validUntil !== null && after.validUntil <= after.validFrom) return refuse('promo_code.ends_before_start');
  const fault = await faultInCaps(em, before, after);
  if (fault) return fault;
  await em.execute(
    `update promo_code set valid_from = ?, valid_until = ?, total_cap = ?, account_cap = ?, fits = ?::text[], note = ?,
        withdrawn_at = case when ? then coalesce(withdrawn_at, ?::timestamptz) end, revision = revision + 1 where id = ?`,
    [...termsColumns(after), after.note, after.isWithdrawn, at, id],
  );
  await auditWish(wish, 'promo_code.change', `promo_code:${id}`, at, {
    before: { ...told(before), withdrawn: String(before.isWithdrawn) },
    after: { ...told(after), withdrawn: String(after.isWithdrawn) },
  });
  return (await findPromoCode(em, id))!;
}

/** A cap may be lowered to what is used, not below. One that stands below already may stay. */
async function faultInCaps(em: EntityManager, before: PromoCode, after: PromoTerms): Promise<Refusal | undefined> {
  const total = before.used + before.reserved;
  if (after.totalCap !== null && after.totalCap !== before.totalCap && after.totalCap < total)
    return refuse('promo_code.caps_below_use', { used: String(total) });
  if (after.accountCap === null || after.accountCap === before.accountCap) return undefined;
  const [row] = await em.execute<{ most: number | null }[]>(
    `select max(uses)::integer as most from (
      select count(*) as uses from promo_reservation where promo_code_id = ? and state <> 'released' group by account_id) of_each`,
    [before.id],
  );
  const most = row?.most ?? 0;
  return after.accountCap < most ? refuse('promo_code.caps_below_use', { used: String(most) }) : undefined;
}

/** A use of a code: of which order, whose, and what became of it. */
export interface PromoUse {
  readonly id: string;
  readonly order: string;
  readonly account: PersonName;
  readonly state: 'reserved' | 'used' | 'released';
  readonly discountMinor: number;
  readonly currency: string;
  readonly reservedAt: Date;
  readonly settledAt: Date | null;
}

/** Who used a code, the latest first. */
export async function listPromoUses(em: EntityManager, promoCodeId: string, window: Window): Promise<{ items: PromoUse[]; more: boolean }> {
  const rows = await em.execute<
    (Omit<PromoUse, 'discountMinor' | 'reservedAt' | 'settledAt'> & { discount: string; reserved_at: string; settled_at: string | null })[]
  >(
    `select r.id, r.order_id as order, r.state, r.reserved_at, r.settled_at, o.discount_minor as discount, o.currency,
        jsonb_build_object('id', a.id, 'name', a.name) as account
      from promo_reservation r join sales_order o on o.id = r.order_id join account a on a.id = r.account_id
      where r.promo_code_id = ? and (?::timestamptz is null or (r.reserved_at, r.id) < (?::timestamptz, ?))
      order by r.reserved_at desc, r.id desc limit ?`,
    [promoCodeId, window.after?.at ?? null, window.after?.at ?? null, window.after?.id ?? null, window.limit + 1],
  );
  const items = rows.slice(0, window.limit).map(({ discount, reserved_at, settled_at, ...row }): PromoUse => ({
    ...row,
    discountMinor: Number(discount),
    reservedAt: new Date(reserved_at),
    settledAt: settled_at === null ? null : new Date(settled_at),
  }));
  return { items, more: rows.length > window.limit };
}

/** Takes a use of a code for an order: it is the order's until the order is over. The code's row is held, and it may be used. */
export async function reserveUse(
  em: EntityManager,
  at: Date,
  use: { readonly promoCodeId: string; readonly accountId: string; readonly orderId: string },
): Promise<void> {
  await em.execute(
    `insert into promo_reservation (id, promo_code_id, account_id, order_id, state, reserved_at) values (?, ?, ?, ?, 'reserved', ?)`,
    [newId('promoReservation', at), use.promoCodeId, use.accountId, use.orderId, at],
  );
}

/** The order is paid, and its use with it; or it is over, and the use is given back. Nothing where it holds none. */
export async function settleUse(em: EntityManager, at: Date, orderId: string, state: 'used' | 'released'): Promise<void> {
  await em.execute(`update promo_reservation set state = ?, settled_at = ? where order_id = ? and state = 'reserved'`, [
    state,
    at,
    orderId,
  ]);
}

function gainColumns(gain: PromoGain): unknown[] {
  return gain.kind === 'percentage' ? ['percentage', gain.percentageBp, null, 'RUB'] : ['fixed', null, gain.fixedMinor, gain.currency];
}

function termsColumns({ validFrom, validUntil, totalCap, accountCap, fits }: Omit<PromoTerms, 'gain' | 'isWithdrawn'>): unknown[] {
  return [validFrom, validUntil, totalCap, accountCap, fits === null ? null : `{${fits.join(',')}}`];
}

function told(terms: Omit<PromoTerms, 'isWithdrawn'>): Record<string, string | null> {
  const { gain, validFrom, validUntil, totalCap, accountCap, fits } = terms;
  return {
    gain: gain.kind === 'percentage' ? `${gain.percentageBp} bp` : `${gain.fixedMinor} ${gain.currency}`,
    validFrom: validFrom.toISOString(),
    validUntil: validUntil?.toISOString() ?? null,
    totalCap: totalCap === null ? null : String(totalCap),
    accountCap: accountCap === null ? null : String(accountCap),
    fits: fits?.join(' ') ?? null,
  };
}

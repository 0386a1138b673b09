/** What staff set for one customer's spending: limit and term, discount, tax profile, and whether he may spend (SPEC B3, B5, B7, B13). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { balanceOf, maxAmountMinor, type Balance } from '../../domain/ledger.ts';
import { spellMoney, type Money } from '../../domain/money.ts';
import type { CustomerKind } from '../../domain/tax-rate.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import type { Wish } from '../wish.ts';
import { lockFunds, readFunds } from './money.ts';
import { freezeSpending } from './spending-freeze.ts';

export const freezeReasons = ['chargeback', 'clawback', 'staff'] as const;
export type FreezeReason = (typeof freezeReasons)[number];

export interface BillingView extends Balance {
  readonly accountId: string;
  readonly currency: string;
  /** Days from a use of the limit until it is due; null without a term. */
  readonly creditTermDays: number | null;
  /** Hundredths of a percent. */
  readonly discountBp: number;
  readonly customerKind: CustomerKind;
  readonly country: string;
  readonly frozen: { readonly at: Date; readonly why: FreezeReason } | null;
  /** Staff's own words on why they last stopped spending or let it go on; customers do not see them. */
  readonly freezeNote: string | null;
  /** Credit that is used and past its day; 0 where none is. */
  readonly overdueMinor: number;
  /** The earliest day of what is on credit and not past it; null where nothing has a day. */
  readonly nextDue: { readonly at: Date; readonly amountMinor: number } | null;
  readonly revision: number;
}

interface Row {
  customer_kind: CustomerKind;
  country: string;
  frozen_at: string | null;
  frozen_for: FreezeReason | null;
  freeze_note: string | null;
  revision: number;
  overdue: string;
  next_due: string | null;
  next_minor: string;
}

/** A customer's money and what his spending goes by; undefined when there is no such account. */
export async function readBilling(em: EntityManager, accountId: string, at: Date): Promise<BillingView | undefined> {
  const funds = await readFunds(em, accountId, at);
  if (!funds) return undefined;
  const [row] = await em.execute<Row[]>(
    `select b.customer_kind, b.country, b.frozen_at, b.frozen_for, b.freeze_note, b.revision, d.overdue, d.next_due,
        (select coalesce(sum(o.on_credit_minor), 0) from money_out o
          where o.account_id = b.account_id and o.on_credit_minor > 0 and o.due_at = d.next_due) as next_minor
      from billing b cross join lateral (
        select coalesce(sum(o.on_credit_minor) filter (where o.due_at <= ?), 0) as overdue, min(o.due_at) filter (where o.due_at > ?) as next_due
          from money_out o where o.account_id = b.account_id and o.on_credit_minor > 0) d
      where b.account_id = ?`,
    [at, at, accountId],
  );
  return {
    ...balanceOf(funds),
    accountId,
    currency: funds.currency,
    creditTermDays: funds.creditTermDays,
    discountBp: funds.discountBp,
    customerKind: row!.customer_kind,
    country: row!.country,
    frozen: row!.frozen_at && row!.frozen_for ? { at: new Date(row!.frozen_at), why: row!.frozen_for } : null,
    freezeNote: row!.freeze_note,
    overdueMinor: Number(row!.overdue),
    nextDue: row!.next_due ? { at: new Date(row!.next_due), amountMinor: Number(row!.next_minor) } : null,
    revision: row!.revision,
  };
}

/** The personal discount of an account that exists, in hundredths of a percent. */
export async function readDiscountBp(em: EntityManager, accountId: string): Promise<number> {
  const [row] = await em.execute<{ discount_bp: number }[]>('select discount_bp from billing where account_id = ?', [accountId]);
  return row!.discount_bp;
}

/**
 * Sets the limit and its term. A limit below what is used takes nothing back: nothing more is spent on credit until it is repaid.
 * A term is that of uses from now on; earlier ones keep their day.
 * @param known the revision that the caller has seen; undefined when he does not mind
 */
export async function setCreditLimit(
  wish: Wish<StaffActor>,
  accountId: string,
  known: number | undefined,
  { limit, termDays }: { readonly limit: Money; readonly termDays: number | null },
): Promise<BillingView | Refusal> {
  return setBilling(wish, accountId, known, 'credit_limit.set', (before) => {
    if (limit.currency !== before.currency) return refuse('money.currency_wrong', { currency: before.currency });
    if (limit.amountMinor < 0 || limit.amountMinor > maxAmountMinor) throw new RangeError('a limit is bounded by its schema');
    return { credit_limit_minor: limit.amountMinor, credit_term_days: termDays };
  });
}

/** Sets the personal discount, in hundredths of a percent, 0–10 000: what is ordered from now on is priced with it. */
export async function setDiscount(
  wish: Wish<StaffActor>,
  accountId: string,
  known: number | undefined,
  discountBp: number,
): Promise<BillingView | Refusal> {
  return setBilling(wish, accountId, known, 'discount.set', () => ({ discount_bp: discountBp }));
}

/** Says what kind of customer it is, and where: the tax of orders from now on goes by it (SPEC B13). */
export async function setTaxProfile(
  wish: Wish<StaffActor>,
  accountId: string,
  known: number | undefined,
  { kind, country }: { readonly kind: CustomerKind; readonly country: string },
): Promise<BillingView | Refusal> {
  return setBilling(wish, accountId, known, 'tax_profile.set', () => ({ customer_kind: kind, country }));
}

/** Stops spending from the balance, and tells those who pay. What is frozen already stays as it is. */
export async function freezeCustomer(
  wish: Wish<StaffActor>,
  accountId: string,
  known: number | undefined,
  reason: string,
): Promise<BillingView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const before = await lockBilling(em, accountId, at);
  if (!before) return refuse('customer.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  if (before.frozen) return before;
  await freezeSpending(em, at, accountId, 'staff', `${accountId}:${before.revision}`);
  await em.execute('update billing set freeze_note = ? where account_id = ?', [reason, accountId]);
  await auditWish(wish, 'spending.freeze', `account:${accountId}`, at, { after: { frozen: 'staff' } });
  return (await readBilling(em, accountId, at))!;
}

/** Lets the customer spend again, whoever or whatever had stopped it. */
export async function unfreezeCustomer(
  wish: Wish<StaffActor>,
  accountId: string,
  known: number | undefined,
  reason: string,
): Promise<BillingView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const before = await lockBilling(em, accountId, at);
  if (!before) return refuse('customer.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  if (!before.frozen) return before;
  await em.execute(
    'update billing set frozen_at = null, frozen_for = null, freeze_note = ?, revision = revision + 1 where account_id = ?',
    [reason, accountId],
  );
  await auditWish(wish, 'spending.unfreeze', `account:${accountId}`, at, {
    before: { frozen: before.frozen.why },
    after: { frozen: null },
  });
  await tellPages(em, at, { accountId, staff: true }, { what: 'balance', id: accountId });
  return (await readBilling(em, accountId, at))!;
}

type Columns = Readonly<
  Partial<Record<'credit_limit_minor' | 'credit_term_days' | 'discount_bp' | 'customer_kind' | 'country', string | number | null>>
>;

/** Changes columns of the row, audited as they were and are. What is set to what it is changes nothing. */
async function setBilling(
  wish: Wish<StaffActor>,
  accountId: string,
  known: number | undefined,
  action: string,
  change: (before: BillingView) => Columns | Refusal,
): Promise<BillingView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const before = await lockBilling(em, accountId, at);
  if (!before) return refuse('customer.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  const wanted = change(before);
  if ('refused' in wanted) return wanted;
  const names = Object.keys(wanted) as (keyof Columns)[];
  const was = columnsOf(before);
  if (names.every((name) => was[name] === wanted[name])) return before;
  await em.execute(`update billing set ${names.map((name) => `${name} = ?`).join(', ')}, revision = revision + 1 where account_id = ?`, [
    ...names.map((name) => wanted[name]),
    accountId,
  ]);
  await auditWish(wish, action, `account:${accountId}`, at, {
    before: audited(names, was, before.currency),
    after: audited(names, wanted, before.currency),
  });
  await tellPages(em, at, { accountId, staff: true }, { what: 'balance', id: accountId });
  return (await readBilling(em, accountId, at))!;
}

async function lockBilling(em: EntityManager, accountId: string, at: Date): Promise<BillingView | undefined> {
  if (!(await readFunds(em, accountId, at))) return undefined;
  await lockFunds(em, accountId, at);
  return readBilling(em, accountId, at);
}

function columnsOf(view: BillingView): Required<Columns> {
  return {
    credit_limit_minor: view.creditLimitMinor,
    credit_term_days: view.creditTermDays,
    discount_bp: view.discountBp,
    customer_kind: view.customerKind,
    country: view.country,
  };
}

/** As the audit names them: sums and shares as people write them, not as columns hold them. */
function audited(names: readonly (keyof Columns)[], values: Columns, currency: string): Record<string, string | null> {
  const spelled: Readonly<Record<keyof Columns, () => [string, string | null]>> = {
    credit_limit_minor: () => ['creditLimit', spellMoney({ amountMinor: Number(values.credit_limit_minor), currency })],
    credit_term_days: () => ['creditTermDays', values.credit_term_days == null ? null : String(values.credit_term_days)],
    discount_bp: () => ['discountPercent', String(Number(values.discount_bp) / 100)],
    customer_kind: () => ['customerKind', String(values.customer_kind)],
    country: () => ['country', String(values.country)],
  };
  return Object.fromEntries(names.map((name) => spelled[name]()));
}

/** Orders as they are read and written (SPEC B4). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { DiscountSource, FulfilmentKind, OrderPrice, OrderState, PayingWay } from '../../domain/order.ts';
import { tellPages } from '../change-feed.ts';
import type { Window } from '../window.ts';
import type { PersonName } from './ticket-reads.ts';

export interface OrderLineView {
  readonly fulfilment: FulfilmentKind;
  readonly about: string;
  /** Markdown where it is a quote's: what was offered, as it was written then. */
  readonly description: string;
  readonly listMinor: number;
  readonly discountMinor: number;
  readonly priceMinor: number;
  readonly taxCategory: string;
  readonly taxRateBp: number | null;
  readonly taxInside: boolean;
  readonly taxMinor: number;
}

/** An order with its lines and the names of those who had to do with it. */
export interface OrderView {
  readonly id: string;
  readonly account: PersonName;
  readonly state: OrderState;
  readonly currency: string;
  readonly listMinor: number;
  readonly discountMinor: number;
  readonly discountFrom: DiscountSource | null;
  readonly taxOnTopMinor: number;
  readonly totalMinor: number;
  /** The code that gave the discount. */
  readonly promoCode: string | null;
  readonly lines: readonly OrderLineView[];
  readonly placedBy: PersonName | null;
  readonly placedAt: Date;
  readonly expiresAt: Date | null;
  readonly paidBy: PayingWay | null;
  readonly transferId: string | null;
  readonly settledAt: Date | null;
  /** The last payment that was begun for it. */
  readonly payment: { readonly id: string; readonly state: string; readonly confirmationUrl: string | null } | null;
  /** What of its price was given back. */
  readonly reversal: { readonly at: Date; readonly amountMinor: number; readonly reason: string } | null;
  readonly revision: number;
}

interface OrderRow {
  id: string;
  account: PersonName;
  state: OrderState;
  currency: string;
  list_minor: string;
  discount_minor: string;
  discount_from: DiscountSource | null;
  tax_on_top_minor: string;
  total_minor: string;
  promo_code: string | null;
  lines: OrderLineView[];
  placed_by: PersonName | null;
  placed_at: string;
  expires_at: string | null;
  paid_by: PayingWay | null;
  transfer_id: string | null;
  settled_at: string | null;
  payment: OrderView['payment'];
  reversed_at: string | null;
  reversed_minor: string | null;
  reversal_reason: string | null;
  revision: number;
}

const lines = `(select coalesce(jsonb_agg(jsonb_build_object('fulfilment', l.fulfilment, 'about', l.about, 'description', l.description, 'listMinor', l.list_minor,
    'discountMinor', l.discount_minor, 'priceMinor', l.price_minor, 'taxCategory', l.tax_category, 'taxRateBp', l.tax_rate_bp, 'taxInside', l.tax_inside,
    'taxMinor', l.tax_minor) order by l.position), '[]') from order_line l where l.order_id = o.id)`;

const columns = `o.*, ${lines} as lines,
  (select jsonb_build_object('id', a.id, 'name', a.name) from account a where a.id = o.account_id) as account,
  (select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.id = o.placed_by_id) as placed_by,
  (select c.code from promo_code c where c.id = o.promo_code_id) as promo_code,
  (select jsonb_build_object('id', p.id, 'state', p.state, 'confirmationUrl', p.confirmation_url) from payment p
    where p.order_id = o.id order by p.begun_at desc, p.id desc limit 1) as payment, reversal.at as reversed_at, reversal.amount as reversed_minor`;
const joins = `left join lateral (
    select t.at, (select sum(e.amount_minor) from ledger_entry e where e.transfer_id = t.id and e.amount_minor > 0) as amount
      from ledger_transfer t where t.reverses = o.transfer_id) reversal on true`;

function viewOf(row: OrderRow): OrderView {
  return {
    id: row.id,
    account: row.account,
    state: row.state,
    currency: row.currency,
    listMinor: Number(row.list_minor),
    discountMinor: Number(row.discount_minor),
    discountFrom: row.discount_from,
    taxOnTopMinor: Number(row.tax_on_top_minor),
    totalMinor: Number(row.total_minor),
    promoCode: row.promo_code,
    lines: row.lines,
    placedBy: row.placed_by,
    placedAt: new Date(row.placed_at),
    expiresAt: instantOf(row.expires_at),
    paidBy: row.paid_by,
    transferId: row.transfer_id,
    settledAt: instantOf(row.settled_at),
    payment: row.payment,
    reversal:
      row.reversed_at === null
        ? null
        : { at: new Date(row.reversed_at), amountMinor: Number(row.reversed_minor), reason: row.reversal_reason ?? '' },
    revision: row.revision,
  };
}

function instantOf(stored: string | null): Date | null {
  return stored === null ? null : new Date(stored);
}

export interface OrderFilter {
  readonly accountId?: string | undefined;
  readonly states?: readonly OrderState[] | undefined;
  readonly promoCodeId?: string | undefined;
  /** Paid, or come to another end, from this instant on and before the other. */
  readonly settledFrom?: Date | undefined;
  readonly settledTo?: Date | undefined;
}

/** Orders, the newest first. */
export async function listOrders(em: EntityManager, filter: OrderFilter, window: Window): Promise<{ items: OrderView[]; more: boolean }> {
  const sql = ['true'];
  const values: unknown[] = [];
  const narrow = (condition: string, value: unknown) => {
    if (value === undefined) return;
    sql.push(condition);
    values.push(value);
  };
  narrow('o.account_id = ?', filter.accountId);
  narrow('o.state = any(?::text[])', filter.states && `{${filter.states.join(',')}}`);
  narrow('o.promo_code_id = ?', filter.promoCodeId);
  narrow('o.settled_at >= ?', filter.settledFrom);
  narrow('o.settled_at < ?', filter.settledTo);
  if (window.after) {
    sql.push('(o.placed_at, o.id) < (?::timestamptz, ?)');
    values.push(window.after.at, window.after.id);
  }
  const rows = await em.execute<OrderRow[]>(
    `select ${columns} from sales_order o ${joins} where ${sql.join(' and ')} order by o.placed_at desc, o.id desc limit ?`,
    [...values, window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map(viewOf), more: rows.length > window.limit };
}

/**
 * Reads one order; undefined when there is none.
 * @param accountId when given, an order of another account is as unknown as one that does not exist
 */
export async function readOrder(em: EntityManager, id: string, accountId?: string): Promise<OrderView | undefined> {
  const [row] = await em.execute<OrderRow[]>(
    `select ${columns} from sales_order o ${joins} where o.id = ? ${accountId === undefined ? '' : 'and o.account_id = ?'}`,
    accountId === undefined ? [id] : [id, accountId],
  );
  return row && viewOf(row);
}

/** Holds an order until the transaction ends, and reads it as it is then. What it delivers is held before (SPEC B4). */
export async function lockOrder(em: EntityManager, id: string): Promise<OrderView | undefined> {
  await em.execute('select 1 from sales_order where id = ? for no key update', [id]);
  return readOrder(em, id);
}

/** Holds the orders that wait to be paid and deliver this, and names them. */
export async function lockOpenOrdersOf(em: EntityManager, fulfilment: FulfilmentKind, about: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select o.id from sales_order o where o.state = 'open'
        and o.id in (select l.order_id from order_line l where l.fulfilment = ? and l.about = ?) order by o.id for no key update`,
    [fulfilment, about],
  );
  return rows.map(({ id }) => id);
}

export interface NewOrder {
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  readonly price: OrderPrice;
  /** What each line is, in the order of the lines. */
  readonly descriptions: readonly string[];
  readonly promoCodeId: string | null;
  readonly placedById: string;
  readonly expiresAt: Date | null;
}

export async function insertOrder(em: EntityManager, at: Date, order: NewOrder): Promise<void> {
  const { id, price } = order;
  await em.execute(
    `insert into sales_order (id, account_id, state, currency, list_minor, discount_minor, tax_on_top_minor, total_minor, discount_from, promo_code_id,
        placed_by_id, placed_at, expires_at)
      values (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      order.accountId,
      order.currency,
      price.listMinor,
      price.discountMinor,
      price.taxOnTopMinor,
      price.totalMinor,
      price.discountFrom,
      order.promoCodeId,
      order.placedById,
      at,
      order.expiresAt,
    ],
  );
  for (const [position, line] of price.lines.entries())
    await em.execute(
      `insert into order_line (order_id, position, fulfilment, about, description, list_minor, discount_minor, price_minor, tax_category, tax_rate_bp,
          tax_inside, tax_minor)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        id,
        position,
        line.fulfilment,
        line.about,
        order.descriptions[position],
        line.listMinor,
        line.discountMinor,
        line.priceMinor,
        line.tax.category,
        line.tax.rateBp,
        line.tax.inside,
        line.taxMinor,
      ],
    );
}

/** Writes that an open order is over. Throws when it is not open: its row was to be held. */
export async function writeOrderOver(
  em: EntityManager,
  at: Date,
  id: string,
  over:
    | { readonly state: 'paid'; readonly paidBy: PayingWay; readonly transferId: string | null }
    | { readonly state: 'cancelled' | 'abandoned' },
): Promise<void> {
  const [paidBy, transferId] = over.state === 'paid' ? [over.paidBy, over.transferId] : [null, null];
  const written = await em.execute<unknown[]>(
    `update sales_order set state = ?, paid_by = ?, transfer_id = ?, settled_at = ?, revision = revision + 1 where id = ? and state = 'open' returning 1`,
    [over.state, paidBy, transferId, at, id],
  );
  if (!written.length) throw new Error(`${id} was not open`);
}

/** Lets open pages know. */
export async function showOrder(
  em: EntityManager,
  at: Date,
  { id, accountId }: { readonly id: string; readonly accountId: string },
): Promise<void> {
  await tellPages(em, at, { accountId, staff: true }, { what: 'order', id });
}

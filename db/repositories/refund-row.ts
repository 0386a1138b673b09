/** Refunds as they are read and written, with what can go back of a payment (SPEC B7). */
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  standingRefundStates,
  type Refundable,
  type RefundOrigin,
  type RefundState,
  type RefundStepKind,
} from '../../domain/refund-life.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import type { Window } from '../window.ts';
import type { PersonName } from './ticket-reads.ts';

export interface RefundView {
  readonly id: string;
  readonly account: PersonName;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly origin: RefundOrigin;
  readonly state: RefundState;
  readonly providerId: string | null;
  readonly reason: string | null;
  readonly askedBy: PersonName | null;
  readonly askedForAt: Date;
  readonly sentAt: Date | null;
  readonly asks: number;
  readonly cancelledBy: string | null;
  readonly cancelledFor: string | null;
  readonly reserveId: string | null;
  readonly settledAt: Date | null;
  readonly approvalId: string | null;
  readonly next: { readonly what: RefundStepKind | 'lapse'; readonly at: Date } | null;
}

interface RefundRow {
  id: string;
  account: PersonName;
  payment_id: string;
  amount_minor: string;
  currency: string;
  origin: RefundOrigin;
  state: RefundState;
  provider_id: string | null;
  reason: string | null;
  asked_by: PersonName | null;
  asked_for_at: string;
  sent_at: string | null;
  asks: number;
  cancelled_by: string | null;
  cancelled_for: string | null;
  reserve_id: string | null;
  settled_at: string | null;
  approval_id: string | null;
  next: { what: RefundStepKind | 'lapse'; at: string } | null;
}

const columns = `r.*, (select jsonb_build_object('id', a.id, 'name', a.name) from account a where a.id = r.account_id) as account,
  (select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.id = r.asked_by_id) as asked_by,
  (select jsonb_build_object('what', o.kind, 'at', o.due_at) from obligation o
    where o.entity in ('refund:' || r.id, 'approval:' || r.approval_id) order by o.due_at limit 1) as next`;

export interface RefundFilter {
  readonly paymentId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly states?: readonly RefundState[] | undefined;
  /** Asked for from this instant on, and before the other. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Refunds, the newest first. */
export async function listRefunds(
  em: EntityManager,
  filter: RefundFilter,
  window: Window,
): Promise<{ items: RefundView[]; more: boolean }> {
  const sql = ['true'];
  const values: unknown[] = [];
  const narrow = (condition: string, ...given: unknown[]) => {
    if (given.includes(undefined)) return;
    sql.push(condition);
    values.push(...given);
  };
  narrow('r.payment_id = ?', filter.paymentId);
  narrow('r.account_id = ?', filter.accountId);
  narrow('r.state = any(?::text[])', filter.states && `{${filter.states.join(',')}}`);
  narrow('r.asked_for_at >= ?', filter.from);
  narrow('r.asked_for_at < ?', filter.to);
  narrow('(r.asked_for_at, r.id) < (?::timestamptz, ?)', window.after?.at, window.after?.id);
  const rows = await em.execute<RefundRow[]>(
    `select ${columns} from refund r where ${sql.join(' and ')} order by r.asked_for_at desc, r.id desc limit ?`,
    [...values, window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map(viewOf), more: rows.length > window.limit };
}

export async function readRefund(em: EntityManager, id: string): Promise<RefundView | undefined> {
  const [row] = await em.execute<RefundRow[]>(`select ${columns} from refund r where r.id = ?`, [id]);
  return row && viewOf(row);
}

/** Locks a refund until the transaction ends, its payment's row before it. */
export async function lockRefund(em: EntityManager, id: string): Promise<RefundView | undefined> {
  await em.execute('select 1 from payment where id = (select payment_id from refund where id = ?) for no key update', [id]);
  await em.execute('select 1 from refund where id = ? for no key update', [id]);
  return readRefund(em, id);
}

function viewOf(row: RefundRow): RefundView {
  return {
    id: row.id,
    account: row.account,
    paymentId: row.payment_id,
    amountMinor: Number(row.amount_minor),
    currency: row.currency,
    origin: row.origin,
    state: row.state,
    providerId: row.provider_id,
    reason: row.reason,
    askedBy: row.asked_by,
    askedForAt: new Date(row.asked_for_at),
    sentAt: instantOf(row.sent_at),
    asks: row.asks,
    cancelledBy: row.cancelled_by,
    cancelledFor: row.cancelled_for,
    reserveId: row.reserve_id,
    settledAt: instantOf(row.settled_at),
    approvalId: row.approval_id,
    next: row.next && { what: row.next.what, at: new Date(row.next.at) },
  };
}

function instantOf(stored: string | null): Date | null {
  return stored === null ? null : new Date(stored);
}

/** What of a payment can go back, and whose it is. */
export interface RefundablePayment extends Refundable {
  readonly id: string;
  readonly accountId: string;
  readonly orderId: string | null;
  readonly providerId: string | null;
  /** The transfer by which its money came in. */
  readonly transferId: string | null;
}

/** Reads what of a payment can go back; undefined when there is no such payment. */
export async function readRefundable(em: EntityManager, paymentId: string): Promise<RefundablePayment | undefined> {
  const [row] = await em.execute<Record<string, string | null>[]>(
    `select p.*, coalesce(i.unspent_minor, 0) as unspent,
        (select coalesce(sum(r.amount_minor), 0) from refund r where r.payment_id = p.id and r.state = any(?::text[])) as gone
      from payment p left join money_in i on i.payment_id = p.id where p.id = ?`,
    [`{${standingRefundStates.join(',')}}`, paymentId],
  );
  return (
    row && {
      id: row['id']!,
      accountId: row['account_id']!,
      orderId: row['order_id']!,
      providerId: row['provider_id']!,
      transferId: row['transfer_id']!,
      amountMinor: Number(row['amount_minor']),
      currency: row['currency']!,
      state: row['state']!,
      settledAt: instantOf(row['settled_at']!),
      chargedBackAt: instantOf(row['charged_back_at']!),
      goneMinor: Number(row['gone']),
      unspentMinor: Number(row['unspent']),
    }
  );
}

/** Holds a payment's row until the transaction ends: no other refund of it begins or ends meanwhile. */
export async function lockPaymentRow(em: EntityManager, paymentId: string): Promise<void> {
  await em.execute('select 1 from payment where id = ? for no key update', [paymentId]);
}

/** Plans a refund's one next step, in the place of what it had; null takes it away. */
export async function planRefundStep(
  em: EntityManager,
  at: Date,
  refund: Pick<RefundView, 'id' | 'account' | 'amountMinor'>,
  step: { readonly kind: RefundStepKind; readonly dueAt: Date; readonly rule: string } | null,
): Promise<void> {
  const entity = moneyEntity('refund', refund.id);
  await em.execute('delete from obligation where entity = ?', [entity]);
  if (!step) return;
  await em.execute(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, amount_minor, planned_at_revision) values (?, ?, ?, ?, ?, ?, ?, 0)`,
    [newId('obligation', at), entity, refund.account.id, step.kind, step.dueAt, step.rule, -refund.amountMinor],
  );
}

/** What happened to a refund, as its timeline tells it. */
export async function noteRefund(
  em: EntityManager,
  at: Date,
  refundId: string,
  kind: string,
  by: string,
  data: Readonly<Record<string, string>> = {},
): Promise<void> {
  await em.execute('insert into money_event (refund_id, at, kind, by, data) values (?, ?, ?, ?, ?::jsonb)', [
    refundId,
    at,
    kind,
    by,
    JSON.stringify(data),
  ]);
}

/** Lets open pages know: the refund's own, and that of its payment. */
export async function showRefund(em: EntityManager, at: Date, refund: Pick<RefundView, 'id' | 'account' | 'paymentId'>): Promise<void> {
  const audience = { accountId: refund.account.id, staff: true };
  await tellPages(em, at, audience, { what: 'refund', id: refund.id });
  await tellPages(em, at, audience, { what: 'payment', id: refund.paymentId });
}

/** Payments as they are read and written (SPEC B2). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { moneyEntity } from '../../domain/money-entity.ts';
import type { PaymentEventKind, PaymentState, PaymentStepKind } from '../../domain/payment-life.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import type { Window } from '../window.ts';
import type { PersonName } from './ticket-reads.ts';

export interface PaymentView {
  readonly id: string;
  readonly account: PersonName;
  readonly orderId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: PaymentState;
  readonly provider: string;
  readonly providerId: string | null;
  readonly returnUrl: string;
  readonly confirmationUrl: string | null;
  readonly begunBy: PersonName;
  readonly begunAt: Date;
  /** When it was first handed to the provider: from then on the life of its key counts. */
  readonly askedAt: Date | null;
  /** How often it was handed over without a clear answer, or asked for since. */
  readonly asks: number;
  readonly method: string | null;
  readonly cancelledBy: string | null;
  readonly cancelledFor: string | null;
  readonly feeMinor: number | null;
  readonly transferId: string | null;
  readonly settledAt: Date | null;
  readonly refundedMinor: number;
  /** How much of its money is unspent; null where it has not come in. */
  readonly unspentMinor: number | null;
  readonly chargedBackAt: Date | null;
  readonly next: { readonly what: PaymentStepKind; readonly at: Date } | null;
}

interface PaymentRow {
  id: string;
  account: PersonName;
  order_id: string | null;
  amount_minor: string;
  currency: string;
  state: PaymentState;
  provider: string;
  provider_id: string | null;
  return_url: string;
  confirmation_url: string | null;
  begun_by: PersonName;
  begun_at: string;
  asked_at: string | null;
  asks: number;
  method: string | null;
  cancelled_by: string | null;
  cancelled_for: string | null;
  fee_minor: string | null;
  transfer_id: string | null;
  settled_at: string | null;
  refunded_minor: string;
  unspent: string | null;
  charged_back_at: string | null;
  next: { what: PaymentStepKind; at: string } | null;
}

const columns = `p.*, (select jsonb_build_object('id', a.id, 'name', a.name) from account a where a.id = p.account_id) as account,
  (select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.id = p.begun_by_id) as begun_by,
  (select i.unspent_minor from money_in i where i.payment_id = p.id) as unspent,
  (select jsonb_build_object('what', o.kind, 'at', o.due_at) from obligation o where o.entity = 'payment:' || p.id order by o.due_at limit 1) as next`;

export interface PaymentFilter {
  readonly accountId?: string | undefined;
  readonly orderId?: string | undefined;
  readonly states?: readonly PaymentState[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Payments, the newest first. */
export async function listPayments(
  em: EntityManager,
  filter: PaymentFilter,
  window: Window,
): Promise<{ items: PaymentView[]; more: boolean }> {
  const sql = ['true'];
  const values: unknown[] = [];
  const narrow = (condition: string, ...given: unknown[]) => {
    if (given.includes(undefined)) return;
    sql.push(condition);
    values.push(...given);
  };
  narrow('p.account_id = ?', filter.accountId);
  narrow('p.order_id = ?', filter.orderId);
  narrow('p.state = any(?::text[])', filter.states && `{${filter.states.join(',')}}`);
  narrow('p.begun_at >= ?', filter.from);
  narrow('p.begun_at < ?', filter.to);
  narrow('(p.begun_at, p.id) < (?::timestamptz, ?)', window.after?.at, window.after?.id);
  const rows = await em.execute<PaymentRow[]>(
    `select ${columns} from payment p where ${sql.join(' and ')} order by p.begun_at desc, p.id desc limit ?`,
    [...values, window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map(viewOf), more: rows.length > window.limit };
}

/** @param accountId when given, a payment of another account is as unknown as one that does not exist */
export async function readPayment(em: EntityManager, id: string, accountId?: string): Promise<PaymentView | undefined> {
  const [row] = await em.execute<PaymentRow[]>(
    `select ${columns} from payment p where p.id = ? ${accountId === undefined ? '' : 'and p.account_id = ?'}`,
    accountId === undefined ? [id] : [id, accountId],
  );
  return row && viewOf(row);
}

/** Locks a payment until the transaction ends, and reads it as it is then. */
export async function lockPayment(em: EntityManager, id: string): Promise<PaymentView | undefined> {
  await em.execute('select 1 from payment where id = ? for no key update', [id]);
  return readPayment(em, id);
}

function viewOf(row: PaymentRow): PaymentView {
  return {
    id: row.id,
    account: row.account,
    orderId: row.order_id,
    amountMinor: Number(row.amount_minor),
    currency: row.currency,
    state: row.state,
    provider: row.provider,
    providerId: row.provider_id,
    returnUrl: row.return_url,
    confirmationUrl: row.confirmation_url,
    begunBy: row.begun_by,
    begunAt: new Date(row.begun_at),
    askedAt: instantOf(row.asked_at),
    asks: row.asks,
    method: row.method,
    cancelledBy: row.cancelled_by,
    cancelledFor: row.cancelled_for,
    feeMinor: row.fee_minor === null ? null : Number(row.fee_minor),
    transferId: row.transfer_id,
    settledAt: instantOf(row.settled_at),
    refundedMinor: Number(row.refunded_minor),
    unspentMinor: row.unspent === null ? null : Number(row.unspent),
    chargedBackAt: instantOf(row.charged_back_at),
    next: row.next && { what: row.next.what, at: new Date(row.next.at) },
  };
}

function instantOf(stored: string | null): Date | null {
  return stored === null ? null : new Date(stored);
}

/** Plans a payment's one next step, in the place of what it had; null takes it away. */
export async function planPaymentStep(
  em: EntityManager,
  at: Date,
  payment: { readonly id: string; readonly accountId: string; readonly amountMinor: number },
  step: { readonly kind: PaymentStepKind; readonly dueAt: Date; readonly rule: string } | null,
): Promise<void> {
  const entity = moneyEntity('payment', payment.id);
  await em.execute('delete from obligation where entity = ?', [entity]);
  if (!step) return;
  await em.execute(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, amount_minor, planned_at_revision) values (?, ?, ?, ?, ?, ?, ?, 0)`,
    [newId('obligation', at), entity, payment.accountId, step.kind, step.dueAt, step.rule, payment.amountMinor],
  );
}

/** What happened to a payment, as its timeline tells it. */
export async function notePayment(
  em: EntityManager,
  at: Date,
  paymentId: string,
  kind: PaymentEventKind,
  by: string,
  data: Readonly<Record<string, string>> = {},
): Promise<void> {
  await em.execute('insert into money_event (payment_id, at, kind, by, data) values (?, ?, ?, ?, ?::jsonb)', [
    paymentId,
    at,
    kind,
    by,
    JSON.stringify(data),
  ]);
}

/** Lets open pages know. */
export async function showPayment(em: EntityManager, at: Date, { id, account }: Pick<PaymentView, 'id' | 'account'>): Promise<void> {
  await tellPages(em, at, { accountId: account.id, staff: true }, { what: 'payment', id });
}

/**
 * What the provider has against what we have (SPEC B10): a page of its list at a time, then each of ours that the list lacked.
 * Only looks at money and keeps findings; but a refund that somebody made in the provider's cabinet is recorded as what it is
 * (reference: yookassa, trap 5).
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { differenceOfPayment, differenceOfRefund, type MoneyFinding, type PaymentHere, type RefundHere } from '../../domain/books-audit.ts';
import type { RefundAtProvider } from '../../domain/refund-life.ts';
import { find, noteSights, type AuditFacts, type BatchDone, type Finding } from './books-audits.ts';
import { recordCabinetRefund } from './provider-refunds.ts';

/** Of a payment at the provider, what is compared. */
export interface ComparedPayment {
  readonly id: string;
  readonly state: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';
  readonly amountMinor: number;
  readonly currency: string;
  readonly createdAt: Date;
  readonly paymentId: string | null;
  readonly incomeMinor: number | null;
}

interface StoredPayment extends PaymentHere {
  readonly id: string;
  readonly accountId: string;
  readonly providerId: string | null;
}

interface PaymentRow {
  id: string;
  account_id: string;
  provider_id: string | null;
  state: PaymentHere['state'];
  amount_minor: string;
  currency: string;
  begun_at: string;
}

const paymentColumns = 'id, account_id, provider_id, state, amount_minor, currency, begun_at';

function paymentOf(row: PaymentRow): StoredPayment {
  const { id, state, currency } = row;
  return {
    id,
    state,
    currency,
    accountId: row.account_id,
    providerId: row.provider_id,
    amountMinor: Number(row.amount_minor),
    begunAt: new Date(row.begun_at),
  };
}

/** Compares payments that the provider listed with ours. */
export async function comparePaymentPage(
  em: EntityManager,
  at: Date,
  audit: AuditFacts,
  provider: string,
  page: readonly ComparedPayment[],
): Promise<BatchDone> {
  const fresh = await noteSights(
    em,
    audit.id,
    page.map(({ id }) => `payment:${id}`),
  );
  const rows = await em.execute<PaymentRow[]>(
    `select ${paymentColumns} from payment where provider = ? and (provider_id = any(array(select jsonb_array_elements_text(?::jsonb)))
        or id = any(array(select jsonb_array_elements_text(?::jsonb))))`,
    [provider, JSON.stringify(page.map(({ id }) => id)), JSON.stringify(page.flatMap(({ paymentId }) => paymentId ?? []))],
  );
  const ours = rows.map(paymentOf);
  let feesMinor = 0;
  for (const there of page) {
    const here = ours.find(({ providerId }) => providerId === there.id) ?? ours.find(({ id }) => id === there.paymentId);
    if (here && there.state === 'succeeded' && there.incomeMinor !== null && fresh.has(`payment:${there.id}`))
      feesMinor += Math.max(0, there.amountMinor - there.incomeMinor);
    const found = findingOfPayment(here, there, at);
    if (found) await find(em, at, audit.id, found);
  }
  return { payments: fresh.size, feesMinor };
}

function findingOfPayment(here: StoredPayment | undefined, there: ComparedPayment, now: Date): Finding | undefined {
  const sums = { provider: there.id, there: there.state, thereMinor: String(there.amountMinor), thereCurrency: there.currency };
  if (here && here.providerId !== null && here.providerId !== there.id) {
    // One of ours was made twice there. Where the second one was paid, money was taken twice.
    if (there.state !== 'succeeded') return undefined;
    const about = `provider-payment:${there.id}`;
    return { kind: 'books.payment_doubled', about, detail: { ...sums, payment: here.id, account: here.accountId } };
  }
  const kind = differenceOfPayment(here, there, now);
  if (!kind) return undefined;
  return here
    ? { kind, about: `payment:${here.id}`, detail: { ...sums, ...ourWord(here) } }
    : { kind, about: `provider-payment:${there.id}`, detail: sums };
}

function ourWord(here: { accountId: string; state: string; amountMinor: number; currency: string }): Record<string, string> {
  return { account: here.accountId, here: here.state, hereMinor: String(here.amountMinor), hereCurrency: here.currency };
}

/** One of ours whose number the provider gave us, and which its list did not show. */
export interface Unlisted {
  readonly id: string;
  readonly providerId: string;
}

/** Whether there is anything that a provider could be asked about. */
export async function hasAnythingToCompare(em: EntityManager, { from, to }: AuditFacts): Promise<boolean> {
  const [row] = await em.execute<{ any: boolean }[]>(
    `select exists (select 1 from payment where begun_at >= ? and begun_at < ?) or exists (select 1 from refund where asked_for_at >= ? and asked_for_at < ?) as any`,
    [from, to, from, to],
  );
  return row!.any;
}

/** Payments of the period that the list lacked, the earliest first. */
export async function unlistedPayments(em: EntityManager, audit: AuditFacts, provider: string, limit: number): Promise<Unlisted[]> {
  return em.execute<Unlisted[]>(
    `select p.id, p.provider_id as "providerId" from payment p
      where p.provider = ? and p.begun_at >= ? and p.begun_at < ? and p.provider_id is not null
        and not exists (select 1 from books_audit_sight s where s.audit_id = ? and s.object_id = 'payment:' || p.provider_id)
      order by p.begun_at, p.id limit ?`,
    [provider, audit.from, audit.to, audit.id, limit],
  );
}

/** The provider says that it knows no such payment. */
export async function missPayment(em: EntityManager, at: Date, audit: AuditFacts, { id, providerId }: Unlisted): Promise<BatchDone> {
  await noteSights(em, audit.id, [`payment:${providerId}`]);
  const [row] = await em.execute<PaymentRow[]>(`select ${paymentColumns} from payment where id = ?`, [id]);
  const here = paymentOf(row!);
  const kind = differenceOfPayment(here, undefined, at);
  if (kind) await find(em, at, audit.id, { kind, about: `payment:${id}`, detail: { provider: providerId, ...ourWord(here) } });
  return { payments: 1 };
}

/** Of a refund at the provider, what is compared. */
export interface ComparedRefund extends RefundAtProvider {
  readonly createdAt: Date;
}

interface StoredRefund extends RefundHere {
  readonly id: string;
  readonly accountId: string;
  readonly paymentId: string;
  readonly providerId: string;
}

interface RefundRow {
  id: string;
  account_id: string;
  payment_id: string;
  provider_id: string;
  state: RefundHere['state'];
  amount_minor: string;
  currency: string;
  sent_at: string | null;
}

const refundColumns = 'id, account_id, payment_id, provider_id, state, amount_minor, currency, sent_at';

function refundOf(row: RefundRow): StoredRefund {
  const { id, state, currency } = row;
  return {
    id,
    state,
    currency,
    accountId: row.account_id,
    paymentId: row.payment_id,
    providerId: row.provider_id,
    amountMinor: Number(row.amount_minor),
    sentAt: row.sent_at === null ? null : new Date(row.sent_at),
  };
}

/** Compares one refund that the provider listed with ours; each in a transaction of its own, as it may lock a payment. */
export async function compareRefund(em: EntityManager, at: Date, audit: AuditFacts, there: ComparedRefund): Promise<BatchDone> {
  const fresh = await noteSights(em, audit.id, [`refund:${there.id}`]);
  const [row] = await em.execute<RefundRow[]>(`select ${refundColumns} from refund where provider_id = ?`, [there.id]);
  if (row) {
    const here = refundOf(row);
    const kind = differenceOfRefund(here, there, at);
    if (kind) await find(em, at, audit.id, findingOfRefund(kind, here, there));
  } else await recordRefund(em, at, audit, there);
  return { refunds: fresh.size };
}

/** One that we do not know by the provider's number: ours whose answer was lost, or made in the cabinet. */
async function recordRefund(em: EntityManager, at: Date, audit: AuditFacts, there: ComparedRefund): Promise<void> {
  const recorded = await recordCabinetRefund(em, at, there);
  if (recorded === 'payment_unknown')
    return find(em, at, audit.id, {
      kind: 'refund.payment_unknown',
      about: `provider-refund:${there.id}`,
      detail: { payment: there.paymentId },
    });
  const [made] = await em.execute<{ id: string; kind: string; about: string; detail: Record<string, string> }[]>(
    `select c.kind, c.about, c.detail from refund r join staff_case c on c.about = 'refund:' || r.id and c.kind = 'refund.from_cabinet' where r.provider_id = ?`,
    [there.id],
  );
  if (made) await find(em, at, audit.id, made);
}

function findingOfRefund(kind: MoneyFinding, here: StoredRefund, there: ComparedRefund | undefined): Finding {
  const sums = there && { there: there.state, thereMinor: String(there.amountMinor), thereCurrency: there.currency };
  return {
    kind,
    about: `refund:${here.id}`,
    detail: { provider: here.providerId, payment: here.paymentId, ...sums, ...ourWord(here) },
  };
}

/** Refunds of the period that the list lacked. */
export async function unlistedRefunds(em: EntityManager, audit: AuditFacts, limit: number): Promise<Unlisted[]> {
  return em.execute<Unlisted[]>(
    `select r.id, r.provider_id as "providerId" from refund r
      where r.asked_for_at >= ? and r.asked_for_at < ? and r.provider_id is not null
        and not exists (select 1 from books_audit_sight s where s.audit_id = ? and s.object_id = 'refund:' || r.provider_id)
      order by r.asked_for_at, r.id limit ?`,
    [audit.from, audit.to, audit.id, limit],
  );
}

/** The provider says that it knows no such refund. */
export async function missRefund(em: EntityManager, at: Date, audit: AuditFacts, { id, providerId }: Unlisted): Promise<BatchDone> {
  await noteSights(em, audit.id, [`refund:${providerId}`]);
  const [row] = await em.execute<RefundRow[]>(`select ${refundColumns} from refund where id = ?`, [id]);
  const here = refundOf(row!);
  const kind = differenceOfRefund(here, undefined, at);
  if (kind) await find(em, at, audit.id, findingOfRefund(kind, here, undefined));
  return { refunds: 1 };
}

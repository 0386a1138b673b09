/** Time's side of a payment: what its workflow waits for, what is asked of the provider, and what his answer means (SPEC B2). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../domain/clock.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import {
  askAgainAfterSeconds,
  findAgainAfterSeconds,
  keyIsGoodForSeconds,
  listReachesBackSeconds,
  looksAgainAfterSeconds,
  looksForSeconds,
  paymentStory,
  sendAgainAfterSeconds,
  type FoundPayment,
  type PaymentPlan,
  type PaymentStepKind,
  type Shop,
} from '../../domain/payment-life.ts';
import type { Database } from '../database.ts';
import { lockPayment, notePayment, planPaymentStep, readPayment, showPayment, type PaymentView } from './payment-row.ts';
import { refusePayment, takeProviderPayment, tellFailed } from './payment-settling.ts';

/** What a payment waits for; undefined when there is none. */
export async function readPaymentPlan(database: Database, id: string): Promise<PaymentPlan | undefined> {
  return planOf(database.fork(), id);
}

async function planOf(em: EntityManager, id: string): Promise<PaymentPlan | undefined> {
  const payment = await readPayment(em, id);
  if (!payment) return undefined;
  const rows = await em.execute<{ id: string; kind: PaymentStepKind; due_at: string }[]>(
    'select id, kind, due_at from obligation where entity = ? order by due_at',
    [moneyEntity('payment', id)],
  );
  const next = rows[0] && { kind: rows[0].kind, dueAt: new Date(rows[0].due_at) };
  return {
    state: payment.state,
    story: paymentStory({ ...payment, sends: payment.state === 'preparing' ? payment.asks : 0, next }),
    over: rows.length === 0,
    steps: rows.map((row) => ({ id: row.id, kind: row.kind, dueAt: new Date(row.due_at).toISOString() })),
  };
}

/** What is to be asked of the provider for a step whose time has come. */
export interface PaymentQuestion {
  readonly kind: PaymentStepKind;
  readonly paymentId: string;
  readonly orderId: string | null;
  readonly providerId: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly returnUrl: string;
  /** When it was first handed over, and how often before. */
  readonly askedAt: Date;
  readonly asks: number;
  /** When this question was put: what he told since then he may have told of something later. */
  readonly putAt: Date;
  /** From when the provider's list is read. */
  readonly listFrom: Date;
  readonly listTo: Date;
}

/**
 * Looks whether the step still stands and its time has come, and writes that it is handed over now, before it is: from this
 * instant on the life of its key counts (trap 1).
 * @returns undefined where nothing is to be asked
 */
export async function beginPaymentStep(database: Database, clock: Clock, id: string, stepId: string): Promise<PaymentQuestion | undefined> {
  return database.fork().transactional(async (em) => {
    const payment = await lockPayment(em, id);
    const at = clock.now();
    const kind = payment && (await dueStep(em, payment, stepId, at));
    if (!payment || !kind) return undefined;
    if (kind === 'create' && payment.askedAt && at.getTime() - payment.askedAt.getTime() >= keyIsGoodForSeconds * 1000) {
      await plan(em, at, payment, { kind: 'find', dueAt: at, rule: 'the key may be forgotten' });
      return undefined;
    }
    if (kind === 'create' && payment.askedAt === null) await notePayment(em, at, id, 'sent', 'time');
    const askedAt = payment.askedAt ?? at;
    await em.execute('update payment set asked_at = ?, asks = asks + 1, revision = revision + 1 where id = ?', [askedAt, id]);
    return {
      kind,
      paymentId: id,
      orderId: payment.orderId,
      providerId: payment.providerId,
      amountMinor: payment.amountMinor,
      currency: payment.currency,
      returnUrl: payment.returnUrl,
      askedAt,
      asks: payment.asks,
      putAt: at,
      listFrom: new Date(askedAt.getTime() - listReachesBackSeconds * 1000),
      // Whatever was handed over within the key's life was made within a day of the first try.
      listTo: new Date(askedAt.getTime() + 2 * 24 * 3600 * 1000),
    };
  });
}

async function dueStep(em: EntityManager, payment: PaymentView, stepId: string, at: Date): Promise<PaymentStepKind | undefined> {
  const [row] = await em.execute<{ kind: PaymentStepKind }[]>('select kind from obligation where id = ? and entity = ? and due_at <= ?', [
    stepId,
    moneyEntity('payment', payment.id),
    at,
  ]);
  return row?.kind;
}

/** What the provider answered: a payment, a no for good, that there is none, or nothing that one could go by. */
export type PaymentAnswer =
  | { readonly kind: 'found'; readonly payment: FoundPayment }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'unknown'; readonly why: string; readonly retryAfterMs?: number };

/**
 * Takes what the provider answered. What he says of the payment is true whether the step still stands or not; what he does not
 * say decides nothing where it does not.
 */
export async function finishPaymentStep(
  database: Database,
  clock: Clock,
  stepId: string,
  asked: PaymentQuestion,
  answer: PaymentAnswer,
  shop: Shop,
): Promise<PaymentPlan | undefined> {
  const id = asked.paymentId;
  return database.fork().transactional(async (em) => {
    if (answer.kind === 'found') await takeProviderPayment(em, clock.now(), id, answer.payment, shop);
    const payment = await lockPayment(em, id);
    const at = clock.now();
    if (payment && (await dueStep(em, payment, stepId, at))) await follow(em, at, payment, asked, answer);
    return planOf(em, id);
  });
}

/** The step that follows, in the place of the one that was taken. */
async function follow(em: EntityManager, at: Date, payment: PaymentView, asked: PaymentQuestion, answer: PaymentAnswer): Promise<void> {
  if (answer.kind === 'found') {
    if (payment.state === 'pending' && (await wasToldSince(em, payment.id, asked.putAt)))
      await plan(em, at, payment, { kind: 'ask', dueAt: at, rule: 'notified' });
    else if (payment.state === 'pending') await planAsking(em, at, payment, payment.asks);
    else await plan(em, at, payment, null);
    return;
  }
  const why = answer.kind === 'unknown' ? answer.why : answer.kind === 'refused' ? answer.code : 'not_found';
  // Told once: an answer that does not come for hours would be a line a minute.
  if (asked.asks === 0 && answer.kind === 'unknown') await notePayment(em, at, payment.id, 'unanswered', 'time', { why });
  // The provider has it, as was heard meanwhile: whatever became of this try, it stands as he says.
  if (payment.providerId !== null) {
    await planAsking(em, at, payment, payment.asks);
    return;
  }
  switch (asked.kind) {
    case 'create':
      // A refusal after a try whose answer was lost may be about the repeat: only the list can tell what became of the first.
      if (answer.kind === 'refused' && asked.asks === 0) await refusePayment(em, at, payment, answer.code);
      else if (answer.kind === 'refused' || isTooLateToSend(asked, at, answer))
        await plan(em, at, payment, { kind: 'find', dueAt: at, rule: why });
      else await plan(em, at, payment, later(at, 'create', sendAfter(asked, answer)));
      return;
    case 'find':
      if (answer.kind === 'unknown') await plan(em, at, payment, later(at, 'find', findAgainAfterSeconds));
      else await lapse(em, at, payment);
      return;
    case 'ask':
      throw new Error(`${payment.id} is asked for, and has no number at the provider`);
  }
}

async function wasToldSince(em: EntityManager, paymentId: string, since: Date): Promise<boolean> {
  const told = await em.execute<unknown[]>('select 1 from provider_notification where payment_id = ? and received_at >= ? limit 1', [
    paymentId,
    since,
  ]);
  return told.length > 0;
}

function isTooLateToSend({ askedAt, asks }: PaymentQuestion, at: Date, answer: PaymentAnswer): boolean {
  const again = at.getTime() + sendAfter({ asks }, answer) * 1000;
  return again - askedAt.getTime() >= keyIsGoodForSeconds * 1000;
}

/** The provider may ask for more patience, within reason. */
function sendAfter({ asks }: Pick<PaymentQuestion, 'asks'>, answer: PaymentAnswer): number {
  const wished = answer.kind === 'unknown' ? (answer.retryAfterMs ?? 0) / 1000 : 0;
  return Math.min(Math.max(sendAgainAfterSeconds(asks + 1), wished), 3600);
}

/** His list does not show it: it was never made. Lists may be late, so it is looked for some days more. */
async function lapse(em: EntityManager, at: Date, payment: PaymentView): Promise<void> {
  if (payment.state === 'preparing') {
    await em.execute(`update payment set state = 'lapsed', settled_at = ?, revision = revision + 1 where id = ?`, [at, payment.id]);
    await notePayment(em, at, payment.id, 'lapsed', 'time');
    await tellFailed(em, at, payment, 'not_made');
    await showPayment(em, at, payment);
  }
  const lapsedAt = payment.settledAt ?? at;
  const over = at.getTime() - lapsedAt.getTime() >= looksForSeconds * 1000;
  await plan(em, at, payment, over ? null : later(at, 'find', looksAgainAfterSeconds));
}

async function planAsking(em: EntityManager, at: Date, payment: PaymentView, asks: number): Promise<void> {
  await plan(em, at, payment, later(at, 'ask', askAgainAfterSeconds(asks)));
}

function later(at: Date, kind: PaymentStepKind, seconds: number): { kind: PaymentStepKind; dueAt: Date; rule: string } {
  return { kind, dueAt: new Date(at.getTime() + seconds * 1000), rule: `${kind}After ${Math.round(seconds)} s` };
}

async function plan(em: EntityManager, at: Date, payment: PaymentView, step: Parameters<typeof planPaymentStep>[3]): Promise<void> {
  await planPaymentStep(em, at, { id: payment.id, accountId: payment.account.id, amountMinor: payment.amountMinor }, step);
}

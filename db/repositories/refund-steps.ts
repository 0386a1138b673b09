/** Time's side of a refund: what its workflow waits for, and what happens when a step falls due (SPEC B7). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../domain/clock.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import {
  afterAsking,
  afterFinding,
  afterSending,
  refundIsOver,
  refundStory,
  stepOfSending,
  type AfterAnswer,
  type RefundAnswer,
  type RefundPlan,
  type RefundStepKind,
  type SentRefund,
} from '../../domain/refund-life.ts';
import type { Database } from '../database.ts';
import { openCase } from './cases.ts';
import { cancelRefund, takeProviderRefund } from './provider-refunds.ts';
import { lockRefund, noteRefund, planRefundStep, readRefund, readRefundable, showRefund, type RefundView } from './refund-row.ts';

/** What a refund waits for; undefined when there is none. */
export async function readRefundPlan(database: Database, id: string): Promise<RefundPlan | undefined> {
  return planOf(database.fork(), id);
}

async function planOf(em: EntityManager, id: string): Promise<RefundPlan | undefined> {
  const refund = await readRefund(em, id);
  if (!refund) return undefined;
  const rows = await em.execute<{ id: string; kind: RefundStepKind; due_at: string }[]>(
    'select id, kind, due_at from obligation where entity = ? order by due_at',
    [moneyEntity('refund', id)],
  );
  const steps = rows.map((row) => ({ id: row.id, kind: row.kind, dueAt: new Date(row.due_at).toISOString() }));
  return { state: refund.state, story: refundStory(refund), over: refundIsOver(refund.state), steps };
}

/** What is to be asked of the provider for a step whose time has come. */
export interface RefundQuestion {
  readonly kind: RefundStepKind;
  readonly refundId: string;
  /** The provider's id of the payment, and of the refund where he has told it. */
  readonly paymentAtProvider: string;
  readonly refundAtProvider: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly sent: SentRefund;
}

/**
 * Looks whether the step still stands and its time has come, and writes that it is handed over now, before it is: from this
 * instant on the life of its key counts.
 * @returns undefined where nothing is to be asked
 */
export async function beginRefundStep(database: Database, clock: Clock, id: string, stepId: string): Promise<RefundQuestion | undefined> {
  return database.fork().transactional(async (em) => {
    const refund = await lockRefund(em, id);
    const at = clock.now();
    const kind = refund && (await dueStep(em, refund, stepId, at));
    if (!refund || !kind) return undefined;
    const payment = (await readRefundable(em, refund.paymentId))!;
    if (kind === 'send') {
      if (refund.sentAt === null && payment.chargedBackAt) {
        await cancelRefund(em, at, refund, { providerId: null, by: null, why: 'charged_back' });
        await showRefund(em, at, refund);
        return undefined;
      }
      // Woken late, as after an outage: the key may be forgotten by now.
      if (refund.sentAt && stepOfSending({ sentAt: refund.sentAt }, at).step === 'find') {
        await planRefundStep(em, at, refund, { kind: 'find', dueAt: at, rule: 'the key may be forgotten' });
        return undefined;
      }
      if (refund.sentAt === null) await noteRefund(em, at, id, 'sent', 'time');
    }
    await em.execute('update refund set sent_at = coalesce(sent_at, ?), asks = asks + 1, revision = revision + 1 where id = ?', [at, id]);
    return {
      kind,
      refundId: id,
      paymentAtProvider: payment.providerId!,
      refundAtProvider: refund.providerId,
      amountMinor: refund.amountMinor,
      currency: refund.currency,
      sent: { sentAt: refund.sentAt ?? at, asks: refund.asks, refusedWith: refund.cancelledFor },
    };
  });
}

async function dueStep(em: EntityManager, refund: RefundView, stepId: string, at: Date): Promise<RefundStepKind | undefined> {
  if (refundIsOver(refund.state)) return undefined;
  const [row] = await em.execute<{ kind: RefundStepKind }[]>('select kind from obligation where id = ? and entity = ? and due_at <= ?', [
    stepId,
    moneyEntity('refund', refund.id),
    at,
  ]);
  return row?.kind;
}

/**
 * Takes what the provider answered, if the step still stands: meanwhile a notification may have told the same, or another try
 * of this step.
 */
export async function finishRefundStep(
  database: Database,
  clock: Clock,
  stepId: string,
  asked: RefundQuestion,
  answer: RefundAnswer,
): Promise<RefundPlan | undefined> {
  return database.fork().transactional(async (em) => {
    const refund = await lockRefund(em, asked.refundId);
    const at = clock.now();
    if (!refund) return undefined;
    // What the provider tells of it is true whether the step stands or not; what he does not tell decides nothing then.
    if (answer.kind === 'found' || (await dueStep(em, refund, stepId, at)))
      await follow(em, at, refund, asked, whatFollows(asked, answer, at));
    return planOf(em, refund.id);
  });
}

function whatFollows({ kind, sent }: RefundQuestion, answer: RefundAnswer, at: Date): AfterAnswer {
  if (kind === 'send') return afterSending(sent, answer, at);
  return kind === 'find' ? afterFinding(sent, answer, at) : afterAsking(sent, answer, at);
}

async function follow(em: EntityManager, at: Date, refund: RefundView, asked: RefundQuestion, next: AfterAnswer): Promise<void> {
  if (next.kind === 'take') {
    await takeProviderRefund(em, at, refund.id, next.refund);
    return;
  }
  if (next.kind === 'give_back') {
    await cancelRefund(em, at, refund, { providerId: null, by: null, why: next.why });
    await showRefund(em, at, refund);
    return;
  }
  if (refundIsOver(refund.state)) return;
  const { step, dueAt, why, needsLook } = next;
  // Told once: an answer that does not come for hours would be a line a minute.
  if (asked.sent.asks === 0 && why !== undefined) await noteRefund(em, at, refund.id, 'no_answer', 'time', { why });
  if (asked.kind === 'send' && step === 'find') {
    await noteRefund(em, at, refund.id, 'looked_for', 'time', why === undefined ? {} : { why });
    // A refusal after a lost answer: kept until his list says what came of the first try.
    if (dueAt <= at && why !== undefined)
      await em.execute('update refund set cancelled_for = ? where id = ?', [why.slice(0, 100), refund.id]);
  }
  if (needsLook)
    await openCase(em, at, {
      kind: 'refund.slow',
      about: `refund:${refund.id}`,
      detail: { payment: refund.paymentId, ...(why === undefined ? {} : { why }) },
    });
  await planRefundStep(em, at, refund, { kind: step, dueAt, rule: ruleOf(step, at, dueAt) });
}

function ruleOf(step: RefundStepKind, at: Date, dueAt: Date): string {
  return `${step}After ${Math.round((dueAt.getTime() - at.getTime()) / 1000)} s`;
}

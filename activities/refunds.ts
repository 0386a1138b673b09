import { ApplicationFailure } from '@temporalio/common';
import type { Clock } from '../domain/clock.ts';
import { looksLikeId } from '../domain/ids.ts';
import type { RefundAnswer, RefundAtProvider } from '../domain/refund-life.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import { beginRefundStep, finishRefundStep, readRefundPlan, type RefundQuestion } from '../db/repositories/refund-steps.ts';
import type { RefundDeeds, RefundReads } from '../workflows/refund/contract.ts';
import type { PaymentProvider, ProviderAnswer } from './payment-provider/port.ts';

/** Pages of a payment's refunds that are read at most: a payment has few. */
const maxPages = 50;

/** What the workflow of a refund may do: read the facts, and ask the provider for what is due. */
export function refundActivities({
  database,
  clock,
  bell,
  provider,
}: {
  database: Database;
  clock: Clock;
  bell: OutboxBell;
  provider: PaymentProvider;
}): RefundReads & RefundDeeds {
  return {
    readRefundPlan: (id) => readRefundPlan(database, checked(id)),
    // Safe to run again: the provider does once what comes under one key (the refund's id), and what he answers is taken once
    // (keys `refund_settled:<id>` and `refund_returned:<id>` of the ledger).
    takeRefundStep: async (id, stepId) => {
      const asked = await beginRefundStep(database, clock, checked(id), stepId);
      const plan = asked
        ? await finishRefundStep(database, clock, stepId, asked, await ask(provider, asked))
        : await readRefundPlan(database, id);
      bell.ring();
      return plan;
    },
  };
}

async function ask(provider: PaymentProvider, asked: RefundQuestion): Promise<RefundAnswer> {
  if (asked.kind === 'find') return findRefund(provider, asked);
  if (asked.kind === 'ask') return answerOf(await provider.readRefund(asked.refundAtProvider!));
  const { refundId, paymentAtProvider: paymentId, amountMinor, currency } = asked;
  return answerOf(await provider.createRefund({ refundId, key: refundId, paymentId, amountMinor, currency }));
}

/** Looks through the payment's refunds for the one that carries our id. */
async function findRefund(provider: PaymentProvider, { paymentAtProvider: paymentId, refundId }: RefundQuestion): Promise<RefundAnswer> {
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const answer: Awaited<ReturnType<PaymentProvider['listRefunds']>> = await provider.listRefunds({ paymentId }, cursor);
    if (answer.kind === 'not_found') return { kind: 'not_found' };
    if (answer.kind !== 'answer') return answerOf(answer);
    const ours = answer.found.items.find((item) => item.refundId === refundId && item.paymentId === paymentId);
    if (ours) return { kind: 'found', refund: ours };
    cursor = answer.found.nextCursor;
    if (cursor === null) return { kind: 'not_found' };
  }
  return { kind: 'unknown', why: 'list_too_long' };
}

function answerOf(answer: ProviderAnswer<RefundAtProvider> | Exclude<ProviderAnswer<never>, { kind: 'answer' }>): RefundAnswer {
  return answer.kind === 'answer' ? { kind: 'found', refund: answer.found } : answer;
}

function checked(id: string): string {
  if (!looksLikeId('refund', id)) throw ApplicationFailure.nonRetryable('not the id of a refund', 'refund.not_found');
  return id;
}

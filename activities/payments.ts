import { ApplicationFailure } from '@temporalio/common';
import type { Clock } from '../domain/clock.ts';
import { looksLikeId } from '../domain/ids.ts';
import { describePayment, type FoundPayment } from '../domain/payment-life.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import {
  beginPaymentStep,
  finishPaymentStep,
  readPaymentPlan,
  type PaymentAnswer,
  type PaymentQuestion,
} from '../db/repositories/payment-steps.ts';
import type { PaymentDeeds, PaymentReads } from '../workflows/payment/contract.ts';
import type { PaymentProvider, ProviderAnswer } from './payment-provider/port.ts';

/** Pages of the provider's list that are read at most for one payment. */
const maxPages = 200;

/** What the workflow of a payment may do: read the facts, and ask the provider for what is due. */
export function paymentActivities({
  database,
  clock,
  bell,
  provider,
}: {
  database: Database;
  clock: Clock;
  bell: OutboxBell;
  provider: PaymentProvider;
}): PaymentReads & PaymentDeeds {
  return {
    readPaymentPlan: (id) => readPaymentPlan(database, checked(id)),
    // Safe to run again: the provider does once what comes under one key (the payment's id), and what he answers is taken once
    // (key `payment:<id>` of the ledger).
    takePaymentStep: async (id, stepId) => {
      const asked = await beginPaymentStep(database, clock, checked(id), stepId);
      const plan = asked
        ? await finishPaymentStep(database, clock, stepId, asked, await ask(provider, asked), provider)
        : await readPaymentPlan(database, id);
      bell.ring();
      return plan;
    },
  };
}

async function ask(provider: PaymentProvider, asked: PaymentQuestion): Promise<PaymentAnswer> {
  const { paymentId, orderId, amountMinor, currency, returnUrl } = asked;
  if (asked.kind === 'find') return findPayment(provider, asked);
  if (asked.kind === 'ask') return answerOf(await provider.readPayment(asked.providerId!));
  const description = describePayment(paymentId, orderId);
  return answerOf(await provider.createPayment({ paymentId, key: paymentId, amountMinor, currency, returnUrl, description }));
}

/** Looks through the provider's list for the one that carries our id. */
async function findPayment(provider: PaymentProvider, { paymentId, listFrom: from, listTo: to }: PaymentQuestion): Promise<PaymentAnswer> {
  let cursor: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const answer: Awaited<ReturnType<PaymentProvider['listPayments']>> = await provider.listPayments({ from, to }, cursor);
    if (answer.kind !== 'answer') return answer.kind === 'refused' ? { kind: 'unknown', why: answer.code } : answerOf(answer);
    const ours = answer.found.items.find((item) => item.paymentId === paymentId);
    if (ours) return { kind: 'found', payment: ours };
    cursor = answer.found.nextCursor;
    if (cursor === null) return { kind: 'not_found' };
  }
  return { kind: 'unknown', why: 'list_too_long' };
}

function answerOf(answer: ProviderAnswer<FoundPayment> | Exclude<ProviderAnswer<never>, { kind: 'answer' }>): PaymentAnswer {
  return answer.kind === 'answer' ? { kind: 'found', payment: answer.found } : answer;
}

function checked(id: string): string {
  if (!looksLikeId('payment', id)) throw ApplicationFailure.nonRetryable('not the id of a payment', 'payment.not_found');
  return id;
}

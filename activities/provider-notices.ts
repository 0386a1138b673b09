import type { Clock } from '../domain/clock.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import { readNotice, readNoticePlan, takeNotice, type NoticedObject } from '../db/repositories/provider-notices.ts';
import type { ProviderNoticeDeeds, ProviderNoticeReads } from '../workflows/provider-notice/contract.ts';
import type { PaymentProvider } from './payment-provider/port.ts';

/** What is done about a notification that nobody waited for: the provider is asked what it is. */
export function providerNoticeActivities({
  database,
  clock,
  bell,
  provider,
}: {
  database: Database;
  clock: Clock;
  bell: OutboxBell;
  provider: PaymentProvider;
}): ProviderNoticeReads & ProviderNoticeDeeds {
  return {
    readProviderNoticePlan: (id) => readNoticePlan(database, id),
    // Safe to run again: a notification that was handled says so in its row.
    takeProviderNotice: async (id, stepId) => {
      const asked = await readNotice(database, id, stepId);
      const plan = asked ? await takeNotice(database, clock, id, await ask(provider, asked), provider) : await readNoticePlan(database, id);
      bell.ring();
      return plan;
    },
  };
}

async function ask(provider: PaymentProvider, { isRefund, objectId }: { isRefund: boolean; objectId: string }): Promise<NoticedObject> {
  const answer = isRefund ? await provider.readRefund(objectId) : await provider.readPayment(objectId);
  if (answer.kind === 'unknown') return { kind: 'unknown' };
  if (answer.kind !== 'answer') return { kind: 'not_found' };
  return 'recipient' in answer.found ? { kind: 'payment', payment: answer.found } : { kind: 'refund', refund: answer.found };
}

/** What the pages of refunds, corrections and approvals read and wish, as the API answers and takes it. */
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { adjustmentSchema, approvalSchema, moneyEventSchema, refundSchema } from '../../api/present/refund.ts';
import type { Money } from '../../domain/money.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath, type Wish } from '../server/wish.ts';
import { useMay } from '../time/reader.ts';

export type Refund = z.infer<typeof refundSchema>;
export type RefundWithEvents = Refund & { readonly events: z.infer<typeof moneyEventSchema>[]; readonly workflowUrl: string | null };
export type Adjustment = z.infer<typeof adjustmentSchema>;
export type MoneyApproval = z.infer<typeof approvalSchema>;

export interface FinancePolicy {
  readonly approvalAboveMinor: number;
  readonly orderStandsSeconds: number;
  readonly statementDay: number;
  readonly revision: number;
}

// The first word is what `live/stale-queries` knows them by.
const root = 'refunds';
const lookAgainMilliseconds = 15_000;
const shownAtMost = 100;

export function refundAddress(id: string): string {
  return `/refunds/${id}`;
}

export function paymentAddress(id: string): string {
  return `/payments/${id}`;
}

/** A payment's refunds, the newest first, and how much of it can go back. */
export function useRefundsOf(payment: string) {
  return useQuery({
    queryKey: [root, 'of', payment],
    queryFn: () =>
      request<Page<Refund> & { refundable: Money }>('GET', `/payments/${inPath(payment)}/refunds`, { query: { limit: shownAtMost } }),
  });
}

export function useRefund(id: string) {
  return useQuery({ queryKey: [root, 'one', id], queryFn: () => request<RefundWithEvents>('GET', `/refunds/${inPath(id)}`) });
}

/** Money that waits for a second person now; of one account where one is named. Undefined until it is known. */
export function useWaitingMoney(account?: string) {
  const may = useMay();
  return useQuery({
    queryKey: [root, 'waiting', account ?? 'all'],
    queryFn: async () =>
      (await request<Page<MoneyApproval>>('GET', '/money-approvals', { query: { state: 'waiting', account, limit: shownAtMost } })).items,
    enabled: may('finance.read'),
    refetchInterval: lookAgainMilliseconds,
  });
}

/** An account's corrections, the newest first. */
export function useAdjustments(account: string) {
  return useQuery({
    queryKey: [root, 'adjustments', account],
    queryFn: async () => (await request<Page<Adjustment>>('GET', '/adjustments', { query: { account, limit: 25 } })).items,
  });
}

export function useFinancePolicy() {
  const may = useMay();
  return useQuery({
    queryKey: ['finance-policy'],
    queryFn: () => request<FinancePolicy>('GET', '/finance-policy'),
    enabled: may('finance_policy.read'),
  });
}

export interface MovedMoney {
  readonly amount: Money;
  readonly reason: string;
}

export function refundOf(payment: string, body: MovedMoney): Wish {
  return { method: 'POST', path: `/payments/${inPath(payment)}/refunds`, body };
}

export function chargebackOf(payment: string, body: MovedMoney): Wish {
  return { method: 'POST', path: `/payments/${inPath(payment)}/chargeback`, body };
}

export function adjustmentOf(account: string, body: MovedMoney & { readonly money: 'paid' | 'bonus' }): Wish {
  return { method: 'POST', path: `/customers/${inPath(account)}/adjustments`, body };
}

export function reversalOf(order: string, body: MovedMoney): Wish {
  return { method: 'POST', path: `/orders/${inPath(order)}/reversal`, body };
}

export function decisionOn(approval: string, decision: 'approval' | 'withdrawal'): Wish {
  return { method: 'POST', path: `/money-approvals/${inPath(approval)}/${decision}` };
}

export function policyChange({ revision, ...body }: FinancePolicy): Wish {
  return { method: 'PUT', path: '/finance-policy', body, revision };
}

/** What the pages of payments read and wish, as the API answers and takes it. */
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { staffPaymentSchema } from '../../api/present/payment.ts';
import type { moneyEventSchema } from '../../api/present/refund.ts';
import { request } from '../server/request.ts';
import { inPath, type Wish } from '../server/wish.ts';

export type Payment = z.infer<typeof staffPaymentSchema>;
export type PaymentEvent = z.infer<typeof moneyEventSchema>;
export type PaymentWithEvents = Payment & { readonly events: readonly PaymentEvent[]; readonly workflowUrl: string | null };

export function usePayment(id: string) {
  // The first word is what `live/stale-queries` knows it by.
  return useQuery({ queryKey: ['payments', 'one', id], queryFn: () => request<PaymentWithEvents>('GET', `/payments/${inPath(id)}`) });
}

export function askAbout(id: string): Wish {
  return { method: 'POST', path: `/payments/${inPath(id)}/look` };
}

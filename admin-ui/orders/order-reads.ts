/** What the pages of orders read, as the API answers it. */
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { staffOrderSchema } from '../../api/present/order.ts';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';

export type Order = z.infer<typeof staffOrderSchema>;

export function orderAddress(id: string): string {
  return `/orders/${id}`;
}

/** The orders of one customer, or those that a promo code gave the discount of. */
export function ordersAddress(filter: { readonly account?: string; readonly promoCode?: string }): string {
  return `/orders?filter=${encodeURIComponent(JSON.stringify(filter))}`;
}

export function useOrder(id: string) {
  return useQuery({ queryKey: ['orders', 'one', id], queryFn: () => request<Order>('GET', `/orders/${inPath(id)}`) });
}

/** The table of tax rates, as the API answers and takes it. */
import { useQuery } from '@tanstack/react-query';
import type { TaxRate } from '../../domain/tax-rate.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath, type Wish } from '../server/wish.ts';

export type ShownTaxRate = Omit<TaxRate, 'seller'> & { readonly id: string };

export function useTaxRates() {
  return useQuery({
    queryKey: ['tax-rates'],
    queryFn: async () => (await request<Page<ShownTaxRate>>('GET', '/tax-rates')).items,
  });
}

export function newTaxRate(body: Omit<ShownTaxRate, 'id'>): Wish {
  return { method: 'POST', path: '/tax-rates', body };
}

export function removalOf({ id }: ShownTaxRate): Wish {
  return { method: 'DELETE', path: `/tax-rates/${inPath(id)}` };
}

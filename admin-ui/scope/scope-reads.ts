/** What the pages of the support catalogue and of partners read, as the API answers it. */
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { staffPartnerSchema, staffScopeItemSchema } from '../../api/present/support-scope.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';

export type ScopeItem = z.infer<typeof staffScopeItemSchema>;
export type Partner = z.infer<typeof staffPartnerSchema>;

export interface ScopeFilter {
  readonly category?: string;
  readonly product?: string;
  readonly edition?: string;
  readonly stance?: string;
  readonly withdrawn?: boolean;
}

export function useScope(filter: ScopeFilter = {}) {
  return useQuery({
    queryKey: ['support-scope', filter],
    queryFn: async () => (await request<Page<ScopeItem>>('GET', '/support-scope', { query: { ...filter } })).items,
  });
}

export function usePartners(withdrawn: boolean) {
  return useQuery({
    queryKey: ['partners', withdrawn],
    queryFn: async () => (await request<Page<Partner>>('GET', '/partners', { query: { withdrawn: withdrawn || undefined } })).items,
  });
}

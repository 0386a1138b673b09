/** What the pages of plans and agreements read, as the API answers it. */
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { agreementSchema, planSchema, queueServiceLevelSchema, termsSchema } from '../../api/present/service-level.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';

export type Plan = z.infer<typeof planSchema>;
export type Terms = z.infer<typeof termsSchema>;
export type Agreement = z.infer<typeof agreementSchema>;
export type QueueServiceLevel = z.infer<typeof queueServiceLevelSchema>;

/** More than an account ever has; the list of all agreements shows the others. */
const agreementsShown = 50;

export function usePlans(withdrawn = false) {
  return useQuery({
    queryKey: ['sla-plans', { withdrawn }],
    queryFn: async () => (await request<Page<Plan>>('GET', '/sla-plans', { query: { withdrawn: withdrawn || undefined } })).items,
  });
}

/** What a plan, or an agreement, has promised so far, the newest first. */
export function useTermsVersions(of: 'sla-plans' | 'agreements', id: string | undefined) {
  return useQuery({
    queryKey: [of, id, 'versions'],
    queryFn: async () => (await request<Page<Terms>>('GET', `/${of}/${inPath(id ?? '')}/versions`)).items,
    enabled: id !== undefined,
  });
}

export function useAgreementsOf(account: string) {
  return useQuery({
    queryKey: ['agreements', 'of', account],
    queryFn: async () => (await request<Page<Agreement>>('GET', '/agreements', { query: { account, limit: agreementsShown } })).items,
  });
}

/** What a new ticket of this account would be promised, queue by queue. */
export function useServiceLevelOf(account: string) {
  return useQuery({
    queryKey: ['agreements', 'service-level', account],
    queryFn: async () => (await request<Page<QueueServiceLevel>>('GET', `/customers/${inPath(account)}/service-level`)).items,
  });
}

interface NamedCalendar {
  readonly id: string;
  readonly name: string;
}

/** Calendars that may be chosen. */
export function useCalendarNames(): readonly NamedCalendar[] {
  return (
    useQuery({
      queryKey: ['calendars', 'names'],
      queryFn: async () => (await request<Page<NamedCalendar>>('GET', '/calendars')).items,
    }).data ?? []
  );
}

/** The list of agreements, narrowed to this. */
export function agreementsAddress(filter: Readonly<Record<string, string>>): string {
  const query = { filter: JSON.stringify(filter), sort: 'createdAt', order: 'DESC', page: '1', perPage: '25' };
  return `/agreements?${new URLSearchParams(query).toString()}`;
}

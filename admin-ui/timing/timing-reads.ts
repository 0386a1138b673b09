/** What the pages of timing, queues, holds and long work read, as the API answers it. */
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { heldTicketsSchema } from '../../api/present/moved-ticket.ts';
import type { holdSchema } from '../../api/routes/staff/holds.ts';
import type { itemSchema, jobSchema } from '../../api/routes/staff/jobs.ts';
import type { queueSchema } from '../../api/routes/staff/queues.ts';
import type { retimedTicketsSchema } from '../../api/routes/staff/service-retimings.ts';
import type { policySchema } from '../../api/routes/staff/timing-policies.ts';
import type { ServiceRetiming } from '../../domain/service-retiming.ts';
import type { Page } from '../server/answers.ts';
import { inPath } from '../server/wish.ts';
import { request } from '../server/request.ts';

export type Policy = z.infer<typeof policySchema>;
export type QueueSettings = z.infer<typeof queueSchema>;
export type Hold = z.infer<typeof holdSchema>;
export type Job = z.infer<typeof jobSchema>;
export type JobItem = z.infer<typeof itemSchema>;

type Retimed = z.infer<typeof retimedTicketsSchema>;
type Held = z.infer<typeof heldTicketsSchema>;
export type MovedTicket = Held['items'][number] & Partial<Retimed['items'][number]>;

/** A page of what would move; what it tells beside the tickets depends on what is looked at. */
export type MovedTickets = Pick<Held, 'nextCursor' | 'total'> & { readonly items: MovedTicket[] } & Partial<
    Pick<Held, 'quotes' | 'totalQuotes'> & Pick<Retimed, 'unmoved' | 'summary'>
  >;

export function usePolicies() {
  return useQuery({
    queryKey: ['timing-policies'],
    queryFn: async () => (await request<Page<Policy>>('GET', '/timing-policies')).items,
  });
}

export function useQueueSettings() {
  return useQuery({ queryKey: ['queues', 'settings'], queryFn: async () => (await request<Page<QueueSettings>>('GET', '/queues')).items });
}

/** Holds; while one is being lifted they are read again and again. */
export function useHolds(lifted: boolean) {
  return useQuery({
    queryKey: ['holds', lifted],
    queryFn: async () => (await request<Page<Hold>>('GET', '/holds', { query: { lifted: lifted || undefined } })).items,
    refetchInterval: (query) => (query.state.data?.some((hold) => hold.liftingAt && !hold.liftedAt) ? 1_500 : 30_000),
  });
}

/** The newest long work; while some is under way its progress is read again and again. */
export function useJobs() {
  return useQuery({
    queryKey: ['jobs'],
    queryFn: async () => (await request<Page<Job>>('GET', '/jobs', { query: { limit: 50 } })).items,
    refetchInterval: (query) => (query.state.data?.some((job) => job.state === 'running') ? 1_500 : 15_000),
  });
}

/** How a preview is asked for, from this place on. */
export type Look = (cursor: string | undefined) => Promise<MovedTickets>;

const rowsAtOnce = 25;

export function lookAtRetiming(policyId: string, queues: readonly string[] | null): Look {
  return (cursor) =>
    request('POST', `/timing-policies/${inPath(policyId)}/retiming-preview`, { body: { queues }, query: { cursor, limit: rowsAtOnce } });
}

export function lookAtServiceRetiming(retiming: ServiceRetiming): Look {
  return (cursor) => request('POST', '/service-retimings/preview', { body: retiming, query: { cursor, limit: rowsAtOnce } });
}

export function lookAtHold(hold: object): Look {
  return (cursor) => request('POST', '/holds/preview', { body: hold, query: { cursor, limit: rowsAtOnce } });
}

export function lookAtLifting(id: string, shift: boolean): Look {
  return (cursor) => request('GET', `/holds/${inPath(id)}/lifting-preview`, { query: { shift, cursor, limit: rowsAtOnce } });
}

export async function readJobItems(id: string, cursor: string | undefined): Promise<Page<JobItem>> {
  const { items } = await request<Job & { items: Page<JobItem> }>('GET', `/jobs/${inPath(id)}`, { query: { cursor, limit: rowsAtOnce } });
  return items;
}

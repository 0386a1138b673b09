/** What the pages of problems and wishes read, as the API answers it. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { countedProblemSchema, problemAnswerSchema, staffProblemSchema } from '../../api/present/problem.ts';
import type { linkedSchema } from '../../api/routes/staff/problem-tickets.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';

export type Problem = z.infer<typeof staffProblemSchema>;
export type CountedProblem = z.infer<typeof countedProblemSchema>;
export type ProblemAnswer = z.infer<typeof problemAnswerSchema>;
export type LinkedTicket = z.infer<typeof linkedSchema>;

const rowsAtOnce = 50;

export interface ProblemFilter {
  readonly q?: string;
  readonly kind?: string;
  readonly status?: string;
}

/** Problems and wishes, page after page. */
export function useProblems(filter: ProblemFilter) {
  return useInfiniteQuery({
    queryKey: ['problems', filter],
    queryFn: ({ pageParam }) =>
      request<Page<CountedProblem>>('GET', '/problems', { query: { ...filter, cursor: pageParam, limit: rowsAtOnce } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useProblem(id: string) {
  return useQuery({ queryKey: ['problem', id], queryFn: () => request<CountedProblem>('GET', `/problems/${inPath(id)}`) });
}

export function useLinkedTickets(id: string) {
  return useInfiniteQuery({
    queryKey: ['problem', id, 'tickets'],
    queryFn: ({ pageParam }) =>
      request<Page<LinkedTicket>>('GET', `/problems/${inPath(id)}/tickets`, { query: { cursor: pageParam, limit: rowsAtOnce } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Answers to all; while one is on its way its progress is read again and again. */
export function useProblemAnswers(id: string) {
  return useQuery({
    queryKey: ['problem', id, 'answers'],
    queryFn: async () => (await request<Page<ProblemAnswer>>('GET', `/problems/${inPath(id)}/answers`)).items,
    refetchInterval: (query) => (query.state.data?.some((answer) => answer.state === 'running') ? 1_000 : false),
  });
}

/** The problems and wishes that a ticket is linked to. */
export function useProblemsOf(number: string) {
  return useQuery({
    queryKey: ['ticket-problems', number],
    queryFn: async () => (await request<Page<Problem>>('GET', `/tickets/${inPath(number)}/problems`)).items,
  });
}

export function problemAddress(id: string): string {
  return `/problems/${inPath(id)}`;
}

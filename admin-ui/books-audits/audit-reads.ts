/** Audits of the books, as the API answers them. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { booksAuditPageSchema, booksAuditSchema } from '../../api/present/books-audit.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';

export type BooksAudit = z.infer<typeof booksAuditSchema>;
export type BooksAuditPage = z.infer<typeof booksAuditPageSchema>;

/** The newest first, a page at a time; each turn of a running one is told live. */
export function useBooksAudits() {
  return useInfiniteQuery({
    queryKey: ['books-audits', 'list'],
    queryFn: ({ pageParam }) => request<Page<BooksAudit>>('GET', '/books-audits', { query: { limit: 25, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useBooksAudit(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ['books-audits', id],
    queryFn: () => request<BooksAuditPage>('GET', `/books-audits/${inPath(id)}`),
    enabled,
  });
}

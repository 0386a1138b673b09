/** What the console reads and wishes of customers' money, as the API answers and takes it. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { customerFinanceSchema } from '../../api/present/balance.ts';
import type { operationSchema } from '../../api/present/operation.ts';
import type { statementHeadSchema } from '../../api/present/statement.ts';
import type { creditAgeingSchema } from '../../api/routes/staff/credit-ageing.ts';
import type { Money } from '../../domain/money.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath, type Wish } from '../server/wish.ts';
import { spokenLocale } from '../words/spoken-locale.ts';
import { useMay } from '../time/reader.ts';

export type CustomerFinance = z.infer<typeof customerFinanceSchema>;
export type Operation = z.infer<typeof operationSchema>;
export type StatementHead = z.infer<typeof statementHeadSchema>;
export type AgeingRow = z.infer<typeof creditAgeingSchema>;
export type AgeingSums = Pick<AgeingRow, 'total' | 'notDue' | 'days1to30' | 'days31to60' | 'days61to90' | 'daysOver90'>;

const pathOf = (account: string) => `/customers/${inPath(account)}`;

/** An account's money; the first word of the key is what `live/stale-queries` knows it by. */
export function useFinance(account: string) {
  const may = useMay();
  return useQuery({
    queryKey: ['finance', account],
    queryFn: () => request<CustomerFinance>('GET', `${pathOf(account)}/finance`),
    enabled: may('finance.read'),
  });
}

/** What narrows the list of operations; empty where it is not narrowed. */
export interface OperationFilter {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}
export const everything: OperationFilter = { kind: '', from: '', to: '' };

/** The filter as the API takes it. */
export function queryOf({ kind, from, to }: OperationFilter): Record<string, string | undefined> {
  return { kind: kind || undefined, from: from || undefined, to: to || undefined };
}

export const operationsPath = (account: string) => `${pathOf(account)}/operations`;

export function useOperations(account: string, filter: OperationFilter) {
  return useInfiniteQuery({
    queryKey: ['operations', account, filter],
    queryFn: ({ pageParam }) =>
      request<Page<Operation>>('GET', operationsPath(account), { query: { ...queryOf(filter), cursor: pageParam, limit: 25 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // What was shown stays until the narrower list is there: the page does not jump.
    placeholderData: keepPreviousData,
  });
}

export function useStatements(account: string) {
  return useQuery({
    queryKey: ['operations', account, 'statements'],
    queryFn: async () => (await request<Page<StatementHead>>('GET', `${pathOf(account)}/statements`, { query: { limit: 12 } })).items,
  });
}

/** Saves a month's statement as PDF, in the reader's language. Throws when it did not come. */
export async function saveStatement(account: string, month: string): Promise<void> {
  const answer = await fetch(`/api/staff/v1${pathOf(account)}/statements/${month}`, {
    headers: { Accept: 'application/pdf', 'Accept-Language': spokenLocale() },
    credentials: 'same-origin',
  });
  if (!answer.ok) throw new Error(`the statement was refused with ${answer.status}`);
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = `statement-${month}.pdf`;
  link.click();
  // The browser takes the file's content a moment after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Who owes what; read on page by page. */
export function useAgeing() {
  return useInfiniteQuery({
    queryKey: ['finance', 'ageing'],
    queryFn: ({ pageParam }) =>
      request<Page<AgeingRow> & { sums: AgeingSums[] }>('GET', '/credit-ageing', { query: { cursor: pageParam, limit: 50 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

/** Sets one of the things that spending goes by, on what was seen of them. */
export function settingOf(
  { account, revision }: CustomerFinance,
  what:
    | { readonly setting: 'credit-limit'; readonly body: { readonly limit: Money; readonly termDays: number | null } }
    | { readonly setting: 'discount'; readonly body: { readonly percent: number } }
    | { readonly setting: 'tax-profile'; readonly body: CustomerFinance['taxProfile'] },
): Wish {
  return { method: 'PUT', path: `${pathOf(account)}/${what.setting}`, body: what.body, revision };
}

export function freezingOf({ account, revision }: CustomerFinance, deed: 'freeze' | 'unfreeze', reason: string): Wish {
  return { method: 'POST', path: `${pathOf(account)}/${deed}`, body: { reason }, revision };
}

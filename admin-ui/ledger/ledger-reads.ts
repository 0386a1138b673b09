/** The books, as the API answers them. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { isReadInverted, type LedgerAccountKind, type TransferKind } from '../../domain/ledger.ts';
import { spellMoney, type Money } from '../../domain/money.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';

export interface LedgerTotal {
  readonly kind: LedgerAccountKind;
  readonly balance: Money;
  readonly accounts: number;
}

export interface LedgerAccount {
  readonly id: string;
  readonly kind: LedgerAccountKind;
  readonly customer: { readonly id: string; readonly name: string } | null;
  readonly balance: Money;
  readonly entries: number;
}

export interface LedgerTransfer {
  readonly id: string;
  readonly kind: TransferKind;
  readonly key: string;
  readonly at: string;
  readonly by: string;
  readonly byName: string | null;
  readonly about: Readonly<Record<string, string>>;
  readonly reverses: string | null;
  readonly reversedBy: string | null;
}

export interface LedgerEntry {
  readonly version: number;
  readonly amount: Money;
  readonly balanceAfter: Money;
  readonly transfer: LedgerTransfer;
}

export interface LedgerTransferPage extends LedgerTransfer {
  readonly entries: readonly { account: LedgerAccount; version: number; amount: Money; balanceAfter: Money }[];
}

export function useLedgerTotals() {
  return useQuery({ queryKey: ['ledger', 'totals'], queryFn: () => request<{ items: LedgerTotal[] }>('GET', '/ledger/totals') });
}

export function useLedgerAccounts(kind: string) {
  return useInfiniteQuery({
    queryKey: ['ledger', 'accounts', kind],
    queryFn: ({ pageParam }) =>
      request<Page<LedgerAccount>>('GET', '/ledger-accounts', { query: { kind, used: 'true', limit: 25, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Which entries; instants, the last one not in it. */
export interface EntryFilter {
  readonly kind: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export function useLedgerEntries(id: string, filter: EntryFilter) {
  return useInfiniteQuery({
    queryKey: ['ledger', 'entries', id, filter],
    queryFn: ({ pageParam }) =>
      request<Page<LedgerEntry> & { account: LedgerAccount }>('GET', `/ledger-accounts/${inPath(id)}/entries`, {
        query: { ...filter, limit: 50, cursor: pageParam },
      }),
    // What was shown stays until the other entries are there: the filter keeps its focus.
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function useTransfer(id: string) {
  return useQuery({
    queryKey: ['ledger', 'transfer', id],
    queryFn: () => request<LedgerTransferPage>('GET', `/ledger/transfers/${inPath(id)}`),
  });
}

/** A sum as a clerk reads it: what we have, and what we gave away, is positive. */
export function spellInBooks(kind: LedgerAccountKind, { amountMinor, currency }: Money): string {
  return spellMoney({ amountMinor: isReadInverted(kind) && amountMinor !== 0 ? -amountMinor : amountMinor, currency });
}

/** What will happen with money, as the API answers it, and what the page is narrowed to. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { cashForecastSchema, outlookStepSchema } from '../../api/present/money-outlook.ts';
import { looksLikeId } from '../../domain/ids.ts';
import { moneyFlows, moneyMatters, usualForecastDays } from '../../domain/money-outlook.ts';
import { lookAgain } from '../live/live-stream.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';

export type MoneyStep = z.infer<typeof outlookStepSchema>;
export type CashForecast = z.infer<typeof cashForecastSchema>;

export const forecastLengths = [7, usualForecastDays, 90] as const;

const filters = {
  what: (text: string) => moneyMatters.some((matter) => matter === text),
  flow: (text: string) => moneyFlows.some((flow) => flow === text),
  account: (text: string) => looksLikeId('account', text),
  from: (text: string) => !Number.isNaN(Date.parse(text)),
  to: (text: string) => !Number.isNaN(Date.parse(text)),
} as const;
export type OutlookFilter = Readonly<Partial<Record<keyof typeof filters, string>>>;

/** The filter in the page's query, without what is none. */
export function readOutlookFilter(query: URLSearchParams): OutlookFilter {
  return Object.fromEntries(
    [...query].filter(([name, value]) => Object.hasOwn(filters, name) && filters[name as keyof typeof filters](value)),
  );
}

export function outlookAddress(filter: OutlookFilter): string {
  return `/money-outlook?${new URLSearchParams(filter).toString()}`;
}

const lookAgainMilliseconds = 60_000;

export function useMoneySteps(filter: OutlookFilter) {
  return useInfiniteQuery({
    queryKey: ['obligations', filter],
    queryFn: ({ pageParam }) =>
      request<Page<MoneyStep>>('GET', '/obligations', { query: { money: true, limit: 50, ...filter, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: () => lookAgain(lookAgainMilliseconds),
  });
}

export function useCashForecast(days: number) {
  return useQuery({
    queryKey: ['obligations', 'forecast', days],
    queryFn: () => request<CashForecast>('GET', '/cash-forecast', { query: { days } }),
    placeholderData: keepPreviousData,
    refetchInterval: () => lookAgain(lookAgainMilliseconds),
  });
}

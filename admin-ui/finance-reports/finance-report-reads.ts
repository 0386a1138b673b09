/** Reports of money, as the API answers them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { moneyNeedsSchema, paymentsReportSchema, refundsReportSchema, revenueSchema } from '../../api/present/finance-report.ts';
import type { ReportStep } from '../../domain/service-report.ts';
import { lookAgain } from '../live/live-stream.ts';
import { request } from '../server/request.ts';
import type { ReportFilter } from '../service-reports/report-filter.ts';

export type RevenueReport = z.infer<typeof revenueSchema>;
export type PaymentsReport = z.infer<typeof paymentsReportSchema>;
export type RefundsReport = z.infer<typeof refundsReportSchema>;

interface Answers {
  readonly revenue: RevenueReport;
  readonly payments: PaymentsReport;
  readonly refunds: RefundsReport;
}

type Query = Pick<ReportFilter, 'from' | 'to' | 'zone' | 'account'> & { readonly step?: ReportStep };

/** A report under this filter; while another filter is read, what was shown stays. */
export function useFinanceReport<Name extends keyof Answers>(name: Name, query: Query) {
  return useQuery({
    queryKey: ['finance-reports', name, query],
    queryFn: () => request<Answers[Name]>('GET', `/finance-reports/${name}`, { query }),
    placeholderData: keepPreviousData,
    refetchInterval: 5 * 60_000,
  });
}

const lookAgainMilliseconds = 30_000;

/** Money that needs a person, as it stands now. */
export function useMoneyNeeds(enabled: boolean) {
  return useQuery({
    queryKey: ['finance-reports', 'needs'],
    queryFn: () => request<z.infer<typeof moneyNeedsSchema>>('GET', '/money-needs'),
    refetchInterval: () => lookAgain(lookAgainMilliseconds),
    enabled,
  });
}

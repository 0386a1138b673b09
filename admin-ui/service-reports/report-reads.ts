/** What reports read, as the API answers it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  breachingSchema,
  clockRunSchema,
  complianceSchema,
  distributionSchema,
  openTicketsSchema,
  trendSchema,
} from '../../api/present/service-report.ts';
import type { ReportStep } from '../../domain/service-report.ts';
import { lookAgain } from '../live/live-stream.ts';
import { request } from '../server/request.ts';
import type { ReportFilter } from './report-filter.ts';

export type ComplianceReport = z.infer<typeof complianceSchema>;
export type Compliance = ComplianceReport['total'];
export type TrendReport = z.infer<typeof trendSchema>;
export type DistributionReport = z.infer<typeof distributionSchema>;
export type Spread = DistributionReport['kinds'][number];
export type BreachingReport = z.infer<typeof breachingSchema>;
export type OpenTicketsReport = z.infer<typeof openTicketsSchema>;
/** A row of a list: no single field names it. */
export type ClockRun = z.infer<typeof clockRunSchema> & { readonly id: string };

interface Answers {
  readonly compliance: ComplianceReport;
  readonly trend: TrendReport;
  readonly distribution: DistributionReport;
  readonly breaching: BreachingReport;
  readonly 'open-tickets': OpenTicketsReport;
}

export type ReportName = keyof Answers;
type Query = ReportFilter & { readonly step?: ReportStep };

/** As they stand now: read again while the page is looked at. */
const ofThisMoment: ReadonlySet<ReportName> = new Set<ReportName>(['breaching', 'open-tickets']);
const lookAgainMilliseconds = 30_000;

/** A report under this filter; while another filter is read, what was shown stays. */
export function useReport<Name extends ReportName>(name: Name, query: Query) {
  return useQuery({
    queryKey: ['service-reports', name, query],
    queryFn: () => request<Answers[Name]>('GET', `/service-reports/${name}`, { query }),
    placeholderData: keepPreviousData,
    refetchInterval: ofThisMoment.has(name) ? () => lookAgain(lookAgainMilliseconds) : 5 * 60_000,
  });
}

/** What standing clocks are narrowed by: they are in no period. */
export function withoutPeriod({ from: _from, to: _to, zone: _zone, ...filter }: ReportFilter): ReportFilter {
  return filter;
}

/** A report as a CSV file. */
export function readTable(path: string, query: Readonly<Record<string, string | undefined>>): Promise<string> {
  return request('GET', path, { query, accept: 'text/csv' });
}

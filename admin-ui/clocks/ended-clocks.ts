import { useQuery } from '@tanstack/react-query';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import type { ClockRun } from '../service-reports/report-reads.ts';

const shownAtOnce = 5;

/** The clocks of a ticket that have ended, the latest first. */
export function useEndedClocks(number: string) {
  return useQuery({
    queryKey: ['clock-runs', 'of-ticket', number],
    queryFn: async () =>
      (await request<Page<ClockRun>>('GET', '/clock-runs', { query: { ticket: number, ended: true, limit: shownAtOnce } })).items,
  });
}

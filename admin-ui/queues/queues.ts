import { useQuery } from '@tanstack/react-query';
import { useDataProvider } from 'react-admin';
import type { KontorDataProvider } from '../data-provider.ts';
import type { StaffQueue } from '../server/answers.ts';

/** The queues with their timing: settings, which change rarely. */
export function useQueues(): readonly StaffQueue[] {
  const dataProvider = useDataProvider<KontorDataProvider>();
  return useQuery({ queryKey: ['queues'], queryFn: () => dataProvider.queues(), staleTime: 5 * 60_000 }).data ?? [];
}

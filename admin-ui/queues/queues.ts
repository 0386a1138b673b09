import { useQuery } from '@tanstack/react-query';
import type { StaffQueue } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';

/** The queues with their timing: settings, which change rarely. */
export function useQueues(): readonly StaffQueue[] {
  const dataProvider = useKontor();
  return useQuery({ queryKey: ['queues'], queryFn: () => dataProvider.queues(), staleTime: 5 * 60_000 }).data ?? [];
}

import { useQuery } from '@tanstack/react-query';
import type { WaitingChange } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';
import { useMay } from '../time/reader.ts';

const lookAgainMilliseconds = 15_000;

/** Every change that waits now; undefined until it is known. They are few: each person has one of a kind at the most. */
export function useWaitingChanges(): readonly WaitingChange[] | undefined {
  const dataProvider = useKontor();
  const may = useMay();
  return useQuery({
    queryKey: ['waiting-changes'],
    queryFn: () => dataProvider.waitingChanges(),
    enabled: may('pending_action.read'),
    refetchInterval: lookAgainMilliseconds,
  }).data;
}

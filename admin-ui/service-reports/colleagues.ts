import { useQuery } from '@tanstack/react-query';
import type { Colleague } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';

/** Everybody on the staff, those who left last. */
export function useColleagues(): readonly Colleague[] {
  const dataProvider = useKontor();
  return useQuery({ queryKey: ['colleagues'], queryFn: () => dataProvider.colleagues(), staleTime: 5 * 60_000 }).data ?? [];
}

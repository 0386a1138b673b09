/** Who and what a report may be narrowed to, by name: those that are no more have numbers too. */
import { useQuery } from '@tanstack/react-query';
import type { Colleague } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';
import { usePlans, type Plan } from '../service-levels/service-level-reads.ts';

/** Everybody on the staff, those who left last. */
export function useColleagues(): readonly Colleague[] {
  const dataProvider = useKontor();
  return useQuery({ queryKey: ['colleagues'], queryFn: () => dataProvider.colleagues(), staleTime: 5 * 60_000 }).data ?? [];
}

/** Every plan there ever was, the withdrawn last. */
export function useEveryPlan(): readonly Plan[] {
  const [offered, withdrawn] = [usePlans().data, usePlans(true).data];
  return [...(offered ?? []), ...(withdrawn ?? [])];
}

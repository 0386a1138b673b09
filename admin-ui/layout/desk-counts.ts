/** How much there is to do at the desk. */
import { useQuery } from '@tanstack/react-query';
import { pressesUntil } from '../clocks/breach-groups.ts';
import { lookAgain } from '../live/live-stream.ts';
import type { StaffCase } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';
import { deskViews, type DeskViewName } from '../tickets/desk-views.ts';
import { useMay, useReader } from '../time/reader.ts';

/** Views whose number tells what there is to do. */
const counted = ['mine', 'new', 'waiting'] as const;
const countEveryMilliseconds = 15_000;

type Counts = Partial<Record<DeskViewName | 'cases', string>>;

/** How much there is to do, as the menu spells it; nothing to do is an empty text, and what is not known yet is missing. */
export function useDeskCounts(): Counts {
  const dataProvider = useKontor();
  const may = useMay();
  const { timeZone } = useReader();
  const { data } = useQuery({
    queryKey: ['desk-counts'],
    refetchInterval: () => lookAgain(countEveryMilliseconds),
    queryFn: async (): Promise<Counts> => {
      // What is overdue, and what breaks today: the first groups of its page.
      const presses = { breachesBefore: pressesUntil(new Date(), timeZone).toISOString() };
      const [breaching, ...totals] = await Promise.all(
        [presses, ...counted.map((view) => deskViews[view].query)].map((query) => dataProvider.countTickets(query)),
      );
      const cases = may('case.read') ? await dataProvider.getList<StaffCase>('cases', {}) : undefined;
      return {
        ...Object.fromEntries(counted.map((view, at) => [view, spellCount(totals[at]!.total, totals[at]!.exact)])),
        breaching: spellCount(breaching!.total, breaching!.exact),
        cases: spellCount(cases?.total ?? 0),
      };
    },
  });
  return data ?? {};
}

/** Nothing to do is no number. */
export function spellCount(total: number, exact = true): string {
  return total === 0 ? '' : `${total.toLocaleString('en').replaceAll(',', '\u202f')}${exact ? '' : '+'}`;
}

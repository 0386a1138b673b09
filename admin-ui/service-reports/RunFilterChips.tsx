import { useListContext, useTranslate } from 'react-admin';
import { FilterChip } from '../lists/FilterChip.tsx';
import { useNumberWords } from '../plots/number-words.ts';
import { useQueues } from '../queues/queues.ts';
import { useColleagues, useEveryPlan } from './report-names.ts';
import { useSpellDays } from './day-words.ts';
import { AccountChip } from './ReportFilters.tsx';
import type { RunFilter } from './report-filter.ts';

type Name = keyof RunFilter;

/** What the list was narrowed to by the number that led here: each a chip that takes it away. */
export function RunFilterChips({ filter }: { filter: RunFilter }) {
  const { setFilters } = useListContext();
  const chips = useChipWords(filter);
  const without = (...names: Name[]) => Object.fromEntries(Object.entries(filter).filter(([name]) => !names.includes(name as Name)));
  return (
    <>
      {chips.map(({ names, words }) => (
        <FilterChip key={names[0]} label={words} onRemove={() => setFilters(without(...names))} />
      ))}
      {filter.account !== undefined && <AccountChip id={filter.account} onRemove={() => setFilters(without('account'))} />}
    </>
  );
}

/** Each filter in words, with the names that go when its chip does; the period is one, with the zone whose days these are. */
function useChipWords(filter: RunFilter): { names: [Name, ...Name[]]; words: string }[] {
  const translate = useTranslate();
  const { working } = useNumberWords();
  const { spellTick } = useSpellDays();
  const plans = useEveryPlan();
  const queues = useQueues();
  const colleagues = useColleagues();
  const dropped = (name: string, values: Record<string, string> = {}) => translate(`kontor.reports.runs.dropped.${name}`, values);
  const named = (list: readonly { id: string; name: string }[]) => (id: string) => list.find((each) => each.id === id)?.name ?? '…';
  const words: Partial<Record<Name, (value: string) => string>> = {
    outcome: (outcome) => translate(`kontor.reports.outcome.${outcome}`),
    ended: (ended) => dropped(ended === 'true' ? 'ended' : 'open'),
    withinHours: (hours) => dropped('withinHours', { hours }),
    minutesOver: (minutes) => dropped('minutesOver', { time: working(Number(minutes)) }),
    minutesUpTo: (minutes) => dropped('minutesUpTo', { time: working(Number(minutes)) }),
    perCentOver: (share) => dropped('perCentOver', { share }),
    perCentUpTo: (share) => dropped('perCentUpTo', { share }),
    plan: named(plans),
    queue: named(queues),
    agent: (id) => (id === 'none' ? translate('kontor.reports.filter.nobody') : named(colleagues)(id)),
    kind: (kind) => translate(`kontor.reports.kind.${kind}`),
  };
  // What stands now is in no period.
  const dated = filter.outcome !== 'running' && filter.outcome !== 'overdue';
  const { from, to } = filter;
  const period =
    from && to
      ? dropped('period', { from: spellTick(from), to: spellTick(to) })
      : from
        ? dropped('since', { from: spellTick(from) })
        : to
          ? dropped('until', { to: spellTick(to) })
          : undefined;
  const others = (Object.keys(words) as Name[]).flatMap((name): { names: [Name]; words: string }[] => {
    const value = filter[name];
    return value === undefined ? [] : [{ names: [name], words: words[name]!(value) }];
  });
  return dated && period ? [{ names: ['from', 'to', 'zone'], words: period }, ...others] : others;
}

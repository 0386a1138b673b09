import { Box } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { spellCount, useDeskCounts } from '../layout/desk-counts.ts';
import { lookAgain } from '../live/live-stream.ts';
import { useWaitingChanges } from '../pending-actions/waiting-changes.ts';
import { useKontor } from '../server/use-kontor.ts';
import { clockRunsAddress } from '../service-reports/report-filter.ts';
import type { BreachingReport } from '../service-reports/report-reads.ts';
import { deskViewAddress, ticketQuery } from '../tickets/desk-views.ts';
import { useMay } from '../time/reader.ts';
import { NeedTile, tilesStyle, type Need } from './NeedTile.tsx';

/** Of what is due, as much as a working day would bring. */
const hoursOfADay = 8;
const countEveryMilliseconds = 30_000;

/** What needs a person now: each number leads to what it counts. Nothing to do is said as calmly as everything else. */
export function NeedsNow({ breaching }: { breaching: BreachingReport | undefined }) {
  const translate = useTranslate();
  const may = useMay();
  const counts = useDeskCounts();
  const overdue = useOverdue();
  const changes = useWaitingChanges();
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.reports.overview.${name}`, values);
  const due = breaching?.total.within.find(({ hours }) => hours === hoursOfADay);
  const needs: Need[] = [
    { name: word('overdue'), count: overdue, to: deskViewAddress('active', { deadline: 'breached' }), tone: 'error.main' },
    {
      name: word('within', { hours: hoursOfADay }),
      count: due && spellCount(due.clocks),
      to: clockRunsAddress({}, { outcome: 'running', withinHours: hoursOfADay }),
      tone: 'warning.main',
    },
    { name: translate('kontor.view.new'), count: counts.new, to: deskViewAddress('new') },
    { name: translate('kontor.view.mine'), count: counts.mine, to: deskViewAddress('mine') },
    ...(may('case.read') ? [{ name: translate('kontor.menu.cases'), count: counts.cases, to: '/cases' }] : []),
    ...(may('pending_action.read')
      ? [{ name: translate('kontor.menu.changes'), count: changes && spellCount(changes.length), to: '/pending-actions' }]
      : []),
  ];
  return (
    <Box component="section" aria-label={word('now')} sx={{ pb: 2.5 }}>
      <Box component="h2" sx={{ fontSize: 14, fontWeight: 650, m: 0, mb: 1 }}>
        {word('now')}
      </Box>
      <Box component="ul" sx={tilesStyle}>
        {needs.map((need) => (
          <li key={need.name}>
            <NeedTile need={need} />
          </li>
        ))}
      </Box>
    </Box>
  );
}

/** Tickets whose promise is broken: as many as the list has that the number leads to. */
function useOverdue(): string | undefined {
  const dataProvider = useKontor();
  return useQuery({
    queryKey: ['desk-counts', 'overdue'],
    queryFn: async () => {
      const { total, exact } = await dataProvider.countTickets(ticketQuery({ view: 'active', deadline: 'breached' }, new Date()));
      return spellCount(total, exact);
    },
    refetchInterval: () => lookAgain(countEveryMilliseconds),
  }).data;
}

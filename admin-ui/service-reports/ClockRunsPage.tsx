import { Box, Button, useMediaQuery } from '@mui/material';
import { ListBase, useAuthenticated, useListContext, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import { ClockRunCards, ClockRunTable } from './ClockRunRows.tsx';
import { CsvButton } from './CsvButton.tsx';
import { readRunFilter, reportAddress, type RunFilter } from './report-filter.ts';
import type { ClockRun } from './report-reads.ts';
import { RunFilterChips } from './RunFilterChips.tsx';

/** Narrower than this a table would have to leave out what its rows are compared by. */
const tableFromPixels = 1100;
const listQuery = { onError: () => {} };
const anyOrder = { field: 'decidedAt', order: 'DESC' } as const;

/** The clocks that a number of a report is made of (SPEC S8). */
export function ClockRunsPage() {
  useAuthenticated();
  return (
    <OnlyFor action="service_report.read">
      <ListBase resource="clock-runs" perPage={50} sort={anyOrder} queryOptions={listQuery} exporter={false} storeKey={false}>
        <Runs />
      </ListBase>
    </OnlyFor>
  );
}

function Runs() {
  const translate = useTranslate();
  const { filterValues } = useListContext<ClockRun>();
  const narrow = useMediaQuery(`(max-width: ${tableFromPixels - 1}px)`, { noSsr: true });
  const filter = readRunFilter(filterValues);
  const title = translate('kontor.reports.runs.title');
  return (
    <ListFrame<ClockRun>
      title={title}
      tools={
        <>
          <RunFilterChips filter={filter} />
          <Button component={Link} to={reportAddress(reportFilterOf(filter))}>
            {translate('kontor.reports.runs.back')}
          </Button>
          <CsvButton name={title} path="/clock-runs" file="kontor-clocks" query={filter} />
        </>
      }
      empty={<Box>{translate('kontor.reports.runs.empty')}</Box>}
    >
      {(rows) => (narrow ? <ClockRunCards runs={rows} /> : <ClockRunTable runs={rows} />)}
    </ListFrame>
  );
}

/** The report that such a list is of. */
function reportFilterOf({ from, to, zone, plan, queue, agent, kind, account }: RunFilter) {
  const given = Object.entries({ from, to, zone, plan, queue, agent, kind, account }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as RunFilter;
}

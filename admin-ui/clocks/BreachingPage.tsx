import { Box, Button, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useEffect, useRef } from 'react';
import { ListBase, useAuthenticated, useListContext, useTranslate } from 'react-admin';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Choice } from '../lists/Choice.tsx';
import { CursorPaging } from '../lists/CursorPaging.tsx';
import { useRowKeys } from '../lists/row-keys.ts';
import { lookAgain } from '../live/live-stream.ts';
import { useQueues } from '../queues/queues.ts';
import type { StaffTicketRow } from '../server/answers.ts';
import { deskViews } from '../tickets/desk-views.ts';
import { rememberListed, useSteadyRows } from '../tickets/steady-rows.ts';
import { useNow } from '../time/now.ts';
import { useReader } from '../time/reader.ts';
import { breachGroupOf, groupedRows } from './breach-groups.ts';
import { BreachingCards, BreachingTable } from './BreachingRows.tsx';

const lookAgainMilliseconds = 10_000;
const startingWith = { view: 'breaching' };
const listQuery = { refetchInterval: () => lookAgain(lookAgainMilliseconds), onError: () => {} };
const scopes = ['me', 'none'] as const;

/** What breaches next (SPEC S8): every ticket with a promise that runs, the most urgent first, in one queue or in all. */
export function BreachingPage() {
  useAuthenticated();
  return (
    <ListBase
      resource="tickets"
      storeKey="tickets.breaching"
      perPage={50}
      sort={deskViews.breaching.sort}
      filterDefaultValues={startingWith}
      queryOptions={listQuery}
      exporter={false}
    >
      <Breaching />
    </ListBase>
  );
}

function Breaching() {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.clocks.page.${name}`);
  const { error, refetch, isPlaceholderData } = useListContext<StaffTicketRow>();
  const now = useNow();
  const { timeZone } = useReader();
  const { rows, parts, ofThisList, changed, adopt } = useSteadyRows((ticket) => breachGroupOf(ticket, now, timeZone));
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const place = useRef<HTMLDivElement>(null);
  useRowKeys(place);
  useEffect(() => rememberListed(rows?.map(({ number }) => number) ?? []), [rows]);
  const failed = error && !ofThisList;
  const groups = groupedRows(rows ?? [], parts);
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageTitle>{word('title')}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', px: { xs: 2, md: 3 }, py: 1.5 }}>
        <Box sx={{ mr: 'auto', maxWidth: '60ch' }}>
          <Typography variant="h1">{word('title')}</Typography>
          <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{word('hint')}</Box>
        </Box>
        <Narrowing />
      </Box>
      <Box
        ref={place}
        sx={{ flex: 1, minHeight: 0, overflow: 'auto', borderTop: 1, borderColor: 'divider', opacity: isPlaceholderData ? 0.6 : 1 }}
        aria-busy={isPlaceholderData}
      >
        {changed && (
          <Box sx={{ position: 'sticky', top: 8, zIndex: 2, height: 0, textAlign: 'center' }}>
            <Button variant="contained" onClick={adopt} sx={{ borderRadius: 4, boxShadow: 2 }}>
              {translate('kontor.list.changed')}
            </Button>
          </Box>
        )}
        {failed ? (
          <ReadFailure error={error} retry={() => void refetch()} />
        ) : !rows ? (
          <SlowWait />
        ) : rows.length === 0 ? (
          <NothingDue />
        ) : narrow ? (
          <BreachingCards groups={groups} />
        ) : (
          <BreachingTable groups={groups} />
        )}
      </Box>
      {rows && rows.length > 0 && !failed && <CursorPaging />}
    </Box>
  );
}

/** Whose, and of which queue; it is remembered. */
function Narrowing() {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.clocks.page.${name}`);
  const { filterValues, setFilters } = useListContext();
  const queues = useQueues();
  const choose = (name: 'assignee' | 'category') => (value: string) =>
    setFilters({ ...filterValues, [name]: value === '' ? undefined : value });
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, pt: { xs: 0.75, md: 0 } }}>
      <Choice label={word('scope.label')} value={String(filterValues['assignee'] ?? '')} onChange={choose('assignee')}>
        <option value="">{word('scope.all')}</option>
        {scopes.map((scope) => (
          <option key={scope} value={scope}>
            {word(`scope.${scope}`)}
          </option>
        ))}
      </Choice>
      <Choice label={word('queue')} value={String(filterValues['category'] ?? '')} onChange={choose('category')}>
        <option value="">{word('allQueues')}</option>
        {queues.map(({ category, name }) => (
          <option key={category} value={category}>
            {name}
          </option>
        ))}
      </Choice>
    </Box>
  );
}

function NothingDue() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext();
  const narrowed = Boolean(filterValues['assignee'] ?? filterValues['category']);
  return (
    <Box sx={{ py: 10, px: 3, textAlign: 'center', color: 'text.secondary' }}>
      <Typography sx={{ mb: 1.5 }}>{translate(`kontor.clocks.page.${narrowed ? 'emptyNarrowed' : 'empty'}`)}</Typography>
      {narrowed && (
        <Button variant="outlined" onClick={() => setFilters(startingWith)}>
          {translate('kontor.clocks.page.showAll')}
        </Button>
      )}
    </Box>
  );
}

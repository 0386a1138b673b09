import { Box, Button, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useEffect, useRef } from 'react';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { useKeys } from '../keys/keys.ts';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { CursorPaging } from '../lists/CursorPaging.tsx';
import { lookAgain } from '../live/live-stream.ts';
import type { StaffTicketRow } from '../server/answers.ts';
import { deskViewAddress, deskViewOf, deskViews, searchTextOf, withoutFilters } from './desk-views.ts';
import { rememberListed, useSteadyRows } from './steady-rows.ts';
import { TicketCards } from './TicketCards.tsx';
import { DeadlineChips, TicketFilters } from './TicketFilters.tsx';
import { TicketTable } from './TicketTable.tsx';

const lookAgainMilliseconds = 10_000;
const startingWith = { view: 'active' };
// The page says itself what failed, where the rows would be.
const listQuery = { refetchInterval: () => lookAgain(lookAgainMilliseconds), onError: () => {} };

/** The desk's list of tickets (SPEC T10). */
export function TicketList() {
  return (
    <ListBase
      resource="tickets"
      perPage={25}
      sort={deskViews.active.sort}
      filterDefaultValues={startingWith}
      queryOptions={listQuery}
      exporter={false}
    >
      <ListPage />
    </ListBase>
  );
}

function ListPage() {
  const translate = useTranslate();
  const { filterValues, error, refetch, isPlaceholderData } = useListContext<StaffTicketRow>();
  const { rows, parts, ofThisList, changed, adopt } = useSteadyRows(partOfList);
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const view = deskViewOf(filterValues);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => rememberListed(rows?.map(({ number }) => number) ?? []), [rows]);
  useKeys([
    { keys: 'j', does: 'down', run: () => moveFocus(place.current, 1) },
    { keys: 'k', does: 'up', run: () => moveFocus(place.current, -1) },
  ]);
  const text = searchTextOf(filterValues);
  // A search has one order, by its words: nothing is raised there.
  const raised = text === undefined ? parts.filter((part) => part === 'raised').length : 0;
  const name = text === undefined ? translate(`kontor.view.${view}`) : translate('kontor.search.title', { text });
  return (
    <Box sx={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <PageTitle>{name}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', px: { xs: 2, md: 3 }, py: 1.5 }}>
        <Typography variant="h1" sx={{ mr: 'auto', overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        <DeadlineChips />
        <TicketFilters />
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
        {error && !ofThisList ? (
          <ReadFailure error={error} retry={() => void refetch()} />
        ) : !rows ? (
          <SlowWait />
        ) : rows.length === 0 ? (
          <NoTickets />
        ) : narrow ? (
          <TicketCards tickets={rows} raised={raised} />
        ) : (
          <TicketTable tickets={rows} raised={raised} />
        )}
      </Box>
      {rows && rows.length > 0 && !(error && !ofThisList) && <CursorPaging />}
    </Box>
  );
}

/** Broken promises come first, as the API lists them. */
function partOfList({ breachedAt }: StaffTicketRow): string {
  return breachedAt === null ? 'rest' : 'raised';
}

/** Moves the focus to the next ticket's link, or to the first. */
function moveFocus(place: HTMLElement | null, step: 1 | -1): void {
  const links = [...(place?.querySelectorAll<HTMLElement>('[data-ticket]') ?? [])];
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** What to do first where there is nothing. */
function NoTickets() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext();
  const view = deskViewOf(filterValues);
  const filtered = Object.entries(filterValues).some(([name, value]) => name !== 'view' && name !== 'q' && value);
  return (
    <Box sx={{ py: 10, px: 3, textAlign: 'center', color: 'text.secondary' }}>
      <Typography sx={{ mb: 1.5 }}>
        {translate(filtered ? 'kontor.list.empty.filtered' : view === 'found' ? 'kontor.search.nothing' : `kontor.list.empty.${view}`)}
      </Typography>
      {filtered ? (
        <Button variant="outlined" onClick={() => setFilters(withoutFilters(filterValues))}>
          {translate('kontor.list.clear')}
        </Button>
      ) : (
        view === 'mine' && (
          <Button variant="outlined" component={Link} to={deskViewAddress('new')}>
            {translate('kontor.list.empty.toNew')}
          </Button>
        )
      )}
    </Box>
  );
}

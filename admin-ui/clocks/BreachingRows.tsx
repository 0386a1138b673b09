import { Box } from '@mui/material';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router';
import { openingRows, shownFrom, tableStyle } from '../lists/table-style.ts';
import { leftStyle, LeftThePage } from '../tickets/raised-rows.tsx';
import type { SteadyRow } from '../tickets/steady-rows.ts';
import { TicketCard } from '../tickets/TicketCards.tsx';
import { SubjectLink, ticketAddress } from '../tickets/TicketTable.tsx';
import { usePrefetchTicket } from '../tickets/ticket-queries.ts';
import { useNow } from '../time/now.ts';
import { useReader } from '../time/reader.ts';
import type { BreachGroup } from './breach-groups.ts';
import { readClocksNow } from './clock-reading.ts';
import { ClockMark } from './ClockMark.tsx';

interface Grouped {
  readonly groups: readonly { readonly group: BreachGroup; readonly rows: readonly SteadyRow[] }[];
}

interface Column {
  readonly heading: string;
  readonly width?: number;
  /** Narrower than this many pixels the column is left out. */
  readonly from?: number;
  readonly cell: (ticket: SteadyRow) => ReactNode;
}

const columns: readonly Column[] = [
  { heading: 'list.number', width: 98, cell: (ticket) => ticket.number },
  { heading: 'clocks.page.due', width: 182, cell: (ticket) => (ticket.left ? <LeftThePage /> : <ClockMark ticket={ticket} />) },
  { heading: 'list.subject', cell: (ticket) => <SubjectLink ticket={ticket} /> },
  { heading: 'clocks.page.promise', width: 280, from: 1200, cell: (ticket) => <Promised ticket={ticket} /> },
  { heading: 'list.customer', width: 128, from: 1100, cell: (ticket) => ticket.account.name },
  { heading: 'list.category', width: 110, from: 1350, cell: (ticket) => ticket.categoryName },
  { heading: 'list.assignee', width: 110, from: 1000, cell: (ticket) => <Assignee ticket={ticket} /> },
];

/** What breaches next as a table, a group under another. The link in the row has the keyboard's focus. */
export function BreachingTable({ groups }: Grouped) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const prefetch = usePrefetchTicket();
  return (
    <Box component="table" aria-label={translate('kontor.clocks.page.label')} sx={{ ...tableStyle, ...openingRows }}>
      <thead>
        <tr>
          {columns.map(({ heading, width, from }) => (
            <Box component="th" scope="col" key={heading} sx={{ width, ...shownFrom(from) }}>
              {translate(`kontor.${heading}`)}
            </Box>
          ))}
        </tr>
      </thead>
      {groups.map(({ group, rows }) => (
        <tbody key={group} data-group={group}>
          <Box component="tr" sx={{ cursor: 'default !important', '&:hover': { bgcolor: 'transparent !important' } }}>
            <Box component="th" scope="rowgroup" colSpan={columns.length} sx={{ ...groupStyle, position: 'static !important' }}>
              <GroupName group={group} count={rows.length} />
            </Box>
          </Box>
          {rows.map((ticket) => (
            <Box
              component="tr"
              key={ticket.id}
              data-left={ticket.left}
              sx={leftStyle(ticket)}
              onMouseEnter={() => prefetch(ticket.number)}
              onFocus={() => prefetch(ticket.number)}
              onClick={(event) => {
                // The link answers for itself, modifiers included; a click beside it opens the ticket too.
                if (!(event.target as HTMLElement).closest('a') && !window.getSelection()?.toString())
                  void navigate(ticketAddress(ticket.number));
              }}
            >
              {columns.map(({ heading, from, cell }) => (
                <Box component="td" key={heading} sx={shownFrom(from)}>
                  {cell(ticket)}
                </Box>
              ))}
            </Box>
          ))}
        </tbody>
      ))}
    </Box>
  );
}

/** The same on a narrow screen. */
export function BreachingCards({ groups }: Grouped) {
  return groups.map(({ group, rows }) => (
    <Box key={group} component="section" data-group={group}>
      <Box component="h2" sx={{ ...groupStyle, m: 0, px: 2, borderBottom: 1, borderColor: 'divider' }}>
        <GroupName group={group} count={rows.length} />
      </Box>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {rows.map((ticket) => (
          <Box component="li" key={ticket.id} sx={{ borderBottom: 1, borderColor: 'divider' }}>
            <TicketCard ticket={ticket} promised={<Promised ticket={ticket} />} />
          </Box>
        ))}
      </Box>
    </Box>
  ));
}

const groupStyle = { height: '34px', pt: 1, fontSize: 12, fontWeight: 600, lineHeight: '24px', textAlign: 'left' } as const;

function GroupName({ group, count }: { group: BreachGroup; count: number }) {
  const translate = useTranslate();
  return (
    <>
      <Box component="span" sx={{ fontWeight: 650, color: group === 'overdue' ? 'error.main' : 'text.primary' }}>
        {translate(`kontor.clocks.page.group.${group}`)}
      </Box>
      <Box component="span" sx={{ color: 'text.secondary', fontWeight: 500 }}>
        {' · '}
        {translate('kontor.clocks.page.count', { smart_count: count })}
      </Box>
    </>
  );
}

/** What is promised, and by which plan: of the clock that is the most urgent. */
function Promised({ ticket: { clocks, serviceLevel, left } }: { ticket: SteadyRow }) {
  const translate = useTranslate();
  const [first] = readClocksNow(clocks, useNow());
  if (!first || left) return null;
  const { what, targetText } = first.clock;
  return [translate(`kontor.clocks.what.${what}`), targetText, serviceLevel?.plan.name].filter(Boolean).join(' · ');
}

function Assignee({ ticket: { assignee } }: { ticket: SteadyRow }) {
  const translate = useTranslate();
  const { id: me } = useReader();
  if (!assignee) return translate('kontor.list.nobody');
  return assignee.id === me ? translate('kontor.list.you') : assignee.name;
}

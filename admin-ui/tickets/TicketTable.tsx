import { Box } from '@mui/material';
import { Fragment, type ReactNode } from 'react';
import { useListContext, useTranslate } from 'react-admin';
import { Link, useNavigate } from 'react-router';
import { openingRows, shownFrom, tableStyle } from '../lists/table-style.ts';
import { Moment } from '../time/Moment.tsx';
import { useReader } from '../time/reader.ts';
import { deskViewOf } from './desk-views.ts';
import { Excerpt, Marked } from './Marked.tsx';
import { leftStyle, LeftThePage, restStyle, standsBelowRaised, TheRest, type ListedTickets } from './raised-rows.tsx';
import { RaisedSeverity } from './SeverityMark.tsx';
import { PriorityWords, StatusWords } from './StatusWords.tsx';
import type { SteadyRow } from './steady-rows.ts';
import { usePrefetchTicket } from './ticket-queries.ts';
import { WhatNextShort } from './WhatNextLine.tsx';

interface Column {
  readonly name: string;
  readonly width: number | undefined;
  /** Narrower than this many pixels the column is left out. */
  readonly from?: number;
  readonly sort?: 'number' | 'lastMessageAt';
  readonly cell: (ticket: SteadyRow) => ReactNode;
}

/** The ticket's page in the console. */
export function ticketAddress(number: string): string {
  return `/tickets/${number}/show`;
}

function useColumns(): Column[] {
  const translate = useTranslate();
  const { id: me } = useReader();
  return [
    { name: 'number', width: 98, sort: 'number', cell: (ticket) => ticket.number },
    { name: 'subject', width: undefined, cell: (ticket) => <SubjectLink ticket={ticket} /> },
    {
      name: 'customer',
      width: 128,
      from: 1100,
      cell: (ticket) => <span title={`${ticket.openedBy.name} · ${ticket.account.name}`}>{ticket.account.name}</span>,
    },
    { name: 'status', width: 118, cell: (ticket) => (ticket.left ? <Muted>—</Muted> : <StatusWords status={ticket.status} />) },
    { name: 'category', width: 104, from: 1400, cell: (ticket) => ticket.categoryName },
    { name: 'priority', width: 102, from: 1200, cell: (ticket) => <PriorityWords priority={ticket.priority} /> },
    {
      name: 'assignee',
      width: 100,
      from: 1000,
      cell: (ticket) =>
        ticket.assignee ? ticket.assignee.id === me ? translate('kontor.list.you') : ticket.assignee.name : <Muted>—</Muted>,
    },
    {
      name: 'lastMessage',
      width: 160,
      sort: 'lastMessageAt',
      cell: (ticket) => (
        <>
          <Moment at={ticket.lastMessageAt} />{' '}
          <Muted>· {translate(ticket.lastMessageBy === 'customer' ? 'kontor.list.byCustomer' : 'kontor.list.byStaff')}</Muted>
        </>
      ),
    },
    { name: 'replies', width: 64, from: 1300, cell: (ticket) => <Box sx={{ textAlign: 'right', pr: 1 }}>{ticket.replyCount}</Box> },
    { name: 'next_', width: 172, from: 900, cell: (ticket) => (ticket.left ? <LeftThePage /> : <WhatNextShort ticket={ticket} />) },
  ];
}

export function Muted({ children }: { children: ReactNode }) {
  return (
    <Box component="span" sx={{ color: 'text.secondary' }}>
      {children}
    </Box>
  );
}

/** The subject, which leads to the ticket and has the keyboard's focus in a row. */
export function SubjectLink({ ticket }: { ticket: SteadyRow }) {
  const translate = useTranslate();
  return (
    <Box
      component={Link}
      to={ticketAddress(ticket.number)}
      data-ticket={ticket.number}
      data-row
      title={ticket.subject}
      aria-description={ticket.unread ? translate('kontor.search.notRead') : undefined}
      sx={{
        display: 'block',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        color: 'text.primary',
        textDecoration: 'none',
        fontWeight: ticket.unread ? 600 : 400,
        '&:focus-visible': { outline: 'none' },
      }}
    >
      <RaisedSeverity ticket={ticket} />
      <Marked text={ticket.subject} marks={ticket.hit?.subject ?? []} />
    </Box>
  );
}

/** The tickets as a table: one line each, nothing jumps. The link in the row has the keyboard's focus. */
export function TicketTable({ tickets, raised }: ListedTickets) {
  const columns = useColumns();
  const navigate = useNavigate();
  const prefetch = usePrefetchTicket();
  return (
    <Box component="table" sx={{ ...tableStyle, ...openingRows, '& td:first-of-type': { color: 'text.secondary', pl: { xs: 2, md: 3 } } }}>
      <Box component="thead">
        <tr>
          {columns.map((column) => (
            <Heading key={column.name} column={column} hide={shownFrom(column.from)} />
          ))}
        </tr>
      </Box>
      <tbody>
        {tickets.map((ticket, at) => (
          <Fragment key={ticket.id}>
            {standsBelowRaised(at, raised) && (
              <tr>
                <Box component="th" colSpan={columns.length} scope="rowgroup" sx={{ ...restStyle, position: 'static !important' }}>
                  <TheRest />
                </Box>
              </tr>
            )}
            <Box
              component="tr"
              data-left={ticket.left}
              sx={{ ...(ticket.hit?.excerpt && { '& td': { borderBottom: '0 !important' } }), ...leftStyle(ticket) }}
              onMouseEnter={() => prefetch(ticket.number)}
              onFocus={() => prefetch(ticket.number)}
              onClick={(event) => {
                // The link answers for itself, modifiers included; a click beside it opens the ticket too.
                if (!(event.target as HTMLElement).closest('a') && !window.getSelection()?.toString())
                  void navigate(ticketAddress(ticket.number));
              }}
            >
              {columns.map((column) => (
                <Box component="td" key={column.name} sx={shownFrom(column.from)}>
                  {column.cell(ticket)}
                </Box>
              ))}
            </Box>
            {ticket.hit?.excerpt && (
              <tr onClick={() => window.getSelection()?.toString() || void navigate(ticketAddress(ticket.number))}>
                <Box
                  component="td"
                  colSpan={columns.length}
                  sx={{ height: 'auto !important', pb: '8px !important', pl: { md: '114px !important' } }}
                >
                  <Excerpt hit={ticket.hit} />
                </Box>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </Box>
  );
}

function Heading({ column, hide }: { column: Column; hide: object }) {
  const translate = useTranslate();
  const { sort, setSort, filterValues } = useListContext();
  const words = translate(`kontor.list.${column.name}`);
  const sorted = column.sort !== undefined && sort.field === column.sort;
  return (
    <Box
      component="th"
      scope="col"
      aria-sort={sorted ? (sort.order === 'ASC' ? 'ascending' : 'descending') : undefined}
      sx={{ width: column.width, ...hide }}
    >
      {column.sort === undefined || deskViewOf(filterValues) === 'found' ? (
        words
      ) : (
        <Box
          component="button"
          type="button"
          onClick={() => setSort({ field: column.sort!, order: sorted && sort.order === 'DESC' ? 'ASC' : 'DESC' })}
          sx={{ all: 'unset', cursor: 'pointer', '&:focus-visible': { outline: 'auto' } }}
        >
          {words}{' '}
          <Box component="span" aria-hidden="true">
            {sorted ? (sort.order === 'ASC' ? '↑' : '↓') : ''}
          </Box>
        </Box>
      )}
    </Box>
  );
}

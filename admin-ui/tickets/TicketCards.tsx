import { Box } from '@mui/material';
import { Fragment, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { Moment } from '../time/Moment.tsx';
import { useReader } from '../time/reader.ts';
import { Excerpt, Marked } from './Marked.tsx';
import { leftStyle, LeftThePage, restStyle, standsBelowRaised, TheRest, type ListedTickets } from './raised-rows.tsx';
import { RaisedSeverity } from './SeverityMark.tsx';
import { PriorityWords, StatusWords } from './StatusWords.tsx';
import type { SteadyRow } from './steady-rows.ts';
import { ticketAddress } from './TicketTable.tsx';
import { WhatNextShort } from './WhatNextLine.tsx';

/** The tickets on a narrow screen: three short lines each, a thumb high. */
export function TicketCards({ tickets, raised }: ListedTickets) {
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {tickets.map((ticket, at) => (
        <Fragment key={ticket.id}>
          {standsBelowRaised(at, raised) && (
            <Box component="li" sx={{ ...restStyle, px: 2 }}>
              <TheRest />
            </Box>
          )}
          <Box component="li" sx={{ borderBottom: 1, borderColor: 'divider' }}>
            <TicketCard ticket={ticket} />
          </Box>
        </Fragment>
      ))}
    </Box>
  );
}

interface Card {
  readonly ticket: SteadyRow;
  /** Which promise its clock is about, where the list is of promises. */
  readonly promised?: ReactNode;
}

/** One ticket as a card: it leads to the ticket. */
export function TicketCard({ ticket, promised }: Card) {
  const translate = useTranslate();
  const { id: me } = useReader();
  return (
    <Box
      component={Link}
      to={ticketAddress(ticket.number)}
      data-ticket={ticket.number}
      data-row
      data-left={ticket.left}
      aria-description={ticket.unread ? translate('kontor.search.notRead') : undefined}
      sx={{
        display: 'block',
        px: 2,
        py: 1.25,
        color: 'text.primary',
        textDecoration: 'none',
        fontSize: 13,
        '&:hover': { bgcolor: 'surface.hover' },
        '&:focus-visible': { outlineOffset: '-2px !important' },
        ...leftStyle(ticket),
      }}
    >
      <Box sx={{ display: 'flex', justifyContent: 'space-between', color: 'text.secondary', fontSize: 12 }}>
        <span>
          {ticket.number} · {ticket.account.name}
        </span>
        <Moment at={ticket.lastMessageAt} />
      </Box>
      <Box
        sx={{
          fontSize: 15,
          fontWeight: ticket.unread ? 600 : 400,
          my: 0.25,
          overflowWrap: 'anywhere',
        }}
      >
        <RaisedSeverity ticket={ticket} />
        <Marked text={ticket.subject} marks={ticket.hit?.subject ?? []} />
        <Excerpt hit={ticket.hit} />
      </Box>
      <Box sx={{ display: 'flex', columnGap: 1.5, rowGap: 0.25, flexWrap: 'wrap', alignItems: 'center', color: 'text.secondary' }}>
        {ticket.left ? (
          <LeftThePage />
        ) : (
          <>
            <StatusWords status={ticket.status} />
            <WhatNextShort ticket={ticket} />
            {promised && <span data-promised>{promised}</span>}
          </>
        )}
        {ticket.priority === 'high' && <PriorityWords priority={ticket.priority} />}
        {ticket.assignee && <span>{ticket.assignee.id === me ? translate('kontor.list.you') : ticket.assignee.name}</span>}
      </Box>
    </Box>
  );
}

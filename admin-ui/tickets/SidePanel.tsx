import LockIcon from '@mui/icons-material/LockOutlined';
import { Box, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { customerAddress } from '../customers/customer-address.ts';
import { useFailureWords } from '../failures/FailureText.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import type { StaffTicketPage, TicketEvent } from '../server/answers.ts';
import { Moment } from '../time/Moment.tsx';
import { useNow } from '../time/now.ts';
import { useReaderTime } from '../time/reader.ts';
import { spellMoment } from '../time/spell-time.ts';
import { PriorityWords, StatusWords } from './StatusWords.tsx';
import { historyQuery } from './ticket-queries.ts';
import { ticketAddress } from './TicketTable.tsx';
import { useKontor } from '../server/use-kontor.ts';

/** Who asks, what about, and the ticket's whole life, beside the conversation. */
export function SidePanel({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  return (
    <Box
      component="aside"
      aria-label={translate('kontor.panel.label')}
      tabIndex={0}
      sx={{
        height: '100%',
        overflowY: 'auto',
        px: 2.5,
        py: 2,
        display: 'flex',
        flexDirection: 'column',
        gap: 2.5,
        fontSize: 13,
        outlineOffset: '-2px !important',
      }}
    >
      <Who ticket={ticket} />
      <Section title={translate('kontor.panel.about')}>
        <Facts>
          <Fact name={translate('kontor.list.status')}>
            <StatusWords status={ticket.status} />
            <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{translate('kontor.customerReads', { text: ticket.statusText })}</Box>
          </Fact>
          <Fact name={translate('kontor.list.category')}>{ticket.categoryName}</Fact>
          <Fact name={translate('kontor.list.priority')}>
            <PriorityWords priority={ticket.priority} />
          </Fact>
          <Fact name={translate('kontor.list.assignee')}>{ticket.assignee?.name ?? translate('kontor.list.nobody')}</Fact>
          <Fact name={translate('kontor.panel.opened')}>
            <Moment at={ticket.createdAt} as="moment" />
          </Fact>
          {ticket.closedAt !== null && (
            <Fact name={translate('kontor.panel.closed')}>
              <Moment at={ticket.closedAt} as="moment" />
            </Fact>
          )}
        </Facts>
      </Section>
      {ticket.cites.length + ticket.citedBy.length > 0 && (
        <Section title={translate('kontor.panel.links')}>
          <Facts>
            <Numbers name={translate('kontor.panel.cites')} numbers={ticket.cites} />
            <Numbers name={translate('kontor.panel.citedBy')} numbers={ticket.citedBy} />
          </Facts>
        </Section>
      )}
      <Section title={translate('kontor.panel.history')}>
        <History number={ticket.number} />
      </Section>
    </Box>
  );
}

/** Who opened it, of which account, and who else takes part. */
function Who({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const others = ticket.participants.filter(({ id }) => id !== ticket.openedBy.id);
  return (
    <Section title={translate('kontor.panel.customer')}>
      <Typography sx={{ fontWeight: 650, fontSize: 15 }}>{ticket.openedBy.name}</Typography>
      <Box component="a" href={`mailto:${ticket.openedBy.email}`} sx={{ ...linkStyle, overflowWrap: 'anywhere' }}>
        {ticket.openedBy.email}
      </Box>
      <Box sx={{ mt: 0.25 }}>
        <Box component={Link} to={customerAddress(ticket.account.id)} sx={linkStyle}>
          {ticket.account.name}
        </Box>
      </Box>
      {others.length > 0 && (
        <Box sx={{ mt: 1, color: 'text.secondary' }}>
          {translate('kontor.panel.participants')}: {others.map(({ name }) => name).join(', ')}
        </Box>
      )}
    </Section>
  );
}

function History({ number }: { number: string }) {
  const queries = useQueryClient();
  const dataProvider = useKontor();
  const failureWords = useFailureWords();
  const { data, error } = useQuery(historyQuery(dataProvider, queries, number));
  if (!data) return error ? <Box role="alert">{failureWords(error)}</Box> : <SlowWait />;
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, borderLeft: 2, borderColor: 'divider' }}>
      {data
        .flatMap(({ items }) => items)
        .map((event) => (
          <HistoryLine key={event.id} event={event} />
        ))}
    </Box>
  );
}

/** One sentence of the ticket's life: what, who, when; the clerk's own words where there are some. */
function HistoryLine({ event }: { event: TicketEvent }) {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const { reason, until, by } = event.data;
  const note = event.what === 'internal_note';
  return (
    <Box
      component="li"
      sx={{
        pl: 1.5,
        pb: 1.25,
        '&:last-child': { pb: 0 },
        ...(note
          ? {
              '& > :first-of-type': {
                bgcolor: 'note.paper',
                color: 'note.text',
                borderRadius: 0.5,
                px: 0.5,
                ml: -0.5,
                width: 'fit-content',
              },
            }
          : {}),
      }}
    >
      <Box>
        {note && <LockIcon sx={{ fontSize: 14, mr: 0.5, verticalAlign: '-2px' }} />}
        {by ? <NumberLinked text={event.text} number={by} /> : event.text}
        {until && ` ${translate('kontor.panel.until', { time: spellMoment(new Date(until), now, reader) })}`}
      </Box>
      {note && <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{translate('kontor.ticket.noteHidden')}</Box>}
      {reason && <Box>{translate('kontor.panel.reason', { reason })}</Box>}
      <Box sx={{ color: 'text.secondary', fontSize: 12 }}>
        {event.by.person?.name ?? translate('kontor.panel.byTime')} · <Moment at={event.at} as="clock" />
      </Box>
    </Box>
  );
}

/** A sentence in which a ticket's number leads to the ticket. */
function NumberLinked({ text, number }: { text: string; number: string }) {
  const [before, ...after] = text.split(number);
  if (after.length === 0) return text;
  return (
    <>
      {before}
      <Box component={Link} to={ticketAddress(number)} sx={linkStyle}>
        {number}
      </Box>
      {after.join(number)}
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Typography variant="h2" sx={{ color: 'text.secondary', fontSize: 12, fontWeight: 600, mb: 0.75 }}>
        {title}
      </Typography>
      {children}
    </section>
  );
}

function Facts({ children }: { children: ReactNode }) {
  return (
    <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'minmax(84px, auto) 1fr', columnGap: 1.5, rowGap: 0.75 }}>
      {children}
    </Box>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <Box component="dt" sx={{ color: 'text.secondary' }}>
        {name}
      </Box>
      <Box component="dd" sx={{ m: 0 }}>
        {children}
      </Box>
    </>
  );
}

function Numbers({ name, numbers }: { name: string; numbers: readonly string[] }) {
  if (numbers.length === 0) return null;
  return (
    <Fact name={name}>
      {numbers.map((number) => (
        <Box key={number} component={Link} to={ticketAddress(number)} sx={{ ...linkStyle, mr: 1 }}>
          {number}
        </Box>
      ))}
    </Fact>
  );
}

const linkStyle = { color: 'primary.main' } as const;

import LockIcon from '@mui/icons-material/LockOutlined';
import { Box } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { useFailureWords } from '../../failures/FailureText.tsx';
import { SlowWait } from '../../layout/SlowWait.tsx';
import type { StaffTicketPage, TicketEvent } from '../../server/answers.ts';
import { useKontor } from '../../server/use-kontor.ts';
import { Moment } from '../../time/Moment.tsx';
import { useNow } from '../../time/now.ts';
import { useReaderTime } from '../../time/reader.ts';
import { spellMoment } from '../../time/spell-time.ts';
import { historyQuery } from '../ticket-queries.ts';
import { ticketAddress } from '../TicketTable.tsx';
import { linkStyle, PanelSection } from './PanelSection.tsx';

/** The ticket's whole life, a sentence a line (SPEC T19). */
export function History({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  return (
    <PanelSection title={translate('kontor.panel.history')}>
      <Lines number={ticket.number} />
    </PanelSection>
  );
}

function Lines({ number }: { number: string }) {
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

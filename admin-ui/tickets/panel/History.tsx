import LockIcon from '@mui/icons-material/LockOutlined';
import { Box, Button } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useFailureWords } from '../../failures/FailureText.tsx';
import { SlowWait } from '../../layout/SlowWait.tsx';
import type { StaffTicketPage, TicketEvent } from '../../server/answers.ts';
import { useKontor } from '../../server/use-kontor.ts';
import { Moment } from '../../time/Moment.tsx';
import { useNow } from '../../time/now.ts';
import { useReaderTime } from '../../time/reader.ts';
import { spellMoment } from '../../time/spell-time.ts';
import { mergedTicketAddress } from '../MergeNotice.tsx';
import { NumberLinked } from '../NumberLinked.tsx';
import { historyQuery, useEarlier } from '../ticket-queries.ts';
import { WhatNextSentence } from '../WhatNextLine.tsx';
import { PanelSection } from './PanelSection.tsx';

const filters = ['all', 'state', 'messages'] as const;
type Filter = (typeof filters)[number];
const written: ReadonlySet<string> = new Set(['opened', 'customer_message', 'staff_message', 'internal_note']);

/** The ticket's whole life, a sentence a line, and at its end what happens next and when (SPEC T19). */
export function History({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const [filter, setFilter] = useState<Filter>('all');
  return (
    <PanelSection
      title={translate('kontor.panel.history')}
      action={
        <Box
          component="select"
          value={filter}
          aria-label={translate('kontor.ticketPage.history.filter')}
          onChange={(event) => setFilter(filters.find((name) => name === event.target.value) ?? 'all')}
          sx={selectStyle}
        >
          {filters.map((name) => (
            <option key={name} value={name}>
              {translate(`kontor.ticketPage.history.${name}`)}
            </option>
          ))}
        </Box>
      }
    >
      <Lines ticket={ticket} filter={filter} />
    </PanelSection>
  );
}

const selectStyle = {
  font: 'inherit',
  fontSize: 12,
  minHeight: 24,
  color: 'text.secondary',
  bgcolor: 'transparent',
  border: 0,
  cursor: 'pointer',
  '& option': { bgcolor: 'background.paper', color: 'text.primary' },
} as const;

function Lines({ ticket, filter }: { ticket: StaffTicketPage; filter: Filter }) {
  const translate = useTranslate();
  const queries = useQueryClient();
  const dataProvider = useKontor();
  const failureWords = useFailureWords();
  const { data, error } = useQuery(historyQuery(dataProvider, queries, ticket.number));
  const before = useEarlier(ticket.number, 'history');
  if (!data) return error ? <Box role="alert">{failureWords(error)}</Box> : <SlowWait />;
  const shown = data.items.filter(({ what }) => filter === 'all' || written.has(what) === (filter === 'messages'));
  return (
    <>
      {data.earlier !== null && (
        <Button variant="text" onClick={before.read} aria-disabled={before.busy} sx={{ px: 0.5, mb: 0.5 }}>
          {translate(before.busy ? 'kontor.loading' : 'kontor.ticketPage.history.earlier')}
        </Button>
      )}
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, borderLeft: 2, borderColor: 'divider' }}>
        {shown.map((event) => (
          <HistoryLine key={event.id} event={event} />
        ))}
      </Box>
      {filter !== 'messages' && <WhatComes ticket={ticket} />}
    </>
  );
}

/** The end of the history lies ahead: every step that will be taken by itself, or who must take the next. */
function WhatComes({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  return (
    <Box data-what-comes sx={{ borderLeft: '2px dashed', borderColor: 'divider', pl: 1.5, pt: 1.25, color: 'text.secondary' }}>
      {ticket.steps.length === 0 ? (
        <WhatNextSentence ticket={ticket} />
      ) : (
        ticket.steps.map((step) => (
          <Box key={step.what} sx={{ pb: 0.75 }}>
            <Box>{translate(`kontor.ticketPage.step.${step.what}`)}</Box>
            <Box sx={{ fontSize: 12 }}>
              <Moment at={step.at} as="moment" />
              {step.hold && ` · ${translate('kontor.ticketPage.heldNow')}`}
            </Box>
          </Box>
        ))
      )}
    </Box>
  );
}

/** The ticket that the line names: the one that cites, was merged, or was split off. */
function otherTicketOf({ what, data }: TicketEvent): string | undefined {
  const { by, into, splitFrom, from } = data;
  return by ?? into ?? splitFrom ?? (what === 'absorb' || what === 'release' ? from : undefined) ?? undefined;
}

/** One sentence of the ticket's life: what, who, when; the clerk's own words where there are some. */
function HistoryLine({ event }: { event: TicketEvent }) {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const { reason, until, sentence, publicReason } = event.data;
  const other = otherTicketOf(event);
  const said = sentence ?? publicReason;
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
        {other ? <NumberLinked text={event.text} number={other} to={mergedTicketAddress(other)} /> : event.text}
        {until && ` ${translate('kontor.panel.until', { time: spellMoment(new Date(until), now, reader) })}`}
      </Box>
      {note && <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{translate('kontor.ticket.noteHidden')}</Box>}
      {reason && <Box>{translate('kontor.panel.reason', { reason })}</Box>}
      {said && <Box sx={{ overflowWrap: 'anywhere' }}>{said}</Box>}
      <Box sx={{ color: 'text.secondary', fontSize: 12 }}>
        {event.by.person?.name ?? translate('kontor.panel.byTime')} · <Moment at={event.at} as="clock" />
      </Box>
    </Box>
  );
}

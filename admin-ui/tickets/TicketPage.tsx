import BackIcon from '@mui/icons-material/ArrowBack';
import StoryIcon from '@mui/icons-material/AccountTreeOutlined';
import { Box, IconButton, Tab, Tabs, Tooltip, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useNavigate, useParams } from 'react-router';
import { FailurePage, ReadFailure, ToTickets } from '../failures/FailurePage.tsx';
import { useKeys } from '../keys/keys.ts';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { visuallyHidden } from '../layout/visually-hidden.ts';
import type { StaffTicketPage } from '../server/answers.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import { useReader } from '../time/reader.ts';
import { useAfterPaint } from './after-paint.ts';
import { Composer, type ComposerFocus } from './Composer.tsx';
import { Conversation } from './Conversation.tsx';
import { hasDraft } from './drafts.ts';
import { MergeNotice } from './MergeNotice.tsx';
import { OtherClocks } from './OtherClocks.tsx';
import { SeverityMark } from './SeverityMark.tsx';
import { SidePanel } from './SidePanel.tsx';
import { StatusWords } from './StatusWords.tsx';
import { neighbourOf } from './steady-rows.ts';
import { conversationQuery, ticketQuery } from './ticket-queries.ts';
import { ticketAddress } from './TicketTable.tsx';
import { TicketActions } from './TicketActions.tsx';
import { WhatNextSentence } from './WhatNextLine.tsx';
import { useKontor } from '../server/use-kontor.ts';

/** Where an agent lives (SPEC A2): what happens next, the conversation, the composer, and who asks. */
export function TicketPage() {
  useAuthenticated();
  const translate = useTranslate();
  const { id = '' } = useParams();
  const number = decodeURIComponent(id);
  const dataProvider = useKontor();
  const { data: ticket, error, refetch } = useQuery(ticketQuery(dataProvider, number));
  if (ticket) return <LoadedTicket key={ticket.number} ticket={ticket} />;
  if (!error) return <SlowWait />;
  if (isRequestFailure(error) && error.kind === 'not_found')
    return <FailurePage action={<ToTickets />}>{translate('kontor.ticket.notFound', { number })}</FailurePage>;
  return <ReadFailure error={error} retry={() => void refetch()} />;
}

function LoadedTicket({ ticket }: { ticket: StaffTicketPage }) {
  const theme = useTheme();
  const narrow = useMediaQuery(theme.breakpoints.down('md'), { noSsr: true });
  const beside = useMediaQuery(theme.breakpoints.up('lg'), { noSsr: true });
  const [shown, setShown] = useState<'conversation' | 'details'>('conversation');
  const { id: me } = useReader();
  const painted = useAfterPaint();
  const seen = useRef<string>(undefined);
  const [focus, setFocus] = useState<ComposerFocus>(() => ({
    tab: !hasDraft(me, ticket.number, 'reply') && hasDraft(me, ticket.number, 'note') ? 'note' : 'reply',
    asked: 0,
  }));
  const write = (tab: ComposerFocus['tab']) => {
    setShown('conversation');
    setFocus({ tab, asked: focus.asked + 1 });
  };
  useTicketKeys(ticket, write);
  return (
    <Box sx={{ height: '100%', display: 'grid', gridTemplateColumns: beside ? 'minmax(0, 1fr) 300px' : 'minmax(0, 1fr)' }}>
      <PageTitle>{`${ticket.number} ${ticket.subject}`}</PageTitle>
      <Box sx={{ minHeight: 0, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <TicketHead ticket={ticket} narrow={narrow} />
        <MergeNotice ticket={ticket} />
        {!beside && <PageTabs shown={shown} onShown={setShown} />}
        {beside || shown === 'conversation' ? (
          <>
            <LoadedConversation ticket={ticket} onSeen={(message) => (seen.current = message)} />
            <Composer ticket={ticket} focus={focus} seen={() => seen.current} onTab={(tab) => setFocus({ tab, asked: focus.asked })} />
          </>
        ) : (
          <Box sx={{ flex: 1, minHeight: 0 }}>
            <SidePanel ticket={ticket} />
          </Box>
        )}
      </Box>
      {beside && (
        <Box sx={{ borderLeft: 1, borderColor: 'divider', minHeight: 0, bgcolor: 'surface.page' }}>
          {painted && <SidePanel ticket={ticket} />}
        </Box>
      )}
    </Box>
  );
}

function useTicketKeys(ticket: StaffTicketPage, write: (tab: ComposerFocus['tab']) => void): void {
  const navigate = useNavigate();
  const go = (step: 1 | -1) => {
    const number = neighbourOf(ticket.number, step);
    if (number !== undefined) void navigate(ticketAddress(number));
  };
  useKeys([
    ...(ticket.allowedActions.includes('reply') ? [{ keys: 'r', does: 'reply', run: () => write('reply') }] : []),
    ...(ticket.allowedActions.includes('note') ? [{ keys: 'n', does: 'note', run: () => write('note') }] : []),
    { keys: 'j', does: 'down', run: () => go(1) },
    { keys: 'k', does: 'up', run: () => go(-1) },
    { keys: 'g l', does: 'back', run: () => void navigate('/tickets') },
  ]);
}

/** Subject, number, state, what happens next, and what may be done: the same on every ticket, always in sight. */
function TicketHead({ ticket, narrow }: { ticket: StaffTicketPage; narrow: boolean }) {
  const translate = useTranslate();
  return (
    <Box
      component="header"
      sx={{
        px: { xs: 1, md: 2 },
        pt: 1.25,
        pb: 1,
        borderBottom: 1,
        borderColor: 'divider',
        display: 'grid',
        gridTemplateColumns: 'auto minmax(0, 1fr) auto',
        columnGap: 1,
        alignItems: 'start',
      }}
    >
      <Tooltip title={translate('kontor.ticket.back')}>
        <IconButton size="small" component={Link} to="/tickets" aria-label={translate('kontor.ticket.back')}>
          <BackIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.25, alignItems: 'baseline', minWidth: 0, pt: 0.375 }}>
        <Box component="span" sx={{ color: 'text.secondary', fontSize: narrow ? 13 : 16 }}>
          {ticket.number}
        </Box>
        {narrow ? (
          <Box component="span" sx={{ fontSize: 13 }}>
            <StatusWords status={ticket.status} />
          </Box>
        ) : (
          <Subject>{ticket.subject}</Subject>
        )}
      </Box>
      <TicketActions ticket={ticket} narrow={narrow} />
      <Box sx={{ gridColumn: '2 / -1' }}>
        {narrow && <Subject>{ticket.subject}</Subject>}
        <Box sx={narrow ? { mt: 0.25, fontSize: 13 } : { display: 'flex', flexWrap: 'wrap', columnGap: 1.5, mt: 0.25, fontSize: 13 }}>
          {!narrow && <StatusWords status={ticket.status} />}
          <RaisedMark ticket={ticket} narrow={narrow} />
          <Box data-what-next component="span" sx={{ mr: narrow ? 1 : 0 }}>
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {translate('kontor.next.label')}:
            </Box>{' '}
            <WhatNextSentence ticket={ticket} />
          </Box>
          {!narrow && <OtherClocks ticket={ticket} />}
          {ticket.workflow.url !== null && (
            <Box
              component="a"
              href={ticket.workflow.url}
              target="_blank"
              rel="noopener noreferrer"
              sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, color: 'primary.main' }}
            >
              <StoryIcon sx={{ fontSize: 15 }} />
              {/* A telephone has no room for the words, and a name all the same. */}
              <Box component="span" sx={narrow ? visuallyHidden : {}}>
                {translate('kontor.next.story')}
              </Box>
            </Box>
          )}
          {narrow && <OtherClocks ticket={ticket} />}
        </Box>
      </Box>
    </Box>
  );
}

/** On a telephone the panel is behind a tab: what is critical is said where the ticket begins. */
function RaisedMark({ ticket: { severity }, narrow }: { ticket: StaffTicketPage; narrow: boolean }) {
  if (!severity || severity.state === 'refused') return null;
  return (
    <Box sx={narrow ? { mb: 0.25 } : {}}>
      <SeverityMark severity={severity} />
    </Box>
  );
}

function Subject({ children }: { children: string }) {
  return (
    <Typography variant="h1" sx={{ overflowWrap: 'anywhere' }}>
      {children}
    </Typography>
  );
}

function PageTabs({ shown, onShown }: { shown: 'conversation' | 'details'; onShown: (shown: 'conversation' | 'details') => void }) {
  const translate = useTranslate();
  return (
    <Tabs
      value={shown}
      onChange={(_event, chosen: 'conversation' | 'details') => onShown(chosen)}
      variant="fullWidth"
      aria-label={translate('kontor.panel.label')}
      sx={{
        minHeight: 40,
        borderBottom: 1,
        borderColor: 'divider',
        flexShrink: 0,
        '& .MuiTab-root': { minHeight: 40, textTransform: 'none' },
      }}
    >
      <Tab value="conversation" label={translate('kontor.ticket.conversation')} />
      <Tab value="details" label={translate('kontor.ticket.details')} />
    </Tabs>
  );
}

/** The conversation is read again when the ticket's revision moves: nothing changes without it. */
function LoadedConversation({ ticket, onSeen }: { ticket: StaffTicketPage; onSeen: (publicMessage: string) => void }) {
  const queries = useQueryClient();
  const dataProvider = useKontor();
  const { data, error, refetch } = useQuery(conversationQuery(dataProvider, queries, ticket.number));
  const readAt = useRef(ticket.revision);
  useEffect(() => {
    if (ticket.revision === readAt.current) return;
    readAt.current = ticket.revision;
    void queries.invalidateQueries({ queryKey: ['ticket-conversation', ticket.number] });
    void queries.invalidateQueries({ queryKey: ['ticket-history', ticket.number] });
  }, [ticket.revision, ticket.number, queries]);
  if (data) return <Conversation ticket={ticket} messages={data.items} earlier={data.earlier !== null} onSeen={onSeen} />;
  return <Box sx={{ flex: 1, minHeight: 0 }}>{error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}</Box>;
}

import DownIcon from '@mui/icons-material/ArrowDownward';
import { Box, Button } from '@mui/material';
import { Fragment, useEffect, useRef, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import type { StaffMessage, StaffTicketPage } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReader, useReaderTime } from '../time/reader.ts';
import { sameDay, spellDay } from '../time/spell-time.ts';
import { MessageItem } from './MessageItem.tsx';
import { usePlaceOfReading } from './place-of-reading.ts';
import { useReadMark } from './read-mark.ts';
import { useEarlier } from './ticket-queries.ts';

/**
 * The conversation, which never moves what is being read: what arrives while the reader is elsewhere waits behind a
 * pill; only at the end, or after writing himself, the end follows. What came long before is read on demand.
 */
export function Conversation({
  ticket,
  messages,
  earlier,
  onSeen,
}: {
  ticket: StaffTicketPage;
  messages: readonly StaffMessage[];
  /** Whether there are messages before these. */
  earlier: boolean;
  /** The reader has seen everything up to this public message. */
  onSeen: (publicMessage: string) => void;
}) {
  const translate = useTranslate();
  const { id: me } = useReader();
  const place = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const before = useEarlier(ticket.number, 'conversation');
  const { unseen, seenId, showNew, onScroll } = usePlaceOfReading({
    place,
    content,
    messages,
    me,
    onTop: earlier ? before.read : () => {},
  });
  useReadMark(ticket.number, seenId);
  const seenAt = messages.findIndex(({ id }) => id === seenId);
  const seenPublic = messages.slice(0, seenAt + 1).findLast(({ visibility }) => visibility === 'public')?.id;
  useEffect(() => {
    if (seenPublic !== undefined) onSeen(seenPublic);
  });
  return (
    <Box sx={{ position: 'relative', flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}>
      <Box
        ref={place}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label={translate('kontor.ticket.conversation')}
        sx={{ flex: 1, minHeight: 0, overflowY: 'auto', px: { xs: 1.5, md: 3 }, py: 2, outlineOffset: '-2px !important' }}
      >
        <Box ref={content} sx={{ maxWidth: 860, mx: 'auto', display: 'flex', flexDirection: 'column', gap: 1.25 }}>
          {earlier && (
            <Box sx={{ textAlign: 'center' }}>
              <Button variant="text" onClick={before.read} aria-disabled={before.busy}>
                {translate(before.busy ? 'kontor.loading' : 'kontor.ticketPage.earlier')}
              </Button>
              {before.error !== null && <FailureText error={before.error} />}
            </Box>
          )}
          <Days messages={messages} />
        </Box>
      </Box>
      {unseen > 0 && (
        <Button
          variant="contained"
          size="small"
          startIcon={<DownIcon />}
          onClick={showNew}
          sx={{ position: 'absolute', bottom: 12, left: '50%', transform: 'translateX(-50%)', borderRadius: 4, boxShadow: 2 }}
        >
          {translate('kontor.ticket.newMessages', { smart_count: unseen })}
        </Button>
      )}
    </Box>
  );
}

/** The messages, with a line wherever another day of the reader's calendar begins. */
function Days({ messages }: { messages: readonly StaffMessage[] }) {
  const reader = useReaderTime();
  return messages.map((message, at) => {
    const day = new Date(message.createdAt);
    const previous = messages[at - 1];
    return (
      <Fragment key={message.id}>
        {(!previous || !sameDay(new Date(previous.createdAt), day, reader)) && <DayLine>{day}</DayLine>}
        <MessageItem message={message} />
      </Fragment>
    );
  });
}

const dayMilliseconds = 86_400_000;

function DayLine({ children: day }: { children: Date }): ReactNode {
  const translate = useTranslate();
  const reader = useReaderTime();
  const now = useNow();
  const words = sameDay(day, now, reader)
    ? translate('kontor.ticketPage.today')
    : sameDay(day, new Date(now.getTime() - dayMilliseconds), reader)
      ? translate('kontor.ticketPage.yesterday')
      : spellDay(day, now, reader);
  return (
    <Box
      data-day
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1.5,
        color: 'text.secondary',
        fontSize: 12,
        '&::before, &::after': { content: '""', flex: 1, borderTop: 1, borderColor: 'divider' },
      }}
    >
      {words}
    </Box>
  );
}

import DownIcon from '@mui/icons-material/ArrowDownward';
import { Box, Button } from '@mui/material';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslate } from 'react-admin';
import type { StaffMessage } from '../server/answers.ts';
import { useReader } from '../time/reader.ts';
import { MessageItem } from './MessageItem.tsx';

/** Nearer to the end than this, in pixels, the reader reads the end. */
const nearEnd = 48;

function scrollToEnd(place: HTMLElement | null): void {
  place?.scrollTo({ top: place.scrollHeight });
}

/**
 * The conversation, which never moves what is being read: what arrives while the reader is elsewhere waits behind a
 * pill; only at the end, or after writing himself, the end follows.
 */
export function Conversation({ messages }: { messages: readonly StaffMessage[] }) {
  const translate = useTranslate();
  const { id: me } = useReader();
  const place = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(0);
  if (seen < messages.length && (atEnd || messages.at(-1)?.author.id === me)) {
    setSeen(messages.length);
    setAtEnd(true);
  }
  const unseen = messages.length - seen;

  useLayoutEffect(() => {
    if (atEnd && seen > 0) scrollToEnd(place.current);
  }, [atEnd, seen]);

  useEffect(() => {
    if (!atEnd || !place.current) return;
    // A composer that grows takes height away; the end stays in sight for whoever reads it.
    const observer = new ResizeObserver(() => scrollToEnd(place.current));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [atEnd]);

  const showNew = () => {
    place.current?.querySelectorAll('[data-message]')[seen]?.scrollIntoView({ block: 'start' });
    setSeen(messages.length);
  };
  return (
    <Box sx={{ position: 'relative', flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}>
      <Box
        ref={place}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < nearEnd)
        }
        tabIndex={0}
        role="log"
        aria-label={translate('kontor.ticket.conversation')}
        sx={{ flex: 1, minHeight: 0, overflowY: 'auto', px: { xs: 1.5, md: 3 }, py: 2, outlineOffset: '-2px !important' }}
      >
        <Box sx={{ maxWidth: 860, mx: 'auto', display: 'flex', flexDirection: 'column', gap: 1.25 }}>
          {messages.map((message) => (
            <MessageItem key={message.id} message={message} />
          ))}
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

import DownIcon from '@mui/icons-material/ArrowDownward';
import { Box, Button } from '@mui/material';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslate } from 'react-admin';
import type { StaffMessage } from '../server/answers.ts';
import { useReader } from '../time/reader.ts';
import { MessageItem } from './MessageItem.tsx';

/** Nearer to the end than this, in pixels, the reader reads the end. */
const nearEnd = 48;

/**
 * The conversation, which never moves what is being read: what arrives while the reader is elsewhere waits behind a
 * pill; only at the end, or after writing himself, the end follows.
 */
export function Conversation({ messages }: { messages: readonly StaffMessage[] }) {
  const translate = useTranslate();
  const { id: me } = useReader();
  const place = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seen = useRef(0);
  const [unseen, setUnseen] = useState(0);
  const toEnd = () => place.current?.scrollTo({ top: place.current.scrollHeight });
  const readAll = () => {
    seen.current = messages.length;
    setUnseen(0);
  };

  useLayoutEffect(() => {
    const arrived = messages.slice(seen.current);
    if (arrived.length === 0) return;
    const first = seen.current === 0;
    if (first || atEnd.current || arrived.at(-1)?.author.id === me) {
      toEnd();
      atEnd.current = true;
      readAll();
    } else setUnseen(arrived.length);
  }, [messages, me]);

  useEffect(() => {
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = place.current!;
    atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
    if (atEnd.current && seen.current < messages.length) readAll();
  };
  const showNew = () => {
    const first = place.current?.querySelectorAll('[data-message]')[seen.current];
    first?.scrollIntoView({ block: 'start' });
    readAll();
  };
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

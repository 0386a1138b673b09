import LockIcon from '@mui/icons-material/LockOutlined';
import { Avatar, Box } from '@mui/material';
import { memo } from 'react';
import { useTranslate } from 'react-admin';
import { Attachments } from '../files/Attachments.tsx';
import { DiagnosticsFacts } from '../files/DiagnosticsFacts.tsx';
import { initialsOf } from '../layout/PersonMenu.tsx';
import type { StaffMessage } from '../server/answers.ts';
import { Moment } from '../time/Moment.tsx';
import { MarkdownText } from './MarkdownText.tsx';
import { mergedTicketAddress } from './MergeNotice.tsx';
import { NumberLinked } from './NumberLinked.tsx';

/** One message: who, when, by which way, and the text. A note has a paper of its own, a lock and its words. */
export const MessageItem = memo(({ message }: { message: StaffMessage }) => {
  const translate = useTranslate();
  const note = message.visibility === 'internal';
  const staff = message.side === 'staff';
  return (
    <Box
      component="article"
      aria-label={note ? `${translate('kontor.ticket.note')}: ${message.author.name}` : message.author.name}
      data-message={message.id}
      data-visibility={message.visibility}
      sx={{
        display: 'grid',
        gridTemplateColumns: '32px minmax(0, 1fr)',
        columnGap: 1.5,
        px: { xs: 1.5, md: 2 },
        py: 1.5,
        border: 1,
        borderRadius: 1.5,
        borderColor: note ? 'note.edge' : 'divider',
        borderStyle: note ? 'dashed' : 'solid',
        bgcolor: note ? 'note.paper' : staff ? 'surface.staff' : 'background.paper',
      }}
    >
      <Avatar
        aria-hidden="true"
        sx={{
          width: 32,
          height: 32,
          fontSize: 12,
          fontWeight: 650,
          bgcolor: note ? 'note.edge' : staff ? 'primary.main' : 'action.selected',
          color: note ? 'background.default' : staff ? 'primary.contrastText' : 'text.primary',
        }}
      >
        {note ? <LockIcon sx={{ fontSize: 18 }} /> : initialsOf(message.author.name)}
      </Avatar>
      <Box sx={{ minWidth: 0 }}>
        <MessageHead message={message} />
        <MarkdownText text={message.body} />
        <DiagnosticsFacts message={message} />
        <Attachments attachments={message.attachments} />
      </Box>
    </Box>
  );
});

/** Who wrote it, on which side, by which way, when; who wrote it down for him, and where it stood before. */
function MessageHead({ message }: { message: StaffMessage }) {
  const translate = useTranslate();
  const note = message.visibility === 'internal';
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        columnGap: 1,
        alignItems: 'baseline',
        mb: 0.75,
        fontSize: 12,
        color: note ? 'note.text' : 'text.secondary',
      }}
    >
      <Box component="span" sx={{ fontSize: 14, fontWeight: 650, color: 'text.primary' }}>
        {message.author.name}
      </Box>
      {note ? (
        <Box component="strong" sx={{ fontWeight: 650 }}>
          {translate('kontor.ticket.note')} · {translate('kontor.ticket.noteHidden')}
        </Box>
      ) : (
        <span>
          {translate(`kontor.ticket.side.${message.side}`)} · {translate(`kontor.ticket.channel.${message.channel}`)}
        </span>
      )}
      {message.enteredBy !== null && <span>· {translate('kontor.desk.message.enteredBy', { name: message.enteredBy.name })}</span>}
      {message.from !== null && (
        <span>
          ·{' '}
          <NumberLinked
            text={translate('kontor.desk.message.from', { number: message.from })}
            number={message.from}
            to={mergedTicketAddress(message.from)}
          />
        </span>
      )}
      {message.nextStepBy === 'staff' && <span>· {translate('kontor.ticket.owes')}</span>}
      <Box component="span" sx={{ ml: 'auto' }}>
        <Moment at={message.createdAt} as="hour" />
      </Box>
    </Box>
  );
}

import LockIcon from '@mui/icons-material/LockOutlined';
import { Box, Checkbox, FormControlLabel, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { maxSubjectCharacters } from '../../../domain/written-text.ts';
import { ConfirmDialog } from '../../confirm/ConfirmDialog.tsx';
import { formText } from '../../form-text.ts';
import type { Page, StaffMessage, StaffTicketPage } from '../../server/answers.ts';
import { request } from '../../server/request.ts';
import { inPath, type Wish } from '../../server/wish.ts';
import { QueueField } from '../QueueField.tsx';
import type { Ask } from './desk-actions.ts';

/** Chooses the messages that are about something else, and makes a ticket of them (SPEC T13). */
export const AskSplit: Ask = ({ ticket, onClose }) => {
  const translate = useTranslate();
  const messages = useAllMessages(ticket);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [category, setCategory] = useState(ticket.category);
  const [missing, setMissing] = useState(false);
  const word = (name: string) => translate(`kontor.desk.split.${name}`, { number: ticket.number });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const subject = formText(form, 'subject').trim();
    const spoken = messages.some(({ id, visibility }) => visibility === 'public' && chosen.includes(id));
    setMissing(!spoken || subject === '');
    if (!spoken || subject === '') return undefined;
    return { method: 'POST', path: `/tickets/${inPath(ticket.number)}/split`, body: { messages: chosen, subject, category } };
  };
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <ConfirmDialog title={word('title')} submit={word('submit')} done={word('done')} size="sm" wish={wish} onClose={onClose}>
      <Typography sx={{ fontSize: 14, mb: 1 }}>{word('text')}</Typography>
      <Box
        component="fieldset"
        sx={{ border: 1, borderColor: 'divider', borderRadius: 1, m: 0, px: 1.5, maxHeight: 300, overflowY: 'auto' }}
      >
        <Box component="legend" sx={{ px: 0.5, fontSize: 12, color: 'text.secondary' }}>
          {word('messages')}
        </Box>
        {messages.map((message, at) => (
          <MessageChoice
            key={message.id}
            message={message}
            opens={at === 0}
            chosen={chosen.includes(message.id)}
            onToggle={() => toggle(message.id)}
          />
        ))}
      </Box>
      <TextField
        name="subject"
        fullWidth
        size="small"
        sx={{ mt: 2 }}
        label={word('subject')}
        slotProps={{ htmlInput: { maxLength: maxSubjectCharacters } }}
      />
      <QueueField label={word('queue')} value={category} onChange={setCategory} />
      {missing && (
        <Box role="alert" sx={{ color: 'error.main', mt: 1 }}>
          {word('choose')}
        </Box>
      )}
    </ConfirmDialog>
  );
};

interface Choice {
  readonly message: StaffMessage;
  /** The first message of a ticket stays with it. */
  readonly opens: boolean;
  readonly chosen: boolean;
  readonly onToggle: () => void;
}

function MessageChoice({ message, opens, chosen, onToggle }: Choice) {
  const translate = useTranslate();
  const note = message.visibility === 'internal';
  return (
    <FormControlLabel
      sx={{ display: 'flex', alignItems: 'flex-start', my: 0.5 }}
      disabled={opens}
      control={<Checkbox size="small" sx={{ py: 0.25 }} checked={chosen} onChange={onToggle} />}
      label={
        <Box sx={{ fontSize: 13, overflowWrap: 'anywhere' }}>
          <Box component="span" sx={{ fontWeight: 600 }}>
            {message.author.name}
          </Box>{' '}
          {note && (
            <LockIcon
              titleAccess={translate('kontor.ticket.note')}
              sx={{ fontSize: 14, verticalAlign: 'text-bottom', color: 'note.text' }}
            />
          )}
          {opens && ` (${translate('kontor.desk.split.first')})`}
          <Box
            sx={{ color: 'text.secondary', display: '-webkit-box', WebkitLineClamp: 2, WebkitBoxOrient: 'vertical', overflow: 'hidden' }}
          >
            {message.body}
          </Box>
        </Box>
      }
    />
  );
}

const pageSize = 100;
/** More than so many nobody chooses from by hand. */
const maxPages = 5;

/** The conversation with its notes, oldest first. */
function useAllMessages({ number }: StaffTicketPage): readonly StaffMessage[] {
  const { data } = useQuery({
    queryKey: ['ticket-messages-to-split', number],
    queryFn: async () => {
      const all: StaffMessage[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const read = await request<Page<StaffMessage>>('GET', `/tickets/${inPath(number)}/messages`, {
          query: { limit: pageSize, cursor },
        });
        all.push(...read.items);
        if (read.nextCursor === null) break;
        cursor = read.nextCursor;
      }
      return all;
    },
    staleTime: 0,
  });
  return data ?? [];
}

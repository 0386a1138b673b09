import { Box, Chip, MenuItem, TextField } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { faultInTag, maxTags, readTags } from '../../../domain/tag.ts';
import { priorities, type Priority } from '../../../domain/ticket.ts';
import { ConfirmDialog } from '../../confirm/ConfirmDialog.tsx';
import type { Page, StaffTicketPage } from '../../server/answers.ts';
import { request } from '../../server/request.ts';
import { inPath, type Wish } from '../../server/wish.ts';

/** How urgent the ticket is, and how staff mark it for themselves (SPEC T13). */
export function AskMarks({ ticket, onClose }: { ticket: StaffTicketPage; onClose: () => void }) {
  const translate = useTranslate();
  const [priority, setPriority] = useState<Priority>(ticket.priority);
  const [text, setText] = useState(ticket.tags.join(', '));
  const [faulty, setFaulty] = useState(false);
  const word = (name: string) => translate(`kontor.desk.tags.${name}`, { number: ticket.number });
  const { data } = useQuery({
    queryKey: ['ticket-tags'],
    queryFn: () => request<Page<{ tag: string; uses: number }>>('GET', '/ticket-tags'),
  });
  const tags = readTags(text.split(',').filter((part) => part.trim() !== ''));
  const suggested = (data?.items ?? []).filter(({ tag }) => !tags.includes(tag)).slice(0, 12);
  const wish = (): Wish | undefined => {
    const wrong = tags.length > maxTags || tags.some((tag) => faultInTag(tag) !== undefined);
    setFaulty(wrong);
    return wrong
      ? undefined
      : { method: 'PATCH', path: `/tickets/${inPath(ticket.number)}`, body: { priority, tags }, revision: ticket.revision };
  };
  return (
    <ConfirmDialog title={word('editTitle')} submit={word('submit')} done={word('done')} size="sm" wish={wish} onClose={onClose}>
      <TextField
        select
        fullWidth
        size="small"
        sx={{ mt: 1, mb: 2 }}
        label={word('priority')}
        value={priority}
        onChange={(event) => setPriority(event.target.value as Priority)}
      >
        {priorities.map((each) => (
          <MenuItem key={each} value={each}>
            {translate(`kontor.priority.${each}`)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        fullWidth
        autoFocus
        size="small"
        label={word('label')}
        value={text}
        error={faulty}
        helperText={word(faulty ? 'tooMany' : 'hint')}
        onChange={(event) => setText(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 1_000, autoComplete: 'off' } }}
      />
      {suggested.length > 0 && (
        <Box
          component="fieldset"
          aria-label={word('suggested')}
          sx={{ mt: 1.5, mx: 0, p: 0, border: 0, display: 'flex', flexWrap: 'wrap', gap: 0.5 }}
        >
          {suggested.map(({ tag }) => (
            <Chip key={tag} size="small" label={tag} onClick={() => setText([...tags, tag].join(', '))} />
          ))}
        </Box>
      )}
    </ConfirmDialog>
  );
}

import { MenuItem, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { staffMay } from '../../../domain/permissions.ts';
import { ConfirmDialog } from '../../confirm/ConfirmDialog.tsx';
import { useKontor } from '../../server/use-kontor.ts';
import { inPath, type Wish } from '../../server/wish.ts';
import { useReader } from '../../time/reader.ts';
import type { Ask } from './desk-actions.ts';

/** Gives the ticket to a colleague, or to oneself (SPEC T13). Somebody who was quicker is told by name. */
export const AskAssignment: Ask = ({ ticket, onClose }) => {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { id: me } = useReader();
  const [missing, setMissing] = useState(false);
  const [chosen, setChosen] = useState('');
  const { data } = useQuery({ queryKey: ['colleagues'], queryFn: () => dataProvider.colleagues() });
  const word = (name: string) => translate(`kontor.desk.assign.${name}`, { number: ticket.number });
  const colleagues = (data ?? []).filter(
    ({ id, disabledAt, role }) => disabledAt === null && staffMay(role, 'ticket.answer') && id !== ticket.assignee?.id,
  );
  const wish = (): Wish | undefined => {
    setMissing(chosen === '');
    if (chosen === '') return undefined;
    const body = { assignee: chosen, seenAssignee: ticket.assignee?.id ?? null };
    return { method: 'PUT', path: `/tickets/${inPath(ticket.number)}/assignment`, body };
  };
  const works = ticket.status === 'awaiting_staff' || ticket.status === 'in_progress';
  return (
    <ConfirmDialog title={word('title')} submit={word('submit')} done={word('done')} wish={wish} onClose={onClose}>
      <TextField
        select
        autoFocus
        fullWidth
        size="small"
        sx={{ mt: 1 }}
        label={word('who')}
        value={chosen}
        error={missing}
        helperText={missing && word('choose')}
        onChange={(event) => setChosen(event.target.value)}
      >
        {colleagues.map(({ id, name }) => (
          <MenuItem key={id} value={id}>
            {name}
            {id === me && ` (${translate('kontor.desk.you')})`}
          </MenuItem>
        ))}
      </TextField>
      <Typography sx={{ mt: 1.5, fontSize: 13, color: 'text.secondary' }}>{word(works ? 'waits' : 'named')}</Typography>
    </ConfirmDialog>
  );
};

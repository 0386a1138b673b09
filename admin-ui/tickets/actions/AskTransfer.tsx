import { Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { ConfirmDialog } from '../../confirm/ConfirmDialog.tsx';
import { inPath, type Wish } from '../../server/wish.ts';
import { QueueField } from '../QueueField.tsx';
import type { Ask } from './desk-actions.ts';

/** Moves the ticket to another queue, and says what that means for its deadline and its assignee (SPEC T3). */
export const AskTransfer: Ask = ({ ticket, onClose }) => {
  const translate = useTranslate();
  const [missing, setMissing] = useState(false);
  const [chosen, setChosen] = useState('');
  const word = (name: string) => translate(`kontor.desk.transfer.${name}`, { number: ticket.number });
  const wish = (): Wish | undefined => {
    setMissing(chosen === '');
    if (chosen === '') return undefined;
    return {
      method: 'POST',
      path: `/tickets/${inPath(ticket.number)}/transfer`,
      body: { category: chosen, seenCategory: ticket.category },
    };
  };
  return (
    <ConfirmDialog title={word('title')} submit={word('submit')} done={word('done')} wish={wish} onClose={onClose}>
      <QueueField
        label={word('queue')}
        value={chosen}
        onChange={setChosen}
        without={ticket.category}
        fault={missing ? word('choose') : undefined}
        autoFocus
      />
      <Typography sx={{ mt: 1.5, fontSize: 13, color: 'text.secondary' }}>{word('consequence')}</Typography>
    </ConfirmDialog>
  );
};

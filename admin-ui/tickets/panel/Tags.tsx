import { Box, Button, Chip } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { StaffTicketPage } from '../../server/answers.ts';
import { AskMarks } from '../actions/AskMarks.tsx';
import { PanelSection } from './PanelSection.tsx';

/** How staff mark the ticket for themselves (SPEC T13). */
export function Tags({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const [editing, setEditing] = useState(false);
  return (
    <PanelSection
      title={translate('kontor.desk.tags.title')}
      action={
        ticket.allowedActions.includes('classify') && (
          <Button size="small" sx={{ minHeight: 24, py: 0 }} onClick={() => setEditing(true)}>
            {translate('kontor.desk.tags.edit')}
          </Button>
        )
      }
    >
      {ticket.tags.length === 0 ? (
        <Box sx={{ color: 'text.secondary' }}>{translate('kontor.desk.tags.none')}</Box>
      ) : (
        <Box component="ul" sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, listStyle: 'none', m: 0, p: 0 }}>
          {ticket.tags.map((tag) => (
            <Chip key={tag} component="li" size="small" variant="outlined" label={tag} />
          ))}
        </Box>
      )}
      {editing && <AskMarks ticket={ticket} onClose={() => setEditing(false)} />}
    </PanelSection>
  );
}

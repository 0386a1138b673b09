import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { useId } from 'react';
import { useTranslate } from 'react-admin';

/** What a change was made to, as re-timing names it (SPEC S7). */
export interface ServiceRetiming {
  readonly scope: 'plan' | 'account' | 'queue' | 'calendar';
  readonly id: string;
}

interface Change {
  readonly retiming: ServiceRetiming;
  /** What the plan, customer, queue or calendar is called. */
  readonly name: string;
  readonly onClose: () => void;
}

/**
 * After a change of what is promised: open tickets keep what they were promised (SPEC S1), and how they get it after all.
 * This is the place of re-timing: old beside new, and the step that applies it (S7).
 */
export function OpenTicketsDialog({ retiming, name, onClose }: Change) {
  const translate = useTranslate();
  const id = useId();
  const word = (key: string) => translate(`kontor.servicePlans.openTickets.${key}`, { name });
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="xs" aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      <DialogTitle id={`${id}-title`}>{word('title')}</DialogTitle>
      <DialogContent id={`${id}-text`} sx={{ fontSize: 14, display: 'flex', flexDirection: 'column', gap: 1 }}>
        <div>{word(retiming.scope)}</div>
        <Box sx={{ color: 'text.secondary' }}>{word('how')}</Box>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button variant="contained" autoFocus onClick={onClose}>
          {word('close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

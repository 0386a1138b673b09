import { Box, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle, TextField } from '@mui/material';
import type { FormEvent } from 'react';
import { useTranslate } from 'react-admin';
import { formText } from '../form-text.ts';
import { useQueues } from '../queues/queues.ts';
import type { StaffTicketPage } from '../server/answers.ts';
import { useSpellDurationInWords } from '../time/reader.ts';

/** Asks for a reason and names what closing means in this ticket's queue (SPEC T6). */
export function CloseDialog({
  ticket,
  open,
  onClose,
  onConfirmed,
}: {
  ticket: StaffTicketPage;
  open: boolean;
  onClose: () => void;
  onConfirmed: (reason: string | null) => void;
}) {
  const translate = useTranslate();
  const spellDuration = useSpellDurationInWords();
  const queue = useQueues().find(({ category }) => category === ticket.category);
  const final = queue?.reopenAfterManualClose === false;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = formText(event.currentTarget, 'reason').trim();
    onConfirmed(reason === '' ? null : reason);
  };
  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="xs" aria-labelledby="close-title" aria-describedby="close-consequence">
      <Box component="form" onSubmit={submit}>
        <DialogTitle id="close-title">
          {translate(final ? 'kontor.close.titleFinal' : 'kontor.close.title', { number: ticket.number })}
        </DialogTitle>
        <DialogContent>
          <DialogContentText id="close-consequence" sx={{ mb: 2, fontSize: 14, ...(final ? { color: 'error.main' } : {}) }}>
            {final
              ? translate('kontor.close.final')
              : queue && translate('kontor.close.again', { duration: spellDuration(queue.archiveAfterSeconds) })}
          </DialogContentText>
          <TextField
            name="reason"
            size="small"
            fullWidth
            autoFocus
            label={translate('kontor.close.reason')}
            helperText={translate('kontor.close.reasonHint')}
            slotProps={{ htmlInput: { maxLength: 500 } }}
          />
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={onClose}>
            {translate('kontor.cancel')}
          </Button>
          <Button type="submit" variant="contained" color={final ? 'error' : 'primary'} disabled={!queue}>
            {translate(final ? 'kontor.close.submitFinal' : 'kontor.close.submit')}
          </Button>
        </DialogActions>
      </Box>
    </Dialog>
  );
}

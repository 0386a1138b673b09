import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField } from '@mui/material';
import { useEffect, useId, useState } from 'react';
import { useTranslate } from 'react-admin';
import { accessReasonCharacters } from '../../../domain/server-access.ts';
import { ConfirmDialog } from '../../confirm/ConfirmDialog.tsx';
import { formText } from '../../form-text.ts';
import { CopyButton } from '../../security/CopyButton.tsx';
import { inPath, type Wish } from '../../server/wish.ts';
import { fixedLetters } from '../../theme/theme.ts';
import type { Access } from './ServerAccess.tsx';

/** What the API answers to a look, once. */
export interface SeenSecret {
  readonly address: string;
  readonly secret: string;
}

const shownSeconds = 60;

function addressOf({ ticket, id }: Access): string {
  return `/tickets/${inPath(ticket)}/server-accesses/${inPath(id)}`;
}

/** Asks why somebody looks, and says who will be told; a fresh code is asked for in place by the request itself (SPEC I10). */
export function RevealDialog({ access, onSeen, onClose }: { access: Access; onSeen: (seen: SeenSecret) => void; onClose: () => void }) {
  const translate = useTranslate();
  const [missing, setMissing] = useState(false);
  const word = (name: string) => translate(`kontor.paidWork.access.${name}`, { server: access.address });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const reason = formText(form, 'reason').trim();
    const said = reason.length >= accessReasonCharacters.min;
    setMissing(!said);
    if (!said) form.querySelector<HTMLElement>('[name="reason"]')?.focus();
    return said ? { method: 'POST', path: `${addressOf(access)}/views`, body: { reason } } : undefined;
  };
  return (
    <ConfirmDialog
      title={word('revealTitle')}
      submit={word('revealSubmit')}
      done={word('revealed')}
      wish={wish}
      onDone={(answer) => onSeen(answer as SeenSecret)}
      onClose={onClose}
    >
      <Box component="p" sx={{ mt: 0 }}>
        {word('revealText')}
      </Box>
      <TextField
        name="reason"
        size="small"
        fullWidth
        autoFocus
        label={word('reason')}
        error={missing}
        helperText={word(missing ? 'reasonMissing' : 'reasonHint')}
        slotProps={{ htmlInput: { maxLength: accessReasonCharacters.max, autoComplete: 'off' } }}
      />
    </ConfirmDialog>
  );
}

/** Shows a secret until it is hidden, a minute at the longest: an open screen keeps none. */
export function SecretDialog({ seen, onClose }: { seen: SeenSecret; onClose: () => void }) {
  const translate = useTranslate();
  const id = useId();
  const left = useCountdown();
  useEffect(() => {
    if (left === 0) onClose();
  }, [left, onClose]);
  const word = (name: string, values: object = {}) => translate(`kontor.paidWork.access.${name}`, { server: seen.address, ...values });
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" aria-labelledby={`${id}-title`}>
      <DialogTitle id={`${id}-title`}>{word('secretTitle')}</DialogTitle>
      <DialogContent>
        <Box component="section" aria-label={word('secretLabel')} tabIndex={0} sx={{ border: 1, borderColor: 'divider', borderRadius: 1 }}>
          <Box
            component="pre"
            data-secret
            sx={{
              fontFamily: fixedLetters,
              m: 0,
              p: 1.5,
              maxHeight: 320,
              overflow: 'auto',
              whiteSpace: 'pre-wrap',
              wordBreak: 'break-all',
            }}
          >
            {seen.secret}
          </Box>
        </Box>
        <Box sx={{ mt: 1, color: 'text.secondary' }}>{word('hides', { smart_count: left })}</Box>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <CopyButton text={seen.secret} label={word('copySecret')} />
        <Button variant="contained" onClick={onClose} autoFocus>
          {word('hide')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Seconds that are left. The clock is asked, as a browser slows the timers of a page in the background. */
function useCountdown(): number {
  const [left, setLeft] = useState(shownSeconds);
  useEffect(() => {
    const endsAt = performance.now() + shownSeconds * 1000;
    const ticking = setInterval(() => setLeft(Math.max(0, Math.ceil((endsAt - performance.now()) / 1000))), 500);
    return () => clearInterval(ticking);
  }, []);
  return left;
}

export function EndAccessDialog({ access, onClose }: { access: Access; onClose: () => void }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.paidWork.access.${name}`, { server: access.address });
  return (
    <ConfirmDialog
      title={word('endTitle')}
      submit={word('end')}
      done={word('endDone')}
      grave
      wish={() => ({ method: 'DELETE', path: addressOf(access) })}
      onClose={onClose}
    >
      {word('endText')}
    </ConfirmDialog>
  );
}

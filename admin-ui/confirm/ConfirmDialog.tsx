import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { isCancelled, isRequestFailure, isWorthReporting } from '../server/request-failure.ts';
import { useCarryOut, type Wish } from '../server/wish.ts';

interface Confirmation {
  readonly title: string;
  /** What it means, in the words of the one who decides, and the fields it needs. */
  readonly children: ReactNode;
  readonly submit: string;
  /** What turning away means, where that is a decision too. */
  readonly cancel?: string;
  /** There is nothing to be done, as the dialog says itself. */
  readonly idle?: boolean;
  /** How the deed is offered: as what is expected, beside turning away, or not at all as there is nothing to do. */
  readonly offer?: 'first' | 'aside' | 'none';
  /** For what cannot be taken back. */
  readonly grave?: boolean;
  readonly size?: 'xs' | 'sm' | 'md' | 'lg';
  /** What is wished, from what was typed; undefined when something is missing and the fields say what. */
  readonly wish: (form: HTMLFormElement) => Wish | undefined;
  /** What is told when it is done. */
  readonly done: string;
  readonly onClose: () => void;
  /** Told what the API answered. */
  readonly onDone?: (answer: unknown) => void;
}

/**
 * Asks before something is done that cannot be undone, and names the consequence. A refusal is told here, beside what was
 * typed; whoever turns away when a fresh code is asked for is back here, and nothing is lost.
 */
export function ConfirmDialog({
  title,
  children,
  submit,
  cancel,
  idle = false,
  offer = 'first',
  grave,
  size = 'xs',
  wish,
  done,
  onClose,
  onDone,
}: Confirmation) {
  const translate = useTranslate();
  const notify = useNotify();
  const carryOut = useCarryOut();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const id = useId();
  const send = async (wanted: Wish) => {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await carryOut<unknown>(wanted);
      notify(done, { type: 'success' });
      onDone?.(answer);
      onClose();
    } catch (error) {
      if (!isCancelled(error)) setFailure(error);
      setBusy(false);
    }
  };
  const decide = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = busy || idle || offer === 'none' ? undefined : wish(event.currentTarget);
    if (wanted) void send(wanted);
  };
  return (
    <Dialog
      open
      onClose={(_event, reason) => {
        // A click beside it must not throw away what was typed.
        if (reason !== 'backdropClick' && !busy) onClose();
      }}
      fullWidth
      maxWidth={size}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
    >
      <Box component="form" noValidate onSubmit={decide} sx={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}>
        <DialogTitle id={`${id}-title`}>{title}</DialogTitle>
        <DialogContent id={`${id}-text`} sx={{ fontSize: 14 }}>
          {children}
          {failure !== undefined && (
            <Alert severity="error" variant="outlined" sx={{ mt: 2, color: 'text.primary' }}>
              <FailureText error={failure} withId={isWorthReporting(failure)} />
              <FieldFaults error={failure} />
            </Alert>
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button {...(offer === 'first' ? { color: 'inherit' } : { variant: 'contained' })} onClick={() => busy || onClose()}>
            {cancel ?? translate('kontor.cancel')}
          </Button>
          {offer !== 'none' && <Submit words={submit} grave={grave === true} aside={offer === 'aside'} resting={busy || idle} />}
        </DialogActions>
      </Box>
    </Dialog>
  );
}

/** It is never disabled, only rests: a disabled button would lose the keyboard's focus. */
function Submit({ words, grave, aside, resting }: { words: string; grave: boolean; aside: boolean; resting: boolean }) {
  return (
    <Button
      type="submit"
      variant={aside ? 'outlined' : 'contained'}
      color={grave ? 'error' : 'primary'}
      aria-disabled={resting}
      sx={resting ? { opacity: 0.6 } : {}}
    >
      {words}
    </Button>
  );
}

function FieldFaults({ error }: { error: unknown }) {
  if (!isRequestFailure(error) || error.details.length === 0) return null;
  return (
    <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.5 }}>
      {error.details.map(({ field, message }) => (
        <li key={field}>{message}</li>
      ))}
    </Box>
  );
}

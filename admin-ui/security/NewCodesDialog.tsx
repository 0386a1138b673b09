import { Alert, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { isCancelled, isWorthReporting } from '../server/request-failure.ts';
import { useKontor } from '../server/use-kontor.ts';
import { RecoveryCodes } from './RecoveryCodes.tsx';

/** New recovery codes, after saying what becomes of the old; then they are shown, once. */
export function NewCodesDialog({ left, onClose }: { left: number; onClose: () => void }) {
  const translate = useTranslate();
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    // Once the codes are there, only a tick leads on: a press beside the dialog must not lose them.
    <Dialog open onClose={() => codes ?? onClose()} fullWidth maxWidth={codes ? 'sm' : 'xs'} aria-labelledby="new-codes-title">
      <DialogTitle id="new-codes-title">
        {translate(codes ? 'kontor.signIn.store_codes.title' : 'kontor.security.codes.confirmTitle')}
      </DialogTitle>
      {codes ? (
        <DialogContent>
          <RecoveryCodes codes={codes} goOn={translate('kontor.security.done')} onStored={onClose} />
        </DialogContent>
      ) : (
        <Confirmation left={left} onClose={onClose} onMade={setCodes} />
      )}
    </Dialog>
  );
}

function Confirmation({ left, onClose, onMade }: { left: number; onClose: () => void; onMade: (codes: readonly string[]) => void }) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const make = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      onMade(await dataProvider.makeRecoveryCodes());
    } catch (error) {
      if (!isCancelled(error)) setFailure(error);
      setBusy(false);
    }
  };
  return (
    <>
      <DialogContent>
        <DialogContentText sx={{ fontSize: 14 }}>
          {translate(left === 0 ? 'kontor.security.codes.confirmFirst' : 'kontor.security.codes.confirm', { smart_count: left })}
        </DialogContentText>
        {failure !== undefined && (
          <Alert severity="error" variant="outlined" sx={{ mt: 2 }}>
            <FailureText error={failure} withId={isWorthReporting(failure)} />
          </Alert>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" onClick={onClose} disabled={busy}>
          {translate('kontor.cancel')}
        </Button>
        <Button variant="contained" autoFocus disabled={busy} onClick={() => void make()}>
          {translate('kontor.security.codes.submit')}
        </Button>
      </DialogActions>
    </>
  );
}

import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useState, type FormEvent } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import type { TotpSetUp } from '../server/answers.ts';
import { isCancelled, isWorthReporting } from '../server/request-failure.ts';
import { useKontor } from '../server/use-kontor.ts';
import { AppSecret } from './AppSecret.tsx';
import { useProof } from './proof.ts';
import { ProofField } from './ProofField.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

/** A new app: its secret, a code that proves it, and recovery codes where no unused ones are left. The old app works until then. */
export function NewAppDialog({ setUp, replaces, onClose }: { setUp: TotpSetUp; replaces: boolean; onClose: () => void }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [codes, setCodes] = useState<readonly string[]>();
  const finish = () => {
    notify(replaces ? 'kontor.security.app.replaced' : 'kontor.security.app.wasSet', { type: 'success' });
    onClose();
  };
  return (
    // Once codes are there, only a tick leads on: a press beside the dialog must not lose them.
    <Dialog
      open
      onClose={() => codes ?? onClose()}
      fullWidth
      maxWidth="sm"
      aria-labelledby="new-app-title"
      slotProps={{ paper: { sx: { m: { xs: 1.5, sm: 4 }, width: { xs: 'calc(100% - 24px)', sm: '100%' } } } }}
    >
      <DialogTitle id="new-app-title">{translate(codes ? 'kontor.signIn.store_codes.title' : 'kontor.security.app.dialog')}</DialogTitle>
      {codes ? (
        <DialogContent>
          <RecoveryCodes codes={codes} goOn={translate('kontor.security.done')} onStored={finish} />
        </DialogContent>
      ) : (
        <Confirmation setUp={setUp} replaces={replaces} onClose={onClose} onSet={(made) => (made ? setCodes(made) : finish())} />
      )}
    </Dialog>
  );
}

function Confirmation({
  setUp,
  replaces,
  onClose,
  onSet,
}: {
  setUp: TotpSetUp;
  replaces: boolean;
  onClose: () => void;
  onSet: (codes: readonly string[] | null) => void;
}) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const draft = useProof(async ({ code }) => onSet(await dataProvider.confirmApp(code)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    draft.submit();
  };
  return (
    <Box component="form" noValidate onSubmit={submit} sx={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}>
      <DialogContent sx={{ pt: 0, display: 'flex', flexDirection: 'column', gap: 2.5 }}>
        <DialogContentText sx={{ fontSize: 14 }}>
          {translate(replaces ? 'kontor.security.app.replaceHint' : 'kontor.security.app.setUpHint')}
        </DialogContentText>
        <AppSecret setUp={setUp} />
        {draft.failure !== undefined && !isCancelled(draft.failure) && (
          <Alert severity="error" variant="outlined">
            <FailureText error={draft.failure} withId={isWorthReporting(draft.failure)} />
          </Alert>
        )}
        <ProofField draft={draft} id="new-app-code" autoFocus={false} />
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" onClick={onClose}>
          {translate('kontor.cancel')}
        </Button>
        <Button type="submit" variant="contained" disabled={draft.busy}>
          {translate(draft.busy ? 'kontor.proof.busy' : 'kontor.app.confirm')}
        </Button>
      </DialogActions>
    </Box>
  );
}

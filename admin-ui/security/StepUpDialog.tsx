import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useEffect, type FormEvent } from 'react';
import { useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { isRequestFailure, isWorthReporting, RequestFailure } from '../server/request-failure.ts';
import { request } from '../server/request.ts';
import { settleFreshCode, useFreshCodeWanted } from './fresh-code.ts';
import { useProof, type Proof } from './proof.ts';
import { OtherProof, ProofField } from './ProofField.tsx';

/** Asks for a fresh code where somebody is, and lets go on what waited for it (SPEC I10). One stands in the frame of all pages. */
export function StepUpDialog() {
  const wanted = useFreshCodeWanted();
  // Whoever leaves the frame, by signing out say, gives no code any more.
  useEffect(() => () => settleFreshCode(turnedAway()), []);
  return (
    <Dialog
      open={wanted}
      onClose={() => settleFreshCode(turnedAway())}
      fullWidth
      maxWidth="xs"
      aria-labelledby="step-up-title"
      aria-describedby="step-up-why"
    >
      <StepUpForm />
    </Dialog>
  );
}

function turnedAway(): RequestFailure {
  return new RequestFailure({
    kind: 'cancelled',
    status: 0,
    code: 'request.cancelled',
    requestId: '',
    message: 'kontor.failure.cancelled',
  });
}

async function giveFreshCode(proof: Proof): Promise<void> {
  try {
    await request('POST', '/me/step-up', { body: proof });
    settleFreshCode('given');
  } catch (error) {
    // The session ended meanwhile: those who wait lead to the sign-in page.
    if (isRequestFailure(error) && error.kind === 'signed_out') settleFreshCode(error);
    throw error;
  }
}

function StepUpForm() {
  const translate = useTranslate();
  const draft = useProof(giveFreshCode);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    draft.submit();
  };
  const over = isRequestFailure(draft.failure) && draft.failure.code === 'auth.attempt_over';
  return (
    <Box component="form" noValidate onSubmit={submit}>
      <DialogTitle id="step-up-title">{translate('kontor.stepUp.title')}</DialogTitle>
      <DialogContent sx={{ display: 'flex', flexDirection: 'column', gap: 2, alignItems: 'flex-start' }}>
        <DialogContentText id="step-up-why" sx={{ fontSize: 14 }}>
          {translate('kontor.stepUp.why')}
        </DialogContentText>
        {draft.failure !== undefined && (
          <Alert severity="error" variant="outlined" sx={{ width: '100%' }}>
            {over ? translate('kontor.stepUp.over') : <FailureText error={draft.failure} withId={isWorthReporting(draft.failure)} />}
          </Alert>
        )}
        <ProofField draft={draft} id="step-up-code" />
        <OtherProof draft={draft} />
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" onClick={() => settleFreshCode(turnedAway())}>
          {translate('kontor.cancel')}
        </Button>
        <Button type="submit" variant="contained" disabled={draft.busy}>
          {translate(draft.busy ? 'kontor.proof.busy' : 'kontor.stepUp.submit')}
        </Button>
      </DialogActions>
    </Box>
  );
}

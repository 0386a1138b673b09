import { Alert, Box, Button, Link } from '@mui/material';
import type { FormEvent } from 'react';
import { useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { AppSecret } from '../security/AppSecret.tsx';
import { useProof } from '../security/proof.ts';
import { ProofField } from '../security/ProofField.tsx';
import type { TotpSetUp } from '../server/answers.ts';
import { isWorthReporting } from '../server/request-failure.ts';

/** The first sign-in of staff: an app is set up, and a code of it proves that it was (SPEC I3). */
export function FirstAppStep({ setUp, give, onBack }: { setUp: TotpSetUp; give: (appCode: string) => Promise<void>; onBack: () => void }) {
  const translate = useTranslate();
  const draft = useProof(({ code }) => give(code));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    draft.submit();
  };
  return (
    <Box component="form" noValidate onSubmit={submit} sx={{ display: 'flex', flexDirection: 'column', gap: 2.5 }}>
      <AppSecret setUp={setUp} />
      {draft.failure !== undefined && (
        <Alert severity="error" variant="outlined">
          <FailureText error={draft.failure} withId={isWorthReporting(draft.failure)} />
        </Alert>
      )}
      <ProofField draft={draft} id="code" autoFocus={false} />
      <Button type="submit" variant="contained" disabled={draft.busy} sx={{ minHeight: 38 }}>
        {translate(draft.busy ? 'kontor.proof.busy' : 'kontor.app.confirm')}
      </Button>
      <Link component="button" type="button" variant="body2" color="text.secondary" onClick={onBack} sx={{ alignSelf: 'center' }}>
        {translate('kontor.signIn.back')}
      </Link>
    </Box>
  );
}

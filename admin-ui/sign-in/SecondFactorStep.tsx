import { Alert, Box, Button, Link } from '@mui/material';
import type { FormEvent } from 'react';
import { useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { useProof, type Proof } from '../security/proof.ts';
import { OtherProof, ProofField } from '../security/ProofField.tsx';
import { isWorthReporting } from '../server/request-failure.ts';

/** The second step: a code of the app, or one from the paper. */
export function SecondFactorStep({ give, onBack }: { give: (proof: Proof) => Promise<void>; onBack: () => void }) {
  const translate = useTranslate();
  const draft = useProof(give);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    draft.submit();
  };
  return (
    <Box component="form" noValidate onSubmit={submit} sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
      {draft.failure !== undefined && (
        <Alert severity="error" variant="outlined">
          <FailureText error={draft.failure} withId={isWorthReporting(draft.failure)} />
        </Alert>
      )}
      <ProofField draft={draft} id="code" />
      <Button type="submit" variant="contained" disabled={draft.busy} sx={{ minHeight: 38 }}>
        {translate(draft.busy ? 'kontor.proof.busy' : 'kontor.signIn.submit')}
      </Button>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', gap: 1 }}>
        <OtherProof draft={draft} />
        <Link component="button" type="button" variant="body2" color="text.secondary" onClick={onBack}>
          {translate('kontor.signIn.back')}
        </Link>
      </Box>
    </Box>
  );
}

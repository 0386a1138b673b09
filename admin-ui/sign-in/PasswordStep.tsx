import { Alert, Box, Button, Link, TextField } from '@mui/material';
import { useState, type FormEvent } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { formText } from '../form-text.ts';
import { isWorthReporting } from '../server/request-failure.ts';

/** The first step: who it is, and his password. */
export function PasswordStep({
  email,
  onEmail,
  attemptOver,
  give,
}: {
  email: string;
  onEmail: (email: string) => void;
  /** Whether somebody was here before and his codes came too late or too often. */
  attemptOver: boolean;
  give: (given: { email: string; password: string }) => Promise<void>;
}) {
  const translate = useTranslate();
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState<'email' | 'password'>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = { email: formText(event.currentTarget, 'email').trim(), password: formText(event.currentTarget, 'password') };
    const lacking = given.email.length < 3 ? 'email' : given.password === '' ? 'password' : undefined;
    setMissing(lacking);
    setFailure(undefined);
    if (lacking) return document.getElementById(lacking)?.focus();
    onEmail(given.email);
    setBusy(true);
    try {
      await give(given);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Box component="form" noValidate onSubmit={(event) => void submit(event)} sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
      <Notice failure={failure} attemptOver={attemptOver} />
      <TextField
        id="email"
        name="email"
        type="email"
        size="small"
        label={translate('kontor.signIn.email')}
        autoComplete="username"
        autoFocus={!attemptOver}
        defaultValue={email}
        fullWidth
        error={missing === 'email'}
        helperText={missing === 'email' && translate('kontor.signIn.emailMissing')}
      />
      <TextField
        id="password"
        name="password"
        type="password"
        size="small"
        label={translate('kontor.signIn.passwordLabel')}
        autoComplete="current-password"
        autoFocus={attemptOver}
        fullWidth
        error={missing === 'password'}
        helperText={missing === 'password' && translate('kontor.signIn.passwordMissing')}
      />
      <Button type="submit" variant="contained" disabled={busy} sx={{ minHeight: 38 }}>
        {translate(busy ? 'kontor.signIn.busy' : 'kontor.signIn.submit')}
      </Button>
      <ForgottenPassword />
    </Box>
  );
}

function Notice({ failure, attemptOver }: { failure: unknown; attemptOver: boolean }) {
  const translate = useTranslate();
  if (failure !== undefined)
    return (
      <Alert severity="error" variant="outlined" sx={{ alignItems: 'center' }}>
        <FailureText error={failure} withId={isWorthReporting(failure)} />
      </Alert>
    );
  if (!attemptOver) return null;
  return (
    <Alert severity="info" variant="outlined">
      {translate('kontor.signIn.attemptOver')}
    </Alert>
  );
}

/** The page behind it is not the console's: it works without it, for customers too. */
function ForgottenPassword() {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  return (
    <Link href={`/links/password-reset?lang=${locale}`} variant="body2" sx={{ alignSelf: 'center' }}>
      {translate('kontor.signIn.forgotten')}
    </Link>
  );
}

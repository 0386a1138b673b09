import { Alert, Box, Button, TextField, Typography } from '@mui/material';
import { useState, type FormEvent } from 'react';
import { useLogin, useTranslate } from 'react-admin';
import { FailureText } from '../failures/FailureText.tsx';
import { ReachabilityBanner } from '../failures/ReachabilityBanner.tsx';
import { formText } from '../form-text.ts';
import { KontorMark } from '../layout/KontorMark.tsx';
import { isRequestFailure } from '../server/request-failure.ts';
import { LanguageSwitch } from '../layout/LanguageSwitch.tsx';
import { ThemeSwitch } from '../theme/ThemeSwitch.tsx';

/** Signing in. What went wrong stands in the form, where the eye is. */
export function SignInPage() {
  const translate = useTranslate();
  return (
    <Box sx={{ minHeight: '100dvh', display: 'flex', flexDirection: 'column', bgcolor: 'surface.page', color: 'text.primary' }}>
      <ReachabilityBanner />
      <Box component="header" sx={{ display: 'flex', justifyContent: 'flex-end', gap: 1, p: 1.5 }}>
        <LanguageSwitch />
        <ThemeSwitch />
      </Box>
      <Box component="main" sx={{ flex: 1, display: 'grid', placeItems: 'center', px: 2, pb: 12 }}>
        <Box
          sx={{
            width: '100%',
            maxWidth: 360,
            p: { xs: 2.5, sm: 4 },
            bgcolor: 'background.paper',
            border: 1,
            borderColor: 'divider',
            borderRadius: 2,
          }}
        >
          <KontorMark size={36} />
          <Typography variant="h1" component="h1" sx={{ mt: 2, fontSize: 20 }}>
            {translate('kontor.signIn.title')}
          </Typography>
          <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 3 }}>{translate('kontor.signIn.hint')}</Typography>
          <CredentialsForm />
        </Box>
      </Box>
    </Box>
  );
}

function CredentialsForm() {
  const translate = useTranslate();
  const login = useLogin();
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState<'email' | 'password'>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = formText(event.currentTarget, 'email').trim();
    const password = formText(event.currentTarget, 'password');
    const lacking = email.length < 3 ? 'email' : password === '' ? 'password' : undefined;
    setMissing(lacking);
    setFailure(undefined);
    if (lacking) return document.getElementById(lacking)?.focus();
    setBusy(true);
    try {
      await login({ email, password });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Box component="form" noValidate onSubmit={(event) => void submit(event)} sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
      {failure !== undefined && (
        <Alert severity="error" variant="outlined" sx={{ alignItems: 'center' }}>
          <FailureText error={failure} withId={!isRequestFailure(failure) || failure.kind !== 'signed_out'} />
        </Alert>
      )}
      <TextField
        id="email"
        name="email"
        type="email"
        size="small"
        label={translate('kontor.signIn.email')}
        autoComplete="username"
        autoFocus
        fullWidth
        error={missing === 'email'}
        helperText={missing === 'email' && translate('kontor.signIn.emailMissing')}
      />
      <TextField
        id="password"
        name="password"
        type="password"
        size="small"
        label={translate('kontor.signIn.password')}
        autoComplete="current-password"
        fullWidth
        error={missing === 'password'}
        helperText={missing === 'password' && translate('kontor.signIn.passwordMissing')}
      />
      <Button type="submit" variant="contained" disabled={busy} sx={{ minHeight: 38 }}>
        {translate(busy ? 'kontor.signIn.busy' : 'kontor.signIn.submit')}
      </Button>
    </Box>
  );
}

import { Alert, Box, Button, TextField, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import type { passwordCharacters } from '../../api/auth/password-rules.ts';
import { FailureText, useFailureWords } from '../failures/FailureText.tsx';
import { formText } from '../form-text.ts';
import { visuallyHidden } from '../layout/visually-hidden.ts';
import { isCancelled, isRequestFailure, isWorthReporting } from '../server/request-failure.ts';
import { useKontor } from '../server/use-kontor.ts';
import { Moment } from '../time/Moment.tsx';
import { useReader } from '../time/reader.ts';
import { Section } from './Section.tsx';

/** Told before, judged by the API: the compiler sees to it that both are the same number. */
const minCharacters: (typeof passwordCharacters)['min'] = 12;

type FieldName = 'current' | 'password' | 'again';
type Faults = Partial<Record<FieldName, string>>;

/** Changing one's own password (SPEC I5). */
export function PasswordSection() {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data: me } = useQuery({ queryKey: ['own-person'], queryFn: () => dataProvider.me() });
  return (
    <Section id="security-password" title={translate('kontor.security.password.title')} hint={translate('kontor.security.password.hint')}>
      {me && (
        <Typography variant="body2" sx={{ color: 'text.secondary', mb: 2 }}>
          {translate('kontor.security.password.changedAt')} <Moment at={me.passwordChangedAt} />
        </Typography>
      )}
      <PasswordForm />
    </Section>
  );
}

function PasswordForm() {
  const translate = useTranslate();
  const { email } = useReader();
  const { submit, busy, faults, failure } = usePasswordChange();
  const field = (name: FieldName, autoComplete: string, hint?: string) => (
    <TextField
      id={`password-${name}`}
      name={name}
      type="password"
      size="small"
      fullWidth
      label={translate(`kontor.security.password.${name}`)}
      autoComplete={autoComplete}
      error={faults[name] !== undefined}
      helperText={faults[name] ?? hint}
      slotProps={{ htmlInput: { maxLength: 1_000 }, formHelperText: { role: faults[name] === undefined ? undefined : 'alert' } }}
    />
  );
  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event: FormEvent<HTMLFormElement>) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
      sx={{ display: 'flex', flexDirection: 'column', gap: 2, maxWidth: 400, alignItems: 'flex-start' }}
    >
      {failure !== undefined && (
        <Alert severity="error" variant="outlined" sx={{ width: '100%' }}>
          <FailureText error={failure} withId={isWorthReporting(failure)} />
        </Alert>
      )}
      {/* By it a password manager knows whose password it is to keep. */}
      <Box component="input" type="text" name="username" autoComplete="username" value={email} readOnly hidden sx={visuallyHidden} />
      {field('current', 'current-password')}
      {field('password', 'new-password', translate('kontor.security.password.rule', { min: minCharacters }))}
      {field('again', 'new-password')}
      <Button type="submit" variant="contained" disabled={busy}>
        {translate('kontor.security.password.submit')}
      </Button>
    </Box>
  );
}

/** Checks what can be checked here, asks the API for the rest, and brings each "no" to the field that it is about. */
function usePasswordChange() {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const queries = useQueryClient();
  const notify = useNotify();
  const failureWords = useFailureWords();
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const [failure, setFailure] = useState<unknown>();
  const tell = (found: Faults) => {
    setFaults(found);
    const first = (['current', 'password', 'again'] as const).find((name) => found[name] !== undefined);
    if (first) document.getElementById(`password-${first}`)?.focus();
    return first !== undefined;
  };
  const words = (name: string) => translate(`kontor.security.password.${name}`, { min: minCharacters });
  const submit = async (form: HTMLFormElement) => {
    const [current, password, again] = [formText(form, 'current'), formText(form, 'password'), formText(form, 'again')];
    setFailure(undefined);
    const typed: Faults = {
      ...(current === '' ? { current: words('currentMissing') } : {}),
      ...([...password].length < minCharacters ? { password: words('tooShort') } : {}),
      ...(password === again ? {} : { again: words('different') }),
    };
    if (tell(typed)) return;
    setBusy(true);
    try {
      await dataProvider.changePassword(current, password);
      form.reset();
      notify('kontor.security.password.changed', { type: 'success' });
      void queries.invalidateQueries({ queryKey: ['own-sessions'] });
      void queries.invalidateQueries({ queryKey: ['own-person'] });
    } catch (error) {
      if (!tell(faultsOf(error, failureWords, words('wrong'))) && !isCancelled(error)) setFailure(error);
    }
    setBusy(false);
  };
  return { submit, busy, faults, failure };
}

function faultsOf(error: unknown, words: (error: unknown) => string, wrong: string): Faults {
  if (!isRequestFailure(error)) return {};
  if (error.code === 'auth.code_wrong') return { current: wrong };
  if (error.code === 'password.too_common' || error.code === 'password.same') return { password: words(error) };
  const aboutNew = error.details.find(({ field }) => field === 'password');
  return aboutNew ? { password: aboutNew.message } : {};
}

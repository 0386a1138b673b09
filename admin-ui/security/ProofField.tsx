import { Link, TextField } from '@mui/material';
import { useTranslate } from 'react-admin';
import { fixedLetters } from '../theme/theme.ts';
import type { ProofDraft } from './proof.ts';

/** The one field for a code of the app or from the paper. What is wrong with it stands below it and is read out. */
export function ProofField({ draft, id, autoFocus = true }: { draft: ProofDraft; id: string; autoFocus?: boolean }) {
  const translate = useTranslate();
  const { method, code, fault, busy, field, type } = draft;
  return (
    <TextField
      key={method}
      id={id}
      name="code"
      size="small"
      fullWidth
      autoFocus={autoFocus}
      inputRef={field}
      value={code}
      onChange={(event) => type(event.target.value)}
      label={translate(`kontor.proof.${method}.label`)}
      error={fault !== undefined}
      helperText={translate(`kontor.proof.${method}.${fault ?? 'hint'}`)}
      slotProps={{
        htmlInput: {
          ...(method === 'totp' ? appCode : paperCode),
          readOnly: busy,
          'aria-required': true,
        },
        // The digits are large, and a label among them would hang.
        inputLabel: { shrink: true },
        formHelperText: { role: fault === undefined ? undefined : 'alert' },
      }}
    />
  );
}

const appCode = {
  inputMode: 'numeric',
  autoComplete: 'one-time-code',
  style: { fontFamily: fixedLetters, fontSize: 24, letterSpacing: '0.32em', textAlign: 'center', paddingLeft: '0.32em' },
} as const;

const paperCode = {
  inputMode: 'text',
  autoComplete: 'off',
  autoCapitalize: 'none',
  autoCorrect: 'off',
  spellCheck: false,
  maxLength: 40,
  style: { fontFamily: fixedLetters },
} as const;

/** The other way to prove oneself. */
export function OtherProof({ draft }: { draft: ProofDraft }) {
  const translate = useTranslate();
  const other = draft.method === 'totp' ? 'recovery' : 'totp';
  return (
    <Link component="button" type="button" variant="body2" onClick={() => draft.switchTo(other)}>
      {translate(`kontor.proof.${other}.instead`)}
    </Link>
  );
}

import { Box, MenuItem, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { problemStatuses } from '../../domain/problem.ts';
import { formText } from '../form-text.ts';
import type { Problem } from './problem-reads.ts';

/** Where it stands; the version is asked for only where there is one. */
export function StandingFields({ standing }: { standing: Pick<Problem, 'status' | 'fixedIn'> | undefined }) {
  const translate = useTranslate();
  const [status, setStatus] = useState<string>(standing?.status ?? 'confirmed');
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '200px minmax(0, 1fr)' } }}>
      <TextField
        select
        name="status"
        size="small"
        label={translate('kontor.problems.filter.status')}
        value={status}
        onChange={(event) => setStatus(event.target.value)}
      >
        {problemStatuses.map((each) => (
          <MenuItem key={each} value={each}>
            {translate(`kontor.problems.state.${each}`)}
          </MenuItem>
        ))}
      </TextField>
      {status === 'fixed' && (
        <TextField
          name="fixedIn"
          size="small"
          label={translate('kontor.problems.form.fixedIn')}
          defaultValue={standing?.fixedIn ?? ''}
          slotProps={{ htmlInput: { maxLength: 50 } }}
          sx={{ maxWidth: 260 }}
        />
      )}
    </Box>
  );
}

/** What was chosen; undefined when the version is missing. */
export function standingOf(form: HTMLFormElement): { status: string; fixedIn: string | null } | undefined {
  const status = formText(form, 'status');
  const fixedIn = formText(form, 'fixedIn').trim();
  if (status === 'fixed' && fixedIn === '') return undefined;
  return { status, fixedIn: status === 'fixed' ? fixedIn : null };
}

import { Box, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { SeverityDecision } from '../../domain/severity.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { inPath } from '../server/wish.ts';
import { Claim } from './SeverityMark.tsx';

interface Deciding {
  readonly number: string;
  readonly decision: SeverityDecision;
  /** What the customer said when he claimed it. */
  readonly claim: string | undefined;
  readonly onClose: () => void;
}

/** Confirms or refuses a claim; what is written as the reason is what the customer reads (SPEC T14). */
export function SeverityDialog({ number, decision, claim, onClose }: Deciding) {
  const translate = useTranslate();
  const [missing, setMissing] = useState(false);
  const word = (name: string) => translate(`kontor.severity.${decision}Dialog.${name}`);
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      wish={(form) => {
        const reason = formText(form, 'reason').trim();
        setMissing(decision === 'refuse' && reason === '');
        if (decision === 'refuse' && reason === '') return undefined;
        const body = { decision, reason: reason === '' ? null : reason };
        return { method: 'POST', path: `/tickets/${inPath(number)}/severity`, body };
      }}
      onClose={onClose}
    >
      {claim !== undefined && <Claim>{claim}</Claim>}
      <Box sx={{ my: 2 }}>{word('text')}</Box>
      <TextField
        name="reason"
        multiline
        minRows={3}
        fullWidth
        autoFocus
        label={word('reason')}
        error={missing}
        helperText={missing ? translate('kontor.severity.reasonMissing') : translate('kontor.severity.reasonHint')}
        slotProps={{ htmlInput: { maxLength: 1_000 } }}
      />
    </ConfirmDialog>
  );
}

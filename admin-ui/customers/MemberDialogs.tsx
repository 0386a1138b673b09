import { Box, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { readEmailAddress } from '../../domain/email-address.ts';
import { readTicketNumber } from '../../domain/ids.ts';
import { changeLapsesSeconds, coolingOffSeconds, linkSeconds } from '../../domain/letter.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import type { Member } from '../server/answers.ts';
import type { Wish } from '../server/wish.ts';
import { useSpellDurationInWords } from '../time/reader.ts';
import { emailChange, factorReset, passwordReset } from './wishes.ts';

interface Asking {
  readonly member: Member;
  readonly onClose: () => void;
}

const maxReasonCharacters = 500;
type Field = 'email' | 'reason' | 'ticket';

/**
 * Begins a change of a customer's address, or taking the second factor away: asks why, and tells step by step what will
 * happen to whom and when (SPEC I5).
 */
export function BeginChangeDialog({ member, kind, onClose }: Asking & { kind: 'email' | 'factor' }) {
  const translate = useTranslate();
  const [faults, setFaults] = useState<readonly Field[]>([]);
  const word = (name: string, values: object = {}) => translate(`kontor.customers.change.${name}`, { name: member.name, ...values });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const email = readEmailAddress(formText(form, 'email'));
    const reason = formText(form, 'reason').trim();
    const ticketText = formText(form, 'ticket').trim();
    const ticket = readTicketNumber(ticketText);
    const found: Field[] = [];
    if (kind === 'email' && email === undefined) found.push('email');
    if (reason === '') found.push('reason');
    if (ticketText !== '' && ticket === undefined) found.push('ticket');
    setFaults(found);
    if (found.length > 0) {
      form.querySelector<HTMLElement>(`[name="${found[0]}"]`)?.focus();
      return undefined;
    }
    return kind === 'email' ? emailChange(member.id, email!, { reason, ticket }) : factorReset(member.id, { reason, ticket });
  };
  return (
    <ConfirmDialog
      title={word(kind === 'email' ? 'emailTitle' : 'factorTitle')}
      submit={word(kind === 'email' ? 'beginEmail' : 'beginFactor')}
      done={word('begun')}
      size="sm"
      wish={wish}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
        {kind === 'email' && (
          <>
            <Box sx={{ overflowWrap: 'anywhere' }}>{word('now', { email: member.email })}</Box>
            <TextField
              name="email"
              type="email"
              size="small"
              autoFocus
              fullWidth
              label={word('newEmail')}
              error={faults.includes('email')}
              helperText={faults.includes('email') && word('notAnAddress')}
              slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 254 } }}
            />
          </>
        )}
        <TextField
          name="reason"
          size="small"
          fullWidth
          autoFocus={kind === 'factor'}
          label={word('reason')}
          error={faults.includes('reason')}
          helperText={word(faults.includes('reason') ? 'reasonMissing' : 'reasonHint')}
          slotProps={{ htmlInput: { maxLength: maxReasonCharacters } }}
        />
        <TextField
          name="ticket"
          size="small"
          label={word('ticket')}
          error={faults.includes('ticket')}
          helperText={word(faults.includes('ticket') ? 'notATicket' : 'ticketHint')}
          slotProps={{ htmlInput: { maxLength: 40, autoComplete: 'off' } }}
        />
        <WhatFollows member={member} kind={kind} />
      </Box>
    </ConfirmDialog>
  );
}

function WhatFollows({ member, kind }: { member: Member; kind: 'email' | 'factor' }) {
  const translate = useTranslate();
  const inWords = useSpellDurationInWords();
  const word = (name: string, values: object = {}) => translate(`kontor.customers.change.${name}`, { name: member.name, ...values });
  const steps = [
    ...(kind === 'email' ? [word('confirm', { duration: inWords(changeLapsesSeconds) })] : []),
    word('veto', { email: member.email, duration: inWords(coolingOffSeconds) }),
    word(kind === 'email' ? 'effectEmail' : 'effectFactor'),
    word('meanwhile'),
  ];
  return (
    <Box>
      <Typography variant="h2" component="h3">
        {word('whatFollows')}
      </Typography>
      <Box component="ol" sx={{ m: 0, mt: 0.5, pl: 2.5, overflowWrap: 'anywhere', '& li + li': { mt: 0.5 } }}>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </Box>
    </Box>
  );
}

export function PasswordResetDialog({ member, onClose }: Asking) {
  const translate = useTranslate();
  const inWords = useSpellDurationInWords();
  return (
    <ConfirmDialog
      title={translate('kontor.customers.reset.title', { name: member.name })}
      submit={translate('kontor.customers.reset.submit')}
      done={translate('kontor.customers.reset.done')}
      wish={() => passwordReset(member.id)}
      onClose={onClose}
    >
      <Box sx={{ overflowWrap: 'anywhere' }}>
        {translate('kontor.customers.reset.text', { email: member.email, duration: inWords(linkSeconds) })}
      </Box>
    </ConfirmDialog>
  );
}

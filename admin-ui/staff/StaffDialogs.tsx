import { Box, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { readEmailAddress } from '../../domain/email-address.ts';
import { invitationSeconds } from '../../domain/letter.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import type { Colleague, Invitation } from '../server/answers.ts';
import { useReader, useSpellDurationInWords } from '../time/reader.ts';
import { RoleField, roleIn } from './RoleField.tsx';
import { deactivation, factorReset, invitation, reactivation, revocation, roleChange } from './wishes.ts';

interface AboutColleague {
  readonly colleague: Colleague;
  readonly onClose: () => void;
}

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const translate = useTranslate();
  const inWords = useSpellDurationInWords();
  const [wrong, setWrong] = useState(false);
  const wish = (form: HTMLFormElement) => {
    const email = readEmailAddress(formText(form, 'email'));
    const role = roleIn(form);
    setWrong(email === undefined);
    return email === undefined || role === undefined ? undefined : invitation(email, role);
  };
  return (
    <ConfirmDialog
      title={translate('kontor.staff.invitation.title')}
      submit={translate('kontor.staff.invitation.submit')}
      done={translate('kontor.staff.invitation.done')}
      size="sm"
      wish={wish}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
        <div>{translate('kontor.staff.invitation.text', { duration: inWords(invitationSeconds) })}</div>
        <TextField
          name="email"
          type="email"
          size="small"
          autoFocus
          fullWidth
          label={translate('kontor.staff.invitation.email')}
          error={wrong}
          helperText={wrong && translate('kontor.staff.invitation.notAnAddress')}
          slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 254 } }}
        />
        <RoleField initial="support" />
      </Box>
    </ConfirmDialog>
  );
}

export function RoleDialog({ colleague, onClose }: AboutColleague) {
  const translate = useTranslate();
  const { id: me } = useReader();
  return (
    <ConfirmDialog
      title={translate('kontor.staff.roleChange.title', { name: colleague.name })}
      submit={translate('kontor.staff.roleChange.submit')}
      done={translate('kontor.staff.roleChange.done')}
      size="sm"
      wish={(form) => {
        const role = roleIn(form);
        return role && roleChange(colleague.id, role);
      }}
      onClose={onClose}
    >
      <Box sx={{ mb: 2 }}>
        {translate('kontor.staff.roleChange.text')} {colleague.id === me && translate('kontor.staff.roleChange.own')}
      </Box>
      <RoleField initial={colleague.role} />
    </ConfirmDialog>
  );
}

/** Which decisions about a colleague need no more than a yes. */
export type PlainDecision = 'deactivation' | 'reactivation' | 'factorReset';
const wishes = { deactivation, reactivation, factorReset } as const;

export function DecisionDialog({ colleague, decision, onClose }: AboutColleague & { decision: PlainDecision }) {
  const translate = useTranslate();
  const word = (name: string) =>
    translate(`kontor.staff.${decision}.${name}`, {
      name: colleague.name,
      role: translate(`kontor.person.roles.${colleague.role}`),
    });
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      grave={decision !== 'reactivation'}
      wish={() => wishes[decision](colleague.id)}
      onClose={onClose}
    >
      {word('text')}
    </ConfirmDialog>
  );
}

export function RevocationDialog({ invitation: about, onClose }: { invitation: Invitation; onClose: () => void }) {
  const translate = useTranslate();
  return (
    <ConfirmDialog
      title={translate('kontor.staff.revocation.title', { email: about.email })}
      submit={translate('kontor.staff.revocation.submit')}
      done={translate('kontor.staff.revocation.done')}
      grave
      wish={() => revocation(about.id)}
      onClose={onClose}
    >
      {translate('kontor.staff.revocation.text')}
    </ConfirmDialog>
  );
}

import CloseIcon from '@mui/icons-material/Close';
import { Box, Button, FormControlLabel, IconButton, MenuItem, Radio, RadioGroup, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { readEmailAddress } from '../../../domain/email-address.ts';
import { ConfirmDialog } from '../../confirm/ConfirmDialog.tsx';
import { customerQuery } from '../../customers/customer-queries.ts';
import { formText } from '../../form-text.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { useKontor } from '../../server/use-kontor.ts';
import { inPath, type Wish } from '../../server/wish.ts';
import { useMay } from '../../time/reader.ts';
import { PanelSection } from './PanelSection.tsx';

/** Who takes part: users of the account, and addresses outside it that get a copy of each answer (SPEC T1). */
export function People({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<{ id: string; name: string }>();
  const changeable = may('ticket.participant') && ticket.status !== 'archived';
  return (
    <PanelSection
      title={translate('kontor.desk.people')}
      action={
        changeable && (
          <Button size="small" sx={{ minHeight: 24, py: 0 }} onClick={() => setAdding(true)}>
            {translate('kontor.desk.add')}
          </Button>
        )
      }
    >
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {ticket.participants.map(({ id, name }) => (
          <OnePerson key={id} name={name} onRemove={changeable ? () => setRemoving({ id, name }) : undefined} />
        ))}
        {ticket.outsideAddresses.map(({ id, address, name, addedBy }) => (
          <OnePerson key={id} name={name ?? address} onRemove={changeable ? () => setRemoving({ id, name: name ?? address }) : undefined}>
            <Box sx={{ fontSize: 12, color: 'text.secondary' }} title={translate('kontor.desk.outsideHint')}>
              {name !== null && `${address} · `}
              {translate('kontor.desk.outside')} · {translate('kontor.desk.addedBy', { name: addedBy.name })}
            </Box>
          </OnePerson>
        ))}
      </Box>
      {adding && <AddDialog ticket={ticket} onClose={() => setAdding(false)} />}
      {removing && <RemoveDialog ticket={ticket} who={removing} onClose={() => setRemoving(undefined)} />}
    </PanelSection>
  );
}

function OnePerson({ name, onRemove, children }: { name: string; onRemove: (() => void) | undefined; children?: ReactNode }) {
  const translate = useTranslate();
  return (
    <Box component="li" sx={{ display: 'flex', alignItems: 'flex-start', minHeight: 26, overflowWrap: 'anywhere' }}>
      <Box sx={{ flex: 1, minWidth: 0, pt: 0.25 }}>
        {name}
        {children}
      </Box>
      {onRemove && (
        <IconButton size="small" sx={{ p: 0.5 }} aria-label={translate('kontor.desk.removeOf', { name })} onClick={onRemove}>
          <CloseIcon sx={{ fontSize: 16 }} />
        </IconButton>
      )}
    </Box>
  );
}

type Kind = 'member' | 'outside';

function AddDialog({ ticket, onClose }: { ticket: StaffTicketPage; onClose: () => void }) {
  const translate = useTranslate();
  const [kind, setKind] = useState<Kind>('member');
  const [member, setMember] = useState('');
  const [fault, setFault] = useState<'choose' | 'notAnAddress'>();
  const word = (name: string) => translate(`kontor.desk.person.${name}`, { number: ticket.number, account: ticket.account.name });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const address = readEmailAddress(formText(form, 'address'));
    const name = formText(form, 'name').trim();
    const found = kind === 'member' ? (member === '' ? 'choose' : undefined) : address === undefined ? 'notAnAddress' : undefined;
    setFault(found);
    if (found) return undefined;
    const body = kind === 'member' ? { user: member } : { address, ...(name === '' ? {} : { name }) };
    return { method: 'POST', path: `/tickets/${inPath(ticket.number)}/participants`, body };
  };
  return (
    <ConfirmDialog title={word('title')} submit={word('submit')} done={word('done')} wish={wish} onClose={onClose}>
      <RadioGroup aria-label={translate('kontor.desk.people')} value={kind} onChange={(_event, chosen) => setKind(chosen as Kind)}>
        <FormControlLabel value="member" control={<Radio size="small" />} label={word('member')} />
        <FormControlLabel value="outside" control={<Radio size="small" />} label={word('outside')} />
      </RadioGroup>
      {kind === 'member' ? (
        <MemberField ticket={ticket} value={member} onChange={setMember} fault={fault && word(fault)} />
      ) : (
        <OutsideFields fault={fault && word(fault)} />
      )}
    </ConfirmDialog>
  );
}

interface MemberChoice {
  readonly ticket: StaffTicketPage;
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly fault: string | undefined;
}

function MemberField({ ticket, value, onChange, fault }: MemberChoice) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data } = useQuery(customerQuery(dataProvider, ticket.account.id));
  const members = (data?.members ?? []).filter(({ id }) => !ticket.participants.some((participant) => participant.id === id));
  if (data && members.length === 0) return <Typography sx={{ mt: 1 }}>{translate('kontor.desk.person.nobodyLeft')}</Typography>;
  return (
    <TextField
      select
      fullWidth
      size="small"
      sx={{ mt: 1 }}
      label={translate('kontor.desk.person.whichMember')}
      value={members.some(({ id }) => id === value) ? value : ''}
      error={fault !== undefined}
      helperText={fault}
      onChange={(event) => onChange(event.target.value)}
    >
      {members.map(({ id, name, email }) => (
        <MenuItem key={id} value={id}>
          {name} · {email}
        </MenuItem>
      ))}
    </TextField>
  );
}

function OutsideFields({ fault }: { fault: string | undefined }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.desk.person.${name}`);
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, mt: 1 }}>
      <TextField
        name="address"
        type="email"
        size="small"
        fullWidth
        label={word('address')}
        error={fault !== undefined}
        helperText={fault}
        slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 254 } }}
      />
      <TextField
        name="name"
        size="small"
        fullWidth
        label={word('name')}
        helperText={word('nameHint')}
        slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 200 } }}
      />
      <Typography sx={{ fontSize: 13, color: 'text.secondary' }}>{word('consequence')}</Typography>
    </Box>
  );
}

interface Removal {
  readonly ticket: StaffTicketPage;
  readonly who: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

function RemoveDialog({ ticket, who, onClose }: Removal) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.desk.person.${name}`, { number: ticket.number, name: who.name });
  return (
    <ConfirmDialog
      title={word('removeTitle')}
      submit={word('removeSubmit')}
      done={word('removed')}
      wish={() => ({ method: 'DELETE', path: `/tickets/${inPath(ticket.number)}/participants/${inPath(who.id)}` })}
      onClose={onClose}
    >
      {word('removeText')}
    </ConfirmDialog>
  );
}

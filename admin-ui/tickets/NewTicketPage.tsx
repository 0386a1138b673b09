import { Alert, Autocomplete, Box, Button, MenuItem, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useAuthenticated, useNotify, useTranslate } from 'react-admin';
import { useNavigate, useSearchParams } from 'react-router';
import { heardChannels, priorities, type HeardChannel, type Priority } from '../../domain/ticket.ts';
import { maxBodyCharacters, maxSubjectCharacters } from '../../domain/written-text.ts';
import { customerQuery } from '../customers/customer-queries.ts';
import { FailureText } from '../failures/FailureText.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { formText } from '../form-text.ts';
import { PageTitle } from '../layout/PageTitle.tsx';
import type { Customer, Page, StaffTicketPage } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { useKontor } from '../server/use-kontor.ts';
import { useCarryOut, type Wish } from '../server/wish.ts';
import { QueueField } from './QueueField.tsx';
import { ticketAddress } from './TicketTable.tsx';

/** A ticket for a customer who called, wrote or came (SPEC T13, C6). */
export function NewTicketPage() {
  useAuthenticated();
  return (
    <OnlyFor action="ticket.open">
      <NewTicket />
    </OnlyFor>
  );
}

interface Chosen {
  readonly account: string;
  readonly customer: string;
  readonly category: string;
  readonly channel: HeardChannel;
  readonly priority: Priority;
}

function NewTicket() {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  const carryOut = useCarryOut();
  const [asked] = useSearchParams();
  const [chosen, setChosen] = useState<Chosen>({
    account: asked.get('account') ?? '',
    customer: '',
    category: '',
    channel: 'phone',
    priority: 'medium',
  });
  const choose = (change: Partial<Chosen>) => setChosen({ ...chosen, ...change });
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const word = (name: string) => translate(`kontor.desk.open.${name}`);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wish = wishOf(event.currentTarget, chosen);
    setMissing(!wish);
    if (!wish || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { number } = await carryOut<StaffTicketPage>(wish);
      notify(translate('kontor.desk.open.done', { number }), { type: 'success' });
      await navigate(ticketAddress(number));
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Box sx={{ maxWidth: 720, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{word('title')}</PageTitle>
      <Typography variant="h1">{word('title')}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5, mb: 2 }}>{word('hint')}</Typography>
      <Box
        component="form"
        noValidate
        onSubmit={(event: FormEvent<HTMLFormElement>) => void submit(event)}
        sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}
      >
        <WhoFields chosen={chosen} choose={choose} />
        <HowFields chosen={chosen} choose={choose} />
        <WhatFields />
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
        {failure !== undefined && (
          <Alert severity="error" variant="outlined" sx={{ color: 'text.primary' }}>
            <FailureText error={failure} />
          </Alert>
        )}
        <Box>
          <Button type="submit" variant="contained" aria-disabled={busy}>
            {word('submit')}
          </Button>
        </Box>
      </Box>
    </Box>
  );
}

/** What he came about, in his own words as far as they were caught. */
function WhatFields() {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.desk.open.${name}`);
  return (
    <>
      <TextField name="subject" size="small" label={word('subject')} slotProps={{ htmlInput: { maxLength: maxSubjectCharacters } }} />
      <TextField
        name="body"
        multiline
        minRows={6}
        maxRows={20}
        label={word('body')}
        slotProps={{ htmlInput: { maxLength: maxBodyCharacters } }}
      />
    </>
  );
}

interface Fields {
  readonly chosen: Chosen;
  readonly choose: (change: Partial<Chosen>) => void;
}

/** The account, and who of its people it is. */
function WhoFields({ chosen, choose }: Fields) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const word = (name: string) => translate(`kontor.desk.open.${name}`);
  const account = useQuery({ ...customerQuery(dataProvider, chosen.account), enabled: chosen.account !== '' }).data;
  const members = account?.members ?? [];
  return (
    <>
      <AccountField chosen={account} onChosen={(id) => choose({ account: id, customer: '' })} />
      {members.length > 0 && (
        <TextField
          select
          size="small"
          label={word('who')}
          value={members.some(({ id }) => id === chosen.customer) ? chosen.customer : ''}
          onChange={(event) => choose({ customer: event.target.value })}
        >
          {members.map(({ id, name, email }) => (
            <MenuItem key={id} value={id}>
              {name} · {email}
            </MenuItem>
          ))}
        </TextField>
      )}
    </>
  );
}

const accountsShown = 10;

function AccountField({ chosen, onChosen }: { chosen: Pick<Customer, 'id' | 'name'> | undefined; onChosen: (id: string) => void }) {
  const translate = useTranslate();
  const [search, setSearch] = useState('');
  const word = (name: string) => translate(`kontor.desk.open.${name}`);
  const { data } = useQuery({
    queryKey: ['customers-found', search],
    queryFn: () =>
      request<Page<Customer>>('GET', '/customers', {
        query: { limit: accountsShown, ...(search.trim() === '' ? {} : { search: search.trim() }) },
      }),
    placeholderData: (before) => before,
  });
  return (
    <Autocomplete<Pick<Customer, 'id' | 'name'>>
      size="small"
      options={data?.items ?? []}
      value={chosen ?? null}
      filterOptions={(options) => options}
      getOptionLabel={({ name }) => name}
      getOptionKey={({ id }) => id}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      noOptionsText={word('none')}
      onInputChange={(_event, text, reason) => reason === 'input' && setSearch(text)}
      onChange={(_event, account) => onChosen(account?.id ?? '')}
      renderInput={(parameters) => <TextField {...parameters} label={word('account')} helperText={word('accountHint')} />}
    />
  );
}

/** By which way he came, to which queue it goes, how urgent it is. */
function HowFields({ chosen, choose }: Fields) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.desk.open.${name}`);
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr 1fr' }, alignItems: 'end' }}>
      <TextField
        select
        size="small"
        label={word('channel')}
        value={chosen.channel}
        onChange={(event) => choose({ channel: event.target.value as HeardChannel })}
      >
        {heardChannels.map((channel) => (
          <MenuItem key={channel} value={channel}>
            {translate(`kontor.desk.channel.${channel}`)}
          </MenuItem>
        ))}
      </TextField>
      <QueueField label={word('queue')} value={chosen.category} onChange={(category) => choose({ category })} />
      <TextField
        select
        size="small"
        label={word('priority')}
        value={chosen.priority}
        onChange={(event) => choose({ priority: event.target.value as Priority })}
      >
        {priorities.map((priority) => (
          <MenuItem key={priority} value={priority}>
            {translate(`kontor.priority.${priority}`)}
          </MenuItem>
        ))}
      </TextField>
    </Box>
  );
}

function wishOf(form: HTMLFormElement, chosen: Chosen): Wish | undefined {
  const [subject, body] = [formText(form, 'subject').trim(), formText(form, 'body').trim()];
  const complete = chosen.account !== '' && chosen.customer !== '' && chosen.category !== '' && subject !== '' && body !== '';
  return complete ? { method: 'POST', path: '/tickets', body: { ...chosen, subject, body } } : undefined;
}

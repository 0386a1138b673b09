import { Box, FormControlLabel, Radio, RadioGroup, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { readTicketNumber } from '../../../domain/ids.ts';
import { ConfirmDialog } from '../../confirm/ConfirmDialog.tsx';
import type { CountedPage, StaffTicket } from '../../server/answers.ts';
import { request } from '../../server/request.ts';
import { inPath, type Wish } from '../../server/wish.ts';
import { StatusWords } from '../StatusWords.tsx';
import type { Ask } from './desk-actions.ts';

const shown = 8;

/** Finds the ticket of the same customer that goes on, and tells what will happen before it does (SPEC T13). */
export const AskMerge: Ask = ({ ticket, onClose }) => {
  const translate = useTranslate();
  const [search, setSearch] = useState('');
  const [into, setInto] = useState('');
  const [missing, setMissing] = useState(false);
  const word = (name: string) => translate(`kontor.desk.merge.${name}`, { number: ticket.number, into, account: ticket.account.name });
  const found = useMergeTargets(ticket, search.trim());
  const wish = (): Wish | undefined => {
    setMissing(into === '');
    return into === '' ? undefined : { method: 'POST', path: `/tickets/${inPath(ticket.number)}/merge`, body: { into } };
  };
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word(into === '' ? 'submitNone' : 'submit')}
      done={word('done')}
      size="sm"
      wish={wish}
      onClose={onClose}
    >
      <TextField
        fullWidth
        autoFocus
        size="small"
        sx={{ mt: 1 }}
        label={word('search')}
        helperText={word('searchHint')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        slotProps={{ htmlInput: { maxLength: 200, autoComplete: 'off' } }}
      />
      <RadioGroup aria-label={word('others')} value={into} onChange={(_event, number) => setInto(number)} sx={{ mt: 1 }}>
        {found?.map((each) => (
          <FormControlLabel
            key={each.number}
            value={each.number}
            control={<Radio size="small" />}
            label={
              <Box component="span" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, fontSize: 13, overflowWrap: 'anywhere' }}>
                <Box component="span" sx={{ color: 'text.secondary' }}>
                  {each.number}
                </Box>
                {each.subject}
                <StatusWords status={each.status} />
              </Box>
            }
          />
        ))}
      </RadioGroup>
      {found?.length === 0 && <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{word('none')}</Box>}
      {missing && (
        <Box role="alert" sx={{ color: 'error.main', mt: 1 }}>
          {word('choose')}
        </Box>
      )}
      {into !== '' && (
        <WhatHappens steps={['moves', 'archived', ...(ticket.waitingSince ? ['waits'] : []), 'undo'].map(word)} title={word('what')} />
      )}
    </ConfirmDialog>
  );
};

function WhatHappens({ title, steps }: { title: string; steps: readonly string[] }) {
  return (
    <Box sx={{ mt: 1.5, fontSize: 13 }}>
      <Typography sx={{ fontSize: 13, fontWeight: 600 }}>{title}</Typography>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </Box>
    </Box>
  );
}

/** Tickets of the same customer that are not in the archive: by number where one was typed, else by words, else the newest. */
function useMergeTargets(ticket: StaffTicket, search: string): readonly StaffTicket[] | undefined {
  const query = readTicketNumber(search) !== undefined ? { numbers: search } : search === '' ? { sort: '-lastMessageAt' } : { q: search };
  const { data } = useQuery({
    queryKey: ['merge-targets', ticket.number, query],
    queryFn: () =>
      request<CountedPage<StaffTicket>>('GET', '/tickets', {
        query: { ...query, account: ticket.account.id, archived: false, limit: shown + 1 },
      }),
    placeholderData: (before) => before,
  });
  return data?.items.filter(({ number }) => number !== ticket.number).slice(0, shown);
}

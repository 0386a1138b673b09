import { Box, Checkbox, FormControlLabel, ListSubheader, MenuItem, TextField, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import { ConfirmDialog } from '../../confirm/ConfirmDialog.tsx';
import { useFailureWords } from '../../failures/FailureText.tsx';
import { useScope, type ScopeItem } from '../../scope/scope-reads.ts';
import { request } from '../../server/request.ts';
import { inPath } from '../../server/wish.ts';
import { MarkdownText } from '../MarkdownText.tsx';
import type { Ask } from './desk-actions.ts';

interface Refusal {
  readonly item: string;
  readonly withPartners: boolean;
  readonly comment: string | null;
}

/** Says no by the catalogue: an item is chosen, and what the customer gets is shown exactly as it will be sent (SPEC T15). */
export const AskScopeRefusal: Ask = ({ ticket, onClose }) => {
  const translate = useTranslate();
  const [item, setItem] = useState('');
  const [withPartners, setWithPartners] = useState(true);
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const said = comment.trim();
  const refusal: Refusal = { item, withPartners, comment: said === '' ? null : said };
  const path = `/tickets/${inPath(ticket.number)}/scope-refusal`;
  const word = (name: string) => translate(`kontor.scopeRefusal.${name}`, { name: ticket.openedBy.name });
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      size="sm"
      wish={() => {
        setMissing(item === '');
        return item === '' ? undefined : { method: 'POST', path, body: refusal };
      }}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <ItemField category={ticket.category} value={item} onChange={setItem} />
        <TextField
          multiline
          minRows={2}
          size="small"
          label={word('comment')}
          helperText={word('commentHint')}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 4_000 } }}
        />
        <FormControlLabel
          control={<Checkbox size="small" checked={withPartners} onChange={(_event, checked) => setWithPartners(checked)} />}
          label={word('partners')}
        />
        {item !== '' && <Preview path={path} refusal={refusal} />}
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
};

/** What support does not do: of the ticket's category first. What it does for money is told to be offered instead. */
function ItemField({ category, value, onChange }: { category: string; value: string; onChange: (id: string) => void }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const { data } = useScope({ stance: 'not_covered' });
  const items = (data ?? []).toSorted((one, other) => Number(other.category === category) - Number(one.category === category));
  const inWords = (texts: ScopeItem['title']) => texts[locale] ?? texts['en'];
  const rows = items.flatMap((item, at) => {
    const heading = inWords(item.section);
    const before = items[at - 1];
    const heads = !before || inWords(before.section) !== heading;
    return [
      ...(heads ? [<ListSubheader key={`${item.id}-heading`}>{heading}</ListSubheader>] : []),
      <MenuItem key={item.id} value={item.id} sx={{ whiteSpace: 'normal' }}>
        {inWords(item.title)}
      </MenuItem>,
    ];
  });
  return (
    <TextField
      select
      size="small"
      label={translate('kontor.scopeRefusal.item')}
      helperText={translate('kontor.scopeRefusal.itemHint')}
      value={items.some(({ id }) => id === value) ? value : ''}
      onChange={(event) => onChange(event.target.value)}
    >
      {rows}
    </TextField>
  );
}

function Preview({ path, refusal }: { path: string; refusal: Refusal }) {
  const translate = useTranslate();
  const failureWords = useFailureWords();
  const asked = useDeferredValue(refusal);
  const { data, error } = useQuery({
    queryKey: ['scope-refusal', path, asked],
    queryFn: () => request<{ body: string; locale: string }>('POST', `${path}/preview`, { body: asked }),
    placeholderData: (before) => before,
  });
  return (
    <Box component="section" data-preview sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 1.5 }}>
      <Typography component="h3" sx={{ fontSize: 12, color: 'text.secondary', mb: 0.5 }}>
        {translate('kontor.scopeRefusal.preview')}
      </Typography>
      {error && <Box role="alert">{failureWords(error)}</Box>}
      {data && (
        <Box lang={data.locale}>
          <MarkdownText text={data.body} />
        </Box>
      )}
    </Box>
  );
}

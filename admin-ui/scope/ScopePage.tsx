import { Box, Button, MenuItem, TextField, Typography } from '@mui/material';
import { Fragment, useState } from 'react';
import { useAuthenticated, useLocaleState, useTranslate } from 'react-admin';
import { editions, scopeStances } from '../../domain/support-scope.ts';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { useQueues } from '../queues/queues.ts';
import { useMay } from '../time/reader.ts';
import { ScopeItemDialog } from './ScopeItemDialog.tsx';
import { StanceWords } from './StanceWords.tsx';
import { useScope, type ScopeFilter, type ScopeItem } from './scope-reads.ts';

/** What support does, does for money and does not do (SPEC T15): read by all staff, edited by administrators. */
export function ScopePage() {
  useAuthenticated();
  return (
    <OnlyFor action="scope.read">
      <Catalogue />
    </OnlyFor>
  );
}

function Catalogue() {
  const translate = useTranslate();
  const may = useMay();
  const [filter, setFilter] = useState<ScopeFilter>({});
  const [doing, setDoing] = useState<ScopeItem | 'new'>();
  const { data, error, refetch } = useScope(filter);
  const word = (name: string) => translate(`kontor.scope.${name}`);
  return (
    <Box sx={{ maxWidth: 1180, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{word('title')}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start' }}>
        <Box sx={{ flex: '1 1 320px' }}>
          <Typography variant="h1">{word('title')}</Typography>
          <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>{word('hint')}</Typography>
        </Box>
        {may('scope.manage') && (
          <Button variant="contained" onClick={() => setDoing('new')}>
            {word('add')}
          </Button>
        )}
      </Box>
      <Filters filter={filter} onChange={setFilter} />
      {!data && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {data?.length === 0 && <Box sx={{ py: 4, color: 'text.secondary' }}>{word('empty')}</Box>}
      {data && data.length > 0 && <Items items={data} onEdit={may('scope.manage') ? setDoing : undefined} />}
      {doing && <ScopeItemDialog item={doing === 'new' ? undefined : doing} onClose={() => setDoing(undefined)} />}
    </Box>
  );
}

function Filters({ filter, onChange }: { filter: ScopeFilter; onChange: (filter: ScopeFilter) => void }) {
  const translate = useTranslate();
  const queues = useQueues();
  const choices = {
    category: queues.map(({ category, name }) => [category, name] as const),
    edition: editions.map((edition) => [edition, translate(`kontor.scope.edition.${edition}`)] as const),
    stance: scopeStances.map((stance) => [stance, translate(`kontor.scope.stance.${stance}`)] as const),
    withdrawn: [['true', translate('kontor.scope.withdrawnOnes')]] as const,
  };
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, my: 2 }}>
      {(Object.keys(choices) as (keyof typeof choices)[]).map((name) => (
        <TextField
          key={name}
          select
          size="small"
          label={translate(`kontor.scope.filter.${name}`)}
          value={filter[name] === undefined ? '' : String(filter[name])}
          onChange={({ target: { value } }) => {
            const { [name]: _before, ...others } = filter;
            onChange(value === '' ? others : { ...others, [name]: name === 'withdrawn' ? true : value });
          }}
          sx={{ minWidth: 170 }}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        >
          <MenuItem value="">{translate(`kontor.scope.any.${name}`)}</MenuItem>
          {choices[name].map(([value, words]) => (
            <MenuItem key={value} value={value}>
              {words}
            </MenuItem>
          ))}
        </TextField>
      ))}
    </Box>
  );
}

/** Under their headings, each with its title and text in the reader's language. */
function Items({ items, onEdit }: { items: readonly ScopeItem[]; onEdit: ((item: ScopeItem) => void) | undefined }) {
  const translate = useTranslate();
  const queues = useQueues();
  const [locale] = useLocaleState();
  const inWords = (texts: Readonly<Record<string, string>>) => texts[locale] ?? texts['en'];
  return items.map((item, at) => {
    const before = items[at - 1];
    const heads = !before || headingOf(before) !== headingOf(item);
    const where = [
      queues.find(({ category }) => category === item.category)?.name ?? item.category,
      item.product,
      item.edition && translate(`kontor.scope.edition.${item.edition}`),
    ];
    return (
      <Fragment key={item.id}>
        {heads && (
          <Typography component="h2" variant="h2" sx={{ mt: 3, mb: 0.5, fontSize: 14 }}>
            {inWords(item.section)}
            <Box component="span" sx={{ color: 'text.secondary', fontWeight: 400 }}>
              {' · '}
              {where.filter(Boolean).join(' · ')}
            </Box>
          </Typography>
        )}
        <Box data-item={item.id} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, py: 1.25, borderTop: 1, borderColor: 'divider' }}>
          <Box sx={{ flex: '0 0 130px' }}>
            <StanceWords stance={item.stance} />
          </Box>
          <Box sx={{ flex: '1 1 320px', minWidth: 0, overflowWrap: 'anywhere' }}>
            <Box sx={{ fontWeight: 600 }}>{inWords(item.title)}</Box>
            <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{inWords(item.text)}</Box>
          </Box>
          {onEdit && (
            <Button
              variant="outlined"
              sx={{ alignSelf: 'flex-start' }}
              aria-label={translate('kontor.scope.editOf', { title: inWords(item.title) })}
              onClick={() => onEdit(item)}
            >
              {translate('kontor.scope.edit')}
            </Button>
          )}
        </Box>
      </Fragment>
    );
  });
}

function headingOf({ section, category, product, edition }: ScopeItem): string {
  return JSON.stringify([section['en'], category, product, edition]);
}

import FilterIcon from '@mui/icons-material/TuneOutlined';
import { Box, Button, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useListContext, useTranslate } from 'react-admin';
import { looksLikeId } from '../../domain/ids.ts';
import { Choice } from '../lists/Choice.tsx';
import { FilterChip } from '../lists/FilterChip.tsx';
import type { AuditLine } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';
import { useMay } from '../time/reader.ts';
import { readAuditFilter, readObject, type AuditFilterName } from './audit-filter.ts';
import { useAuditWords } from './audit-words.ts';
import { DayField } from './DayField.tsx';
import { ExportButton } from './ExportButton.tsx';
import { FilterText } from './FilterText.tsx';

/** Narrows the audit by person, thing, action and period. On a narrow screen it hides behind one button. */
export function AuditFilters() {
  const translate = useTranslate();
  const may = useMay();
  const { filterValues, setFilters } = useListContext<AuditLine>();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const [opened, setOpened] = useState(false);
  const filter = readAuditFilter(filterValues);
  const chosen = Object.keys(filter).length;
  const choose = (name: AuditFilterName, value: string | undefined) => setFilters({ ...filter, [name]: value });
  if (narrow && !opened)
    return (
      <Button variant="outlined" color="inherit" startIcon={<FilterIcon />} aria-expanded={false} onClick={() => setOpened(true)}>
        {translate('kontor.list.filters')}
        {chosen > 0 && ` · ${chosen}`}
      </Button>
    );
  return (
    <Box component="fieldset" aria-label={translate('kontor.list.filters')} sx={fieldsetStyle}>
      <PersonFilter value={filter.person} onChange={(value) => choose('person', value)} />
      <FilterText
        label={translate('kontor.audit.filter.object')}
        hint={translate('kontor.audit.filter.objectHint')}
        fault={translate('kontor.audit.filter.notAnObject')}
        value={filter.object ?? ''}
        read={readObject}
        onChange={(value) => choose('object', value)}
      />
      <ActionChoice value={filter.action ?? ''} onChange={(value) => choose('action', value)} />
      <DayField name="since" value={filter.from} onChange={(value) => choose('from', value)} />
      <DayField name="until" value={filter.to} onChange={(value) => choose('to', value)} />
      {chosen > 0 && <Button onClick={() => setFilters({})}>{translate('kontor.list.clear')}</Button>}
      {may('audit.export') && <ExportButton filter={filter} />}
    </Box>
  );
}

/** A person by his id; one who is chosen is named, as far as the lines that are shown know him. */
function PersonFilter({ value, onChange }: { value: string | undefined; onChange: (value: string | undefined) => void }) {
  const translate = useTranslate();
  const { data } = useListContext<AuditLine>();
  const known = data?.flatMap(({ actor, whom }) => [actor, whom]).find((person) => person?.id === value && person?.name);
  if (value !== undefined)
    return (
      <FilterChip
        title={value}
        label={translate('kontor.audit.filter.chosen', { name: known?.name ?? value })}
        onRemove={() => onChange(undefined)}
      />
    );
  return (
    <FilterText
      label={translate('kontor.audit.filter.person')}
      hint={translate('kontor.audit.filter.personHint')}
      fault={translate('kontor.audit.filter.notAPerson')}
      value=""
      read={(text) => (looksLikeId('user', text.trim()) ? text.trim() : undefined)}
      onChange={onChange}
    />
  );
}

/** The actions that the audit tells of, in words, by what they are about; each group may be chosen as a whole. */
function ActionChoice({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const translate = useTranslate();
  const words = useAuditWords();
  const dataProvider = useKontor();
  const { data = [] } = useQuery({ queryKey: ['audited-actions'], queryFn: () => dataProvider.auditedActions(), staleTime: 60_000 });
  const groups = Map.groupBy(data, (action) => action.split('.')[0]!);
  const isListed = value === '' || data.includes(value) || (value.endsWith('.') && groups.has(value.slice(0, -1)));
  return (
    <Choice label={translate('kontor.audit.filter.action')} value={value} onChange={onChange}>
      <option value="">{translate('kontor.audit.filter.any')}</option>
      {!isListed && <option value={value}>{words.action(value)}</option>}
      {[...groups].map(([subject, actions]) => (
        <optgroup key={subject} label={words.subject(subject)}>
          {actions.length > 1 && (
            <option value={`${subject}.`}>{translate('kontor.audit.filter.allOf', { subject: words.subject(subject) })}</option>
          )}
          {actions.map((action) => (
            <option key={action} value={action}>
              {words.action(action)}
            </option>
          ))}
        </optgroup>
      ))}
    </Choice>
  );
}

const fieldsetStyle = {
  border: 0,
  m: 0,
  px: 0,
  pb: 0,
  minWidth: 0,
  display: 'flex',
  flexWrap: 'wrap',
  columnGap: 1,
  rowGap: 1.5,
  pt: { xs: 0.5, md: 0 },
  alignItems: 'center',
  '& select': { maxWidth: 170 },
} as const;

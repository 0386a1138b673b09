import FilterIcon from '@mui/icons-material/TuneOutlined';
import { Box, Button, TextField, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { localDate } from '../../domain/missing-year.ts';
import { clockKinds } from '../../domain/service-clock.ts';
import { customerQuery } from '../customers/customer-queries.ts';
import { Choice } from '../lists/Choice.tsx';
import { FilterChip } from '../lists/FilterChip.tsx';
import { useQueues } from '../queues/queues.ts';
import { useKontor } from '../server/use-kontor.ts';
import { useNow } from '../time/now.ts';
import { useReader } from '../time/reader.ts';
import { useColleagues, useEveryPlan } from './report-names.ts';
import { presetDays, presetOf, reportPresets, type ReportFilter, type ReportFilterName } from './report-filter.ts';

interface Filtering {
  readonly filter: ReportFilter;
  readonly onChange: (filter: ReportFilter) => void;
}

/** The period, and whose promises. On a narrow screen what narrows hides behind one button; the period stays in sight. */
export function ReportFilters({ filter, onChange }: Filtering) {
  const translate = useTranslate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const [opened, setOpened] = useState(false);
  const narrowing = (['plan', 'queue', 'agent', 'kind', 'account'] as const).filter((name) => filter[name] !== undefined);
  const choose = (name: ReportFilterName, value: string) => {
    const { [name]: _before, ...others } = filter;
    onChange(value === '' ? others : { ...others, [name]: value });
  };
  return (
    <Box component="fieldset" aria-label={translate('kontor.list.filters')} sx={fieldsetStyle}>
      <PeriodChoice filter={filter} onChange={onChange} />
      {filter.account !== undefined && <AccountChip id={filter.account} onRemove={() => choose('account', '')} />}
      {narrow && !opened ? (
        <Button variant="outlined" color="inherit" startIcon={<FilterIcon />} aria-expanded={false} onClick={() => setOpened(true)}>
          {translate('kontor.list.filters')}
          {narrowing.length > 0 && ` · ${narrowing.length}`}
        </Button>
      ) : (
        <Narrowing filter={filter} onChoose={choose} />
      )}
      {narrowing.length > 0 && (
        <Button onClick={() => onChange(Object.fromEntries(Object.entries(filter).filter(([name]) => /^(from|to|zone)$/.test(name))))}>
          {translate('kontor.list.clear')}
        </Button>
      )}
    </Box>
  );
}

/** Days that are asked for often, and any others. */
export function PeriodChoice({ filter, onChange }: Filtering) {
  const translate = useTranslate();
  const now = useNow();
  const { timeZone } = useReader();
  const word = (name: string) => translate(`kontor.reports.filter.${name}`);
  const today = localDate(filter.zone ?? timeZone, now);
  const preset = presetOf(filter, today);
  const [own, setOwn] = useState(preset === undefined);
  const shown = own || preset === undefined ? 'own' : preset;
  const days = filter.from && filter.to ? { from: filter.from, to: filter.to } : presetDays('days30', today);
  const choose = (value: string) => {
    const known = reportPresets.find((name) => name === value);
    setOwn(known === undefined);
    if (known) onChange({ ...filter, ...presetDays(known, today) });
  };
  // While a date is typed the field holds years such as 0002: the report waits until both are days, in their order.
  const choosePart = (name: 'from' | 'to') => (value: string) => {
    const chosen = { ...days, [name]: value };
    if (/^2\d{3}-/.test(value) && chosen.from <= chosen.to) onChange({ ...filter, ...chosen });
  };
  return (
    <>
      <Choice label={word('period')} value={shown} onChange={choose}>
        {reportPresets.map((name) => (
          <option key={name} value={name}>
            {word(`preset.${name}`)}
          </option>
        ))}
        <option value="own">{word('own')}</option>
      </Choice>
      {shown === 'own' &&
        (['from', 'to'] as const).map((name) => (
          <Day key={`${name} ${days[name]}`} label={word(name)} value={days[name]} onChange={choosePart(name)} />
        ))}
    </>
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [day, setDay] = useState(value);
  return (
    <TextField
      type="date"
      size="small"
      label={label}
      value={day}
      onChange={(event) => {
        setDay(event.target.value);
        onChange(event.target.value);
      }}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: '2000-01-01', max: '2999-12-31' } }}
      sx={{ width: 150, '& input': { py: 0.75, fontSize: 13 }, '& .MuiInputLabel-root': { fontSize: 13 } }}
    />
  );
}

function Narrowing({ filter, onChoose }: { filter: ReportFilter; onChoose: (name: ReportFilterName, value: string) => void }) {
  const translate = useTranslate();
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.reports.filter.${name}`, values);
  const plans = useEveryPlan();
  const queues = useQueues();
  const colleagues = useColleagues();
  const choices: readonly { name: ReportFilterName; options: readonly { id: string; words: string }[] }[] = [
    {
      name: 'plan',
      options: plans.map(({ id, name, withdrawn }) => ({ id, words: withdrawn ? word('withdrawn', { name }) : name })),
    },
    { name: 'queue', options: queues.map(({ id, name }) => ({ id, words: name })) },
    {
      name: 'agent',
      options: [
        ...colleagues.map(({ id, name, disabledAt }) => ({ id, words: disabledAt === null ? name : word('left', { name }) })),
        { id: 'none', words: word('nobody') },
      ],
    },
    { name: 'kind', options: clockKinds.map((id) => ({ id, words: translate(`kontor.reports.kind.${id}`) })) },
  ];
  return choices.map(({ name, options }) => (
    <Choice key={name} label={word(name)} value={filter[name] ?? ''} onChange={(value) => onChoose(name, value)}>
      <option value="">{word('any')}</option>
      {options.map(({ id, words }) => (
        <option key={id} value={id}>
          {words}
        </option>
      ))}
    </Choice>
  ));
}

/** Whose tickets alone count; taken away, everybody's do. */
export function AccountChip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data } = useQuery(customerQuery(dataProvider, id));
  return <FilterChip label={translate('kontor.customers.ofCustomer', { name: data?.name ?? '…' })} onRemove={onRemove} />;
}

const fieldsetStyle = {
  border: 0,
  m: 0,
  px: 0,
  pb: 0,
  pt: 0.75,
  minWidth: 0,
  display: 'flex',
  flexWrap: 'wrap',
  columnGap: 1,
  rowGap: 1.5,
  alignItems: 'center',
  '& select': { maxWidth: 190 },
} as const;

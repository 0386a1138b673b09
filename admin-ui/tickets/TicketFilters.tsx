import FilterIcon from '@mui/icons-material/TuneOutlined';
import { Box, Button, Chip, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useListContext, useTranslate } from 'react-admin';
import { severityStates } from '../../domain/severity.ts';
import { priorities } from '../../domain/ticket.ts';
import { customerQuery } from '../customers/customer-queries.ts';
import { Choice } from '../lists/Choice.tsx';
import { FilterChip } from '../lists/FilterChip.tsx';
import { useQueues } from '../queues/queues.ts';
import { useKontor } from '../server/use-kontor.ts';
import { useNow } from '../time/now.ts';
import { useReaderTime } from '../time/reader.ts';
import { spellMoment } from '../time/spell-time.ts';
import {
  accountOf,
  deadlineFilters,
  deadlineOf,
  deskViewOf,
  mayPress,
  openedFilters,
  openedOf,
  openFilters,
  withoutFilters,
  type TicketFilterName,
} from './desk-views.ts';

const sorts = [
  'lastMessageAt_DESC',
  'lastMessageAt_ASC',
  'breachesAt_ASC',
  'waitingSince_ASC',
  'createdAt_DESC',
  'createdAt_ASC',
  'updatedAt_DESC',
  'number_DESC',
  'number_ASC',
] as const;
const statuses = ['awaiting_staff', 'in_progress', 'awaiting_customer', 'closed'] as const;

const labels: Readonly<Partial<Record<TicketFilterName, string>>> = { archived: 'kontor.search.where', unread: 'kontor.search.unread' };

/** Narrows the view and chooses its order. On a narrow screen it hides behind one button. */
export function TicketFilters() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const [opened, setOpened] = useState(false);
  const view = deskViewOf(filterValues);
  const open = openFilters[view];
  const chosen = open.filter((name) => filterValues[name]);
  const choose = (name: TicketFilterName, value: string) => setFilters({ ...filterValues, [name]: value === '' ? undefined : value });
  const choices = useChoices();
  const account = accountOf(filterValues);
  const ofAccount = (
    <>
      {account !== undefined && <AccountChip id={account} onRemove={() => setFilters({ ...filterValues, account: undefined })} />}
      <OpenedChips />
    </>
  );
  if (narrow && !opened)
    return (
      <>
        {ofAccount}
        <Button variant="outlined" color="inherit" startIcon={<FilterIcon />} aria-expanded={false} onClick={() => setOpened(true)}>
          {translate('kontor.list.filters')}
          {chosen.length > 0 && ` · ${chosen.length}`}
        </Button>
      </>
    );
  return (
    <Box
      component="fieldset"
      aria-label={translate('kontor.list.filters')}
      sx={{
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
      }}
    >
      {ofAccount}
      {open.map((name) => (
        <Choice
          key={name}
          label={translate(labels[name] ?? `kontor.list.${name}`)}
          value={String(filterValues[name] ?? '')}
          onChange={(value) => choose(name, value)}
        >
          <option value="">{translate(name === 'archived' ? 'kontor.search.everywhere' : 'kontor.list.any')}</option>
          {choices[name].map(({ id, words }) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </Choice>
      ))}
      {view !== 'found' && <SortChoice />}
      {chosen.length > 0 && <Button onClick={() => setFilters(withoutFilters(filterValues))}>{translate('kontor.list.clear')}</Button>}
    </Box>
  );
}

function SortChoice() {
  const translate = useTranslate();
  const { sort, setSort } = useListContext();
  const known = sorts.find((name) => name === `${sort.field}_${sort.order}`) ?? sorts[0];
  const choose = (value: string) => {
    const [field = '', order] = value.split('_');
    setSort({ field, order: order === 'ASC' ? 'ASC' : 'DESC' });
  };
  return (
    <Choice label={translate('kontor.list.sort')} value={known} onChange={choose}>
      {sorts.map((name) => (
        <option key={name} value={name}>
          {translate(`kontor.list.sorts.${name}`)}
        </option>
      ))}
    </Choice>
  );
}

/** What presses, in sight on every screen: pressed once more, a chip shows everything again. */
export function DeadlineChips() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext();
  const chosen = deadlineOf(filterValues);
  if (!mayPress(deskViewOf(filterValues))) return null;
  return deadlineFilters.map((name) => (
    <Chip
      key={name}
      size="small"
      label={translate(`kontor.clocks.filter.${name}`)}
      variant={chosen === name ? 'filled' : 'outlined'}
      aria-pressed={chosen === name}
      onClick={() => setFilters({ ...filterValues, deadline: chosen === name ? undefined : name })}
      sx={{ height: 30 }}
    />
  ));
}

/** When the tickets that alone are shown were opened, where a number of the overview led here. */
function OpenedChips() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext();
  const reader = useReaderTime();
  const now = useNow();
  const opened = openedOf(filterValues);
  return openedFilters.flatMap((name) => {
    const at = opened[name];
    if (at === undefined) return [];
    const word = name === 'createdFrom' ? 'openedFrom' : 'openedBefore';
    const label = translate(`kontor.reports.overview.${word}`, { time: spellMoment(new Date(at), now, reader) });
    return [<FilterChip key={name} label={label} onRemove={() => setFilters({ ...filterValues, [name]: undefined })} />];
  });
}

/** Whose tickets alone are shown; taken away, everybody's are. */
function AccountChip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data } = useQuery(customerQuery(dataProvider, id));
  return <FilterChip label={translate('kontor.customers.ofCustomer', { name: data?.name ?? '…' })} onRemove={onRemove} />;
}

function useChoices(): Record<TicketFilterName, { id: string; words: string }[]> {
  const translate = useTranslate();
  const queues = useQueues();
  return {
    status: statuses.map((id) => ({ id, words: translate(`kontor.status.${id}`) })),
    category: queues.map(({ category, name }) => ({ id: category, words: name })),
    priority: priorities.map((id) => ({ id, words: translate(`kontor.priority.${id}`) })),
    assignee: [
      { id: 'me', words: translate('kontor.list.you') },
      { id: 'none', words: translate('kontor.list.nobody') },
    ],
    archived: [
      { id: 'false', words: translate('kontor.search.active') },
      { id: 'true', words: translate('kontor.search.archive') },
    ],
    unread: [{ id: 'true', words: translate('kontor.search.unreadOnes') }],
    severity: severityStates.map((id) => ({ id, words: translate(`kontor.severity.state.${id}`) })),
  };
}

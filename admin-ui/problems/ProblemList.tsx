import { Box, Button, MenuItem, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useNavigate } from 'react-router';
import { problemKinds, problemStatuses } from '../../domain/problem.ts';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { SearchField } from '../lists/SearchField.tsx';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { ProblemDialog } from './ProblemDialog.tsx';
import { ProblemWords } from './ProblemWords.tsx';
import { problemAddress, useProblems, type CountedProblem, type ProblemFilter } from './problem-reads.ts';

/** Problems and wishes that many tickets are about (SPEC T20). */
export function ProblemList() {
  useAuthenticated();
  return (
    <OnlyFor action="problem.read">
      <Problems />
    </OnlyFor>
  );
}

function Problems() {
  const translate = useTranslate();
  const navigate = useNavigate();
  const may = useMay();
  const [filter, setFilter] = useState<ProblemFilter>({});
  const [adding, setAdding] = useState(false);
  const { data, error, refetch, hasNextPage, fetchNextPage } = useProblems(filter);
  const rows = data?.pages.flatMap(({ items }) => items);
  const word = (name: string) => translate(`kontor.problems.${name}`);
  return (
    <Box sx={{ px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{word('title')}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 2 }}>
        <Typography variant="h1" sx={{ mr: 'auto' }}>
          {word('title')}
        </Typography>
        <SearchField
          label={word('search')}
          value={filter.q ?? ''}
          onChange={(q) => setFilter(({ q: _before, ...others }) => (q === '' ? others : { ...others, q }))}
        />
        <Narrow name="kind" options={problemKinds} filter={filter} onChange={setFilter} />
        <Narrow name="status" options={problemStatuses} filter={filter} onChange={setFilter} />
        {may('problem.manage') && (
          <Button variant="contained" onClick={() => setAdding(true)}>
            {word('add')}
          </Button>
        )}
      </Box>
      {!rows && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {rows?.length === 0 && <Box sx={{ py: 6, color: 'text.secondary' }}>{word('empty')}</Box>}
      {rows && rows.length > 0 && (
        <DataTable label={word('title')} columns={columnsOf(word)} rows={rows} addressOf={({ id }) => problemAddress(id)} inset />
      )}
      {hasNextPage && (
        <Button sx={{ mt: 2 }} onClick={() => void fetchNextPage()}>
          {word('more')}
        </Button>
      )}
      {adding && <ProblemDialog problem={undefined} onSaved={(id) => void navigate(problemAddress(id))} onClose={() => setAdding(false)} />}
    </Box>
  );
}

function columnsOf(word: (name: string) => string): Column<CountedProblem>[] {
  return [
    {
      name: 'title',
      heading: word('column.title'),
      cell: (problem) => (
        <Box
          component={Link}
          to={problemAddress(problem.id)}
          data-row
          sx={{ color: 'text.primary', fontWeight: 600, textDecoration: 'none' }}
        >
          {problem.internalTitle}
        </Box>
      ),
    },
    { name: 'status', heading: word('column.status'), width: 260, from: 600, cell: (problem) => <ProblemWords problem={problem} /> },
    { name: 'tickets', heading: word('column.tickets'), width: 100, cell: ({ tickets }) => tickets.total },
    { name: 'updated', heading: word('column.updated'), width: 150, from: 900, cell: ({ updatedAt }) => <Moment at={updatedAt} /> },
  ];
}

interface Narrowing {
  readonly name: 'kind' | 'status';
  readonly options: readonly string[];
  readonly filter: ProblemFilter;
  readonly onChange: (filter: ProblemFilter) => void;
}

function Narrow({ name, options, filter, onChange }: Narrowing) {
  const translate = useTranslate();
  return (
    <TextField
      select
      size="small"
      label={translate(`kontor.problems.filter.${name}`)}
      value={filter[name] ?? ''}
      onChange={({ target: { value } }) => {
        const { [name]: _before, ...others } = filter;
        onChange(value === '' ? others : { ...others, [name]: value });
      }}
      sx={{ minWidth: 150 }}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="">{translate('kontor.problems.any')}</MenuItem>
      {options.map((option) => (
        <MenuItem key={option} value={option}>
          {translate(`kontor.problems.${name === 'kind' ? 'kind' : 'state'}.${option}`)}
        </MenuItem>
      ))}
    </TextField>
  );
}

import { Box, Button, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { useFailureWords } from '../failures/FailureText.tsx';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { refundAddress } from '../refunds/refund-reads.ts';
import { CsvButton } from '../service-reports/CsvButton.tsx';
import { ticketAddress } from '../tickets/TicketTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { everything, operationsPath, queryOf, useOperations, type Operation, type OperationFilter } from './finance-reads.ts';

const kinds = [
  'top_up',
  'purchase',
  'reversal',
  'refund',
  'refund_returned',
  'cabinet_refund',
  'chargeback',
  'adjustment',
  'bonus',
  'opening',
] as const satisfies readonly Operation['kind'][];

/** Everything that happened to a balance, the newest first (SPEC B6). */
export function Operations({ account }: { account: string }) {
  const translate = useTranslate();
  const failureWords = useFailureWords();
  const word = (name: string) => translate(`kontor.finance.operations.${name}`);
  const [filter, setFilter] = useState(everything);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useOperations(account, filter);
  const rows = data?.pages.flatMap(({ items }) => items);
  return (
    <Box component="section" aria-labelledby="customer-operations">
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 1 }}>
        <Typography id="customer-operations" variant="h3" sx={{ fontSize: 14, fontWeight: 650, mr: 'auto' }}>
          {word('title')}
        </Typography>
        <Filters filter={filter} onChange={setFilter} />
        <CsvButton name={word('title')} path={operationsPath(account)} file="kontor-operations" query={queryOf(filter)} />
      </Box>
      {error && !data && <Box role="alert">{failureWords(error)}</Box>}
      {rows?.length === 0 && <Box sx={{ color: 'text.secondary' }}>{word(filter === everything ? 'empty' : 'nothingFound')}</Box>}
      {rows && rows.length > 0 && <DataTable inset label={word('title')} rows={rows} columns={columnsOf(word)} />}
      {hasNextPage && (
        <Button size="small" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()} sx={{ mt: 1 }}>
          {word('more')}
        </Button>
      )}
    </Box>
  );
}

function Filters({ filter, onChange }: { filter: OperationFilter; onChange: (filter: OperationFilter) => void }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.finance.operations.${name}`);
  return (
    <>
      <Choice label={word('kind')} value={filter.kind} onChange={(kind) => onChange({ ...filter, kind })}>
        <option value="">{word('all')}</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {word(`kinds.${kind}`)}
          </option>
        ))}
      </Choice>
      {(['from', 'to'] as const).map((end) => (
        <TextField
          key={end}
          type="date"
          size="small"
          label={word(end)}
          value={filter[end]}
          onChange={(event) => onChange({ ...filter, [end]: event.target.value })}
          slotProps={{ inputLabel: { shrink: true } }}
          sx={{ width: 140, '& input': { py: 0.75, fontSize: 13 } }}
        />
      ))}
    </>
  );
}

const linkStyle = { color: 'primary.main' } as const;
const sumStyle = { display: 'block', textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const;

function columnsOf(word: (name: string) => string): Column<Operation>[] {
  return [
    { name: 'at', heading: word('at'), width: 110, from: 700, cell: ({ at }) => <Moment at={at} /> },
    { name: 'what', heading: word('what'), cell: (operation) => <What operation={operation} /> },
    {
      name: 'amount',
      heading: <Box sx={sumStyle}>{word('amount')}</Box>,
      width: 130,
      cell: ({ amount }) => (
        <Box component="span" sx={sumStyle}>
          {spellMoney(amount)}
        </Box>
      ),
    },
    {
      name: 'after',
      heading: <Box sx={sumStyle}>{word('after')}</Box>,
      width: 130,
      from: 560,
      cell: ({ balanceAfter }) => (
        <Box component="span" sx={{ ...sumStyle, color: 'text.secondary' }}>
          {spellMoney(balanceAfter)}
        </Box>
      ),
    },
  ];
}

/** What it was, and where one reads more of it. */
function What({ operation: { name, description, at, tickets, refund, payment } }: { operation: Operation }) {
  const [ticket] = tickets;
  const address = ticket ? ticketAddress(ticket) : refund ? refundAddress(refund) : payment ? `/payments/${payment}` : undefined;
  return (
    <Box sx={{ py: 0.5, overflowWrap: 'anywhere', whiteSpace: 'normal' }}>
      {name}
      <Box sx={{ color: 'text.secondary', fontSize: 12 }}>
        {address ? (
          <Box component={Link} to={address} sx={linkStyle}>
            {description}
          </Box>
        ) : (
          description
        )}
        {/* Where the window has no room for its column, the time stands below. */}
        <Box component="span" sx={{ display: 'none', '@media (max-width: 699px)': { display: 'inline' } }}>
          {description === '' ? '' : ' · '}
          <Moment at={at} />
        </Box>
      </Box>
    </Box>
  );
}

import { Box } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { quoteStates } from '../../domain/quote.ts';
import { customersAddress } from '../customers/customer-address.ts';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import { ticketAddress } from '../tickets/TicketTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { QuoteDeeds } from './QuoteDeeds.tsx';
import { QuoteNextLine } from './QuoteNextLine.tsx';
import type { Quote } from './quote-reads.ts';

const newestFirst = { field: 'offeredAt', order: 'DESC' } as const;
// The page says itself what failed, where the rows would be.
const listQuery = { onError: () => {} };

/** Paid work of all customers: what waits for an answer, what was accepted and is to be done, and what became of the rest (SPEC T16, A1). */
export function QuoteList() {
  return (
    <ListBase resource="quotes" perPage={25} sort={newestFirst} queryOptions={listQuery} exporter={false}>
      <Quotes />
    </ListBase>
  );
}

function Quotes() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext<Quote>();
  const word = (name: string) => translate(`kontor.paidWork.quotes.${name}`);
  const state = quoteStates.find((known) => known === filterValues['state']);
  return (
    <ListFrame<Quote>
      title={word('title')}
      tools={
        <Choice label={word('state')} value={state ?? 'all'} onChange={(value) => setFilters(value === 'all' ? {} : { state: value })}>
          <option value="all">{word('all')}</option>
          {quoteStates.map((each) => (
            <option key={each} value={each}>
              {word(`states.${each}`)}
            </option>
          ))}
        </Choice>
      }
      empty={word(`empty.${state === 'offered' ? 'offered' : 'other'}`)}
    >
      {(rows) => <DataTable label={word('title')} rows={rows} columns={columnsOf(word)} />}
    </ListFrame>
  );
}

const linkStyle = { color: 'primary.main' } as const;

function columnsOf(word: (name: string) => string): Column<Quote>[] {
  return [
    {
      name: 'sum',
      heading: word('sum'),
      width: 130,
      cell: (quote) => (
        <Box sx={{ fontVariantNumeric: 'tabular-nums', fontWeight: 600, whiteSpace: 'nowrap' }}>{spellMoney(quote.amount)}</Box>
      ),
    },
    {
      name: 'work',
      heading: word('work'),
      cell: (quote) => (
        <>
          <Box component={Link} to={ticketAddress(quote.ticket)} data-row sx={linkStyle}>
            {quote.ticket}
          </Box>{' '}
          {firstLine(quote.description)}
          {/* Where the window has no room for its column, the state stands below. */}
          <Box sx={{ display: 'none', '@media (max-width: 699px)': { display: 'block' }, color: 'text.secondary', pb: 0.75 }}>
            {word(`states.${quote.state}`)}
          </Box>
        </>
      ),
    },
    {
      name: 'customer',
      heading: word('customer'),
      width: 130,
      from: 900,
      cell: ({ account }) => (
        <Box component={Link} to={customersAddress(account.id)} sx={linkStyle}>
          {account.name}
        </Box>
      ),
    },
    { name: 'offered', heading: word('offered'), width: 90, from: 1100, cell: (quote) => <Moment at={quote.offeredAt} /> },
    { name: 'state', heading: word('state'), width: 165, from: 700, cell: (quote) => word(`states.${quote.state}`) },
    { name: 'next', heading: word('next'), width: 220, from: 1200, cell: (quote) => <QuoteNextLine quote={quote} brief /> },
    { name: 'deeds', heading: '', width: 160, from: 700, cell: (quote) => <QuoteDeeds quote={quote} /> },
  ];
}

/** What a row has room for, without the signs of Markdown that begin a line. */
function firstLine(description: string): string {
  const [line = ''] = description.trim().split(/\r?\n/);
  return line.replaceAll(/[*_`#>]/g, '').trim();
}

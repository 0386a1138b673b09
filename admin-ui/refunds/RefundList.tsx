import { Box } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { refundStates } from '../../domain/refund-life.ts';
import { customersAddress } from '../customers/customer-address.ts';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import { Moment } from '../time/Moment.tsx';
import { refundAddress, type Refund } from './refund-reads.ts';
import { RefundNextLine } from './RefundNextLine.tsx';

const newestFirst = { field: 'askedForAt', order: 'DESC' } as const;
// The page says itself what failed, where the rows would be.
const listQuery = { onError: () => {} };

/** Refunds of all customers, the newest first (SPEC B7). */
export function RefundList() {
  return (
    <ListBase resource="refunds" perPage={25} sort={newestFirst} queryOptions={listQuery} exporter={false}>
      <Refunds />
    </ListBase>
  );
}

function Refunds() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext<Refund>();
  const word = (name: string) => translate(`kontor.refunds.${name}`);
  const state = refundStates.find((known) => known === filterValues['state']);
  return (
    <ListFrame<Refund>
      title={word('title')}
      tools={
        <Choice label={word('state')} value={state ?? 'all'} onChange={(value) => setFilters(value === 'all' ? {} : { state: value })}>
          <option value="all">{word('all')}</option>
          {refundStates.map((each) => (
            <option key={each} value={each}>
              {word(`states.${each}`)}
            </option>
          ))}
        </Choice>
      }
      empty={word(state === undefined ? 'empty' : 'nothingFound')}
    >
      {(rows) => <DataTable label={word('title')} rows={rows} columns={columnsOf(word)} addressOf={({ id }) => refundAddress(id)} />}
    </ListFrame>
  );
}

const linkStyle = { color: 'primary.main' } as const;

function columnsOf(word: (name: string) => string): Column<Refund>[] {
  return [
    {
      name: 'sum',
      heading: word('amount'),
      width: 140,
      cell: (refund) => (
        <Box
          component={Link}
          to={refundAddress(refund.id)}
          data-row
          sx={{ ...linkStyle, fontVariantNumeric: 'tabular-nums', fontWeight: 600, whiteSpace: 'nowrap' }}
        >
          {spellMoney(refund.amount)}
        </Box>
      ),
    },
    {
      name: 'customer',
      heading: word('customer'),
      cell: ({ account, state }) => (
        <>
          <Box component={Link} to={customersAddress(account.id)} sx={linkStyle}>
            {account.name}
          </Box>
          {/* Where the window has no room for its column, the state stands below. */}
          <Box sx={{ display: 'none', '@media (max-width: 699px)': { display: 'block' }, color: 'text.secondary', pb: 0.75 }}>
            {word(`states.${state}`)}
          </Box>
        </>
      ),
    },
    { name: 'state', heading: word('state'), width: 310, from: 700, cell: ({ state }) => word(`states.${state}`) },
    { name: 'next', heading: word('nextHeading'), width: 260, from: 1100, cell: (refund) => <RefundNextLine refund={refund} brief /> },
    { name: 'asked', heading: word('asked'), width: 110, from: 900, cell: ({ askedForAt }) => <Moment at={askedForAt} /> },
    {
      name: 'by',
      heading: word('askedBy'),
      width: 150,
      from: 1300,
      cell: ({ askedBy, origin }) => askedBy?.name ?? word(`origin.${origin}`),
    },
  ];
}

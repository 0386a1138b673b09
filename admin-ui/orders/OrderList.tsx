import { Box } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { orderStates } from '../../domain/order.ts';
import { customersAddress } from '../customers/customer-address.ts';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import { Moment } from '../time/Moment.tsx';
import { orderAddress, type Order } from './order-reads.ts';
import { NarrowedOrders } from './NarrowedOrders.tsx';
import { OrderNextLine } from './OrderNextLine.tsx';
import { wordsOfLine } from './order-lines.ts';

const newestFirst = { field: 'placedAt', order: 'DESC' } as const;
// The page says itself what failed, where the rows would be.
const listQuery = { onError: () => {} };

/** Orders of all customers, the newest first (SPEC B4). */
export function OrderList() {
  return (
    <ListBase resource="orders" perPage={25} sort={newestFirst} queryOptions={listQuery} exporter={false}>
      <Orders />
    </ListBase>
  );
}

function Orders() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext<Order>();
  const word = (name: string) => translate(`kontor.orders.${name}`);
  const state = orderStates.find((known) => known === filterValues['state']);
  const { state: _state, ...others } = filterValues;
  return (
    <ListFrame<Order>
      title={word('title')}
      tools={
        <>
          <NarrowedOrders filter={others} onDrop={() => setFilters(state === undefined ? {} : { state })} />
          <Choice
            label={word('state')}
            value={state ?? 'all'}
            onChange={(value) => setFilters(value === 'all' ? others : { ...others, state: value })}
          >
            <option value="all">{word('all')}</option>
            {orderStates.map((each) => (
              <option key={each} value={each}>
                {word(`states.${each}`)}
              </option>
            ))}
          </Choice>
        </>
      }
      empty={word(Object.keys(filterValues).length === 0 ? 'empty' : 'nothingFound')}
    >
      {(rows) => <DataTable label={word('title')} rows={rows} columns={columnsOf(word)} addressOf={({ id }) => orderAddress(id)} />}
    </ListFrame>
  );
}

const linkStyle = { color: 'primary.main' } as const;

function columnsOf(word: (name: string) => string): Column<Order>[] {
  return [
    {
      name: 'sum',
      heading: word('sum'),
      width: 140,
      cell: ({ id, price }) => (
        <Box
          component={Link}
          to={orderAddress(id)}
          data-row
          sx={{ ...linkStyle, fontVariantNumeric: 'tabular-nums', fontWeight: 600, whiteSpace: 'nowrap' }}
        >
          {spellMoney(price.toPay)}
        </Box>
      ),
    },
    {
      name: 'what',
      heading: word('what'),
      cell: ({ lines, account, state }) => (
        <>
          {lines.map(wordsOfLine).join(' · ')}
          {/* Where the window has no room for their columns, customer and state stand below. */}
          <Box sx={{ display: 'none', '@media (max-width: 699px)': { display: 'block' }, color: 'text.secondary', pb: 0.75 }}>
            {account.name} · {word(`states.${state}`)}
          </Box>
        </>
      ),
    },
    {
      name: 'customer',
      heading: word('customer'),
      width: 170,
      from: 700,
      cell: ({ account }) => (
        <Box component={Link} to={customersAddress(account.id)} sx={linkStyle}>
          {account.name}
        </Box>
      ),
    },
    { name: 'state', heading: word('state'), width: 140, from: 700, cell: ({ state }) => word(`states.${state}`) },
    { name: 'next', heading: word('standing'), width: 280, from: 1200, cell: (order) => <OrderNextLine order={order} /> },
    { name: 'placed', heading: word('placed'), width: 110, from: 1000, cell: ({ placedAt }) => <Moment at={placedAt} /> },
  ];
}

import { Box, Chip } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { paymentStates } from '../../domain/payment-life.ts';
import { customersAddress } from '../customers/customer-address.ts';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import { paymentAddress } from '../refunds/refund-reads.ts';
import { Moment } from '../time/Moment.tsx';
import type { Payment } from './payment-reads.ts';
import { PaymentNextLine } from './PaymentNextLine.tsx';

const newestFirst = { field: 'createdAt', order: 'DESC' } as const;
// The page says itself what failed, where the rows would be.
const listQuery = { onError: () => {} };

/** Payments of all customers, the newest first (SPEC B2). */
export function PaymentList() {
  return (
    <ListBase resource="payments" perPage={25} sort={newestFirst} queryOptions={listQuery} exporter={false}>
      <Payments />
    </ListBase>
  );
}

/** Beside one state alone, those that reports lead to. */
const choices = ['preparing,pending', ...paymentStates, 'canceled,lapsed'] as const;

function Payments() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext<Payment>();
  const word = (name: string) => translate(`kontor.payments.${name}`);
  const state = choices.find((known) => known === filterValues['state']);
  const { state: _state, ...others } = filterValues;
  return (
    <ListFrame<Payment>
      title={word('title')}
      tools={
        <>
          <Narrowed filter={others} onDrop={() => setFilters(state === undefined ? {} : { state })} />
          <Choice
            label={word('state')}
            value={state ?? 'all'}
            onChange={(value) => setFilters(value === 'all' ? others : { ...others, state: value })}
          >
            <option value="all">{word('all')}</option>
            {choices.map((each) => (
              <option key={each} value={each}>
                {word(`states.${each.replace(',', '_')}`)}
              </option>
            ))}
          </Choice>
        </>
      }
      empty={word(Object.keys(filterValues).length === 0 ? 'empty' : 'nothingFound')}
    >
      {(rows) => <DataTable label={word('title')} rows={rows} columns={columnsOf(word)} addressOf={({ id }) => paymentAddress(id)} />}
    </ListFrame>
  );
}

/** Says that the list shows one customer's payments, one order's, or those of some days only, and shows all again. */
function Narrowed({ filter, onDrop }: { filter: Readonly<Record<string, unknown>>; onDrop: () => void }) {
  const translate = useTranslate();
  const narrowed = ['account', 'order', 'from', 'to'].find((name) => typeof filter[name] === 'string');
  if (narrowed === undefined) return null;
  const words = translate(`kontor.payments.only.${narrowed}`);
  return <Chip label={words} onClick={onDrop} onDelete={onDrop} aria-label={translate('kontor.list.dropFilter', { filter: words })} />;
}

const linkStyle = { color: 'primary.main' } as const;

function columnsOf(word: (name: string) => string): Column<Payment>[] {
  return [
    {
      name: 'sum',
      heading: word('amount'),
      width: 140,
      cell: ({ id, amount }) => (
        <Box
          component={Link}
          to={paymentAddress(id)}
          data-row
          sx={{ ...linkStyle, fontVariantNumeric: 'tabular-nums', fontWeight: 600, whiteSpace: 'nowrap' }}
        >
          {spellMoney(amount)}
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
    { name: 'state', heading: word('state'), width: 250, from: 700, cell: ({ state }) => word(`states.${state}`) },
    { name: 'next', heading: word('nextHeading'), width: 270, from: 1100, cell: (payment) => <PaymentNextLine payment={payment} brief /> },
    { name: 'begun', heading: word('begun'), width: 110, from: 900, cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { name: 'by', heading: word('begunBy'), width: 150, from: 1300, cell: ({ begunBy }) => begunBy.name },
  ];
}

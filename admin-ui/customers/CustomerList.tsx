import { Box, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useCallback } from 'react';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import { SearchField } from '../lists/SearchField.tsx';
import { cardsStyle } from '../lists/table-style.ts';
import type { Customer } from '../server/answers.ts';
import { Moment } from '../time/Moment.tsx';
import { customerAddress } from './customer-address.ts';
import { usePrefetchCustomer } from './customer-queries.ts';

const newestFirst = { field: 'createdAt', order: 'DESC' } as const;
// The page says itself what failed, where the rows would be.
const listQuery = { onError: () => {} };

/** Accounts, searched by their name, by a member's name or address, or by an id (SPEC I1). */
export function CustomerList() {
  return (
    <ListBase resource="customers" perPage={25} sort={newestFirst} queryOptions={listQuery} exporter={false}>
      <Customers />
    </ListBase>
  );
}

function Customers() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext<Customer>();
  const narrow = useMediaQuery(useTheme().breakpoints.down('md'), { noSsr: true });
  const search = typeof filterValues['search'] === 'string' ? filterValues['search'] : '';
  const find = useCallback((text: string) => setFilters(text === '' ? {} : { search: text }), [setFilters]);
  return (
    <ListFrame<Customer>
      title={translate('kontor.customers.title')}
      tools={<SearchField label={translate('kontor.customers.search')} value={search} onChange={find} />}
      empty={
        <Typography>
          {search === '' ? translate('kontor.customers.empty') : translate('kontor.customers.nothingFound', { text: search })}
        </Typography>
      }
    >
      {(rows) => (narrow ? <CustomerCards rows={rows} /> : <CustomerTable rows={rows} />)}
    </ListFrame>
  );
}

function CustomerTable({ rows }: { rows: readonly Customer[] }) {
  const translate = useTranslate();
  const prefetch = usePrefetchCustomer();
  return (
    <DataTable
      label={translate('kontor.customers.title')}
      columns={useColumns()}
      rows={rows}
      addressOf={(row) => customerAddress(row.id)}
      onNear={(row) => prefetch(row.id)}
    />
  );
}

function useColumns(): Column<Customer>[] {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.customers.${name}`);
  return [
    { name: 'name', heading: word('name'), cell: (row) => <AccountLink customer={row} /> },
    {
      name: 'owner',
      heading: word('owner'),
      cell: ({ owner }) =>
        owner && (
          <span title={`${owner.name} · ${owner.email}`}>
            {owner.name} <Muted>· {owner.email}</Muted>
          </span>
        ),
    },
    { name: 'users', heading: word('users'), width: 110, from: 1000, cell: (row) => row.users },
    {
      name: 'openTickets',
      heading: word('openTickets'),
      width: 140,
      cell: (row) => (row.openTickets === 0 ? <Muted>—</Muted> : row.openTickets),
    },
    { name: 'since', heading: word('since'), width: 150, cell: (row) => <Moment at={row.createdAt} /> },
  ];
}

function AccountLink({ customer }: { customer: Customer }) {
  return (
    <Box
      component={Link}
      to={customerAddress(customer.id)}
      data-row
      title={customer.name}
      sx={{
        display: 'block',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        color: 'text.primary',
        textDecoration: 'none',
        '&:focus-visible': { outline: 'none' },
      }}
    >
      {customer.name}
    </Box>
  );
}

function Muted({ children }: { children: React.ReactNode }) {
  return (
    <Box component="span" sx={{ color: 'text.secondary' }}>
      {children}
    </Box>
  );
}

function CustomerCards({ rows }: { rows: readonly Customer[] }) {
  const translate = useTranslate();
  return (
    <Box component="ul" sx={cardsStyle}>
      {rows.map((customer) => (
        <li key={customer.id}>
          <Box
            component={Link}
            to={customerAddress(customer.id)}
            data-row
            sx={{
              display: 'block',
              px: 2,
              py: 1.25,
              color: 'text.primary',
              textDecoration: 'none',
              overflowWrap: 'anywhere',
              '&:hover': { bgcolor: 'surface.hover' },
              '&:focus-visible': { outlineOffset: '-2px !important' },
            }}
          >
            <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 2 }}>
              <Box sx={{ fontSize: 15 }}>{customer.name}</Box>
              <Box sx={{ color: 'text.secondary', fontSize: 12, flexShrink: 0 }}>
                <Moment at={customer.createdAt} />
              </Box>
            </Box>
            {customer.owner && (
              <Box sx={{ color: 'text.secondary' }}>
                {customer.owner.name} · {customer.owner.email}
              </Box>
            )}
            <Box sx={{ color: 'text.secondary' }}>
              {translate('kontor.customers.memberCount', { smart_count: customer.users })}
              {customer.openTickets > 0 && ` · ${translate('kontor.customers.openCount', { smart_count: customer.openTickets })}`}
            </Box>
          </Box>
        </li>
      ))}
    </Box>
  );
}

import { Box } from '@mui/material';
import { ListBase, useListContext, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { agreementStates } from '../../domain/service-level.ts';
import { customerAddress } from '../customers/customer-address.ts';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { FilterChip } from '../lists/FilterChip.tsx';
import { ListFrame } from '../lists/ListFrame.tsx';
import { useAgreementWords } from './agreement-words.ts';
import { usePlans, type Agreement } from './service-level-reads.ts';

const newestFirst = { field: 'createdAt', order: 'DESC' } as const;
// The page says itself what failed, where the rows would be.
const listQuery = { onError: () => {} };

/** Agreements of all customers, the one made last first (SPEC S6). They are made and changed on the customer's page. */
export function AgreementList() {
  return (
    <ListBase resource="agreements" perPage={25} sort={newestFirst} queryOptions={listQuery} exporter={false}>
      <Agreements />
    </ListBase>
  );
}

function Agreements() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext<Agreement>();
  const plans = usePlans().data ?? [];
  const columns = useColumns();
  const word = (name: string, values: object = {}) => translate(`kontor.servicePlans.agreements.${name}`, values);
  const { state, plan, ...others } = filterValues as Record<string, string>;
  const narrow = (change: Record<string, string>) => setFilters({ ...others, ...change });
  const known = agreementStates.find((each) => each === state);
  const isNarrowed = Object.keys(filterValues as object).length > 0;
  return (
    <ListFrame<Agreement>
      title={word('title')}
      tools={
        <>
          {plan && (
            <FilterChip
              label={word('onPlan', { plan: plans.find(({ id }) => id === plan)?.name ?? plan })}
              onRemove={() => narrow(known ? { state: known } : {})}
            />
          )}
          <Choice
            label={word('state')}
            value={known ?? 'all'}
            onChange={(value) => narrow({ ...(plan ? { plan } : {}), ...(value === 'all' ? {} : { state: value }) })}
          >
            <option value="all">{word('all')}</option>
            {agreementStates.map((each) => (
              <option key={each} value={each}>
                {word(`statesPlural.${each}`)}
              </option>
            ))}
          </Choice>
        </>
      }
      empty={word(isNarrowed ? 'emptyNarrowed' : 'empty')}
    >
      {(rows) => <DataTable label={word('title')} rows={rows} columns={columns} addressOf={({ account }) => customerAddress(account.id)} />}
    </ListFrame>
  );
}

function useColumns(): Column<Agreement>[] {
  const translate = useTranslate();
  const words = useAgreementWords();
  const word = (name: string) => translate(`kontor.servicePlans.agreements.${name}`);
  const promise = ({ terms }: Agreement) =>
    [terms.response, terms.criticalFix].map((target) => target?.words ?? translate('kontor.servicePlans.promise.none')).join(' · ');
  return [
    {
      name: 'customer',
      heading: word('customer'),
      cell: (row) => (
        <>
          <Box
            component={Link}
            to={customerAddress(row.account.id)}
            data-row
            title={row.account.name}
            sx={{ color: 'text.primary', fontWeight: 600, textDecoration: 'none' }}
          >
            {row.account.name}
          </Box>
          {/* Where the window has no room for its columns, they stand below. */}
          <Box
            sx={{
              display: 'none',
              '@media (max-width: 699px)': { display: 'block', whiteSpace: 'normal' },
              color: 'text.secondary',
              pb: 0.75,
            }}
          >
            {row.plan.name} · {words.state(row)}, {words.period(row)}
          </Box>
        </>
      ),
    },
    { name: 'plan', heading: word('plan'), width: 130, from: 700, cell: (row) => row.plan.name },
    { name: 'promises', heading: word('promises'), from: 1000, cell: promise },
    { name: 'period', heading: word('period'), width: 270, from: 700, cell: words.period },
    { name: 'state', heading: word('state'), width: 140, from: 700, cell: words.state },
  ];
}

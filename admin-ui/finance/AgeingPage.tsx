import { Box, Button, Typography } from '@mui/material';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney, type Money } from '../../domain/money.ts';
import { customerAddress } from '../customers/customer-address.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { useAgeing, type AgeingRow, type AgeingSums } from './finance-reads.ts';

const buckets = ['notDue', 'days1to30', 'days31to60', 'days61to90', 'daysOver90'] as const;

/** Who owes what, and since when (SPEC B3). */
export function AgeingPage() {
  useAuthenticated();
  return (
    <OnlyFor action="finance.read">
      <Ageing />
    </OnlyFor>
  );
}

function Ageing() {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.finance.ageing.${name}`);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAgeing();
  const rows = data?.pages.flatMap(({ items }) => items.map((row) => ({ ...row, id: row.account.id })));
  const sums = data?.pages[0]?.sums ?? [];
  return (
    <Box sx={{ px: { xs: 2, md: 3 }, py: 2, display: 'flex', flexDirection: 'column', gap: 2 }}>
      <PageTitle>{word('title')}</PageTitle>
      <div>
        <Typography variant="h1">{word('title')}</Typography>
        <Typography sx={{ color: 'text.secondary' }}>{word('hint')}</Typography>
      </div>
      {!rows && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {sums.map((sum) => (
        <Sums key={sum.total.currency} sums={sum} />
      ))}
      {rows?.length === 0 && <Box sx={{ color: 'text.secondary' }}>{word('empty')}</Box>}
      {rows && rows.length > 0 && (
        <DataTable
          inset
          label={word('title')}
          rows={rows}
          columns={columnsOf(word)}
          addressOf={({ account }) => customerAddress(account.id)}
        />
      )}
      {hasNextPage && (
        <Button size="small" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()} sx={{ alignSelf: 'flex-start' }}>
          {word('more')}
        </Button>
      )}
    </Box>
  );
}

function Sums({ sums }: { sums: AgeingSums }) {
  const translate = useTranslate();
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(130px, 1fr))',
        gap: 2,
        fontVariantNumeric: 'tabular-nums',
      }}
    >
      {(['total', ...buckets] as const).map((name) => (
        <div key={name}>
          <Box component="dt" sx={{ color: 'text.secondary', fontSize: 12 }}>
            {translate(`kontor.finance.ageing.${name}`)}
          </Box>
          <Box component="dd" sx={{ m: 0, fontSize: 16, fontWeight: name === 'total' ? 650 : 400, whiteSpace: 'nowrap' }}>
            {spellMoney(sums[name])}
          </Box>
        </div>
      ))}
    </Box>
  );
}

const sumStyle = { display: 'block', textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const;

/** What is nothing is not shown: the eye finds what is owed. */
function cellOf(sum: Money) {
  return (
    <Box component="span" sx={{ ...sumStyle, ...(sum.amountMinor === 0 ? { color: 'text.secondary' } : {}) }}>
      {sum.amountMinor === 0 ? '—' : spellMoney(sum)}
    </Box>
  );
}

function columnsOf(word: (name: string) => string): Column<AgeingRow & { id: string }>[] {
  const sumColumn = (name: (typeof buckets)[number] | 'total', from?: number): Column<AgeingRow & { id: string }> => ({
    name,
    heading: <Box sx={sumStyle}>{word(name)}</Box>,
    width: 125,
    ...(from === undefined ? {} : { from }),
    cell: (row) => cellOf(row[name]),
  });
  return [
    {
      name: 'account',
      heading: word('customer'),
      cell: ({ account, earliestDueAt }) => (
        <>
          <Box component={Link} to={customerAddress(account.id)} data-row sx={{ color: 'primary.main' }}>
            {account.name}
          </Box>
          {/* Where the window has no room for its column, the day stands below. */}
          {earliestDueAt !== null && (
            <Box sx={{ display: 'none', '@media (max-width: 899px)': { display: 'block' }, color: 'text.secondary', pb: 0.75 }}>
              {word('earliest')} <Moment at={earliestDueAt} />
            </Box>
          )}
        </>
      ),
    },
    {
      name: 'due',
      heading: word('earliest'),
      width: 130,
      from: 900,
      cell: ({ earliestDueAt }) => (earliestDueAt === null ? word('noDay') : <Moment at={earliestDueAt} />),
    },
    sumColumn('total'),
    ...buckets.map((name) => sumColumn(name, 1_100)),
  ];
}

import { Box, Button, Typography } from '@mui/material';
import { useAuthenticated, useTranslate } from 'react-admin';
import { useSearchParams } from 'react-router';
import { ledgerAccountKinds } from '../../domain/ledger.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { useMay } from '../time/reader.ts';
import { AccountLink, Sum, sumStyle } from './LedgerParts.tsx';
import { SaveButton } from './SaveButton.tsx';
import { useLedgerAccounts, useLedgerTotals, type LedgerAccount, type LedgerTotal } from './ledger-reads.ts';

/** The books by account: what each kind comes to, and which accounts there are (SPEC B1). */
export function LedgerPage() {
  useAuthenticated();
  return (
    <OnlyFor action="ledger.read">
      <Ledger />
    </OnlyFor>
  );
}

function Ledger() {
  const translate = useTranslate();
  const may = useMay();
  const word = (name: string) => translate(`kontor.ledger.${name}`);
  const { data, error, refetch } = useLedgerTotals();
  const totals = data?.items.map((total) => ({ ...total, id: `${total.kind} ${total.balance.currency}` }));
  return (
    <Box sx={{ maxWidth: 960, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{word('title')}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start', mb: 2 }}>
        <Box sx={{ flex: '1 1 320px' }}>
          <Typography variant="h1">{word('title')}</Typography>
          <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>{word('hint')}</Typography>
        </Box>
        {may('ledger.export') && <SaveButton label={word('export')} path="/ledger/export" file="kontor-books.journal" />}
      </Box>
      {!totals && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {totals?.length === 0 && <Typography sx={{ py: 6, textAlign: 'center' }}>{word('empty')}</Typography>}
      {totals && totals.length > 0 && (
        <>
          <DataTable inset label={word('totals')} rows={totals} columns={totalColumns(word)} />
          <Accounts />
        </>
      )}
    </Box>
  );
}

function totalColumns(word: (name: string) => string): Column<LedgerTotal & { id: string }>[] {
  return [
    {
      name: 'kind',
      heading: word('kind'),
      cell: ({ kind }) => (
        <Box sx={{ py: 0.5, whiteSpace: 'normal' }}>
          {word(`kinds.${kind}`)}
          <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{word(`explained.${kind}`)}</Box>
        </Box>
      ),
    },
    {
      name: 'balance',
      heading: <Box sx={sumStyle}>{word('balance')}</Box>,
      width: 160,
      cell: ({ kind, balance }) => <Sum of={kind} sum={balance} />,
    },
  ];
}

function Accounts() {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.ledger.${name}`);
  const [query, setQuery] = useSearchParams();
  const kind = query.get('kind') ?? 'paid';
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useLedgerAccounts(kind);
  const rows = data?.pages.flatMap(({ items }) => items);
  return (
    <Box component="section" aria-labelledby="ledger-accounts" sx={{ mt: 4 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 1 }}>
        <Typography id="ledger-accounts" variant="h2" sx={{ fontSize: 14, mr: 'auto' }}>
          {word('accounts')}
        </Typography>
        <Choice label={word('kind')} value={kind} onChange={(next) => setQuery({ kind: next }, { replace: true })}>
          {ledgerAccountKinds.map((each) => (
            <option key={each} value={each}>
              {word(`kinds.${each}`)}
            </option>
          ))}
        </Choice>
      </Box>
      {!rows && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
      {rows?.length === 0 && <Box sx={{ color: 'text.secondary' }}>{word('noAccounts')}</Box>}
      {rows && rows.length > 0 && <DataTable inset label={word('accounts')} rows={rows} columns={accountColumns(word)} />}
      {hasNextPage && (
        <Button size="small" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()} sx={{ mt: 1 }}>
          {word('more')}
        </Button>
      )}
    </Box>
  );
}

function accountColumns(word: (name: string) => string): Column<LedgerAccount>[] {
  return [
    { name: 'account', heading: word('account'), cell: (account) => <AccountLink account={account} /> },
    {
      name: 'entries',
      heading: <Box sx={sumStyle}>{word('entries')}</Box>,
      width: 110,
      from: 560,
      cell: ({ entries }) => (
        <Box component="span" sx={{ ...sumStyle, color: 'text.secondary' }}>
          {entries}
        </Box>
      ),
    },
    {
      name: 'balance',
      heading: <Box sx={sumStyle}>{word('balance')}</Box>,
      width: 150,
      cell: ({ kind, balance }) => <Sum of={kind} sum={balance} />,
    },
  ];
}

import { Box, Button, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router';
import { transferKinds } from '../../domain/ledger.ts';
import { startOfDay } from '../../domain/missing-year.ts';
import { customerAddress } from '../customers/customer-address.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { inPath } from '../server/wish.ts';
import { useMay, useReader } from '../time/reader.ts';
import { linkStyle, Sum, sumStyle, useAccountName, useHowToRead, WhatHappened } from './LedgerParts.tsx';
import { useLedgerEntries, type LedgerAccount, type LedgerEntry } from './ledger-reads.ts';
import { SaveButton } from './SaveButton.tsx';

/** One account of the books: every entry with the balance after it, the latest first (SPEC B1). */
export function LedgerAccountPage() {
  useAuthenticated();
  const { id = '' } = useParams();
  return (
    <OnlyFor action="ledger.read">
      <Entries id={id} />
    </OnlyFor>
  );
}

function Entries({ id }: { id: string }) {
  const translate = useTranslate();
  const accountName = useAccountName();
  const howToRead = useHowToRead();
  const may = useMay();
  const word = (name: string) => translate(`kontor.ledger.${name}`);
  const [filter, setFilter] = useState({ kind: '', from: '', to: '' });
  const { timeZone } = useReader();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useLedgerEntries(id, {
    kind: filter.kind || undefined,
    from: filter.from ? startOfDay(timeZone, filter.from).toISOString() : undefined,
    to: filter.to ? startOfDay(timeZone, dayAfter(filter.to)).toISOString() : undefined,
  });
  const account = data?.pages[0]?.account;
  if (!data || !account) return error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  const name = accountName(account);
  const rows = data.pages.flatMap(({ items }) => items).map((entry) => ({ ...entry, id: String(entry.version) }));
  return (
    <Box sx={{ maxWidth: 960, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{name}</PageTitle>
      <Typography variant="h1" sx={{ overflowWrap: 'anywhere' }}>
        {name}
      </Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>{howToRead(account.kind)}</Typography>
      <Facts account={account} />
      {may('ledger.export') && <Statement id={account.id} />}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, justifyContent: 'flex-end', alignItems: 'center', mt: 3, mb: 1.5 }}>
        <Choice label={word('what')} value={filter.kind} onChange={(kind) => setFilter({ ...filter, kind })}>
          <option value="">{word('all')}</option>
          {transferKinds.map((each) => (
            <option key={each} value={each}>
              {word(`transfers.${each}`)}
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
            onChange={(event) => setFilter({ ...filter, [end]: event.target.value })}
            slotProps={{ inputLabel: { shrink: true } }}
            sx={{ width: 140, '& input': { py: 0.75, fontSize: 13 } }}
          />
        ))}
      </Box>
      {rows.length === 0 && <Box sx={{ color: 'text.secondary' }}>{word('noEntries')}</Box>}
      {rows.length > 0 && <DataTable inset label={word('entries')} rows={rows} columns={columnsOf(account, word)} />}
      {hasNextPage && (
        <Button size="small" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()} sx={{ mt: 1 }}>
          {word('more')}
        </Button>
      )}
    </Box>
  );
}

/** The file that proves the account without us, and how. */
function Statement({ id }: { id: string }) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mt: 2 }}>
      <SaveButton
        label={translate('kontor.ledger.statement')}
        path={`/ledger-accounts/${inPath(id)}/statement`}
        file={`kontor-statement-${id.replaceAll(':', '-')}.jsonl`}
      />
      <Typography sx={{ flex: '1 1 260px', color: 'text.secondary', fontSize: 12 }}>
        {translate('kontor.ledger.statementHint')} <code>npm run verify-ledger -- FILE</code>
      </Typography>
    </Box>
  );
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}

function Facts({ account: { kind, balance, customer } }: { account: LedgerAccount }) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, mt: 1.5 }}>
      <Box sx={{ display: 'flex', gap: 0.75 }}>
        {translate('kontor.ledger.balance')}: <Sum of={kind} sum={balance} />
      </Box>
      {customer && (
        <Box component={Link} to={customerAddress(customer.id)} sx={linkStyle}>
          {translate('kontor.ledger.toCustomer')}
        </Box>
      )}
    </Box>
  );
}

function columnsOf({ kind, customer }: LedgerAccount, word: (name: string) => string): Column<LedgerEntry & { id: string }>[] {
  return [
    { name: 'what', heading: word('what'), cell: ({ transfer }) => <WhatHappened transfer={transfer} customer={customer?.id} /> },
    {
      name: 'amount',
      heading: <Box sx={sumStyle}>{word('amount')}</Box>,
      width: 130,
      cell: ({ amount, balanceAfter }) => (
        <>
          <Sum of={kind} sum={amount} />
          <Box sx={{ fontSize: 12, '@media (min-width: 700px)': { display: 'none' } }}>
            <Sum of={kind} sum={balanceAfter} quiet />
          </Box>
        </>
      ),
    },
    {
      name: 'after',
      heading: <Box sx={sumStyle}>{word('after')}</Box>,
      width: 130,
      from: 700,
      cell: ({ balanceAfter }) => <Sum of={kind} sum={balanceAfter} quiet />,
    },
  ];
}

import { Box, Button, Typography } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router';
import { transferKinds } from '../../domain/ledger.ts';
import { customerAddress } from '../customers/customer-address.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Choice } from '../lists/Choice.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { linkStyle, Sum, sumStyle, useAccountName, useHowToRead, WhatHappened } from './LedgerParts.tsx';
import { useLedgerEntries, type LedgerAccount, type LedgerEntry } from './ledger-reads.ts';

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
  const word = (name: string) => translate(`kontor.ledger.${name}`);
  const [kind, setKind] = useState('');
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useLedgerEntries(id, kind);
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
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', my: 1.5 }}>
        <Choice label={word('what')} value={kind} onChange={setKind}>
          <option value="">{word('all')}</option>
          {transferKinds.map((each) => (
            <option key={each} value={each}>
              {word(`transfers.${each}`)}
            </option>
          ))}
        </Choice>
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

function Facts({ account: { kind, balance, customer } }: { account: LedgerAccount }) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, mt: 1.5 }}>
      <Box>
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

function columnsOf({ kind }: LedgerAccount, word: (name: string) => string): Column<LedgerEntry & { id: string }>[] {
  return [
    { name: 'at', heading: word('at'), width: 110, from: 560, cell: ({ transfer }) => <Moment at={transfer.at} /> },
    { name: 'what', heading: word('what'), cell: ({ transfer }) => <WhatHappened transfer={transfer} /> },
    {
      name: 'amount',
      heading: <Box sx={sumStyle}>{word('amount')}</Box>,
      width: 130,
      cell: ({ amount }) => <Sum of={kind} sum={amount} />,
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

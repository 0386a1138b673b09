import { Box, Typography } from '@mui/material';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { DataTable, type Column } from '../lists/DataTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { AboutLinks, AccountLink, linkStyle, Sum, sumStyle } from './LedgerParts.tsx';
import { transferAddress } from './ledger-addresses.ts';
import { useTransfer, type LedgerTransferPage } from './ledger-reads.ts';

/** One transfer with everything that it moved (SPEC B1). */
export function TransferPage() {
  useAuthenticated();
  const { id = '' } = useParams();
  return (
    <OnlyFor action="ledger.read">
      <Transfer id={id} />
    </OnlyFor>
  );
}

function Transfer({ id }: { id: string }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.ledger.${name}`);
  const { data: transfer, error, refetch } = useTransfer(id);
  if (!transfer) return error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  const rows = transfer.entries.map((entry) => ({ ...entry, id: entry.account.id }));
  const customer = transfer.entries.find(({ account }) => account.customer)?.account.customer?.id;
  const name = word(`transfers.${transfer.kind}`);
  return (
    <Box sx={{ maxWidth: 960, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{name}</PageTitle>
      <Typography variant="h1">{name}</Typography>
      <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>{word('transferHint')}</Typography>
      <Box sx={{ my: 1.5 }}>
        <Moment at={transfer.at} /> · {transfer.byName ?? word(`by.${transfer.by.split(':')[0]}`)}
        <AboutLinks about={transfer.about} customer={customer} />
        {(['reverses', 'reversedBy'] as const).map((tie) => (
          <Tie key={tie} name={word(tie)} id={transfer[tie]} />
        ))}
        <Box sx={{ color: 'text.secondary', fontSize: 12, overflowWrap: 'anywhere' }}>{transfer.key}</Box>
      </Box>
      <DataTable inset label={word('entries')} rows={rows} columns={columnsOf(word)} />
    </Box>
  );
}

function Tie({ name, id }: { name: string; id: string | null }) {
  if (id === null) return null;
  return (
    <Box component={Link} to={transferAddress(id)} sx={{ ...linkStyle, display: 'block' }}>
      {name}
    </Box>
  );
}

function columnsOf(word: (name: string) => string): Column<LedgerTransferPage['entries'][number] & { id: string }>[] {
  return [
    { name: 'account', heading: word('account'), cell: ({ account }) => <AccountLink account={account} /> },
    {
      name: 'amount',
      heading: <Box sx={sumStyle}>{word('amount')}</Box>,
      width: 130,
      cell: ({ account, amount }) => <Sum of={account.kind} sum={amount} />,
    },
    {
      name: 'after',
      heading: <Box sx={sumStyle}>{word('after')}</Box>,
      width: 130,
      from: 560,
      cell: ({ account, balanceAfter }) => <Sum of={account.kind} sum={balanceAfter} quiet />,
    },
  ];
}

import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { isReadInverted, type LedgerAccountKind } from '../../domain/ledger.ts';
import type { Money } from '../../domain/money.ts';
import { Moment } from '../time/Moment.tsx';
import { customerAddress } from '../customers/customer-address.ts';
import { ledgerAccountAddress, transferAddress } from './ledger-addresses.ts';
import { spellInBooks, type LedgerAccount, type LedgerTransfer } from './ledger-reads.ts';

export const linkStyle = { color: 'primary.main' } as const;
export const sumStyle = { display: 'block', textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const;

export function Sum({ of, sum, quiet }: { of: LedgerAccountKind; sum: Money; quiet?: boolean }) {
  return (
    <Box component="span" sx={{ ...sumStyle, ...(quiet ? { color: 'text.secondary' } : {}) }}>
      {spellInBooks(of, sum)}
    </Box>
  );
}

/** What an account is called: the customer and which money of his, or which row of ours. */
export function useAccountName(): (account: Pick<LedgerAccount, 'id' | 'kind' | 'customer'>) => string {
  const translate = useTranslate();
  return ({ id, kind, customer }) => {
    const word = translate(`kontor.ledger.kinds.${kind}`);
    return customer ? `${customer.name} · ${word}` : translate('kontor.ledger.row', { kind: word, row: Number(id.split(':')[2]) + 1 });
  };
}

export function AccountLink({ account }: { account: LedgerAccount }) {
  const name = useAccountName()(account);
  return (
    <Box component={Link} to={ledgerAccountAddress(account.id)} sx={linkStyle}>
      {name}
    </Box>
  );
}

/** Where one reads more of what a transfer is about; a correction is shown with its customer. */
const places: Readonly<Record<string, (id: string, customer: string | undefined) => string | undefined>> = {
  payment: (id) => `/payments/${id}`,
  order: (id) => `/orders/${id}`,
  refund: (id) => `/refunds/${id}`,
  adjustment: (_, customer) => customer && customerAddress(customer),
};

interface About extends Pick<LedgerTransfer, 'about'> {
  /** Whose money it moved, where that is known. */
  readonly customer: string | undefined;
}

/** What happened, as a link to all that it moved, and what it is about. */
export function WhatHappened({ transfer, customer }: { transfer: LedgerTransfer; customer: string | undefined }) {
  const translate = useTranslate();
  return (
    <Box sx={{ py: 0.5, overflowWrap: 'anywhere', whiteSpace: 'normal' }}>
      <Box component={Link} to={transferAddress(transfer.id)} sx={linkStyle}>
        {translate(`kontor.ledger.transfers.${transfer.kind}`)}
      </Box>
      <Box component="span" sx={{ display: 'block', fontSize: 12, color: 'text.secondary' }}>
        <Moment at={transfer.at} as="moment" />
      </Box>
      <AboutLinks about={transfer.about} customer={customer} />
    </Box>
  );
}

export function AboutLinks({ about, customer }: About) {
  const translate = useTranslate();
  const known = Object.entries(about).filter(([name]) => places[name]);
  return known.map(([name, id]) => {
    const to = places[name]!(encodeURIComponent(id), customer);
    return (
      <Box key={name} component="span" sx={{ display: 'block', fontSize: 12, color: 'text.secondary' }}>
        {translate(`kontor.ledger.about.${name}`)}{' '}
        {to ? (
          <Box component={Link} to={to} sx={linkStyle}>
            {id}
          </Box>
        ) : (
          id
        )}
      </Box>
    );
  });
}

/** How the sums of an account are to be read. */
export function useHowToRead(): (kind: LedgerAccountKind) => string {
  const translate = useTranslate();
  return (kind) => {
    if (kind === 'revenue') return translate('kontor.ledger.reading.earned');
    return translate(isReadInverted(kind) ? 'kontor.ledger.reading.ours' : 'kontor.ledger.reading.owed');
  };
}

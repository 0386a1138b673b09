import { Box, Button, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney, type Money } from '../../domain/money.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { useMay } from '../time/reader.ts';
import { ChargebackDialog, RefundDialog } from './PaymentDialogs.tsx';
import { refundAddress, useRefundsOf, type Refund } from './refund-reads.ts';
import { RefundNextLine } from './RefundNextLine.tsx';

interface OfPayment {
  readonly payment: string;
  readonly amount: Money;
  /** Whether its money came in, and nobody has taken it back through his bank. */
  readonly stands: boolean;
}

/** On a payment's page: how much of it can go back, what went back, and the deeds that do it (SPEC B7). */
export function PaymentRefunds({ payment, amount, stands }: OfPayment) {
  const translate = useTranslate();
  const may = useMay();
  const { data, error, refetch } = useRefundsOf(payment);
  const [doing, setDoing] = useState<'refund' | 'chargeback'>();
  const close = () => setDoing(undefined);
  if (!data) return error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  const { refundable, items } = data;
  const canGoBack = refundable.amountMinor > 0;
  const left = { ...amount, amountMinor: amount.amountMinor - sentBackMinor(items) };
  return (
    <Box component="section" aria-labelledby="refunds-of-payment">
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
        <Typography id="refunds-of-payment" variant="h2" sx={{ mr: 'auto' }}>
          {translate('kontor.refunds.title')}
        </Typography>
        {stands && canGoBack && may('refund.make') && (
          <Button variant="outlined" onClick={() => setDoing('refund')}>
            {translate('kontor.refunds.refund.open')}
          </Button>
        )}
        {stands && left.amountMinor > 0 && may('payment.chargeback') && (
          <Button variant="outlined" color="inherit" sx={{ borderColor: 'divider' }} onClick={() => setDoing('chargeback')}>
            {translate('kontor.refunds.chargeback.open')}
          </Button>
        )}
      </Box>
      <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>
        {canGoBack
          ? translate('kontor.refunds.canGoBack', { sum: spellMoney(refundable) })
          : translate(stands ? 'kontor.refunds.nothingToRefund' : 'kontor.refunds.cannotRefund')}
      </Typography>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, mt: 1 }}>
        {items.map((refund) => (
          <OneRefund key={refund.id} refund={refund} />
        ))}
      </Box>
      {doing === 'refund' && <RefundDialog payment={payment} refundable={refundable} onClose={close} />}
      {doing === 'chargeback' && <ChargebackDialog payment={payment} amount={left} onClose={close} />}
    </Box>
  );
}

/** What the payer has back, or may have. */
function sentBackMinor(refunds: readonly Refund[]): number {
  return refunds
    .filter(({ state, sentAt }) => state === 'succeeded' || state === 'pending' || (state === 'requested' && sentAt !== null))
    .reduce((sum, { amount }) => sum + amount.amountMinor, 0);
}

function OneRefund({ refund }: { refund: Refund }) {
  const translate = useTranslate();
  return (
    <Box component="li" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, py: 1, borderTop: 1, borderColor: 'divider' }}>
      <Box
        component={Link}
        to={refundAddress(refund.id)}
        sx={{ color: 'primary.main', fontVariantNumeric: 'tabular-nums', fontWeight: 600, minWidth: 110 }}
      >
        {spellMoney(refund.amount)}
      </Box>
      <Box sx={{ flex: '1 1 220px', minWidth: 0, overflowWrap: 'anywhere' }}>
        {translate(`kontor.refunds.states.${refund.state}`)}
        <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
          <RefundNextLine refund={refund} />
        </Box>
        {refund.reason !== null && <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{refund.reason}</Box>}
      </Box>
    </Box>
  );
}

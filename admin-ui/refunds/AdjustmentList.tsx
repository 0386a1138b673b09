import { Box, Typography } from '@mui/material';
import { useTranslate } from 'react-admin';
import { spellMoney } from '../../domain/money.ts';
import { Moment } from '../time/Moment.tsx';
import { useAdjustments, type Adjustment } from './refund-reads.ts';

/** On a customer's page: how his balance was corrected by hand, by whom and why; nothing where it never was (SPEC B7). */
export function AdjustmentList({ account }: { account: string }) {
  const translate = useTranslate();
  const { data } = useAdjustments(account);
  if (!data || data.length === 0) return null;
  return (
    <Box component="section" aria-labelledby="adjustments-of-customer">
      <Typography id="adjustments-of-customer" component="h3" variant="h2" sx={{ fontSize: 14 }}>
        {translate('kontor.refunds.adjustments.title')}
      </Typography>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, mt: 0.5 }}>
        {data.map((adjustment) => (
          <OneAdjustment key={adjustment.id} adjustment={adjustment} />
        ))}
      </Box>
    </Box>
  );
}

function OneAdjustment({ adjustment }: { adjustment: Adjustment }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.refunds.adjustments.${name}`);
  const { amount, money, state, reason, askedBy, askedForAt } = adjustment;
  return (
    <Box component="li" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, py: 0.75, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ minWidth: 120, fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
        {amount.amountMinor > 0 && '+'}
        {spellMoney(amount)}
      </Box>
      <Box sx={{ flex: '1 1 220px', minWidth: 0, overflowWrap: 'anywhere' }}>
        {reason}
        <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
          {money === 'bonus' && `${word('bonus')} · `}
          {state !== 'posted' && `${word(`states.${state}`)} · `}
          {askedBy.name}, <Moment at={askedForAt} />
        </Box>
      </Box>
    </Box>
  );
}

import { Box, Button, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { customersAddress } from '../customers/customer-address.ts';
import { Moment } from '../time/Moment.tsx';
import { useMay, useReader } from '../time/reader.ts';
import { decisionOn, refundAddress, useWaitingMoney, type MoneyApproval } from './refund-reads.ts';

/** Money that waits for a second person (SPEC B7, I10); nothing is shown where none waits. */
export function WaitingMoney({ account }: { account?: string }) {
  const translate = useTranslate();
  const { data } = useWaitingMoney(account);
  if (!data || data.length === 0) return null;
  return (
    <Box component="section" aria-labelledby="waiting-money" sx={{ pb: 2 }}>
      <Typography id="waiting-money" variant="h2" sx={{ pt: 2, pb: 0.5 }}>
        {translate('kontor.refunds.waiting.title')}
      </Typography>
      <Typography sx={{ color: 'text.secondary', pb: 1 }}>{translate('kontor.refunds.waiting.hint')}</Typography>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {data.map((approval) => (
          <OneWaiting key={approval.id} approval={approval} />
        ))}
      </Box>
    </Box>
  );
}

function OneWaiting({ approval }: { approval: MoneyApproval }) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.refunds.waiting.${name}`, values);
  const { refund, account, askedBy, reason } = approval;
  return (
    <Box
      component="li"
      data-approval={approval.id}
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, py: 2, borderTop: 1, borderColor: 'divider' }}
    >
      <Box sx={{ flex: '1 1 320px', minWidth: 0, overflowWrap: 'anywhere' }}>
        <Typography component="h3" variant="h2" sx={{ fontSize: 14, fontVariantNumeric: 'tabular-nums' }}>
          {word(`kind.${kindOf(approval)}`, { sum: spellMoney(approval.amount) })}{' '}
          <Box component={Link} to={customersAddress(account.id)} sx={{ color: 'primary.main' }}>
            {account.name}
          </Box>
        </Typography>
        <Box sx={{ mt: 0.5 }} data-what-next>
          {word('lapses')} <Moment at={approval.lapsesAt} as="moment" />
        </Box>
        <Box sx={{ mt: 0.5, fontSize: 13, color: 'text.secondary' }}>
          {word('askedBy', { name: askedBy.name })}, <Moment at={approval.askedForAt} />
          {refund && (
            <>
              {' · '}
              <Box component={Link} to={refundAddress(refund.id)} sx={{ color: 'primary.main' }}>
                {word('toRefund')}
              </Box>
            </>
          )}
          <Box sx={{ mt: 0.25 }}>{word('because', { reason })}</Box>
        </Box>
      </Box>
      <Deeds approval={approval} />
    </Box>
  );
}

function kindOf({ refund, adjustment }: MoneyApproval): string {
  if (refund || !adjustment) return 'refund';
  return `${adjustment.money}_${adjustment.amount.amountMinor > 0 ? 'up' : 'down'}`;
}

/** Exactly what the API offers; who wished it himself is told why he is not offered to approve it. */
function Deeds({ approval }: { approval: MoneyApproval }) {
  const translate = useTranslate();
  const may = useMay();
  const { id: me } = useReader();
  const [asking, setAsking] = useState<'approval' | 'withdrawal'>();
  const word = (name: string, values: object = {}) => translate(`kontor.refunds.waiting.${name}`, values);
  const own = approval.askedBy.id === me && may('money.approve');
  const sum = spellMoney(approval.amount);
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 0.75, alignItems: { xs: 'flex-start', md: 'flex-end' } }}>
      <Box sx={{ display: 'flex', gap: 1 }}>
        {approval.allowedActions.includes('approve') && (
          <Button variant="outlined" aria-label={word('approval.of', { sum })} onClick={() => setAsking('approval')}>
            {word('approval.submit')}
          </Button>
        )}
        {approval.allowedActions.includes('withdraw') && (
          <Button
            variant="outlined"
            color="inherit"
            sx={{ borderColor: 'divider' }}
            aria-label={word('withdrawal.of', { sum })}
            onClick={() => setAsking('withdrawal')}
          >
            {word('withdrawal.submit')}
          </Button>
        )}
      </Box>
      {own && <Box sx={{ fontSize: 13, color: 'text.secondary', maxWidth: { md: 220 }, textAlign: { md: 'right' } }}>{word('own')}</Box>}
      {asking && (
        <ConfirmDialog
          title={word(`${asking}.title`, { sum })}
          submit={word(`${asking}.submit`)}
          done={word(`${asking}.done`)}
          grave={asking === 'approval' && kindOf(approval) === 'refund'}
          wish={() => decisionOn(approval.id, asking)}
          onClose={() => setAsking(undefined)}
        >
          <Box component="p" sx={{ mt: 0 }}>
            {word(`${asking}.text.${kindOf(approval)}`, { sum, name: approval.account.name })}
          </Box>
          <Box component="p" sx={{ mb: 0, overflowWrap: 'anywhere' }}>
            {word('judge', { name: approval.askedBy.name, reason: approval.reason })}
          </Box>
        </ConfirmDialog>
      )}
    </Box>
  );
}

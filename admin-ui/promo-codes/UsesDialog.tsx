import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { useId } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { orderAddress } from '../orders/order-reads.ts';
import { Moment } from '../time/Moment.tsx';
import { usePromoUses, type PromoCode } from './promo-reads.ts';

/** Who used a code, who holds a use of it, and to whom it was given back. */
export function UsesDialog({ promo, onClose }: { promo: PromoCode; onClose: () => void }) {
  const translate = useTranslate();
  const id = useId();
  const { data, error, refetch, hasNextPage, fetchNextPage } = usePromoUses(promo.id);
  const word = (name: string, values: object = {}) => translate(`kontor.promoCodes.${name}`, values);
  const uses = data?.pages.flatMap(({ items }) => items);
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" aria-labelledby={id}>
      <DialogTitle id={id}>{word('usesTitle', { code: promo.code })}</DialogTitle>
      <DialogContent sx={{ fontSize: 14 }}>
        {!uses && (error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />)}
        {uses?.length === 0 && <Box sx={{ color: 'text.secondary' }}>{word('noUses')}</Box>}
        <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
          {uses?.map((use) => (
            <Box
              component="li"
              key={use.id}
              sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, py: 0.75, borderTop: 1, borderColor: 'divider' }}
            >
              <Box
                component={Link}
                to={orderAddress(use.order)}
                sx={{ color: 'primary.main', flex: '1 1 160px', overflowWrap: 'anywhere' }}
              >
                {use.account.name}
              </Box>
              <Box sx={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>{spellMoney(use.discount)}</Box>
              <Box sx={{ minWidth: 150 }}>{word(`useStates.${use.state}`)}</Box>
              <Box sx={{ color: 'text.secondary' }}>
                <Moment at={use.settledAt ?? use.reservedAt} />
              </Box>
            </Box>
          ))}
        </Box>
        {hasNextPage && <Button onClick={() => void fetchNextPage()}>{word('more')}</Button>}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button variant="contained" onClick={onClose}>
          {word('close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { orderAddress } from '../orders/order-reads.ts';
import type { Quote } from './quote-reads.ts';

/**
 * What the customer pays for a quote, where that is not simply its sum, with the tax in it; whether his money suffices now, or
 * the order that paid for it (SPEC T16, B5, B13).
 */
export function QuotePrice({ quote: { price } }: { quote: Quote }) {
  const translate = useTranslate();
  if (!price) return null;
  const word = (name: string, values: object = {}) => translate(`kontor.paidWork.quotes.price.${name}`, values);
  const paid = price.order !== null;
  const differs = price.toPay.amountMinor !== price.list.amountMinor;
  return (
    <Box data-quote-price sx={{ fontVariantNumeric: 'tabular-nums', color: 'text.secondary' }}>
      {(differs || paid) && <div>{word(paid ? 'paid' : 'toPay', { sum: spellMoney(price.toPay) })}</div>}
      {price.discountFrom !== null && <div>{word(price.discountFrom, { sum: spellMoney(price.discount) })}</div>}
      {price.tax.amountMinor > 0 && <div>{word('tax', { sum: spellMoney(price.tax) })}</div>}
      {price.suffices !== null && <div>{word(price.suffices ? 'suffices' : 'missing')}</div>}
      {price.order !== null && (
        <Box component={Link} to={orderAddress(price.order)} sx={{ color: 'primary.main' }}>
          {word('order')}
        </Box>
      )}
    </Box>
  );
}

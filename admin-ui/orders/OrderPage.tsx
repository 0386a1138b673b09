import { Box, Button, Typography } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { spellPercentBp } from '../../domain/percent.ts';
import { customersAddress } from '../customers/customer-address.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { ReversalDialog } from '../refunds/ReversalDialog.tsx';
import { paymentAddress } from '../refunds/refund-reads.ts';
import { MarkdownText } from '../tickets/MarkdownText.tsx';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { OrderNextLine } from './OrderNextLine.tsx';
import { useOrder, type Order } from './order-reads.ts';

/** One order: what was bought, what it cost with its discount and tax, how it was paid (SPEC B4, B5, B13). */
export function OrderPage() {
  useAuthenticated();
  const { id = '' } = useParams();
  const { data, error, refetch } = useOrder(id);
  if (!data) return error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  return <Shown order={data} />;
}

function Shown({ order }: { order: Order }) {
  const translate = useTranslate();
  const may = useMay();
  const [reversing, setReversing] = useState(false);
  const word = (name: string, values: object = {}) => translate(`kontor.orders.${name}`, values);
  const title = word('one', { sum: spellMoney(order.price.toPay) });
  const reversible = order.state === 'paid' && order.transfer !== null && order.reversal === null && may('refund.make');
  return (
    <Box sx={{ maxWidth: 860, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{title}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start' }}>
        <Box sx={{ flex: '1 1 320px' }}>
          <Typography variant="h1">{title}</Typography>
          <Typography sx={{ mt: 0.5 }}>{word(`states.${order.state}`)}</Typography>
          <Typography data-what-next sx={{ color: 'text.secondary' }}>
            <OrderNextLine order={order} />
          </Typography>
        </Box>
        {reversible && (
          <Button variant="outlined" color="inherit" sx={{ borderColor: 'divider' }} onClick={() => setReversing(true)}>
            {translate('kontor.refunds.reversal.open')}
          </Button>
        )}
      </Box>
      <Facts facts={factsOf(order, word)} />
      <Typography variant="h2" sx={{ mt: 3, mb: 1 }}>
        {word('what')}
      </Typography>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {order.lines.map((line) => (
          <Box component="li" key={line.about} sx={{ py: 1.5, borderTop: 1, borderColor: 'divider', overflowWrap: 'anywhere' }}>
            <MarkdownText text={line.description} />
            <Facts facts={lineFacts(line, word)} />
          </Box>
        ))}
      </Box>
      {reversing && <ReversalDialog order={order.id} total={order.price.toPay} onClose={() => setReversing(false)} />}
    </Box>
  );
}

const linkStyle = { color: 'primary.main' } as const;
type Word = (name: string, values?: object) => string;
type Fact = readonly [string, ReactNode];

function factsOf(order: Order, word: Word): Fact[] {
  const { price } = order;
  const facts: Fact[] = [
    [
      word('customer'),
      <Box key="customer" component={Link} to={customersAddress(order.account.id)} sx={linkStyle}>
        {order.account.name}
      </Box>,
    ],
    [word('list'), <Sum key="list">{spellMoney(price.list)}</Sum>],
  ];
  if (price.discountFrom !== null)
    facts.push([
      word('discount'),
      <Sum key="discount">
        {spellMoney({ ...price.discount, amountMinor: -price.discount.amountMinor })}{' '}
        {word(`discountFrom.${price.discountFrom}`, { code: order.promoCode ?? '' })}
      </Sum>,
    ]);
  facts.push([word('toPay'), <Sum key="toPay">{spellMoney(price.toPay)}</Sum>]);
  if (price.tax.amountMinor > 0) facts.push([word('taxWithin'), <Sum key="tax">{spellMoney(price.tax)}</Sum>]);
  facts.push([
    word('placed'),
    <span key="placed">
      <Moment at={order.placedAt} as="moment" />
      {order.placedBy && ` · ${order.placedBy.name}`}
    </span>,
  ]);
  if (order.payment)
    facts.push([
      word('payment'),
      <Box key="payment" component={Link} to={paymentAddress(order.payment.id)} sx={linkStyle}>
        {order.payment.id}
      </Box>,
    ]);
  if (order.reversalReason !== null) facts.push([word('reversedBecause'), order.reversalReason]);
  return facts;
}

function lineFacts(line: Order['lines'][number], word: Word): Fact[] {
  return [
    [word('price'), <Sum key="price">{spellMoney(line.price)}</Sum>],
    [
      word('tax'),
      line.taxRateBp === null ? (
        word('withoutTax')
      ) : (
        <Sum key="tax">
          {word(line.taxInside ? 'taxInside' : 'taxOnTop', { rate: spellPercentBp(line.taxRateBp), sum: spellMoney(line.tax) })}
        </Sum>
      ),
    ],
  ];
}

function Sum({ children }: { children: ReactNode }) {
  return (
    <Box component="span" sx={{ fontVariantNumeric: 'tabular-nums' }}>
      {children}
    </Box>
  );
}

function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <Box
      component="dl"
      sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '170px 1fr' }, columnGap: 2, rowGap: 0.5, m: 0, mt: 2 }}
    >
      {facts.map(([name, fact]) => [
        <Box component="dt" key={`${name} name`} sx={{ color: 'text.secondary' }}>
          {name}
        </Box>,
        <Box component="dd" key={name} sx={{ m: 0, overflowWrap: 'anywhere' }}>
          {fact}
        </Box>,
      ])}
    </Box>
  );
}

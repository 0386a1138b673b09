import StoryIcon from '@mui/icons-material/AccountTreeOutlined';
import { Box, Button, Typography } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useAuthenticated, useNotify, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { customersAddress } from '../customers/customer-address.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { FailureText } from '../failures/FailureText.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { PaymentRefunds } from '../refunds/PaymentRefunds.tsx';
import { useCarryOut } from '../server/wish.ts';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { askAbout, usePayment, type Payment, type PaymentWithEvents } from './payment-reads.ts';
import { PaymentLife } from './PaymentLife.tsx';
import { PaymentNextLine } from './PaymentNextLine.tsx';
import { useReasonWords } from './reason-words.ts';

/** One payment: where it stands, what happens next, what became of its money, and everything that happened to it (SPEC B2). */
export function PaymentPage() {
  useAuthenticated();
  const { id = '' } = useParams();
  const { data, error, refetch } = usePayment(id);
  if (!data) return error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  return <Shown payment={data} />;
}

function Shown({ payment }: { payment: PaymentWithEvents }) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.payments.${name}`, values);
  const title = word('one', { sum: spellMoney(payment.amount) });
  return (
    <Box sx={{ maxWidth: 860, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{title}</PageTitle>
      <Typography variant="h1">{title}</Typography>
      <Typography sx={{ mt: 0.5, ...(payment.state === 'review' ? { color: 'error.main', fontWeight: 600 } : {}) }}>
        {word(`states.${payment.state}`)}
      </Typography>
      <Typography data-what-next sx={{ color: 'text.secondary' }}>
        <PaymentNextLine payment={payment} />
      </Typography>
      <Ways payment={payment} />
      <Facts payment={payment} />
      {payment.state === 'succeeded' && (
        <Box sx={{ mt: 3 }}>
          <PaymentRefunds payment={payment.id} amount={payment.amount} stands={payment.chargedBackAt === null} />
        </Box>
      )}
      <Typography variant="h2" sx={{ mt: 3, mb: 1 }}>
        {word('life')}
      </Typography>
      <PaymentLife events={payment.events} currency={payment.amount.currency} />
    </Box>
  );
}

const linkStyle = { color: 'primary.main' } as const;

/** To its workflow; and the provider asked now, while he is asked at all. */
function Ways({ payment }: { payment: PaymentWithEvents }) {
  const translate = useTranslate();
  const may = useMay();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, rowGap: 1, mt: 1, alignItems: 'center' }}>
      {payment.next !== null && may('payment.ask') && <AskNow id={payment.id} />}
      {payment.workflowUrl !== null && (
        <Box
          component="a"
          href={payment.workflowUrl}
          target="_blank"
          rel="noopener noreferrer"
          sx={{ ...linkStyle, display: 'inline-flex', alignItems: 'center', gap: 0.5 }}
        >
          <StoryIcon sx={{ fontSize: 15 }} />
          {translate('kontor.next.story')}
        </Box>
      )}
    </Box>
  );
}

function AskNow({ id }: { id: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const carryOut = useCarryOut();
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    try {
      await carryOut(askAbout(id));
      notify(translate('kontor.payments.asked'), { type: 'success' });
    } catch (error) {
      notify(<FailureText error={error} />, { type: 'error', autoHideDuration: 10_000 });
    }
    setBusy(false);
  };
  return (
    <Button variant="outlined" disabled={busy} onClick={() => void ask()}>
      {translate('kontor.payments.ask')}
    </Button>
  );
}

function Facts({ payment }: { payment: Payment }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.payments.${name}`);
  const reason = useReasonWords();
  const facts: (readonly [string, ReactNode])[] = [
    [
      word('customer'),
      <Box key="customer" component={Link} to={customersAddress(payment.account.id)} sx={linkStyle}>
        {payment.account.name}
      </Box>,
    ],
    [word('begunBy'), payment.begunBy.name],
  ];
  if (payment.order !== null)
    facts.push([
      word('order'),
      <Box key="order" component={Link} to={`/orders/${payment.order}`} sx={linkStyle}>
        {payment.order}
      </Box>,
    ]);
  if (payment.unspent !== null) facts.push([word('unspent'), spellMoney(payment.unspent)]);
  if (payment.refunded.amountMinor > 0) facts.push([word('refunded'), spellMoney(payment.refunded)]);
  if (payment.chargedBackAt !== null) facts.push([word('chargedBack'), <Moment key="back" at={payment.chargedBackAt} as="moment" />]);
  if (payment.fee !== null) facts.push([word('fee'), spellMoney(payment.fee)]);
  if (payment.method !== null) facts.push([word('method'), translate(`kontor.payments.methods.${payment.method}`, { _: payment.method })]);
  if (payment.providerId !== null) facts.push([word('providerId'), payment.providerId]);
  if (payment.cancelledFor !== null) facts.push([word('cancelledFor'), reason(payment.cancelledFor)]);
  facts.push([word('number'), payment.id]);
  return (
    <Box
      component="dl"
      sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '190px 1fr' }, columnGap: 2, rowGap: 0.5, m: 0, mt: 2 }}
    >
      {facts.map(([name, fact]) => [
        <Box component="dt" key={`${name} name`} sx={{ color: 'text.secondary' }}>
          {name}
        </Box>,
        <Box component="dd" key={name} sx={{ m: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' }}>
          {fact}
        </Box>,
      ])}
    </Box>
  );
}

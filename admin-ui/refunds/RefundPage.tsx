import StoryIcon from '@mui/icons-material/AccountTreeOutlined';
import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router';
import { spellMoney } from '../../domain/money.ts';
import { customersAddress } from '../customers/customer-address.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Moment } from '../time/Moment.tsx';
import { paymentAddress, useRefund, type RefundWithEvents } from './refund-reads.ts';
import { RefundNextLine } from './RefundNextLine.tsx';

/** One refund: where it stands, why, and everything that happened to it (SPEC B7). */
export function RefundPage() {
  useAuthenticated();
  const { id = '' } = useParams();
  const { data, error, refetch } = useRefund(id);
  if (!data) return error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />;
  return <Shown refund={data} />;
}

function Shown({ refund }: { refund: RefundWithEvents }) {
  const translate = useTranslate();
  const word = (name: string, values: object = {}) => translate(`kontor.refunds.${name}`, values);
  const title = word('one', { sum: spellMoney(refund.amount) });
  return (
    <Box sx={{ maxWidth: 860, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{title}</PageTitle>
      <Typography variant="h1">{title}</Typography>
      <Typography sx={{ mt: 0.5 }}>{word(`states.${refund.state}`)}</Typography>
      <Typography data-what-next sx={{ color: 'text.secondary' }}>
        <RefundNextLine refund={refund} />
      </Typography>
      <Ways refund={refund} />
      <Facts refund={refund} />
      <Typography variant="h2" sx={{ mt: 3, mb: 1 }}>
        {word('life')}
      </Typography>
      <Box component="ol" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {refund.events.map((event, index) => (
          <Box
            component="li"
            // Two may happen at one instant: their place is what tells them apart.
            // oxlint-disable-next-line react/no-array-index-key
            key={`${event.at} ${index}`}
            sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, py: 0.75, borderTop: 1, borderColor: 'divider' }}
          >
            <Box sx={{ color: 'text.secondary', minWidth: 130, fontVariantNumeric: 'tabular-nums' }}>
              <Moment at={event.at} as="moment" />
            </Box>
            <Box sx={{ flex: '1 1 240px', overflowWrap: 'anywhere' }}>
              {translate(`kontor.refunds.events.${event.kind}`, { _: event.kind })}
              {event.person && <Box component="span" sx={{ color: 'text.secondary' }}>{` · ${event.person.name}`}</Box>}
              {event.data['why'] !== undefined && (
                <Box sx={{ color: 'text.secondary' }}>{word('providerSays', { why: event.data['why'] })}</Box>
              )}
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}

/** To where it is decided, and to its workflow. */
function Ways({ refund }: { refund: RefundWithEvents }) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, mt: 0.5 }}>
      {refund.state === 'awaiting_approval' && (
        <Box component={Link} to="/pending-actions" sx={linkStyle}>
          {translate('kontor.refunds.toApproval')}
        </Box>
      )}
      {refund.workflowUrl !== null && (
        <Box
          component="a"
          href={refund.workflowUrl}
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

const linkStyle = { color: 'primary.main' } as const;

function Facts({ refund }: { refund: RefundWithEvents }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.refunds.${name}`);
  const facts: (readonly [string, ReactNode])[] = [
    [
      word('customer'),
      <Box key="customer" component={Link} to={customersAddress(refund.account.id)} sx={linkStyle}>
        {refund.account.name}
      </Box>,
    ],
    [
      word('payment'),
      <Box key="payment" component={Link} to={paymentAddress(refund.payment)} sx={linkStyle}>
        {refund.payment}
      </Box>,
    ],
    [word('askedBy'), refund.askedBy?.name ?? word(`origin.${refund.origin}`)],
  ];
  if (refund.reason !== null) facts.push([word('reason'), refund.reason]);
  if (refund.providerId !== null) facts.push([word('providerId'), refund.providerId]);
  if (refund.cancelledFor !== null) facts.push([word('cancelledFor'), refund.cancelledFor]);
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

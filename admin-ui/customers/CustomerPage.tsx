import BackIcon from '@mui/icons-material/ArrowBack';
import { Box, IconButton, Tooltip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useAuthenticated, useTranslate } from 'react-admin';
import { Link, useNavigate, useParams } from 'react-router';
import { auditAddress } from '../audit/audit-filter.ts';
import { CustomerMoney } from '../finance/CustomerMoney.tsx';
import { FailurePage, ReadFailure } from '../failures/FailurePage.tsx';
import { useFailureWords } from '../failures/FailureText.tsx';
import { useKeys } from '../keys/keys.ts';
import { PageTitle } from '../layout/PageTitle.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { ChangeItem } from '../pending-actions/ChangeItem.tsx';
import { useWaitingChanges } from '../pending-actions/waiting-changes.ts';
import type { CustomerPage as Account } from '../server/answers.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import { useKontor } from '../server/use-kontor.ts';
import { AccountServiceLevel } from '../service-levels/AccountServiceLevel.tsx';
import { deskViewAddress } from '../tickets/desk-views.ts';
import { StatusWords } from '../tickets/StatusWords.tsx';
import { ticketAddress } from '../tickets/TicketTable.tsx';
import { WhatNextShort } from '../tickets/WhatNextLine.tsx';
import { Moment } from '../time/Moment.tsx';
import { useMay } from '../time/reader.ts';
import { customerQuery, openTicketsQuery } from './customer-queries.ts';
import { MemberTable } from './MemberTable.tsx';

/** An account: what will happen to its people's doors, who they are, their open tickets, who is invited (SPEC I1). */
export function CustomerPage() {
  useAuthenticated();
  const translate = useTranslate();
  const { id = '' } = useParams();
  const dataProvider = useKontor();
  const { data, error, refetch } = useQuery(customerQuery(dataProvider, decodeURIComponent(id)));
  if (data) return <LoadedCustomer key={data.id} customer={data} />;
  if (!error) return <SlowWait />;
  if (isRequestFailure(error) && error.kind === 'not_found')
    return <FailurePage action={<BackToList />}>{translate('kontor.customers.notFound')}</FailurePage>;
  return <ReadFailure error={error} retry={() => void refetch()} />;
}

function BackToList() {
  const translate = useTranslate();
  return (
    <Tooltip title={translate('kontor.customers.back')}>
      <IconButton size="small" component={Link} to="/customers" aria-label={translate('kontor.customers.back')}>
        <BackIcon fontSize="small" />
      </IconButton>
    </Tooltip>
  );
}

function LoadedCustomer({ customer }: { customer: Account }) {
  const translate = useTranslate();
  const navigate = useNavigate();
  useKeys([{ keys: 'g l', does: 'back', run: () => void navigate('/customers') }]);
  return (
    <Box sx={{ maxWidth: 1080, px: { xs: 2, md: 3 }, py: 2, display: 'flex', flexDirection: 'column', gap: 3 }}>
      <PageTitle>{customer.name}</PageTitle>
      <CustomerHead customer={customer} />
      <WaitingChanges customer={customer} />
      <Section title={translate('kontor.customers.members')}>
        <MemberTable members={customer.members} />
      </Section>
      <CustomerMoney account={customer.id} />
      <OpenTickets customer={customer} />
      <AccountServiceLevel account={customer} />
      {customer.invitations.length > 0 && (
        <Section title={translate('kontor.customers.invitations')}>
          <Invitations customer={customer} />
        </Section>
      )}
    </Box>
  );
}

function CustomerHead({ customer }: { customer: Account }) {
  const translate = useTranslate();
  const may = useMay();
  return (
    <Box component="header" sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
      <BackToList />
      <Box sx={{ minWidth: 0, flex: 1, pt: 0.25 }}>
        <Typography variant="h1" sx={{ overflowWrap: 'anywhere' }}>
          {customer.name}
        </Typography>
        <Box sx={{ color: 'text.secondary', fontSize: 13, mt: 0.25, display: 'flex', flexWrap: 'wrap', columnGap: 1.5 }}>
          <span>
            {translate('kontor.customers.since')} <Moment at={customer.createdAt} />
          </span>
          <span>
            {translate('kontor.customers.currency')}: {customer.currency}
          </span>
          {customer.city !== null && (
            <Box component="span" sx={{ overflowWrap: 'anywhere' }}>
              {translate('kontor.customers.city')}: {customer.city}
            </Box>
          )}
          <Box component="span" sx={{ overflowWrap: 'anywhere' }}>
            {customer.id}
          </Box>
          {may('audit.read') && (
            <Box component={Link} to={auditAddress({ object: `account:${customer.id}` })} sx={{ color: 'primary.main' }}>
              {translate('kontor.customers.auditOfAccount')}
            </Box>
          )}
        </Box>
      </Box>
    </Box>
  );
}

/** What will happen to the members' doors: it stands above everything else while something waits. */
function WaitingChanges({ customer }: { customer: Account }) {
  const translate = useTranslate();
  const members = new Set(customer.members.map(({ id }) => id));
  const waiting = useWaitingChanges()?.filter(({ user }) => user !== null && members.has(user.id)) ?? [];
  if (waiting.length === 0) return null;
  return (
    <Section title={translate('kontor.customers.next')}>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, borderBottom: 1, borderColor: 'divider' }}>
        {waiting.map((change) => (
          <ChangeItem key={change.id} change={change} />
        ))}
      </Box>
    </Section>
  );
}

function OpenTickets({ customer }: { customer: Account }) {
  const translate = useTranslate();
  const failureWords = useFailureWords();
  const dataProvider = useKontor();
  const { data, error } = useQuery(openTicketsQuery(dataProvider, customer.id));
  return (
    <Section
      title={translate('kontor.customers.tickets')}
      more={
        <Box component={Link} to={deskViewAddress('active', { account: customer.id })} sx={{ color: 'primary.main', fontSize: 13 }}>
          {translate('kontor.customers.allTickets')}
        </Box>
      }
    >
      {error && !data && <Box role="alert">{failureWords(error)}</Box>}
      {data?.items.length === 0 && <Box sx={{ color: 'text.secondary' }}>{translate('kontor.customers.noTickets')}</Box>}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, fontSize: 13 }}>
        {data?.items.map((ticket) => (
          <Box
            component="li"
            key={ticket.id}
            sx={{
              display: 'flex',
              flexWrap: 'wrap',
              columnGap: 1.5,
              minHeight: 36,
              py: 0.75,
              alignItems: 'center',
              borderTop: 1,
              borderColor: 'divider',
            }}
          >
            <Box
              component={Link}
              to={ticketAddress(ticket.number)}
              sx={{
                flex: '1 1 260px',
                minWidth: 0,
                color: 'text.primary',
                textDecoration: 'none',
                overflowWrap: 'anywhere',
                '&:hover': { textDecoration: 'underline' },
              }}
            >
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {ticket.number}
              </Box>{' '}
              {ticket.subject}
            </Box>
            <StatusWords status={ticket.status} />
            <Box sx={{ color: 'text.secondary' }}>
              <WhatNextShort ticket={ticket} />
            </Box>
          </Box>
        ))}
      </Box>
    </Section>
  );
}

function Invitations({ customer }: { customer: Account }) {
  const translate = useTranslate();
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, fontSize: 13 }}>
      {customer.invitations.map(({ id, email, role, createdAt, expiresAt }) => (
        <Box component="li" key={id} sx={{ py: 1, borderTop: 1, borderColor: 'divider', overflowWrap: 'anywhere' }}>
          {email} · {translate(`kontor.roles.customer.${role}`)}
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {' · '}
            {translate('kontor.customers.invited')} <Moment at={createdAt} />
            {' · '}
            {translate('kontor.customers.expires')} <Moment at={expiresAt} as="moment" />
          </Box>
        </Box>
      ))}
    </Box>
  );
}

function Section({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) {
  return (
    <section>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', alignItems: 'baseline', gap: 2, mb: 0.75 }}>
        <Typography variant="h2">{title}</Typography>
        {more}
      </Box>
      {children}
    </section>
  );
}

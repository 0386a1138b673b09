import EmailIcon from '@mui/icons-material/AlternateEmailOutlined';
import FactorIcon from '@mui/icons-material/PhonelinkEraseOutlined';
import { Box, Button, Typography } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { customersAddress } from '../customers/customer-address.ts';
import type { WaitingChange } from '../server/answers.ts';
import { ticketAddress } from '../tickets/TicketTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { useNow } from '../time/now.ts';
import { useMay, useReader } from '../time/reader.ts';
import { ApprovalDialog, WithdrawalDialog } from './ChangeDialogs.tsx';
import { ChangeNextLine } from './ChangeNextLine.tsx';
import { isCooling } from './what-next.ts';

/** A change that waits: whose, from what to what, what happens next, who began it and why, and what may be done. */
export function ChangeItem({ change }: { change: WaitingChange }) {
  const translate = useTranslate();
  const Icon = change.kind === 'email_change' ? EmailIcon : FactorIcon;
  return (
    <Box
      component="li"
      data-change={change.id}
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, py: 2, borderTop: 1, borderColor: 'divider' }}
    >
      <Box sx={{ flex: '1 1 320px', minWidth: 0 }}>
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'baseline' }}>
          <Icon sx={{ fontSize: 16, color: 'text.secondary', alignSelf: 'center', flexShrink: 0 }} />
          <Typography variant="h2" component="h3" sx={{ fontSize: 14, overflowWrap: 'anywhere' }}>
            {translate(`kontor.changes.kind.${change.kind}`)}:{' '}
            {change.user && (
              <Box component={Link} to={customersAddress(change.user.id)} data-row sx={{ color: 'primary.main' }}>
                {change.user.name}
              </Box>
            )}
          </Typography>
        </Box>
        {change.newEmail !== null && (
          <Box sx={{ mt: 0.5, overflowWrap: 'anywhere' }}>
            {translate('kontor.changes.addresses', { before: change.oldEmail, after: change.newEmail })}
          </Box>
        )}
        <Box sx={{ mt: 0.5 }} data-what-next>
          <ChangeNextLine change={change} />
        </Box>
        <Because change={change} />
      </Box>
      <Deeds change={change} />
    </Box>
  );
}

/** Who began it, when, where and why; who approved it. */
function Because({ change }: { change: WaitingChange }) {
  const translate = useTranslate();
  const { begunBy, user, ticketNumber, reason, approvedBy, confirmedAt } = change;
  const facts: ReactNode[] = [
    <span key="begun">
      {begunBy && begunBy.id !== user?.id
        ? translate('kontor.changes.begunBy', { name: begunBy.name })
        : translate('kontor.changes.begunBySelf')}
      {', '}
      <Moment at={change.begunAt} />
      {ticketNumber !== null && (
        <>
          {`, ${translate('kontor.changes.inTicket')} `}
          <Box component={Link} to={ticketAddress(ticketNumber)} sx={{ color: 'primary.main' }}>
            {ticketNumber}
          </Box>
        </>
      )}
    </span>,
  ];
  if (confirmedAt !== null) facts.push(<span key="confirmed">{translate('kontor.changes.confirmed')}</span>);
  if (approvedBy) facts.push(<span key="approved">{translate('kontor.changes.approvedBy', { name: approvedBy.name })}</span>);
  return (
    <Box sx={{ mt: 0.5, fontSize: 13, color: 'text.secondary' }}>
      {facts.map((fact, at) => [at > 0 && ' · ', fact])}
      {reason !== null && <Box sx={{ mt: 0.25, overflowWrap: 'anywhere' }}>{translate('kontor.changes.because', { reason })}</Box>}
    </Box>
  );
}

/** Exactly what the API offers; who began it himself is told why he is not offered to approve it. */
function Deeds({ change }: { change: WaitingChange }) {
  const translate = useTranslate();
  const now = useNow();
  const may = useMay();
  const { id: me } = useReader();
  const [asking, setAsking] = useState<'approve' | 'withdraw'>();
  const close = () => setAsking(undefined);
  const own = change.begunBy?.id === me && isCooling(change, now) && may('pending_action.approve');
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 0.75, alignItems: { xs: 'flex-start', md: 'flex-end' } }}>
      <Box sx={{ display: 'flex', gap: 1 }}>
        {change.allowedActions.includes('approve') && (
          <Button variant="outlined" onClick={() => setAsking('approve')}>
            {translate('kontor.changes.approve')}
          </Button>
        )}
        {change.allowedActions.includes('withdraw') && (
          <Button variant="outlined" color="inherit" sx={{ borderColor: 'divider' }} onClick={() => setAsking('withdraw')}>
            {translate('kontor.changes.withdraw')}
          </Button>
        )}
      </Box>
      {own && (
        <Box sx={{ fontSize: 13, color: 'text.secondary', maxWidth: { md: 200 }, textAlign: { md: 'right' } }}>
          {translate('kontor.changes.own')}
        </Box>
      )}
      {asking === 'approve' && <ApprovalDialog change={change} onClose={close} />}
      {asking === 'withdraw' && <WithdrawalDialog change={change} onClose={close} />}
    </Box>
  );
}

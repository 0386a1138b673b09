import { Box } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { openTicketsQuery } from '../../customers/customer-queries.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { useKontor } from '../../server/use-kontor.ts';
import { deskViewAddress } from '../desk-views.ts';
import { StatusWords } from '../StatusWords.tsx';
import { ticketAddress } from '../TicketTable.tsx';
import { linkStyle, PanelSection } from './PanelSection.tsx';

/** The customer's other open tickets with their states, beside the conversation (SPEC T13). */
export function Customer({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const dataProvider = useKontor();
  const { data } = useQuery(openTicketsQuery(dataProvider, ticket.account.id));
  if (!data) return null;
  const others = data.items.filter(({ number }) => number !== ticket.number);
  return (
    <PanelSection
      title={translate('kontor.desk.customer.title')}
      action={
        <Box component={Link} to={deskViewAddress('active', { account: ticket.account.id })} sx={linkStyle}>
          {translate('kontor.desk.customer.all')}
        </Box>
      }
    >
      {others.length === 0 && <Box sx={{ color: 'text.secondary' }}>{translate('kontor.desk.customer.none')}</Box>}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'flex', flexDirection: 'column', gap: 0.75 }}>
        {others.map((other) => (
          <li key={other.number} data-other-ticket={other.number}>
            <Box component={Link} to={ticketAddress(other.number)} sx={{ ...linkStyle, overflowWrap: 'anywhere' }}>
              {other.number} {other.subject}
            </Box>
            <Box sx={{ fontSize: 12 }}>
              <StatusWords status={other.status} />
            </Box>
          </li>
        ))}
      </Box>
    </PanelSection>
  );
}

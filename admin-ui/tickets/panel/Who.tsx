import { Box, Typography } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { customerAddress } from '../../customers/customer-address.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { linkStyle, PanelSection } from './PanelSection.tsx';

/** Who opened it, and of which account. */
export function Who({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  return (
    <PanelSection title={translate('kontor.panel.customer')}>
      <Typography sx={{ fontWeight: 650, fontSize: 15 }}>{ticket.openedBy.name}</Typography>
      <Box component="a" href={`mailto:${ticket.openedBy.email}`} sx={{ ...linkStyle, overflowWrap: 'anywhere' }}>
        {ticket.openedBy.email}
      </Box>
      <Box sx={{ mt: 0.25 }}>
        <Box component={Link} to={customerAddress(ticket.account.id)} sx={linkStyle}>
          {ticket.account.name}
        </Box>
      </Box>
    </PanelSection>
  );
}

import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import type { StaffTicketPage } from '../../server/answers.ts';
import { ticketAddress } from '../TicketTable.tsx';
import { Fact, Facts, linkStyle, PanelSection } from './PanelSection.tsx';

/** The tickets that this one cites, and those that cite it. */
export function Links({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  if (ticket.cites.length + ticket.citedBy.length === 0) return null;
  return (
    <PanelSection title={translate('kontor.panel.links')}>
      <Facts>
        <Numbers name={translate('kontor.panel.cites')} numbers={ticket.cites} />
        <Numbers name={translate('kontor.panel.citedBy')} numbers={ticket.citedBy} />
      </Facts>
    </PanelSection>
  );
}

function Numbers({ name, numbers }: { name: string; numbers: readonly string[] }) {
  if (numbers.length === 0) return null;
  return (
    <Fact name={name}>
      {numbers.map((number) => (
        <Box key={number} component={Link} to={ticketAddress(number)} sx={{ ...linkStyle, mr: 1 }}>
          {number}
        </Box>
      ))}
    </Fact>
  );
}

import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import type { StaffTicketPage } from '../../server/answers.ts';
import { mergedTicketAddress } from '../MergeNotice.tsx';
import { ticketAddress } from '../TicketTable.tsx';
import { Fact, Facts, linkStyle, PanelSection } from './PanelSection.tsx';

/** The tickets that this one cites, and those that cite it. */
export function Links({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  if (ticket.cites.length + ticket.citedBy.length + ticket.mergedFrom.length === 0 && ticket.splitFrom === null) return null;
  return (
    <PanelSection title={translate('kontor.panel.links')}>
      <Facts>
        <Numbers name={translate('kontor.panel.cites')} numbers={ticket.cites} />
        <Numbers name={translate('kontor.panel.citedBy')} numbers={ticket.citedBy} />
        <Numbers name={translate('kontor.desk.merge.merged')} numbers={ticket.mergedFrom} addressOf={mergedTicketAddress} />
        <Numbers name={translate('kontor.desk.merge.splitFrom')} numbers={ticket.splitFrom === null ? [] : [ticket.splitFrom]} />
      </Facts>
    </PanelSection>
  );
}

interface Tied {
  readonly name: string;
  readonly numbers: readonly string[];
  readonly addressOf?: (number: string) => string;
}

function Numbers({ name, numbers, addressOf = ticketAddress }: Tied) {
  if (numbers.length === 0) return null;
  return (
    <Fact name={name}>
      {numbers.map((number) => (
        <Box key={number} component={Link} to={addressOf(number)} sx={{ ...linkStyle, mr: 1 }}>
          {number}
        </Box>
      ))}
    </Fact>
  );
}

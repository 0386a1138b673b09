import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { StaffTicketPage } from '../../server/answers.ts';
import { Moment } from '../../time/Moment.tsx';
import { PriorityWords, StatusWords } from '../StatusWords.tsx';
import { Fact, Facts, PanelSection } from './PanelSection.tsx';

/** What the ticket is: its state as both sides read it, its queue, who looks after it, and since when. */
export function About({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  return (
    <PanelSection title={translate('kontor.panel.about')}>
      <Facts>
        <Fact name={translate('kontor.list.status')}>
          <StatusWords status={ticket.status} />
          <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{translate('kontor.customerReads', { text: ticket.statusText })}</Box>
        </Fact>
        <Fact name={translate('kontor.list.category')}>{ticket.categoryName}</Fact>
        <Fact name={translate('kontor.list.priority')}>
          <PriorityWords priority={ticket.priority} />
        </Fact>
        <Fact name={translate('kontor.list.assignee')}>{ticket.assignee?.name ?? translate('kontor.list.nobody')}</Fact>
        <Fact name={translate('kontor.panel.opened')}>
          <Moment at={ticket.createdAt} as="moment" />
        </Fact>
        {ticket.closedAt !== null && (
          <Fact name={translate('kontor.panel.closed')}>
            <Moment at={ticket.closedAt} as="moment" />
          </Fact>
        )}
      </Facts>
    </PanelSection>
  );
}

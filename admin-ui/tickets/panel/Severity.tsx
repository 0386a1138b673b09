import { Box, Button } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { SeverityDecision } from '../../../domain/severity.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { useKontor } from '../../server/use-kontor.ts';
import { Moment } from '../../time/Moment.tsx';
import { useMay } from '../../time/reader.ts';
import { SeverityDialog } from '../SeverityDialog.tsx';
import { Claim, SeverityMark } from '../SeverityMark.tsx';
import { historyQuery } from '../ticket-queries.ts';
import { PanelSection } from './PanelSection.tsx';

/** The sentence with which it was claimed last, as far as the history that is read goes back. */
function useClaim(number: string): string | undefined {
  const { data } = useQuery(historyQuery(useKontor(), useQueryClient(), number));
  const sentence = data?.items.findLast(({ what }) => what === 'severity_claimed')?.data['sentence'];
  return typeof sentence === 'string' ? sentence : undefined;
}

/** That the customer says nobody can use the product, since when, and what staff say to it (SPEC T14). */
export function Severity({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const may = useMay();
  const [deciding, setDeciding] = useState<SeverityDecision>();
  const claim = useClaim(ticket.number);
  const { severity } = ticket;
  if (!severity) return null;
  const mayDecide = may('ticket.severity') && ticket.status !== 'archived';
  return (
    <PanelSection title={translate('kontor.severity.title')}>
      <SeverityMark severity={severity} />
      <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
        {translate('kontor.severity.since')} <Moment at={severity.claimedAt} as="moment" />
      </Box>
      {claim !== undefined && <Claim>{claim}</Claim>}
      {mayDecide && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 0.75 }}>
          {severity.state !== 'confirmed' && (
            <Button size="small" variant="outlined" onClick={() => setDeciding('confirm')}>
              {translate('kontor.severity.confirm')}
            </Button>
          )}
          {severity.state !== 'refused' && (
            <Button size="small" variant="outlined" onClick={() => setDeciding('refuse')}>
              {translate(`kontor.severity.${severity.state === 'confirmed' ? 'takeBack' : 'refuse'}`)}
            </Button>
          )}
        </Box>
      )}
      {deciding && <SeverityDialog number={ticket.number} decision={deciding} claim={claim} onClose={() => setDeciding(undefined)} />}
    </PanelSection>
  );
}

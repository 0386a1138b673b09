import { Box, Button } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { SeverityDecision } from '../../../domain/severity.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { Moment } from '../../time/Moment.tsx';
import { useMay } from '../../time/reader.ts';
import { SeverityDialog } from '../SeverityDialog.tsx';
import { SeverityMark } from '../SeverityMark.tsx';
import { PanelSection } from './PanelSection.tsx';

/** That the customer says nobody can use the product, since when, and what staff say to it (SPEC T14). */
export function Severity({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const may = useMay();
  const [deciding, setDeciding] = useState<SeverityDecision>();
  const { severity } = ticket;
  if (!severity) return null;
  const mayDecide = may('ticket.severity') && ticket.status !== 'archived';
  return (
    <PanelSection title={translate('kontor.severity.title')}>
      <SeverityMark severity={severity} />
      <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
        {translate('kontor.severity.since')} <Moment at={severity.claimedAt} as="moment" />
      </Box>
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
      {deciding && <SeverityDialog number={ticket.number} decision={deciding} onClose={() => setDeciding(undefined)} />}
    </PanelSection>
  );
}

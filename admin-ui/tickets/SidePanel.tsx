import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { StaffTicketPage } from '../server/answers.ts';
import { panelSections } from './panel/panel-sections.ts';

/** Who asks, what about, and the ticket's whole life, beside the conversation. */
export function SidePanel({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  return (
    <Box
      component="aside"
      aria-label={translate('kontor.panel.label')}
      tabIndex={0}
      sx={{
        height: '100%',
        overflowY: 'auto',
        px: 2.5,
        py: 2,
        display: 'flex',
        flexDirection: 'column',
        gap: 2.5,
        fontSize: 13,
        outlineOffset: '-2px !important',
      }}
    >
      {panelSections.map(({ name, Part }) => (
        <Part key={name} ticket={ticket} />
      ))}
    </Box>
  );
}

import CriticalIcon from '@mui/icons-material/PriorityHighOutlined';
import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { visuallyHidden } from '../layout/visually-hidden.ts';
import type { StaffTicket } from '../server/answers.ts';

/** That a ticket is critical, or said to be; a refused claim is told quietly. */
export function SeverityMark({ severity }: { severity: NonNullable<StaffTicket['severity']> }) {
  const translate = useTranslate();
  const refused = severity.state === 'refused';
  return (
    <Box
      component="span"
      data-severity={severity.state}
      sx={{
        display: 'inline-flex',
        verticalAlign: 'text-bottom',
        alignItems: 'center',
        gap: 0.25,
        fontSize: 13,
        fontWeight: refused ? 400 : 650,
        color: refused ? 'text.secondary' : 'text.primary',
        whiteSpace: 'nowrap',
      }}
    >
      {!refused && <CriticalIcon sx={{ fontSize: 16 }} />}
      {translate(`kontor.severity.state.${severity.state}`)}
    </Box>
  );
}

/** In lists, before the subject: what is critical, or waits to be called so, is seen first; a refused claim is not. The sign alone: a row is short. */
export function RaisedSeverity({ ticket: { severity } }: { ticket: Pick<StaffTicket, 'severity'> }) {
  const translate = useTranslate();
  if (!severity || severity.state === 'refused') return null;
  const words = translate(`kontor.severity.state.${severity.state}`);
  return (
    <Box component="span" data-severity={severity.state} title={words} sx={{ mr: 0.5 }}>
      <CriticalIcon sx={{ fontSize: 16, verticalAlign: 'text-bottom' }} />
      <Box component="span" sx={visuallyHidden}>
        {words}.
      </Box>
    </Box>
  );
}

/** What the customer said when he claimed it: whoever decides has it before him. */
export function Claim({ children }: { children: string }) {
  return (
    <Box
      component="blockquote"
      sx={{ m: 0, mt: 0.5, pl: 1, borderLeft: 2, borderColor: 'divider', fontSize: 13, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
    >
      {children}
    </Box>
  );
}

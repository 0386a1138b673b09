import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { cardsStyle } from '../lists/table-style.ts';
import type { AuditLine } from '../server/answers.ts';
import { Moment } from '../time/Moment.tsx';
import { Changes, CopyRequestId, Thing, What, Who, Whom } from './AuditParts.tsx';

/** The audit's lines on a narrow screen: the same words, one under the other. */
export function AuditCards({ lines }: { lines: readonly AuditLine[] }) {
  const translate = useTranslate();
  return (
    <Box component="ul" aria-label={translate('kontor.audit.label')} sx={cardsStyle}>
      {lines.map((line) => (
        <Box component="li" key={line.id} sx={{ px: 2, py: 1.25, overflowWrap: 'anywhere' }}>
          <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1, fontSize: 12, color: 'text.secondary' }}>
            <span>
              <Who line={line} />
            </span>
            <Moment at={line.at} />
          </Box>
          <Box sx={{ fontSize: 15, my: 0.25 }}>
            <What line={line} />
          </Box>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, alignItems: 'center' }}>
            <Thing line={line} />
            {line.whom && (
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {translate('kontor.audit.whom')}: <Whom line={line} />
              </Box>
            )}
          </Box>
          <Changes line={line} />
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, fontSize: 12, color: 'text.secondary' }}>
            {line.address}
            {line.requestId !== null && <CopyRequestId id={line.requestId} />}
          </Box>
        </Box>
      ))}
    </Box>
  );
}

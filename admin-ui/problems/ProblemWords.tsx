import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { Problem } from './problem-reads.ts';

/** What it is and where it stands, in words. */
export function ProblemWords({ problem: { kind, status, fixedIn } }: { problem: Pick<Problem, 'kind' | 'status' | 'fixedIn'> }) {
  const translate = useTranslate();
  return (
    <Box component="span" sx={{ fontSize: 13 }}>
      {translate(`kontor.problems.kind.${kind}`)}
      {' · '}
      {translate(`kontor.problems.status.${kind}.${status}`, { version: fixedIn ?? '' })}
    </Box>
  );
}

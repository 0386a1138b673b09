import { Box, Button } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { ProblemWords } from '../../problems/ProblemWords.tsx';
import { problemAddress, useProblemsOf } from '../../problems/problem-reads.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { useMay } from '../../time/reader.ts';
import { LinkProblemDialog } from '../../problems/LinkProblemDialog.tsx';
import { linkStyle, PanelSection } from './PanelSection.tsx';

/** The problems and wishes that the ticket is about, and the way to link one (SPEC T20). */
export function Problems({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const may = useMay();
  const [linking, setLinking] = useState(false);
  const { data } = useProblemsOf(ticket.number);
  const manages = may('problem.manage');
  if (!data || (data.length === 0 && !manages)) return null;
  return (
    <PanelSection
      title={translate('kontor.problems.panel')}
      action={
        manages && (
          <Button size="small" onClick={() => setLinking(true)}>
            {translate('kontor.problems.link')}
          </Button>
        )
      }
    >
      {data.length === 0 && <Box sx={{ color: 'text.secondary' }}>{translate('kontor.problems.none')}</Box>}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {data.map((problem) => (
          <Box component="li" key={problem.id} sx={{ py: 0.25 }}>
            <Box component={Link} to={problemAddress(problem.id)} sx={{ ...linkStyle, overflowWrap: 'anywhere' }}>
              {problem.internalTitle}
            </Box>
            <Box sx={{ color: 'text.secondary' }}>
              <ProblemWords problem={problem} />
            </Box>
          </Box>
        ))}
      </Box>
      {linking && <LinkProblemDialog number={ticket.number} linked={data.map(({ id }) => id)} onClose={() => setLinking(false)} />}
    </PanelSection>
  );
}

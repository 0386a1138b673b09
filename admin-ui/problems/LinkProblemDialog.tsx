import { Box, FormControlLabel, Radio, RadioGroup } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { SearchField } from '../lists/SearchField.tsx';
import { inPath } from '../server/wish.ts';
import { ProblemWords } from './ProblemWords.tsx';
import { useProblems } from './problem-reads.ts';

/** Finds a problem or a wish by its words, and links the ticket to it. */
export function LinkProblemDialog({ number, linked, onClose }: { number: string; linked: readonly string[]; onClose: () => void }) {
  const translate = useTranslate();
  const [q, setQ] = useState('');
  const [missing, setMissing] = useState(false);
  const { data } = useProblems(q === '' ? {} : { q });
  const found = (data?.pages[0]?.items ?? []).filter(({ id }) => !linked.includes(id)).slice(0, 20);
  const word = (name: string) => translate(`kontor.problems.linking.${name}`, { number });
  return (
    <ConfirmDialog
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      size="sm"
      wish={(form) => {
        const id = formText(form, 'problem');
        setMissing(id === '');
        return id === '' ? undefined : { method: 'POST', path: `/problems/${inPath(id)}/tickets`, body: { number } };
      }}
      onClose={onClose}
    >
      <Box sx={{ mb: 1.5 }}>{word('text')}</Box>
      <SearchField label={translate('kontor.problems.search')} value={q} onChange={setQ} />
      <RadioGroup name="problem" aria-label={word('found')} sx={{ mt: 1.5 }}>
        {found.map((problem) => (
          <FormControlLabel
            key={problem.id}
            value={problem.id}
            control={<Radio size="small" />}
            label={
              <>
                {problem.internalTitle}
                <Box sx={{ color: 'text.secondary' }}>
                  <ProblemWords problem={problem} />
                </Box>
              </>
            }
            sx={{ alignItems: 'flex-start', '& .MuiRadio-root': { py: 0.25 } }}
          />
        ))}
      </RadioGroup>
      {data && found.length === 0 && <Box sx={{ color: 'text.secondary' }}>{word('nothing')}</Box>}
      {missing && (
        <Box role="alert" sx={{ mt: 1, color: 'error.main' }}>
          {word('missing')}
        </Box>
      )}
    </ConfirmDialog>
  );
}

import { Box, MenuItem, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { problemKinds } from '../../domain/problem.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { TextPair, textsOf } from '../lists/TextPair.tsx';
import { inPath, type Wish } from '../server/wish.ts';
import { StandingFields, standingOf } from './StandingFields.tsx';
import type { Problem } from './problem-reads.ts';

interface Form {
  readonly problem: Problem | undefined;
  readonly onSaved?: (id: string) => void;
  readonly onClose: () => void;
}

/** Adds a problem or a wish, or changes one: what staff call it, what customers read, and where it stands (SPEC T20). */
export function ProblemDialog({ problem, onSaved, onClose }: Form) {
  const translate = useTranslate();
  const [missing, setMissing] = useState(false);
  const word = (name: string) => translate(`kontor.problems.form.${name}`);
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const body = bodyOf(form);
    setMissing(!body);
    if (!body) return undefined;
    return problem
      ? { method: 'PATCH', path: `/problems/${inPath(problem.id)}`, body, revision: problem.revision }
      : { method: 'POST', path: '/problems', body };
  };
  return (
    <ConfirmDialog
      title={word(problem ? 'editTitle' : 'addTitle')}
      submit={word('submit')}
      done={word('done')}
      size="lg"
      wish={wish}
      onDone={(answer) => onSaved?.((answer as Problem).id)}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '200px minmax(0, 1fr)' } }}>
          <TextField
            select
            name="kind"
            size="small"
            label={translate('kontor.problems.filter.kind')}
            defaultValue={problem?.kind ?? 'problem'}
          >
            {problemKinds.map((kind) => (
              <MenuItem key={kind} value={kind}>
                {translate(`kontor.problems.kind.${kind}`)}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            name="internalTitle"
            size="small"
            label={word('internalTitle')}
            helperText={word('internalHint')}
            defaultValue={problem?.internalTitle ?? ''}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
        </Box>
        <TextPair name="title" label={word('title')} value={problem?.title} maxLength={200} />
        <TextPair name="text" label={word('text')} value={problem?.text} maxLength={8_000} rows={5} />
        <StandingFields standing={problem} />
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

function bodyOf(form: HTMLFormElement): object | undefined {
  const [internalTitle, title, text] = [formText(form, 'internalTitle').trim(), textsOf(form, 'title'), textsOf(form, 'text')];
  const standing = standingOf(form);
  if (internalTitle === '' || !title || !text || !standing) return undefined;
  return { kind: formText(form, 'kind'), internalTitle, title, text, ...standing };
}

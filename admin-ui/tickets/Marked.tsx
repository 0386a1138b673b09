import { Box } from '@mui/material';
import { Fragment, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import type { StaffTicketRow } from '../server/answers.ts';

/** A text with the words marked that a search found it by. */
export function Marked({ text, marks }: { text: string; marks: readonly (readonly number[])[] }): ReactNode {
  const ends = marks.map(([start = 0, length = 0]) => start + length);
  return (
    <Box
      component="span"
      sx={{ '& mark': { bgcolor: 'action.selected', color: 'inherit', fontWeight: 600, borderRadius: 0.5, px: '2px', mx: '-2px' } }}
    >
      {marks.map(([start = 0], at) => (
        <Fragment key={start}>
          {text.slice(ends[at - 1] ?? 0, start)}
          <mark>{text.slice(start, ends[at])}</mark>
        </Fragment>
      ))}
      {text.slice(ends.at(-1) ?? 0)}
    </Box>
  );
}

/** What was said where the words stand, in a line or two below the subject. */
export function Excerpt({ hit }: Pick<StaffTicketRow, 'hit'>) {
  const translate = useTranslate();
  if (!hit?.excerpt) return null;
  const { text, marks, note } = hit.excerpt;
  return (
    <Box
      component="span"
      sx={{
        display: 'block',
        fontSize: 12.5,
        fontWeight: 400,
        color: 'text.secondary',
        whiteSpace: 'normal',
        overflowWrap: 'anywhere',
      }}
    >
      {note && `🔒 ${translate('kontor.search.inNote')}: `}
      <Marked text={text} marks={marks} />
    </Box>
  );
}

import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { DayKind } from './calendar-words.ts';
import { gridStyle } from './year-style.ts';

const kinds: readonly DayKind[] = ['working', 'free', 'day_off', 'worked', 'short', 'worked_short'];

/** What the marks of a year mean: each beside the words for it. */
export function YearLegend({ isEditable, isCompared }: { isEditable: boolean; isCompared: boolean }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.calendars.year.${name}`);
  const others = [
    ...(isCompared ? [{ mark: { 'data-different': true }, words: word('different') }] : []),
    ...(isEditable ? [{ mark: { 'data-edited': true }, words: word('edited') }] : []),
    { mark: { 'data-today': true }, words: word('today') },
  ];
  return (
    <Box component="section" aria-label={word('legend')} sx={{ mt: 2 }}>
      <Box
        component="ul"
        sx={{ ...gridStyle, listStyle: 'none', m: 0, p: 0, display: 'flex', flexWrap: 'wrap', columnGap: 2, rowGap: 0.75 }}
      >
        {kinds.map((kind) => (
          <Entry key={kind} mark={{ 'data-kind': kind }} words={word(`kind.${kind}`)} />
        ))}
        {others.map(({ mark, words }) => (
          <Entry key={words} mark={{ 'data-kind': 'working', ...mark }} words={words} />
        ))}
      </Box>
    </Box>
  );
}

function Entry({ mark, words }: { mark: object; words: string }) {
  return (
    <Box component="li" sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: 12, color: 'text.secondary' }}>
      <span className="day" aria-hidden {...mark}>
        4
      </span>
      {words}
    </Box>
  );
}

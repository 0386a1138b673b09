import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { Terms } from './service-level-reads.ts';

/** What is promised, in words: both targets, and the working time that they are counted in. */
export function PromiseWords({ terms }: { terms: Pick<Terms, 'response' | 'criticalFix' | 'workingTime' | 'calendar'> }) {
  const translate = useTranslate();
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.servicePlans.promise.${name}`, values);
  return (
    <Box data-promise>
      {(['response', 'criticalFix'] as const).map((target) => (
        <div key={target}>
          {word(target)}:{' '}
          {terms[target] ? (
            <Box component="span" sx={{ fontWeight: 600 }}>
              {terms[target].words}
            </Box>
          ) : (
            word('none')
          )}
        </div>
      ))}
      <Box sx={{ color: 'text.secondary' }}>
        {word('time')}: {terms.workingTime.words}, {word('calendar', { name: terms.calendar.name })}
      </Box>
    </Box>
  );
}

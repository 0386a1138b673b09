import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { useId } from 'react';
import { useTranslate } from 'react-admin';
import { useFailureWords } from '../failures/FailureText.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { Moment } from '../time/Moment.tsx';
import { useVersions, type CalendarVersion, type UsedCalendar } from './calendar-reads.ts';
import { DifferenceWords } from './DifferenceWords.tsx';

/** What a calendar has been: versions never change, and deadlines go on naming them. */
export function CalendarVersionsDialog({ calendar, onClose }: { calendar: UsedCalendar; onClose: () => void }) {
  const translate = useTranslate();
  const failureWords = useFailureWords();
  const titleId = useId();
  const { data, error, hasNextPage, fetchNextPage } = useVersions(calendar.id);
  const word = (key: string) => translate(`kontor.calendars.versions.${key}`, { name: calendar.name });
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" aria-labelledby={titleId}>
      <DialogTitle id={titleId}>{word('title')}</DialogTitle>
      <DialogContent sx={{ fontSize: 14 }}>
        <Box sx={{ color: 'text.secondary', mb: 1 }}>{word('hint')}</Box>
        {!data && (error ? <Box role="alert">{failureWords(error)}</Box> : <SlowWait />)}
        <Box component="ol" reversed sx={{ listStyle: 'none', p: 0, m: 0 }}>
          {data?.pages
            .flatMap(({ items }) => items)
            .map((version) => (
              <OneVersion key={version.version} version={version} isPresent={version.version === calendar.version} />
            ))}
        </Box>
        {hasNextPage && <Button onClick={() => void fetchNextPage()}>{word('more')}</Button>}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" autoFocus onClick={onClose}>
          {word('close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function OneVersion({ version, isPresent }: { version: CalendarVersion; isPresent: boolean }) {
  const translate = useTranslate();
  const word = (key: string, values: object = {}) => translate(`kontor.calendars.versions.${key}`, values);
  const { madeBy, madeAt, note, difference } = version;
  return (
    <Box component="li" data-version={version.version} sx={{ py: 1.25, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ fontWeight: 600 }}>
        {word('version', { version: version.version })}
        {isPresent && (
          <Box component="span" sx={{ fontWeight: 400, color: 'text.secondary' }}>
            {' '}
            · {word('present')}
          </Box>
        )}
      </Box>
      <Box sx={{ color: 'text.secondary' }}>
        {madeBy ? (
          <>
            {word('by', { name: madeBy.name })} · <Moment at={madeAt} as="moment" />
          </>
        ) : (
          word('came')
        )}
      </Box>
      {note !== null && <Box sx={{ overflowWrap: 'anywhere' }}>{note}</Box>}
      {difference && <DifferenceWords difference={difference} />}
    </Box>
  );
}

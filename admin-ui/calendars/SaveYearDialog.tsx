import { Alert, Box, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { CalendarYear } from '../../domain/business-calendar.ts';
import { calendarDifference, tidyCalendar } from '../../domain/calendar-change.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { inPath } from '../server/wish.ts';
import type { Calendar, UsedCalendar } from './calendar-reads.ts';
import { DayList } from './DifferenceWords.tsx';

export interface YearToSave {
  readonly calendar: UsedCalendar;
  readonly year: number;
  /** Why: what was edited, an empty year, or the official one, where there is none yet or another. */
  readonly what: 'save' | 'add' | 'adopt' | 'readopt';
  /** As it is to be; a year without any days when left out. */
  readonly days: CalendarYear | undefined;
}

const plainYear: CalendarYear = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };

/** Saves one year as a new version, with what becomes different before one's eyes. */
export function SaveYearDialog({
  calendar,
  year,
  what,
  days = plainYear,
  onSaved,
  onClose,
}: YearToSave & { onSaved: (calendar: Calendar) => void; onClose: () => void }) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.calendars.save.${name}`, { year });
  const { decree, daysOff, workingWeekends, shortDays } = days;
  const [document, setDocument] = useState(decree ?? '');
  const withoutHolidays = daysOff.length === 0 && document.trim() === '';
  const body = (form: HTMLFormElement) => {
    const [named, note] = [formText(form, 'decree').trim(), formText(form, 'note').trim()];
    return { decree: named === '' ? null : named, daysOff, workingWeekends, shortDays, note: note === '' ? null : note };
  };
  return (
    <ConfirmDialog
      title={word(`title.${what}`)}
      submit={word(withoutHolidays ? 'submitWithoutHolidays' : 'submit')}
      done={word('done')}
      size="sm"
      wish={(form) => ({
        method: 'PUT',
        path: `/calendars/${inPath(calendar.id)}/years/${year}`,
        body: body(form),
        revision: calendar.revision,
      })}
      onDone={(answer) => onSaved(answer as Calendar)}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
        <div>{word('text')}</div>
        {withoutHolidays && <Alert severity="warning">{word('withoutHolidays')}</Alert>}
        <ChangedDays calendar={calendar} year={year} days={days} quiet={withoutHolidays} />
        <TextField
          name="decree"
          size="small"
          label={word('decree')}
          value={document}
          onChange={(event) => setDocument(event.target.value)}
          helperText={word('decreeHint')}
          slotProps={{ htmlInput: { maxLength: 300 } }}
        />
        <TextField
          name="note"
          size="small"
          label={word('note')}
          helperText={word('noteHint')}
          slotProps={{ htmlInput: { maxLength: 500 } }}
        />
      </Box>
    </ConfirmDialog>
  );
}

interface Changed extends Pick<YearToSave, 'calendar' | 'year'> {
  readonly days: CalendarYear;
  /** That no day is different is not said: what the year means is said already. */
  readonly quiet: boolean;
}

function ChangedDays({ calendar, year, days, quiet }: Changed) {
  const translate = useTranslate();
  const after = { ...calendar, years: { ...calendar.years, [year]: days } };
  const [changed] = calendarDifference(tidyCalendar(calendar), tidyCalendar(after)).years;
  if (!changed || changed.days.length === 0)
    return quiet ? null : <Box sx={{ color: 'text.secondary' }}>{translate('kontor.calendars.save.noDays')}</Box>;
  return (
    <Box component="section" aria-label={translate('kontor.calendars.save.days')} tabIndex={0} sx={{ maxHeight: 220, overflow: 'auto' }}>
      <Box sx={{ fontWeight: 600 }}>{translate('kontor.calendars.save.days')}</Box>
      <DayList days={changed.days} />
    </Box>
  );
}

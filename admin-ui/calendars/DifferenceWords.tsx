import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { CalendarDifference, ChangedDay, ChangedYear } from '../../domain/calendar-change.ts';
import { useCalendarWords } from './calendar-words.ts';

/** What is different between two versions: settings, years, and behind a press the days. */
export function DifferenceWords({ difference: { settings, years } }: { difference: CalendarDifference }) {
  const translate = useTranslate();
  return (
    <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.5 }}>
      {settings.map((setting) => (
        <li key={setting}>{translate(`kontor.calendars.versions.setting.${setting}`)}</li>
      ))}
      {years.map((year) => (
        <YearWords key={year.year} {...year} />
      ))}
    </Box>
  );
}

function YearWords({ year, change, decree, days }: ChangedYear) {
  const translate = useTranslate();
  const word = (key: string) => translate(`kontor.calendars.versions.${key}`, { year, smart_count: days.length });
  const isOfDays = change !== 'changed' || days.length > 0;
  return (
    <>
      {isOfDays && (
        <li>
          {days.length === 0 ? (
            word(`year.${change}`)
          ) : (
            <Box component="details" sx={{ '& summary': { cursor: 'pointer' } }}>
              <summary>{word(`year.${change}`)}</summary>
              <DayList days={days} />
            </Box>
          )}
        </li>
      )}
      {change === 'changed' && decree && <li>{word('decree')}</li>}
    </>
  );
}

/** Days, each with what it is and what it was. */
export function DayList({ days }: { days: readonly ChangedDay[] }) {
  const translate = useTranslate();
  const words = useCalendarWords();
  const said = (what: string) => translate(`kontor.calendars.versions.said.${what}`);
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5, fontSize: 13 }}>
      {days.map(({ date, before, after }) => (
        <li key={date}>
          {translate('kontor.calendars.versions.day', { date: words.shortDay(date), after: said(after), before: said(before) })}
        </li>
      ))}
    </Box>
  );
}

import { Box, Button, Checkbox, FormControlLabel } from '@mui/material';
import { useState } from 'react';
import { useAuthenticated, useLocaleState, useTranslate } from 'react-admin';
import { Link, useNavigate } from 'react-router';
import type { Locale } from '../../domain/locale.ts';
import { workingTimeInWords } from '../../domain/service-words.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { OnlyFor } from '../failures/OnlyFor.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { useMay } from '../time/reader.ts';
import { Setting, SettingsPage } from '../timing/SettingsPage.tsx';
import { CalendarDialog } from './CalendarDialog.tsx';
import { calendarAddress, useCalendars, type Calendar, type ListedCalendar } from './calendar-reads.ts';
import { spellYears, useCalendarWords } from './calendar-words.ts';

/** Working calendars: what deadlines are counted by, and which of them lack a year (SPEC S2). */
export function CalendarsPage() {
  useAuthenticated();
  return (
    <OnlyFor action="calendar.read">
      <Calendars />
    </OnlyFor>
  );
}

function Calendars() {
  const translate = useTranslate();
  const navigate = useNavigate();
  const may = useMay();
  const [withdrawn, setWithdrawn] = useState(false);
  const [making, setMaking] = useState(false);
  const { data, error, refetch } = useCalendars(withdrawn);
  const word = (name: string) => translate(`kontor.calendars.list.${name}`);
  return (
    <SettingsPage
      title={word('title')}
      hint={word('hint')}
      deeds={
        may('calendar.manage') && (
          <Button variant="contained" onClick={() => setMaking(true)}>
            {word('make')}
          </Button>
        )
      }
    >
      <Box component="li" sx={{ pb: 1 }}>
        <FormControlLabel
          control={<Checkbox size="small" checked={withdrawn} onChange={(_event, checked) => setWithdrawn(checked)} />}
          label={word('withdrawnOnes')}
        />
      </Box>
      {!data && <li>{error ? <ReadFailure error={error} retry={() => void refetch()} /> : <SlowWait />}</li>}
      {data?.length === 0 && (
        <Box component="li" sx={{ py: 4, color: 'text.secondary' }}>
          {word(withdrawn ? 'emptyWithdrawn' : 'empty')}
        </Box>
      )}
      {data?.map((calendar) => (
        <OneCalendar key={calendar.id} calendar={calendar} />
      ))}
      {making && (
        <li>
          <CalendarDialog
            calendar={undefined}
            onSaved={(made: Calendar) => void navigate(calendarAddress(made.id))}
            onClose={() => setMaking(false)}
          />
        </li>
      )}
    </SettingsPage>
  );
}

function OneCalendar({ calendar }: { calendar: ListedCalendar }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const words = useCalendarWords();
  const { id, name, knownYears, missingYear, region, honourShortDays, version } = calendar;
  const word = (key: string, values: object = {}) => translate(`kontor.calendars.list.${key}`, values);
  return (
    <Setting
      name={
        <Box component={Link} to={calendarAddress(id)} sx={{ color: 'text.primary' }}>
          {name}
        </Box>
      }
    >
      <div>
        {workingTimeInWords(calendar, locale as Locale)}
        {honourShortDays && ` · ${word('shortDays')}`}
      </div>
      <Box sx={{ color: 'text.secondary' }}>
        {knownYears.length === 0 ? word('noYears') : word('years', { years: spellYears(knownYears) })}
        {missingYear !== null && (
          <>
            {' · '}
            <Box
              component={Link}
              to={calendarAddress(id, missingYear)}
              sx={{ color: 'warning.main', fontWeight: 600 }}
              data-missing-year={missingYear}
            >
              {translate('kontor.calendars.missing.mark', { year: missingYear })}
            </Box>
          </>
        )}
        {' · '}
        {word('version', { version })}
      </Box>
      {region !== null && <Box sx={{ color: 'text.secondary' }}>{word('follows', { region: words.region(region) })}</Box>}
    </Setting>
  );
}

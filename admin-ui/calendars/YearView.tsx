import PreviousIcon from '@mui/icons-material/ChevronLeft';
import NextIcon from '@mui/icons-material/ChevronRight';
import { Alert, Box, Button, IconButton, Tooltip, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { CalendarYear } from '../../domain/business-calendar.ts';
import { calendarDifference, tidyCalendar } from '../../domain/calendar-change.ts';
import { calendarYears } from '../../domain/calendar-definition.ts';
import { yearAtAGlance } from '../../domain/year-at-a-glance.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { useKeys } from '../keys/keys.ts';
import { inPath } from '../server/wish.ts';
import { useMay } from '../time/reader.ts';
import { useOfficialCalendars, type Calendar, type OfficialYear, type UsedCalendar } from './calendar-reads.ts';
import { useCalendarWords } from './calendar-words.ts';
import { SaveYearDialog, type YearToSave } from './SaveYearDialog.tsx';
import { editedDays, editedYear, edit, noEdits, undo, useYearEdits } from './year-edits.ts';
import { YearGrid } from './YearGrid.tsx';
import { YearLegend } from './YearLegend.tsx';

interface Viewed {
  readonly calendar: UsedCalendar;
  readonly year: number;
  readonly onYear: (year: number) => void;
  readonly onSaved: (calendar: Calendar) => void;
}

/** A year at a glance beside the official one, and what may be done with it (SPEC S2). */
export function YearView({ calendar, year, onYear, onSaved }: Viewed) {
  const may = useMay();
  const official = useOfficialCalendars().find(({ region }) => region === calendar.region)?.years[year];
  const [edits, setEdits] = useYearEdits(calendar.id, year);
  const [saving, setSaving] = useState<YearToSave['what'] | 'remove'>();
  const kept = calendar.years[year];
  const shown = editedYear(kept, edits);
  const mayEdit = may('calendar.manage') && calendar.withdrawnAt === null;
  const counted = { ...calendar, years: shown ? { [year]: shown } : {} };
  const glance = yearAtAGlance(counted, year);
  const differing = official ? daysApart(calendar, year, shown, official) : undefined;
  useYearKeys(year, onYear, edits.length > 0 ? () => setEdits(undo(edits)) : undefined);
  return (
    <Box component="section" data-year={year}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, rowGap: 1, alignItems: 'flex-start', mb: 1.5 }}>
        <YearNavigation year={year} onYear={onYear} />
        <Counted glance={glance} official={official} differing={differing} year={shown} />
        {mayEdit && kept && edits.length === 0 && (
          <YearDeeds year={year} isOfficial={official !== undefined && (differing?.size ?? 0) > 0} onDo={setSaving} />
        )}
      </Box>
      {!kept && edits.length === 0 && <Unknown year={year} official={official} mayEdit={mayEdit} onAdd={setSaving} />}
      <YearGrid
        days={glance.days}
        weekdays={calendar.weekdays}
        zone={calendar.zone}
        edited={editedDays(edits)}
        official={official ? yearAtAGlance({ ...calendar, years: { [year]: official } }, year).days : undefined}
        onSay={mayEdit ? (date, said) => setEdits(edit(edits, kept, date, said)) : undefined}
      />
      <YearLegend isEditable={mayEdit} isCompared={official !== undefined} />
      {edits.length > 0 && (
        <Unsaved
          count={editedDays(edits).size}
          onUndo={() => setEdits(undo(edits))}
          onDiscard={() => setEdits(noEdits)}
          onSave={() => setSaving(kept ? 'save' : 'add')}
        />
      )}
      {saving === 'remove' && <RemovalDialog calendar={calendar} year={year} onSaved={onSaved} onClose={() => setSaving(undefined)} />}
      {saving !== undefined && saving !== 'remove' && (
        <SaveYearDialog
          calendar={calendar}
          year={year}
          what={saving}
          days={saving === 'adopt' || saving === 'readopt' ? official : shown}
          onSaved={(saved) => {
            setEdits(noEdits);
            onSaved(saved);
          }}
          onClose={() => setSaving(undefined)}
        />
      )}
    </Box>
  );
}

/** Dates of which the official calendar says another thing. */
function daysApart(calendar: UsedCalendar, year: number, shown: CalendarYear | undefined, official: CalendarYear): ReadonlySet<string> {
  const of = (days: CalendarYear | undefined) => tidyCalendar({ ...calendar, years: days ? { [year]: days } : {} });
  const [changed] = calendarDifference(of(shown), of(official)).years;
  return new Set(changed?.days.map(({ date }) => date));
}

function useYearKeys(year: number, onYear: (year: number) => void, onUndo: (() => void) | undefined): void {
  useKeys([
    { keys: 'k', does: 'kontor.calendars.page.keys.previous', run: () => onYear(year - 1) },
    { keys: 'j', does: 'kontor.calendars.page.keys.next', run: () => onYear(year + 1) },
    ...(onUndo ? [{ keys: 'u', does: 'kontor.calendars.page.keys.undo', run: onUndo }] : []),
  ]);
}

function YearNavigation({ year, onYear }: { year: number; onYear: (year: number) => void }) {
  const translate = useTranslate();
  const arrow = (name: 'previous' | 'next', to: number, Icon: typeof NextIcon) => {
    const label = translate(`kontor.calendars.page.${name}`, { year: to });
    return (
      <Tooltip title={label}>
        <span>
          <IconButton aria-label={label} disabled={to < calendarYears.first || to > calendarYears.last} onClick={() => onYear(to)}>
            <Icon fontSize="small" />
          </IconButton>
        </span>
      </Tooltip>
    );
  };
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, ml: -1 }}>
      {arrow('previous', year - 1, PreviousIcon)}
      <Typography variant="h1" component="h2" aria-live="polite">
        {year}
      </Typography>
      {arrow('next', year + 1, NextIcon)}
    </Box>
  );
}

interface ToAdd {
  readonly year: number;
  readonly official: OfficialYear | undefined;
  readonly mayEdit: boolean;
  readonly onAdd: (what: 'add' | 'adopt') => void;
}

function Unknown({ year, official, mayEdit, onAdd }: ToAdd) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.calendars.year.${name}`, { year });
  return (
    <Alert severity="warning" variant="outlined" sx={{ mb: 1.5, color: 'text.primary', alignItems: 'center' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <span>{word('unknown')}</span>
        {mayEdit && official && (
          <Button variant="contained" onClick={() => onAdd('adopt')}>
            {word('adopt')}
          </Button>
        )}
        {mayEdit && (
          <Button variant="outlined" onClick={() => onAdd('add')}>
            {word('add')}
          </Button>
        )}
      </Box>
    </Alert>
  );
}

interface Counts {
  readonly glance: { readonly workingDays: number; readonly workingMinutes: number };
  readonly official: OfficialYear | undefined;
  readonly differing: ReadonlySet<string> | undefined;
  readonly year: CalendarYear | undefined;
}

/** How many days are worked, beside how many officially are, and which document the year follows. */
function Counted({ glance, official, differing, year }: Counts) {
  const translate = useTranslate();
  const words = useCalendarWords();
  const hours = Math.round(glance.workingMinutes / 60);
  const word = (name: string, values: object = {}) => translate(`kontor.calendars.year.${name}`, values);
  const beside = official
    ? glance.workingDays === official.workingDays
      ? word('officialSame')
      : word('officialDays', { smart_count: official.workingDays })
    : undefined;
  return (
    <Box sx={{ flex: '1 1 320px' }}>
      <Box component="output" sx={{ display: 'block' }}>
        <Box component="span" sx={{ fontWeight: 600 }}>
          {word('workingDays', { smart_count: glance.workingDays })}
        </Box>
        {beside !== undefined && ` (${beside})`} · {word('hours', { smart_count: hours, hours: words.count(hours) })}
      </Box>
      <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
        {year && <div>{year.decree === null ? word('noDecree') : word('decree', { decree: words.decree(year.decree) })}</div>}
        <div>
          {differing === undefined
            ? word('noOfficial')
            : differing.size === 0
              ? word('same')
              : word('differs', { smart_count: differing.size })}
        </div>
      </Box>
    </Box>
  );
}

interface Deeds {
  readonly year: number;
  /** Whether there is an official year that it is not like. */
  readonly isOfficial: boolean;
  readonly onDo: (what: 'save' | 'readopt' | 'remove') => void;
}

function YearDeeds({ year, isOfficial, onDo }: Deeds) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
      {isOfficial && (
        <Button variant="outlined" onClick={() => onDo('readopt')}>
          {translate('kontor.calendars.year.readopt')}
        </Button>
      )}
      <Button variant="outlined" onClick={() => onDo('save')}>
        {translate('kontor.calendars.edits.document')}
      </Button>
      <Button variant="outlined" onClick={() => onDo('remove')}>
        {translate('kontor.calendars.year.remove', { year })}
      </Button>
    </Box>
  );
}

interface Kept {
  readonly count: number;
  readonly onUndo: () => void;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
}

/** Stays in sight while something is not saved. */
function Unsaved({ count, onUndo, onDiscard, onSave }: Kept) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.calendars.edits.${name}`, { smart_count: count });
  return (
    <Box data-unsaved={count} sx={unsavedStyle}>
      <Box component="output" sx={{ flex: '1 1 200px' }}>
        {count > 0 && word('count')}
      </Box>
      <Button variant="outlined" color="inherit" onClick={onUndo}>
        {word('undo')} (U)
      </Button>
      <Button variant="outlined" color="inherit" onClick={onDiscard}>
        {word('discard')}
      </Button>
      {count > 0 && (
        <Button variant="contained" onClick={onSave}>
          {word('save')}
        </Button>
      )}
    </Box>
  );
}

const unsavedStyle = {
  position: 'sticky',
  bottom: 0,
  zIndex: 2,
  display: 'flex',
  flexWrap: 'wrap',
  gap: 1,
  alignItems: 'center',
  mt: 2,
  px: 1.5,
  py: 1,
  bgcolor: 'background.paper',
  border: 1,
  borderColor: 'divider',
  borderRadius: 1,
} as const;

function RemovalDialog({ calendar, year, onSaved, onClose }: Omit<Viewed, 'onYear'> & { onClose: () => void }) {
  const translate = useTranslate();
  const word = (key: string) => translate(`kontor.calendars.removal.${key}`, { year });
  return (
    <ConfirmDialog
      grave
      title={word('title')}
      submit={word('submit')}
      done={word('done')}
      wish={() => ({ method: 'DELETE', path: `/calendars/${inPath(calendar.id)}/years/${year}`, revision: calendar.revision })}
      onDone={(answer) => onSaved(answer as Calendar)}
      onClose={onClose}
    >
      {word('text')}
    </ConfirmDialog>
  );
}

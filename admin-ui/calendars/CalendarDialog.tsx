import { Box, Checkbox, FormControlLabel, FormGroup, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { minutesOfClock, clockOf } from '../../domain/service-words.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { TextPair, textsOf } from '../lists/TextPair.tsx';
import { inPath, type Wish } from '../server/wish.ts';
import { useReader } from '../time/reader.ts';
import { useCalendar, useCalendars, useOfficialCalendars, type Calendar } from './calendar-reads.ts';
import { useCalendarWords } from './calendar-words.ts';

interface Dialog {
  readonly calendar: Calendar | undefined;
  readonly onSaved: (calendar: Calendar) => void;
  readonly onClose: () => void;
}

/** Makes a calendar, or changes all of one but its years (SPEC S2). */
export function CalendarDialog({ calendar, onSaved, onClose }: Dialog) {
  const translate = useTranslate();
  const [missing, setMissing] = useState(false);
  const years = useChosenYears();
  const word = (name: string) => translate(`kontor.calendars.form.${name}`, { name: calendar?.name ?? '' });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const body = bodyOf(form);
    const yearsGiven = calendar ? {} : { years: years.chosen };
    setMissing(!body);
    if (!body || (!calendar && years.chosen === undefined)) return undefined;
    return calendar
      ? { method: 'PATCH', path: `/calendars/${inPath(calendar.id)}`, body, revision: calendar.revision }
      : { method: 'POST', path: '/calendars', body: { ...body, ...yearsGiven } };
  };
  return (
    <ConfirmDialog
      title={word(calendar ? 'editTitle' : 'makeTitle')}
      submit={word('submit')}
      done={word('done')}
      size="sm"
      wish={wish}
      onDone={(answer) => onSaved(answer as Calendar)}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <TextPair name="name" label={word('name')} value={calendar?.names} maxLength={100} />
        <TimeFields calendar={calendar} />
        <RegionField region={calendar ? calendar.region : undefined} />
        {!calendar && <YearsField {...years} />}
        <TextField
          name="note"
          size="small"
          label={translate('kontor.calendars.save.note')}
          helperText={translate('kontor.calendars.save.noteHint')}
          slotProps={{ htmlInput: { maxLength: 500 } }}
        />
        {calendar && <Box sx={{ color: 'text.secondary' }}>{word('newVersion')}</Box>}
        {missing && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word('missing')}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

const usual = { weekdays: [1, 2, 3, 4, 5], opens: 540, closes: 1_080, honourShortDays: false };
const allWeek = [1, 2, 3, 4, 5, 6, 7];

/** Zone, days of the week and hours. Hours are texts, as the end of the day is 24:00, which no field of the browser takes. */
function TimeFields({ calendar }: { calendar: Calendar | undefined }) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const word = (name: string) => translate(`kontor.calendars.form.${name}`);
  const { weekdays, opens, closes, honourShortDays } = calendar ?? usual;
  return (
    <>
      <TextField
        name="zone"
        size="small"
        label={word('zone')}
        defaultValue={calendar?.zone ?? timeZone}
        helperText={word('zoneHint')}
        slotProps={{ htmlInput: { maxLength: 64, autoComplete: 'off', spellCheck: false, list: 'calendar-zones' } }}
      />
      <datalist id="calendar-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </datalist>
      <WeekdayFields weekdays={weekdays} />
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' }}>
        {(
          [
            ['opens', opens],
            ['closes', closes],
          ] as const
        ).map(([name, minutes]) => (
          <TextField
            key={name}
            name={name}
            size="small"
            label={word(name)}
            defaultValue={clockOf(minutes)}
            helperText={name === 'opens' ? word('hoursHint') : undefined}
            slotProps={{ htmlInput: { maxLength: 5, autoComplete: 'off' } }}
          />
        ))}
      </Box>
      <Box>
        <FormControlLabel
          control={<Checkbox size="small" name="honourShortDays" defaultChecked={honourShortDays} />}
          label={word('shortDays')}
        />
        <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{word('shortDaysHint')}</Box>
      </Box>
    </>
  );
}

function WeekdayFields({ weekdays }: { weekdays: readonly number[] }) {
  const translate = useTranslate();
  const words = useCalendarWords();
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
      <Box component="legend" sx={{ p: 0, fontSize: 12, color: 'text.secondary' }}>
        {translate('kontor.calendars.form.weekdays')}
      </Box>
      <FormGroup row>
        {words.weekdays.map(({ short, long }, index) => (
          <FormControlLabel
            key={long}
            control={
              <Checkbox
                size="small"
                name={`weekday.${index + 1}`}
                defaultChecked={weekdays.includes(index + 1)}
                slotProps={{ input: { 'aria-label': long } }}
              />
            }
            label={short}
          />
        ))}
      </FormGroup>
    </Box>
  );
}

/** @param region undefined for a calendar that is made: the first official one is offered */
function RegionField({ region }: { region: string | null | undefined }) {
  const translate = useTranslate();
  const words = useCalendarWords();
  const official = useOfficialCalendars();
  const known = official.map((calendar) => calendar.region);
  const codes = region && !known.includes(region) ? [...known, region] : known;
  // Official calendars come a moment later than the form: until then nothing could be chosen.
  if (codes.length === 0) return null;
  return (
    <TextField
      select
      name="region"
      size="small"
      label={translate('kontor.calendars.form.region')}
      defaultValue={region === undefined ? codes[0] : (region ?? '')}
      helperText={translate('kontor.calendars.form.regionHint')}
      slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
    >
      <option value="">{translate('kontor.calendars.form.regionNone')}</option>
      {codes.map((code) => (
        <option key={code} value={code}>
          {words.region(code)}
        </option>
      ))}
    </TextField>
  );
}

interface ChosenYears {
  readonly like: string;
  readonly onLike: (like: string) => void;
  /** Undefined while they are still on their way. */
  readonly chosen: object | undefined;
}

/** Which years a new calendar begins with: none, the official ones, or those of another calendar. */
function useChosenYears(): ChosenYears {
  const [like, onLike] = useState('');
  const official = useOfficialCalendars();
  const { data } = useCalendar(like.startsWith('cal_') ? like : '');
  if (like === '') return { like, onLike, chosen: {} };
  const found = official.find(({ region }) => region === like);
  if (!found) return { like, onLike, chosen: data?.years };
  const years = Object.entries(found.years).map(([year, { workingDays: _counted, ...days }]) => [year, days]);
  return { like, onLike, chosen: Object.fromEntries(years) };
}

function YearsField({ like, onLike }: ChosenYears) {
  const translate = useTranslate();
  const official = useOfficialCalendars();
  const { data: calendars } = useCalendars();
  const word = (key: string, name = '') => translate(`kontor.calendars.form.${key}`, { name });
  return (
    <TextField
      select
      size="small"
      label={word('years')}
      value={like}
      onChange={(event) => onLike(event.target.value)}
      slotProps={{ select: { native: true }, inputLabel: { shrink: true } }}
    >
      <option value="">{word('yearsNone')}</option>
      {official.map(({ region, name }) => (
        <option key={region} value={region}>
          {word('yearsOfficial', name)}
        </option>
      ))}
      {calendars?.map(({ id, name }) => (
        <option key={id} value={id}>
          {word('yearsLike', name)}
        </option>
      ))}
    </TextField>
  );
}

/** What the API is sent; undefined when a field holds nothing it could take. */
function bodyOf(form: HTMLFormElement): object | undefined {
  const names = textsOf(form, 'name');
  const given = new FormData(form);
  const weekdays = allWeek.filter((day) => given.has(`weekday.${day}`));
  const [opens, closes] = [minutesOfClock(formText(form, 'opens')), minutesOfClock(formText(form, 'closes'))];
  const [zone, note] = [formText(form, 'zone').trim(), formText(form, 'note').trim()];
  if (!names || zone === '' || weekdays.length === 0 || opens === undefined || closes === undefined || closes - opens < 60)
    return undefined;
  const region = given.has('region') ? { region: formText(form, 'region') || null } : {};
  return {
    names,
    ...region,
    zone,
    weekdays,
    opens,
    closes,
    honourShortDays: given.has('honourShortDays'),
    note: note === '' ? null : note,
  };
}

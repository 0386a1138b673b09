import { TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useReader } from '../time/reader.ts';
import { instantOfWallClock, wallClockOf } from '../time/spell-time.ts';

const dayMilliseconds = 86_400_000;

/**
 * A day of the reader's calendar as one end of a period: its beginning, or its end. What is kept is the instant, so that
 * the page's address means the same to a reader in another zone.
 */
export function DayField({
  name,
  value,
  onChange,
}: {
  name: 'since' | 'until';
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const translate = useTranslate();
  const { timeZone } = useReader();
  const [day, setDay] = useState(() => dayOf(value, name, timeZone));
  const [shown, setShown] = useState(value);
  if (value !== shown) {
    setShown(value);
    setDay(dayOf(value, name, timeZone));
  }
  const change = (typed: string) => {
    // While a year is typed the field holds years such as 0002: the list waits until it is a day.
    setDay(typed);
    const at = instantOf(typed, name, timeZone);
    if (at || typed === '') onChange(at?.toISOString());
  };
  return (
    <TextField
      type="date"
      size="small"
      label={translate(`kontor.audit.filter.${name}`)}
      value={day}
      onChange={(event) => change(event.target.value)}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: '2000-01-01', max: '2999-12-31' } }}
      sx={{ width: 150, '& input': { py: 0.75, fontSize: 13 }, '& .MuiInputLabel-root': { fontSize: 13 } }}
    />
  );
}

/** The day's first instant; of the last day the first instant of the next, as a period ends before it. */
function instantOf(day: string, name: 'since' | 'until', timeZone: string): Date | undefined {
  if (!/^[12]\d{3}-/.test(day)) return undefined;
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return undefined;
  const wanted = name === 'since' ? at : new Date(at.getTime() + dayMilliseconds);
  return instantOfWallClock(`${wanted.toISOString().slice(0, 10)}T00:00`, timeZone);
}

function dayOf(instant: string | undefined, name: 'since' | 'until', timeZone: string): string {
  const at = new Date(instant ?? '');
  if (Number.isNaN(at.getTime())) return '';
  return wallClockOf(name === 'since' ? at : new Date(at.getTime() - 1), timeZone).slice(0, 10);
}

import { TextField } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { WorkingHours } from '../../domain/business-calendar.ts';
import { areHours } from '../../domain/service-level.ts';
import { clockOf, minutesOfClock } from '../../domain/service-words.ts';
import { FieldGroup } from './FieldGroup.tsx';

/** Hours as they are being typed. */
export interface HoursDraft {
  readonly opens: string;
  readonly closes: string;
}

export function draftOfHours(hours: WorkingHours | null | undefined): HoursDraft {
  return hours ? { opens: clockOf(hours.opens), closes: clockOf(hours.closes) } : { opens: '', closes: '' };
}

/** What was typed: null for none, undefined for what are no hours. */
export function hoursOfDraft({ opens, closes }: HoursDraft): WorkingHours | null | undefined {
  if (opens.trim() === '' && closes.trim() === '') return null;
  const [from, until] = [minutesOfClock(opens), minutesOfClock(closes)];
  if (from === undefined || until === undefined) return undefined;
  const hours = { opens: from, closes: until };
  return areHours(hours) ? hours : undefined;
}

interface Fields {
  readonly isLabelled?: boolean;
  readonly value: HoursDraft;
  readonly onChange: (value: HoursDraft) => void;
  readonly wrong?: boolean;
  readonly hint?: string | undefined;
}

/** From when till when it is worked: texts, as the end of the day is 24:00, which no field of the browser takes. */
export function HoursFields({ isLabelled = false, value, onChange, wrong = false, hint }: Fields) {
  const translate = useTranslate();
  const word = (name: string) => translate(`kontor.servicePlans.field.${name}`);
  return (
    <FieldGroup label={word('hours')} isLabelled={isLabelled} hint={hint} widths="minmax(0, 1fr) minmax(0, 1fr)">
      {(['opens', 'closes'] as const).map((name) => (
        <TextField
          key={name}
          size="small"
          label={word(name)}
          value={value[name]}
          error={wrong}
          onChange={(event) => onChange({ ...value, [name]: event.target.value })}
          slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 5 } }}
        />
      ))}
    </FieldGroup>
  );
}

import { Box, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'react-admin';
import { spellHours } from '../../domain/service-words.ts';
import { draftOfHours, HoursFields, hoursOfDraft, type HoursDraft } from './HoursFields.tsx';
import { useCalendarNames, type Agreement, type Terms } from './service-level-reads.ts';
import { draftOfTarget, TargetField, targetOfDraft, type TargetDraft } from './TargetField.tsx';

type TargetName = 'response' | 'criticalFix';

/** What of an agreement is its own, as it is being chosen: `plan` is as in the plan, `none` no promise or the calendar's hours. */
export interface OwnDraft {
  readonly choice: Readonly<Record<TargetName | 'hours', 'plan' | 'own' | 'none'>>;
  readonly response: TargetDraft;
  readonly criticalFix: TargetDraft;
  /** Empty: as in the plan. */
  readonly calendar: string;
  readonly hours: HoursDraft;
}

export function draftOfOwn(agreement: Agreement | undefined): OwnDraft {
  const [own, terms] = [agreement?.own ?? [], agreement?.terms];
  const choiceOf = (name: TargetName | 'hours') => (!own.includes(name) ? 'plan' : terms?.[name] === null ? 'none' : 'own');
  return {
    choice: { response: choiceOf('response'), criticalFix: choiceOf('criticalFix'), hours: choiceOf('hours') },
    response: draftOfTarget(terms?.response),
    criticalFix: draftOfTarget(terms?.criticalFix),
    calendar: own.includes('calendar') ? (terms?.calendar.id ?? '') : '',
    hours: draftOfHours(terms?.hours ?? terms?.workingTime),
  };
}

export type OwnFault = 'wrongTarget' | 'wrongHours';

/** What the API is sent, or what is wrong. */
export function ownOfDraft({ choice, calendar, hours, ...targets }: OwnDraft): Record<string, unknown> | OwnFault {
  const own: Record<string, unknown> = calendar === '' ? {} : { calendar };
  for (const name of ['response', 'criticalFix'] as const) {
    if (choice[name] === 'plan') continue;
    own[name] = choice[name] === 'none' ? null : targetOfDraft(targets[name]);
    if (choice[name] === 'own' && !own[name]) return 'wrongTarget';
  }
  if (choice.hours === 'plan') return own;
  own['hours'] = choice.hours === 'none' ? null : hoursOfDraft(hours);
  return choice.hours === 'own' && !own['hours'] ? 'wrongHours' : own;
}

interface Fields {
  readonly draft: OwnDraft;
  /** What the plan promises, in the version that is meant; undefined until it is known. */
  readonly base: Terms | undefined;
  readonly fault: OwnFault | undefined;
  readonly onChange: (change: Partial<OwnDraft>) => void;
}

/** Each term of an agreement: as in the plan, its own, or none. */
export function OwnTermFields({ draft, base, fault, onChange }: Fields) {
  const translate = useTranslate();
  const promise = (name: string) => translate(`kontor.servicePlans.promise.${name}`);
  const choose = (name: TargetName | 'hours') => (value: string) => onChange({ choice: { ...draft.choice, [name]: value } });
  return (
    <>
      {(['response', 'criticalFix'] as const).map((name) => (
        <Box key={name} sx={groupStyle}>
          <Choice
            label={promise(name)}
            value={draft.choice[name]}
            asPlan={base && (base[name]?.words ?? promise('none'))}
            none="none"
            onChange={choose(name)}
          />
          {draft.choice[name] === 'own' && (
            <TargetField
              label={promise(name)}
              isLabelled
              value={draft[name]}
              onChange={(value) => onChange({ [name]: value })}
              wrong={fault === 'wrongTarget' && !targetOfDraft(draft[name])}
            />
          )}
        </Box>
      ))}
      <CalendarChoice value={draft.calendar} asPlan={base?.calendar.name} onChange={(calendar) => onChange({ calendar })} />
      <Box sx={groupStyle}>
        <Choice
          label={translate('kontor.servicePlans.agreements.form.hours')}
          value={draft.choice.hours}
          asPlan={base && spellHours(base.workingTime)}
          none="calendarHours"
          onChange={choose('hours')}
        />
        {draft.choice.hours === 'own' && (
          <HoursFields isLabelled value={draft.hours} onChange={(hours) => onChange({ hours })} wrong={fault === 'wrongHours'} />
        )}
      </Box>
    </>
  );
}

const groupStyle = { display: 'flex', flexDirection: 'column', gap: 1.5 } as const;

interface OneOf {
  readonly label: string;
  readonly value: string;
  /** What the plan has. */
  readonly asPlan: string | undefined;
  readonly onChange: (value: string) => void;
}

function useAsPlan(asPlan: string | undefined): string {
  const translate = useTranslate();
  return asPlan === undefined
    ? translate('kontor.servicePlans.agreements.form.asPlanPlain')
    : translate('kontor.servicePlans.agreements.form.asPlan', { value: asPlan });
}

function Choice({ label, value, asPlan, none, onChange }: OneOf & { none: 'none' | 'calendarHours' }) {
  const translate = useTranslate();
  const ofPlan = useAsPlan(asPlan);
  const word = (name: string) => translate(`kontor.servicePlans.agreements.form.${name}`);
  return (
    <TextField select size="small" label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <MenuItem value="plan">{ofPlan}</MenuItem>
      <MenuItem value="own">{word('own')}</MenuItem>
      <MenuItem value="none">{word(none)}</MenuItem>
    </TextField>
  );
}

function CalendarChoice({ value, asPlan, onChange }: Omit<OneOf, 'label'>) {
  const translate = useTranslate();
  const calendars = useCalendarNames();
  const ofPlan = useAsPlan(asPlan);
  return (
    <TextField
      select
      size="small"
      label={translate('kontor.servicePlans.field.calendar')}
      value={calendars.some(({ id }) => id === value) ? value : ''}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="">{ofPlan}</MenuItem>
      {calendars.map(({ id, name }) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}

import { Box, MenuItem, TextField } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { maxPlanRank } from '../../domain/service-level.ts';
import { ConfirmDialog } from '../confirm/ConfirmDialog.tsx';
import { formText } from '../form-text.ts';
import { TextPair, textsOf } from '../lists/TextPair.tsx';
import { inPath, type Wish } from '../server/wish.ts';
import { draftOfHours, HoursFields, hoursOfDraft, type HoursDraft } from './HoursFields.tsx';
import { useCalendarNames, type Plan } from './service-level-reads.ts';
import { draftOfTarget, targetBounds, TargetField, targetOfDraft, type TargetDraft } from './TargetField.tsx';

interface PlanDraft {
  readonly response: TargetDraft;
  readonly criticalFix: TargetDraft;
  readonly calendar: string;
  readonly hours: HoursDraft;
}

type Fault = 'missing' | 'wrongTarget' | 'wrongHours';

interface PlanForm {
  readonly plan: Plan | undefined;
  /** Told the plan as it is now. */
  readonly onSaved: (plan: Plan) => void;
  readonly onClose: () => void;
}

/** Makes a service plan, or changes one (SPEC S1). */
export function PlanDialog({ plan, onSaved, onClose }: PlanForm) {
  const translate = useTranslate();
  const [draft, setDraft] = useState<PlanDraft>(() => ({
    response: draftOfTarget(plan?.terms.response),
    criticalFix: draftOfTarget(plan ? plan.terms.criticalFix : { amount: 15, unit: 'days' }),
    calendar: plan?.terms.calendar.id ?? '',
    hours: draftOfHours(plan?.terms.hours),
  }));
  const [fault, setFault] = useState<Fault>();
  const calendars = useCalendarNames();
  // Where there is only one calendar, nobody has to choose it.
  const calendar = draft.calendar || (calendars.length === 1 ? calendars[0]!.id : '');
  const word = (name: string) => translate(`kontor.servicePlans.plans.form.${name}`, { name: plan?.name ?? '', ...targetBounds() });
  const wish = (form: HTMLFormElement): Wish | undefined => {
    const body = bodyOf(form, { ...draft, calendar });
    setFault(typeof body === 'string' ? body : undefined);
    if (typeof body === 'string') return undefined;
    return plan
      ? { method: 'PATCH', path: `/sla-plans/${inPath(plan.id)}`, body, revision: plan.revision }
      : { method: 'POST', path: '/sla-plans', body };
  };
  return (
    <ConfirmDialog
      title={word(plan ? 'editTitle' : 'makeTitle')}
      submit={word('submit')}
      done={word('done')}
      size="sm"
      wish={wish}
      onDone={(saved) => onSaved(saved as Plan)}
      onClose={onClose}
    >
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2, pt: 1 }}>
        <TextPair name="names" label={word('name')} value={plan?.names} maxLength={100} />
        <TermsFields draft={{ ...draft, calendar }} fault={fault} onChange={(change) => setDraft((before) => ({ ...before, ...change }))} />
        <TextField
          name="rank"
          size="small"
          label={word('rank')}
          helperText={word('rankHint')}
          defaultValue={plan?.rank ?? 10}
          slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 4 } }}
        />
        {plan && <Box sx={{ color: 'text.secondary' }}>{word('openKeep')}</Box>}
        {fault && (
          <Box role="alert" sx={{ color: 'error.main' }}>
            {word(fault)}
          </Box>
        )}
      </Box>
    </ConfirmDialog>
  );
}

interface Fields {
  readonly draft: PlanDraft;
  readonly fault: Fault | undefined;
  readonly onChange: (change: Partial<PlanDraft>) => void;
}

function TermsFields({ draft, fault, onChange }: Fields) {
  const translate = useTranslate();
  const field = (name: string) => translate(`kontor.servicePlans.field.${name}`);
  return (
    <>
      {(['response', 'criticalFix'] as const).map((target) => (
        <TargetField
          key={target}
          label={translate(`kontor.servicePlans.promise.${target}`)}
          value={draft[target]}
          onChange={(value) => onChange({ [target]: value })}
          wrong={fault === 'wrongTarget' && targetOfDraft(draft[target]) === undefined}
          hint={field('amountHint')}
        />
      ))}
      <CalendarField value={draft.calendar} onChange={(calendar) => onChange({ calendar })} />
      <HoursFields value={draft.hours} onChange={(hours) => onChange({ hours })} wrong={fault === 'wrongHours'} hint={field('hoursHint')} />
    </>
  );
}

function CalendarField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const translate = useTranslate();
  const calendars = useCalendarNames();
  return (
    <TextField
      select
      size="small"
      label={translate('kontor.servicePlans.field.calendar')}
      helperText={translate('kontor.servicePlans.field.calendarHint')}
      value={calendars.some(({ id }) => id === value) ? value : ''}
      onChange={(event) => onChange(event.target.value)}
    >
      {calendars.map(({ id, name }) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** What the API is sent, or why nothing is. */
function bodyOf(form: HTMLFormElement, { response, criticalFix, calendar, hours }: PlanDraft): object | Fault {
  const names = textsOf(form, 'names');
  const rank = Number(formText(form, 'rank').trim() || Number.NaN);
  if (!names || calendar === '' || !Number.isInteger(rank) || rank < 0 || rank > maxPlanRank) return 'missing';
  const terms = { response: targetOfDraft(response), criticalFix: targetOfDraft(criticalFix), hours: hoursOfDraft(hours) };
  if (terms.response === undefined || terms.criticalFix === undefined) return 'wrongTarget';
  if (terms.hours === undefined) return 'wrongHours';
  return { names, rank, calendar, ...terms };
}
